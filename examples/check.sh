#!/bin/sh
# Runs a set-up check inside two scenarios and compares its exit status: 0 verified, 1 declined.
#   sh examples/check.sh COMMAND...     the command is given the record's name and its right target
# FAULTZONE says where the program is, if it is not in PATH.
set -u
scenarios=$(dirname "$0")/../scenarios/proxy
name=cs1._domainkey.example.com
target=cs1.domainkey.coresender.net
wrong=0

expect() { # LABEL SCENARIO STATUS COMMAND...
  label=$1 scenario=$2 wanted=$3
  shift 3
  "${FAULTZONE:-faultzone}" exec "$scenario" -- "$@" "$name" "$target" >/dev/null
  status=$?
  if [ "$status" -eq "$wanted" ]; then
    echo "$label: $status, as it should be"
  else
    echo "$label: $status, but it should be $wanted"
    wrong=1
  fi
}

expect dns-only "$scenarios/article-dns-only.yaml" 0 "$@"
expect proxied "$scenarios/article-proxied.yaml" 1 "$@"
exit "$wrong"

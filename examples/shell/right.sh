#!/bin/sh
# Will a DKIM verifier find the key? Exit status 0: verified, 1: declined, 4: ask again later.
said=$(host -t txt "$1")
case $said in
*"$1 is an alias for $2."*"descriptive text"*) exit 0 ;;
*"connection timed out"* | *SERVFAIL* | *REFUSED*) exit 4 ;;
*) exit 1 ;;
esac

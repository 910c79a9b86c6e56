#!/bin/sh
# Is the customer's record there? Exit status 0: verified, 1: declined.
host "$1" >/dev/null

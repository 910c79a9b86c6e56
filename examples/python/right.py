"""Will a DKIM verifier find the key? Exit status 0: verified, 1: declined, 4: ask again later."""

import sys

import dns.exception
import dns.resolver


def check(name, target):
    # What a verifier asks for. The alias is only a way to it, so it is not asked for by itself.
    answer = dns.resolver.resolve(name, "TXT")
    return 0 if answer.canonical_name.to_text().rstrip(".") == target else 1


try:
    sys.exit(check(*sys.argv[1:3]))
except dns.resolver.NXDOMAIN:
    sys.exit(1)
except dns.resolver.NoAnswer:
    print("There is no TXT record. Is the record proxied? Set its proxy status to DNS only.", file=sys.stderr)
    sys.exit(1)
except dns.exception.DNSException:
    sys.exit(4)

"""dnspython's message parser, as juror.c has others: a line in, a line out. Ends with status 77 where it
is not installed."""

import sys

try:
    import dns.message
    import dns.exception
except ImportError:
    sys.exit(77)


def judge(octets):
    try:
        dns.message.from_wire(octets)
    except Exception as error:  # whatever it is, the message is not taken
        return f"{type(error).__name__}: {' '.join(str(error).split())}"
    return "fine"


for line in sys.stdin:
    print(judge(bytes.fromhex(line.split("\t")[0])))

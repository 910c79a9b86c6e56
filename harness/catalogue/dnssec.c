#include "harness/catalogue/rows.h"

static const struct failure failures[] = {
    {
        .number = 95,
        .slug = "stale-ds",
        .title = "DS left behind by a move",
        .waits = "DNSSEC validation",
    },
    {
        .number = 96,
        .slug = "signature-time",
        .title = "Signature expired or not yet valid",
        .waits = "DNSSEC validation",
    },
    {
        .number = 97,
        .slug = "one-signs",
        .title = "Two providers, one signs",
        .waits = "DNSSEC validation",
    },
    {
        .number = 98,
        .slug = "bogus-denial",
        .title = "A denial that does not hold",
        .waits = "DNSSEC validation",
    },
    {
        .number = 99,
        .slug = "bogus-target",
        .title = "CNAME signed well, target not",
        .waits = "DNSSEC validation",
    },
    {.number = 0},
};

const struct failure_family family_dnssec = {
    .slug = "dnssec",
    .numeral = "VIII",
    .title = "DNSSEC",
    .failures = failures,
};

#include "harness/catalogue/rows.h"

static const struct failure failures[] = {
    {
        .number = 70,
        .slug = "empty-non-terminal",
        .title = "NXDOMAIN for a name that has names below it",
    },
    {
        .number = 71,
        .slug = "nxdomain-by-type",
        .title = "NXDOMAIN for a name that has other types",
    },
    {
        .number = 72,
        .slug = "minimisation",
        .title = "Servers that trip over minimised questions",
    },
    {
        .number = 73,
        .slug = "compact-denial",
        .title = "Compact denial: NXDOMAIN that looks like NODATA",
    },
    {
        .number = 74,
        .slug = "cached-absence",
        .title = "A denial remembered after the repair",
    },
    {
        .number = 75,
        .slug = "no-soa",
        .title = "A denial without SOA",
    },
    {
        .number = 76,
        .slug = "cached-failure",
        .title = "A failure remembered after the repair",
    },
    {
        .number = 77,
        .slug = "long-ttl",
        .title = "An old answer remembered for its long TTL",
    },
    {
        .number = 78,
        .slug = "ttl-zero",
        .title = "TTL 0, or oddly rounded",
    },
    {
        .number = 79,
        .slug = "verifier-cache",
        .title = "The verifier's own memory keeps the failure",
    },
    {
        .number = 80,
        .slug = "hijacked",
        .title = "NXDOMAIN rewritten by the resolver",
    },
    {
        .number = 81,
        .slug = "parked",
        .title = "Expired domain on parking servers",
    },
    {
        .number = 82,
        .slug = "on-hold",
        .title = "The registry holds the domain back",
    },
    {
        .number = 83,
        .slug = "not-registered",
        .title = "Domain mistyped or not registered",
    },
    {.number = 0},
};

const struct failure_family family_negative_and_caches = {
    .slug = "negative-and-caches",
    .numeral = "VI",
    .title = "Denials and caches",
    .failures = failures,
};

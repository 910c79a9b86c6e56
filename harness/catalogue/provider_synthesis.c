#include "harness/catalogue/rows.h"

static const struct failure failures[] = {
    {
        .number = 1,
        .slug = "proxied",
        .title = "Proxied CNAME",
    },
    {
        .number = 2,
        .slug = "proxied-wildcard",
        .title = "A wildcard answers in the record's place, proxied or not",
    },
    {
        .number = 3,
        .slug = "proxied-return-path",
        .title = "Proxied return-path CNAME",
    },
    {
        .number = 4,
        .slug = "flattened",
        .title = "Flattened CNAME",
    },
    {
        .number = 5,
        .slug = "flattened-in-zone",
        .title = "A CNAME within the zone flattened",
    },
    {
        .number = 6,
        .slug = "alias-type",
        .title = "ALIAS or ANAME instead of CNAME",
    },
    {
        .number = 7,
        .slug = "alias-failure",
        .title = "ALIAS that cannot be followed",
    },
    {
        .number = 8,
        .slug = "proxied-tracking",
        .title = "Tracking CNAME rightly behind a proxy",
    },
    {
        .number = 9,
        .slug = "cname-hidden",
        .title = "A service that works declined because its CNAME is hidden",
    },
    {.number = 0},
};

const struct failure_family family_provider_synthesis = {
    .slug = "provider-synthesis",
    .numeral = "I",
    .title = "The provider makes up the answer",
    .failures = failures,
};

#include "harness/catalogue/rows.h"

static const struct failure failures[] = {
    {
        .number = 84,
        .slug = "all-lame",
        .title = "All name servers lame",
    },
    {
        .number = 85,
        .slug = "one-lame",
        .title = "One name server lame",
    },
    {
        .number = 86,
        .slug = "stale-server",
        .title = "One name server stale",
    },
    {
        .number = 87,
        .slug = "text-differs",
        .title = "One name server has another text",
    },
    {
        .number = 88,
        .slug = "dangling-server",
        .title = "Name server's name mistyped",
    },
    {
        .number = 89,
        .slug = "parent-child",
        .title = "Parent and child list different servers",
    },
    {
        .number = 90,
        .slug = "broken-glue",
        .title = "Glue wrong or in a circle",
    },
    {
        .number = 91,
        .slug = "split-horizon",
        .title = "Split horizon",
    },
    {
        .number = 92,
        .slug = "by-location",
        .title = "The answer depends on where one asks",
    },
    {
        .number = 93,
        .slug = "no-apex-soa",
        .title = "No SOA at the apex",
    },
    {
        .number = 94,
        .slug = "unrelated-data",
        .title = "Unrelated records come along",
    },
    {.number = 0},
};

const struct failure_family family_delegation = {
    .slug = "delegation",
    .numeral = "VII",
    .title = "Delegation and servers that disagree",
    .failures = failures,
};

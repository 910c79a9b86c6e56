#include "harness/catalogue/rows.h"

static const struct failure failures[] = {
    {
        .number = 26,
        .slug = "cname-beside-text",
        .title = "CNAME and TXT at one name, served by type",
    },
    {
        .number = 27,
        .slug = "zone-refused",
        .title = "Zone refused by a secondary",
    },
    {
        .number = 28,
        .slug = "several-cnames",
        .title = "Two CNAMEs at one name",
    },
    {
        .number = 29,
        .slug = "wildcard-address",
        .title = "A wildcard address masks that the record is missing",
    },
    {
        .number = 30,
        .slug = "wildcard-record",
        .title = "A wildcard CNAME answers instead",
    },
    {
        .number = 31,
        .slug = "wildcard-text",
        .title = "A wildcard TXT answers instead",
    },
    {
        .number = 32,
        .slug = "wildcard-shadowed",
        .title = "A new record switches a wildcard off below it",
    },
    {
        .number = 33,
        .slug = "foreign-text",
        .title = "Somebody else's TXT beside the key",
    },
    {
        .number = 34,
        .slug = "several-keys",
        .title = "Two keys at one selector",
    },
    {.number = 0},
};

const struct failure_family family_coexistence = {
    .slug = "coexistence",
    .numeral = "III",
    .title = "Records that stand in each other's way",
    .failures = failures,
};

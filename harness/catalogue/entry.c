#include "harness/catalogue/rows.h"

static const struct failure failures[] = {
    {
        .number = 10,
        .slug = "doubled-zone",
        .title = "The zone's name typed twice",
    },
    {
        .number = 11,
        .slug = "missing-dot",
        .title = "No final dot on the target",
    },
    {
        .number = 12,
        .slug = "escaped-dot",
        .title = "A dot entered where the form forbids it",
    },
    {
        .number = 13,
        .slug = "wrong-target",
        .title = "Wrong or stale target",
    },
    {
        .number = 14,
        .slug = "target-as-text",
        .title = "Fields swapped, or the target typed as TXT",
    },
    {
        .number = 15,
        .slug = "no-domainkey",
        .title = "Selector at the wrong depth",
    },
    {
        .number = 16,
        .slug = "no-underscore",
        .title = "Underscore refused or stripped",
    },
    {
        .number = 17,
        .slug = "wrong-host",
        .title = "Records typed at the wrong DNS host",
    },
    {
        .number = 18,
        .slug = "lost-in-move",
        .title = "Records lost when DNS moved",
    },
    {
        .number = 19,
        .slug = "shadowed",
        .title = "Delegated away, so that the record is shadowed",
    },
    {
        .number = 20,
        .slug = "cname-at-apex",
        .title = "CNAME at the zone's apex",
    },
    {
        .number = 21,
        .slug = "idn",
        .title = "International domain name in the wrong form",
    },
    {
        .number = 22,
        .slug = "upper-case",
        .title = "Capital letters in a name",
    },
    {
        .number = 23,
        .slug = "missing",
        .title = "Not published yet",
    },
    {
        .number = 24,
        .slug = "search-list",
        .title = "The resolver's search list appended",
    },
    {
        .number = 25,
        .slug = "special-zone",
        .title = "A name that the resolver keeps to itself",
    },
    {.number = 0},
};

const struct failure_family family_entry = {
    .slug = "entry",
    .numeral = "II",
    .title = "Names and targets typed wrongly",
    .failures = failures,
};

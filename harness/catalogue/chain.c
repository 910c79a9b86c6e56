#include "harness/catalogue/rows.h"

static const struct failure failures[] = {
    {
        .number = 63,
        .slug = "chain-too-long",
        .title = "Chain too long",
    },
    {
        .number = 64,
        .slug = "cname-loop",
        .title = "CNAME loop",
    },
    {
        .number = 65,
        .slug = "dangling-target",
        .title = "The target does not exist",
    },
    {
        .number = 66,
        .slug = "target-without-key",
        .title = "The target exists and has no TXT",
    },
    {
        .number = 67,
        .slug = "target-failing",
        .title = "The target's servers fail",
    },
    {
        .number = 68,
        .slug = "cname-not-followed",
        .title = "A reader that does not follow CNAMEs",
    },
    {
        .number = 69,
        .slug = "dname",
        .title = "DNAME on the way",
    },
    {.number = 0},
};

const struct failure_family family_chain = {
    .slug = "chain",
    .numeral = "V",
    .title = "The CNAME chain",
    .failures = failures,
};

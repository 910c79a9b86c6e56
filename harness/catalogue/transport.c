#include "harness/catalogue/rows.h"

static const struct failure failures[] = {
    {
        .number = 100,
        .slug = "servfail",
        .title = "SERVFAIL from the servers",
    },
    {
        .number = 101,
        .slug = "refused",
        .title = "REFUSED from the servers",
    },
    {
        .number = 102,
        .slug = "formerr",
        .title = "FORMERR or NOTIMP for TXT or underscores",
    },
    {
        .number = 103,
        .slug = "silent",
        .title = "Silence",
    },
    {
        .number = 104,
        .slug = "tcp-blocked",
        .title = "Truncated, and TCP is blocked",
    },
    {
        .number = 105,
        .slug = "cut-answer",
        .title = "Truncation ignored, or an answer cut without a word",
    },
    {
        .number = 106,
        .slug = "edns",
        .title = "EDNS dropped or refused",
    },
    {
        .number = 107,
        .slug = "fragments",
        .title = "Fragments lost",
    },
    {
        .number = 108,
        .slug = "letter-case",
        .title = "Letter case not kept",
    },
    {
        .number = 109,
        .slug = "wrong-question",
        .title = "Wrong question, ID or source",
    },
    {
        .number = 110,
        .slug = "malformed",
        .title = "Malformed answers",
    },
    {
        .number = 111,
        .slug = "rate-limited",
        .title = "Rate limiting",
    },
    {.number = 0},
};

const struct failure_family family_transport = {
    .slug = "transport",
    .numeral = "IX",
    .title = "Transport and protocol",
    .failures = failures,
};

#include "harness/catalogue/rows.h"

static const struct failure failures[] = {
    {
        .number = 35,
        .slug = "split-records",
        .title = "The key split over separate records",
    },
    {
        .number = 36,
        .slug = "several-strings",
        .title = "Several strings, correctly",
    },
    {
        .number = 37,
        .slug = "truncated-key",
        .title = "Cut off at 255 octets",
    },
    {
        .number = 38,
        .slug = "literal-backslash",
        .title = "Backslashes in the data",
    },
    {
        .number = 39,
        .slug = "quotes-around",
        .title = "Quotes around the value",
    },
    {
        .number = 40,
        .slug = "quotes-inside",
        .title = "Quotes inside the value",
    },
    {
        .number = 41,
        .slug = "spaces-in-key",
        .title = "White space inside the key",
    },
    {
        .number = 42,
        .slug = "non-ascii",
        .title = "A no-break space or an invisible character",
    },
    {
        .number = 43,
        .slug = "typographic-quotes",
        .title = "Typographic quotes",
    },
    {
        .number = 44,
        .slug = "pem",
        .title = "PEM armour around the key",
    },
    {
        .number = 45,
        .slug = "pkcs1",
        .title = "The key in the wrong wrapping",
    },
    {
        .number = 46,
        .slug = "duplicate-tag",
        .title = "A tag given twice",
    },
    {
        .number = 47,
        .slug = "text-before",
        .title = "Host name or type pasted into the value",
    },
    {
        .number = 48,
        .slug = "revoked-key",
        .title = "Empty p=",
    },
    {
        .number = 49,
        .slug = "missing-key",
        .title = "No p= at all",
    },
    {
        .number = 50,
        .slug = "empty-text",
        .title = "Empty TXT record",
    },
    {
        .number = 51,
        .slug = "version",
        .title = "v= wrong, in small letters, or not first",
    },
    {
        .number = 52,
        .slug = "key-type",
        .title = "k= unknown or of another key",
    },
    {
        .number = 53,
        .slug = "hash-not-allowed",
        .title = "h= excludes the signature's hash",
    },
    {
        .number = 54,
        .slug = "service-type",
        .title = "s= is not for mail",
    },
    {
        .number = 55,
        .slug = "strict-domain",
        .title = "t=s with mail from a sub-domain",
    },
    {
        .number = 56,
        .slug = "test-mode",
        .title = "t=y left behind",
    },
    {
        .number = 57,
        .slug = "granularity",
        .title = "g= left over from DomainKeys",
    },
    {
        .number = 58,
        .slug = "key-too-short",
        .title = "RSA key of less than 1024 bits",
    },
    {
        .number = 59,
        .slug = "key-too-long",
        .title = "Key so long that it causes trouble",
    },
    {
        .number = 60,
        .slug = "ed25519",
        .title = "Ed25519 key at a verifier that knows none",
    },
    {
        .number = 61,
        .slug = "wrong-key",
        .title = "A sound key, but another one",
    },
    {
        .number = 62,
        .slug = "empty-tag",
        .title = "A trailing ;; or a junk tag",
    },
    {.number = 0},
};

const struct failure_family family_key_text = {
    .slug = "key-text",
    .numeral = "IV",
    .title = "The key's text",
    .failures = failures,
};

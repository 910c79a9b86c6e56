#include "harness/catalogue/rows.h"

static const struct failure failures[] = {
    {
        .number = 35,
        .slug = "split-records",
        .title = "The key split over separate records",
        .story = "The form takes 255 characters a value. The customer, who was told that a long "
                 "key must be split, made two records of it; it was two strings in one record that "
                 "were meant.",
        .wire = "TXT: two records. One has the tags and half of the key, the other is bare base64.",
        .reports = "permerror, key syntax error. A set-up check declines: the key is damaged.",
        .apart = "The second record has no tag. Several strings in one record are right (F36).",
        .fix = "One record; let the form split it, or write two strings in quotes, with a space "
               "between them, into one value.",
    },
    {
        .number = 36,
        .slug = "several-strings",
        .title = "Several strings, correctly",
        .story = "Nothing is wrong: a string holds 255 octets, a 2048-bit key is longer, and is "
                 "published in several strings of one record.",
        .wire = "TXT: one record that `dig` shows as several quoted pieces.",
        .reports = "pass. A reader that joins them with a space, or takes the first alone, is "
                   "broken. A set-up check verifies.",
        .apart = "Count the records, not the strings.",
        .fix = "Nothing.",
    },
    {
        .number = 37,
        .slug = "truncated-key",
        .title = "Cut off at 255 octets",
        .story = "The DNS provider kept the first 255 characters of the value and said nothing.",
        .wire = "TXT: one string of 255 octets (or 256). `p=` ends in the middle of the key.",
        .reports = "permerror, key syntax error. A set-up check declines: the key is cut off.",
        .apart = "The record's length is 255 or 256, and what `p=` decodes to says that it is "
                 "longer than it is.",
        .fix = "Enter the value as several strings, or publish a CNAME instead of the key. If the "
               "provider takes neither, a 1024-bit key fits.",
    },
    {
        .number = 38,
        .slug = "literal-backslash",
        .title = "Backslashes in the data",
        .story = "Zone files write `;` as `\\;`, and so do programs that print records. The "
                 "customer copied that into a form that stores what it gets.",
        .wire = "TXT: octets 5c 3b where a 3b should be. `dig` prints `\\;` for a healthy record "
                "too; here it prints `\\\\\\;`.",
        .reports = "permerror, key syntax error. Some verifiers pass it. A set-up check declines: "
                   "the key is damaged.",
        .apart = "Look at the octets, not at what a program prints.",
        .fix = "Take the backslashes out.",
    },
    {
        .number = 39,
        .slug = "quotes-around",
        .title = "Quotes around the value",
        .story = "The form adds quotes by itself, and the customer pasted the value with quotes.",
        .wire = "TXT: the first octet is 22, a quote. `dig` prints `\"\\\"v=DKIM1; …\\\"\"`.",
        .reports = "permerror, key syntax error. Some verifiers pass it. A set-up check declines: "
                   "the key is damaged.",
        .apart = "A backslash before a quote in what `dig` prints. It may be so on one name server "
                 "only (F87).",
        .fix = "Take the quotes out.",
    },
    {
        .number = 40,
        .slug = "quotes-inside",
        .title = "Quotes inside the value",
        .story = "The value was given as two quoted strings, and the form stored the quotes and "
                 "the space between them as part of the key.",
        .wire = "TXT: octets 22 20 22 in the middle of the base64.",
        .reports = "permerror, key syntax error; most verifiers are lenient. A set-up check "
                   "declines: the key is damaged.",
        .apart = "As F39, in the middle.",
        .fix = "Take the `\" \"` out.",
    },
    {
        .number = 41,
        .slug = "spaces-in-key",
        .title = "White space inside the key",
        .story =
            "Line ends and spaces came into the key with the copy. White space is allowed there.",
        .wire = "TXT: spaces inside `p=`.",
        .reports = "pass. A set-up check verifies: it compares keys, not texts.",
        .apart = "Nothing but white space differs.",
        .fix = "Nothing.",
    },
    {
        .number = 42,
        .slug = "non-ascii",
        .title = "A no-break space or an invisible character",
        .story = "The value was copied from a web page that has no-break spaces in it, or "
                 "characters without width. They look like a space, or like nothing.",
        .wire = "TXT: octets above 7f, such as c2 a0, between the tags. `dig` prints `\\194\\160`.",
        .reports = "permerror, key syntax error. Some verifiers pass it. A set-up check declines: "
                   "the key is damaged.",
        .apart = "Any octet above 7f.",
        .fix = "Type the spaces anew, or copy from plain text.",
    },
    {
        .number = 43,
        .slug = "typographic-quotes",
        .title = "Typographic quotes",
        .story = "The value went through a word processor or a mail, which made its quotes curly.",
        .wire = "TXT: it begins with the octets e2 80 9c.",
        .reports = "permerror, key syntax error. A set-up check declines: the key is damaged.",
        .apart = "`dig` prints `\\226\\128\\156` at the start.",
        .fix = "Copy from plain text, without quotes.",
    },
    {
        .number = 44,
        .slug = "pem-armour",
        .title = "PEM armour around the key",
        .story = "The key was pasted with the lines that a key file has around it.",
        .wire = "TXT: `p=-----BEGIN PUBLIC KEY-----…`.",
        .reports = "permerror, key syntax error. A set-up check declines: the key is damaged.",
        .apart = "Hyphens in `p=`; base64 has none.",
        .fix = "Leave the first and the last line of the file out.",
    },
    {
        .number = 45,
        .slug = "pkcs1-key",
        .title = "The key in the wrong wrapping",
        .story =
            "A public key can be wrapped in two ways. DKIM wants the one called "
            "SubjectPublicKeyInfo; the customer's tool wrote the bare RSA key, called PKCS #1.",
        .wire = "TXT: `p=` begins with `MIIBCgKC` where the right one of a 2048-bit key begins "
                "with `MIIBIjAN`.",
        .reports = "permerror, key syntax error. Some verifiers accept it. A set-up check "
                   "declines: the key is damaged.",
        .apart = "It decodes well, but does not say which kind of key it is.",
        .fix = "Export it anew: `openssl rsa -RSAPublicKey_in -pubout`.",
    },
    {
        .number = 46,
        .slug = "duplicate-tag",
        .title = "A tag given twice",
        .story = "`p=` was typed before a value that had it already, or a tag stands in the record "
                 "twice.",
        .wire = "TXT: `p=p=MIIB…`, or two `k=`.",
        .reports = "permerror, key syntax error. A set-up check declines: the key is damaged.",
        .apart = "Read the tags.",
        .fix = "Take the double out.",
    },
    {
        .number = 47,
        .slug = "text-before-version",
        .title = "Host name or type pasted into the value",
        .story = "A whole line was pasted into the value's field: name, type and value.",
        .wire = "TXT: `k1._domainkey TXT v=DKIM1; …`.",
        .reports = "permerror, key syntax error. Some verifiers pass it. A set-up check declines: "
                   "the key is damaged.",
        .apart = "The text does not begin with `v=`.",
        .fix = "Paste the value alone.",
    },
    {
        .number = 48,
        .slug = "revoked-key",
        .title = "Empty p=",
        .story = "An empty `p=` is the way to say that a key is no longer valid. Mail is still "
                 "signed with it, or the key was never filled in.",
        .wire = "TXT: `v=DKIM1; k=rsa; p=`.",
        .reports = "permerror, key revoked. A set-up check declines: the key is revoked.",
        .apart = "`p=` is there and empty. Not there at all: F49.",
        .fix = "Publish the present key, or sign with the selector of the present one.",
    },
    {
        .number = 49,
        .slug = "missing-key",
        .title = "No p= at all",
        .story = "The record has tags, but no `p=`: the value was cut off early, or only its "
                 "beginning was copied.",
        .wire = "TXT: `v=DKIM1; k=rsa`.",
        .reports = "permerror, key syntax error. A set-up check declines: the key is damaged.",
        .apart = "No `p=`. Empty: F48.",
        .fix = "Enter the value again, whole.",
    },
    {
        .number = 50,
        .slug = "empty-record",
        .title = "Empty TXT record",
        .story = "The record was saved without a value.",
        .wire = "TXT: one record with nothing in it, `\"\"`.",
        .reports = "permerror, key syntax error. A set-up check declines: the key is damaged.",
        .apart = "There is a record; NODATA (F23) has none.",
        .fix = "Enter the value.",
    },
    {
        .number = 51,
        .slug = "wrong-version",
        .title = "v= wrong, in small letters, or not first",
        .story = "`v=` says something else than DKIM1, or says it in small letters, or does not "
                 "come first.",
        .wire = "TXT: `v=DKIM2; …`, `v=dkim1; …`, or `k=rsa; p=…; v=DKIM1`.",
        .reports = "permerror: a record of another version is no key. Some verifiers do not look "
                   "at it. A set-up check declines: the key is damaged.",
        .apart = "Read the first tag. `v=spf1` is another record (F31, F33).",
        .fix = "Begin with `v=DKIM1;`.",
    },
    {
        .number = 52,
        .slug = "unsuitable-key",
        .title = "k= unknown or of another key",
        .story = "`k=` says a kind of key that does not exist, or another one than the key is.",
        .wire = "TXT: `k=dsa`, or `k=ed25519` with an RSA key.",
        .reports = "permerror, inappropriate key algorithm (or key syntax error). A set-up check "
                   "declines.",
        .apart = "Compare `k=` with what `p=` decodes to.",
        .fix = "`k=rsa`, or `k=ed25519` for such a key.",
    },
    {
        .number = 53,
        .slug = "hash-not-allowed",
        .title = "h= excludes the signature's hash",
        .story = "`h=` lists the hashes that signatures may use, here only an old one, and mail is "
                 "signed with another.",
        .wire = "TXT: `h=sha1`.",
        .reports = "permerror, inappropriate hash algorithm. Some verifiers do not look at it. The "
                   "key itself is sound.",
        .apart = "`h=` in the record.",
        .fix = "Take `h=` out.",
    },
    {
        .number = 54,
        .slug = "service-type",
        .title = "s= is not for mail",
        .story = "`s=` says what the key may be used for, and mail is not among it.",
        .wire = "TXT: `s=other`.",
        .reports = "permerror. Some verifiers do not look at it. The key itself is sound.",
        .apart = "`s=` in the record, without `email` or `*`.",
        .fix = "Take `s=` out.",
    },
    {
        .number = 55,
        .slug = "strict-identity",
        .title = "t=s with mail from a sub-domain",
        .story = "`t=s` says that only mail from the domain itself may be signed, and not mail "
                 "from its sub-domains. The signature says `i=@news.customer.example`.",
        .wire = "TXT: `t=s`.",
        .reports =
            "permerror, domain mismatch, for such mail; pass for mail from the domain itself.",
        .apart = "The domain in `i=` is longer than the one in `d=`.",
        .fix = "Take `t=s` out, or sign with the sub-domain.",
    },
    {
        .number = 56,
        .slug = "testing-key",
        .title = "t=y left behind",
        .story = "`t=y` says that the domain is trying DKIM out. It was left in the record.",
        .wire = "TXT: `t=y`.",
        .reports =
            "pass, as without it. A set-up check verifies, and may say that it is to be taken out.",
        .apart = "`t=y` in the record.",
        .fix = "Take it out when the tests are over.",
    },
    {
        .number = 57,
        .slug = "granularity-tag",
        .title = "g= left over from DomainKeys",
        .story =
            "`g=` is left over from DomainKeys, which came before DKIM. It means nothing any more.",
        .wire = "TXT: `g=`, empty.",
        .reports = "pass: a verifier leaves out tags that it does not know. One that still reads "
                   "it rejects all mail.",
        .apart = "`g=` in the record.",
        .fix = "Take it out.",
    },
    {
        .number = 58,
        .slug = "key-too-short",
        .title = "RSA key of less than 1024 bits",
        .story = "An RSA key of 512 or 768 bits, from the early days. It can be broken, and is not "
                 "accepted any more.",
        .wire = "TXT: a short `p=`; what it decodes to has less than 1024 bits.",
        .reports = "policy, permerror or fail, inappropriate key algorithm. Some verifiers still "
                   "pass it. A set-up check declines it where the key is the customer's.",
        .apart = "Count the bits.",
        .fix = "Make a key of 2048 bits.",
    },
    {
        .number = 59,
        .slug = "long-key",
        .title = "Key so long that it causes trouble",
        .story = "A 4096-bit key: the record does not fit into a small answer and has to be asked "
                 "for again over TCP by readers with little room.",
        .wire = "TXT: about 740 octets. It fits into 1232, not into 512: there the answer is "
                "truncated.",
        .reports =
            "pass, where the reader can take it. Keys beyond 4096 bits need not be supported.",
        .apart = "The length of the record. If it never arrives: F104, F107.",
        .fix = "2048 bits are enough.",
    },
    {
        .number = 60,
        .slug = "new-algorithm",
        .title = "Ed25519 key at a verifier that knows none",
        .story = "The key is of the younger kind, and not all verifiers know it.",
        .wire = "TXT: `k=ed25519` and a `p=` of 44 characters.",
        .reports =
            "pass where it is known; permerror or neutral elsewhere. A set-up check verifies.",
        .apart = "`k=` in the record, and the verifier's word for it.",
        .fix = "Sign with both kinds, under two selectors.",
    },
    {
        .number = 61,
        .slug = "wrong-key",
        .title = "A sound key, but another one",
        .story = "The record is sound in every way, and the key in it is another one: from before "
                 "the last change, from another account.",
        .wire = "TXT: a sound key record.",
        .reports = "fail, signature did not verify: it is the only row where the text is right and "
                   "the signature is not. A set-up check that knows the key declines: another key "
                   "is published.",
        .apart = "Compare `p=` with the key that was asked for, as a number: white space is no "
                 "difference.",
        .fix = "Publish the key that was asked for, or a CNAME to it, so that the mail provider "
               "can change it.",
    },
    {
        .number = 62,
        .slug = "empty-tag",
        .title = "A trailing ;; or a junk tag",
        .story =
            "Something stands behind the last tag, or between two: `;;`, or a word without `=`.",
        .wire = "TXT: `…; p=MIIB…;;`.",
        .reports = "permerror, key syntax error, by the letter of the RFC. Many verifiers pass it. "
                   "A set-up check declines: the key is damaged.",
        .apart = "One `;` at the end is allowed, two are not.",
        .fix = "Delete it.",
    },
    {.number = 0},
};

const struct failure_family family_key_text = {
    .slug = "key-text",
    .numeral = "IV",
    .title = "The key's text",
    .about = "There is a TXT record at the right name, and the question is whether its text is a "
             "key. Copying a key of 400 characters through a web page, a mail and a form spoils it "
             "in many ways, and most of them cannot be seen in what `dig` prints: it escapes and "
             "quotes by itself. Look at the octets.\n\nNot everything here is a failure: some rows "
             "are harmless and stand here because they are often taken for one. Receivers do not "
             "agree on the others; what five of them make of each is in the [matrix](.."
             "/matrix.md).",
    .failures = failures,
};

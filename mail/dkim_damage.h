/* What is wrong with a key record, by the most helpful name: the usual ways in which copying a key
 * into a web form spoils it. */
#ifndef FAULTZONE_MAIL_DKIM_DAMAGE_H
#define FAULTZONE_MAIL_DKIM_DAMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/text.h"

/* How a record is broken, by the most helpful name that fits. */
enum dkim_damage {
    DKIM_DAMAGE_NONE,
    DKIM_DAMAGE_EMPTY,          /* no octets, or white space alone */
    DKIM_DAMAGE_MALFORMED_TXT,  /* the RDATA is no sequence of character-strings */
    DKIM_DAMAGE_HOSTNAME,       /* a host name instead of a key record */
    DKIM_DAMAGE_OTHER_RECORD,   /* an SPF, DMARC or other policy record */
    DKIM_DAMAGE_VERSION,        /* `v=` is not DKIM1 */
    DKIM_DAMAGE_VERSION_PLACE,  /* `v=` is not the first tag */
    DKIM_DAMAGE_TEXT_BEFORE,    /* something stands before `v=` */
    DKIM_DAMAGE_BACKSLASH,      /* a literal backslash before ";" */
    DKIM_DAMAGE_QUOTES_AROUND,  /* literal quotes around the record */
    DKIM_DAMAGE_QUOTES_INSIDE,  /* a literal quote inside it */
    DKIM_DAMAGE_NON_ASCII,      /* an octet above 0x7f */
    DKIM_DAMAGE_PEM,            /* PEM armour inside `p=` */
    DKIM_DAMAGE_PKCS1,          /* an RSAPublicKey instead of a SubjectPublicKeyInfo */
    DKIM_DAMAGE_DUPLICATE_TAG,  /* a tag name occurs twice */
    DKIM_DAMAGE_DOUBLED_TAG,    /* a value begins with a tag name: "p=p=" */
    DKIM_DAMAGE_EMPTY_TAG,      /* nothing between two ";", or before the first */
    DKIM_DAMAGE_TAG_NAME,       /* not a tag name where one is wanted */
    DKIM_DAMAGE_NO_EQUALS,      /* a tag name without "=" */
    DKIM_DAMAGE_NO_SEMICOLON,   /* tags with white space between them instead of ";" */
    DKIM_DAMAGE_VALUE_OCTET,    /* a control octet in a value */
    DKIM_DAMAGE_VALUE,          /* a value its tag does not allow */
    DKIM_DAMAGE_TOO_MANY_TAGS,  /* more than DKIM_TAGS_MAX */
    DKIM_DAMAGE_MISSING_KEY,    /* no `p=` */
    DKIM_DAMAGE_BARE_BASE64,    /* base64 without any tag: half a key in a record of its own */
    DKIM_DAMAGE_TRUNCATED,      /* `p=` ends before its key does */
    DKIM_DAMAGE_BASE64,         /* `p=` is not base64 */
    DKIM_DAMAGE_KEY_ENCODING,   /* what `p=` decodes to is no RSA key */
    DKIM_DAMAGE_KEY_KIND,       /* it is a key of another kind than `k=` says */
    DKIM_DAMAGE_ED25519_LENGTH, /* what `p=` decodes to is not 32 octets */
    DKIM_DAMAGES,
};

/* Where and what. */
struct dkim_problem {
    enum dkim_damage damage;
    size_t at;        /* offset of the first wrong octet in the joined record; its size: the end */
    int found;        /* the octet there, -1 at the end */
    struct bytes tag; /* name of the tag whose value it is in; empty if in none */
    size_t at_value;  /* its offset in that value as published */
    bool in_key;      /* the fault shows only in what `p=` decodes to: */
    size_t at_key;    /* its offset there */
    const char *detail; /* static, or NULL: "no-break space", "ends before the key does" */
};

/* A word for reports ("literal-backslash"), the failure catalogue's number ("F38", or NULL), and a
 * clause for a human. Static. */
const char *dkim_damage_slug(enum dkim_damage damage);
const char *dkim_damage_number(enum dkim_damage damage);
const char *dkim_damage_text(enum dkim_damage damage);

/* Writes one line: what is wrong, at which octet, and what was found there. Everything published is
 * escaped. */
void dkim_problem_put(struct text *text, const struct dkim_problem *problem);

/* Look at the neighbourhood of a fault and give it a more helpful name, or another place, where one
 * fits. For the reader of key records; `record` is the joined text. */

/* A fault of the tag list, `first` if no tag was complete before it. */
void dkim_damage_refine_list(struct bytes record, bool first, struct dkim_problem *problem);

/* A fault in a tag's `value`, the version's included. */
void dkim_damage_refine_value(struct bytes record, struct bytes value,
                              struct dkim_problem *problem);

#endif

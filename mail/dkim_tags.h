/* The tag list of RFC 6376 3.2, `name=value; name=value`, as a key record has it: split, not yet
 * understood. For the reader of key records. */
#ifndef FAULTZONE_MAIL_DKIM_TAGS_H
#define FAULTZONE_MAIL_DKIM_TAGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "mail/dkim_damage.h"

#define DKIM_TAGS_MAX 64 /* of one record; more are refused */

struct dkim_tag {
    struct bytes name;
    struct bytes value; /* without the white space around it */
    size_t value_at;    /* its offset in the record */
};

struct dkim_tags {
    struct bytes text; /* the record: borrowed */
    struct dkim_tag items[DKIM_TAGS_MAX];
    size_t count;                /* tags that are whole, up to the first fault */
    struct dkim_problem problem; /* the first fault; DKIM_DAMAGE_NONE if there is none */
    bool bare_newline;           /* forgiven: a line break that is no folding white space */
    bool space_at_the_end;       /* forgiven: white space after the last ";" */
};

/* Splits `text`, which is borrowed. Duplicate names are a fault, as they spoil the whole list. */
void dkim_tags_read(struct bytes text, struct dkim_tags *ret);

/* The tag called `name`, NULL if there is none. Names are case-sensitive. */
const struct dkim_tag *dkim_tags_find(const struct dkim_tags *tags, const char *name);

/* A fault at octet `at` of the record, outside any value, and one at octet `at_value` of the value
 * of `tag`; both by their most helpful names. */
struct dkim_problem dkim_tags_problem(const struct dkim_tags *tags, enum dkim_damage damage,
                                      size_t at);
struct dkim_problem dkim_tags_problem_in(const struct dkim_tags *tags, const struct dkim_tag *tag,
                                         enum dkim_damage damage, size_t at_value,
                                         const char *detail);

/* What a lexer of values wants to know of an octet: a letter, a digit, white space (CR and LF are,
 * since they fold). */
static inline bool dkim_is_alpha(uint8_t octet)
{
    const uint8_t lower = octet | 0x20;
    return lower >= 'a' && lower <= 'z';
}

static inline bool dkim_is_digit(uint8_t octet)
{
    return octet >= '0' && octet <= '9';
}

static inline bool dkim_is_space(uint8_t octet)
{
    return octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n';
}

#endif

/* Customers' domains as a resolver shows them, and what the set-up check must make of each. Shared
 * by the test of the judgement and that of the machine. */
#ifndef FAULTZONE_TESTS_INSPECT_STORIES_H
#define FAULTZONE_TESTS_INSPECT_STORIES_H

#include "inspect/plan.h"
#include "tests/mail/replies.h"

#define STORY_REPLIES_MAX 12

struct story {
    const char *name;

    /* what was asked of the customer; the role is guessed where it is NULL */
    const char *owner, *type, *value, *role;

    /* what a resolver answers; what is not here is NXDOMAIN with the SOA of c.example */
    const char *replies[STORY_REPLIES_MAX];

    const char *verdict, *class, *cause, *number; /* cause and number may be NULL */
    const char *asked;                            /* types of the questions, in order */
    unsigned heals_in_s;
    const char *present; /* what is there instead, or NULL */
};

extern const struct story stories[];
extern const size_t story_count;

/* The record that was asked for. */
struct plan_record story_record(const struct story *story);

/* The reply to a question. */
void story_reply(const struct story *story, const struct name *name, uint16_t type,
                 struct canned_reply *ret);

/* Puts the name asked for where the lines of a reply say "*". */
void story_fill_in(const char *lines, const struct name *name, char *to, size_t capacity);

#endif

/* Messages as a server might send them that knows the DNS and means harm. What is genuine is taken
 * apart, records are edited as records (what they say), the message is put together again, and then
 * octets are edited where they have a meaning (lengths, pointers, counts). An input decides: the
 * same message and the same decisions give the same octets. */
#ifndef FAULTZONE_SIM_MANGLE_H
#define FAULTZONE_SIM_MANGLE_H

#include "base/input.h"
#include "wire/builder.h"

#define MANGLE_RECORDS_MAX 64 /* a message with more has its octets edited only */
#define MANGLE_EDITS_MAX   8
#define MANGLE_OCTETS_MAX  MESSAGE_OCTETS_MAX

/* A record while it is edited. */
struct mangle_record {
    struct name owner;
    enum section section;
    uint16_t type;
    uint16_t rrclass;
    uint32_t ttl;
    struct bytes rdata; /* in the genuine message or in the pool */
};

/* One message at work; 150 KB. What came of it are `octets` and `edits`. */
struct mangle {
    uint8_t octets[MANGLE_OCTETS_MAX];
    size_t size;
    const char *edits[MANGLE_EDITS_MAX]; /* what was done, in order: static words */
    size_t edit_count;

    /* the rest is its own */
    struct input *input;
    uint16_t id, flags;
    bool has_question;
    struct name name; /* of the question */
    uint16_t type, rrclass;
    struct mangle_record records[MANGLE_RECORDS_MAX];
    size_t count;
    uint16_t owners[MANGLE_RECORDS_MAX]; /* where each record stands in `octets` */
    size_t placed;
    uint8_t pool[MANGLE_OCTETS_MAX]; /* RDATA of edits */
    size_t pooled;
};

/* Makes of `genuine`, a message of at most MANGLE_OCTETS_MAX octets, what `input` decides; with an
 * input at its end, the same message put together anew. */
void mangle_message(struct mangle *mangle, struct bytes genuine, struct input *input);

/* --- the two tables of edits --- */

struct mangle_edit {
    const char *word; /* static */
    void (*make)(struct mangle *mangle);
};

/* What edits records, and what edits octets; each ended by a NULL word. */
extern const struct mangle_edit mangle_record_edits[];
extern const struct mangle_edit mangle_octet_edits[];

/* Where the ten octets (type, class, TTL, RDLENGTH) behind the owner at `owner` begin; `size` if
 * the message ends before they do. */
size_t mangle_fixed_part(const struct mangle *mangle, size_t owner);

#endif

/* Writes messages into the caller's buffer, names compressed where RFC 1035 4.1.4 and RFC 3597 4
 * allow it. Case is kept: only what is equal to the letter is compressed.
 *
 * A record or RRset that does not fit is taken back whole and reported, so that the caller can set
 * TC or leave it out; that is no error. Errors are sticky: after one nothing more is written and
 * builder_finish returns 0. */
#ifndef FAULTZONE_WIRE_BUILDER_H
#define FAULTZONE_WIRE_BUILDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire/edns.h"
#include "wire/message.h"
#include "wire/rdata.h"

#define BUILDER_SUFFIXES_MAX 128 /* suffixes remembered for compression */
#define BUILDER_BUCKETS      64

enum builder_error {
    BUILDER_FINE = 0,
    BUILDER_HEADER_FULL,    /* no room for the header, the question or the reserved OPT */
    BUILDER_RDATA_LONG,     /* RDATA of more than 65535 octets */
    BUILDER_COUNT_OVERFLOW, /* more than 65535 records in a section */
    BUILDER_OPTIONS_LONG,   /* EDNS options of more than 65535 octets */
};

/* A name that was written, known by its first label and by what that label stands below. */
struct builder_suffix {
    uint64_t head;   /* the label's first octets, its length among them */
    uint16_t offset; /* where it was written */
    uint8_t parent;  /* entry + 1, 0 for the root */
    uint8_t next;    /* entry + 1 in the same bucket, 0 ends the chain */
    uint8_t bucket;
};

/* Start with builder_start; nothing needs freeing. */
struct builder {
    uint8_t *octets;
    uint32_t size;
    uint32_t limit; /* capacity less what is reserved */
    uint32_t reserved;
    uint16_t counts[SECTIONS];
    uint16_t rcode; /* 12 bits */
    enum section section;
    enum builder_error error;
    uint16_t suffix_count;
    uint8_t question_size;          /* octets of the question's name, 0 without one */
    uint8_t heads[BUILDER_BUCKETS]; /* entry + 1, 0 for none */
    struct builder_suffix suffixes[BUILDER_SUFFIXES_MAX];
};

/* A place in a message to return to. */
struct builder_mark {
    uint32_t size;
    uint16_t suffix_count;
    uint16_t counts[SECTIONS];
    enum section section;
};

/* Starts a message in `capacity` octets at `buffer` (more than 65535 are not used). `flags` is the
 * header's second word, opcode and RCODE included. */
void builder_start(struct builder *builder, uint8_t *buffer, size_t capacity, uint16_t id,
                   uint16_t flags);

/* Adds flag bits (MESSAGE_TC …), or sets the 12-bit RCODE; above 15 it needs builder_edns. */
void builder_flags(struct builder *builder, uint16_t flags);
void builder_rcode(struct builder *builder, uint16_t rcode);

/* Writes the question; false (and an error) if there is no room. */
bool builder_question(struct builder *builder, const struct name *name, uint16_t type,
                      uint16_t rrclass);

/* Keeps `octets` free for builder_edns: EDNS_OPT_OCTETS and the options. */
void builder_reserve(struct builder *builder, size_t octets);

/* Octets that are free beside what is reserved. */
static inline size_t builder_left(const struct builder *builder)
{
    return builder->size < builder->limit ? builder->limit - builder->size : 0;
}

/* Appends one record. Sections must come in order. RDATA that is not sound for its type is written
 * as it stands. False: the record did not fit and is not there, or an error (builder->error). */
bool builder_record(struct builder *builder, enum section section, const struct rr *rr);

/* Appends all records of an RRset or none. */
bool builder_rrset(struct builder *builder, enum section section, const struct rrset *rrset);

/* Appends a record of a checked message to its own section, names compressed anew. An unsound
 * record's RDATA is written as it stands. */
bool builder_copy_record(struct builder *builder, const struct record *record);

/* Frees what was reserved and appends the OPT record if `edns->present`; false if it does not fit.
 */
bool builder_edns(struct builder *builder, const struct edns *edns);

/* Where the message stands, and back to there: everything after is taken away. */
struct builder_mark builder_mark(const struct builder *builder);
void builder_rewind(struct builder *builder, struct builder_mark mark);

/* Completes the header. The octets of the message, or 0 after an error. May be called again after
 * more was added. */
size_t builder_finish(struct builder *builder);

/* A word for an error: "rdata-long". Static. */
const char *builder_error_name(enum builder_error error);

#endif

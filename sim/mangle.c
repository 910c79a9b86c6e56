#include "sim/mangle.h"

#include <assert.h>

/* --- taking apart --- */

static bool take_record(struct mangle *mangle, const struct record *record)
{
    if (mangle->count == MANGLE_RECORDS_MAX) {
        return false;
    }
    struct mangle_record *ret = &mangle->records[mangle->count++];
    name_expand(record->owner, &ret->owner);
    ret->section = record->section;
    ret->type = record->type;
    ret->rrclass = record->rrclass;
    ret->ttl = record->ttl;
    ret->rdata = record->rdata;
    if (record->unsound) {
        return true;
    }
    uint8_t *room = mangle->pool + mangle->pooled;
    if (!rdata_expand(record, room, sizeof mangle->pool - mangle->pooled, &ret->rdata)) {
        return false;
    }
    mangle->pooled += ret->rdata.data == room ? ret->rdata.size : 0;
    return true;
}

/* False if it is no message that can be edited record by record. */
static bool take_apart(struct mangle *mangle, struct bytes genuine)
{
    struct message message;
    struct record record;
    if (!message_parse(genuine, MESSAGE_LENIENT, &message, NULL)) {
        return false;
    }
    mangle->id = message.id;
    mangle->flags = message.flags;
    mangle->has_question = message.counts[SECTION_QUESTION] > 0;
    if (mangle->has_question) {
        name_expand(message.question.name, &mangle->name);
        mangle->type = message.question.type;
        mangle->rrclass = message.question.rrclass;
    }
    for (int section = SECTION_ANSWER; section < SECTIONS; section++) {
        struct record_walk walk = record_walk_start(&message, (enum section)section);
        while (record_next(&walk, &record)) {
            if (!take_record(mangle, &record)) {
                return false;
            }
        }
    }
    return true;
}

/* --- putting together --- */

static void put_section(struct mangle *mangle, struct builder *builder, enum section section)
{
    for (size_t i = 0; i < mangle->count; i++) {
        const struct mangle_record *record = &mangle->records[i];
        const struct rr rr = {.owner = &record->owner,
                              .type = record->type,
                              .rrclass = record->rrclass,
                              .ttl = record->ttl,
                              .rdata = record->rdata};
        const uint32_t at = builder->size;
        if (record->section == section && builder_record(builder, section, &rr)) {
            mangle->owners[mangle->placed++] = (uint16_t)at;
        }
    }
}

static void put_together(struct mangle *mangle)
{
    struct builder builder;
    builder_start(&builder, mangle->octets, sizeof mangle->octets, mangle->id, mangle->flags);
    if (mangle->has_question) {
        builder_question(&builder, &mangle->name, mangle->type, mangle->rrclass);
    }
    for (int section = SECTION_ANSWER; section < SECTIONS; section++) {
        put_section(mangle, &builder, (enum section)section);
    }
    mangle->size = builder_finish(&builder);
}

/* --- editing --- */

static void edit(struct mangle *mangle, const struct mangle_edit *table, unsigned times)
{
    uint8_t rows = 0;
    while (table[rows].word != NULL) {
        rows++;
    }
    for (unsigned i = 0; i < times; i++) {
        const struct mangle_edit *row = &table[input_below(mangle->input, rows)];
        assert(mangle->edit_count < MANGLE_EDITS_MAX);
        mangle->edits[mangle->edit_count++] = row->word;
        row->make(mangle);
    }
}

void mangle_message(struct mangle *mangle, struct bytes genuine, struct input *input)
{
    assert(genuine.size <= MANGLE_OCTETS_MAX);
    mangle->input = input;
    mangle->edit_count = mangle->count = mangle->placed = mangle->pooled = 0;
    mangle->has_question = false;
    mangle->type = mangle->rrclass = 0;
    name_copy(&mangle->name, name_root());
    const unsigned of_records = input_below(input, 4);
    const unsigned octets = input_below(input, 4);
    const unsigned of_octets = octets > 0 ? octets - 1 : 0; /* half of them stay well formed */
    mangle->size = 0;
    if (take_apart(mangle, genuine)) {
        edit(mangle, mangle_record_edits, of_records);
        put_together(mangle);
    }
    if (mangle->size == 0) {
        memcpy(mangle->octets, genuine.data, genuine.size);
        mangle->size = genuine.size;
        mangle->placed = 0;
    }
    edit(mangle, mangle_octet_edits, of_octets);
}

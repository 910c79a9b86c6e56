/* Writes messages. Names that were written are remembered as a tree: each entry is a label below
 * another entry, so that the longest suffix already written is found from right to left, one probe
 * a label. Only whole names are remembered, for a half-written one would be compared with itself.
 */
#include "wire/builder.h"

#include <assert.h>

#include "wire/fields.h"
#include "wire/octets.h"

#define POINTER_OFFSET_MAX  0x3fffU
#define RECORD_FIXED_OCTETS 10 /* type, class, TTL, RDLENGTH */

void builder_start(struct builder *builder, uint8_t *buffer, size_t capacity, uint16_t id,
                   uint16_t flags)
{
    builder->octets = buffer;
    builder->limit = capacity < MESSAGE_OCTETS_MAX ? (uint32_t)capacity : MESSAGE_OCTETS_MAX;
    builder->size = MESSAGE_HEADER_OCTETS;
    builder->reserved = 0;
    memset(builder->counts, 0, sizeof builder->counts);
    builder->rcode = flags & MESSAGE_RCODE_MASK;
    builder->section = SECTION_QUESTION;
    builder->error = BUILDER_FINE;
    builder->suffix_count = 0;
    builder->question_size = 0;
    memset(builder->heads, 0, sizeof builder->heads);
    if (builder->limit < MESSAGE_HEADER_OCTETS) {
        builder->error = BUILDER_HEADER_FULL;
        return;
    }
    store_u16(buffer, id);
    store_u16(buffer + 2, flags);
}

static bool set_error(struct builder *builder, enum builder_error error)
{
    builder->error = error;
    return false;
}

void builder_flags(struct builder *builder, uint16_t flags)
{
    if (builder->error == BUILDER_FINE) {
        store_u16(builder->octets + 2, load_u16(builder->octets + 2) | flags);
    }
}

void builder_rcode(struct builder *builder, uint16_t rcode)
{
    builder->rcode = rcode & 0x0fff;
}

/* Room for `size` octets, counted as written; NULL if there is none. */
static uint8_t *claim(struct builder *builder, uint32_t size)
{
    if (size > builder->limit - builder->size) {
        return NULL;
    }
    uint8_t *room = builder->octets + builder->size;
    builder->size += size;
    return room;
}

static bool put_octets(struct builder *builder, const uint8_t *octets, size_t size)
{
    uint8_t *room = claim(builder, (uint32_t)size);
    if (room != NULL) {
        octets_copy(room, octets, size);
    }
    return room != NULL;
}

/* --- names --- */

#define HEAD_OCTETS 8 /* of a label, its length among them, in an entry's `head` */

/* A name about to be written, taken apart. */
struct labels {
    const uint8_t *wire;
    uint8_t size;  /* of the name, the root included */
    uint8_t count; /* without the root */
    uint8_t starts[NAME_LABELS_MAX + 1];
};

/* Takes the name at `wire` apart, of which there are `room` octets; false if it does not end there
 * or is none. */
static bool split_name(const uint8_t *wire, size_t room, struct labels *ret)
{
    size_t at = 0;
    size_t count = 0;
    const size_t most = room < NAME_OCTETS_MAX ? room : NAME_OCTETS_MAX;
    while (at < most && wire[at] - 1U < LABEL_OCTETS_MAX) {
        ret->starts[count++] = (uint8_t)at;
        at += 1U + wire[at];
    }
    if (at >= most || wire[at] != 0) {
        return false;
    }
    ret->wire = wire;
    ret->size = (uint8_t)(at + 1);
    ret->count = (uint8_t)count;
    return true;
}

static uint64_t label_head(const uint8_t *label)
{
    return load_few(label, label[0] < HEAD_OCTETS ? 1U + label[0] : HEAD_OCTETS);
}

static uint8_t bucket_of(uint64_t head, uint8_t parent)
{
    return (uint8_t)(hash_step(head, parent) >> 32) % BUILDER_BUCKETS;
}

/* True if the label of `suffix` goes on after its head as `label` does. */
static bool has_rest(const struct builder *builder, const struct builder_suffix *suffix,
                     const uint8_t *label)
{
    return label[0] < HEAD_OCTETS || octets_same(builder->octets + suffix->offset + HEAD_OCTETS,
                                                 label + HEAD_OCTETS, label[0] + 1U - HEAD_OCTETS);
}

/* The entry (+ 1) of `label` below `parent`, to the letter; 0 if it was not written. */
static uint8_t find_label(const struct builder *builder, uint8_t parent, const uint8_t *label)
{
    const uint64_t head = label_head(label);
    uint8_t entry = builder->heads[bucket_of(head, parent)];
    while (entry != 0) {
        const struct builder_suffix *suffix = &builder->suffixes[entry - 1];
        if (suffix->head == head && suffix->parent == parent && has_rest(builder, suffix, label)) {
            return entry;
        }
        entry = suffix->next;
    }
    return 0;
}

/* Remembers that `label` below `parent` stands at `offset`. Its entry + 1, or 0 if it cannot be
 * remembered. */
static uint8_t remember(struct builder *builder, uint8_t parent, const uint8_t *label,
                        uint32_t offset)
{
    if (builder->suffix_count == BUILDER_SUFFIXES_MAX || offset > POINTER_OFFSET_MAX) {
        return 0;
    }
    const uint64_t head = label_head(label);
    const uint8_t bucket = bucket_of(head, parent);
    builder->suffixes[builder->suffix_count++] = (struct builder_suffix){
        .head = head,
        .offset = (uint16_t)offset,
        .parent = parent,
        .next = builder->heads[bucket],
        .bucket = bucket,
    };
    builder->heads[bucket] = (uint8_t)builder->suffix_count;
    return builder->heads[bucket];
}

/* Forgets the suffixes remembered since there were `count`. */
static void forget(struct builder *builder, uint16_t count)
{
    while (builder->suffix_count > count) {
        const struct builder_suffix *suffix = &builder->suffixes[--builder->suffix_count];
        builder->heads[suffix->bucket] = suffix->next;
    }
}

/* Writes the first `size` octets of a name and a pointer to `target` after them, or the whole name
 * if `target` is 0. */
static bool put_compressed(struct builder *builder, const uint8_t *wire, uint32_t size,
                           uint32_t target)
{
    uint8_t *room = claim(builder, size + (target == 0 ? 0 : 2));
    if (room == NULL) {
        return false;
    }
    octets_copy(room, wire, size);
    if (target != 0) {
        store_u16(room + size, (uint16_t)(0xc000 | target));
    }
    return true;
}

/* Writes a name as short as it can be. `*ret_pointer` receives where a pointer to it should lead, 0
 * if there can be none; it may be NULL. */
static bool put_labels(struct builder *builder, const struct labels *labels, uint16_t *ret_pointer)
{
    const uint32_t start = builder->size;
    size_t fresh = labels->count; /* labels from the left that were not written before */
    uint8_t parent = 0;
    for (; fresh > 0; fresh--) {
        const uint8_t entry = find_label(builder, parent, labels->wire + labels->starts[fresh - 1]);
        if (entry == 0) {
            break;
        }
        parent = entry;
    }
    const uint32_t size = parent == 0 ? labels->size : fresh == 0 ? 0 : labels->starts[fresh];
    if (!put_compressed(builder, labels->wire, size,
                        parent == 0 ? 0 : builder->suffixes[parent - 1].offset)) {
        return false;
    }
    bool kept = true;
    while (fresh > 0 && kept) {
        const uint8_t at = labels->starts[--fresh];
        parent = remember(builder, parent, labels->wire + at, start + at);
        kept = parent != 0;
    }
    if (ret_pointer != NULL) {
        *ret_pointer = parent == 0 ? 0 : builder->suffixes[parent - 1].offset;
    }
    return true;
}

static bool put_name(struct builder *builder, const struct name *name, uint16_t *ret_pointer)
{
    struct labels labels;
    const bool sound = split_name(name->octets, name->size, &labels);
    assert(sound && labels.size == name->size);
    return put_labels(builder, &labels, ret_pointer);
}

/* Writes an owner: a pointer to `*pointer` if that is not 0; else `*pointer` receives where a
 * pointer to the same owner should lead. */
static bool put_owner(struct builder *builder, const struct name *owner, uint16_t *pointer)
{
    if (owner->size == builder->question_size &&
        octets_same(builder->octets + MESSAGE_HEADER_OCTETS, owner->octets, owner->size)) {
        *pointer = MESSAGE_HEADER_OCTETS;
    }
    return *pointer != 0 ? put_compressed(builder, NULL, 0, *pointer)
                         : put_name(builder, owner, pointer);
}

/* --- RDATA --- */

/* Writes RDATA whose names may be compressed. Sets `*unsound` if it is not what `row` says. */
static bool put_fields(struct builder *builder, const struct rrtype *row, struct bytes rdata,
                       bool *unsound)
{
    const uint8_t *at = rdata.data;
    const uint8_t *const end = rdata.data + rdata.size;
    struct labels labels;
    *unsound = true;
    for (const uint8_t *field = row->layout; *field != FIELD_END; field++) {
        size_t size = field_sizes[*field];
        if (*field == FIELD_NAME) {
            if (!split_name(at, (size_t)(end - at), &labels)) {
                return false;
            }
            size = labels.size;
        }
        if (size > (size_t)(end - at)) {
            return false;
        }
        if (*field == FIELD_NAME ? !put_labels(builder, &labels, NULL)
                                 : !put_octets(builder, at, size)) {
            *unsound = false;
            return false;
        }
        at += size;
    }
    *unsound = at != end;
    return at == end;
}

static bool put_rdata(struct builder *builder, uint16_t type, struct bytes rdata)
{
    const struct rrtype *row = rrtype_find(type);
    if (row != NULL && row->compression == COMPRESSION_RFC1035 && rdata.size > 0) {
        const uint32_t size = builder->size;
        const uint16_t suffix_count = builder->suffix_count;
        bool unsound;
        if (put_fields(builder, row, rdata, &unsound)) {
            return true;
        }
        if (!unsound) {
            return false;
        }
        builder->size = size;
        forget(builder, suffix_count);
    }
    return put_octets(builder, rdata.data, rdata.size);
}

/* Writes the RDATA of a sound record of a checked message. */
static bool put_record_fields(struct builder *builder, const struct rrtype *row,
                              const struct record *record)
{
    const uint8_t *message = record->owner.message;
    struct field_walk walk = field_walk_start(
        row, message, (uint32_t)(record->rdata.data - message), (uint32_t)record->rdata.size);
    struct field field;
    struct name name;
    bool fits = true;
    while (fits && field_next(&walk, &field)) {
        if (field.kind != FIELD_NAME) {
            fits = put_octets(builder, message + field.offset, field.size);
            continue;
        }
        name_expand((struct name_ref){.message = message, .offset = field.offset}, &name);
        fits = row->compression == COMPRESSION_RFC1035
                   ? put_name(builder, &name, NULL)
                   : put_octets(builder, name.octets, name.size);
    }
    return fits;
}

static bool put_record_rdata(struct builder *builder, const struct record *record)
{
    const struct rrtype *row = rrtype_find(record->type);
    if (row == NULL || row->compression == COMPRESSION_NEVER || record->unsound ||
        record->rdata.size == 0) {
        return put_octets(builder, record->rdata.data, record->rdata.size);
    }
    return put_record_fields(builder, row, record);
}

/* --- records --- */

static bool put_fixed(struct builder *builder, uint16_t type, uint16_t rrclass, uint32_t ttl)
{
    uint8_t *fixed = claim(builder, RECORD_FIXED_OCTETS);
    if (fixed == NULL) {
        return false;
    }
    store_u16(fixed, type);
    store_u16(fixed + 2, rrclass);
    store_u32(fixed + 4, ttl);
    return true;
}

/* Notes that a record begins in `section`; false after an error. */
static bool open_record(struct builder *builder, enum section section)
{
    assert(section >= builder->section && section < SECTIONS);
    if (builder->error != BUILDER_FINE) {
        return false;
    }
    if (builder->counts[section] == UINT16_MAX) {
        return set_error(builder, BUILDER_COUNT_OVERFLOW);
    }
    return true;
}

/* Completes a record whose RDATA begins at `rdata`. */
static void close_record(struct builder *builder, enum section section, uint32_t rdata)
{
    store_u16(builder->octets + rdata - 2, (uint16_t)(builder->size - rdata));
    builder->section = section;
    builder->counts[section]++;
}

/* Takes away an incomplete record. */
static bool drop_record(struct builder *builder, uint32_t size, uint16_t suffix_count)
{
    builder->size = size;
    forget(builder, suffix_count);
    return false;
}

/* Appends a record; `*pointer` as for put_owner. */
static bool append(struct builder *builder, enum section section, const struct rr *rr,
                   uint16_t *pointer)
{
    const uint32_t size = builder->size;
    const uint16_t suffix_count = builder->suffix_count;
    if (!open_record(builder, section)) {
        return false;
    }
    if (rr->rdata.size > RDATA_OCTETS_MAX) {
        return set_error(builder, BUILDER_RDATA_LONG);
    }
    if (!put_owner(builder, rr->owner, pointer) ||
        !put_fixed(builder, rr->type, rr->rrclass, rr->ttl)) {
        return drop_record(builder, size, suffix_count);
    }
    const uint32_t rdata = builder->size;
    if (!put_rdata(builder, rr->type, rr->rdata)) {
        return drop_record(builder, size, suffix_count);
    }
    close_record(builder, section, rdata);
    return true;
}

bool builder_record(struct builder *builder, enum section section, const struct rr *rr)
{
    uint16_t pointer = 0;
    return append(builder, section, rr, &pointer);
}

bool builder_rrset(struct builder *builder, enum section section, const struct rrset *rrset)
{
    const struct builder_mark mark = builder_mark(builder);
    struct rr rr = {
        .owner = rrset->owner, .type = rrset->type, .rrclass = rrset->rrclass, .ttl = rrset->ttl};
    uint16_t pointer = 0;
    for (size_t i = 0; i < rrset->count; i++) {
        rr.rdata = rrset->rdata[i];
        if (!append(builder, section, &rr, &pointer)) {
            builder_rewind(builder, mark);
            return false;
        }
    }
    return true;
}

bool builder_copy_record(struct builder *builder, const struct record *record)
{
    const uint32_t size = builder->size;
    const uint16_t suffix_count = builder->suffix_count;
    uint16_t pointer = 0;
    struct name owner;
    if (!open_record(builder, record->section)) {
        return false;
    }
    name_expand(record->owner, &owner);
    if (!put_owner(builder, &owner, &pointer) ||
        !put_fixed(builder, record->type, record->rrclass, record->ttl)) {
        return drop_record(builder, size, suffix_count);
    }
    const uint32_t rdata = builder->size;
    if (!put_record_rdata(builder, record)) {
        return drop_record(builder, size, suffix_count);
    }
    close_record(builder, record->section, rdata);
    return true;
}

bool builder_question(struct builder *builder, const struct name *name, uint16_t type,
                      uint16_t rrclass)
{
    assert(builder->section == SECTION_QUESTION);
    if (builder->error != BUILDER_FINE) {
        return false;
    }
    const bool first = builder->size == MESSAGE_HEADER_OCTETS;
    uint8_t *fixed = put_name(builder, name, NULL) ? claim(builder, 4) : NULL;
    if (fixed == NULL) {
        return set_error(builder, BUILDER_HEADER_FULL);
    }
    if (first && name->labels > 0) {
        builder->question_size = name->size;
    }
    store_u16(fixed, type);
    store_u16(fixed + 2, rrclass);
    builder->counts[SECTION_QUESTION]++;
    return true;
}

void builder_reserve(struct builder *builder, size_t octets)
{
    if (octets > builder->limit - builder->size) {
        (void)set_error(builder, BUILDER_HEADER_FULL);
        return;
    }
    builder->limit -= (uint32_t)octets;
    builder->reserved += (uint32_t)octets;
}

/* The OPT's TTL field (RFC 6891 6.1.3). */
static uint32_t opt_ttl(const struct builder *builder, const struct edns *edns)
{
    return (uint32_t)(builder->rcode >> 4) << 24 | (uint32_t)edns->version << 16 |
           (edns->dnssec_ok ? 0x8000U : 0);
}

bool builder_edns(struct builder *builder, const struct edns *edns)
{
    const uint32_t size = builder->size;
    builder->limit += builder->reserved;
    builder->reserved = 0;
    if (!edns->present || !open_record(builder, SECTION_ADDITIONAL)) {
        return !edns->present && builder->error == BUILDER_FINE;
    }
    if (edns->options.size > RDATA_OCTETS_MAX) {
        return set_error(builder, BUILDER_OPTIONS_LONG);
    }
    if (!put_octets(builder, name_root()->octets, 1) ||
        !put_fixed(builder, RRTYPE_OPT, edns->udp_size, opt_ttl(builder, edns))) {
        return drop_record(builder, size, builder->suffix_count);
    }
    const uint32_t rdata = builder->size;
    if (!put_octets(builder, edns->options.data, edns->options.size)) {
        return drop_record(builder, size, builder->suffix_count);
    }
    close_record(builder, SECTION_ADDITIONAL, rdata);
    return true;
}

struct builder_mark builder_mark(const struct builder *builder)
{
    struct builder_mark mark = {
        .size = builder->size,
        .suffix_count = builder->suffix_count,
        .section = builder->section,
    };
    memcpy(mark.counts, builder->counts, sizeof mark.counts);
    return mark;
}

void builder_rewind(struct builder *builder, struct builder_mark mark)
{
    assert(mark.size <= builder->size && mark.suffix_count <= builder->suffix_count);
    builder->size = mark.size;
    builder->section = mark.section;
    memcpy(builder->counts, mark.counts, sizeof mark.counts);
    if (mark.counts[SECTION_QUESTION] == 0) {
        builder->question_size = 0;
    }
    forget(builder, mark.suffix_count);
}

size_t builder_finish(struct builder *builder)
{
    if (builder->error != BUILDER_FINE) {
        return 0;
    }
    uint8_t *header = builder->octets;
    const uint16_t flags = load_u16(header + 2) & (uint16_t)~MESSAGE_RCODE_MASK;
    store_u16(header + 2, flags | (builder->rcode & MESSAGE_RCODE_MASK));
    for (size_t i = 0; i < SECTIONS; i++) {
        store_u16(header + 4 + 2 * i, builder->counts[i]);
    }
    return builder->size;
}

const char *builder_error_name(enum builder_error error)
{
    switch (error) {
    case BUILDER_FINE: return "fine";
    case BUILDER_HEADER_FULL: return "header-full";
    case BUILDER_RDATA_LONG: return "rdata-long";
    case BUILDER_COUNT_OVERFLOW: return "count-overflow";
    case BUILDER_OPTIONS_LONG: return "options-long";
    default: assert(false); return "";
    }
}

/* Edits of records: what comes of them is a message that can be read, and says what it should not.
 */
#include "sim/mangle.h"
#include "wire/rrtype.h"

#define TEXT_OCTETS_MAX 4096 /* of texts that grow */

/* --- what edits draw on --- */

/* A record, NULL where there is none. */
static struct mangle_record *pick(struct mangle *mangle)
{
    const uint8_t which = input_u8(mangle->input);
    return mangle->count == 0 ? NULL : &mangle->records[which % mangle->count];
}

/* A record more, as `like` is or an empty one at the question's name; NULL if there is no room. */
static struct mangle_record *add(struct mangle *mangle, const struct mangle_record *like)
{
    if (mangle->count == MANGLE_RECORDS_MAX) {
        return NULL;
    }
    struct mangle_record *record = &mangle->records[mangle->count++];
    if (like != NULL) {
        *record = *like;
    } else {
        *record = (struct mangle_record){
            .section = SECTION_ANSWER, .type = mangle->type, .rrclass = RRCLASS_IN, .ttl = 300};
        name_copy(&record->owner, &mangle->name);
    }
    return record;
}

/* Room for RDATA; NULL if the pool is empty. */
static uint8_t *pool_room(struct mangle *mangle, size_t size)
{
    return size <= sizeof mangle->pool - mangle->pooled ? mangle->pool + mangle->pooled : NULL;
}

/* Takes the first `size` octets of what pool_room returned for the record's RDATA. */
static void pool_take(struct mangle *mangle, struct mangle_record *record, size_t size)
{
    record->rdata = bytes_of(mangle->pool + mangle->pooled, size);
    mangle->pooled += size;
}

static void set_rdata(struct mangle *mangle, struct mangle_record *record, struct bytes rdata)
{
    uint8_t *room = pool_room(mangle, rdata.size);
    if (room != NULL && rdata.size > 0) {
        memcpy(room, rdata.data, rdata.size);
        pool_take(mangle, record, rdata.size);
    }
}

static void set_target(struct mangle *mangle, struct mangle_record *record, const struct name *name)
{
    set_rdata(mangle, record, name_bytes(name));
}

/* As long as a name can be, below the question's where that leaves room. */
static void longest_name(const struct mangle *mangle, struct name *ret)
{
    uint8_t label[LABEL_OCTETS_MAX];
    memset(label, 'a', sizeof label);
    name_copy(ret, &mangle->name);
    for (size_t size = sizeof label; size > 0;) {
        if (!name_child(ret, bytes_of(label, size), ret)) {
            size--;
        }
    }
}

/* A name that means something in this message, or one of the input's own. */
static void pick_name(struct mangle *mangle, struct name *ret)
{
    const uint8_t how = input_u8(mangle->input);
    const struct mangle_record *record = mangle->count > 0 ? pick(mangle) : NULL;
    struct bytes label;
    name_copy(ret, &mangle->name);
    switch (how % 8) {
    case 0: break;
    case 1: name_copy(ret, name_root()); break;
    case 2: name_parent(ret, ret); break;
    case 3:
        label = input_take(mangle->input, 1 + how / 8);
        name_child(ret, label.size > 0 ? label : bytes_of_string("x"), ret);
        break;
    case 4: longest_name(mangle, ret); break;
    case 5:
    case 6:
        if (record != NULL) {
            name_copy(ret, &record->owner);
        }
        break;
    default:
        if (record != NULL && rdata_is_sound(record->type, record->rdata)) {
            rdata_target(record->type, record->rdata, ret);
        }
        break;
    }
}

static uint16_t pick_type(struct mangle *mangle)
{
    static const uint16_t types[] = {
        RRTYPE_A,   RRTYPE_NS,  RRTYPE_CNAME, RRTYPE_SOA,   RRTYPE_PTR, RRTYPE_MX,    RRTYPE_TXT,
        RRTYPE_SRV, RRTYPE_OPT, RRTYPE_DNAME, RRTYPE_HTTPS, RRTYPE_CAA, RRTYPE_NAPTR, RRTYPE_AAAA,
    };
    const uint8_t which = input_u8(mangle->input);
    const size_t count = sizeof types / sizeof types[0];
    return which < 8 * count ? types[which % count] : input_u16(mangle->input);
}

/* --- records as a whole --- */

static void leave_out(struct mangle *mangle)
{
    struct mangle_record *record = pick(mangle);
    if (record != NULL) {
        *record = mangle->records[--mangle->count];
    }
}

static void repeat(struct mangle *mangle)
{
    const struct mangle_record *record = pick(mangle);
    const uint8_t times = input_u8(mangle->input);
    for (unsigned i = 0; record != NULL && i <= times / 4; i++) {
        add(mangle, record);
    }
}

static void move(struct mangle *mangle)
{
    struct mangle_record *record = pick(mangle);
    const uint8_t to = input_below(mangle->input, SECTIONS - 1);
    if (record != NULL) {
        record->section = (enum section)(SECTION_ANSWER + to);
    }
}

static void empty(struct mangle *mangle)
{
    const uint8_t section = input_below(mangle->input, SECTIONS);
    size_t kept = 0;
    for (size_t i = 0; i < mangle->count; i++) {
        if (section != SECTION_QUESTION && mangle->records[i].section != section) {
            mangle->records[kept++] = mangle->records[i];
        }
    }
    mangle->count = kept;
}

static void reorder(struct mangle *mangle)
{
    for (size_t i = 0; i + 1 < mangle->count; i++) {
        const struct mangle_record other = mangle->records[i];
        const size_t with = i + input_u8(mangle->input) % (mangle->count - i);
        mangle->records[i] = mangle->records[with];
        mangle->records[with] = other;
    }
}

/* --- their fields --- */

static void edit_owner(struct mangle *mangle)
{
    struct mangle_record *record = pick(mangle);
    struct name name;
    pick_name(mangle, &name);
    if (record != NULL) {
        name_copy(&record->owner, &name);
    }
}

static void edit_type(struct mangle *mangle)
{
    struct mangle_record *record = pick(mangle);
    const uint16_t type = pick_type(mangle);
    if (record != NULL) {
        record->type = type;
    }
}

static void edit_class(struct mangle *mangle)
{
    struct mangle_record *record = pick(mangle);
    const uint16_t rrclass = input_u16(mangle->input);
    if (record != NULL) {
        record->rrclass = rrclass;
    }
}

static void edit_ttl(struct mangle *mangle)
{
    static const uint32_t ttls[] = {0, 1, 604801, 0x7fffffff, 0x80000000, 0xffffffff};
    struct mangle_record *record = pick(mangle);
    const uint8_t which = input_u8(mangle->input);
    if (record != NULL) {
        record->ttl = ttls[which % (sizeof ttls / sizeof ttls[0])];
    }
}

static void edit_rdata(struct mangle *mangle)
{
    struct mangle_record *record = pick(mangle);
    const struct bytes rdata = input_take(mangle->input, input_u8(mangle->input));
    if (record != NULL) {
        record->rdata = bytes_of(NULL, 0);
        set_rdata(mangle, record, rdata);
    }
}

static void edit_target(struct mangle *mangle)
{
    struct mangle_record *record = pick(mangle);
    struct name name;
    pick_name(mangle, &name);
    if (record != NULL) {
        set_target(mangle, record, &name);
    }
}

static void edit_question(struct mangle *mangle)
{
    const uint8_t how = input_u8(mangle->input);
    switch (how % 4) {
    case 0: mangle->has_question = false; break;
    case 1: mangle->type = pick_type(mangle); break;
    case 2: pick_name(mangle, &mangle->name); break;
    default:
        for (size_t i = 1; mangle->has_question && i < mangle->name.size; i++) {
            const uint8_t octet = mangle->name.octets[i];
            mangle->name.octets[i] ^= octet >= 'a' && octet <= 'z' ? how / 4 & 0x20 : 0;
        }
        break;
    }
}

/* --- records that nobody asked for --- */

static void add_record(struct mangle *mangle)
{
    struct mangle_record *record = add(mangle, NULL);
    if (record == NULL) {
        return;
    }
    record->section = (enum section)(SECTION_ANSWER + input_below(mangle->input, SECTIONS - 1));
    record->type = pick_type(mangle);
    set_rdata(mangle, record, input_take(mangle->input, input_u8(mangle->input)));
}

static void add_alias(struct mangle *mangle)
{
    struct mangle_record *record = add(mangle, NULL);
    struct name target;
    pick_name(mangle, &target);
    if (record != NULL) {
        record->type = RRTYPE_CNAME;
        set_target(mangle, record, &target);
    }
}

/* Aliases of the question's name, each of the one before; the last one leads nowhere, or back. */
static void add_alias_chain(struct mangle *mangle)
{
    const uint8_t how = input_u8(mangle->input);
    struct name target, next;
    name_copy(&target, &mangle->name);
    const struct name first = target;
    for (unsigned i = 0; i <= how / 4; i++) {
        const uint8_t label[] = {'a', (uint8_t)('0' + i / 10), (uint8_t)('0' + i % 10)};
        struct mangle_record *record = add(mangle, NULL);
        const bool is_last = i == how / 4;
        if (record == NULL || !name_child(&first, bytes_of(label, sizeof label), &next)) {
            return;
        }
        record->type = RRTYPE_CNAME;
        name_copy(&record->owner, &target);
        set_target(mangle, record, is_last && how % 2 == 0 ? &first : &next);
        name_copy(&target, &next);
    }
}

/* The message's OPT record, or a second one. */
static struct mangle_record *pick_opt(struct mangle *mangle, bool second)
{
    for (size_t i = 0; i < mangle->count && !second; i++) {
        if (mangle->records[i].type == RRTYPE_OPT) {
            return &mangle->records[i];
        }
    }
    struct mangle_record *record = add(mangle, NULL);
    if (record != NULL) {
        record->section = SECTION_ADDITIONAL;
        record->type = RRTYPE_OPT;
        record->rrclass = EDNS_UDP_SIZE;
        record->ttl = 0;
        name_copy(&record->owner, name_root());
    }
    return record;
}

/* Options that have a meaning (RFC 6891 6.1.2), with data that has none, under lengths that may
 * lie.
 */
static void set_options(struct mangle *mangle, struct mangle_record *record, unsigned count)
{
    uint8_t *room = pool_room(mangle, count * (4 + 15));
    size_t size = 0;
    for (unsigned i = 0; room != NULL && i < count; i++) {
        const uint8_t code = input_u8(mangle->input), length = input_u8(mangle->input);
        const struct bytes data = input_take(mangle->input, length % 16);
        room[size++] = 0;
        room[size++] = code % 24;
        room[size++] = 0;
        room[size++] = (uint8_t)(data.size + (length > 200 ? length - 200 : 0));
        if (data.size > 0) {
            memcpy(room + size, data.data, data.size);
        }
        size += data.size;
    }
    if (room != NULL) {
        pool_take(mangle, record, size);
    }
}

static void edit_opt(struct mangle *mangle)
{
    const uint8_t how = input_u8(mangle->input);
    struct mangle_record *record = pick_opt(mangle, how % 4 == 3);
    if (record == NULL) {
        return;
    }
    if (how % 4 == 0) {
        record->rrclass = input_u16(mangle->input);
        record->ttl = (uint32_t)input_u16(mangle->input) << 16;
        set_rdata(mangle, record, input_take(mangle->input, input_u8(mangle->input)));
    } else {
        set_options(mangle, record, how / 4 % 4 + 1);
    }
}

/* --- texts --- */

/* The text that the record has, joined; of others none. */
static size_t text_of(const struct mangle_record *record, uint8_t ret[TEXT_OCTETS_MAX])
{
    const size_t size =
        record->type == RRTYPE_TXT ? rdata_txt_join(record->rdata, ret, TEXT_OCTETS_MAX) : 0;
    return size == SIZE_MAX ? 0 : size;
}

/* Takes octets out at a place and puts the input's in. */
static size_t splice(struct mangle *mangle, uint8_t text[TEXT_OCTETS_MAX], size_t size)
{
    const size_t at = input_u16(mangle->input) % (size + 1);
    const size_t out = input_u8(mangle->input) % (size - at + 1);
    const struct bytes in = input_take(mangle->input, input_u8(mangle->input));
    if (size - out + in.size > TEXT_OCTETS_MAX) {
        return size;
    }
    memmove(text + at + in.size, text + at + out, size - at - out);
    if (in.size > 0) {
        memcpy(text + at, in.data, in.size);
    }
    return size - out + in.size;
}

static size_t edit_text_itself(struct mangle *mangle, uint8_t text[TEXT_OCTETS_MAX], size_t size)
{
    const uint8_t how = input_u8(mangle->input);
    switch (how % 4) {
    case 0: return size;
    case 1: return splice(mangle, text, size);
    case 2: /* doubled, and doubled again */
        for (unsigned i = 0; i <= how / 4 % 8 && 2 * size <= TEXT_OCTETS_MAX; i++) {
            memcpy(text + size, text, size);
            size *= 2;
        }
        return size;
    default: {
        const struct bytes own = input_take(mangle->input, input_u8(mangle->input));
        if (own.size > 0) {
            memcpy(text, own.data, own.size);
        }
        return own.size;
    }
    }
}

/* Character-strings of `most` octets, with an empty one behind each if `gaps`. */
static void set_strings(struct mangle *mangle, struct mangle_record *record, struct bytes text,
                        size_t most, bool gaps)
{
    uint8_t *room = pool_room(mangle, 3 * text.size + 2);
    size_t size = 0;
    if (room == NULL) {
        return;
    }
    do {
        const size_t length = text.size < most ? text.size : most;
        room[size++] = (uint8_t)length;
        if (length > 0) {
            memcpy(room + size, text.data, length);
        }
        size += length;
        text = bytes_after(text, length);
        if (gaps) {
            room[size++] = 0;
        }
    } while (text.size > 0);
    record->type = RRTYPE_TXT;
    pool_take(mangle, record, size);
}

/* Another text, or the same one in other character-strings. */
static void edit_text(struct mangle *mangle)
{
    uint8_t text[TEXT_OCTETS_MAX];
    struct mangle_record *record = pick(mangle);
    record = record != NULL ? record : add(mangle, NULL);
    const size_t size = edit_text_itself(mangle, text, text_of(record, text));
    const uint8_t how = input_u8(mangle->input);
    size_t most = 255;
    if (how % 4 == 1) {
        most = 1;
    } else if (how % 4 == 2) {
        most = (size_t)input_u8(mangle->input) % 255 + 1;
    }
    set_strings(mangle, record, bytes_of(text, size), most, how % 8 > 3);
}

const struct mangle_edit mangle_record_edits[] = {
    {"text", edit_text},         {"left-out", leave_out},
    {"repeated", repeat},        {"moved", move},
    {"emptied", empty},          {"reordered", reorder},
    {"owner", edit_owner},       {"type", edit_type},
    {"class", edit_class},       {"ttl", edit_ttl},
    {"rdata", edit_rdata},       {"target", edit_target},
    {"question", edit_question}, {"added", add_record},
    {"alias", add_alias},        {"alias-chain", add_alias_chain},
    {"opt", edit_opt},           {NULL, NULL},
};

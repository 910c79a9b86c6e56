/* Edits of a message's octets: what a builder cannot be made to write. Everything before an edit
 * may have been edited: places are looked for anew, and looked for with care. */
#include "sim/mangle.h"

#define FIXED_OCTETS 10 /* type, class, TTL, RDLENGTH */

static void put_u16(struct mangle *mangle, size_t at, unsigned value)
{
    if (at + 2 <= mangle->size) {
        mangle->octets[at] = (uint8_t)(value >> 8);
        mangle->octets[at + 1] = (uint8_t)value;
    }
}

static unsigned get_u16(const struct mangle *mangle, size_t at)
{
    return at + 2 <= mangle->size ? (unsigned)mangle->octets[at] << 8 | mangle->octets[at + 1] : 0;
}

/* Numbers that lengths and counts are often compared with, or any. */
static unsigned odd_number(struct mangle *mangle)
{
    static const uint16_t numbers[] = {0, 1, 2, 255, 256, 512, 1232, 4096, 0x7fff, 0x8000, 0xffff};
    const uint8_t which = input_u8(mangle->input);
    const size_t count = sizeof numbers / sizeof numbers[0];
    return which < count ? numbers[which] : input_u16(mangle->input);
}

size_t mangle_fixed_part(const struct mangle *mangle, size_t owner)
{
    size_t at = owner;
    while (at < mangle->size && mangle->octets[at] != 0 && mangle->octets[at] < 0x40) {
        at += (size_t)mangle->octets[at] + 1;
    }
    if (at >= mangle->size) {
        return mangle->size;
    }
    at += mangle->octets[at] >= 0xc0 ? 2 : 1;
    return at + FIXED_OCTETS <= mangle->size ? at : mangle->size;
}

/* A record's first octet; the question's name where there is no record. */
static size_t pick_owner(struct mangle *mangle)
{
    const uint8_t which = input_u8(mangle->input);
    return mangle->placed == 0 ? MESSAGE_HEADER_OCTETS : mangle->owners[which % mangle->placed];
}

/* --- the header --- */

static void edit_flags(struct mangle *mangle)
{
    put_u16(mangle, 2, get_u16(mangle, 2) ^ input_u16(mangle->input));
}

static void edit_rcode(struct mangle *mangle)
{
    put_u16(mangle, 2, (get_u16(mangle, 2) & 0xfff0) | (input_u8(mangle->input) & 0x0f));
}

static void edit_id(struct mangle *mangle)
{
    put_u16(mangle, 0, get_u16(mangle, 0) ^ input_u16(mangle->input));
}

static void edit_count(struct mangle *mangle)
{
    const size_t at = 4 + (size_t)2 * input_below(mangle->input, SECTIONS);
    const uint8_t how = input_u8(mangle->input);
    switch (how % 4) {
    case 0: put_u16(mangle, at, get_u16(mangle, at) + 1); break;
    case 1: put_u16(mangle, at, get_u16(mangle, at) - 1); break;
    default: put_u16(mangle, at, odd_number(mangle)); break;
    }
}

/* --- records --- */

static void edit_rdlength(struct mangle *mangle)
{
    const size_t fixed = mangle_fixed_part(mangle, pick_owner(mangle));
    const uint8_t how = input_u8(mangle->input);
    const unsigned length = get_u16(mangle, fixed + 8);
    switch (how % 4) {
    case 0: put_u16(mangle, fixed + 8, length + 1 + how / 4); break;
    case 1: put_u16(mangle, fixed + 8, length - 1 - how / 4); break;
    default: put_u16(mangle, fixed + 8, odd_number(mangle)); break;
    }
}

/* A length inside RDATA: the first octet of TXT, CAA's tag, a target's first label. */
static void edit_string_length(struct mangle *mangle)
{
    const size_t fixed = mangle_fixed_part(mangle, pick_owner(mangle));
    const size_t at = fixed + FIXED_OCTETS + input_below(mangle->input, 4) / 3;
    if (at < mangle->size) {
        const uint8_t how = input_u8(mangle->input);
        mangle->octets[at] =
            how % 2 == 0 ? (uint8_t)(mangle->octets[at] + 1 + how / 2) : input_u8(mangle->input);
    }
}

/* A compression pointer in the place of a name: to itself, ahead, into the header, anywhere. */
static void edit_pointer(struct mangle *mangle)
{
    const size_t owner = pick_owner(mangle);
    const uint8_t how = input_u8(mangle->input);
    const size_t fixed = mangle_fixed_part(mangle, owner);
    const size_t at = how % 2 == 0 || fixed == mangle->size ? owner : fixed + FIXED_OCTETS;
    size_t to;
    switch (how / 2 % 4) {
    case 0: to = at; break;
    case 1: to = at + 2 + how / 8; break;
    case 2: to = how / 8 % MESSAGE_HEADER_OCTETS; break;
    default: to = input_u16(mangle->input); break;
    }
    put_u16(mangle, at, 0xc000 | (unsigned)(to & 0x3fff));
}

static void edit_label(struct mangle *mangle)
{
    const size_t at = pick_owner(mangle);
    if (at < mangle->size) {
        mangle->octets[at] = input_u8(mangle->input);
    }
}

/* --- anywhere --- */

static void edit_octet(struct mangle *mangle)
{
    const uint16_t at = input_u16(mangle->input);
    const uint8_t with = input_u8(mangle->input);
    if (mangle->size > 0) {
        mangle->octets[at % mangle->size] ^= with;
    }
}

static void edit_cut(struct mangle *mangle)
{
    const uint16_t at = input_u16(mangle->input);
    if (mangle->size > 0) {
        mangle->size = at % mangle->size;
    }
}

static void append(struct mangle *mangle, struct bytes octets)
{
    const size_t room = sizeof mangle->octets - mangle->size;
    const size_t size = octets.size < room ? octets.size : room;
    if (size > 0) {
        memcpy(mangle->octets + mangle->size, octets.data, size);
        mangle->size += size;
    }
}

static void edit_tail(struct mangle *mangle)
{
    append(mangle, input_take(mangle->input, (size_t)input_u8(mangle->input) + 1));
}

/* What stands behind the header, or from a record on, is whatever the input says. */
static void edit_garbage(struct mangle *mangle)
{
    const uint8_t how = input_u8(mangle->input);
    const size_t at = how % 2 == 0 ? MESSAGE_HEADER_OCTETS : pick_owner(mangle);
    if (at <= mangle->size) {
        mangle->size = at;
        append(mangle, input_take(mangle->input, (size_t)input_u8(mangle->input) + 1));
    }
}

const struct mangle_edit mangle_octet_edits[] = {
    {"flags", edit_flags},
    {"rcode", edit_rcode},
    {"id", edit_id},
    {"count", edit_count},
    {"rdlength", edit_rdlength},
    {"string-length", edit_string_length},
    {"pointer", edit_pointer},
    {"label", edit_label},
    {"octet", edit_octet},
    {"cut", edit_cut},
    {"tail", edit_tail},
    {"garbage", edit_garbage},
    {NULL, NULL},
};

/* The one look at octets that nobody has checked yet.
 *
 * A name is a chain of segments: labels up to the root or to a pointer, and each pointer must lead
 * to before the segment it ends, so a chain always ends. Hops are bounded by name, steps by
 * message; and what is known of a name already met is kept in a small table, so that legitimate
 * messages cost one step a pointer. */
#include "wire/scan.h"

#include <assert.h>
#include <string.h>

#include "wire/fields.h"
#include "wire/octets.h"

void scan_start(struct scan *scan, struct bytes octets, bool pointers)
{
    assert(octets.size <= MESSAGE_OCTETS_MAX);
    scan->data = octets.data;
    scan->size = (uint32_t)octets.size;
    scan->work = MESSAGE_WORK_MAX(octets.size);
    scan->hops = 0;
    scan->outcome = MESSAGE_FINE;
    scan->offset = 0;
    scan->pointers = pointers;
    memset(scan->memos, 0, sizeof scan->memos);
}

static uint32_t fail(struct scan *scan, enum message_outcome outcome, uint32_t at)
{
    scan->outcome = outcome;
    scan->offset = at;
    return SCAN_FAILED;
}

static bool refuse(struct scan *scan, enum message_outcome outcome, uint32_t at)
{
    (void)fail(scan, outcome, at);
    return false;
}

/* Labels from `at` to the root or a pointer. */
struct segment {
    uint32_t stop;   /* offset of the root octet or the pointer */
    uint32_t octets; /* of its labels, without the root */
    bool ends;       /* with the root */
};

static bool scan_segment(struct scan *scan, uint32_t at, uint32_t end, struct segment *ret)
{
    const uint8_t *data = scan->data;
    const uint32_t start = at;
    uint32_t steps = 1;
    while (at < end && data[at] - 1U < LABEL_OCTETS_MAX) {
        at += 1U + data[at];
        steps++;
    }
    if (at - start >= NAME_OCTETS_MAX && start + NAME_OCTETS_MAX <= end) {
        return refuse(scan, MESSAGE_NAME_TOO_LONG, start);
    }
    if (at >= end) {
        return refuse(scan, MESSAGE_NAME_CUT, end);
    }
    if (data[at] != 0 && data[at] < 0xc0) {
        return refuse(scan, MESSAGE_LABEL_TYPE, at);
    }
    if (steps > scan->work) {
        return refuse(scan, MESSAGE_WORK, at);
    }
    scan->work -= steps;
    *ret = (struct segment){.stop = at, .octets = at - start, .ends = data[at] == 0};
    return true;
}

/* Where the pointer at `at` leads, which must be before `start`; SCAN_FAILED if it may not lead
 * there. */
static uint32_t scan_pointer(struct scan *scan, uint32_t at, uint32_t end, uint32_t start)
{
    if (end - at < 2) {
        return fail(scan, MESSAGE_NAME_CUT, end);
    }
    const uint32_t target = load_u16(scan->data + at) & 0x3fffU;
    if (!scan->pointers || target >= start) {
        return fail(scan, MESSAGE_POINTER_AHEAD, at);
    }
    if (target < MESSAGE_HEADER_OCTETS) {
        return fail(scan, MESSAGE_POINTER_HEADER, at);
    }
    return target;
}

/* What is known of the name being scanned. */
struct sum {
    uint32_t start;
    uint32_t size; /* octets, the root included once it was met */
    uint32_t hops;
};

static bool sum_is_fine(struct scan *scan, const struct sum *sum)
{
    if (sum->hops > MESSAGE_POINTER_HOPS_MAX) {
        return refuse(scan, MESSAGE_POINTER_HOPS, sum->start);
    }
    if (sum->size > NAME_OCTETS_MAX) {
        return refuse(scan, MESSAGE_NAME_TOO_LONG, sum->start);
    }
    return true;
}

/* Follows pointers, the first of which leads to `target`, to the root or to a name that is known.
 * What a pointer leads to ends before the name begins: readers that copy as they go would disagree
 * about labels that run on over it. (A name that is known ended before an earlier one began.) */
static bool scan_chain(struct scan *scan, uint32_t target, struct sum *sum)
{
    struct segment segment = {.ends = false};
    while (!segment.ends) {
        const struct scan_memo *memo = &scan->memos[target % SCAN_MEMOS];
        sum->hops++;
        if (memo->offset == target) {
            sum->size += memo->size;
            sum->hops += memo->hops;
            return sum_is_fine(scan, sum);
        }
        if (!scan_segment(scan, target, scan->size, &segment)) {
            return false;
        }
        sum->size += segment.octets + segment.ends;
        if (segment.stop + !segment.ends >= sum->start) {
            return refuse(scan, MESSAGE_POINTER_AHEAD, target);
        }
        if (!sum_is_fine(scan, sum)) {
            return false;
        }
        if (!segment.ends) {
            target = scan_pointer(scan, segment.stop, scan->size, target);
        }
        if (target == SCAN_FAILED) {
            return false;
        }
    }
    return true;
}

uint32_t scan_name_slow(struct scan *scan, uint32_t at, uint32_t end)
{
    struct segment segment;
    struct sum sum = {.start = at};
    if (!scan_segment(scan, at, end, &segment)) {
        return SCAN_FAILED;
    }
    assert(!segment.ends); /* scan_name was quick about that */
    const uint32_t target = scan_pointer(scan, segment.stop, end, at);
    if (target == SCAN_FAILED) {
        return SCAN_FAILED;
    }
    sum.size = segment.octets;
    if (!scan_chain(scan, target, &sum)) {
        return SCAN_FAILED;
    }
    scan->hops = sum.hops;
    scan_remember(scan, target, sum.size - segment.octets, sum.hops - 1);
    scan_remember(scan, at, sum.size, sum.hops);
    return segment.stop + 2;
}

/* --- RDATA --- */

/* RDATA being scanned. */
struct rdata_scan {
    struct scan *scan;
    const struct rrtype *row;
    uint32_t start;
    uint32_t end;
    bool compressed;
};

static uint32_t scan_rdata_name(struct rdata_scan *rdata, uint32_t at)
{
    struct scan *scan = rdata->scan;
    const uint32_t after = scan_name(scan, at, rdata->end);
    if (after == SCAN_FAILED) {
        return scan->outcome == MESSAGE_NAME_CUT ? fail(scan, MESSAGE_RDATA_SHORT, rdata->end)
                                                 : SCAN_FAILED;
    }
    if (scan->hops > 0) {
        if (rdata->row->compression == COMPRESSION_NEVER) {
            return fail(scan, MESSAGE_RDATA_COMPRESSED, at);
        }
        rdata->compressed |= rdata->row->compression == COMPRESSION_LENIENT;
    }
    return after;
}

/* `prefix` octets that say how many follow them. */
static uint32_t scan_counted(struct rdata_scan *rdata, uint32_t at, uint32_t prefix)
{
    if (rdata->end - at < prefix) {
        return fail(rdata->scan, MESSAGE_RDATA_SHORT, rdata->end);
    }
    const uint8_t *data = rdata->scan->data + at;
    const uint32_t size = prefix == 1 ? data[0] : load_u16(data);
    if (rdata->end - at - prefix < size) {
        return fail(rdata->scan, MESSAGE_RDATA_STRING, at);
    }
    return at + prefix + size;
}

static uint32_t scan_strings(struct rdata_scan *rdata, uint32_t at)
{
    while (at < rdata->end) {
        at = scan_counted(rdata, at, 1);
    }
    return at;
}

static uint32_t scan_names(struct rdata_scan *rdata, uint32_t at)
{
    while (at < rdata->end) {
        at = scan_rdata_name(rdata, at);
    }
    return at;
}

static uint32_t scan_fixed(struct rdata_scan *rdata, uint32_t at, uint32_t size)
{
    return rdata->end - at < size ? fail(rdata->scan, MESSAGE_RDATA_SHORT, rdata->end) : at + size;
}

/* A gateway of `kind`: none, IPv4, IPv6 or a name (RFC 4025 2.3); other kinds fill the RDATA. */
static uint32_t scan_gateway(struct rdata_scan *rdata, uint32_t at, uint8_t kind)
{
    switch (kind) {
    case 0: return at;
    case 1: return scan_fixed(rdata, at, 4);
    case 2: return scan_fixed(rdata, at, 16);
    case 3: return scan_rdata_name(rdata, at);
    default: return rdata->end;
    }
}

static uint32_t scan_relay(struct rdata_scan *rdata, uint32_t at)
{
    const uint32_t relay = scan_fixed(rdata, at, 1);
    return relay == SCAN_FAILED ? SCAN_FAILED
                                : scan_gateway(rdata, relay, rdata->scan->data[at] & 0x7f);
}

static uint32_t scan_hip(struct rdata_scan *rdata, uint32_t at)
{
    if (rdata->end - at < 4) {
        return fail(rdata->scan, MESSAGE_RDATA_SHORT, rdata->end);
    }
    const uint8_t *data = rdata->scan->data + at;
    const uint32_t size = data[0] + (uint32_t)load_u16(data + 2);
    if (rdata->end - at - 4 < size) {
        return fail(rdata->scan, MESSAGE_RDATA_STRING, at);
    }
    return at + 4 + size;
}

static uint32_t scan_prefixes(struct rdata_scan *rdata, uint32_t at)
{
    while (at < rdata->end) {
        const uint32_t head = scan_fixed(rdata, at, 4);
        if (head == SCAN_FAILED) {
            return SCAN_FAILED;
        }
        const uint32_t size = rdata->scan->data[at + 3] & 0x7fU;
        if (rdata->end - head < size) {
            return fail(rdata->scan, MESSAGE_RDATA_STRING, at);
        }
        at = head + size;
    }
    return at;
}

/* Octets to the end. All of the RDATA, they may be none in NULL (RFC 1035 3.3.10) and in types that
 * are only asked for; elsewhere there is something in them (RFC 4701 3.1, RFC 7929 2.1). */
static uint32_t scan_rest(struct rdata_scan *rdata)
{
    const bool nothing = rdata->start == rdata->end;
    return nothing && rdata->row->number != RRTYPE_NULL && !rdata->row->meta
               ? fail(rdata->scan, MESSAGE_RDATA_SHORT, rdata->end)
               : rdata->end;
}

/* One field whose size is in the octets. Returns the offset after it, or SCAN_FAILED. */
static uint32_t scan_field(struct rdata_scan *rdata, enum rdata_field field, uint32_t at)
{
    switch (field) {
    case FIELD_NAME: return scan_rdata_name(rdata, at);
    case FIELD_NAMES: return scan_names(rdata, at);
    case FIELD_STRING:
    case FIELD_TAG:
    case FIELD_SALT:
    case FIELD_HASH: return scan_counted(rdata, at, 1);
    case FIELD_BLOB16: return scan_counted(rdata, at, 2);
    case FIELD_STRINGS:
        return at < rdata->end ? scan_strings(rdata, at)
                               : fail(rdata->scan, MESSAGE_TXT_EMPTY, rdata->end);
    case FIELD_STRING_0: return at < rdata->end ? scan_counted(rdata, at, 1) : at;
    case FIELD_GATEWAY: return scan_gateway(rdata, at, rdata->scan->data[at - 2]);
    case FIELD_RELAY: return scan_relay(rdata, at);
    case FIELD_HIP: return scan_hip(rdata, at);
    case FIELD_APL: return scan_prefixes(rdata, at);
    case FIELD_LOC:
        return at < rdata->end && rdata->scan->data[at] != 0 ? rdata->end
                                                             : scan_fixed(rdata, at, 16);
    default: return scan_rest(rdata);
    }
}

bool scan_rdata(struct scan *scan, const struct rrtype *row, uint32_t at, uint32_t end,
                bool *compressed)
{
    struct rdata_scan rdata = {.scan = scan, .row = row, .start = at, .end = end};
    for (const uint8_t *field = row->layout; *field != FIELD_END; field++) {
        const uint8_t size = field_sizes[*field];
        if (size > end - at) {
            return refuse(scan, MESSAGE_RDATA_SHORT, end);
        }
        at = size > 0 ? at + size : scan_field(&rdata, (enum rdata_field) * field, at);
        if (at == SCAN_FAILED) {
            return false;
        }
    }
    if (at != end) {
        return refuse(scan, MESSAGE_RDATA_LONG, at);
    }
    *compressed |= rdata.compressed;
    return true;
}

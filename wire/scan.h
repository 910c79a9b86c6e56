/* The one look at octets that nobody has checked yet: names, and RDATA by its type's row. What
 * passes here is trusted everywhere else. Inside this floor only. */
#ifndef FAULTZONE_WIRE_SCAN_H
#define FAULTZONE_WIRE_SCAN_H

#include <stdbool.h>
#include <stdint.h>

#include "wire/message.h"
#include "wire/rrtype.h"

#define SCAN_MEMOS  32 /* a power of two */
#define SCAN_FAILED UINT32_MAX

/* What is known of the name at an offset: its whole size and how many pointers it takes. */
struct scan_memo {
    uint16_t offset; /* 0: nothing is known */
    uint8_t size;
    uint8_t hops;
};

struct scan {
    const uint8_t *data;
    uint32_t size;
    uint32_t work;                /* steps left */
    uint32_t hops;                /* of the name scanned last */
    enum message_outcome outcome; /* the first thing wrong … */
    uint32_t offset;              /* … and where */
    bool pointers;                /* compressed names may occur at all */
    struct scan_memo memos[SCAN_MEMOS];
};

/* Starts on `octets`, at most 65535. Without `pointers` a compressed name is POINTER_AHEAD. */
void scan_start(struct scan *scan, struct bytes octets, bool pointers);

/* Checks the name at `at` whose octets there must lie before `end`, unless it is one that scan_name
 * is quick about. Returns the offset after it, or SCAN_FAILED with `outcome` and `offset` set. */
uint32_t scan_name_slow(struct scan *scan, uint32_t at, uint32_t end);

/* What is known of the name at `at`: from now on a pointer to it costs one step. */
static inline void scan_remember(struct scan *scan, uint32_t at, uint32_t size, uint32_t hops)
{
    if (scan->pointers) {
        scan->memos[at % SCAN_MEMOS] = (struct scan_memo){
            .offset = (uint16_t)at, .size = (uint8_t)size, .hops = (uint8_t)hops};
    }
}

/* The same for any name: quick where labels end at the root or at a pointer to a name that is
 * known, nearly always. */
static inline uint32_t scan_name(struct scan *scan, uint32_t at, uint32_t end)
{
    const uint8_t *data = scan->data;
    uint32_t stop = at;
    uint32_t steps = 1;
    while (stop < end && data[stop] - 1U < LABEL_OCTETS_MAX) {
        stop += 1U + data[stop];
        steps++;
    }
    const uint32_t size = stop - at;
    if (stop < end && data[stop] == 0 && size < NAME_OCTETS_MAX && steps <= scan->work) {
        scan->work -= steps;
        scan->hops = 0;
        scan_remember(scan, at, size + 1, 0);
        return stop + 1;
    }
    if (stop + 1 >= end || data[stop] < 0xc0 || steps > scan->work) {
        return scan_name_slow(scan, at, end);
    }
    const uint32_t target = (data[stop] & 0x3fU) << 8 | data[stop + 1];
    const struct scan_memo *memo = &scan->memos[target % SCAN_MEMOS];
    if (memo->offset != target || target == 0 || target >= at ||
        size + memo->size > NAME_OCTETS_MAX || memo->hops >= MESSAGE_POINTER_HOPS_MAX) {
        return scan_name_slow(scan, at, end);
    }
    scan->work -= steps;
    scan->hops = memo->hops + 1U;
    if (steps > 1) {
        scan_remember(scan, at, size + memo->size, scan->hops);
    }
    return stop + 2;
}

/* Checks the RDATA between `at` and `end` against `row`. False with `outcome` and `offset` set.
 * A compressed name in a row that may have one only in lenient mode sets `*compressed` (never reset
 * here); in a row that may have none it is an error. */
bool scan_rdata(struct scan *scan, const struct rrtype *row, uint32_t at, uint32_t end,
                bool *compressed);

#endif

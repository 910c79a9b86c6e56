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

/* Checks the name at `at` whose octets there must lie before `end`. Returns the offset after it, or
 * SCAN_FAILED with `outcome` and `offset` set. */
uint32_t scan_name_slow(struct scan *scan, uint32_t at, uint32_t end);

/* The same, short for a lone pointer to a name that is known. */
static inline uint32_t scan_name(struct scan *scan, uint32_t at, uint32_t end)
{
    if (end - at >= 2 && scan->data[at] >= 0xc0) {
        const uint32_t target = (scan->data[at] & 0x3fU) << 8 | scan->data[at + 1];
        const struct scan_memo *memo = &scan->memos[target % SCAN_MEMOS];
        if (memo->offset == target && target != 0 && target < at &&
            memo->hops < MESSAGE_POINTER_HOPS_MAX && scan->work > 0) {
            scan->work--;
            scan->hops = memo->hops + 1U;
            return at + 2;
        }
    }
    return scan_name_slow(scan, at, end);
}

/* Checks the RDATA between `at` and `end` against `row`. False with `outcome` and `offset` set.
 * A compressed name in a row that may have one only in lenient mode sets `*compressed` (never reset
 * here); in a row that may have none it is an error. */
bool scan_rdata(struct scan *scan, const struct rrtype *row, uint32_t at, uint32_t end,
                bool *compressed);

#endif

/* Instants and durations in nanoseconds. Time is always an argument: nothing below `live` can ask
 * what time it is. */
#ifndef FAULTZONE_BASE_INSTANT_H
#define FAULTZONE_BASE_INSTANT_H

#include <stdint.h>

typedef uint64_t instant_ns;  /* since the start of the run */
typedef uint64_t duration_ns; /* between two instants */

#define NEVER UINT64_MAX

#define NS_PER_US UINT64_C(1000)
#define NS_PER_MS UINT64_C(1000000)
#define NS_PER_S  UINT64_C(1000000000)

/* `at` plus `duration`; NEVER stays NEVER, and a sum that does not fit becomes NEVER. */
static inline instant_ns instant_after(instant_ns at, duration_ns duration)
{
    return duration > NEVER - at ? NEVER : at + duration;
}

/* From `earlier` to `later`, 0 if they are the other way round. */
static inline duration_ns instant_since(instant_ns earlier, instant_ns later)
{
    return later > earlier ? later - earlier : 0;
}

static inline instant_ns instant_earlier(instant_ns a, instant_ns b)
{
    return a < b ? a : b;
}

#endif

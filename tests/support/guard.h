/* Octets with nothing behind them: reading one too many stops the test at once, with and without
 * sanitizers. What reads text that others wrote is tested on these. */
#ifndef FAULTZONE_TESTS_GUARD_H
#define FAULTZONE_TESTS_GUARD_H

#include "base/bytes.h"

/* A copy of `octets`, at most 64 KiB, at the end of readable memory. Holds until the eighth call
 * after this one. */
struct bytes guarded(struct bytes octets);

/* The same of a string without its NUL. */
struct bytes guarded_text(const char *text);

#endif

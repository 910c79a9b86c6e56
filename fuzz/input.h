/* What targets do with an input (base/input.h): copies of its octets that end where their memory
 * ends, and a look at what was printed. */
#ifndef FAULTZONE_FUZZ_INPUT_H
#define FAULTZONE_FUZZ_INPUT_H

#include "base/bytes.h"
#include "base/input.h"
#include "base/text.h"

/* A copy on the heap of exactly its size, so that a sanitizer sees every read beyond it; and its
 * end. */
struct bytes exact_copy(struct bytes octets);
void exact_free(struct bytes copy);

/* Aborts if `text` holds anything but printable ASCII, tabs and line feeds. */
void check_clean(const struct text *text);

#endif

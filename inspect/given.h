/* Names and texts as people give them: copied out of an address bar, a letter or a zone file. What
 * is plainly meant is understood, all else refused in words, so that a slip is never mistaken for
 * something that the DNS lacks. */
#ifndef FAULTZONE_INSPECT_GIVEN_H
#define FAULTZONE_INSPECT_GIVEN_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/text.h"
#include "wire/name.h"

/* Why something given was refused. */
struct given_fault {
    const char *why;   /* static */
    struct name meant; /* size 0: no idea */
};

/* Reads a name as name_parse_text does (relative to `origin`; NULL: absolute), but takes only what
 * names of hosts and records are made of, and anything behind a backslash. Letters beyond ASCII
 * become lower case and A-labels (RFC 5891, RFC 5895) where that is the same by every edition of
 * IDNA; others, and what is a URL, an e-mail address or the like, are refused. False, `reterr` and
 * `ret` untouched then. */
bool given_name_read(struct bytes text, const struct name *origin, struct name *ret,
                     struct given_fault *reterr);

/* "it is an e-mail address; did you mean customer.example?" */
void given_fault_put(struct text *text, const struct given_fault *fault);

/* The same name as a person would write it: without the final dot. */
void given_name_put(struct text *text, const struct name *name);

/* The text of a TXT record: as it is, or, where it begins with a quote (or parenthesis), the
 * strings in it joined as a zone file's would be (RFC 1035 5.1), whatever comment follows. False
 * and a static sentence if they do not end well or `arena` is exhausted. `ret` borrows `text`, or
 * lies in `arena`. */
bool given_text_read(struct bytes text, struct arena *arena, struct bytes *ret,
                     const char **reterr);

#endif

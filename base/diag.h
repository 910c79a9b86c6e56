/* An error for a human: where it is, what is wrong, what to do instead. */
#ifndef FAULTZONE_BASE_DIAG_H
#define FAULTZONE_BASE_DIAG_H

#include <stdint.h>

#define DIAG_SENTENCE_MAX 320 /* octets, NUL included */
#define DIAG_HINT_MAX     160

/* A place in a file. `file` is borrowed and may be NULL (no file); line and column count from 1,
 * 0 means unknown. */
struct place {
    const char *file;
    uint32_t line;
    uint32_t column; /* in octets of the line */
};

struct diag {
    struct place place;
    char sentence[DIAG_SENTENCE_MAX]; /* what is wrong; control characters already escaped */
    char hint[DIAG_HINT_MAX];         /* what was probably meant, or "" */
};

/* Fills `diag` with a formatted sentence and no hint. What does not fit is cut. The formatted
 * result's control characters and octets from 0x7f up are escaped (\DDD), so file contents may be
 * passed to %s. Returns false, so that a failing function can `return diag_set(…)`. */
__attribute__((format(printf, 3, 4))) _Bool diag_set(struct diag *diag, struct place place,
                                                     const char *format, ...);

/* Adds a hint, escaped and cut the same way. */
__attribute__((format(printf, 2, 3))) void diag_hint(struct diag *diag, const char *format, ...);

#endif

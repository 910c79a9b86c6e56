/* Other people's DKIM verifiers: how each is started on a message at its standard input, and what
 * its output means in RFC 8601's words. A verifier is one row, with one function that reads. */
#ifndef FAULTZONE_HARNESS_VERIFIER_H
#define FAULTZONE_HARNESS_VERIFIER_H

#include <stdbool.h>

#include "mail/dkim_result.h"

#define VERIFIER_ARGUMENTS_MAX 8
#define VERIFIER_SAID_MAX      256

/* Stands among the arguments for the path of the file that holds `configuration`. */
#define VERIFIER_CONFIGURATION "{configuration}"

/* The exit status by which a row's program says that it lacks what it needs (sysexits.h). */
#define VERIFIER_UNAVAILABLE 69

struct verifier_reading {
    enum dkim_word word;
    char said[VERIFIER_SAID_MAX]; /* the program's own words; longer ones are cut */
};

struct verifier {
    const char *name;                              /* as --verifiers takes it */
    const char *program;                           /* its file */
    const char *package;                           /* of Debian 12 */
    const char *arguments[VERIFIER_ARGUMENTS_MAX]; /* without the program; ended by NULL */
    const char *configuration;                     /* NULL if it needs none */
    /* What the output, all of it, says. False if it says nothing that is known. */
    bool (*read)(const char *output, struct verifier_reading *ret);
};

/* Ended by a NULL name. */
extern const struct verifier verifiers[];

/* The row called `name`, NULL if there is none. */
const struct verifier *verifier_find(const char *name);

#endif

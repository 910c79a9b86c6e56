/* Real DKIM verifiers: how each is started on a message, and how what it says is read. A verifier
 * is one file of harness/verifiers and its line in the table. */
#ifndef FAULTZONE_HARNESS_VERIFIER_H
#define FAULTZONE_HARNESS_VERIFIER_H

#include <stdbool.h>

#include "base/text.h"
#include "mail/dkim_result.h"

#define VERIFIER_MESSAGE "message.eml" /* the message, in the directory where the script works */

struct verifier {
    const char *name; /* "opendkim" */
    const char
        *program;      /* by which it is known to be installed; a Perl or Python file if `probe` */
    const char *probe; /* a shell command that succeeds if it is there; NULL: look for `program` */
    const char *package; /* of Debian 12 */
    const char *script;  /* for sh: verifies VERIFIER_MESSAGE; all it says is on standard output */
    /* The word for what it said, and the line that says it; false if it said nothing of the kind.
     * `line` points into `said`, ended by a newline or NUL. */
    bool (*read)(const char *said, enum dkim_word *ret, const char **ret_line);
};

/* Ended by NULL. */
extern const struct verifier *const verifiers[];

/* The row called `name`, NULL if there is none. */
const struct verifier *verifier_find(const char *name);

#endif

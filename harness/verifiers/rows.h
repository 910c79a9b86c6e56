/* The rows, and what reading them takes. */
#ifndef FAULTZONE_HARNESS_VERIFIERS_ROWS_H
#define FAULTZONE_HARNESS_VERIFIERS_ROWS_H

#include "harness/verifier.h"

extern const struct verifier verifier_opendkim;
extern const struct verifier verifier_dkimpy;
extern const struct verifier verifier_mail_dkim;
extern const struct verifier verifier_rspamd;
extern const struct verifier verifier_exim;

/* A text that a verifier says, and the word that it stands for. */
struct verifier_phrase {
    const char *text; /* found anywhere in a line; NULL ends the list */
    enum dkim_word word;
};

/* The first line of `said` that holds `mark`, read by the first phrase in it. False if there is no
 * such line or phrase. */
bool verifier_read(const char *said, const char *mark, const struct verifier_phrase *phrases,
                   enum dkim_word *ret, const char **ret_line);

#endif

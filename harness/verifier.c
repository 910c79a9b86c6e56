/* See the header. */
#include "harness/verifier.h"

#include <string.h>

#include "harness/verifiers/rows.h"

const struct verifier *const verifiers[] = {
    &verifier_opendkim, &verifier_dkimpy, &verifier_mail_dkim,
    &verifier_rspamd,   &verifier_exim,   NULL,
};

const struct verifier *verifier_find(const char *name)
{
    for (size_t i = 0; verifiers[i] != NULL; i++) {
        if (strcmp(verifiers[i]->name, name) == 0) {
            return verifiers[i];
        }
    }
    return NULL;
}

/* True if `part` stands in the first `size` characters of `line`. */
static bool holds(const char *line, size_t size, const char *part)
{
    const char *at = strstr(line, part);
    return at != NULL && (size_t)(at - line) + strlen(part) <= size;
}

bool verifier_read(const char *said, const char *mark, const struct verifier_phrase *phrases,
                   enum dkim_word *ret, const char **ret_line)
{
    for (const char *line = said; *line != '\0';) {
        const size_t size = strcspn(line, "\n");
        for (size_t i = 0; holds(line, size, mark) && phrases[i].text != NULL; i++) {
            if (holds(line, size, phrases[i].text)) {
                *ret = phrases[i].word;
                *ret_line = line;
                return true;
            }
        }
        line += size + (line[size] == '\n');
    }
    return false;
}

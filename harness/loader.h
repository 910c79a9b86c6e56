/* What everything that reads a scenario file shares: memory, source, and the list of what is wrong.
 * Loading never stops at the first mistake: a function that finds one tells it, returns false, and
 * its caller goes on with the next key. */
#ifndef FAULTZONE_HARNESS_LOADER_H
#define FAULTZONE_HARNESS_LOADER_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/params.h"
#include "harness/diags.h"
#include "harness/source.h"
#include "harness/spelling.h"
#include "harness/yaml.h"
#include "wire/name.h"

struct keyring;
struct scribe; /* the reader of zone text, see records.c */

struct loader {
    struct arena *arena; /* the scenario's */
    struct diags *diags;
    struct source source;
    const struct keyring *keyring; /* what zone text may refer to; NULL: nothing */
    struct scribe *scribe;         /* made when first wanted */
};

/* Tells that memory ran out (once); returns false. */
bool loader_exhausted(struct loader *loader);

/* True if nothing was wrong so far. */
bool loader_is_fine(const struct loader *loader);

/* Tells of a key that is not allowed in `where` ("a zone"); `spelling` holds the candidates. */
void loader_unknown_key(struct loader *loader, const struct yaml_node *member, const char *where,
                        const struct spelling *spelling);

/* Tells that `node` is not what was wanted: "a zone must be a mapping, this is a list". False. */
bool loader_wrong_kind(struct loader *loader, const struct yaml_node *node, const char *what,
                       const char *wanted);

/* True if `node` is a mapping (a list, a scalar); else tells so. `what` begins the sentence. */
bool loader_need_mapping(struct loader *loader, const struct yaml_node *node, const char *what);
bool loader_need_sequence(struct loader *loader, const struct yaml_node *node, const char *what);
bool loader_need_scalar(struct loader *loader, const struct yaml_node *node, const char *what);

/* Reads a domain name: relative to `origin`, or absolute if `origin` is NULL. */
bool loader_name(struct loader *loader, struct bytes text, struct place place,
                 const struct name *origin, struct name *ret);

/* False, and told, if `text`, whose name is `name` when read as absolute, is relative to `apex` and
 * repeats it: it was most likely written in full. */
bool loader_not_doubled(struct loader *loader, struct bytes text, struct place place,
                        const struct name *name, const struct name *apex);

/* A name's presentation form without the final dot ("." for the root), in the loader's arena; NULL
 * if memory ran out. */
const char *loader_name_text(struct loader *loader, const struct name *name);

/* Texts and their places out of a scalar or a list of scalars. False and told if it is neither. */
bool loader_texts(struct loader *loader, const struct yaml_node *node, const char *what,
                  const struct bytes **ret_texts, const struct place **ret_places,
                  size_t *ret_count);

#endif

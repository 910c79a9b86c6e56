/* What a JSON request says, as the nodes that scenario files are loaded from: so both go through
 * the same tables. */
#ifndef FAULTZONE_HARNESS_JSON_NODES_H
#define FAULTZONE_HARNESS_JSON_NODES_H

#include <jansson.h>

#include "harness/yaml.h"

/* `value` as a tree in `arena`, all at `place`. NULL and a diagnostic if it is deeper or larger
 * than a file may be, holds control characters, or memory runs out. */
struct yaml_node *json_nodes(const json_t *value, struct place place, struct arena *arena,
                             struct diags *diags);

#endif

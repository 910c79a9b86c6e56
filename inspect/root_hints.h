/* Where the root's servers are, for who starts there. */
#ifndef FAULTZONE_INSPECT_ROOT_HINTS_H
#define FAULTZONE_INSPECT_ROOT_HINTS_H

#include <stddef.h>

#include "base/bytes.h"
#include "base/endpoint.h"

#define ROOT_HINTS_MAX 32 /* addresses */

/* The real root's servers; how many goes into `ret_count`. Static. */
const struct address *root_hints(size_t *ret_count);

/* Reads the addresses of a hints file as IANA's named.root has them: lines whose third or fourth
 * word is A or AAAA, an address behind it. All other lines are passed over. At most ROOT_HINTS_MAX
 * go to `ret`; how many. */
size_t root_hints_read(struct bytes text, struct address ret[ROOT_HINTS_MAX]);

#endif

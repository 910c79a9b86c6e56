/* Keys as they are published: whether a TXT record is one that works. */
#ifndef FAULTZONE_INSPECT_PUBLISHED_H
#define FAULTZONE_INSPECT_PUBLISHED_H

#include "inspect/weighing.h"
#include "mail/dkim_result.h"

/* What a verifier makes of the TXT record `rdata`, for an ordinary signature by the key that
 * `right` holds; of an empty `right`, by the published key itself. False if memory ran out. `ret`
 * lives as long as the facts. */
bool published_result(const struct weighing *weighing, struct bytes rdata, struct bytes right,
                      struct dkim_result *ret);

/* The strings of TXT RDATA joined, in the facts' memory; empty if it is not well-formed or memory
 * ran out. */
struct bytes published_text(const struct weighing *weighing, struct bytes rdata);

/* True if `text` is a key record with a key in it. */
bool published_is_key(const struct weighing *weighing, struct bytes text);

/* True if a verifier passes mail by it. Takes no memory. */
bool published_works(const struct weighing *weighing, struct bytes rdata, struct bytes right);

/* True if `fact`, the answer to a TXT question, has a key that works at its end. */
bool published_key(const struct weighing *weighing, const struct fact *fact);

#endif

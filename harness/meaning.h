/* What a reply says, in a few words: "refers to example.com. (ns1.example.com.)", "no TXT record
 * there", "alias to k1.dkim.esp.example.; TXT "v=DKIM1; …"". */
#ifndef FAULTZONE_HARNESS_MEANING_H
#define FAULTZONE_HARNESS_MEANING_H

#include "base/text.h"
#include "wire/message.h"

/* Writes the meaning of `reply`, escaped, without a newline. `shown` octets of a record's data at
 * most are told. */
void meaning_put(struct text *text, const struct message *reply, size_t shown);

#endif

/* What a DKIM verifier has in hand after asking for a key: TXT records, their absence, or nothing
 * it may conclude anything from (RFC 6376 6.1.2, steps 1 to 3). */
#ifndef FAULTZONE_MAIL_DKIM_RETRIEVAL_H
#define FAULTZONE_MAIL_DKIM_RETRIEVAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "wire/message.h"
#include "wire/name.h"

#define DKIM_RECORDS_MAX 16 /* TXT records looked at; of more the first are kept */
#define DKIM_CHAIN_MAX   32 /* CNAMEs followed inside one reply */

enum dkim_retrieval_state {
    DKIM_RECORDS,     /* there are TXT records */
    DKIM_NO_RECORDS,  /* the DNS says there are none */
    DKIM_UNAVAILABLE, /* the DNS says nothing: silence, an error, a cut or unreadable reply */
};

struct dkim_retrieval {
    enum dkim_retrieval_state state;
    const char *why; /* static: "NXDOMAIN", "no data", "SERVFAIL", "timeout"; NULL for records */
    uint16_t rcode;  /* of the reply, if there was one */
    unsigned links;  /* CNAMEs followed */
    struct name_ref end;                    /* the last name of the chain, if there was a reply */
    struct bytes records[DKIM_RECORDS_MAX]; /* RDATA of each TXT record, views into the reply */
    size_t count;                           /* views kept */
    size_t seen;                            /* records there were, also beyond DKIM_RECORDS_MAX */
};

/* Reads the reply to a TXT question for `name`: follows its CNAMEs in the answer section from
 * `name` and gathers the TXT records at their end. Everything else in the reply is ignored, as are
 * records of other names. A truncated reply, a chain that returns to itself or is longer than
 * DKIM_CHAIN_MAX, and any rcode but NOERROR and NXDOMAIN make the key unavailable. `ret` borrows
 * the message's octets. */
void dkim_retrieval_of_reply(const struct message *reply, const struct name *name,
                             struct dkim_retrieval *ret);

/* No usable reply came; `why` is static ("timeout", "malformed reply"). */
void dkim_retrieval_failed(const char *why, struct dkim_retrieval *ret);

#endif

/* Why a question ended in SERVFAIL: an extended error (RFC 8914) and one line for a human. */
#ifndef FAULTZONE_RESOLVER_FAILURE_H
#define FAULTZONE_RESOLVER_FAILURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/text.h"
#include "resolver/delegation.h"

/* Octets, the final NUL included: with the longest question it still fits 512 octets. */
#define FAILURE_TEXT_MAX 208

struct failure {
    uint16_t code;    /* EDE_… */
    const char *word; /* static, for the trace */
    bool passing;     /* our own trouble of this moment, not the name's: not to be remembered */
    size_t size;      /* of text */
    char text[FAILURE_TEXT_MAX];
};

/* A limit was reached: EDE_OTHER, "`sentence``limit`". */
void failure_limit(struct failure *failure, const char *word, const char *sentence, uint32_t limit);

/* Any other: write to the text returned, then finish it. */
struct text failure_start(struct failure *failure, uint16_t code, const char *word);
void failure_finish(struct failure *failure, const struct text *text);

/* All servers of `delegation` failed: says of each what came back. EDE_NO_REACHABLE_AUTHORITY if
 * none was heard or they refused or are lame, EDE_NETWORK_ERROR if some answered with an error or
 * with nonsense. `first` (may be NULL) is put before it. */
void failure_of_servers(struct failure *failure, const struct delegation *delegation,
                        const char *first);

/* The failure of an earlier attempt, remembered (RFC 9520): EDE_CACHED_ERROR and its text. */
void failure_cached(struct failure *failure, struct bytes text);

#endif

/* Why a question was not answered, or not with what servers say now: extended errors (RFC 8914) for
 * the client, one line each. The first says what happened, then comes a line for every server that
 * was asked in vain: its name and address, over what it was asked, and what came back.
 *
 *   22 (No Reachable Authority): (k.example. TXT: no server of example. answered)
 *   22 (No Reachable Authority): (ns1.example. 192.0.2.1 over UDP: timed out, asked 3 times)
 *   23 (Network Error): (ns2.example. 192.0.2.2 over TCP: connection closed)
 *
 * Where the address of a server could not be found because others failed, their lines follow.
 *
 * INFO-CODEs: 22 where nobody was heard, or who was heard refused or is not in charge (RFC 8914
 * 4.23); 23 where errors or nonsense came; 13 before what is told from memory (RFC 9520); 3 and 19
 * before the reason for stale data; 0 for limits of our own, and for being too busy: 14 (Not Ready)
 * is for a resolver that is not up yet. */
#ifndef FAULTZONE_RESOLVER_FAILURE_H
#define FAULTZONE_RESOLVER_FAILURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/text.h"
#include "resolver/delegation.h"

/* Characters of a line, the final NUL included: with the longest question one still fits 512
 * octets. */
#define FAILURE_LINE_MAX 216

/* Octets of all lines: with the longest question they fit 1232. */
#define FAILURE_OCTETS_MAX 900

struct failure {
    uint16_t code;    /* EDE_…, of the first line */
    const char *word; /* static, for the trace */
    bool passing;     /* our own trouble of this moment, not the name's: not to be remembered */
    size_t size;
    uint8_t lines[FAILURE_OCTETS_MAX]; /* the options, in wire form */
};

/* No lines yet. `word` is static. */
void failure_start(struct failure *failure, const char *word);

/* Adds a line; false if there is no room left for it. */
bool failure_add(struct failure *failure, uint16_t code, const struct text *line);

/* One line, `sentence`. */
void failure_say(struct failure *failure, uint16_t code, const char *word, const char *sentence);

/* A limit was reached: EDE_OTHER, "`sentence``limit`". */
void failure_limit(struct failure *failure, const char *word, const char *sentence, uint32_t limit);

/* Adds a line for each server of `delegation` that was of no use. What has no room is counted. */
void failure_add_servers(struct failure *failure, const struct delegation *delegation);

/* All servers of `delegation` failed to answer (`name`, `type`): says so, and of each what came
 * back. EDE_NO_REACHABLE_AUTHORITY if all lines have it, else EDE_NETWORK_ERROR. */
void failure_of_servers(struct failure *failure, const struct delegation *delegation,
                        const struct name *name, uint16_t type);

/* The lines of an earlier attempt, remembered for `seconds` more (RFC 9520), after one with
 * EDE_CACHED_ERROR. */
void failure_cached(struct failure *failure, struct bytes lines, uint32_t seconds);

/* A line with `code` and `sentence`, and the lines of `reason` after it. */
void failure_before(struct failure *failure, uint16_t code, const char *sentence,
                    const struct failure *reason);

/* Adds the lines of `more`, as far as they fit. */
void failure_append(struct failure *failure, const struct failure *more);

/* Writes a name for a line; a long one is cut short. */
void failure_put_name(struct text *line, const struct name *name);

#endif

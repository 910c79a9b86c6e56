/* The verbs of pebble-challtestsrv, a DNS server for tests of ACME clients: its users can move here
 * by changing a port. The shapes of requests and replies are those of its documentation. */
#ifndef FAULTZONE_HARNESS_CHALLENGE_H
#define FAULTZONE_HARNESS_CHALLENGE_H

#include "harness/editions.h"

/* What such a request comes to. */
struct challenge_reply {
    unsigned status;     /* 200, 400, or 503: memory has run out */
    const char *message; /* static; of a refusal */
    bool changes;        /* the edits are changed and to be applied */
};

/* True if `path` is such a verb that changes records. */
bool challenge_is_verb(struct bytes path);

/* Carries out the verb `path` with `body` on `edits`. */
struct challenge_reply challenge_edit(struct bytes path, const json_t *body, struct edits *edits);

/* The member `host` of `body` as a name; false if there is none. */
bool challenge_host(const json_t *body, struct name *ret);

/* Writes what the mocks of `edits` come to: zone text into `additions` by zone, names that fail,
 * and zones that are wanted, into `zones`. False if memory runs out. */
bool challenge_render(const struct editions *editions, const struct edits *edits, json_t *zones,
                      json_t *additions);

#endif

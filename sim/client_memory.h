/* What a client remembers of the answers it got, however long their TTL says they hold: the cache
 * that verifiers keep beside the resolver's. */
#ifndef FAULTZONE_SIM_CLIENT_MEMORY_H
#define FAULTZONE_SIM_CLIENT_MEMORY_H

#include "sim/client.h"

#define CLIENT_MEMORY_ENTRIES_MAX 8
#define CLIENT_MEMORY_OCTETS_MAX  4096 /* of one reply; larger ones are not remembered */

struct client_memory {
    struct client_memory_entry {
        struct name name;
        uint16_t type;
        instant_ns until; /* 0: free */
        struct client_answer answer;
        uint8_t octets[CLIENT_MEMORY_OCTETS_MAX]; /* of its reply */
    } entries[CLIENT_MEMORY_ENTRIES_MAX];
};

/* What was kept for the question's name and type and still holds at `now`; NULL if nothing is. */
const struct client_answer *client_memory_find(const struct client_memory *memory,
                                               const struct client_question *question,
                                               instant_ns now);

/* Keeps a copy of `answer`, failures too, until `until`; what ends first makes room. */
void client_memory_keep(struct client_memory *memory, const struct client_question *question,
                        const struct client_answer *answer, instant_ns until);

/* Forgets everything. */
void client_memory_reset(struct client_memory *memory);

#endif

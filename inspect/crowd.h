/* Many checks at once as one machine: a fixed number of inspectors, each taking the next customer
 * when it is done with one. What the root says of top-level domains is remembered for all, and no
 * server is asked more often than it may be: what is too early is kept back until its time. */
#ifndef FAULTZONE_INSPECT_CROWD_H
#define FAULTZONE_INSPECT_CROWD_H

#include "inspect/inspector.h"

#define CROWD_MEMBERS_MAX 256

struct crowd_options {
    struct inspector_options inspector; /* of every member */
    size_t members;                     /* 1 to CROWD_MEMBERS_MAX */
    unsigned rate_per_s;                /* questions to one address in a second, at most; 0: any */
    /* The next customer's records, in `arena`; `tag` comes back with the result. False: no more. */
    bool (*next)(void *context, struct arena *arena, struct plan *ret, void **ret_tag);
    /* What came of it; borrowed for the call. */
    void (*finished)(void *context, void *tag, const struct inspection *inspection);
    void *context;
};

struct crowd;

/* A crowd in memory of `arena`, of fewer members where there is none for all; NULL if there is none
 * for one. Each member has memory of its own, given back after every customer. */
struct crowd *crowd_new(struct arena *arena, const struct crowd_options *options, instant_ns now);

struct machine *crowd_machine(struct crowd *crowd);

/* True once there are no more customers and all are finished. */
bool crowd_is_done(const struct crowd *crowd);

#endif

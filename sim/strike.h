/* The faults of a run at work: which conditions hold, what was counted, whose dice fall how. */
#ifndef FAULTZONE_SIM_STRIKE_H
#define FAULTZONE_SIM_STRIKE_H

#include "base/arena.h"
#include "sim/fault.h"
#include "sim/glimpse.h"
#include "sim/link.h"

#define STRIKE_FAULTS_MAX 256
#define STRIKE_FIRSTS_MAX                                                                          \
    4096 /* kinds of packets told apart by `first`; beyond it none is first                        \
          */

struct strike_state {
    uint64_t key;     /* of its dice: depends on the fault, not on its place among others */
    uint64_t matched; /* packets that met all conditions before nth */
    uint64_t hits;
};

struct strike_firsts;

struct strikes {
    struct arena *arena;
    uint64_t seed;
    const struct fault *faults;
    size_t count;
    struct strike_state states[STRIKE_FAULTS_MAX];
    struct strike_firsts *firsts; /* made when a fault asks for it */
};

/* What a condition may look at. */
struct strike_scene {
    const struct link *link;
    const struct glimpse *glimpse; /* of the message that begins in the packet */
    instant_ns at;                 /* when the packet sets out, for the last time */
    unsigned attempt;              /* 0, and one more for each retransmission */
};

void strikes_init(struct strikes *strikes, struct arena *arena);

/* Replaces the faults (borrowed) and restarts all counts. False, and nothing changed, if there are
 * more than STRIKE_FAULTS_MAX or memory ran out. */
bool strikes_set(struct strikes *strikes, const struct fault *faults, size_t count);

/* The same faults, loaded anew (borrowed): counts go on where all are what they were, else as
 * strikes_set. */
bool strikes_renew(struct strikes *strikes, const struct fault *faults, size_t count);

/* Restarts counts and dice. */
void strikes_reset(struct strikes *strikes, uint64_t seed);

/* Lets fault `index` strike if its conditions hold; true if it did. */
bool strikes_try(struct strikes *strikes, size_t index, const struct strike_scene *scene,
                 struct flight *flight);

/* How often fault `index` struck since the reset or the last strikes_set. */
uint64_t strikes_hits(const struct strikes *strikes, size_t index);

#endif

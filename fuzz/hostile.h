/* A host in virtual time that lets an input decide what becomes of every packet on its way to the
 * resolver, and where wanted to the set-up check: the network's worst, forgeries of those who
 * cannot see it, and servers that lie. What is forged bears a mark (sim/decoy.h), which no answer
 * to a client may. */
#ifndef FAULTZONE_FUZZ_HOSTILE_H
#define FAULTZONE_FUZZ_HOSTILE_H

#include "fuzz/input.h"
#include "fuzz/worlds.h"
#include "sim/mangle.h"

/* What an input may decide. */
enum hostile_power {
    HOSTILE_NETWORK = 1, /* loss, copies, another order; forgeries that miss ID, port or question */
    HOSTILE_SERVERS = 2, /* answers mangled; the liar's with records of others' zones */
    HOSTILE_TO_CHECK = 4, /* the same to what the set-up check is answered, by the resolver too */
};

struct hostile {
    struct stage *stage; /* borrowed */
    unsigned powers;     /* of enum hostile_power */
    struct input input;  /* what is left to decide with */
    struct name liar;    /* the zone whose servers lie */
    struct {
        struct packet packet;
        uint64_t flight;
        bool full;
    } held; /* a packet that waits for the next one to pass it */
    uint8_t held_octets[MESSAGE_OCTETS_MAX + 2];
    struct mangle mangle;
};

/* Prepares a host for `world` and its stage, deciding by `input` (borrowed octets). */
void hostile_start(struct hostile *hostile, const struct fuzz_world *world, struct stage *stage,
                   unsigned powers, struct input input);

/* Runs as virtual_run does; for scenario_run too. The world's host must be a hostile. */
host_run hostile_run;

#endif

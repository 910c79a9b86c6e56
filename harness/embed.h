/* What the files behind faultzone.h share. */
#ifndef FAULTZONE_HARNESS_EMBED_H
#define FAULTZONE_HARNESS_EMBED_H

#include "harness/faultzone.h"
#include "harness/unit.h"
#include "sim/mangler.h"
#include "wire/frame.h"

#define EMBED_FIRST_PORT 1024 /* of exchanges */

/* What came for the program, not fetched yet. */
struct embed_inbox {
    struct arena arena; /* payloads; reset when all are fetched */
    struct packet packets[FAULTZONE_ARRIVALS_MAX];
    size_t first, count;
};

struct faultzone {
    struct arena own; /* where this struct lives */
    char *path;
    struct unit unit;
    struct arena answers; /* reset with every question */
    uint64_t seed;        /* as the caller gave it */

    /* the program's own packets */
    uint64_t ports[65536 / 64]; /* that it has sent from: a bit each */
    uint16_t next_port;         /* of exchanges */
    struct embed_inbox inbox;
    struct mangler mangler;
    uint8_t stream[FRAME_OCTETS_MAX];            /* of an exchange over TCP */
    _Alignas(8) uint8_t shown[FRAME_OCTETS_MAX]; /* the arrival last handed out */
};

/* No ports, nothing waiting, answers as they are. */
void embed_forget(struct faultzone *world);

/* Gives the sanitizer back what it was asked to watch. */
void embed_unwatch(struct faultzone *world);

/* virtual_run, but that what comes to the program's ports goes to its inbox. */
void embed_run(struct faultzone *world, const struct run_limits *limits);

#endif

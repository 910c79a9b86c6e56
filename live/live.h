/* The host on real sockets. Runs the same world as sim/virtual: every seat's addresses get sockets
 * on loopback, faults and latencies strike in the shared transit, and what is due leaves through a
 * real socket and comes back out of another.
 *
 * Whose time? While a seat is published, somebody outside may be waiting, and the clock is the
 * monotonic one. Without a published seat nobody can tell how long anything takes: the clock stands
 * still while something is on the wire and jumps where nothing is. So such a run never sleeps, and
 * no slow machine can change what it decides.
 *
 * Facts are recorded as in virtual time. What outsiders send arrives with flight 0, and their
 * address is their real one; what is sent to them has ARRIVED at "outside" once the system took it.
 * Losses of the host's own: "lost by the system", "no socket left". */
#ifndef FAULTZONE_LIVE_LIVE_H
#define FAULTZONE_LIVE_LIVE_H

#include "base/diag.h"
#include "base/entropy.h"
#include "live/acl.h"
#include "sim/world.h"

struct live;

struct live_options {
    /* The seat that outsiders may ask, and where: a loopback address, or with `allowed` any but a
     * wildcard. Port 0 takes any free one. Then
     * all other seats may be asked too, each at live_real_endpoint. A NULL name publishes nobody,
     * and what comes from outside is not heard. */
    const char *published_seat;
    struct endpoint published_at;
    /* Who may ask (borrowed); all others are REFUSED, and their connections closed. NULL: those on
     * loopback, and nothing else is heard. */
    const struct acl *allowed;
    bool stop_on_signals; /* SIGINT and SIGTERM end the run cleanly */
    /* The network is ours alone and has every simulated address: each seat is at its own, and
     * whoever comes from elsewhere than a seat may ask, from any address. The published seat is
     * reached at its own addresses too. */
    bool is_sealed;
    const char *const *absent; /* seats that get no sockets, ended by NULL; NULL: none */
};

/* Opens sockets for port 53 of every seat of `world` (borrowed) and becomes its host
 * (`world->host`). Seats added later are not served. NULL and a diag (without a place) if the
 * system refuses. */
struct live *live_open(struct world *world, const struct live_options *options,
                       struct diag *reterr);

/* As virtual_run; `limits->until` is an instant of the world's clock. With a seat published,
 * waiting until then takes real time, and `events_max` 0 sets no limit. A caught signal ends the
 * run as RUN_DONE and `live_was_stopped` says so. After world_reset all connections are dropped. */
instant_ns live_run(struct world *world, const struct run_limits *limits);

/* Lets runs end, as by a signal, once `descriptor` (borrowed) hangs up or has something to read.
 * False if it cannot be watched. */
bool live_stop_at(struct live *live, int descriptor);

bool live_was_stopped(const struct live *live);

/* Where the published seat can be asked, over UDP and TCP. */
struct endpoint live_published_at(const struct live *live);

/* The real endpoint, UDP and TCP, behind port 53 of a simulated address: for the published one
 * live_published_at. False if there is none. */
bool live_real_endpoint(const struct live *live, const struct endpoint *simulated,
                        struct endpoint *ret);

/* Opens sockets for `seat`, seated in the world since live_open (borrowed). False and a diag if the
 * system refuses. */
bool live_admit(struct live *live, const struct seat *seat, struct diag *reterr);

/* To be called after a world_reset while live_run is under way: drops connections and what is on
 * the wire, and goes on from the world's new clock. */
void live_rewind(struct live *live);

/* Moves the world's clock ahead, if nothing is on its way; else false, and nothing happens. */
bool live_advance(struct live *live, duration_ns duration);

/* The loop that live_run runs, for further handles; they must be closed before live_close. */
struct uv_loop_s *live_loop(struct live *live);

/* The system's random source for IDs and ports. */
struct entropy live_entropy(void);

/* Closes all sockets; the world has no host then. */
void live_close(struct live *live);

#endif

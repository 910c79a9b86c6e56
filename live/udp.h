/* UDP sockets on loopback that stand for simulated endpoints. Port 53 of every seat has one of its
 * own; all other endpoints borrow one from a pool while packets travel from or to them. */
#ifndef FAULTZONE_LIVE_UDP_H
#define FAULTZONE_LIVE_UDP_H

#include <uv.h>

#include "base/arena.h"
#include "live/acl.h"
#include "live/afloat.h"
#include "live/arrivals.h"
#include "live/atlas.h"
#include "live/mmsg.h"

#define UDP_POOL_MAX           128
#define UDP_OUTSIDE_OCTETS_MAX 4096           /* larger datagrams from outside are dropped unseen */
#define UDP_FORGED_MAX         32             /* endpoints that only forgers claim to be */
#define UDP_PATIENCE           (5 * NS_PER_S) /* then a datagram was lost by the system */

struct udp_port;

struct udp {
    uv_loop_t *loop;
    struct arena *arena;
    struct atlas atlas;
    struct afloat afloat;
    const struct arrivals *arrivals;
    struct mmsg_inbox inbox;
    struct mmsg_outbox outbox; /* what goes outside leaves in batches */
    struct udp_port *ports;    /* all that are open */
    struct udp_port *pool_oldest, *pool_newest;
    size_t pooled;
    size_t forged;              /* at most UDP_FORGED_MAX */
    struct udp_port *published; /* one more for outsiders to ask; NULL for none */
    bool hears_outsiders;       /* every socket but pooled ones does */
    bool is_sealed;             /* outsiders may come from any address, and ask the published one
                                   at its own too */
    const struct acl *allowed;  /* NULL: loopback */
    bool has_v6;                /* ::1 can be bound */
};

/* Prepares a zeroed `udp`; the rest is borrowed. False if memory ran out. */
bool udp_init(struct udp *udp, uv_loop_t *loop, struct arena *arena,
              const struct arrivals *arrivals);

/* Opens a socket of its own for `simulated`, bound to `real` (port 0: any). NULL and a uv error. */
struct udp_port *udp_open(struct udp *udp, const struct endpoint *simulated,
                          const struct endpoint *real, int *reterr);

/* Opens a further socket, at which only outsiders ask `simulated`; there can be one. */
struct udp_port *udp_publish(struct udp *udp, const struct endpoint *simulated,
                             const struct endpoint *real, int *reterr);

/* Takes back what udp_open or udp_publish did, e.g. because the same port is taken for TCP. */
void udp_withdraw(struct udp *udp, struct udp_port *port);

struct endpoint udp_real(const struct udp_port *port);

/* Puts a datagram between two simulated endpoints on the wire. */
void udp_carry(struct udp *udp, const struct packet *packet, uint64_t flight);

/* Sends a datagram to a real endpoint outside, from where its sender was asked, or in a sealed
 * network from where it claims to come: with the next udp_flush, and then `left` or `lost` tells.
 */
void udp_send_outside(struct udp *udp, const struct packet *packet, uint64_t flight);

/* Lets what waits leave. To be called before the loop waits. */
void udp_flush(struct udp *udp);

/* Datagrams that are on the wire. */
size_t udp_afloat(const struct udp *udp);

/* Gives up what has been on the wire for longer than UDP_PATIENCE. */
void udp_give_up(struct udp *udp);

/* Forgets what is on the wire or about to be, without a word. */
void udp_forget(struct udp *udp);

/* Closes all sockets; their handles end with the loop's next turn. */
void udp_close(struct udp *udp);

#endif

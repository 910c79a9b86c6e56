/* What requests to a served world mean: request in, response out. Sockets are somebody else's. The
 * reference is docs/reference/control.md. */
#ifndef FAULTZONE_HARNESS_CONTROL_H
#define FAULTZONE_HARNESS_CONTROL_H

#include "harness/editions.h"
#include "harness/history.h"
#include "live/control_socket.h"

#define CONTROL_ADVANCE_MAX (UINT64_C(366) * 24 * 3600 * NS_PER_S) /* of one request */

/* What the host of the world does for a request. */
struct control_host {
    bool (*real_endpoint)(void *context, const struct endpoint *simulated, struct endpoint *ret);
    void (*rewind)(void *context);                        /* the world was reset */
    bool (*advance)(void *context, duration_ns duration); /* false while packets are under way */
    void *context;
};

/* All borrowed. */
struct control {
    struct editions *editions;
    struct history *history;
    struct control_host host;
    uint64_t seed;             /* of the stage's runs */
    struct endpoint published; /* where the resolver is asked; real */
};

/* A control_socket's handler; the context is a control. Answers every request. */
void control_handle(void *context, const struct control_request *request, struct arena *arena,
                    struct control_response *ret);

/* For the rows of control.c: writes the state of the world. */
void control_put_state(struct json *json, const struct control *control);

/* Writes where a seat can be reached, for every address that has a real endpoint: members of the
 * list that is open. */
void control_put_seat(struct json *json, const struct control *control, const struct seat *seat);

#endif

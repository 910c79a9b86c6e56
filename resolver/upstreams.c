/* Connections to servers. */
#include "resolver/upstreams.h"

#include <assert.h>

#include "resolver/context.h"

bool upstreams_init(struct upstreams *upstreams, struct arena *arena, uint32_t count)
{
    *upstreams = (struct upstreams){.count = count};
    upstreams->items = ARENA_NEW_ARRAY(arena, struct upstream, count);
    if (upstreams->items == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        upstreams->items[i].open = false;
        upstreams->items[i].users = 0;
    }
    return true;
}

void upstreams_reset(struct upstreams *upstreams)
{
    for (uint32_t i = 0; i < upstreams->count; i++) {
        upstreams->items[i].open = false;
        upstreams->items[i].users = 0;
    }
    upstreams->open_count = 0;
    upstreams->last_serial = 0;
}

struct upstream *upstreams_find(const struct upstreams *upstreams, const struct packet *packet)
{
    uint32_t left = upstreams->open_count;
    for (uint32_t i = 0; left > 0; i++) {
        struct upstream *upstream = &upstreams->items[i];
        left -= upstream->open;
        if (upstream->open && endpoint_equal(&upstream->local, &packet->to) &&
            endpoint_equal(&upstream->server, &packet->from)) {
            return upstream;
        }
    }
    return NULL;
}

bool upstreams_have_port(const struct upstreams *upstreams, uint16_t port)
{
    uint32_t left = upstreams->open_count;
    for (uint32_t i = 0; left > 0; i++) {
        const struct upstream *upstream = &upstreams->items[i];
        left -= upstream->open;
        if (upstream->open && upstream->local.port == port) {
            return true;
        }
    }
    return false;
}

/* --- opening --- */

static bool takes_more(const struct context *context, const struct upstream *upstream,
                       const struct endpoint *server)
{
    return upstream->open && !upstream->retired &&
           upstream->asked < context->policy.tcp_reuse_max &&
           endpoint_equal(&upstream->server, server);
}

static struct upstream *find_shared(struct context *context, const struct endpoint *server)
{
    struct upstreams *upstreams = &context->upstreams;
    uint32_t left = upstreams->open_count;
    for (uint32_t i = 0; left > 0; i++) {
        struct upstream *upstream = &upstreams->items[i];
        left -= upstream->open;
        if (takes_more(context, upstream, server)) {
            return upstream;
        }
    }
    return NULL;
}

static void close_upstream(struct context *context, struct upstream *upstream)
{
    assert(upstream->open);
    outbox_end(context->outbox, &upstream->local, &upstream->server, PACKET_CLOSE);
    upstream->open = false;
    context->upstreams.open_count--;
}

/* One that is free, or the one idle for longest; NULL if all are in use. */
static struct upstream *find_free(struct context *context)
{
    struct upstreams *upstreams = &context->upstreams;
    struct upstream *idle = NULL;
    for (uint32_t i = 0; i < upstreams->count; i++) {
        struct upstream *upstream = &upstreams->items[i];
        if (upstream->users > 0) {
            continue;
        }
        if (!upstream->open) {
            return upstream;
        }
        if (idle == NULL || upstream->used < idle->used) {
            idle = upstream;
        }
    }
    if (idle != NULL) {
        close_upstream(context, idle);
    }
    return idle;
}

struct upstream *upstreams_take(struct context *context, const struct endpoint *server, bool anew)
{
    struct upstream *upstream = anew ? NULL : find_shared(context, server);
    if (upstream != NULL) {
        upstream->users++;
        return upstream;
    }
    upstream = find_free(context);
    if (upstream == NULL) {
        return NULL;
    }
    upstream->open = true;
    upstream->retired = false;
    upstream->heard = false;
    upstream->serial = ++context->upstreams.last_serial;
    upstream->users = 1;
    upstream->asked = 0;
    upstream->server = *server;
    upstream->local.port = 0;
    frame_start(&upstream->frame, upstream->octets, sizeof upstream->octets);
    context->upstreams.open_count++;
    return upstream;
}

/* --- ending --- */

static bool stays_open(const struct context *context, const struct upstream *upstream)
{
    return !upstream->retired && upstream->asked < context->policy.tcp_reuse_max &&
           context->policy.tcp_reuse_idle > 0;
}

void upstreams_release(struct context *context, struct upstream *upstream)
{
    assert(upstream->users > 0);
    upstream->users--;
    upstream->used = context->now;
    if (!upstream->open || upstream->users > 0) {
        return;
    }
    if (upstream->asked == 0) { /* nothing was sent: nobody knows of it */
        upstream->open = false;
        context->upstreams.open_count--;
    } else if (!stays_open(context, upstream)) {
        close_upstream(context, upstream);
    }
}

void upstreams_end(struct context *context, struct upstream *upstream, enum packet_kind kind)
{
    if (kind == PACKET_RESET) {
        upstream->open = false;
        context->upstreams.open_count--;
    } else {
        close_upstream(context, upstream);
    }
}

instant_ns upstreams_deadline(const struct upstreams *upstreams, duration_ns idle_max)
{
    instant_ns due = NEVER;
    uint32_t left = upstreams->open_count;
    for (uint32_t i = 0; left > 0; i++) {
        const struct upstream *upstream = &upstreams->items[i];
        left -= upstream->open;
        if (upstream->open && upstream->users == 0) {
            due = instant_earlier(due, instant_after(upstream->used, idle_max));
        }
    }
    return due;
}

void upstreams_wake(struct context *context)
{
    struct upstreams *upstreams = &context->upstreams;
    for (uint32_t i = 0; upstreams->open_count > 0 && i < upstreams->count; i++) {
        struct upstream *upstream = &upstreams->items[i];
        if (upstream->open && upstream->users == 0 &&
            instant_after(upstream->used, context->policy.tcp_reuse_idle) <= context->now) {
            close_upstream(context, upstream);
        }
    }
}

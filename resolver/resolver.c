/* The resolver as a machine: packets at port 53 are clients', all others replies to queries. */
#include "resolver/resolver.h"

#include <assert.h>
#include <stddef.h>

#include "resolver/context.h"
#include "resolver/lookups.h"
#include "resolver/service.h"

#define SEAT_TEXT_MAX 128

struct resolver {
    struct machine machine;
    struct context context;
    struct lookups lookups;
    struct service service;
};

static struct resolver *resolver_of(const struct machine *machine)
{
    return (struct resolver *)(uintptr_t)machine;
}

void context_tell(const struct context *context, struct trace_entry *entry)
{
    entry->kind = TRACE_DECISION;
    entry->at = context->now;
    entry->who = context->options.name;
    trace_put(context->options.trace, entry);
}

static void receive(struct resolver *resolver, const struct packet *packet)
{
    struct context *context = &resolver->context;
    if (packet->to.port == SERVICE_PORT) {
        service_receive(context, &resolver->service, packet);
        return;
    }
    struct upstream *upstream =
        packet->transport == TRANSPORT_TCP ? upstreams_find(&context->upstreams, packet) : NULL;
    struct exchange *exchange = exchange_find(&context->exchanges, packet);
    if (upstream != NULL) {
        lookups_read(context, upstream, packet);
    } else if (exchange != NULL) {
        lookups_receive(context, exchange, packet);
    } else if (packet->kind == PACKET_DATA) {
        context->counters.unmatched_replies++;
    }
}

static void step(struct machine *machine, const struct event *event, struct outbox *outbox)
{
    struct resolver *resolver = resolver_of(machine);
    struct context *context = &resolver->context;
    context->now = event->now;
    context->outbox = outbox;
    if (event->kind == EVENT_PACKET) {
        receive(resolver, &event->packet);
    } else {
        lookups_wake(context);
        upstreams_wake(context);
        service_wake(context, &resolver->service);
    }
    context->outbox = NULL;
}

static instant_ns deadline(const struct machine *machine)
{
    const struct resolver *resolver = resolver_of(machine);
    const struct context *context = &resolver->context;
    const struct policy *policy = &context->policy;
    const instant_ns idle =
        instant_earlier(upstreams_deadline(&context->upstreams, policy->tcp_reuse_idle),
                        service_deadline(&resolver->service, policy->tcp_idle_max));
    return instant_earlier(idle, lookups_deadline(&resolver->lookups));
}

static const struct machine_ops ops = {.step = step, .deadline = deadline};

/* Families that the resolver has no address of are switched off. */
static void take_options(struct context *context, const struct resolver_options *options)
{
    context->options = *options;
    context->policy = options->policy != NULL ? *options->policy : policy_default;
    if (options->v4.family == ADDRESS_NONE) {
        context->policy.ipv4 = false;
    }
    if (options->v6.family == ADDRESS_NONE) {
        context->policy.ipv6 = false;
    }
    context->lookups = NULL;
}

static bool open_servers(struct context *context, struct arena *arena)
{
    const struct policy *policy = &context->policy;
    struct servers *servers = &context->servers;
    if (!servers_init(servers, arena, policy->servers_known_max, policy->server_memory)) {
        return false;
    }
    servers_back_off(servers, policy->dead_after, policy->backoff_least, policy->backoff_most);
    return true;
}

static bool take_memory(struct resolver *resolver, struct arena *arena)
{
    struct context *context = &resolver->context;
    const struct policy *policy = &context->policy;
    context->cache = cache_new(arena, policy->cache_octets);
    context->lookups = &resolver->lookups;
    return context->cache != NULL && open_servers(context, arena) &&
           upstreams_init(&context->upstreams, arena, policy->tcp_upstream_max) &&
           lookups_init(&resolver->lookups, arena, policy) &&
           service_init(&resolver->service, arena, policy->tcp_clients_max);
}

static void seed_stream(struct rng *rng, uint64_t seed, const char *name, const char *purpose)
{
    char buffer[SEAT_TEXT_MAX];
    struct text text = text_in(buffer, sizeof buffer);
    text_put(&text, "seat:");
    text_put(&text, name);
    text_put(&text, purpose);
    rng_seed(rng, seed, bytes_of(buffer, text.size));
}

static void seed_dice(struct context *context, uint64_t seed)
{
    const char *name = context->options.name;
    seed_stream(&context->dice, seed, name, ":selection");
    seed_stream(&context->identities, seed, name, ":identity");
    context->entropy = context->options.entropy.next != NULL ? context->options.entropy
                                                             : entropy_of_rng(&context->identities);
}

struct resolver *resolver_new(struct arena *arena, const struct resolver_options *options)
{
    struct resolver *resolver = ARENA_NEW(arena, struct resolver);
    if (resolver == NULL) {
        return NULL;
    }
    resolver->machine.ops = &ops;
    take_options(&resolver->context, options);
    if (!take_memory(resolver, arena)) {
        return NULL;
    }
    seed_dice(&resolver->context, options->seed);
    return resolver;
}

struct machine *resolver_machine(struct resolver *resolver)
{
    return &resolver->machine;
}

void resolver_reset(struct resolver *resolver, uint64_t seed)
{
    struct context *context = &resolver->context;
    cache_reset(context->cache);
    servers_reset(&context->servers);
    exchanges_reset(&context->exchanges);
    upstreams_reset(&context->upstreams);
    lookups_reset(&resolver->lookups);
    service_reset(&resolver->service);
    seed_dice(context, seed);
    context->dnames_kept = false;
    context->counters = (struct resolver_counters){0};
}

void resolver_forget(struct resolver *resolver)
{
    cache_reset(resolver->context.cache);
}

void resolver_forget_name(struct resolver *resolver, const struct name *name)
{
    cache_forget_name(resolver->context.cache, name);
}

const struct resolver_counters *resolver_counters(const struct resolver *resolver)
{
    return &resolver->context.counters;
}

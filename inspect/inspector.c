/* The machine around an inspection: asks its question through a stub client, hands over what came,
 * and asks the next at once.
 *
 * The happy path: inspector_start makes it due; the wake puts the first question, and the client's
 * packet leaves in the same step. A step that ends a question puts the next. When no question is
 * left the inspector is done, and its deadline is never. */
#include "inspect/inspector.h"

#include "sim/client.h"
#include "wire/edns.h"

struct inspector {
    struct machine machine;
    struct inspector_options options;
    struct client *client;
    struct inspection *inspection; /* NULL: idle */
    struct probe probe;            /* under way */
    bool asking;
};

static const struct inspector *inspector_of_const(const struct machine *machine)
{
    return (const struct inspector *)machine;
}

static struct inspector *inspector_of(struct machine *machine)
{
    return (struct inspector *)machine;
}

static void decide(const struct inspector *inspector, instant_ns now, const char *what,
                   const struct probe *probe, const char *note)
{
    trace_put(inspector->options.trace, &(struct trace_entry){.at = now,
                                                              .kind = TRACE_DECISION,
                                                              .who = inspector->options.name,
                                                              .what = what,
                                                              .name = name_bytes(&probe->name),
                                                              .type = probe->type,
                                                              .peer = inspector->options.resolver,
                                                              .note = note});
}

/* Says every verdict that has come about since `before` records were judged. */
static void tell_verdicts(const struct inspector *inspector, size_t before, instant_ns now)
{
    const struct inspection *inspection = inspector->inspection;
    for (size_t i = before; i < inspection->judged; i++) {
        const struct inspected *inspected = &inspection->records[i];
        const struct probe asked = probe_of(&inspected->record->name, inspected->record->type);
        decide(inspector, now, setup_verdict_name(inspected->verdict), &asked,
               inspected->cause == NULL ? NULL : inspected->cause->slug);
    }
}

/* Puts the next question to the client, if there is one. */
static void ask_next(struct inspector *inspector, instant_ns now)
{
    const size_t before = inspector->inspection->judged;
    inspector->asking = inspection_next(inspector->inspection, &inspector->probe);
    tell_verdicts(inspector, before, now);
    if (!inspector->asking) {
        return;
    }
    decide(inspector, now, "probe", &inspector->probe, NULL);
    struct client_question question = {.type = inspector->probe.type,
                                       .server = inspector->options.resolver,
                                       .recursion_desired = true,
                                       .udp_size = EDNS_UDP_SIZE};
    name_copy(&question.name, &inspector->probe.name);
    client_ask(inspector->client, &question, now);
}

/* Hands what came of the client's question to the inspection. */
static void take_answer(struct inspector *inspector)
{
    const struct client_answer *answer = client_answer(inspector->client);
    if (answer->state == CLIENT_ANSWERED) {
        inspection_take_reply(inspector->inspection, &inspector->probe, &answer->parsed);
    } else {
        inspection_take_trouble(inspector->inspection, &inspector->probe, answer->why);
    }
}

static void step(struct machine *machine, const struct event *event, struct outbox *outbox)
{
    struct inspector *inspector = inspector_of(machine);
    machine_step(client_machine(inspector->client), event, outbox);
    if (inspector->inspection == NULL || !inspector->asking || !client_is_done(inspector->client)) {
        return;
    }
    take_answer(inspector);
    ask_next(inspector, event->now);
    if (inspector->asking) {
        const struct event wake = {.kind = EVENT_WAKE, .now = event->now};
        machine_step(client_machine(inspector->client), &wake, outbox);
    }
}

static instant_ns deadline(const struct machine *machine)
{
    return machine_deadline(client_machine(inspector_of_const(machine)->client));
}

static const struct machine_ops ops = {step, deadline};

struct inspector *inspector_new(struct arena *arena, const struct inspector_options *options)
{
    const bool no_timeout = options->timeout == 0;
    const bool no_tries = options->tries_max == 0;
    const struct client_options stub = {
        .name = options->name,
        .v4 = options->v4,
        .v6 = options->v6,
        .trace = options->trace,
        .entropy = options->entropy,
        .timeout = no_timeout ? INSPECTOR_TIMEOUT_DEFAULT : options->timeout,
        .tries_max = no_tries ? INSPECTOR_TRIES_MAX_DEFAULT : options->tries_max,
    };
    struct inspector *inspector = ARENA_NEW(arena, struct inspector);
    struct client *client = client_new(arena, &stub);
    if (inspector == NULL || client == NULL) {
        return NULL;
    }
    inspector->machine.ops = &ops;
    inspector->options = *options;
    inspector->client = client;
    return inspector;
}

struct machine *inspector_machine(struct inspector *inspector)
{
    return &inspector->machine;
}

/* Any number will do, as long as the same plan gets the same. */
static uint64_t salt_of(const struct plan *plan)
{
    return plan->count > 0 ? name_hash(&plan->records[0].name) : 0;
}

const struct inspection *inspector_start(struct inspector *inspector, const struct plan *plan,
                                         struct arena *arena, instant_ns now)
{
    inspector_reset(inspector);
    inspector->inspection = inspection_new(arena, plan, salt_of(plan));
    if (inspector->inspection != NULL) {
        ask_next(inspector, now);
    }
    return inspector->inspection;
}

bool inspector_is_done(const struct inspector *inspector)
{
    return !inspector->asking;
}

void inspector_reset(struct inspector *inspector)
{
    inspector->inspection = NULL;
    inspector->asking = false;
    client_reset(inspector->client);
}

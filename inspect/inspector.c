/* The machine around an inspection: asks its questions through stub clients, a few at once, hands
 * over what came, and asks for what is open then.
 *
 * The happy path: inspector_start makes it due; the wake puts the first questions, and the clients'
 * packets leave in the same step. A step that ends a question puts the next. When no question is
 * left the inspector is done, and its deadline is never. When the budget is spent, what is under
 * way is dropped, and the inspection judges by what it knows. */
#include "inspect/inspector.h"

#include "sim/client.h"
#include "wire/edns.h"

/* A stub client, and what it has been asked. */
struct asker {
    struct client *client;
    struct probe probe;
    bool asking;
    bool late; /* it was put more than once */
};

struct inspector {
    struct machine machine;
    struct inspector_options options;
    struct asker servers[INSPECTOR_ASKING_MAX];
    struct asker resolver[INSPECTOR_RESOLVING_MAX];
    struct inspection *inspection; /* NULL: idle */
    instant_ns ends_at;            /* the budget's end in time */
    unsigned tries;                /* datagrams and connections of questions that have ended */
};

static const struct inspector *inspector_of_const(const struct machine *machine)
{
    return (const struct inspector *)machine;
}

static struct inspector *inspector_of(struct machine *machine)
{
    return (struct inspector *)machine;
}

/* Asker number `index`: the resolver's are the last. */
#define ASKERS (INSPECTOR_ASKING_MAX + INSPECTOR_RESOLVING_MAX)

static struct asker *asker_at(struct inspector *inspector, size_t index)
{
    return index < INSPECTOR_ASKING_MAX ? &inspector->servers[index]
                                        : &inspector->resolver[index - INSPECTOR_ASKING_MAX];
}

static const struct asker *asker_at_const(const struct inspector *inspector, size_t index)
{
    return index < INSPECTOR_ASKING_MAX ? &inspector->servers[index]
                                        : &inspector->resolver[index - INSPECTOR_ASKING_MAX];
}

/* --- decisions --- */

static void decide(const struct inspector *inspector, instant_ns now, const char *what,
                   const struct probe *probe, const char *note)
{
    struct client_question question;
    probe_question(probe, &inspector->options.resolver, &question);
    trace_put(inspector->options.trace, &(struct trace_entry){.at = now,
                                                              .kind = TRACE_DECISION,
                                                              .who = inspector->options.name,
                                                              .what = what,
                                                              .name = name_bytes(&probe->name),
                                                              .type = probe->type,
                                                              .peer = question.server,
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

/* --- asking --- */

static bool is_under_way(const struct inspector *inspector, const struct probe *probe)
{
    for (size_t i = 0; i < ASKERS; i++) {
        const struct asker *asker = asker_at_const(inspector, i);
        if (asker->asking && probe_equal(&asker->probe, probe)) {
            return true;
        }
    }
    return false;
}

/* Somebody free for the question, NULL if all are busy. */
static struct asker *find_asker(struct inspector *inspector, const struct probe *probe)
{
    const bool resolves = probe->view == VIEW_RESOLVER;
    for (size_t i = resolves ? INSPECTOR_ASKING_MAX : 0;
         i < (resolves ? ASKERS : INSPECTOR_ASKING_MAX); i++) {
        if (!asker_at(inspector, i)->asking) {
            return asker_at(inspector, i);
        }
    }
    return NULL;
}

static void put_question(struct inspector *inspector, const struct probe *probe, instant_ns now)
{
    struct asker *asker = is_under_way(inspector, probe) ? NULL : find_asker(inspector, probe);
    if (asker == NULL) {
        return;
    }
    struct client_question question;
    probe_question(probe, &inspector->options.resolver, &question);
    decide(inspector, now, "probe", probe, NULL);
    asker->probe = *probe;
    asker->asking = true;
    asker->late = false;
    const instant_ns due = instant_after(now, probe->wait);
    client_ask(asker->client, &question, due);
    if (probe->wait > 0) { /* the time waited is none of the budget's */
        const instant_ns end = instant_after(due, inspector->options.time_max);
        inspector->ends_at = end > inspector->ends_at ? end : inspector->ends_at;
    }
}

static bool is_asking(const struct inspector *inspector)
{
    for (size_t i = 0; i < ASKERS; i++) {
        if (asker_at_const(inspector, i)->asking) {
            return true;
        }
    }
    return false;
}

static void drop_questions(struct inspector *inspector)
{
    for (size_t i = 0; i < ASKERS; i++) {
        asker_at(inspector, i)->asking = false;
        client_reset(asker_at(inspector, i)->client);
    }
}

/* Puts what is open and not under way; when nothing is, what is under way does not matter. */
static void ask_on(struct inspector *inspector, instant_ns now)
{
    struct probe wanted[WANTED_MAX];
    const size_t before = inspector->inspection->judged;
    const size_t count = inspection_wants(inspector->inspection, wanted, WANTED_MAX);
    tell_verdicts(inspector, before, now);
    for (size_t i = 0; i < count; i++) {
        put_question(inspector, &wanted[i], now);
    }
    if (count == 0) {
        drop_questions(inspector);
    }
}

static bool is_spent(const struct inspector *inspector, instant_ns now)
{
    const unsigned each = inspector->options.questions_max;
    return now >= inspector->ends_at ||
           inspector->tries >= each * (unsigned)inspector->inspection->count;
}

/* --- hearing --- */

static enum trouble trouble_of(const struct client_answer *answer)
{
    if (answer->saw_truncation) {
        return TROUBLE_NO_TCP;
    }
    if (answer->state == CLIENT_FAILED && answer->was_refused) {
        return TROUBLE_SILENCE;
    }
    if (answer->state == CLIENT_FAILED) {
        const bool cut = answer->why == message_outcome_text(MESSAGE_RECORD_CUT) ||
                         answer->why == message_outcome_text(MESSAGE_NAME_CUT);
        return cut ? TROUBLE_CUT : TROUBLE_MALFORMED;
    }
    return answer->saw_mismatch ? TROUBLE_MISMATCH : TROUBLE_SILENCE;
}

/* Hands what came of a client's question to the inspection. */
static void take_answer(struct inspector *inspector, struct asker *asker)
{
    const struct client_answer *answer = client_answer(asker->client);
    inspector->tries += answer->tries;
    asker->asking = false;
    if (answer->state == CLIENT_ANSWERED) {
        inspection_take_reply(inspector->inspection, &asker->probe, &answer->parsed);
    } else {
        inspection_take_trouble(inspector->inspection, &asker->probe, trouble_of(answer),
                                answer->why);
    }
}

/* True if a question has ended. */
static bool take_answers(struct inspector *inspector)
{
    bool any = false;
    for (size_t i = 0; i < ASKERS; i++) {
        struct asker *asker = asker_at(inspector, i);
        if (asker->asking && client_is_done(asker->client)) {
            take_answer(inspector, asker);
            any = true;
        }
    }
    return any;
}

/* The client that waits for just this packet, NULL if none does. */
static struct client *find_awaiting(const struct inspector *inspector, const struct packet *packet)
{
    for (size_t i = 0; i < ASKERS; i++) {
        const struct asker *asker = asker_at_const(inspector, i);
        if (asker->asking && client_awaits(asker->client, packet)) {
            return asker->client;
        }
    }
    return NULL;
}

/* A packet that nobody waits for is seen by every client, who knows its own port. Else by one: two
 * may have drawn the same port, and the other's answer is nothing to remark upon. */
static void step_clients(struct inspector *inspector, const struct event *event,
                         struct outbox *outbox)
{
    struct client *awaiting =
        event->kind == EVENT_PACKET ? find_awaiting(inspector, &event->packet) : NULL;
    if (awaiting != NULL) {
        machine_step(client_machine(awaiting), event, outbox);
        return;
    }
    for (size_t i = 0; i < ASKERS; i++) {
        struct machine *client = client_machine(asker_at(inspector, i)->client);
        if (event->kind == EVENT_PACKET || machine_deadline(client) <= event->now) {
            machine_step(client, event, outbox);
        }
    }
}

/* Notes the questions that have to be put again. True if there is one more of them. */
static bool note_late(struct inspector *inspector)
{
    bool any = false;
    for (size_t i = 0; i < ASKERS; i++) {
        struct asker *asker = asker_at(inspector, i);
        if (asker->asking && !asker->late && client_answer(asker->client)->tries > 1) {
            inspection_note_late(inspector->inspection, &asker->probe);
            asker->late = any = true;
        }
    }
    return any;
}

static void step(struct machine *machine, const struct event *event, struct outbox *outbox)
{
    struct inspector *inspector = inspector_of(machine);
    step_clients(inspector, event, outbox);
    if (inspector->inspection == NULL || !is_asking(inspector)) {
        return;
    }
    const bool ended = take_answers(inspector);
    const bool late = note_late(inspector);
    const bool spent = is_spent(inspector, event->now);
    if (spent) {
        inspection_stop_asking(inspector->inspection);
    }
    if (ended || late || spent) {
        const struct event wake = {.kind = EVENT_WAKE, .now = event->now};
        ask_on(inspector, event->now);
        step_clients(inspector, &wake, outbox);
    }
}

static instant_ns deadline(const struct machine *machine)
{
    const struct inspector *inspector = inspector_of_const(machine);
    instant_ns earliest = is_asking(inspector) ? inspector->ends_at : NEVER;
    for (size_t i = 0; i < ASKERS; i++) {
        struct client *client = asker_at_const(inspector, i)->client;
        earliest = instant_earlier(earliest, machine_deadline(client_machine(client)));
    }
    return earliest;
}

/* --- the machine --- */

static const struct machine_ops ops = {step, deadline};

static bool make_askers(struct inspector *inspector, struct arena *arena)
{
    const struct inspector_options *options = &inspector->options;
    struct client_options stub = {
        .name = options->name,
        .v4 = options->v4,
        .v6 = options->v6,
        .trace = options->trace,
        .entropy = options->entropy,
        .timeout = options->timeout,
        .tries_max = options->tries_max,
    };
    bool all = true;
    for (size_t i = 0; i < INSPECTOR_RESOLVING_MAX; i++) {
        inspector->resolver[i].client = client_new(arena, &stub);
        all &= inspector->resolver[i].client != NULL;
    }
    stub.timeout = INSPECTOR_SERVER_TIMEOUT;
    stub.timeout_most = INSPECTOR_SERVER_TIMEOUT_MOST;
    stub.tries_max = INSPECTOR_SERVER_TRIES_MAX;
    for (size_t i = 0; i < INSPECTOR_ASKING_MAX; i++) {
        inspector->servers[i].client = client_new(arena, &stub);
        all &= inspector->servers[i].client != NULL;
    }
    return all;
}

static void fill_in_defaults(struct inspector_options *options)
{
    options->timeout = options->timeout == 0 ? INSPECTOR_TIMEOUT_DEFAULT : options->timeout;
    options->tries_max = options->tries_max == 0 ? INSPECTOR_TRIES_MAX_DEFAULT : options->tries_max;
    options->questions_max =
        options->questions_max == 0 ? INSPECTOR_QUESTIONS_DEFAULT : options->questions_max;
    options->time_max = options->time_max == 0 ? INSPECTOR_TIME_DEFAULT : options->time_max;
}

struct inspector *inspector_new(struct arena *arena, const struct inspector_options *options)
{
    struct inspector *inspector = ARENA_NEW(arena, struct inspector);
    if (inspector == NULL) {
        return NULL;
    }
    inspector->machine.ops = &ops;
    inspector->options = *options;
    fill_in_defaults(&inspector->options);
    return make_askers(inspector, arena) ? inspector : NULL;
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

bool inspector_awaits(const struct inspector *inspector, const struct packet *packet)
{
    return find_awaiting(inspector, packet) != NULL;
}

const struct inspection *inspector_start(struct inspector *inspector, const struct plan *plan,
                                         struct arena *arena, instant_ns now)
{
    const struct inspector_options *options = &inspector->options;
    const struct vantage vantage = {
        .has_resolver = options->resolver.address.family != ADDRESS_NONE,
        .roots = options->roots,
        .root_count = options->root_count,
        .known = options->known,
        .suffixes = options->suffixes,
        .v4 = options->v4.family != ADDRESS_NONE,
        .v6 = options->v6.family != ADDRESS_NONE,
    };
    inspector_reset(inspector);
    inspector->inspection = inspection_new(arena, plan, &vantage, salt_of(plan));
    if (inspector->inspection != NULL) {
        inspector->ends_at = instant_after(now, options->time_max);
        inspector->tries = 0;
        ask_on(inspector, now);
    }
    return inspector->inspection;
}

bool inspector_is_done(const struct inspector *inspector)
{
    return !is_asking(inspector);
}

void inspector_reset(struct inspector *inspector)
{
    inspector->inspection = NULL;
    drop_questions(inspector);
}

/* The set-up check among servers that lie and a network that loses and forges. An octet chooses the
 * world, one the plan, one whether the servers are hostile too; the rest decides what becomes of
 * packets on their way to the check and to the resolver (hostile.h). What must hold: the check ends
 * within its time and its budget of questions; it never asks where a forgery sends it; by what the
 * network does a verdict becomes a temporary one and no other; nothing is verified that no server
 * of its zone has published, whatever servers say; what it tells is clean; the same input gives the
 * same trace. */
#include <assert.h>

#include "fuzz/hostile.h"
#include "fuzz/target.h"
#include "sim/decoy.h"
#include "wire/rrtype.h"

#define SEED           1
#define EVENTS_MAX     100000
#define MEMORY_CEILING ((size_t)16 * 1024 * 1024)
#define TWICE_EVERY    16 /* inputs of which one is run again */
#define RECORDS_MAX    3  /* of a plan */

/* What may be under way when the budget ends: the tries of a resolver's question, the most there
 * are, and a connection. */
#define UNDER_WAY_MAX                                                                              \
    ((INSPECTOR_ASKING_MAX + INSPECTOR_RESOLVING_MAX) * (INSPECTOR_TRIES_MAX_DEFAULT + 1))

/* --- plans --- */

struct wanted {
    const char *name;
    uint16_t type;
    const char *value;
    bool nowhere; /* no server of the name's zone has ever said so */
};

#define KEY_NAME "k1._domainkey.customer.example"

/* It has the mark in it, which nothing genuine has, and which no server's message is given. */
#define NOBODYS_NAME "forged\\032by\\032the\\032fuzzer.test"

/* The public key of RFC 8032 7.1 test 2, which no world has. */
#define OTHER_KEY "v=DKIM1; k=ed25519; p=PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw="

static const struct wanted plans[][RECORDS_MAX] = {
    {{KEY_NAME, RRTYPE_CNAME, "k1.dkim.esp.example", false}},
    {{KEY_NAME, RRTYPE_CNAME, NOBODYS_NAME, true}},
    {{"k1.dkim.esp.example", RRTYPE_TXT, DECOY_MARK, true}},
    {{"k1.dkim.esp.example", RRTYPE_TXT, OTHER_KEY, true}},
    {{"customer.example", RRTYPE_TXT, "v=spf1 include:esp.example -all", false}},
    {{"customer.example", RRTYPE_MX, "mx." NOBODYS_NAME, true}},
    {{KEY_NAME, RRTYPE_CNAME, "k1.dkim.esp.example", false},
     {"track.customer.example", RRTYPE_CNAME, "track." NOBODYS_NAME, true},
     {"_dmarc.customer.example", RRTYPE_TXT, "v=DMARC1; p=reject", true}},
};
#define PLANS (sizeof plans / sizeof plans[0])

static struct plan plan_of(size_t index, struct plan_record records[RECORDS_MAX])
{
    struct plan plan = {.records = records};
    const struct wanted *wanted = plans[index];
    for (; plan.count < RECORDS_MAX && wanted[plan.count].name != NULL; plan.count++) {
        const struct wanted *row = &wanted[plan.count];
        struct name name;
        const char *why;
        const bool fine = name_parse_text(bytes_of_string(row->name), name_root(), &name, &why) &&
                          plan_record_make(&name, row->type, bytes_of_string(row->value),
                                           &records[plan.count], &why);
        assert(fine);
    }
    return plan;
}

/* --- eyes on what the check sends --- */

struct eyes {
    const struct scenario *scenario;
    unsigned tries; /* datagrams, and questions over TCP */
};

static void see(void *context, const struct trace_entry *entry)
{
    static const uint8_t forged[] = DECOY_MARK_ADDRESS;
    struct eyes *eyes = context;
    const struct packet *packet = &entry->packet;
    const struct address *from = &packet->from.address;
    if (entry->kind != TRACE_SENT || (!address_equal(from, &eyes->scenario->check_v4) &&
                                      !address_equal(from, &eyes->scenario->check_v6))) {
        return;
    }
    eyes->tries += packet->kind == PACKET_DATA;
    assert(memcmp(packet->to.address.octets, forged, sizeof forged) != 0);
}

/* --- what it comes to --- */

static bool is_done(void *inspector)
{
    return inspector_is_done(inspector);
}

static void check_words(const struct inspected *inspected)
{
    static char buffer[1 << 16];
    struct text text = text_in(buffer, sizeof buffer);
    inspected_put(&text, inspected);
    inspected_why_put(&text, inspected);
    inspected_fix_put(&text, inspected);
    check_clean(&text);
}

/* The whole check; its records' verdicts. */
static void inspect(struct stage *stage, const struct plan *plan,
                    enum setup_verdict ret[RECORDS_MAX])
{
    struct eyes eyes = {.scenario = stage->scenario};
    const struct run_limits limits = {
        .until = NEVER, .events_max = EVENTS_MAX, .done = is_done, .context = stage->inspector};
    struct arena arena;
    arena_init(&arena, MEMORY_CEILING);
    stage->trace.listener = see;
    stage->trace.listener_context = &eyes;
    const struct inspection *inspection =
        inspector_start(stage->inspector, plan, &arena, stage->world->now);
    assert(inspection != NULL);
    hostile_run(stage->world, &limits);
    stage->trace.listener = NULL;
    assert(stage->world->ended == RUN_DONE && inspection_is_done(inspection));
    assert(stage->world->now <= INSPECTOR_TIME_DEFAULT);
    assert(eyes.tries <= INSPECTOR_QUESTIONS_DEFAULT * plan->count + UNDER_WAY_MAX);
    for (size_t i = 0; i < plan->count; i++) {
        check_words(&inspection->records[i]);
        ret[i] = inspection->records[i].verdict;
    }
    arena_free(&arena);
}

/* The digest of its trace, if that is wanted: it is much of the work. */
static uint64_t run(bool digests, size_t world_index, size_t plan_index, unsigned powers,
                    struct input input, enum setup_verdict ret[RECORDS_MAX])
{
    static struct hostile hostile;
    struct plan_record records[RECORDS_MAX];
    const struct plan plan = plan_of(plan_index, records);
    struct stage *stage = fuzz_world_stage(world_index);
    stage_reset(stage, SEED);
    hostile_start(&hostile, fuzz_world(world_index), stage, powers, input);
    stage->trace.is_passing = !digests;
    inspect(stage, &plan, ret);
    stage->trace.is_passing = false;
    return digests ? trace_digest(&stage->trace) : 0;
}

/* The verdicts when nobody interferes. */
static const enum setup_verdict *undisturbed(size_t world_index, size_t plan_index)
{
    static enum setup_verdict verdicts[WORLDS][PLANS][RECORDS_MAX];
    static bool known[WORLDS][PLANS];
    enum setup_verdict *ret = verdicts[world_index][plan_index];
    if (!known[world_index][plan_index]) {
        run(false, world_index, plan_index, 0, input_of(NULL, 0), ret);
        known[world_index][plan_index] = true;
    }
    return ret;
}

static void check_verdicts(size_t plan_index, unsigned powers, const enum setup_verdict *seen,
                           const enum setup_verdict *true_ones)
{
    for (size_t i = 0; i < RECORDS_MAX && plans[plan_index][i].name != NULL; i++) {
        assert(!plans[plan_index][i].nowhere || seen[i] != SETUP_VERIFIED);
        if ((powers & HOSTILE_SERVERS) == 0) {
            assert(seen[i] == true_ones[i] || seen[i] == SETUP_RETRY_LATER);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum setup_verdict seen[RECORDS_MAX] = {0};
    struct input input = input_of(data, size);
    const size_t world = input_below(&input, WORLDS);
    const size_t plan = input_below(&input, PLANS);
    const unsigned servers = input_below(&input, 2) == 0 ? 0 : HOSTILE_SERVERS;
    const unsigned powers = HOSTILE_NETWORK | HOSTILE_TO_CHECK | servers;
    const enum setup_verdict *true_ones = undisturbed(world, plan);
    const bool twice = size % TWICE_EVERY == 0;
    const uint64_t digest = run(twice, world, plan, powers, input, seen);
    check_verdicts(plan, powers, seen, true_ones);
    assert(!twice || run(true, world, plan, powers, input, seen) == digest);
    return 0;
}

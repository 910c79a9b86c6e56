/* The resolver among servers that lie and a network that forges. An octet chooses the world, then
 * each question takes three: name, type, and how long after the last one; the rest decides what
 * becomes of packets (hostile.h), eyes on them (watch.h). What must hold: every question is
 * answered once and in time, for no more queries than the policy says; nothing forged reaches a
 * client or is asked; what the cache answers alone is never fresher than before; the same input
 * gives the same trace. */
#include <assert.h>

#include "fuzz/hostile.h"
#include "fuzz/target.h"
#include "fuzz/watch.h"
#include "wire/rrtype.h"

#define SEED          1
#define QUESTIONS_MAX 6
#define EVENTS_MAX    100000
#define TWICE_EVERY   16 /* inputs of which one is run again */

static bool is_done(void *client)
{
    return client_is_done(client);
}

static void pause_for(struct stage *stage, uint8_t how)
{
    /* nothing, or 2^0 to 2^15 s */
    const duration_ns pause = how % 2 == 0 ? 0 : NS_PER_S << (how / 2 % 16);
    const struct run_limits limits = {.until = stage->world->now + pause, .events_max = EVENTS_MAX};
    hostile_run(stage->world, &limits);
    assert(stage->world->ended != RUN_EVENTS);
}

struct seen {
    struct client_question question;
    uint32_t ttl;
    bool from_cache; /* nobody was asked for it */
};

/* The cache's word is never fresher than what was said before, if nobody was asked since. */
static void check_age(const struct seen *seen, size_t count)
{
    const struct seen *now = &seen[count];
    for (size_t i = count; i-- > 0 && seen[i + 1].from_cache;) {
        const struct seen *one = &seen[i];
        if (one->question.type == now->question.type && one->ttl != UINT32_MAX &&
            now->ttl != UINT32_MAX && name_equal(&one->question.name, &now->question.name)) {
            assert(now->ttl <= one->ttl);
        }
    }
}

static void ask(struct stage *stage, struct watch *watch, struct seen *seen, size_t count)
{
    const struct run_limits limits = {
        .until = NEVER, .events_max = EVENTS_MAX, .done = is_done, .context = stage->client};
    struct seen *now = &seen[count];
    watch_question(watch, stage->world->now);
    client_ask(stage->client, &now->question, stage->world->now);
    hostile_run(stage->world, &limits);
    assert(stage->world->ended == RUN_DONE);
    assert(client_answer(stage->client)->state == CLIENT_ANSWERED && watch->answers > 0);
    now->ttl = watch->least_ttl;
    now->from_cache = watch->upstream == 0;
    check_age(seen, count);
}

/* Plays the input. The digest of its trace, if that is wanted: it is much of the work. */
static uint64_t run(const uint8_t *data, size_t size, bool digests)
{
    static const uint16_t types[] = {RRTYPE_TXT, RRTYPE_A,    RRTYPE_AAAA, RRTYPE_CNAME,
                                     RRTYPE_NS,  RRTYPE_SOA,  RRTYPE_MX,   RRTYPE_DS,
                                     RRTYPE_ANY, RRTYPE_HTTPS};
    static struct hostile hostile;
    static struct seen seen[QUESTIONS_MAX];
    struct input input = input_of(data, size);
    const size_t index = input_below(&input, WORLDS);
    const struct fuzz_world *world = fuzz_world(index);
    struct stage *stage = fuzz_world_stage(index);
    const size_t questions = (size_t)input_below(&input, QUESTIONS_MAX) + 1;
    struct input choices = input_of(data, size);
    struct watch watch;
    input_take(&choices, 2);
    input_take(&input, questions * 3);
    stage_reset(stage, SEED);
    stage->trace.is_passing = !digests;
    watch_start(&watch, stage);
    hostile_start(&hostile, world, stage, HOSTILE_NETWORK | HOSTILE_SERVERS, input);
    for (size_t i = 0; i < questions; i++) {
        struct client_question *question = &seen[i].question;
        *question = (struct client_question){
            .server = {.address = stage->scenario->resolver_v4, .port = 53},
            .recursion_desired = true,
            .udp_size = EDNS_UDP_SIZE};
        const char *name = world->names[input_below(&choices, 8)];
        name_parse_text(bytes_of_string(name), NULL, &question->name, NULL);
        question->type = types[input_below(&choices, sizeof types / sizeof types[0])];
        question->dnssec_ok = input_is_empty(&choices);
        pause_for(stage, input_u8(&choices));
        ask(stage, &watch, seen, i);
    }
    stage->trace.listener = NULL;
    stage->trace.is_passing = false;
    return digests ? trace_digest(&stage->trace) : 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const bool twice = size % TWICE_EVERY == 0;
    const uint64_t digest = run(data, size, twice);
    assert(!twice || run(data, size, true) == digest);
    return 0;
}

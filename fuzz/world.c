/* A whole small scenario with its verifier and its set-up check, on a network that an input
 * commands. The first octet chooses the world, the rest decides what becomes of packets on their
 * way to the resolver: no more than the network may do (hostile.h). What must hold: a verdict is
 * the world's own or a temporary one, never another; nothing forged is believed; every step ends;
 * the same input gives the same trace. */
#include <assert.h>

#include "fuzz/hostile.h"
#include "fuzz/target.h"
#include "harness/run.h"
#include "inspect/inspection.h"

#define SEED           1
#define RESULT_CEILING ((size_t)16 * 1024 * 1024)
#define TWICE_EVERY    16

static void check_outcome(const struct fuzz_world *world, const struct step_outcome *outcome)
{
    assert(outcome->end == STEP_ENDED);
    if (outcome->step->kind == STEP_DKIM) {
        const enum dkim_word word = outcome->dkim.word;
        assert(word == world->dkim || word == DKIM_TEMPERROR);
    } else if (outcome->step->kind == STEP_SETUP) {
        assert(inspection_is_done(outcome->inspection));
        const enum setup_verdict verdict = outcome->inspection->verdict;
        assert(verdict == world->verdict || verdict == SETUP_RETRY_LATER);
    }
}

static uint64_t run(const uint8_t *data, size_t size)
{
    static struct hostile hostile;
    struct input input = input_of(data, size);
    const size_t index = input_below(&input, WORLDS);
    const struct fuzz_world *world = fuzz_world(index);
    struct stage *stage = fuzz_world_stage(index);
    struct arena arena;
    struct run_result result;
    arena_init(&arena, RESULT_CEILING);
    hostile_start(&hostile, world, stage, HOSTILE_NETWORK, input);
    scenario_run(stage, hostile_run, SEED, &arena, &result);
    assert(!result.broken);
    for (size_t i = 0; i < result.outcome_count; i++) {
        check_outcome(world, &result.outcomes[i]);
    }
    arena_free(&arena);
    return result.digest;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint64_t digest = run(data, size);
    if (size % TWICE_EVERY == 0) {
        assert(run(data, size) == digest);
    }
    return 0;
}

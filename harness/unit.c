#include "harness/unit.h"

#include <assert.h>

#include "harness/rpl.h"
#include "sim/virtual.h"

void unit_init(struct unit *unit)
{
    unit->path = unit->id = NULL;
    unit->status = UNIT_IDLE;
    unit->result = (struct run_result){0};
    unit->scenario = NULL;
    unit->stage = NULL;
    unit->skip = NULL;
    unit->diags = (struct diags){.items = unit->diag_items, .capacity = UNIT_DIAGS_MAX};
    arena_init(&unit->scenario_arena, UNIT_SCENARIO_MAX);
    arena_init(&unit->stage_arena, UNIT_ARENA_MAX);
    arena_init(&unit->trace_arena, UNIT_ARENA_MAX);
    arena_init(&unit->result_arena, UNIT_ARENA_MAX);
}

void unit_free(struct unit *unit)
{
    arena_free(&unit->result_arena);
    arena_free(&unit->trace_arena);
    arena_free(&unit->stage_arena);
    arena_free(&unit->scenario_arena);
    unit_init(unit);
}

/* What was loaded before is forgotten. */
static void start_loading(struct unit *unit, const char *path, const char *id)
{
    arena_reset(&unit->result_arena);
    arena_reset(&unit->trace_arena);
    arena_reset(&unit->stage_arena);
    arena_reset(&unit->scenario_arena);
    unit->path = path;
    unit->id = id;
    unit->skip = NULL;
    unit->stage = NULL;
    unit->diags.count = unit->diags.dropped = 0;
    unit->result = (struct run_result){0};
}

static bool take_scenario(struct unit *unit, const struct scenario *scenario)
{
    unit->scenario = scenario;
    unit->status = scenario != NULL ? UNIT_IDLE : UNIT_UNLOADED;
    return scenario != NULL;
}

bool unit_load(struct unit *unit, const char *path, const char *id)
{
    start_loading(unit, path, id);
    return take_scenario(unit, scenario_load(path, id, &unit->scenario_arena, &unit->diags));
}

static bool has_world(struct unit *unit)
{
    if (unit->scenario->played == NULL) {
        return true;
    }
    struct diag *diag = diags_add(&unit->diags, (struct place){.file = unit->path},
                                  "an .rpl scenario has no zones and runs in virtual time only");
    diags_hint(diag, "run, list, lint and show take it");
    return take_scenario(unit, NULL);
}

bool unit_load_world(struct unit *unit, const char *path, const char *id)
{
    return unit_load(unit, path, id) && has_world(unit);
}

bool unit_parse_world(struct unit *unit, struct bytes text, const char *path)
{
    start_loading(unit, path, path);
    return take_scenario(unit,
                         scenario_parse(text, path, path, &unit->scenario_arena, &unit->diags)) &&
           has_world(unit);
}

bool unit_stage(struct unit *unit, uint64_t seed, struct entropy entropy)
{
    assert(unit->scenario != NULL);
    const struct stage_options options = {.seed = seed, .entropy = entropy};
    unit->result = (struct run_result){.scenario = unit->scenario, .seed = seed};
    unit->stage = stage_build(unit->scenario, &options, &unit->stage_arena, &unit->trace_arena,
                              &unit->result.error);
    unit->result.broken = unit->stage == NULL;
    unit->status = unit->stage != NULL ? UNIT_IDLE : UNIT_BROKEN;
    return unit->stage != NULL;
}

void unit_run(struct unit *unit, host_run *host, uint64_t seed)
{
    arena_reset(&unit->result_arena);
    scenario_run(unit->stage, host, seed, &unit->result_arena, &unit->result);
    unit->status = unit->result.broken      ? UNIT_BROKEN
                   : unit->result.unmet > 0 ? UNIT_FAILED
                                            : UNIT_PASSED;
}

/* True if the loaded scenario cannot be judged here; then it is SKIPPED. */
static bool skips(struct unit *unit)
{
    const struct rpl *rpl = unit->scenario->played;
    if (rpl == NULL || rpl->skip == NULL) {
        return false;
    }
    unit->skip = rpl->skip;
    unit->result.scenario = unit->scenario;
    unit->status = UNIT_SKIPPED;
    return true;
}

void unit_judge(struct unit *unit, const char *path, const char *id, uint64_t run_seed)
{
    const uint64_t seed = run_unit_seed(run_seed, id);
    if (unit_load(unit, path, id) && !skips(unit) && unit_stage(unit, seed, (struct entropy){0})) {
        unit_run(unit, virtual_run, seed);
    }
}

const char *unit_status_name(enum unit_status status)
{
    static const char *const names[] = {"idle",   "passed",  "failed",
                                        "broken", "skipped", "unloaded"};
    return names[status];
}

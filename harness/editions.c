/* See the header. */
#include "harness/editions.h"

#include <assert.h>

#include "harness/challenge.h"
#include "harness/json_nodes.h"
#include "harness/keyring.h"

static const struct place place_of_request = {.file = "request"};

/* --- edits --- */

static struct edits new_edits(void)
{
    return (struct edits){.zones = json_object(), .mocks = json_object(), .faults = json_array()};
}

/* What has been lost held nothing: there was no memory when it was begun. */
static json_t *copy_object(const json_t *object)
{
    return object != NULL ? json_deep_copy(object) : json_object();
}

struct edits editions_edits(const struct editions *editions)
{
    const struct edits *edits = &editions->edits;
    return (struct edits){.zones = copy_object(edits->zones),
                          .mocks = copy_object(edits->mocks),
                          .faults =
                              edits->faults != NULL ? json_deep_copy(edits->faults) : json_array(),
                          .lifts_faults = edits->lifts_faults};
}

json_t *json_member_made(json_t *object, const char *key)
{
    json_t *member = json_object();
    return json_object_set_new(object, key, member) == 0 ? member : NULL;
}

void edits_free(struct edits *edits)
{
    json_decref(edits->zones);
    json_decref(edits->mocks);
    json_decref(edits->faults);
    *edits = (struct edits){0};
}

static size_t edits_size(const struct edits *edits)
{
    return json_dumpb(edits->zones, NULL, 0, 0) + json_dumpb(edits->mocks, NULL, 0, 0) +
           json_dumpb(edits->faults, NULL, 0, 0);
}

/* --- names --- */

void editions_key(const struct name *name, char ret[NAME_TEXT_MAX])
{
    struct text text = text_in(ret, NAME_TEXT_MAX);
    name_put(&text, name);
    for (size_t i = 0; ret[i] != '\0'; i++) {
        if (ret[i] >= 'A' && ret[i] <= 'Z') {
            ret[i] = (char)(ret[i] + 32);
        }
    }
    if (text.size > 1) {
        ret[text.size - 1] = '\0';
    }
}

/* Is there a zone that a file or a change has said? */
static bool is_said(const struct editions *editions, const struct edits *edits,
                    const struct name *apex)
{
    char key[NAME_TEXT_MAX];
    editions_key(apex, key);
    if (json_object_get(edits->zones, key) != NULL) {
        return true;
    }
    for (size_t i = 0; i < editions->base->zone_count; i++) {
        const struct scenario_zone *zone = &editions->base->zones[i];
        if (!zone->made && name_equal(&zone->apex, apex)) {
            return true;
        }
    }
    return false;
}

void editions_zone_of(const struct editions *editions, const struct edits *edits,
                      const struct name *name, struct name *ret)
{
    name_copy(ret, name);
    while (ret->labels > 0 && !is_said(editions, edits, ret)) {
        name_parent(ret, ret);
    }
    if (ret->labels == 0) {
        name_copy(ret, name);
        while (ret->labels > 2) {
            name_parent(ret, ret);
        }
    }
}

/* --- loading --- */

bool editions_init(struct editions *editions, const struct scenario_file *file)
{
    const struct scenario_edits none = {0};
    *editions = (struct editions){.file = *file, .edits = new_edits()};
    editions->diags = (struct diags){.items = editions->diag_items, .capacity = EDITIONS_DIAGS_MAX};
    arena_init(&editions->arenas[0], EDITIONS_OCTETS_MAX);
    arena_init(&editions->arenas[1], EDITIONS_OCTETS_MAX);
    editions->base = scenario_parse_edited(file, &none, &editions->arenas[0], &editions->diags);
    editions->now = editions->base;
    if (editions->base != NULL && editions->base->keyring != NULL) {
        struct loader loader = {.arena = &editions->arenas[0], .diags = &editions->diags};
        keyring_fill(&loader, editions->base->keyring);
    }
    return editions->base != NULL;
}

/* `value` as nodes; NULL for an empty one too, `*fine` tells. */
static const struct yaml_node *nodes_of(struct editions *editions, const json_t *value,
                                        struct arena *arena, bool *fine)
{
    const size_t count = json_is_array(value) ? json_array_size(value) : json_object_size(value);
    if (count == 0) {
        return NULL;
    }
    const struct yaml_node *nodes = json_nodes(value, place_of_request, arena, &editions->diags);
    *fine = *fine && nodes != NULL;
    return nodes;
}

/* Loads the file with `edits`; NULL and diags if it is no scenario. */
static const struct scenario *load(struct editions *editions, const struct edits *edits,
                                   struct arena *arena)
{
    json_t *zones = json_deep_copy(edits->zones);
    json_t *additions = json_object();
    bool fine =
        zones != NULL && additions != NULL && challenge_render(editions, edits, zones, additions);
    struct scenario_edits wanted = {.before = editions->now,
                                    .pairs = editions->base->keyring,
                                    .lifts_faults = edits->lifts_faults};
    wanted.zones = nodes_of(editions, zones, arena, &fine);
    wanted.additions = nodes_of(editions, additions, arena, &fine);
    wanted.faults = nodes_of(editions, edits->faults, arena, &fine);
    json_decref(zones);
    json_decref(additions);
    if (!fine) {
        if (editions->diags.count == 0) {
            diags_add(&editions->diags, place_of_request, EDITIONS_NO_MEMORY_TEXT);
        }
        return NULL;
    }
    return scenario_parse_edited(&editions->file, &wanted, arena, &editions->diags);
}

static enum editions_outcome turn_down(struct editions *editions, struct edits *edits,
                                       struct arena *arena, enum editions_outcome outcome)
{
    arena_free(arena);
    edits_free(edits);
    (void)editions;
    return outcome;
}

enum editions_outcome editions_apply(struct editions *editions, struct edits *edits,
                                     enum stage_faults faults)
{
    struct arena arena;
    struct diag diag;
    arena_init(&arena, EDITIONS_OCTETS_MAX);
    editions->diags.count = editions->diags.dropped = 0;
    if (edits->zones == NULL || edits->mocks == NULL || edits->faults == NULL) {
        diags_add(&editions->diags, place_of_request, EDITIONS_NO_MEMORY_TEXT);
        return turn_down(editions, edits, &arena, EDITIONS_NO_MEMORY);
    }
    if (edits_size(edits) > EDITIONS_EDITS_MAX) {
        diags_hint(diags_add(&editions->diags, place_of_request,
                             "all changes together are larger than 1 MiB"),
                   "go back to the file's state with /v1/reset");
        return turn_down(editions, edits, &arena, EDITIONS_TOO_FAR);
    }
    const struct scenario *scenario = load(editions, edits, &arena);
    if (scenario == NULL) {
        return turn_down(editions, edits, &arena, EDITIONS_WRONG);
    }
    if (!stage_adopt(editions->stage, scenario, faults, &editions->host, &diag)) {
        diags_add_copy(&editions->diags, &diag);
        return turn_down(editions, edits, &arena, EDITIONS_TOO_FAR);
    }
    arena_free(&editions->arenas[1]);
    editions->arenas[1] = arena;
    editions->now = scenario;
    edits_free(&editions->edits);
    editions->edits = *edits;
    return EDITIONS_APPLIED;
}

void editions_reset(struct editions *editions, uint64_t seed)
{
    struct diag diag;
    /* All of its servers have their seats already. */
    const bool adopted =
        stage_adopt(editions->stage, editions->base, STAGE_FAULTS_ANEW, &editions->host, &diag);
    assert(adopted);
    stage_reset(editions->stage, seed);
    editions->now = editions->base;
    arena_free(&editions->arenas[1]);
    edits_free(&editions->edits);
    editions->edits = new_edits();
}

void editions_free(struct editions *editions)
{
    edits_free(&editions->edits);
    arena_free(&editions->arenas[1]);
    arena_free(&editions->arenas[0]);
}

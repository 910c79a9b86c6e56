/* The zones of a file, and what a change makes of them. */
#include <string.h>

#include "harness/story.h"
#include "wire/rrtype.h"

/* Room for one more of `size` octets in an array of `*capacity`, or NULL (told). */
static void *grow(struct story *story, void *items, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity) {
        return items;
    }
    const size_t wanted = *capacity > 0 ? *capacity * 2 : 4;
    void *grown = arena_alloc_array(story->loader.arena, wanted, size);
    if (grown == NULL) {
        loader_exhausted(&story->loader);
        return NULL;
    }
    if (items != NULL && count > 0) {
        memcpy(grown, items, count * size);
    }
    *capacity = wanted;
    return grown;
}

static struct zone_spec *find_zone(struct story *story, const struct name *apex)
{
    for (size_t i = 0; i < story->zone_count; i++) {
        if (name_equal(&story->zones[i].apex, apex)) {
            return &story->zones[i];
        }
    }
    return NULL;
}

static struct zone_spec *add_zone(struct story *story, const struct name *apex, struct place place)
{
    struct zone_spec *zones =
        grow(story, story->zones, story->zone_count, &story->zone_capacity, sizeof *story->zones);
    if (zones == NULL) {
        return NULL;
    }
    story->zones = zones;
    struct zone_spec *zone = &zones[story->zone_count];
    if (!zone_spec_init(&story->loader, zone, apex, place)) {
        return NULL;
    }
    story->zone_count++;
    return zone;
}

/* Completes the zones as they are now into a new state. */
static bool add_state(struct story *story)
{
    struct internet_state *states = grow(story, story->states, story->state_count,
                                         &story->state_capacity, sizeof *story->states);
    if (states == NULL) {
        return false;
    }
    story->states = states;
    const struct internet_state *before =
        story->state_count > 0 ? &states[story->state_count - 1] : NULL;
    if (!internet_make(&story->internet, story->zones, story->zone_count, before,
                       &states[story->state_count])) {
        return false;
    }
    story->state_count++;
    return true;
}

/* Reads one zone of the file. */
static bool load_zone(struct story *story, const struct yaml_node *member)
{
    struct name apex;
    if (!loader_name(&story->loader, member->key, member->key_place, NULL, &apex)) {
        return false;
    }
    if (find_zone(story, &apex) != NULL) {
        if (!loader_is_fine(&story->loader)) {
            return false; /* most likely the same key twice, which was told */
        }
        diags_add(story->loader.diags, member->key_place, "the zone `%s` is here twice",
                  (const char *)member->key.data);
        return false;
    }
    struct zone_spec *zone = add_zone(story, &apex, member->key_place);
    return zone != NULL && zone_spec_load(&story->loader, member, zone);
}

bool story_load_zones(struct story *story, const struct yaml_node *node)
{
    if (!loader_need_mapping(&story->loader, node, "zones")) {
        return false;
    }
    bool fine = true;
    for (const struct yaml_node *member = node->first; member != NULL; member = member->next) {
        fine = load_zone(story, member) && fine;
    }
    return fine && add_state(story);
}

/* --- changes --- */

/* Edits the zone that `member` names, or adds it. */
static bool change_zone(struct story *story, const struct yaml_node *member)
{
    struct name apex;
    if (!loader_name(&story->loader, member->key, member->key_place, NULL, &apex)) {
        return false;
    }
    struct zone_spec *zone = find_zone(story, &apex);
    if (zone == NULL && story->edits != NULL) {
        zone = add_zone(story, &apex, member->key_place);
        return zone != NULL && zone_spec_load(&story->loader, member, zone);
    }
    if (zone == NULL) {
        struct spelling spelling = spelling_of(member->key);
        spelling_offer(&spelling, "faults");
        spelling_offer(&spelling, "resolver");
        for (size_t i = 0; i < story->zone_count; i++) {
            spelling_offer(&spelling, loader_name_text(&story->loader, &story->zones[i].apex));
        }
        struct diag *diag =
            diags_add(story->loader.diags, member->key_place,
                      "the scenario has no zone `%s` to change", (const char *)member->key.data);
        if (spelling.best != NULL) {
            diags_hint(diag, "did you mean `%s`?", spelling.best);
        }
        return false;
    }
    struct zone_spec edited;
    if (!zone_spec_copy(&story->loader, zone, &edited) ||
        !zone_spec_load(&story->loader, member, &edited)) {
        return false;
    }
    *zone = edited;
    return true;
}

static const struct scenario_zone *built_of(const struct internet_state *state,
                                            const struct name *apex)
{
    for (size_t i = 0; i < state->count; i++) {
        if (name_equal(&state->zones[i]->spec.apex, apex)) {
            return state->zones[i]->built;
        }
    }
    return NULL;
}

/* What differs between the last two states. */
static bool compare_states(struct story *story, struct change_step *change)
{
    const struct internet_state *after = &story->states[story->state_count - 1];
    const struct internet_state *before = after - 1;
    struct zone_change *changes =
        ARENA_NEW_ARRAY(story->loader.arena, struct zone_change, after->count);
    if (changes == NULL) {
        return loader_exhausted(&story->loader);
    }
    for (size_t i = 0; i < after->count; i++) {
        const struct scenario_zone *now = after->zones[i]->built;
        const struct scenario_zone *then = built_of(before, &after->zones[i]->spec.apex);
        if (now != then) {
            changes[change->change_count++] = (struct zone_change){.before = then, .after = now};
        }
    }
    change->changes = changes;
    change->zone_views = after->views;
    change->zone_count = after->count;
    return true;
}

bool story_change_zones(struct story *story, const struct yaml_node *mapping, const bool *skip,
                        struct change_step *change)
{
    bool fine = true;
    size_t index = 0;
    size_t zones = 0;
    for (const struct yaml_node *member = mapping->first; member != NULL; member = member->next) {
        if (!skip[index++]) {
            zones++;
            fine = change_zone(story, member) && fine;
        }
    }
    if (!fine || zones == 0 || story->state_count == 0) {
        return fine;
    }
    return add_state(story) && compare_states(story, change);
}

/* --- edits at run time --- */

/* May `old` not stay beside `added`? */
static bool gives_way(const struct rr *old, const struct rr *added)
{
    return name_equal(old->owner, added->owner) &&
           (old->type == added->type || old->type == RRTYPE_CNAME || added->type == RRTYPE_CNAME);
}

static bool is_replaced(const struct rr *old, const struct record_list *added)
{
    for (size_t i = 0; i < added->count; i++) {
        if (gives_way(old, &added->items[i].rr)) {
            return true;
        }
    }
    return false;
}

static bool add_to_zone(struct story *story, const struct yaml_node *member)
{
    struct name apex;
    if (!loader_name(&story->loader, member->key, member->key_place, NULL, &apex)) {
        return false;
    }
    struct zone_spec *zone = find_zone(story, &apex);
    zone = zone != NULL ? zone : add_zone(story, &apex, member->key_place);
    struct record_list added = {0};
    struct record_list kept = {0};
    if (zone == NULL || !records_read(&story->loader, member, &apex, zone->ttl, &added)) {
        return false;
    }
    bool fine = true;
    for (size_t i = 0; i < zone->records.count; i++) {
        if (!is_replaced(&zone->records.items[i].rr, &added)) {
            fine = record_list_add(&kept, story->loader.arena, &zone->records.items[i]) && fine;
        }
    }
    for (size_t i = 0; i < added.count; i++) {
        fine = record_list_add(&kept, story->loader.arena, &added.items[i]) && fine;
    }
    zone->records = kept;
    zone->edits++;
    return fine || loader_exhausted(&story->loader);
}

/* Calls `edit` for every member of `mapping`, which may be NULL. */
static bool edit_each(struct story *story, const struct yaml_node *mapping,
                      bool (*edit)(struct story *story, const struct yaml_node *member))
{
    bool fine = true;
    const struct yaml_node *member = mapping != NULL ? mapping->first : NULL;
    for (; member != NULL; member = member->next) {
        fine = edit(story, member) && fine;
    }
    return fine;
}

bool story_edit_zones(struct story *story, const struct scenario_edits *edits)
{
    if (edits->zones == NULL && edits->additions == NULL) {
        return true;
    }
    return edit_each(story, edits->zones, change_zone) &&
           edit_each(story, edits->additions, add_to_zone) && story->state_count > 0 &&
           add_state(story);
}

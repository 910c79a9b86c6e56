/* Faults: one row of the fault table an item, its triggers beside it. */
#include <string.h>

#include "harness/story.h"

/* --- whom a fault concerns --- */

struct address_list {
    struct address *items;
    size_t count, capacity;
};

static void add_address(struct story *story, struct address_list *list,
                        const struct address *address)
{
    for (size_t i = 0; i < list->count; i++) {
        if (address_equal(&list->items[i], address)) {
            return;
        }
    }
    if (list->count == list->capacity) {
        const size_t capacity = list->capacity > 0 ? list->capacity * 2 : 8;
        struct address *items = ARENA_NEW_ARRAY(story->loader.arena, struct address, capacity);
        if (items == NULL) {
            loader_exhausted(&story->loader);
            return;
        }
        if (list->count > 0) {
            memcpy(items, list->items, list->count * sizeof *items);
        }
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->count++] = *address;
}

/* The seats that serve no zones. */
static bool add_seat(struct story *story, struct bytes name, struct address_list *list)
{
    const struct scenario *scenario = story->scenario;
    const struct {
        const char *name;
        const struct address *v4, *v6;
    } seats[] = {
        {"resolver", &scenario->resolver_v4, &scenario->resolver_v6},
        {"client", &scenario->client_v4, &scenario->client_v6},
        {"check", &scenario->check_v4, &scenario->check_v6},
    };
    for (size_t i = 0; i < sizeof seats / sizeof seats[0]; i++) {
        if (bytes_are(name, seats[i].name)) {
            add_address(story, list, seats[i].v4);
            add_address(story, list, seats[i].v6);
            return true;
        }
    }
    return false;
}

/* Servers called `name`, and all servers of a zone called so. */
static void add_servers(struct story *story, const struct name *name, struct address_list *list)
{
    const struct internet_state *state = story_now(story);
    for (size_t i = 0; state != NULL && i < state->count; i++) {
        const struct zone_spec *zone = &state->zones[i]->spec;
        for (size_t s = 0; s < zone->server_count; s++) {
            const struct server_spec *server = &zone->servers[s];
            if (!name_equal(&zone->apex, name) && !name_equal(&server->host, name)) {
                continue;
            }
            for (size_t a = 0; a < server->address_count; a++) {
                add_address(story, list, &server->addresses[a]);
            }
        }
    }
}

/* "tld": the servers of all made TLDs. */
static bool add_tld(struct story *story, struct bytes name, struct address_list *list)
{
    const struct internet_state *state = story_now(story);
    if (!bytes_are(name, "tld")) {
        return false;
    }
    for (size_t i = 0; state != NULL && i < state->count; i++) {
        const struct internet_zone *zone = state->zones[i];
        if (zone->made && zone->spec.apex.labels == 1) {
            add_servers(story, &zone->spec.apex, list);
        }
    }
    return list->count > 0;
}

static void suggest(struct story *story, struct bytes name, struct diag *diag)
{
    const struct internet_state *state = story_now(story);
    struct spelling spelling = spelling_of(name);
    static const char *const seats[] = {"resolver", "client", "check", "root", "tld"};
    for (size_t i = 0; i < sizeof seats / sizeof seats[0]; i++) {
        spelling_offer(&spelling, seats[i]);
    }
    for (size_t i = 0; state != NULL && i < state->count; i++) {
        const struct zone_spec *zone = &state->zones[i]->spec;
        spelling_offer(&spelling, loader_name_text(&story->loader, &zone->apex));
        for (size_t s = 0; s < zone->server_count; s++) {
            spelling_offer(&spelling, loader_name_text(&story->loader, &zone->servers[s].host));
        }
    }
    if (spelling.best != NULL) {
        diags_hint(diag, "did you mean `%s`?", spelling.best);
    } else {
        diags_hint(diag, "name a server, a zone, an address, resolver, client, check, root or tld");
    }
}

static bool find(struct story *story, struct bytes name, struct place place,
                 struct address_list *list)
{
    struct address address;
    if (address_parse(name, &address)) {
        add_address(story, list, &address);
        return true;
    }
    if (add_seat(story, name, list) || add_tld(story, name, list)) {
        return true;
    }
    struct name wire;
    const struct bytes text = bytes_are(name, "root") ? bytes_of_string(".") : name;
    if (!loader_name(&story->loader, text, place, NULL, &wire)) {
        return false;
    }
    const size_t before = list->count;
    add_servers(story, &wire, list);
    if (list->count == before && story_now(story) != NULL) {
        suggest(story, name,
                diags_add(story->loader.diags, place, "nothing here is called `%s`",
                          (const char *)name.data));
        return false;
    }
    return true;
}

bool story_find_addresses(struct story *story, struct bytes name, struct place place,
                          const struct address **ret, size_t *ret_count)
{
    struct address_list list = {0};
    if (!find(story, name, place, &list)) {
        return false;
    }
    *ret = list.items;
    *ret_count = list.count;
    return true;
}

bool story_find_all(struct story *story, const struct param *param, const struct address **ret,
                    size_t *ret_count)
{
    struct address_list list = {0};
    bool fine = true;
    for (size_t i = 0; param != NULL && i < param->count; i++) {
        fine = find(story, param->texts[i], param->text_places[i], &list) && fine;
    }
    *ret = list.items;
    *ret_count = list.count;
    return fine;
}

/* --- one fault --- */

/* The member of `item` that names a fault; its index goes to `ret_index`. */
static const struct yaml_node *find_kind(struct story *story, const struct yaml_node *item,
                                         size_t *ret_index)
{
    const struct yaml_node *found = NULL;
    size_t index = 0;
    for (const struct yaml_node *member = item->first; member != NULL; member = member->next) {
        if (fault_find(member->key) != NULL) {
            if (found != NULL) {
                diags_add(story->loader.diags, member->key_place,
                          "`%s` and `%s` are two faults; write them as two items",
                          (const char *)found->key.data, (const char *)member->key.data);
                return NULL;
            }
            found = member;
            *ret_index = index;
        }
        index++;
    }
    if (found == NULL) {
        struct spelling spelling =
            spelling_of(item->first != NULL ? item->first->key : bytes_of("", 0));
        for (const struct fault_row *row = fault_rows; row->name != NULL; row++) {
            spelling_offer(&spelling, row->name);
        }
        struct diag *diag =
            diags_add(story->loader.diags, item->place, "no key of this item names a fault");
        if (spelling.best != NULL) {
            diags_hint(diag, "did you mean `%s`?", spelling.best);
        }
    }
    return found;
}

/* `loss: 20%` is `loss: true` with `chance: 20%`, for faults that a bare value says nothing else
 * about. */
static bool is_chance(const struct fault_row *row, const struct yaml_node *node)
{
    return row->short_param == NULL && node->kind == YAML_SCALAR && !yaml_is_word(node, "true") &&
           !yaml_is_empty(node);
}

static bool configure(struct story *story, const struct yaml_node *kind, struct fault *fault)
{
    const struct fault_row *row = fault_find(kind->key);
    const struct param_form form = {row->name, row->params, row->short_param};
    struct params params = {0};
    struct diag diag = {.place = kind->place};
    const bool fine = is_chance(row, kind)
                          ? params_load_defaults(&story->loader, &form, kind->place, &params)
                          : params_load(&story->loader, &form, kind, &params);
    if (!fine) {
        return false;
    }
    if (!fault_configure(row, &params, story->loader.arena, fault, &diag)) {
        diag.place = diag.place.line > 0 ? diag.place : kind->place;
        diags_add_copy(story->loader.diags, &diag);
        return false;
    }
    return true;
}

/* Puts the chance that stands with the fault's name into the trigger. */
static bool take_chance(struct story *story, const struct yaml_node *kind, struct fault *fault)
{
    static const struct param_spec spec = {.key = "chance", .type = PARAM_CHANCE};
    struct param param;
    if (!is_chance(fault->row, kind)) {
        return true;
    }
    if (!param_load(&story->loader, &spec, kind, &param)) {
        return false;
    }
    fault->trigger.chance_ppm = (uint32_t)param.number;
    return true;
}

static bool load_trigger(struct story *story, const struct yaml_node *item, size_t kind_index,
                         struct fault *fault)
{
    static const struct param_form form = {"a fault", fault_trigger_params, NULL};
    bool *skip = ARENA_NEW_ARRAY(story->loader.arena, bool, item->count);
    if (skip == NULL) {
        return loader_exhausted(&story->loader);
    }
    skip[kind_index] = true;
    struct params params;
    struct diag diag = {.place = item->place};
    if (!params_load_members(&story->loader, &form, item, skip, NULL, &params)) {
        return false;
    }
    if (!fault_trigger_configure(&params, story->loader.arena, &fault->trigger, &diag)) {
        diag.place = diag.place.line > 0 ? diag.place : item->place;
        diags_add_copy(story->loader.diags, &diag);
        return false;
    }
    const bool from =
        story_find_all(story, params_find(&params, "from"), &fault->from, &fault->from_count);
    const bool to = story_find_all(story, params_find(&params, "to"), &fault->to, &fault->to_count);
    return from && to;
}

static bool load_fault(struct story *story, const struct yaml_node *item, struct fault *fault)
{
    size_t kind_index = 0;
    if (!loader_need_mapping(&story->loader, item, "a fault")) {
        return false;
    }
    const struct yaml_node *kind = find_kind(story, item, &kind_index);
    if (kind == NULL) {
        return false;
    }
    fault->place = kind->key_place;
    const bool configured = configure(story, kind, fault);
    return load_trigger(story, item, kind_index, fault) && configured &&
           take_chance(story, kind, fault);
}

bool story_load_faults(struct story *story, const struct yaml_node *node,
                       const struct fault **ret_faults, size_t *ret_count)
{
    if (!loader_need_sequence(&story->loader, node, "faults")) {
        return false;
    }
    struct fault *faults = ARENA_NEW_ARRAY(story->loader.arena, struct fault, node->count);
    if (faults == NULL) {
        return loader_exhausted(&story->loader);
    }
    bool fine = true;
    size_t count = 0;
    for (const struct yaml_node *item = node->first; item != NULL; item = item->next) {
        fine = load_fault(story, item, &faults[count++]) && fine;
    }
    *ret_faults = faults;
    *ret_count = count;
    return fine;
}

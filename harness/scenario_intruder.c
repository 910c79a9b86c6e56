/* What an intruder forges: values by a table, and records as zone text, section by section. */
#include "harness/records.h"
#include "harness/story.h"

const struct forgery_key forgery_keys[] = {
    {"answer", "Records of the answer section, as zone text with whole names.", SECTION_ANSWER},
    {"authority", "Records of the authority section.", SECTION_AUTHORITY},
    {"additional", "Records of the additional section.", SECTION_ADDITIONAL},
    {NULL, NULL, SECTION_QUESTION},
};

static bool load_records(struct story *story, const struct yaml_node *node, enum section section,
                         struct forgery *forgery)
{
    struct record_list list = {0};
    if (!records_read(&story->loader, node, name_root(), RECORDS_TTL_DEFAULT, &list)) {
        return false;
    }
    struct rr *records = ARENA_NEW_ARRAY(story->loader.arena, struct rr, list.count);
    if (records == NULL) {
        return loader_exhausted(&story->loader);
    }
    for (size_t i = 0; i < list.count; i++) {
        records[i] = list.items[i].rr;
    }
    forgery->records[section] = records;
    forgery->counts[section] = list.count;
    return true;
}

/* Reads the sections; `skip` receives which members they are. */
static bool load_sections(struct story *story, const struct yaml_node *item, bool *skip,
                          struct forgery *forgery)
{
    bool fine = true;
    size_t index = 0;
    for (const struct yaml_node *member = item->first; member != NULL; member = member->next) {
        for (const struct forgery_key *row = forgery_keys; row->key != NULL; row++) {
            if (bytes_are(member->key, row->key)) {
                skip[index] = true;
                fine = load_records(story, member, row->section, forgery) && fine;
            }
        }
        index++;
    }
    return fine;
}

static bool load_forgery(struct story *story, const struct yaml_node *item, struct forgery *forgery)
{
    static const struct param_form form = {"an intruder's item", forgery_params, NULL};
    static const char *const others[] = {"answer", "authority", "additional", NULL};
    if (!loader_need_mapping(&story->loader, item, "an intruder's item")) {
        return false;
    }
    bool *skip = ARENA_NEW_ARRAY(story->loader.arena, bool, item->count);
    if (skip == NULL) {
        return loader_exhausted(&story->loader);
    }
    const bool fine = load_sections(story, item, skip, forgery);
    struct params params;
    struct diag diag = {.place = item->place};
    if (!params_load_members(&story->loader, &form, item, skip, others, &params)) {
        return false;
    }
    if (!forgery_configure(&params, story->loader.arena, forgery, &diag)) {
        diags_add_copy(story->loader.diags, &diag);
        return false;
    }
    return story_find_all(story, params_find(&params, "to"), &forgery->to, &forgery->to_count) &&
           fine;
}

bool story_load_intruder(struct story *story, const struct yaml_node *node)
{
    if (!loader_need_sequence(&story->loader, node, "intruder")) {
        return false;
    }
    if (node->count > INTRUDER_FORGERIES_MAX) {
        diags_add(story->loader.diags, node->place,
                  "an intruder forges at most %d kinds of answers", INTRUDER_FORGERIES_MAX);
        return false;
    }
    struct forgery *forgeries = ARENA_NEW_ARRAY(story->loader.arena, struct forgery, node->count);
    if (forgeries == NULL) {
        return loader_exhausted(&story->loader);
    }
    bool fine = true;
    size_t count = 0;
    for (const struct yaml_node *item = node->first; item != NULL; item = item->next) {
        fine = load_forgery(story, item, &forgeries[count++]) && fine;
    }
    story->scenario->forgeries = forgeries;
    story->scenario->forgery_count = count;
    return fine;
}

/* A scenario file's top level: one row per key. */
#include "harness/scenario.h"

#include <assert.h>
#include <string.h>

#include "harness/catalogue.h"
#include "harness/keyring.h"
#include "harness/lint.h"
#include "harness/rpl.h"
#include "harness/story.h"
#include "harness/utf8.h"
#include "resolver/policy.h"

#define TITLE_OCTETS_MAX 200

static const struct address resolver_v4 = {ADDRESS_V4, {192, 0, 2, 53}};
static const struct address resolver_v6 = {
    ADDRESS_V6, {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x53}};
static const struct address client_v4 = {ADDRESS_V4, {192, 0, 2, 1}};
static const struct address client_v6 = {
    ADDRESS_V6, {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x01}};
static const struct address check_v4 = {ADDRESS_V4, {192, 0, 2, 2}};
static const struct address check_v6 = {
    ADDRESS_V6, {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02}};

/* --- texts --- */

/* What is shown to people as it stands. A file has no control characters, but YAML's escapes can
 * write them. */
static bool is_showable(struct story *story, struct bytes text, struct place place,
                        const char *what)
{
    uint32_t code;
    for (size_t at = 0; at < text.size; at += utf8_next(text, at, &code)) {
        (void)utf8_next(text, at, &code);
        if (code != '\n' && code != '\t' && (code == UTF8_INVALID || !utf8_is_harmless(code))) {
            diags_add(story->loader.diags, place,
                      "%s has a character that is not to be seen, or acts on a terminal: "
                      "U+%04X; leave it out",
                      what, (unsigned)code);
            return false;
        }
    }
    return true;
}

static bool load_title(struct story *story, const struct yaml_node *node)
{
    if (!loader_need_scalar(&story->loader, node, "scenario")) {
        return false;
    }
    if (node->scalar.size > TITLE_OCTETS_MAX ||
        memchr(node->scalar.data, '\n', node->scalar.size) != NULL) {
        diags_add(story->loader.diags, node->place,
                  "a title is one line of at most %d octets; tell the story under `about`",
                  TITLE_OCTETS_MAX);
        return false;
    }
    if (!is_showable(story, node->scalar, node->place, "the title")) {
        return false;
    }
    story->scenario->title = (const char *)node->scalar.data;
    story->scenario->place = node->place;
    return true;
}

static bool load_about(struct story *story, const struct yaml_node *node)
{
    if (!loader_need_scalar(&story->loader, node, "about") ||
        !is_showable(story, node->scalar, node->place, "the story")) {
        return false;
    }
    story->scenario->about = (const char *)node->scalar.data;
    return true;
}

/* A list of texts, ended by NULL. */
static bool load_strings(struct story *story, const struct yaml_node *node, const char *what,
                         const char *const **ret)
{
    const struct bytes *texts;
    const struct place *places;
    size_t count;
    if (!loader_texts(&story->loader, node, what, &texts, &places, &count)) {
        return false;
    }
    const char **strings = ARENA_NEW_ARRAY(story->loader.arena, const char *, count + 1);
    if (strings == NULL) {
        return loader_exhausted(&story->loader);
    }
    bool fine = true;
    for (size_t i = 0; i < count; i++) {
        strings[i] = (const char *)texts[i].data;
        fine &= is_showable(story, texts[i], places[i], what);
    }
    *ret = strings;
    return fine;
}

static bool load_source(struct story *story, const struct yaml_node *node)
{
    return load_strings(story, node, "source", &story->scenario->sources);
}

static bool load_tags(struct story *story, const struct yaml_node *node)
{
    return load_strings(story, node, "tags", &story->scenario->tags);
}

static bool load_covers(struct story *story, const struct yaml_node *node)
{
    const struct bytes *texts;
    const struct place *places;
    size_t count;
    if (!loader_texts(&story->loader, node, "covers", &texts, &places, &count)) {
        return false;
    }
    bool fine = true;
    for (size_t i = 0; i < count; i++) {
        if (failure_number(texts[i]) == 0) {
            diags_add(story->loader.diags, places[i],
                      "`%.*s` is no row of the failure catalogue; they are F01 to F%d",
                      (int)(texts[i].size < 40 ? texts[i].size : 40), (const char *)texts[i].data,
                      CATALOGUE_LAST);
            fine = false;
        }
    }
    return fine && load_strings(story, node, "covers", &story->scenario->covers);
}

/* --- what is meant to look wrong --- */

static uint32_t intended_of(struct story *story, struct bytes text, struct place place)
{
    struct spelling spelling = spelling_of(text);
    for (size_t i = 0; lint_rules[i].name != NULL; i++) {
        if (bytes_are(text, lint_rules[i].name)) {
            return UINT32_C(1) << i;
        }
        spelling_offer(&spelling, lint_rules[i].name);
    }
    struct diag *diag = diags_add(story->loader.diags, place, "lint knows no finding `%s`",
                                  (const char *)text.data);
    if (spelling.best != NULL) {
        diags_hint(diag, "did you mean `%s`?", spelling.best);
    }
    return 0;
}

static bool load_intended(struct story *story, const struct yaml_node *node)
{
    const struct bytes *texts;
    const struct place *places;
    size_t count;
    if (!loader_texts(&story->loader, node, "intended", &texts, &places, &count)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        story->scenario->intended |= intended_of(story, texts[i], places[i]);
    }
    return true;
}

/* --- numbers --- */

static bool load_version(struct story *story, const struct yaml_node *node)
{
    static const struct param_spec spec = {
        .key = "version", .type = PARAM_INTEGER, .least = 1, .most = UINT32_MAX};
    struct param param;
    if (!param_load(&story->loader, &spec, node, &param)) {
        return false;
    }
    if (param.number > SCENARIO_VERSION) {
        diags_hint(diags_add(story->loader.diags, node->place,
                             "this scenario is written in version %llu of the format, and this "
                             "program reads version %d",
                             (unsigned long long)param.number, SCENARIO_VERSION),
                   "a newer faultzone is needed");
        return false;
    }
    return true;
}

static bool load_latency(struct story *story, const struct yaml_node *node)
{
    static const struct param_spec spec = {.key = "latency", .type = PARAM_DURATION};
    struct param param;
    if (!param_load(&story->loader, &spec, node, &param)) {
        return false;
    }
    story->scenario->latency = param.number;
    return true;
}

static bool load_resolver(struct story *story, const struct yaml_node *node)
{
    const struct param_form form = {"resolver", policy_params, NULL};
    struct policy policy;
    struct diag diag = {.place = node->place};
    if (!params_load(&story->loader, &form, node, &story->scenario->policy)) {
        return false;
    }
    if (!policy_configure(&story->scenario->policy, &policy, &diag)) {
        diags_add_copy(story->loader.diags, &diag);
        return false;
    }
    return true;
}

const struct param_spec client_params[] = {
    {.key = "timeout",
     .type = PARAM_DURATION,
     .doc = "How long the client waits for its first try; each further one waits twice as long.",
     .fallback = "5s"},
    {.key = "tries",
     .type = PARAM_INTEGER,
     .doc = "How often the client asks before it gives up.",
     .fallback = "3",
     .least = 1,
     .most = 10},
    {.key = "edns",
     .type = PARAM_INTEGER,
     .doc = "The UDP size the client advertises; 0 asks without EDNS.",
     .fallback = "1232",
     .most = 65535},
    {.key = "memory",
     .type = PARAM_DURATION,
     .doc = "How long the client keeps what the resolver told it, failures too, whatever the TTL "
            "says: a verifier's own cache (F79). Nothing is kept without this key."},
    {.key = NULL},
};

static bool load_client(struct story *story, const struct yaml_node *node)
{
    const struct param_form form = {"client", client_params, NULL};
    return params_load(&story->loader, &form, node, &story->scenario->client);
}

static bool load_ring(struct story *story, const struct yaml_node *node)
{
    struct keyring *ring = ARENA_NEW(story->loader.arena, struct keyring);
    if (ring == NULL) {
        return loader_exhausted(&story->loader);
    }
    story->loader.keyring = story->scenario->keyring = ring;
    if (!keyring_load(&story->loader, node, ring)) {
        return false;
    }
    if (story->edits != NULL && story->edits->pairs != NULL) {
        keyring_take_pairs(ring, story->edits->pairs);
    }
    return true;
}

static bool load_faults(struct story *story, const struct yaml_node *node)
{
    return story_load_faults(story, node, &story->scenario->faults, &story->scenario->fault_count);
}

/* --- the table --- */

/* In the order in which they are loaded: faults, intruder and steps look at the zones. */
const struct story_key story_keys[] = {
    {"version", "The version of the format; 1, which is also meant where this key is missing.",
     "version", false, load_version},
    {"scenario", "The title, one line.", "text", true, load_title},
    {"about", "The story: what happened to whom, and why.", "text", false, load_about},
    {"covers", "Rows of the failure catalogue that the scenario shows: F01 to F111.", "covers",
     false, load_covers},
    {"source", "Where the story is told.", "texts", false, load_source},
    {"intended", "Findings of `lint` that are meant here.", "intended", false, load_intended},
    {"tags", "Words to find the scenario by.", "texts", false, load_tags},
    {"latency",
     "How long a packet travels, one way, between any two places. 10ms without this key.",
     "duration", false, load_latency},
    {"resolver", "What the resolver's policy is where it differs from the defaults.", "policy",
     false, load_resolver},
    {"client", "How patient the client is, who asks in `lookup` and `dkim` steps.", "client", false,
     load_client},
    {"keys",
     "Key pairs that sign test messages, by name. In zone text `${key:NAME}` stands for the public "
     "half, as it is written behind p=.",
     "keys", false, load_ring},
    {"zones",
     "The zones, by name. Root, TLDs, name servers, addresses, delegations and glue are made where "
     "the file does not say them.",
     "zones", true, story_load_zones},
    {"faults", "What happens to packets on their way.", "faults", false, load_faults},
    {"intruder",
     "Somebody off the path who forges answers: to which queries, knowing what, saying what.",
     "intruder", false, story_load_intruder},
    {"steps", "What is done, one after another, and what is expected.", "steps", false,
     story_load_steps},
    {NULL, NULL, NULL, false, NULL},
};

static void check_keys(struct story *story, const struct yaml_node *root)
{
    for (const struct yaml_node *member = root->first; member != NULL; member = member->next) {
        struct spelling spelling = spelling_of(member->key);
        bool known = false;
        for (const struct story_key *row = story_keys; row->key != NULL; row++) {
            known = known || bytes_are(member->key, row->key);
            spelling_offer(&spelling, row->key);
        }
        if (!known) {
            loader_unknown_key(&story->loader, member, "a scenario", &spelling);
        }
    }
}

/* Loads faults that come after those of the file. */
static bool add_faults(struct story *story, const struct yaml_node *node)
{
    struct scenario *scenario = story->scenario;
    const struct fault *more;
    size_t count = 0;
    if (!story_load_faults(story, node, &more, &count)) {
        return false;
    }
    struct fault *all =
        ARENA_NEW_ARRAY(story->loader.arena, struct fault, scenario->fault_count + count);
    if (all == NULL) {
        return loader_exhausted(&story->loader);
    }
    for (size_t i = 0; i < scenario->fault_count; i++) {
        all[i] = scenario->faults[i];
    }
    for (size_t i = 0; i < count; i++) {
        all[scenario->fault_count + i] = more[i];
    }
    scenario->faults = all;
    scenario->fault_count += count;
    return true;
}

/* What is to be loaded for `row`; NULL: nothing. */
static const struct yaml_node *member_of(const struct story *story, const struct yaml_node *root,
                                         const struct story_key *row)
{
    const struct scenario_edits *edits = story->edits;
    if (edits != NULL && row->load == story_load_steps) {
        return NULL;
    }
    if (edits != NULL && row->load == load_faults && edits->lifts_faults) {
        return NULL;
    }
    return yaml_find(root, row->key);
}

/* True if an unknown key was probably meant to be this one: it has been told of. */
static bool is_misspelt(const struct yaml_node *root, const struct story_key *wanted)
{
    for (const struct yaml_node *member = root->first; member != NULL; member = member->next) {
        struct spelling spelling = spelling_of(member->key);
        for (const struct story_key *row = story_keys; row->key != NULL; row++) {
            spelling_offer(&spelling, row->key);
        }
        if (spelling.best != NULL && strcmp(spelling.best, wanted->key) == 0) {
            return true;
        }
    }
    return false;
}

static void load_keys(struct story *story, const struct yaml_node *root)
{
    for (const struct story_key *row = story_keys; row->key != NULL; row++) {
        const struct yaml_node *member = member_of(story, root, row);
        if (member != NULL) {
            row->load(story, member);
        } else if (row->required && !is_misspelt(root, row)) {
            diags_add(story->loader.diags, root->place, "the key `%s` is missing: %s", row->key,
                      row->doc);
        }
        if (row->load == story_load_zones && story->edits != NULL) {
            story_edit_zones(story, story->edits);
        }
        if (row->load == load_faults && story->edits != NULL && story->edits->faults != NULL) {
            add_faults(story, story->edits->faults);
        }
    }
}

/* --- the whole --- */

const struct internet_state *story_now(const struct story *story)
{
    return story->state_count > 0 ? &story->states[story->state_count - 1] : NULL;
}

static bool load_defaults(struct story *story)
{
    static const char *const none[] = {NULL};
    struct scenario *scenario = story->scenario;
    const struct param_form policy = {"resolver", policy_params, NULL};
    const struct param_form client = {"client", client_params, NULL};
    scenario->about = "";
    scenario->title = "";
    scenario->covers = none;
    scenario->sources = none;
    scenario->tags = none;
    scenario->latency = 10 * NS_PER_MS;
    scenario->resolver_v4 = story->reserved[0] = resolver_v4;
    scenario->resolver_v6 = story->reserved[1] = resolver_v6;
    scenario->client_v4 = story->reserved[2] = client_v4;
    scenario->client_v6 = story->reserved[3] = client_v6;
    scenario->check_v4 = story->reserved[4] = check_v4;
    scenario->check_v6 = story->reserved[5] = check_v6;
    story->internet.reserved = story->reserved;
    story->internet.reserved_count = 6;
    return params_load_defaults(&story->loader, &policy, scenario->place, &scenario->policy) &&
           params_load_defaults(&story->loader, &client, scenario->place, &scenario->client);
}

/* Turns the first state into the scenario's zones. */
static bool finish_zones(struct story *story)
{
    struct scenario *scenario = story->scenario;
    const struct internet_state *first =
        story->edits != NULL ? story_now(story) : &story->states[0];
    assert(first != NULL);
    struct scenario_zone *zones =
        ARENA_NEW_ARRAY(story->loader.arena, struct scenario_zone, first->count);
    if (zones == NULL) {
        return loader_exhausted(&story->loader);
    }
    if (!internet_seat(&story->internet, story->states, story->state_count, &scenario->seats,
                       &scenario->seat_count)) {
        return false;
    }
    for (size_t i = 0; i < first->count; i++) {
        zones[i] = *first->zones[i]->built;
    }
    scenario->zones = zones;
    scenario->zone_count = first->count;
    scenario->zone_views = first->views;
    scenario->hosts = story->internet.hosts;
    scenario->host_count = story->internet.host_count;
    scenario->addresses_made = story->internet.addresses_made;
    return true;
}

static const struct scenario *load(struct story *story, const struct yaml_node *root)
{
    if (!loader_need_mapping(&story->loader, root, "a scenario file")) {
        return NULL;
    }
    check_keys(story, root);
    load_keys(story, root);
    if (!loader_is_fine(&story->loader) || !finish_zones(story)) {
        return NULL;
    }
    return story->scenario;
}

/* A scenario and its story, empty; NULL (told) if the file is too large for that. */
static struct story *open_story(const struct scenario_file *from, struct arena *arena,
                                struct diags *diags)
{
    struct scenario *scenario = ARENA_NEW(arena, struct scenario);
    struct story *story = ARENA_NEW(arena, struct story);
    const char *file = arena_copy_string(arena, from->path);
    if (from->text.size > SCENARIO_OCTETS_MAX) {
        diags_add(diags, (struct place){.file = from->path},
                  "the file has %zu octets; a scenario may have %zu at most", from->text.size,
                  SCENARIO_OCTETS_MAX);
        return NULL;
    }
    const struct bytes copy = arena_copy(arena, from->text);
    if (scenario == NULL || story == NULL || file == NULL || copy.data == NULL) {
        diags_add(diags, (struct place){.file = from->path}, "not enough memory to load the file");
        return NULL;
    }
    scenario->arena = arena;
    scenario->path = file;
    scenario->id = arena_copy_string(arena, from->id);
    scenario->source_text = (const char *)copy.data;
    scenario->source_size = copy.size;
    scenario->place = (struct place){.file = file, .line = 1, .column = 1};
    story->scenario = scenario;
    story->loader = (struct loader){.arena = arena, .diags = diags};
    story->internet.loader = &story->loader;
    const bool fine =
        source_open(copy, file, arena, diags, &story->loader.source) && load_defaults(story);
    return fine ? story : NULL;
}

/* Hosts keep their addresses from one edit to the next. */
static bool recall_hosts(struct story *story, const struct scenario *before)
{
    struct internet *internet = &story->internet;
    const size_t size = before->host_count * sizeof *before->hosts;
    if (before->host_count == 0) {
        return true;
    }
    internet->hosts = arena_alloc(story->loader.arena, size);
    if (internet->hosts == NULL) {
        return loader_exhausted(&story->loader);
    }
    memcpy(internet->hosts, before->hosts, size);
    internet->host_count = internet->host_capacity = before->host_count;
    internet->addresses_made = before->addresses_made;
    return true;
}

const struct scenario *scenario_parse_edited(const struct scenario_file *file,
                                             const struct scenario_edits *edits,
                                             struct arena *arena, struct diags *diags)
{
    struct story *story = open_story(file, arena, diags);
    if (story == NULL) {
        return NULL;
    }
    story->edits = edits;
    if (edits != NULL && edits->before != NULL && !recall_hosts(story, edits->before)) {
        return NULL;
    }
    const struct yaml_node *root = yaml_read(&story->loader.source, arena, diags);
    const struct scenario *loaded = root != NULL ? load(story, root) : NULL;
    diags_sort(diags);
    return loaded;
}

const struct scenario *scenario_parse(struct bytes text, const char *path, const char *id,
                                      struct arena *arena, struct diags *diags)
{
    const struct scenario_file file = {.text = text, .path = path, .id = id};
    return scenario_parse_edited(&file, NULL, arena, diags);
}

const struct scenario *scenario_load(const char *path, const char *id, struct arena *arena,
                                     struct diags *diags)
{
    struct bytes text;
    if (!source_read(path, SCENARIO_OCTETS_MAX, arena, diags, &text)) {
        return NULL;
    }
    if (rpl_is(path)) {
        const struct scenario *played = rpl_parse(text, path, id, arena, diags);
        diags_sort(diags);
        return played;
    }
    return scenario_parse(text, path, id, arena, diags);
}

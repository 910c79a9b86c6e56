/* Steps: each item has one key that says what is done, and perhaps `expect` and `forbid`. */
#include <string.h>

#include "harness/deviation.h"
#include "harness/keyring.h"
#include "harness/story.h"
#include "sim/subnet.h"
#include "wire/rrtype.h"

/* --- words --- */

/* "<kind> <text> <text>", escaped. */
static const char *shown(struct story *story, const char *kind, struct bytes first,
                         struct bytes second)
{
    char buffer[512];
    struct text text = text_in(buffer, sizeof buffer);
    text_put(&text, kind);
    text_put_char(&text, ' ');
    text_put_escaped(&text, first);
    if (second.size > 0) {
        text_put_char(&text, ' ');
        text_put_escaped(&text, second);
    }
    return arena_copy_string(story->loader.arena, buffer);
}

static const char *shown_name(struct story *story, const char *kind, const struct name *name,
                              uint16_t type)
{
    char buffer[NAME_TEXT_MAX + 64];
    struct text text = text_in(buffer, sizeof buffer);
    text_put(&text, kind);
    text_put_char(&text, ' ');
    name_put(&text, name);
    if (type != 0) {
        text_put_char(&text, ' ');
        rrtype_put(&text, type);
    }
    return arena_copy_string(story->loader.arena, buffer);
}

/* The only text of `key` in `params`, empty if it was not given. */
static struct bytes text_of(const struct params *params, const char *key)
{
    const struct param *param = params_find(params, key);
    return param != NULL ? param->texts[0] : bytes_of(NULL, 0);
}

static bool name_of(struct story *story, const struct params *params, const char *key,
                    struct name *ret)
{
    const struct param *param = params_find(params, key);
    return loader_name(&story->loader, param->texts[0], param->place, NULL, ret);
}

/* --- lookup --- */

static const struct param_spec lookup_params[] = {
    {.key = "name", .type = PARAM_TEXT, .doc = "What is asked for.", .required = true},
    {.key = "type", .type = PARAM_TYPES, .doc = "The RR type.", .fallback = "A"},
    {.key = "server",
     .type = PARAM_TEXT,
     .doc = "Whom to ask: a server's host name, a zone (its first server), an address, `root`; "
            "without recursion. The resolver, with recursion, without this key."},
    {.key = "dnssec",
     .type = PARAM_BOOL,
     .doc = "Ask for DNSSEC records (the DO bit).",
     .fallback = "false"},
    {.key = "cd",
     .type = PARAM_BOOL,
     .doc = "Ask the resolver not to check (the CD bit).",
     .fallback = "false"},
    {.key = "edns",
     .type = PARAM_INTEGER,
     .doc = "The UDP size to advertise; 0 asks without EDNS. The client's without this key.",
     .most = 65535},
    {.key = "subnet",
     .type = PARAM_TEXT,
     .doc = "Say for which network it is asked, 203.0.113.0/24 say (the client subnet of RFC "
            "7871)."},
    {.key = "tcp", .type = PARAM_BOOL, .doc = "Ask over TCP at once.", .fallback = "false"},
    {.key = "ignore-truncation",
     .type = PARAM_BOOL,
     .doc = "Keep a truncated answer instead of asking over TCP.",
     .fallback = "false"},
    {.key = NULL},
};

/* `lookup: NAME TYPE` as a mapping of two. */
static struct yaml_node *split_lookup(struct story *story, const struct yaml_node *node)
{
    struct yaml_node *nodes = ARENA_NEW_ARRAY(story->loader.arena, struct yaml_node, 3);
    if (nodes == NULL) {
        loader_exhausted(&story->loader);
        return NULL;
    }
    const struct bytes text = node->scalar;
    const uint8_t *space = memchr(text.data, ' ', text.size);
    const size_t size = space != NULL ? (size_t)(space - text.data) : text.size;
    struct bytes rest = bytes_after(text, size);
    while (rest.size > 0 && rest.data[0] == ' ') {
        rest = bytes_after(rest, 1);
    }
    nodes[0] = (struct yaml_node){
        .kind = YAML_MAPPING, .place = node->place, .first = &nodes[1], .count = 1};
    nodes[1] = *node;
    nodes[1].key = bytes_of_string("name");
    nodes[1].scalar = arena_copy(story->loader.arena, bytes_of(text.data, size));
    nodes[1].next = NULL;
    if (rest.size > 0) {
        nodes[2] = *node;
        nodes[2].key = bytes_of_string("type");
        nodes[2].scalar = rest;
        nodes[2].place = yaml_place_in(node, &story->loader.source, &(struct yaml_cursor){0},
                                       (size_t)(rest.data - text.data));
        nodes[2].next = NULL;
        nodes[1].next = &nodes[2];
    }
    return nodes;
}

static bool find_server(struct story *story, const struct params *params, struct lookup_step *step)
{
    const struct param *server = params_find(params, "server");
    step->question.server = (struct endpoint){.address = story->scenario->resolver_v4, .port = 53};
    step->to_resolver = server == NULL || bytes_are(server->texts[0], "resolver");
    step->question.recursion_desired = step->to_resolver;
    if (step->to_resolver) {
        return true;
    }
    const struct address *addresses = NULL;
    size_t count = 0;
    if (!story_find_addresses(story, server->texts[0], server->place, &addresses, &count)) {
        return false;
    }
    if (count > 0) {
        step->question.server.address = addresses[0];
    }
    return true;
}

static bool read_subnet(struct story *story, const struct params *params, struct client_subnet *ret)
{
    const struct param *given = params_find(params, "subnet");
    struct subnet subnet;
    if (given == NULL) {
        return true;
    }
    if (!subnet_parse(given->texts[0], &subnet)) {
        diags_add(story->loader.diags, given->place,
                  "this is neither an address nor a range of them");
        return false;
    }
    ret->address = subnet_base(&subnet.first, subnet.bits);
    ret->source = (uint8_t)subnet.bits;
    return true;
}

static bool load_lookup(struct story *story, const struct step_row *row,
                        const struct yaml_node *node, struct step *step)
{
    const struct param_form form = {"lookup", row->specs, NULL};
    struct params params;
    const bool bare = node->kind == YAML_SCALAR && !yaml_is_empty(node);
    const struct yaml_node *mapping = bare ? split_lookup(story, node) : node;
    if (mapping == NULL || !loader_need_mapping(&story->loader, mapping, "lookup") ||
        !params_load(&story->loader, &form, mapping, &params)) {
        return false;
    }
    struct client_question *question = &step->as.lookup.question;
    const struct param *types = params_find(&params, "type");
    if (!name_of(story, &params, "name", &question->name) ||
        !find_server(story, &params, &step->as.lookup) ||
        !read_subnet(story, &params, &question->subnet)) {
        return false;
    }
    if (types->count != 1) {
        diags_add(story->loader.diags, types->place, "a look-up asks for one type");
        return false;
    }
    question->type = types->types[0];
    question->dnssec_ok = params_number(&params, "dnssec", 0) != 0;
    question->checking_disabled = params_number(&params, "cd", 0) != 0;
    question->tcp_only = params_number(&params, "tcp", 0) != 0;
    question->ignore_truncation = params_number(&params, "ignore-truncation", 0) != 0;
    question->udp_size = (uint16_t)params_number(
        &params, "edns", params_number(&story->scenario->client, "edns", 1232));
    step->shown = shown_name(story, row->key, &question->name, question->type);
    return step->shown != NULL || loader_exhausted(&story->loader);
}

/* --- dkim --- */

static const char *const algorithms[] = {"rsa-sha256", "rsa-sha1", "ed25519-sha256", NULL};

static const struct param_spec dkim_params[] = {
    {.key = "name",
     .type = PARAM_TEXT,
     .doc = "Where the key is: <selector>._domainkey.<domain>.",
     .required = true},
    {.key = "algorithm",
     .type = PARAM_CHOICE,
     .doc = "The signature's algorithm (a=); without this key the one that the right key's type "
            "asks for, with SHA-256.",
     .choices = algorithms},
    {.key = "d",
     .type = PARAM_TEXT,
     .doc = "The signing domain (d=); the part of the name behind _domainkey without this key."},
    {.key = "i", .type = PARAM_TEXT, .doc = "The identity (i=); @ and d= without this key."},
    {.key = "key",
     .type = PARAM_TEXT,
     .doc = "The text of the right key record, whose private half signed the message. Without this "
            "key and the next, the record that the zones as written lead to from the name."},
    {.key = "key-at",
     .type = PARAM_TEXT,
     .doc = "The name where the zones hold the right key record."},
    {.key = "sign-with",
     .type = PARAM_TEXT,
     .doc = "The key under `keys` whose private half signed the message, and whose public half is "
            "the right one. Without it and the two before, the key whose public half is in the "
            "right record, or else the only one."},
    {.key = NULL},
};

/* The part of `name` behind its `_domainkey` label, else all of it. */
static struct bytes signing_domain(struct story *story, const struct name *name)
{
    struct name domain;
    struct name rest;
    name_copy(&domain, name);
    name_copy(&rest, name);
    while (rest.labels > 0) {
        const struct bytes label = name_first_label(&rest);
        const bool found = bytes_are(label, "_domainkey");
        name_parent(&rest, &rest);
        if (found) {
            name_copy(&domain, &rest);
            break;
        }
    }
    const char *text = loader_name_text(&story->loader, &domain);
    return text != NULL ? bytes_of_string(text) : bytes_of("", 0);
}

/* The order of `algorithms`. */
static enum dkim_algorithm algorithm_of(const struct params *params)
{
    static const enum dkim_algorithm values[] = {DKIM_RSA_SHA256, DKIM_RSA_SHA1,
                                                 DKIM_ED25519_SHA256};
    const struct param *param = params_find(params, "algorithm");
    return param != NULL ? values[param->number] : DKIM_ALGORITHM_BY_KEY;
}

/* The record that publishes `pair` as it should be. */
static struct bytes record_of(struct story *story, const struct key_pair *pair)
{
    static const char *const heads[] = {
        [KEY_PAIR_RSA] = "v=DKIM1; k=rsa; p=", [KEY_PAIR_ED25519] = "v=DKIM1; k=ed25519; p="};
    const size_t head = strlen(heads[pair->type]);
    uint8_t *text = arena_alloc(story->loader.arena, head + pair->public_text.size);
    if (text == NULL) {
        loader_exhausted(&story->loader);
        return bytes_of(NULL, 0);
    }
    memcpy(text, heads[pair->type], head);
    memcpy(text + head, pair->public_text.data, pair->public_text.size);
    return bytes_of(text, head + pair->public_text.size);
}

/* The key that the step names, and with it the right record where that is not said. */
static bool take_signer(struct story *story, const struct param *said, struct dkim_step *dkim)
{
    static const struct keyring none = {.count = 0};
    const struct keyring *ring = story->scenario->keyring;
    struct keyring_key *key =
        keyring_find(&story->loader, ring != NULL ? ring : &none, said->texts[0], said->place);
    dkim->signer = key != NULL ? keyring_pair(&story->loader, key) : NULL;
    if (dkim->signer != NULL && !dkim->expected_said) {
        dkim->expected_said = true;
        dkim->expected_record = record_of(story, dkim->signer);
    }
    return dkim->signer != NULL;
}

static bool holds(struct bytes text, struct bytes part)
{
    for (size_t at = 0; part.size > 0 && at + part.size <= text.size; at++) {
        if (memcmp(text.data + at, part.data, part.size) == 0) {
            return true;
        }
    }
    return false;
}

/* The key whose public half stands in the right record, or else the only key there is. */
static void guess_signer(struct story *story, struct dkim_step *dkim)
{
    const struct keyring *ring = story->scenario->keyring;
    for (size_t i = 0; ring != NULL && i < ring->count; i++) {
        const struct key_pair *pair = &ring->keys[i].pair;
        if (ring->keys[i].has_pair && holds(dkim->expected_record, pair->public_text)) {
            dkim->signer = pair;
            return;
        }
    }
    if (ring != NULL && ring->count == 1) {
        ring->keys[0].is_used = true;
        dkim->signer = keyring_pair(&story->loader, &ring->keys[0]);
    }
}

static bool find_signer(struct story *story, const struct params *params, struct dkim_step *dkim)
{
    const struct param *said = params_find(params, "sign-with");
    if (said != NULL) {
        return take_signer(story, said, dkim);
    }
    guess_signer(story, dkim);
    return true;
}

static bool find_key(struct story *story, const struct params *params, struct dkim_step *dkim)
{
    const struct param *key = params_find(params, "key");
    const struct param *key_at = params_find(params, "key-at");
    struct name name;
    name_copy(&name, &dkim->name);
    dkim->expected_said = key != NULL || key_at != NULL;
    if (key != NULL) {
        dkim->expected_record = key->texts[0];
        return true;
    }
    if (key_at != NULL && !name_of(story, params, "key-at", &name)) {
        return false;
    }
    dkim->expected_record = story_key_record(story, &name);
    if (key_at != NULL && dkim->expected_record.size == 0 && story_now(story) != NULL) {
        diags_add(story->loader.diags, key_at->place, "the zones hold no TXT record at `%s`",
                  (const char *)key_at->texts[0].data);
        return false;
    }
    return true;
}

static bool load_dkim(struct story *story, const struct step_row *row, const struct yaml_node *node,
                      struct step *step)
{
    const struct param_form form = {"dkim", row->specs, "name"};
    struct params params;
    struct dkim_step *dkim = &step->as.dkim;
    if (!params_load(&story->loader, &form, node, &params) ||
        !name_of(story, &params, "name", &dkim->name) || !find_key(story, &params, dkim) ||
        !find_signer(story, &params, dkim)) {
        return false;
    }
    dkim->signature.algorithm = algorithm_of(&params);
    dkim->signature.identity = text_of(&params, "i");
    dkim->signature.domain = text_of(&params, "d");
    if (dkim->signature.domain.size == 0) {
        dkim->signature.domain = signing_domain(story, &dkim->name);
    }
    step->shown = shown_name(story, row->key, &dkim->name, 0);
    return step->shown != NULL || loader_exhausted(&story->loader);
}

/* --- change --- */

/* Notes which members are no zones, and their keys for the step's line. */
static bool sort_changes(struct story *story, const struct yaml_node *node, bool *skip,
                         struct text *line)
{
    size_t index = 0;
    for (const struct yaml_node *member = node->first; member != NULL; member = member->next) {
        skip[index++] = bytes_are(member->key, "faults") || bytes_are(member->key, "resolver");
        text_put(line, index > 1 ? ", " : " ");
        text_put_escaped(line, member->key);
        const char *before = ": ";
        for (const struct yaml_node *key = member->first;
             member->kind == YAML_MAPPING && key != NULL; key = key->next) {
            text_put(line, before);
            text_put_escaped(line, key->key);
            before = ", ";
        }
    }
    (void)story;
    return index > 0;
}

static bool load_change(struct story *story, const struct step_row *row,
                        const struct yaml_node *node, struct step *step)
{
    char buffer[256];
    struct text line = text_in(buffer, sizeof buffer);
    struct change_step *change = &step->as.change;
    if (!loader_need_mapping(&story->loader, node, row->key)) {
        return false;
    }
    bool *skip = ARENA_NEW_ARRAY(story->loader.arena, bool, node->count);
    if (skip == NULL) {
        return loader_exhausted(&story->loader);
    }
    text_put(&line, row->key);
    if (!sort_changes(story, node, skip, &line)) {
        diags_add(story->loader.diags, node->place, "nothing is changed here");
        return false;
    }
    bool fine = story_change_zones(story, node, skip, change);
    const struct yaml_node *faults = yaml_find(node, "faults");
    if (faults != NULL) {
        change->replaces_faults = true;
        fine = story_load_faults(story, faults, &change->faults, &change->fault_count) && fine;
    }
    const struct yaml_node *resolver = yaml_find(node, "resolver");
    change->forgets = resolver != NULL && yaml_is_word(resolver, "forget");
    if (resolver != NULL && !change->forgets) {
        diags_add(story->loader.diags, resolver->place,
                  "`forget` (an empty cache) is all that can happen to the resolver");
        fine = false;
    }
    step->shown = arena_copy_string(story->loader.arena, buffer);
    return fine && (step->shown != NULL || loader_exhausted(&story->loader));
}

/* --- wait --- */

static bool load_wait(struct story *story, const struct step_row *row, const struct yaml_node *node,
                      struct step *step)
{
    static const struct param_spec spec = {.key = "wait", .type = PARAM_DURATION};
    struct param param;
    if (!param_load(&story->loader, &spec, node, &param)) {
        return false;
    }
    step->as.wait = param.number;
    step->shown = shown(story, row->key, node->scalar, bytes_of(NULL, 0));
    return step->shown != NULL || loader_exhausted(&story->loader);
}

/* --- the table --- */

const struct step_row step_rows[STEP_KINDS] = {
    [STEP_LOOKUP] = {"lookup", "The client puts one question and waits for the answer.",
                     "NAME, or NAME TYPE", "lookup", lookup_params, load_lookup},
    [STEP_DKIM] = {"dkim",
                   "A DKIM verifier asks for a key (TXT) and judges a message that was signed with "
                   "the right one.",
                   "the name", "dkim", dkim_params, load_dkim},
    [STEP_SETUP] = {"setup",
                    "A mail provider's set-up check looks for the records it asked its customer "
                    "for. One record, or a list of them.",
                    NULL, "setup", setup_params, story_load_setup},
    [STEP_CHANGE] = {"change",
                     "Somebody edits zones: each key given replaces what the zone had under it. "
                     "`faults` replaces all faults; `resolver: forget` empties the cache.",
                     NULL, "change", NULL, load_change},
    [STEP_WAIT] = {"wait", "Time passes.", "a duration", "duration", NULL, load_wait},
};

/* --- one step, all steps --- */

static bool is_judgement(struct bytes key)
{
    return bytes_are(key, "expect") || bytes_are(key, "forbid") || bytes_are(key, "deviations");
}

static const struct step_row *find_row(struct bytes key)
{
    for (size_t i = 0; i < STEP_KINDS; i++) {
        if (bytes_are(key, step_rows[i].key)) {
            return &step_rows[i];
        }
    }
    return NULL;
}

static void tell_unknown(struct story *story, const struct yaml_node *member)
{
    struct spelling spelling = spelling_of(member->key);
    for (size_t i = 0; i < STEP_KINDS; i++) {
        spelling_offer(&spelling, step_rows[i].key);
    }
    spelling_offer(&spelling, "expect");
    spelling_offer(&spelling, "forbid");
    spelling_offer(&spelling, "deviations");
    loader_unknown_key(&story->loader, member, "a step", &spelling);
}

/* The member that says what is done, NULL (told) if none or several do. */
static const struct yaml_node *find_action(struct story *story, const struct yaml_node *item,
                                           bool *ret_fine)
{
    const struct yaml_node *action = NULL;
    *ret_fine = true;
    for (const struct yaml_node *member = item->first; member != NULL; member = member->next) {
        if (is_judgement(member->key)) {
            continue;
        }
        if (find_row(member->key) == NULL) {
            tell_unknown(story, member);
            *ret_fine = false;
        } else if (action != NULL) {
            diags_add(story->loader.diags, member->key_place,
                      "one step does one thing, and this one has `%s` already",
                      (const char *)action->key.data);
            *ret_fine = false;
        } else {
            action = member;
        }
    }
    if (action == NULL && *ret_fine) {
        diags_add(story->loader.diags, item->place,
                  "this step does nothing; it needs lookup, dkim, setup, change or wait");
    }
    return action;
}

static bool load_step(struct story *story, const struct yaml_node *item, struct step *step)
{
    bool fine;
    if (!loader_need_mapping(&story->loader, item, "a step")) {
        return false;
    }
    const struct yaml_node *action = find_action(story, item, &fine);
    if (action == NULL) {
        return false;
    }
    const struct step_row *row = find_row(action->key);
    step->kind = (enum step_kind)(row - step_rows);
    step->place = action->key_place;
    step->shown = row->key;
    const bool loaded = row->load(story, row, action, step);
    const struct yaml_node *deviations = yaml_find(item, "deviations");
    fine = (deviations == NULL || deviations_load(&story->loader, deviations, step)) && fine;
    return story_load_expectations(story, item, step) && loaded && fine;
}

bool story_load_steps(struct story *story, const struct yaml_node *node)
{
    if (!loader_need_sequence(&story->loader, node, "steps")) {
        return false;
    }
    if (node->count > STORY_STEPS_MAX) {
        diags_add(story->loader.diags, node->place, "a scenario has %d steps at most",
                  STORY_STEPS_MAX);
        return false;
    }
    struct step *steps = ARENA_NEW_ARRAY(story->loader.arena, struct step, node->count);
    if (steps == NULL) {
        return loader_exhausted(&story->loader);
    }
    bool fine = true;
    size_t count = 0;
    for (const struct yaml_node *item = node->first; item != NULL; item = item->next) {
        fine = load_step(story, item, &steps[count++]) && fine;
    }
    story->scenario->steps = steps;
    story->scenario->step_count = count;
    return fine;
}

/* A schema from tables: keys from the loader's own rows, values by their parameter types. What the
 * rows name as a shape is a definition of the schema, and has a function here. */
#include "harness/schema.h"

#include <string.h>

#include "harness/deviation.h"
#include "harness/expect.h"
#include "harness/json.h"
#include "harness/keyring.h"
#include "harness/lint.h"
#include "harness/story.h"
#include "harness/zone_spec.h"
#include "resolver/policy.h"

/* --- small pieces --- */

static void put_ref(struct json *json, const char *name)
{
    char ref[64];
    struct text text = text_in(ref, sizeof ref);
    text_put(&text, "#/definitions/");
    text_put(&text, name);
    json_put_string(json, "$ref", ref);
}

static void put_strings(struct json *json, const char *key, const char *const *strings)
{
    json_begin_array(json, key);
    for (size_t i = 0; strings[i] != NULL; i++) {
        json_put_string(json, NULL, strings[i]);
    }
    json_end(json);
}

/* An object in an array: {"$ref": …}. */
static void put_ref_item(struct json *json, const char *name)
{
    json_begin_object(json, NULL);
    put_ref(json, name);
    json_end(json);
}

/* "anyOf": `name`, or a list of it. */
static void put_one_or_list(struct json *json, const char *name)
{
    json_begin_array(json, "anyOf");
    put_ref_item(json, name);
    json_begin_object(json, NULL);
    json_put_string(json, "type", "array");
    json_begin_object(json, "items");
    put_ref(json, name);
    json_end(json);
    json_end(json);
    json_end(json);
}

/* --- parameters --- */

static void put_integer(struct json *json, const struct param_spec *spec)
{
    json_put_string(json, "type", "integer");
    json_number(json, "minimum", spec->least);
    if (spec->most > 0) {
        json_number(json, "maximum", spec->most);
    }
}

/* What a value of `spec` looks like, into the object that is open. */
static void put_value(struct json *json, const struct param_spec *spec)
{
    switch (spec->type) {
    case PARAM_BOOL: json_put_string(json, "type", "boolean"); break;
    case PARAM_INTEGER: put_integer(json, spec); break;
    case PARAM_DURATION: put_ref(json, "duration"); break;
    case PARAM_CHANCE: put_ref(json, "chance"); break;
    case PARAM_TEXT: put_ref(json, "text"); break;
    case PARAM_TEXTS: put_ref(json, "texts"); break;
    case PARAM_ADDRESS: put_ref(json, "address"); break;
    case PARAM_ADDRESSES: put_ref(json, "addresses"); break;
    case PARAM_TYPES: put_ref(json, "types"); break;
    case PARAM_CHOICE: put_strings(json, "enum", spec->choices); break;
    default: break;
    }
}

/* A property: description, default, value. */
static void put_param(struct json *json, const struct param_spec *spec)
{
    json_begin_object(json, spec->key);
    if (spec->doc != NULL) {
        json_put_string(json, "description", spec->doc);
    }
    put_value(json, spec);
    json_end(json);
}

/* "required", if any of `specs` is. */
static void put_required(struct json *json, const struct param_spec *specs)
{
    bool open = false;
    for (const struct param_spec *spec = specs; spec != NULL && spec->key != NULL; spec++) {
        if (spec->required && !open) {
            json_begin_array(json, "required");
            open = true;
        }
        if (spec->required) {
            json_put_string(json, NULL, spec->key);
        }
    }
    if (open) {
        json_end(json);
    }
}

/* The inside of an object with exactly the keys of `specs`. */
static void put_form(struct json *json, const struct param_spec *specs)
{
    json_put_string(json, "type", "object");
    json_begin_object(json, "properties");
    for (const struct param_spec *spec = specs; spec != NULL && spec->key != NULL; spec++) {
        put_param(json, spec);
    }
    json_end(json);
    put_required(json, specs);
    json_bool(json, "additionalProperties", false);
}

static const struct param_spec *find_spec(const struct param_spec *specs, const char *key)
{
    return param_spec_find(specs, bytes_of_string(key));
}

static void put_form_item(struct json *json, const struct param_spec *specs)
{
    json_begin_object(json, NULL);
    put_form(json, specs);
    json_end(json);
}

/* An alternative: the value of the short parameter. */
static void put_short_item(struct json *json, const struct param_spec *specs, const char *key)
{
    json_begin_object(json, NULL);
    put_value(json, find_spec(specs, key));
    json_end(json);
}

static void put_type_item(struct json *json, const char *type)
{
    json_begin_object(json, NULL);
    json_put_string(json, "type", type);
    json_end(json);
}

/* --- scalars --- */

static void put_text(struct json *json)
{
    json_begin_array(json, "type");
    json_put_string(json, NULL, "string");
    json_put_string(json, NULL, "number");
    json_end(json);
}

static void put_pattern(struct json *json, const char *pattern)
{
    put_text(json);
    json_put_string(json, "pattern", pattern); /* numbers are not looked at */
}

static void define_text(struct json *json)
{
    put_text(json);
}

static void define_texts(struct json *json)
{
    put_one_or_list(json, "text");
}

static void define_duration(struct json *json)
{
    put_pattern(json, "^([0-9]+(\\.[0-9]+)?(d|h|m|s|ms|us|ns))+$|^[0-9]+(\\.[0-9]+)?$");
    json_number(json, "minimum", 0);
}

static void define_chance(struct json *json)
{
    put_pattern(json, "^[0-9]+(\\.[0-9]+)?%?$");
    json_number(json, "minimum", 0);
    json_number(json, "maximum", 1);
}

static void define_ttl(struct json *json)
{
    put_pattern(json, "^([0-9]+[smhdwSMHDW])+$|^[0-9]+$");
    json_number(json, "minimum", 0);
}

static void define_address(struct json *json)
{
    json_put_string(json, "type", "string");
    json_put_string(json, "pattern", "^[0-9A-Fa-f:.]+$");
}

static void define_addresses(struct json *json)
{
    put_one_or_list(json, "address");
}

static void define_type(struct json *json)
{
    json_put_string(json, "type", "string");
    json_put_string(json, "pattern", "^[A-Za-z][A-Za-z0-9-]*$");
}

static void define_types(struct json *json)
{
    put_one_or_list(json, "type");
}

static void define_boolean(struct json *json)
{
    json_put_string(json, "type", "boolean");
}

static void define_version(struct json *json)
{
    json_number(json, "const", SCENARIO_VERSION);
}

static void define_cover(struct json *json)
{
    json_put_string(json, "type", "string");
    json_put_string(json, "pattern", "^F(0[1-9]|[1-9][0-9]|10[0-9]|11[01])$");
}

static void define_covers(struct json *json)
{
    put_one_or_list(json, "cover");
}

static void define_finding(struct json *json)
{
    json_begin_array(json, "enum");
    for (const struct lint_rule *rule = lint_rules; rule->name != NULL; rule++) {
        json_put_string(json, NULL, rule->name);
    }
    json_end(json);
}

static void define_intended(struct json *json)
{
    put_one_or_list(json, "finding");
}

static void define_records(struct json *json)
{
    json_begin_array(json, "anyOf");
    put_type_item(json, "string");
    json_begin_object(json, NULL);
    json_put_string(json, "type", "array");
    json_begin_object(json, "items");
    json_put_string(json, "type", "string");
    json_end(json);
    json_end(json);
    json_end(json);
}

static void define_entry(struct json *json)
{
    json_begin_array(json, "anyOf");
    json_begin_object(json, NULL);
    json_bool(json, "const", false);
    json_end(json);
    json_begin_object(json, NULL);
    json_put_string(json, "type", "object");
    json_bool(json, "additionalProperties", false);
    json_begin_object(json, "properties");
    for (const struct entry_row *row = entry_rows; row->name != NULL; row++) {
        json_begin_object(json, row->name);
        json_put_string(json, "description", row->doc);
        put_ref(json, "texts");
        json_end(json);
    }
    json_end(json);
    json_end(json);
    json_end(json);
}

static void define_provider(struct json *json)
{
    char name[64];
    json_begin_array(json, "enum");
    for (const struct provider *row = providers; row->slug != NULL; row++) {
        struct text text = text_in(name, sizeof name);
        text_put(&text, row->slug);
        if (row == providers || strcmp(row[-1].slug, row->slug) != 0) {
            json_put_string(json, NULL, name);
        }
        text_put_char(&text, '@');
        text_put(&text, row->date);
        json_put_string(json, NULL, name);
    }
    json_end(json);
}

/* --- zones --- */

static void define_soa(struct json *json)
{
    json_begin_array(json, "anyOf");
    json_begin_object(json, NULL);
    json_bool(json, "const", false);
    json_end(json);
    put_form_item(json, soa_params);
    json_end(json);
}

static void put_behaviour(struct json *json, const struct behaviour_row *row)
{
    json_begin_object(json, row->name);
    json_put_string(json, "description", row->doc);
    json_begin_array(json, "anyOf");
    put_type_item(json, "boolean");
    json_begin_object(json, NULL);
    json_put_string(json, "type", "array");
    json_number(json, "maxItems", 0);
    json_end(json);
    if (row->short_param != NULL) {
        put_short_item(json, row->params, row->short_param);
    }
    put_form_item(json, row->params);
    json_end(json);
    json_end(json);
}

/* A zone or a server: its own keys, then the behaviours. */
static void put_zone_keys(struct json *json, const struct zone_key *keys)
{
    json_begin_array(json, "type");
    json_put_string(json, NULL, "object");
    json_put_string(json, NULL, "null");
    json_end(json);
    json_begin_object(json, "properties");
    for (const struct zone_key *row = keys; row->key != NULL; row++) {
        json_begin_object(json, row->key);
        json_put_string(json, "description", row->doc);
        put_ref(json, row->shape);
        json_end(json);
    }
    for (size_t i = 0; i < behaviour_count(); i++) {
        put_behaviour(json, behaviour_rows[i]);
    }
    json_end(json);
    json_bool(json, "additionalProperties", false);
}

static void define_zone(struct json *json)
{
    put_zone_keys(json, zone_keys);
}

static void define_server(struct json *json)
{
    put_zone_keys(json, server_keys);
}

static void define_servers(struct json *json)
{
    json_begin_array(json, "anyOf");
    json_begin_object(json, NULL);
    json_put_string(json, "type", "array");
    json_begin_object(json, "items");
    json_put_string(json, "type", "string");
    json_end(json);
    json_end(json);
    json_begin_object(json, NULL);
    json_put_string(json, "type", "object");
    json_begin_object(json, "additionalProperties");
    put_ref(json, "server");
    json_end(json);
    json_end(json);
    json_end(json);
}

static void define_zones(struct json *json)
{
    json_put_string(json, "type", "object");
    json_begin_object(json, "additionalProperties");
    put_ref(json, "zone");
    json_end(json);
}

/* --- faults, resolver, client --- */

static void put_fault(struct json *json, const struct fault_row *row)
{
    json_begin_object(json, row->name);
    json_put_string(json, "description", row->doc);
    json_begin_array(json, "anyOf");
    json_begin_object(json, NULL);
    json_bool(json, "const", true);
    json_end(json);
    if (row->short_param != NULL) {
        put_short_item(json, row->params, row->short_param);
    } else {
        put_ref_item(json, "chance");
    }
    put_form_item(json, row->params);
    json_end(json);
    json_end(json);
}

static void define_fault(struct json *json)
{
    json_put_string(json, "type", "object");
    json_begin_object(json, "properties");
    for (const struct fault_row *row = fault_rows; row->name != NULL; row++) {
        put_fault(json, row);
    }
    for (const struct param_spec *spec = fault_trigger_params; spec->key != NULL; spec++) {
        put_param(json, spec);
    }
    json_end(json);
    json_begin_array(json, "oneOf");
    for (const struct fault_row *row = fault_rows; row->name != NULL; row++) {
        json_begin_object(json, NULL);
        json_begin_array(json, "required");
        json_put_string(json, NULL, row->name);
        json_end(json);
        json_end(json);
    }
    json_end(json);
    json_bool(json, "additionalProperties", false);
}

static void define_faults(struct json *json)
{
    json_put_string(json, "type", "array");
    json_begin_object(json, "items");
    put_ref(json, "fault");
    json_end(json);
}

static void define_forgery(struct json *json)
{
    json_put_string(json, "type", "object");
    json_begin_object(json, "properties");
    for (const struct param_spec *spec = forgery_params; spec->key != NULL; spec++) {
        put_param(json, spec);
    }
    for (const struct forgery_key *row = forgery_keys; row->key != NULL; row++) {
        json_begin_object(json, row->key);
        json_put_string(json, "description", row->doc);
        put_ref(json, "records");
        json_end(json);
    }
    json_end(json);
    put_required(json, forgery_params);
    json_bool(json, "additionalProperties", false);
}

static void define_intruder(struct json *json)
{
    json_put_string(json, "type", "array");
    json_number(json, "maxItems", INTRUDER_FORGERIES_MAX);
    json_begin_object(json, "items");
    put_ref(json, "forgery");
    json_end(json);
}

static void define_policy(struct json *json)
{
    put_form(json, policy_params);
}

static void define_client(struct json *json)
{
    put_form(json, client_params);
}

static void define_keys(struct json *json)
{
    json_put_string(json, "type", "object");
    json_begin_object(json, "additionalProperties");
    put_form(json, keyring_params);
    json_end(json);
}

static void define_deviations(struct json *json)
{
    put_form(json, deviation_params);
}

/* --- steps --- */

static void define_lookup(struct json *json)
{
    json_begin_array(json, "anyOf");
    put_type_item(json, "string");
    put_form_item(json, step_rows[STEP_LOOKUP].specs);
    json_end(json);
}

static void define_dkim(struct json *json)
{
    json_begin_array(json, "anyOf");
    put_type_item(json, "string");
    put_form_item(json, step_rows[STEP_DKIM].specs);
    json_end(json);
}

static void define_asked(struct json *json)
{
    put_form(json, setup_params);
}

static void define_setup(struct json *json)
{
    put_one_or_list(json, "asked");
}

static void define_change(struct json *json)
{
    json_put_string(json, "type", "object");
    json_number(json, "minProperties", 1);
    json_begin_object(json, "properties");
    json_begin_object(json, "faults");
    put_ref(json, "faults");
    json_end(json);
    json_begin_object(json, "resolver");
    json_put_string(json, "const", "forget");
    json_end(json);
    json_end(json);
    json_begin_object(json, "additionalProperties");
    put_ref(json, "zone");
    json_end(json);
}

static bool is_for(const struct expect_row *row, enum step_kind kind)
{
    return (row->steps & 1U << (unsigned)kind) != 0;
}

/* True if `key` is `group` and a dot and more. */
static bool is_below(const char *key, const char *group, size_t size)
{
    return strncmp(key, group, size) == 0 && key[size] == '.';
}

/* The value of an assertion: one, or for `forbid` also several. */
static void put_assertion(struct json *json, const struct expect_row *row)
{
    json_begin_object(json, NULL);
    put_value(json, &row->spec);
    json_end(json);
    json_begin_object(json, NULL);
    json_put_string(json, "type", "array");
    json_begin_object(json, "items");
    put_value(json, &row->spec);
    json_end(json);
    json_end(json);
}

/* The alternative of a mapping: the assertions below `group`. */
static void put_group(struct json *json, enum step_kind kind, const char *group, size_t size)
{
    json_begin_object(json, NULL);
    json_put_string(json, "type", "object");
    json_begin_object(json, "properties");
    for (const struct expect_row *row = expect_rows; row->key != NULL; row++) {
        if (is_for(row, kind) && is_below(row->key, group, size)) {
            json_begin_object(json, row->key + size + 1);
            json_put_string(json, "description", row->spec.doc);
            json_begin_array(json, "anyOf");
            put_assertion(json, row);
            json_end(json);
            json_end(json);
        }
    }
    json_end(json);
    json_bool(json, "additionalProperties", false);
    json_end(json);
}

static bool has_group(enum step_kind kind, const char *group, size_t size)
{
    for (const struct expect_row *row = expect_rows; row->key != NULL; row++) {
        if (is_for(row, kind) && is_below(row->key, group, size)) {
            return true;
        }
    }
    return false;
}

static void put_expectation(struct json *json, enum step_kind kind, const struct expect_row *row)
{
    const size_t size = strlen(row->key);
    json_begin_object(json, row->key);
    json_put_string(json, "description", row->spec.doc);
    json_begin_array(json, "anyOf");
    put_assertion(json, row);
    if (has_group(kind, row->key, size)) {
        put_group(json, kind, row->key, size);
    }
    json_end(json);
    json_end(json);
}

static void put_expectations(struct json *json, enum step_kind kind)
{
    json_put_string(json, "type", "object");
    json_begin_object(json, "properties");
    for (const struct expect_row *row = expect_rows; row->key != NULL; row++) {
        if (is_for(row, kind)) {
            put_expectation(json, kind, row);
        }
    }
    json_end(json);
    json_bool(json, "additionalProperties", false);
}

static void define_expect_lookup(struct json *json)
{
    put_expectations(json, STEP_LOOKUP);
}

static void define_expect_dkim(struct json *json)
{
    put_expectations(json, STEP_DKIM);
}

static void define_expect_setup(struct json *json)
{
    put_expectations(json, STEP_SETUP);
}

/* The definition of what a step may assert, NULL if nothing. */
static const char *expect_shape(enum step_kind kind)
{
    switch (kind) {
    case STEP_LOOKUP: return "expect-lookup";
    case STEP_DKIM: return "expect-dkim";
    case STEP_SETUP: return "expect-setup";
    default: return NULL;
    }
}

static void put_judgement(struct json *json, const char *key, const char *doc, const char *shape)
{
    json_begin_object(json, key);
    json_put_string(json, "description", doc);
    put_ref(json, shape);
    json_end(json);
}

static void put_step(struct json *json, enum step_kind kind)
{
    const struct step_row *row = &step_rows[kind];
    json_begin_object(json, NULL);
    json_put_string(json, "type", "object");
    json_begin_object(json, "properties");
    json_begin_object(json, row->key);
    json_put_string(json, "description", row->doc);
    put_ref(json, row->shape);
    json_end(json);
    if (expect_shape(kind) != NULL) {
        put_judgement(json, "expect", "What must be so.", expect_shape(kind));
        put_judgement(json, "forbid", "What must not be so.", expect_shape(kind));
    }
    if (kind == STEP_DKIM) {
        put_judgement(json, "deviations", "Which real programs say another word.", "deviations");
    }
    json_end(json);
    json_begin_array(json, "required");
    json_put_string(json, NULL, row->key);
    json_end(json);
    json_bool(json, "additionalProperties", false);
    json_end(json);
}

static void define_step(struct json *json)
{
    json_begin_array(json, "oneOf");
    for (unsigned kind = 0; kind < STEP_KINDS; kind++) {
        put_step(json, (enum step_kind)kind);
    }
    json_end(json);
}

static void define_steps(struct json *json)
{
    json_put_string(json, "type", "array");
    json_begin_object(json, "items");
    put_ref(json, "step");
    json_end(json);
}

/* --- the whole --- */

static const struct definition {
    const char *name;
    void (*define)(struct json *json);
} definitions[] = {
    {"address", define_address},
    {"addresses", define_addresses},
    {"asked", define_asked},
    {"boolean", define_boolean},
    {"chance", define_chance},
    {"change", define_change},
    {"client", define_client},
    {"cover", define_cover},
    {"covers", define_covers},
    {"deviations", define_deviations},
    {"dkim", define_dkim},
    {"duration", define_duration},
    {"entry", define_entry},
    {"expect-dkim", define_expect_dkim},
    {"expect-lookup", define_expect_lookup},
    {"expect-setup", define_expect_setup},
    {"fault", define_fault},
    {"faults", define_faults},
    {"finding", define_finding},
    {"forgery", define_forgery},
    {"intended", define_intended},
    {"intruder", define_intruder},
    {"keys", define_keys},
    {"lookup", define_lookup},
    {"policy", define_policy},
    {"provider", define_provider},
    {"records", define_records},
    {"server", define_server},
    {"servers", define_servers},
    {"setup", define_setup},
    {"soa", define_soa},
    {"step", define_step},
    {"steps", define_steps},
    {"text", define_text},
    {"texts", define_texts},
    {"ttl", define_ttl},
    {"type", define_type},
    {"types", define_types},
    {"version", define_version},
    {"zone", define_zone},
    {"zones", define_zones},
};

static void put_properties(struct json *json)
{
    json_begin_object(json, "properties");
    for (const struct story_key *row = story_keys; row->key != NULL; row++) {
        json_begin_object(json, row->key);
        json_put_string(json, "description", row->doc);
        put_ref(json, row->shape);
        json_end(json);
    }
    json_end(json);
    json_begin_array(json, "required");
    for (const struct story_key *row = story_keys; row->key != NULL; row++) {
        if (row->required) {
            json_put_string(json, NULL, row->key);
        }
    }
    json_end(json);
    json_bool(json, "additionalProperties", false);
}

void schema_write(FILE *file)
{
    struct json json = json_to(file, false);
    json_begin_object(&json, NULL);
    json_put_string(&json, "$schema", "http://json-schema.org/draft-07/schema#");
    json_put_string(&json, "title", "A scenario for faultzone");
    json_put_string(&json, "type", "object");
    put_properties(&json);
    json_begin_object(&json, "definitions");
    for (size_t i = 0; i < sizeof definitions / sizeof definitions[0]; i++) {
        json_begin_object(&json, definitions[i].name);
        definitions[i].define(&json);
        json_end(&json);
    }
    json_end(&json);
    json_end(&json);
}

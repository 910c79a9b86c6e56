/* Every table that has a say in scenario files, told one after another. */
#include "harness/reference.h"

#include <string.h>

#include "harness/deviation.h"
#include "harness/expect.h"
#include "harness/keyring.h"
#include "harness/lint.h"
#include "harness/story.h"
#include "harness/zone_spec.h"
#include "inspect/cause.h"
#include "resolver/policy.h"

/* --- parameters --- */

static const char *type_text(enum param_type type)
{
    switch (type) {
    case PARAM_BOOL: return "true or false";
    case PARAM_INTEGER: return "whole number";
    case PARAM_DURATION: return "duration";
    case PARAM_CHANCE: return "chance";
    case PARAM_TEXT: return "text";
    case PARAM_TEXTS: return "text or list of texts";
    case PARAM_ADDRESS: return "address";
    case PARAM_ADDRESSES: return "address or list of addresses";
    case PARAM_TYPES: return "RR type or list of RR types";
    default: return "one of";
    }
}

static void put_choices(FILE *file, const struct param_spec *spec)
{
    for (size_t i = 0; spec->choices != NULL && spec->choices[i] != NULL; i++) {
        fprintf(file, "%s`%s`", i > 0 ? ", " : " ", spec->choices[i]);
    }
}

static void put_range(FILE *file, const struct param_spec *spec)
{
    if (spec->type == PARAM_INTEGER && spec->most > 0) {
        fprintf(file, ", %llu to %llu", (unsigned long long)spec->least,
                (unsigned long long)spec->most);
    } else if (spec->type == PARAM_INTEGER && spec->least > 0) {
        fprintf(file, ", at least %llu", (unsigned long long)spec->least);
    }
}

/* "- `key` (type, default `x`): doc" */
static void put_param(FILE *file, const struct param_spec *spec, const char *key)
{
    fprintf(file, "- `%s` (%s", key, type_text(spec->type));
    put_choices(file, spec);
    put_range(file, spec);
    if (spec->required) {
        fputs(", required", file);
    } else if (spec->fallback != NULL) {
        fprintf(file, ", default `%s`", spec->fallback);
    }
    fprintf(file, "): %s\n", spec->doc != NULL ? spec->doc : "");
}

static void put_params(FILE *file, const struct param_spec *specs)
{
    for (const struct param_spec *spec = specs; spec != NULL && spec->key != NULL; spec++) {
        put_param(file, spec, spec->key);
    }
    if (specs != NULL && specs->key != NULL) {
        putc('\n', file);
    }
}

static void put_short(FILE *file, const char *name, const char *short_param)
{
    if (short_param != NULL) {
        fprintf(file, "`%s: value` is `%s: {%s: value}`.\n\n", name, name, short_param);
    }
}

/* --- the file and its zones --- */

static void put_file(FILE *file)
{
    fputs("## The file\n\n"
          "YAML, strictly: one document of at most 1 MiB, UTF-8, no tags, anchors, aliases or "
          "merges; `true` and `false` are the only truth values; a key given twice or not known "
          "is an error.\n\n",
          file);
    for (const struct story_key *row = story_keys; row->key != NULL; row++) {
        fprintf(file, "- `%s`%s: %s\n", row->key, row->required ? " (required)" : "", row->doc);
    }
    fputs("\nDurations are written like `300ms`, `5s`, `30m`, `1h30m` or `2d`, a bare number is "
          "seconds. Chances are written like `20%` or `0.2`. Names in a zone are relative to it "
          "unless they end in a dot; names in steps are absolute with or without one.\n\n",
          file);
}

static void put_keys(FILE *file, const struct zone_key *keys)
{
    for (const struct zone_key *row = keys; row->key != NULL; row++) {
        fprintf(file, "- `%s`: %s\n", row->key, row->doc);
    }
    putc('\n', file);
}

static void put_zones(FILE *file)
{
    fputs("## Zones\n\nA zone has these keys, and every behaviour is a key too.\n\n", file);
    put_keys(file, zone_keys);
    fputs("### Servers\n\nA server has these keys, and behaviours of its own.\n\n", file);
    put_keys(file, server_keys);
    fputs("### The start of authority\n\n", file);
    put_params(file, soa_params);
    fputs("### What is made\n\n"
          "What a file does not say is made: a zone's SOA and NS records as its provider has "
          "them, its name servers (`ns1` and `ns2` below it without a provider's own), one IPv4 "
          "and one IPv6 address for each, the delegation and glue in the zone above, the zones of "
          "name servers outside every zone of the file, TLDs, and the root. Whatever is said is "
          "left alone: a zone `com` or `.`, NS or SOA records, addresses.\n\n",
          file);
}

static void put_providers(FILE *file)
{
    fputs("## Providers\n\n`provider: name` takes the newest row of that name, `name@date` the "
          "one of that time.\n\n",
          file);
    for (const struct provider *row = providers; row->slug != NULL; row++) {
        fprintf(file, "### `%s@%s`\n\n%s. %s\n\nEvidence: %s\n\n", row->slug, row->date, row->title,
                row->doc != NULL ? row->doc : "", row->evidence != NULL ? row->evidence : "none");
    }
}

static void put_behaviours(FILE *file)
{
    fputs("## Behaviours\n\nHow servers depart from what their zone says, in the order in which "
          "they act. `name: true` turns one on with its defaults, `name: false` or an empty list "
          "turns it off.\n\n",
          file);
    for (size_t i = 0; i < behaviour_count(); i++) {
        const struct behaviour_row *row = behaviour_rows[i];
        fprintf(file, "### `%s`\n\n%s\n\n", row->name, row->doc);
        put_short(file, row->name, row->short_param);
        put_params(file, row->params);
        fprintf(file, "Evidence: %s\n\n", row->evidence);
    }
}

/* --- faults, resolver, client --- */

static void put_faults(FILE *file)
{
    fputs("## Faults\n\nWhat happens to packets on their way. Each item of `faults` names one of "
          "these, and perhaps when it strikes.\n\n",
          file);
    for (const struct fault_row *row = fault_rows; row->name != NULL; row++) {
        fprintf(file, "### `%s`\n\n%s\n\n", row->name, row->doc);
        put_short(file, row->name, row->short_param);
        if (row->short_param == NULL) {
            fprintf(file, "`%s: 20%%` is `%s: true` with `chance: 20%%`.\n\n", row->name,
                    row->name);
        }
        put_params(file, row->params);
    }
    fputs("### When a fault strikes\n\nEvery condition given must hold. `from` and `to` name "
          "servers, zones (all their servers), addresses, `resolver`, `client`, `check`, `root` or "
          "`tld` (the server of all made TLDs).\n\n",
          file);
    put_params(file, fault_trigger_params);
}

static void put_intruder(FILE *file)
{
    fputs("## The intruder\n\nSomebody who is not on the path and forges answers, in virtual time "
          "and live alike. Each item of `intruder` is one kind of forgery; a query is answered by "
          "the first item that fits. What it sends, and how much, is bounded: at most 100 packets "
          "for a query. An item without any records and with `question: false` is a bare "
          "header.\n\n",
          file);
    put_params(file, forgery_params);
    fputs("And records, which end up in the message as they are written, whatever was asked:\n\n",
          file);
    for (const struct forgery_key *row = forgery_keys; row->key != NULL; row++) {
        fprintf(file, "- `%s`: %s\n", row->key, row->doc);
    }
    putc('\n', file);
}

static void put_entry(FILE *file)
{
    fputs("## Entry\n\nWhat a form or a copy makes of records before the zone takes them. Under "
          "`entry`, each of these takes names relative to the zone, or the word all: their records "
          "as they are typed under `records` become others, and lint passes over them.\n\n",
          file);
    for (const struct entry_row *row = entry_rows; row->name != NULL; row++) {
        fprintf(file, "- `%s`: %s\n  Evidence: %s\n", row->name, row->doc, row->evidence);
    }
    putc('\n', file);
}

static void put_key_pairs(FILE *file)
{
    fputs("## Keys\n\nEach item of `keys` is a key pair by name: `k1: {rsa: 2048}`. In zone text "
          "`${key:k1}` stands for its public half, as it is written behind p=; what grows beyond "
          "255 octets becomes several strings. `faultzone sign` prints a message that a `dkim` "
          "step's key has signed. Such keys are for tests: whoever has the file has the private "
          "half.\n\n",
          file);
    put_params(file, keyring_params);
}

static void put_policy(FILE *file)
{
    fputs("## The resolver's policy\n\nKeys under `resolver`.\n\n", file);
    for (size_t i = 0; i < policy_param_count; i++) {
        put_param(file, &policy_params[i], policy_params[i].key);
        fprintf(file, "  Where the default comes from: %s.\n", policy_row(i).source);
    }
    fputs("\n## The client\n\nKeys under `client`.\n\n", file);
    put_params(file, client_params);
}

/* --- steps --- */

static void put_expectations(FILE *file, enum step_kind kind)
{
    bool any = false;
    for (const struct expect_row *row = expect_rows; row->key != NULL; row++) {
        if ((row->steps & 1U << (unsigned)kind) == 0) {
            continue;
        }
        if (!any) {
            fputs("Under `expect` and `forbid`:\n\n", file);
            any = true;
        }
        put_param(file, &row->spec, row->key);
    }
    if (any) {
        putc('\n', file);
    }
}

static void put_steps(FILE *file)
{
    fputs("## Steps\n\nEach step does one thing. `expect` says what must be so, `forbid` what must "
          "not; `forbid` may list several values. A key with a dot may be written as a mapping: "
          "`key: {bits: 2048}`.\n\n",
          file);
    for (size_t kind = 0; kind < STEP_KINDS; kind++) {
        const struct step_row *row = &step_rows[kind];
        fprintf(file, "### `%s`\n\n%s\n\n", row->key, row->doc);
        if (row->value_doc != NULL) {
            fprintf(file, "`%s: value`, where the value is %s", row->key, row->value_doc);
            fputs(row->specs != NULL ? ", or a mapping:\n\n" : ".\n\n", file);
        }
        put_params(file, row->specs);
        put_expectations(file, (enum step_kind)kind);
    }
    fputs("Beside a `dkim` step, `deviations` states which real programs are known to say another "
          "word than the one expected, for `matrix`:\n\n",
          file);
    put_params(file, deviation_params);
}

/* --- what it means --- */

static void put_causes(FILE *file)
{
    fputs("## Causes\n\nWhat the set-up check may name as the reason why a record is not seen.\n\n",
          file);
    for (const struct cause *row = causes; row->slug != NULL; row++) {
        fprintf(file, "### `%s`", row->slug);
        if (row->number != NULL) {
            fprintf(file, " (%s)", row->number);
        }
        fprintf(file, ": %s\n\n%s %s\n\nThe fix: %s\n\n", row->title, row->why, row->doc, row->fix);
    }
}

static void put_findings(FILE *file)
{
    fputs("## Findings of `lint`\n\nWhat is legal and looks wrong. Where it is meant, the file "
          "lists it under `intended`.\n\n",
          file);
    for (const struct lint_rule *rule = lint_rules; rule->name != NULL; rule++) {
        fprintf(file, "- `%s`: %s\n", rule->name, rule->doc);
    }
}

void reference_write(FILE *file)
{
    fputs("# Scenario files\n\n"
          "<!-- made by `faultzone reference`; edit the tables in the code instead -->\n\n",
          file);
    put_file(file);
    put_zones(file);
    put_providers(file);
    put_behaviours(file);
    put_entry(file);
    put_key_pairs(file);
    put_faults(file);
    put_intruder(file);
    put_policy(file);
    put_steps(file);
    put_causes(file);
    put_findings(file);
}

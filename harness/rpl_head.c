/* The head of an `.rpl` file: one row per option that one of the two readers knows. What changes
 * what is asked or answered becomes the resolver's policy; what does not is passed over; what we
 * do not have makes the file SKIP by its name. */
#include <stdlib.h>
#include <string.h>

#include "base/values.h"
#include "harness/rpl_reader.h"
#include "resolver/policy.h"

#define PATIENCE_HOURS 240

struct option;
typedef bool option_take(struct rpl_reader *reader, const struct option *option, struct bytes value,
                         struct place place);

struct option {
    const char *key;
    option_take *take;    /* NULL: it changes no message */
    const char *policy;   /* the key under `resolver:` */
    const char *harmless; /* for take_unless: the value that asks for nothing */
};

/* --- values --- */

static bool is_yes(struct bytes value)
{
    return bytes_are(value, "yes") || bytes_are(value, "on") || bytes_are(value, "true");
}

static bool bad_value(struct rpl_reader *reader, const struct option *option, struct bytes value,
                      struct place place)
{
    diags_add(reader->loader.diags, place, "`%.*s` is no value of %s",
              (int)(value.size < 60 ? value.size : 60), (const char *)value.data, option->key);
    return false;
}

static const struct param_spec *policy_spec(const char *key)
{
    for (size_t i = 0; i < policy_param_count; i++) {
        if (strcmp(policy_params[i].key, key) == 0) {
            return &policy_params[i];
        }
    }
    return NULL;
}

/* The policy's `key` is `number` from now on. */
static bool set_policy(struct rpl_reader *reader, const char *key, uint64_t number,
                       struct place place)
{
    const struct param_spec *spec = policy_spec(key);
    struct param *items = reader->params.items;
    for (size_t i = 0; i < reader->params.count; i++) {
        if (items[i].spec == spec) {
            items[i].number = number;
            return true;
        }
    }
    struct param *param =
        rpl_list_add(reader, &reader->params, sizeof *param, policy_param_count + 1);
    if (param == NULL || spec == NULL) {
        return false;
    }
    *param = (struct param){.spec = spec, .place = place, .number = number};
    return true;
}

/* --- kinds of options --- */

static bool take_switch(struct rpl_reader *reader, const struct option *option, struct bytes value,
                        struct place place)
{
    return set_policy(reader, option->policy, is_yes(value), place);
}

static bool take_opposite(struct rpl_reader *reader, const struct option *option,
                          struct bytes value, struct place place)
{
    return set_policy(reader, option->policy, !is_yes(value), place);
}

static bool take_number(struct rpl_reader *reader, const struct option *option, struct bytes value,
                        struct place place)
{
    uint64_t number;
    if (!value_integer(value, &number)) {
        return bad_value(reader, option, value, place);
    }
    const struct param_spec *spec = policy_spec(option->policy);
    if (spec != NULL && (number < spec->least || (spec->most > 0 && number > spec->most))) {
        rpl_skip(reader, "%s: %.*s is more than this resolver can do", option->key, (int)value.size,
                 (const char *)value.data);
        return true;
    }
    return set_policy(reader, option->policy, number, place);
}

static bool take_seconds(struct rpl_reader *reader, const struct option *option, struct bytes value,
                         struct place place)
{
    uint64_t number;
    if (!value_integer(value, &number)) {
        return bad_value(reader, option, value, place);
    }
    return set_policy(reader, option->policy, number * NS_PER_S, place);
}

static bool take_minimisation(struct rpl_reader *reader, const struct option *option,
                              struct bytes value, struct place place)
{
    reader->minimises_said = true;
    reader->is_deckard = reader->is_deckard || strcmp(option->key, "query-minimization") == 0;
    return take_switch(reader, option, value, place);
}

static bool take_anchor(struct rpl_reader *reader, const struct option *option, struct bytes value,
                        struct place place)
{
    (void)option;
    (void)value;
    (void)place;
    reader->has_anchor = true;
    return true;
}

/* Which modules; all but the validator and the iterator change answers in their own way. */
static bool take_modules(struct rpl_reader *reader, const struct option *option, struct bytes value,
                         struct place place)
{
    (void)place;
    if (bytes_are(value, "iterator")) {
        reader->validates = false;
    } else if (!bytes_are(value, "validator iterator")) {
        rpl_skip(reader, "%s: \"%.*s\"", option->key, (int)value.size, (const char *)value.data);
    }
    return true;
}

static bool has(struct bytes text, const char *word)
{
    const size_t size = strlen(word);
    for (size_t i = 0; i + size <= text.size; i++) {
        if (memcmp(text.data + i, word, size) == 0) {
            return true;
        }
    }
    return false;
}

/* Who may look into the cache may do so from everywhere here; nobody is refused. */
static bool take_access(struct rpl_reader *reader, const struct option *option, struct bytes value,
                        struct place place)
{
    if (has(value, "snoop")) {
        return set_policy(reader, "snooping", true, place);
    }
    if (has(value, "deny") || has(value, "refuse")) {
        rpl_skip(reader, "%s: %.*s", option->key, (int)value.size, (const char *)value.data);
    }
    return true;
}

static bool take_unless(struct rpl_reader *reader, const struct option *option, struct bytes value,
                        struct place place)
{
    (void)place;
    if (!bytes_are(value, option->harmless)) {
        rpl_skip(reader, "%s: %.*s", option->key, (int)(value.size < 60 ? value.size : 60),
                 (const char *)value.data);
    }
    return true;
}

static bool take_zone_name(struct rpl_reader *reader, const struct option *option,
                           struct bytes value, struct place place)
{
    (void)option;
    (void)place;
    reader->zone_name = value;
    if (!bytes_are(value, ".") && bytes_are(reader->block, "stub-zone")) {
        rpl_skip(reader, "stub-zone: for `%.*s`, not for the root", (int)value.size,
                 (const char *)value.data);
    }
    return true;
}

static bool take_hint(struct rpl_reader *reader, const struct option *option, struct bytes value,
                      struct place place)
{
    (void)option;
    const struct rpl_word word = {.text = value, .place = place};
    struct address *hint = rpl_list_add(reader, &reader->hints, sizeof *hint, RPL_HINTS_MAX);
    return hint != NULL && rpl_address(reader, &word, hint);
}

/* Knot Resolver's `min_ttl = 5`, `max_ttl = 600`; any other feature is not ours. */
static bool take_feature(struct rpl_reader *reader, const struct option *option, struct bytes value,
                         struct place place)
{
    const char *text = (const char *)value.data;
    const char *equal = value.size > 0 ? memchr(text, '=', value.size) : NULL;
    reader->is_deckard = true;
    if (equal == NULL || value.size < 7 ||
        (memcmp(text, "min_ttl", 7) != 0 && memcmp(text, "max_ttl", 7) != 0)) {
        return take_unless(reader, option, value, place);
    }
    struct bytes digits = bytes_after(value, (size_t)(equal + 1 - text));
    while (digits.size > 0 && digits.data[0] == ' ') {
        digits = bytes_after(digits, 1);
    }
    const struct option row = {.key = option->key,
                               .policy = text[1] == 'i' ? "ttl-min" : "ttl-max"};
    return take_seconds(reader, &row, digits, place);
}

/* --- the table --- */

static const struct option options[] = {
    /* where iteration starts */
    {"name", take_zone_name, NULL, NULL},
    {"stub-addr", take_hint, NULL, NULL},
    {"stub-name", NULL, NULL, NULL},
    {"stub-prime", take_unless, NULL, "no"},
    {"stub-first", take_unless, NULL, "no"},
    /* what servers are asked */
    {"qname-minimisation", take_minimisation, "qname-minimisation", NULL},
    {"query-minimization", take_minimisation, "qname-minimisation", NULL},
    {"qname-minimisation-strict", take_unless, NULL, "no"},
    {"use-caps-for-id", take_switch, "case-randomisation", NULL},
    {"caps-for-id", take_switch, "case-randomisation", NULL},
    {"target-fetch-policy", NULL, NULL, NULL}, /* addresses are looked up when one is needed */
    {"harden-referral-path", take_unless, NULL, "no"},
    {"do-ip4", take_switch, "ipv4", NULL},
    {"do-ip6", take_switch, "ipv6", NULL},
    {"do-not-query-localhost", take_opposite, "loopback", NULL},
    {"outbound-msg-retry", take_number, "tries-per-server-max", NULL},
    {"max-query-restarts", take_number, "restarts-max", NULL},
    {"max-global-quota", take_number, "queries-max", NULL},
    {"max-sent-count", take_number, "sends-per-name-max", NULL},
    /* what is believed and kept */
    {"iter-scrub-promiscuous", take_switch, "scrub-promiscuous", NULL},
    {"harden-glue", take_unless, NULL, "yes"},
    {"harden-unverified-glue", NULL, NULL, NULL}, /* glue beside the zone is not believed anyway */
    {"harden-unknown-additional", take_unless, NULL, "no"},
    {"harden-below-nxdomain", take_switch, "nxdomain-cut", NULL},
    {"harden-dnssec-stripped", NULL, NULL, NULL},
    {"harden-algo-downgrade", NULL, NULL, NULL},
    {"cache-max-ttl", take_seconds, "ttl-max", NULL},
    {"cache-min-ttl", take_seconds, "ttl-min", NULL},
    {"cache-max-negative-ttl", take_seconds, "negative-ttl-max", NULL},
    {"cache-min-negative-ttl", take_seconds, "negative-ttl-min", NULL},
    {"features", take_feature, NULL, "none"},
    {"feature-list", take_feature, NULL, "none"},
    {"prefetch", take_unless, NULL, "no"},
    {"prefetch-key", take_unless, NULL, "no"},
    {"serve-expired", take_unless, NULL, "no"},
    {"aggressive-nsec", take_unless, NULL, "no"},
    /* what clients get */
    {"minimal-responses", take_opposite, "full-answers", NULL},
    {"rrset-roundrobin", NULL, NULL, NULL}, /* records are compared as a set */
    {"access-control", take_access, NULL, NULL},
    {"answer-cookie", take_unless, NULL, "no"},
    {"ede", NULL, NULL, NULL},
    /* DNSSEC */
    {"trust-anchor", take_anchor, NULL, NULL},
    {"trust-anchor-file", take_anchor, NULL, NULL},
    {"auto-trust-anchor-file", take_anchor, NULL, NULL},
    {"trusted-keys-file", take_anchor, NULL, NULL},
    {"module-config", take_modules, NULL, NULL},
    {"trust-anchor-signaling", NULL, NULL, NULL},
    {"root-key-sentinel", NULL, NULL, NULL},
    {"domain-insecure", NULL, NULL, NULL},
    {"val-override-date", NULL, NULL, NULL},
    {"val-override-timestamp", NULL, NULL, NULL},
    {"val-log-level", NULL, NULL, NULL},
    {"val-permissive-mode", NULL, NULL, NULL},
    {"val-max-restart", NULL, NULL, NULL},
    {"val-nsec3-keysize-iterations", NULL, NULL, NULL},
    {"fake-sha1", NULL, NULL, NULL},
    {"fake-dsa", NULL, NULL, NULL},
    /* how much is told, kept or served at a time */
    {"verbosity", NULL, NULL, NULL},
    {"log-time-ascii", NULL, NULL, NULL},
    {"log-servfail", NULL, NULL, NULL},
    {"log-queries", NULL, NULL, NULL},
    {"log-replies", NULL, NULL, NULL},
    {"use-syslog", NULL, NULL, NULL},
    {"discard-timeout", NULL, NULL, NULL},
    {"msg-cache-size", NULL, NULL, NULL},
    {"rrset-cache-size", NULL, NULL, NULL},
    {"num-queries-per-thread", NULL, NULL, NULL},
    {"num-threads", NULL, NULL, NULL},
    {"infra-host-ttl", NULL, NULL, NULL},
    {"do-udp", take_unless, NULL, "yes"},
    {"do-tcp", take_unless, NULL, "yes"},
    {"edns-buffer-size", take_number, "edns-size", NULL},
    {"max-udp-size", take_number, "client-udp-max", NULL},
};

static bool take_option(struct rpl_reader *reader, struct bytes key, struct bytes value,
                        struct place place)
{
    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        if (bytes_are(key, options[i].key)) {
            return options[i].take == NULL || options[i].take(reader, &options[i], value, place);
        }
    }
    rpl_skip(reader, "the option %.*s", (int)(key.size < 60 ? key.size : 60),
             (const char *)key.data);
    return true;
}

/* --- lines --- */

static const char *const blocks[] = {"server",  "stub-zone", "forward-zone",   "auth-zone",
                                     "rpz",     "view",      "remote-control", "python",
                                     "cachedb", "dnscrypt",  "dynlib"};

/* `server:` and its like; false if the key opens no block. */
static bool open_block(struct rpl_reader *reader, struct bytes key)
{
    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
        if (!bytes_are(key, blocks[i])) {
            continue;
        }
        reader->in_blocks = true;
        reader->block = bytes_of_string(blocks[i]);
        reader->zone_name = bytes_of(NULL, 0);
        if (i > 1) {
            rpl_skip(reader, "%s:", blocks[i]);
        }
        return true;
    }
    return false;
}

static struct bytes without_blanks(struct bytes text)
{
    while (text.size > 0 && (text.data[0] == ' ' || text.data[0] == '\t')) {
        text = bytes_after(text, 1);
    }
    while (text.size > 0 && (text.data[text.size - 1] <= ' ')) {
        text.size--;
    }
    return text;
}

/* Without blanks around it and without quotes, however many of them there are. */
static struct bytes trimmed(struct bytes text)
{
    text = without_blanks(text);
    while (text.size >= 2 && text.data[0] == '"' && text.data[text.size - 1] == '"') {
        text = without_blanks(bytes_of(text.data + 1, text.size - 2));
    }
    return text;
}

static bool read_option(struct rpl_reader *reader)
{
    const struct bytes line = rpl_rest(reader, 0);
    const uint8_t *colon = memchr(line.data, ':', line.size);
    if (colon == NULL) {
        struct diag *diag = diags_add(reader->loader.diags, rpl_place(reader),
                                      "an option is a key, a colon and a value");
        diags_hint(diag, "the head ends with CONFIG_END");
        return false;
    }
    const size_t size = (size_t)(colon - line.data);
    const struct bytes key = trimmed(bytes_of(line.data, size));
    const struct bytes value = trimmed(bytes_after(line, size + 1));
    struct place place = rpl_place(reader);
    place.column += (uint32_t)(value.size > 0 ? (size_t)(value.data - line.data) : 0);
    if (value.size == 0 && open_block(reader, key)) {
        return true;
    }
    const bool ours = reader->block.size == 0 || bytes_are(reader->block, "server") ||
                      bytes_are(reader->block, "stub-zone");
    return !ours || take_option(reader, key, value, place);
}

/* Files that the head carries: none of them is read here. */
static bool skip_file(struct rpl_reader *reader)
{
    static const char *const ends[][2] = {{"AUTOTRUST_FILE", "AUTOTRUST_END"},
                                          {"TEMPFILE_NAME", NULL},
                                          {"TEMPFILE_CONTENTS", "TEMPFILE_END"}};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        if (!rpl_word_is(reader, 0, ends[i][0])) {
            continue;
        }
        rpl_skip(reader, "%s", ends[i][0]);
        while (ends[i][1] != NULL && rpl_next_line(reader, "") &&
               !rpl_word_is(reader, 0, ends[i][1])) {}
        return true;
    }
    return false;
}

bool rpl_read_head(struct rpl_reader *reader)
{
    bool fine = true;
    reader->validates = true;
    while (rpl_next_line(reader, "#;")) {
        if (rpl_word_is(reader, 0, "CONFIG_END")) {
            return fine;
        }
        if (!skip_file(reader)) {
            fine = read_option(reader) && fine;
        }
    }
    diags_add(reader->loader.diags, (struct place){.file = reader->loader.source.file, .line = 1},
              "the head has no end; CONFIG_END is missing");
    return false;
}

/* What the resolvers that the two readers were made for do, where the protocol leaves it open. */
static bool take_tastes(struct rpl_reader *reader, enum script_dialect dialect, struct place place)
{
    static const struct {
        const char *policy;
        bool testbound, deckard;
    } rows[] = {
        {"require-authoritative", false, false}, /* half of the files answer without AA */
        {"priming", true, false},                /* by RFC 8109; Deckard's scripts may lack it */
        {"minimise-by-ns", false, true},
        {"minimise-on", true, false},
        {"parent-side", true, true},
        {"dname-ends-reply", true, false},
        {"keep-dnames", false, true},
        {"retry-empty", true, true},
        {"loop-answers", true, true},
        {"loop-fails", false, true},
        {"minimise-type", true, false},
    };
    /* testbound's resolver hears of a time-out when a step says so */
    const uint64_t patience = (uint64_t)PATIENCE_HOURS * 3600 * NS_PER_S;
    bool fine =
        dialect == SCRIPT_DECKARD || (set_policy(reader, "timeout-least", patience, place) &&
                                      set_policy(reader, "timeout-most", patience, place) &&
                                      set_policy(reader, "tcp-time-max", patience, place) &&
                                      set_policy(reader, "time-max", 2 * patience, place));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fine = fine &&
               set_policy(reader, rows[i].policy,
                          dialect == SCRIPT_TESTBOUND ? rows[i].testbound : rows[i].deckard, place);
    }
    return fine;
}

bool rpl_end_head(struct rpl_reader *reader)
{
    const struct place place = {.file = reader->loader.source.file, .line = 1, .column = 1};
    struct rpl *rpl = reader->rpl;
    if (reader->has_anchor && reader->validates) {
        rpl_skip(reader, "DNSSEC validation (trust-anchor)");
    }
    rpl->dialect = reader->is_deckard || !reader->in_blocks ? SCRIPT_DECKARD : SCRIPT_TESTBOUND;
    if (!reader->minimises_said && !set_policy(reader, "qname-minimisation", true, place)) {
        return false;
    }
    if (!take_tastes(reader, rpl->dialect, place)) {
        return false;
    }
    rpl->hints = reader->hints.items;
    rpl->hint_count = reader->hints.count;
    if (rpl->hint_count == 0) {
        rpl_skip(reader, "no stub-addr for the root: the real root's servers");
    }
    reader->scenario->policy =
        (struct params){.items = reader->params.items, .count = reader->params.count};
    return true;
}

/* faultzone check: the set-up check on the real internet, or inside `exec` on a simulated one. */
#include <stdio.h>
#include <string.h>

#include "cli/check_batch.h"
#include "cli/check_tell.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "harness/plan_file.h"
#include "inspect/given.h"
#include "inspect/inspector.h"
#include "inspect/root_hints.h"
#include "inspect/suffixes.h"
#include "live/live.h"
#include "live/outward.h"
#include "wire/rrtype.h"

#define ARENA_OCTETS_MAX  ((size_t)64 * 1024 * 1024)
#define DIAGS_OCTETS_MAX  4096
#define HINTS_FILE_MAX    ((size_t)256 * 1024)
#define SUFFIXES_FILE_MAX ((size_t)4 * 1024 * 1024)
#define SUFFIXES_FILE     "/usr/share/publicsuffix/public_suffix_list.dat"
#define FAULT_OCTETS_MAX  1200 /* a sentence and a name */

enum { PORT_DNS = 53, RATE_DEFAULT = 20, RATE_MAX = 1000000, WAIT_S_MAX = 86400 };

/* All that the command line says. */
struct request {
    struct arena arena;
    struct name domain;
    struct plan plan;
    struct address roots[ROOT_HINTS_MAX];
    size_t root_count;
    struct endpoint resolver;    /* family ADDRESS_NONE: none */
    struct suffix_list suffixes; /* without rules: none */
};

static bool complain_of_file(const struct diags *diags)
{
    char buffer[DIAGS_OCTETS_MAX];
    for (size_t i = 0; i < diags->count; i++) {
        struct text text = text_in(buffer, sizeof buffer);
        diag_put(&text, &diags->items[i], "error", diags->source);
        fputs(buffer, stderr);
    }
    return false;
}

/* --- what is asked for --- */

static bool read_plan(const char *path, struct request *request)
{
    struct diag items[DIAGS_DEFAULT_MAX];
    struct diags diags = {.items = items, .capacity = DIAGS_DEFAULT_MAX};
    return plan_file_read(path, &request->domain, &request->arena, &diags, &request->plan) ||
           complain_of_file(&diags);
}

/* A target with the signs of a key record in it is a TXT record's text, any other a CNAME's name.
 */
static bool is_key_text(const char *target)
{
    return strpbrk(target, ";=\"(") != NULL;
}

/* Strips `_domainkey`, or the domain's whole name for it, from a selector given with it. False,
 * told, if there is another one's in it. */
static bool strip_selector(const char *given, const struct request *request, struct name *selector)
{
    char buffer[NAME_TEXT_MAX];
    struct text shown = text_in(buffer, sizeof buffer);
    const struct name *const origins[] = {&request->domain, name_root()};
    for (size_t i = 0; i < sizeof origins / sizeof origins[0]; i++) {
        struct name keys;
        if (name_parse_text(bytes_of_string("_domainkey"), origins[i], &keys, NULL) &&
            name_is_at_or_below(selector, &keys) && selector->labels > keys.labels) {
            struct name stripped;
            name_replace_suffix(selector, &keys, name_root(), &stripped);
            name_copy(selector, &stripped);
            given_name_put(&shown, selector);
            complain("--selector %s is taken as the selector %s", given, buffer);
            return true;
        }
    }
    if (plan_role_of(selector, RRTYPE_CNAME, bytes_of_string("")) == PLAN_DKIM) {
        complain("--selector %s has `_domainkey` in it; give what stands before that", given);
        return false;
    }
    return true;
}

static bool read_selector(const char *given, const struct request *request, struct name *ret)
{
    struct given_fault fault = {.why = "it is too long"};
    struct name selector;
    struct name keys;
    if (!given_name_read(bytes_of_string(given), name_root(), &selector, &fault)) {
        complain("--selector %s: %s", given, fault.why);
        return false;
    }
    if (!strip_selector(given, request, &selector)) {
        return false;
    }
    if (!name_parse_text(bytes_of_string("_domainkey"), &request->domain, &keys, &fault.why) ||
        !name_replace_suffix(&selector, name_root(), &keys, ret)) {
        complain("--selector %s: %s", given, fault.why);
        return false;
    }
    return true;
}

static bool make_record(const char *selector, const char *target, struct request *request)
{
    const char *why = "out of memory";
    char buffer[FAULT_OCTETS_MAX];
    struct text doubt = text_in(buffer, sizeof buffer);
    struct name name;
    struct bytes text = bytes_of_string(target);
    struct plan_record *record = ARENA_NEW(&request->arena, struct plan_record);
    const uint16_t type = is_key_text(target) ? RRTYPE_TXT : RRTYPE_CNAME;
    if (!read_selector(selector, request, &name)) {
        return false;
    }
    if (record == NULL ||
        (type == RRTYPE_TXT && !given_text_read(text, &request->arena, &text, &why)) ||
        !plan_record_make(&name, type, text, record, &why)) {
        complain("--target %s: %s", target, why);
        return false;
    }
    if (plan_record_is_doubtful(record, &request->arena, &doubt)) {
        complain("--target: %s", buffer);
        return false;
    }
    request->plan = (struct plan){.records = record, .count = 1};
    return true;
}

static bool read_records(const struct cli *cli, struct request *request)
{
    const char *path = cli_value(cli, OPTION_PLAN);
    const char *selector = cli_value(cli, OPTION_SELECTOR);
    const char *target = cli_value(cli, OPTION_TARGET);
    if (path != NULL && selector == NULL && target == NULL) {
        return read_plan(path, request);
    }
    if (path == NULL && selector != NULL && target != NULL) {
        return make_record(selector, target, request);
    }
    complain("check needs --plan FILE, or --selector S and --target T");
    return false;
}

/* --- whom to ask --- */

static bool read_roots(const struct cli *cli, struct request *request)
{
    const char *path = cli_value(cli, OPTION_ROOT_HINTS);
    struct diag items[1];
    struct diags diags = {.items = items, .capacity = 1};
    struct bytes text;
    if (path == NULL) {
        const struct address *known = root_hints(&request->root_count);
        memcpy(request->roots, known, request->root_count * sizeof *known);
        return true;
    }
    if (!source_read(path, HINTS_FILE_MAX, &request->arena, &diags, &text)) {
        return complain_of_file(&diags);
    }
    request->root_count = root_hints_read(text, request->roots);
    if (request->root_count == 0) {
        complain("%s has no addresses of root servers", path);
    }
    return request->root_count > 0;
}

static bool read_resolver(const struct cli *cli, struct request *request)
{
    const char *via = cli_value(cli, OPTION_VIA);
    if (via == NULL) {
        return true;
    }
    request->resolver.port = PORT_DNS;
    if (!address_parse(bytes_of_string(via), &request->resolver.address)) {
        complain("--via wants the address of a resolver, not \"%s\"", via);
        return false;
    }
    return true;
}

/* The list asked for, or the system's; that there is none there is no fault. */
static bool read_suffixes(const struct cli *cli, struct request *request)
{
    const char *path = cli_value(cli, OPTION_SUFFIXES);
    struct diag items[1];
    struct diags diags = {.items = items, .capacity = 1};
    struct bytes text;
    if (!source_read(path != NULL ? path : SUFFIXES_FILE, SUFFIXES_FILE_MAX, &request->arena,
                     &diags, &text)) {
        return path == NULL || complain_of_file(&diags);
    }
    if (!suffixes_read(text, &request->arena, &request->suffixes) && path != NULL) {
        complain("%s is no list of public suffixes", path);
        return false;
    }
    return true;
}

static bool read_addresses(const struct cli *cli, enum cli_option_id option, struct arena *arena,
                           const struct address **ret, size_t *ret_count)
{
    struct address *items = ARENA_NEW_ARRAY(arena, struct address, PLAN_HINTS_MAX);
    size_t count = 0;
    for (size_t i = 0; items != NULL && i < cli->value_count && count < PLAN_HINTS_MAX; i++) {
        const char *value = cli->values[i].value;
        if (cli->values[i].option != option) {
            continue;
        }
        if (!address_parse(bytes_of_string(value), &items[count])) {
            complain("--%s wants the address of a name server, not \"%s\"",
                     cli_options[option].name, value);
            return false;
        }
        count++;
    }
    *ret = items;
    *ret_count = count;
    return true;
}

/* What is known beside the DNS is known of every record. */
static bool read_hints(const struct cli *cli, struct request *request)
{
    static const char *const words[] = {"unknown", "active", "hold", "free"};
    struct plan_hints hints = {0};
    uint64_t wait_s;
    const char *status = cli_value(cli, OPTION_REGISTRY_STATUS);
    for (unsigned i = 0; status != NULL && i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(status, words[i]) == 0) {
            hints.registry = (enum plan_registry)i;
        }
    }
    if (!cli_number(cli, OPTION_WAIT, 1, WAIT_S_MAX, 0, &wait_s)) {
        return false;
    }
    hints.wait = wait_s * NS_PER_S;
    if (!read_addresses(cli, OPTION_TYPED_AT, &request->arena, &hints.typed_at,
                        &hints.typed_at_count) ||
        !read_addresses(cli, OPTION_EARLIER_SERVER, &request->arena, &hints.earlier,
                        &hints.earlier_count)) {
        return false;
    }
    struct plan_record *records =
        ARENA_NEW_ARRAY(&request->arena, struct plan_record, request->plan.count);
    for (size_t i = 0; records != NULL && i < request->plan.count; i++) {
        records[i] = request->plan.records[i];
        records[i].hints = hints;
    }
    request->plan.records = records;
    return records != NULL;
}

static bool read_request(const struct cli *cli, struct request *request)
{
    char buffer[FAULT_OCTETS_MAX];
    struct text why = text_in(buffer, sizeof buffer);
    struct given_fault fault;
    if (cli->argument_count != 1) {
        complain("check needs one DOMAIN");
        return false;
    }
    if (!given_name_read(bytes_of_string(cli->arguments[0]), NULL, &request->domain, &fault)) {
        given_fault_put(&why, &fault);
        complain("\"%s\" is no domain name: %s", cli->arguments[0], buffer);
        return false;
    }
    return read_records(cli, request) && read_hints(cli, request) && read_roots(cli, request) &&
           read_resolver(cli, request) && read_suffixes(cli, request);
}

/* --- asking --- */

static bool is_done(void *context)
{
    return inspector_is_done(context);
}

/* How to ask, from wherever the system has a way to. */
static struct inspector_options options_of(const struct request *request)
{
    static const uint8_t any[16];
    return (struct inspector_options){
        .name = "check",
        .v4 = outward_reaches(ADDRESS_V4) ? address_v4(any) : (struct address){0},
        .v6 = outward_reaches(ADDRESS_V6) ? address_v6(any) : (struct address){0},
        .resolver = request->resolver,
        .roots = request->roots,
        .root_count = request->root_count,
        .suffixes = request->suffixes.count > 0 ? &request->suffixes : NULL,
        .entropy = live_entropy(),
    };
}

/* NULL, told, if the system or memory does not allow it. */
static const struct inspection *ask(struct request *request)
{
    const struct inspector_options options = options_of(request);
    const bool reaches = options.v4.family != ADDRESS_NONE || options.v6.family != ADDRESS_NONE;
    struct outward *outward = outward_new(&request->arena);
    struct inspector *inspector = inspector_new(&request->arena, &options);
    const struct inspection *inspection = NULL;
    if (outward != NULL && inspector != NULL) {
        inspection =
            inspector_start(inspector, &request->plan, &request->arena, outward_now(outward));
    }
    if (inspection == NULL) {
        complain("not enough memory");
        return NULL;
    }
    const bool went =
        reaches && outward_run(outward, inspector_machine(inspector), is_done, inspector);
    outward_close(outward);
    if (!went) {
        complain("this system has no way to any name server");
    }
    return went ? inspection : NULL;
}

static enum cli_exit exit_of(enum setup_verdict verdict)
{
    switch (verdict) {
    case SETUP_VERIFIED: return CLI_OK;
    case SETUP_DECLINED: return CLI_FINDING;
    default: return CLI_RETRY_LATER;
    }
}

static enum cli_exit check_many(const struct cli *cli, struct request *request)
{
    const char *plan = cli_value(cli, OPTION_PLAN);
    uint64_t rate;
    if (cli->argument_count > 0 || plan == NULL) {
        complain("check --batch FILE needs --plan FILE, and no DOMAIN");
        return CLI_USAGE;
    }
    if (!cli_number(cli, OPTION_RATE, 1, RATE_MAX, RATE_DEFAULT, &rate) ||
        !read_roots(cli, request) || !read_resolver(cli, request) || !read_suffixes(cli, request)) {
        return CLI_USAGE;
    }
    const struct inspector_options options = options_of(request);
    return check_batch(cli_value(cli, OPTION_BATCH), plan, &options, (unsigned)rate);
}

static enum cli_exit check(const struct cli *cli, struct request *request)
{
    if (cli_value(cli, OPTION_BATCH) != NULL) {
        return check_many(cli, request);
    }
    if (!read_request(cli, request)) {
        return CLI_USAGE;
    }
    const struct inspection *inspection = ask(request);
    if (inspection == NULL) {
        return CLI_ENVIRONMENT;
    }
    if (cli_value(cli, OPTION_JSON) != NULL) {
        check_tell_json(stdout, &request->domain, inspection, false);
    } else {
        check_tell_text(stdout, &request->domain, inspection);
    }
    return output_finish(stdout, exit_of(inspection->verdict));
}

enum cli_exit command_check(const struct cli *cli)
{
    static struct request request; /* large */
    arena_init(&request.arena, ARENA_OCTETS_MAX);
    const enum cli_exit status = check(cli, &request);
    arena_free(&request.arena);
    return status;
}

/* faultzone check: the set-up check on the real internet, or inside `exec` on a simulated one. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cli/check_batch.h"
#include "cli/check_tell.h"
#include "cli/commands.h"
#include "cli/output.h"
#include "harness/errors.h"
#include "harness/plan_file.h"
#include "inspect/given.h"
#include "inspect/inspector.h"
#include "inspect/root_hints.h"
#include "inspect/suffixes.h"
#include "live/live.h"
#include "live/outward.h"
#include "wire/rrtype.h"

#define ARENA_OCTETS_MAX    ((size_t)64 * 1024 * 1024)
#define SENTENCE_OCTETS_MAX 2048
#define HINTS_FILE_MAX      ((size_t)256 * 1024)
#define SUFFIXES_FILE_MAX   ((size_t)4 * 1024 * 1024)
#define SUFFIXES_FILE       "/usr/share/publicsuffix/public_suffix_list.dat"
#define FAULT_OCTETS_MAX    1200 /* a sentence and a name */

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
    struct errors errors;        /* told on stderr, and kept for --json */
};

static bool refuse_file(struct request *request, const struct diags *diags)
{
    complain_of_diags(diags, "error");
    for (size_t i = 0; i < diags->count; i++) {
        errors_add(&request->errors, &diags->items[i]);
    }
    request->errors.dropped += diags->dropped;
    return false;
}

__attribute__((format(printf, 2, 3))) static bool refuse(struct request *request,
                                                         const char *format, ...)
{
    char sentence[SENTENCE_OCTETS_MAX];
    struct diag diag;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(sentence, sizeof sentence, format, arguments);
    va_end(arguments);
    complain("%s", sentence);
    diag_set(&diag, (struct place){0}, "%s", sentence);
    errors_add(&request->errors, &diag);
    return false;
}

/* --- what is asked for --- */

static bool read_plan(const char *path, struct request *request)
{
    struct diag items[DIAGS_DEFAULT_MAX];
    struct diags diags = {.items = items, .capacity = DIAGS_DEFAULT_MAX};
    return plan_file_read(path, &request->domain, &request->arena, &diags, &request->plan) ||
           refuse_file(request, &diags);
}

/* A target with the signs of a key record in it is a TXT record's text, any other a CNAME's name.
 */
static bool is_key_text(const char *target)
{
    return strpbrk(target, ";=\"(") != NULL;
}

/* Strips `_domainkey`, or the domain's whole name for it, from a selector given with it. False,
 * told, if there is another one's in it. */
static bool strip_selector(const char *given, struct request *request, struct name *selector)
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
        return refuse(request, "--selector %s has `_domainkey` in it; give what stands before that",
                      given);
    }
    return true;
}

static bool read_selector(const char *given, struct request *request, struct name *ret)
{
    struct given_fault fault = {.why = "it is too long"};
    struct name selector;
    struct name keys;
    if (!given_name_read(bytes_of_string(given), name_root(), &selector, &fault)) {
        return refuse(request, "--selector %s: %s", given, fault.why);
    }
    if (!strip_selector(given, request, &selector)) {
        return false;
    }
    if (!name_parse_text(bytes_of_string("_domainkey"), &request->domain, &keys, &fault.why) ||
        !name_replace_suffix(&selector, name_root(), &keys, ret)) {
        return refuse(request, "--selector %s: %s", given, fault.why);
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
        return refuse(request, "--target %s: %s", target, why);
    }
    if (plan_record_is_doubtful(record, &request->arena, &doubt)) {
        return refuse(request, "--target: %s", buffer);
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
    return refuse(request, "check needs --plan FILE, or --selector S and --target T");
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
        return refuse_file(request, &diags);
    }
    request->root_count = root_hints_read(text, request->roots);
    if (request->root_count == 0) {
        return refuse(request, "%s has no addresses of root servers", path);
    }
    return true;
}

static bool read_resolver(const struct cli *cli, struct request *request)
{
    const char *via = cli_value(cli, OPTION_VIA);
    if (via == NULL) {
        return true;
    }
    request->resolver.port = PORT_DNS;
    if (!address_parse(bytes_of_string(via), &request->resolver.address)) {
        return refuse(request, "--via wants the address of a resolver, not \"%s\"", via);
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
        return path == NULL || refuse_file(request, &diags);
    }
    if (!suffixes_read(text, &request->arena, &request->suffixes) && path != NULL) {
        return refuse(request, "%s is no list of public suffixes", path);
    }
    return true;
}

static bool read_addresses(const struct cli *cli, enum cli_option_id option,
                           struct request *request, const struct address **ret, size_t *ret_count)
{
    struct address *items = ARENA_NEW_ARRAY(&request->arena, struct address, PLAN_HINTS_MAX);
    size_t count = 0;
    for (size_t i = 0; items != NULL && i < cli->value_count && count < PLAN_HINTS_MAX; i++) {
        const char *value = cli->values[i].value;
        if (cli->values[i].option != option) {
            continue;
        }
        if (!address_parse(bytes_of_string(value), &items[count])) {
            return refuse(request, "--%s wants the address of a name server, not \"%s\"",
                          cli_options[option].name, value);
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
    if (!read_addresses(cli, OPTION_TYPED_AT, request, &hints.typed_at, &hints.typed_at_count) ||
        !read_addresses(cli, OPTION_EARLIER_SERVER, request, &hints.earlier,
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
        return refuse(request, "check needs one DOMAIN");
    }
    if (cli_value(cli, OPTION_RATE) != NULL) {
        return refuse(request, "--rate is for --batch");
    }
    if (!given_name_read(bytes_of_string(cli->arguments[0]), NULL, &request->domain, &fault)) {
        given_fault_put(&why, &fault);
        return refuse(request, "\"%s\" is no domain name: %s", cli->arguments[0], buffer);
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
        refuse(request, "not enough memory");
        return NULL;
    }
    const bool went =
        reaches && outward_run(outward, inspector_machine(inspector), is_done, inspector);
    outward_close(outward);
    if (!went) {
        refuse(request, "this system has no way to any name server");
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

/* False, told, if something is there that only a check of one domain takes. */
static bool fits_many(const struct cli *cli)
{
    static const enum cli_option_id others[] = {OPTION_SELECTOR,        OPTION_TARGET,
                                                OPTION_TYPED_AT,        OPTION_EARLIER_SERVER,
                                                OPTION_REGISTRY_STATUS, OPTION_WAIT};
    if (cli->argument_count > 0 || cli_value(cli, OPTION_PLAN) == NULL) {
        complain("check --batch FILE needs --plan FILE, and no DOMAIN");
        return false;
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (cli_value(cli, others[i]) != NULL) {
            complain("check --batch FILE takes no --%s", cli_options[others[i]].name);
            return false;
        }
    }
    return true;
}

static enum cli_exit check_many(const struct cli *cli, struct request *request)
{
    uint64_t rate;
    if (!fits_many(cli) || !cli_number(cli, OPTION_RATE, 1, RATE_MAX, RATE_DEFAULT, &rate) ||
        !read_roots(cli, request) || !read_resolver(cli, request) || !read_suffixes(cli, request)) {
        return CLI_USAGE;
    }
    const struct inspector_options options = options_of(request);
    return check_batch(cli_value(cli, OPTION_BATCH), cli_value(cli, OPTION_PLAN), &options,
                       (unsigned)rate);
}

static enum cli_exit check_one(const struct cli *cli, struct request *request)
{
    const bool as_json = cli_value(cli, OPTION_JSON) != NULL;
    const bool is_read = read_request(cli, request);
    const struct inspection *inspection = is_read ? ask(request) : NULL;
    if (inspection == NULL) {
        const enum cli_exit status = is_read ? CLI_ENVIRONMENT : CLI_USAGE;
        const char *domain = cli->argument_count > 0 ? cli->arguments[0] : NULL;
        if (as_json) {
            check_tell_errors(stdout, domain, &request->errors, false);
        }
        return output_finish(stdout, status);
    }
    if (as_json) {
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
    request.errors = errors_in(&request.arena);
    const enum cli_exit status =
        cli_value(cli, OPTION_BATCH) != NULL ? check_many(cli, &request) : check_one(cli, &request);
    arena_free(&request.arena);
    return status;
}

/* See the header. The file is read line by line as checks end, so that memory stays the same
 * however long it is. */
#include "cli/check_batch.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/check_tell.h"
#include "cli/output.h"
#include "harness/plan_file.h"
#include "inspect/crowd.h"
#include "inspect/given.h"
#include "live/outward.h"

#define BATCH_ARENA_MAX   ((size_t)640 * 1024 * 1024) /* resident is what is in use */
#define BATCH_ERRORS_MAX  ((size_t)256 * 1024)        /* of one line */
#define BATCH_MEMBERS     CROWD_MEMBERS_MAX
#define BATCH_LINE_MAX    1100            /* the longest name's text, and its end */
#define PROGRESS_EVERY_NS (NS_PER_S / 10) /* on a terminal */
#define PROGRESS_EVERY    10000           /* domains, elsewhere */

struct batch {
    FILE *file;
    const char *path, *plan_path;
    struct output output;
    struct bytes plan_text;
    uint64_t line, domains; /* read */
    uint64_t counts[SETUP_VERDICTS];
    bool has_bad_input;
    struct arena errors_arena; /* of one line */
    struct crowd *crowd;
    bool to_terminal; /* stderr is one */
    instant_ns told;  /* when progress was last told there */
};

/* --- reading --- */

/* The next line, without its end and cut where it is too long for a name; false at the end of the
 * file, or told, where it cannot be read any further. */
static bool read_line(struct batch *batch, char line[BATCH_LINE_MAX], size_t *ret_size)
{
    size_t size = 0;
    int octet;
    errno = 0;
    while ((octet = getc(batch->file)) != EOF && octet != '\n') {
        if (size < BATCH_LINE_MAX - 1) {
            line[size++] = (char)octet;
        }
    }
    if (octet == EOF && ferror(batch->file) != 0) {
        complain("%s: %s", batch->path, strerror(errno));
        batch->has_bad_input = true;
        return false;
    }
    size -= size > 0 && line[size - 1] == '\r';
    line[size] = '\0';
    *ret_size = size;
    return octet != EOF || size > 0;
}

/* The next line that is not blank. */
static bool next_line(struct batch *batch, char line[BATCH_LINE_MAX], size_t *ret_size)
{
    while (read_line(batch, line, ret_size)) {
        batch->line++;
        if (*ret_size > 0) {
            batch->domains++;
            return true;
        }
    }
    return false;
}

/* The line without blanks around it, the first one without the mark that some editors put there. */
static struct bytes domain_of(const struct batch *batch, const char *line, size_t size)
{
    struct bytes text = bytes_of(line, size);
    if (batch->line == 1 && text.size >= 3 && memcmp(line, "\xef\xbb\xbf", 3) == 0) {
        text = bytes_after(text, 3);
    }
    while (text.size > 0 && (text.data[0] == ' ' || text.data[0] == '\t')) {
        text = bytes_after(text, 1);
    }
    while (text.size > 0 && (text.data[text.size - 1] == ' ' || text.data[text.size - 1] == '\t')) {
        text.size--;
    }
    return text;
}

/* A line of output for a line of input that nobody can check. */
static void refuse_line(struct batch *batch, const char *line, const struct diags *diags)
{
    arena_reset(&batch->errors_arena);
    struct errors errors = errors_in(&batch->errors_arena);
    for (size_t i = 0; i < diags->count; i++) {
        errors_add(&errors, &diags->items[i]);
    }
    errors.dropped += diags->dropped;
    batch->has_bad_input = true;
    check_tell_errors(batch->output.file, line, &errors, true);
}

static bool parse_name(struct batch *batch, const char *line, size_t size, struct name *ret)
{
    char why[2 * BATCH_LINE_MAX];
    struct text text = text_in(why, sizeof why);
    struct diag items[1];
    struct diags diags = {.items = items, .capacity = 1};
    struct given_fault fault;
    if (given_name_read(domain_of(batch, line, size), NULL, ret, &fault)) {
        return true;
    }
    given_fault_put(&text, &fault);
    complain("%s:%llu: \"%s\" is no domain name: %s", batch->path, (unsigned long long)batch->line,
             line, why);
    diags_add(&diags, (struct place){.file = batch->path, .line = (uint32_t)batch->line},
              "\"%s\" is no domain name: %s", line, why);
    refuse_line(batch, line, &diags);
    return false;
}

/* Names of the plan below a domain can be too long. */
static bool parse_plan(struct batch *batch, const char *line, const struct name *domain,
                       struct arena *arena, struct plan *ret)
{
    struct diag items[DIAGS_DEFAULT_MAX];
    struct diags diags = {.items = items, .capacity = DIAGS_DEFAULT_MAX};
    if (plan_file_parse(batch->plan_text, batch->plan_path, domain, arena, &diags, ret)) {
        return true;
    }
    complain_of_diags(&diags, "error");
    if (line != NULL) {
        refuse_line(batch, line, &diags);
    }
    return false;
}

/* --- the crowd's callbacks --- */

static bool next(void *context, struct arena *arena, struct plan *ret, void **ret_tag)
{
    struct batch *batch = context;
    struct name *domain = ARENA_NEW(arena, struct name);
    char line[BATCH_LINE_MAX];
    size_t size;
    *ret_tag = domain;
    while (domain != NULL && batch->output.error == 0 && next_line(batch, line, &size)) {
        if (parse_name(batch, line, size, domain) && parse_plan(batch, line, domain, arena, ret)) {
            return true;
        }
    }
    return false; /* at the end, or nobody reads what comes of it any more */
}

static void put_counts(const struct batch *batch, const char *before, const char *after)
{
    const uint64_t *counts = batch->counts;
    fprintf(stderr, "%sfaultzone: %llu verified, %llu declined, %llu to be tried again%s", before,
            (unsigned long long)counts[SETUP_VERIFIED], (unsigned long long)counts[SETUP_DECLINED],
            (unsigned long long)counts[SETUP_RETRY_LATER], after);
}

/* How far it is: a line that changes on a terminal, now and then a line of its own elsewhere. */
static void tell_progress(struct batch *batch)
{
    const uint64_t *counts = batch->counts;
    const uint64_t all =
        counts[SETUP_VERIFIED] + counts[SETUP_DECLINED] + counts[SETUP_RETRY_LATER];
    struct timespec time;
    if (!batch->to_terminal) {
        if (all % PROGRESS_EVERY == 0) {
            put_counts(batch, "", " so far\n");
        }
        return;
    }
    clock_gettime(CLOCK_MONOTONIC, &time);
    const instant_ns now = (instant_ns)time.tv_sec * NS_PER_S + (instant_ns)time.tv_nsec;
    if (now - batch->told >= PROGRESS_EVERY_NS) {
        batch->told = now;
        put_counts(batch, "\r", " so far");
        fflush(stderr);
    }
}

static void finished(void *context, void *tag, const struct inspection *inspection)
{
    struct batch *batch = context;
    batch->counts[inspection->verdict]++;
    errno = 0;
    check_tell_json(batch->output.file, tag, inspection, true);
    fflush(batch->output.file);
    output_note(&batch->output); /* before the next one is begun */
    tell_progress(batch);
}

static bool is_done(void *context)
{
    return crowd_is_done(((const struct batch *)context)->crowd);
}

/* --- running --- */

/* The plan must be one whatever the domain. */
static bool read_plan(struct batch *batch, struct arena *arena)
{
    struct diag items[1];
    struct diags diags = {.items = items, .capacity = 1};
    struct plan plan;
    if (!source_read(batch->plan_path, PLAN_FILE_OCTETS_MAX, arena, &diags, &batch->plan_text)) {
        complain_of_diags(&diags, "error");
        return false;
    }
    return parse_plan(batch, NULL, name_root(), arena, &plan);
}

static enum cli_exit summed_up(const struct batch *batch)
{
    const uint64_t *counts = batch->counts;
    if (batch->domains == 0) {
        if (!batch->has_bad_input) {
            complain("%s: there is no domain in it", batch->path);
        }
        return CLI_USAGE;
    }
    /* over the line of progress, which is longer */
    put_counts(batch, batch->told > 0 ? "\r" : "", batch->told > 0 ? "       \n" : "\n");
    if (batch->has_bad_input) {
        return CLI_USAGE;
    }
    return counts[SETUP_DECLINED] > 0      ? CLI_FINDING
           : counts[SETUP_RETRY_LATER] > 0 ? CLI_RETRY_LATER
                                           : CLI_OK;
}

static enum cli_exit run(struct batch *batch, const struct inspector_options *options,
                         unsigned rate_per_s, struct arena *arena)
{
    struct outward *outward = outward_new(arena);
    const struct crowd_options crowd = {
        .inspector = *options,
        .members = BATCH_MEMBERS,
        .rate_per_s = rate_per_s,
        .next = next,
        .finished = finished,
        .context = batch,
    };
    if (!read_plan(batch, arena)) {
        return CLI_USAGE;
    }
    batch->crowd = outward == NULL ? NULL : crowd_new(arena, &crowd, outward_now(outward));
    if (batch->crowd == NULL) {
        complain("not enough memory");
        return CLI_ENVIRONMENT;
    }
    const bool went =
        is_done(batch) || outward_run(outward, crowd_machine(batch->crowd), is_done, batch);
    outward_close(outward);
    if (!went) {
        complain("this system has no way to any name server");
        return CLI_ENVIRONMENT;
    }
    return output_close(&batch->output, summed_up(batch));
}

enum cli_exit check_batch(const char *path, const char *plan_path,
                          const struct inspector_options *options, unsigned rate_per_s)
{
    struct arena arena;
    const bool standard = strcmp(path, "-") == 0;
    struct batch batch = {.file = standard ? stdin : fopen(path, "re"),
                          .path = path,
                          .plan_path = plan_path,
                          .output = {.file = stdout}};
    if (batch.file == NULL) {
        complain("%s: %s", path, strerror(errno));
        return CLI_USAGE;
    }
    batch.to_terminal = isatty(STDERR_FILENO) != 0;
    arena_init(&arena, BATCH_ARENA_MAX);
    arena_init(&batch.errors_arena, BATCH_ERRORS_MAX);
    const enum cli_exit status = run(&batch, options, rate_per_s, &arena);
    arena_free(&batch.errors_arena);
    arena_free(&arena);
    if (!standard) {
        fclose(batch.file);
    }
    return status;
}

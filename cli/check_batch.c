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

#define BATCH_ARENA_MAX    ((size_t)640 * 1024 * 1024) /* resident is what is in use */
#define BATCH_MEMBERS      CROWD_MEMBERS_MAX
#define BATCH_LINE_MAX     1100 /* the longest name's text, and its end */
#define BATCH_DIAGS_OCTETS 4096
#define PROGRESS_EVERY_NS  (NS_PER_S / 10) /* on a terminal */
#define PROGRESS_EVERY     10000           /* domains, elsewhere */

struct batch {
    FILE *file;
    const char *path, *plan_path;
    struct bytes plan_text;
    uint64_t line;
    uint64_t counts[SETUP_VERDICTS];
    uint64_t bad_lines;
    struct crowd *crowd;
    bool to_terminal; /* stderr is one */
    instant_ns told;  /* when progress was last told there */
};

/* --- reading --- */

/* The next line that is not blank, without its end; false at the end of the file. */
static bool next_line(struct batch *batch, char line[BATCH_LINE_MAX])
{
    while (fgets(line, BATCH_LINE_MAX, batch->file) != NULL) {
        batch->line++;
        const size_t size = strcspn(line, "\r\n");
        const bool whole = line[size] != '\0' || feof(batch->file) != 0;
        line[size] = '\0';
        for (int octet = 0; !whole && octet != '\n' && octet != EOF;) {
            octet = getc(batch->file); /* too long for a name: told as none */
        }
        if (size > 0) {
            return true;
        }
    }
    return false;
}

/* The line without blanks around it, the first one without the mark that some editors put there. */
static struct bytes domain_of(const struct batch *batch, const char *line)
{
    struct bytes text = bytes_of_string(line);
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

static bool next_domain(struct batch *batch, struct name *ret)
{
    char line[BATCH_LINE_MAX];
    struct given_fault fault;
    while (next_line(batch, line)) {
        char why[BATCH_LINE_MAX + BATCH_LINE_MAX];
        struct text text = text_in(why, sizeof why);
        if (given_name_read(domain_of(batch, line), NULL, ret, &fault)) {
            return true;
        }
        given_fault_put(&text, &fault);
        complain("%s:%llu: \"%s\" is no domain name: %s", batch->path,
                 (unsigned long long)batch->line, line, why);
        batch->bad_lines++;
    }
    return false;
}

static bool parse_plan(const struct batch *batch, const struct name *domain, struct arena *arena,
                       struct plan *ret)
{
    char buffer[BATCH_DIAGS_OCTETS];
    struct diag items[DIAGS_DEFAULT_MAX];
    struct diags diags = {.items = items, .capacity = DIAGS_DEFAULT_MAX};
    if (plan_file_parse(batch->plan_text, batch->plan_path, domain, arena, &diags, ret)) {
        return true;
    }
    for (size_t i = 0; i < diags.count; i++) {
        struct text text = text_in(buffer, sizeof buffer);
        diag_put(&text, &diags.items[i], "error", diags.source);
        fputs(buffer, stderr);
    }
    return false;
}

/* --- the crowd's callbacks --- */

static bool next(void *context, struct arena *arena, struct plan *ret, void **ret_tag)
{
    struct batch *batch = context;
    struct name *domain = ARENA_NEW(arena, struct name);
    while (domain != NULL && next_domain(batch, domain)) {
        if (parse_plan(batch, domain, arena, ret)) {
            *ret_tag = domain;
            return true;
        }
        batch->bad_lines++; /* names of the plan below this one are too long */
    }
    return false;
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
    check_tell_json(stdout, tag, inspection, true);
    tell_progress(batch);
}

static bool is_done(void *context)
{
    return crowd_is_done(((const struct batch *)context)->crowd);
}

/* --- running --- */

static bool read_plan(struct batch *batch, struct arena *arena)
{
    struct diag items[1];
    struct diags diags = {.items = items, .capacity = 1};
    struct plan plan;
    char buffer[BATCH_DIAGS_OCTETS];
    if (!source_read(batch->plan_path, PLAN_FILE_OCTETS_MAX, arena, &diags, &batch->plan_text)) {
        struct text text = text_in(buffer, sizeof buffer);
        diag_put(&text, &items[0], "error", diags.source);
        fputs(buffer, stderr);
        return false;
    }
    return parse_plan(batch, name_root(), arena, &plan);
}

static enum cli_exit summed_up(const struct batch *batch)
{
    const uint64_t *counts = batch->counts;
    /* over the line of progress, which is longer */
    put_counts(batch, batch->told > 0 ? "\r" : "", batch->told > 0 ? "       \n" : "\n");
    if (batch->bad_lines > 0) {
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
    const bool went = outward_run(outward, crowd_machine(batch->crowd), is_done, batch);
    outward_close(outward);
    if (!went) {
        complain("this system has no way to any name server");
        return CLI_ENVIRONMENT;
    }
    return output_finish(stdout, summed_up(batch));
}

enum cli_exit check_batch(const char *path, const char *plan_path,
                          const struct inspector_options *options, unsigned rate_per_s)
{
    struct arena arena;
    const bool standard = strcmp(path, "-") == 0;
    struct batch batch = {.file = standard ? stdin : fopen(path, "r"),
                          .path = path,
                          .plan_path = plan_path,
                          .to_terminal = isatty(STDERR_FILENO) != 0};
    if (batch.file == NULL) {
        complain("%s: %s", path, strerror(errno));
        return CLI_USAGE;
    }
    arena_init(&arena, BATCH_ARENA_MAX);
    const enum cli_exit status = run(&batch, options, rate_per_s, &arena);
    arena_free(&arena);
    if (!standard) {
        fclose(batch.file);
    }
    return status;
}

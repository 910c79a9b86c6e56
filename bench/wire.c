/* What parsing and building cost: ours, against ldns, libknot, c-ares and a plain bounds-checked
 * walk as the floor, on one corpus in one run. Absolute times drift with the machine; the ratios
 * are what counts. With a name as argument only that one runs, a fixed number of times: for
 * callgrind. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "bench/corpus.h"
#include "bench/peers.h"

#define MESSAGES 2000
#define SEED     2026
#define ROUNDS   15 /* the median of these counts */
#define PASSES   20 /* over the corpus, a round */

/* --- allocations: every program's malloc passes here --- */

static uint64_t allocations;

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t nmemb, size_t size);
void *__libc_realloc(void *ptr, size_t size);

void *malloc(size_t size)
{
    allocations++;
    return __libc_malloc(size);
}

void *calloc(size_t nmemb, size_t size)
{
    allocations++;
    return __libc_calloc(nmemb, size);
}

void *realloc(void *ptr, size_t size)
{
    allocations++;
    return __libc_realloc(ptr, size);
}

/* --- ours --- */

static bool parse_ours(void *context, const struct sample *sample)
{
    struct message message;
    (void)context;
    return message_parse(sample->wire, MESSAGE_STRICT, &message, NULL);
}

static bool walk_ours(void *context, const struct sample *sample)
{
    struct message message;
    struct record record;
    uint64_t sum = 0;
    (void)context;
    if (!message_parse(sample->wire, MESSAGE_STRICT, &message, NULL)) {
        return false;
    }
    for (enum section section = SECTION_ANSWER; section < SECTIONS; section++) {
        struct record_walk walk = record_walk_start(&message, section);
        while (record_next(&walk, &record)) {
            sum += name_ref_hash(record.owner) + record.rdata.size;
        }
    }
    return sum > 0;
}

static bool build_ours(void *context, const struct sample *sample)
{
    uint8_t buffer[SAMPLE_OCTETS_MAX];
    (void)context;
    return sample_build(sample, buffer, sizeof buffer) == sample->wire.size;
}

/* --- the table --- */

static const struct contender contenders[] = {
    {"floor-parse", "plain checked walk", FLOOR, floor_prepare, floor_parse},
    {"ours-parse", "faultzone, strict", PARSE, NULL, parse_ours},
    {"ours-walk", "faultzone, strict, and all records walked and owners hashed", PARSE, NULL,
     walk_ours},
    {"knot-parse", "libknot, arena", PARSE, knot_prepare, knot_parse},
    {"ldns-parse", "ldns", PARSE, ldns_prepare, ldns_parse},
    {"ares-parse", "c-ares (before 1.28: owner names only)", PARSE, ares_prepare, ares_parse},
    {"ours-build", "faultzone", BUILD, NULL, build_ours},
    {"knot-build", "libknot, arena", BUILD, knot_prepare, knot_build},
    {"ldns-build", "ldns", BUILD, ldns_prepare, ldns_build},
};

#define CONTENDERS (sizeof contenders / sizeof contenders[0])

struct result {
    void *context;
    const char *absent; /* why it does not take part */
    double rounds[ROUNDS];
    double median;      /* nanoseconds a message */
    double allocations; /* a message */
};

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static void run_passes(const struct contender *contender, void *context,
                       const struct sample *samples, size_t passes)
{
    for (size_t pass = 0; pass < passes; pass++) {
        for (size_t i = 0; i < MESSAGES; i++) {
            if (!contender->run(context, &samples[i])) {
                fprintf(stderr, "bench_wire: %s: message %zu failed\n", contender->name, i);
                exit(1);
            }
        }
    }
}

static void measure_round(const struct contender *contender, struct result *result,
                          const struct sample *samples, size_t round)
{
    const uint64_t before = allocations;
    const double start = seconds_now();
    run_passes(contender, result->context, samples, PASSES);
    result->rounds[round] = (seconds_now() - start) * 1e9 / PASSES / MESSAGES;
    result->allocations = (double)(allocations - before) / PASSES / MESSAGES;
}

static int compare_doubles(const void *a, const void *b)
{
    const double left = *(const double *)a;
    const double right = *(const double *)b;
    return (left > right) - (left < right);
}

/* Prepares the contender called `only`, or all if that is NULL. */
static void prepare(struct result *results, const struct sample *samples, const char *only)
{
    for (size_t i = 0; i < CONTENDERS; i++) {
        const bool plays = only == NULL || strcmp(contenders[i].name, only) == 0;
        if (plays && contenders[i].prepare != NULL) {
            results[i].absent = contenders[i].prepare(samples, MESSAGES, &results[i].context);
        }
    }
}

static void measure(struct result *results, const struct sample *samples)
{
    for (size_t round = 0; round < ROUNDS; round++) {
        for (size_t i = 0; i < CONTENDERS; i++) {
            if (results[i].absent == NULL) {
                measure_round(&contenders[i], &results[i], samples, round);
            }
        }
    }
    for (size_t i = 0; i < CONTENDERS; i++) {
        qsort(results[i].rounds, ROUNDS, sizeof results[i].rounds[0], compare_doubles);
        results[i].median = results[i].rounds[ROUNDS / 2];
    }
}

static double median_of(const struct result *results, const char *name)
{
    for (size_t i = 0; i < CONTENDERS; i++) {
        if (strcmp(contenders[i].name, name) == 0 && results[i].absent == NULL) {
            return results[i].median;
        }
    }
    return 0;
}

static void print_corpus(const struct sample *samples)
{
    double octets = 0;
    double records = 0;
    for (size_t i = 0; i < MESSAGES; i++) {
        octets += (double)samples[i].wire.size;
        records += (double)samples[i].records;
    }
    printf("%d messages, %.0f octets and %.1f records on average; median of %d rounds\n", MESSAGES,
           octets / MESSAGES, records / MESSAGES, ROUNDS);
}

static void print_results(const struct result *results)
{
    const double parse = median_of(results, "ours-parse");
    const double build = median_of(results, "ours-build");
    printf("%-12s %10s %8s %8s %8s\n", "", "ns/message", "x ours", "x floor", "mallocs");
    for (size_t i = 0; i < CONTENDERS; i++) {
        const struct contender *contender = &contenders[i];
        if (results[i].absent != NULL) {
            printf("%-12s %s: %s\n", contender->name, contender->what, results[i].absent);
            continue;
        }
        printf("%-12s %10.1f %8.2f ", contender->name, results[i].median,
               results[i].median / (contender->task == BUILD ? build : parse));
        if (contender->task == BUILD) {
            printf("%8s", "-");
        } else {
            printf("%8.2f", results[i].median / median_of(results, "floor-parse"));
        }
        printf(" %8.1f  %s\n", results[i].allocations, contender->what);
    }
}

static int run_one(const char *name, const struct result *results, const struct sample *samples)
{
    for (size_t i = 0; i < CONTENDERS; i++) {
        if (strcmp(contenders[i].name, name) == 0 && results[i].absent == NULL) {
            run_passes(&contenders[i], results[i].context, samples, PASSES);
            return 0;
        }
    }
    fprintf(stderr, "bench_wire: no contender \"%s\"\n", name);
    return 2;
}

int main(int argc, char **argv)
{
    static struct result results[CONTENDERS];
    struct arena arena;
    arena_init(&arena, CORPUS_ARENA_LIMIT);
    const struct sample *samples = corpus_make(MESSAGES, SEED, &arena);
    if (samples == NULL) {
        fputs("bench_wire: no memory for the corpus\n", stderr);
        return 1;
    }
    prepare(results, samples, argc > 1 ? argv[1] : NULL);
    if (argc > 1) {
        return run_one(argv[1], results, samples);
    }
    measure(results, samples);
    print_corpus(samples);
    print_results(results);
    return 0;
}

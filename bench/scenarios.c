/* How many whole runs of a scenario one core does in a second of real time: with its world built
 * once (what a fuzzer or a seed sweep does), and with loading, building and judging every time
 * (what `faultzone run` does). Each run judges every expectation; a run that fails ends the
 * benchmark.
 *
 *     bench_scenarios [SCENARIO [SECONDS]] */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "harness/unit.h"
#include "sim/virtual.h"

#define RUNS_A_LOOK 64 /* runs between two looks at the clock */

struct measure {
    struct unit unit;
    const char *path;
    uint64_t seed;
    uint64_t packets;
};

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void give_up(const struct measure *measure, const char *what)
{
    fprintf(stderr, "bench_scenarios: %s: %s\n", measure->path, what);
    exit(1);
}

static void run_staged(struct measure *measure)
{
    unit_run(&measure->unit, virtual_run, measure->seed++);
    if (measure->unit.status != UNIT_PASSED) {
        give_up(measure, "a run did not pass");
    }
    measure->packets += measure->unit.result.packets;
}

static void run_whole(struct measure *measure)
{
    unit_judge(&measure->unit, measure->path, "bench", measure->seed++);
    if (measure->unit.status != UNIT_PASSED) {
        give_up(measure, "a run did not pass");
    }
    measure->packets += measure->unit.result.packets;
}

/* Runs for about `seconds` of this process's CPU time and prints the rate. */
static void report_rate(struct measure *measure, const char *what, void (*run)(struct measure *),
                        double seconds)
{
    uint64_t runs = 0;
    measure->packets = 0;
    const double began = seconds_now();
    double spent = 0;
    while (spent < seconds) {
        for (unsigned i = 0; i < RUNS_A_LOOK; i++) {
            run(measure);
        }
        runs += RUNS_A_LOOK;
        spent = seconds_now() - began;
    }
    const double each_us = spent / (double)runs * 1e6;
    printf("  %-18s %10.0f runs/s  %8.2f us a run  %6.0f packets a run  %9.0f packets/s\n", what,
           (double)runs / spent, each_us, (double)measure->packets / (double)runs,
           (double)measure->packets / spent);
}

static void bench(const char *path, double seconds)
{
    struct measure measure = {.path = path, .seed = 1};
    unit_init(&measure.unit);
    if (!unit_load(&measure.unit, path, "bench")) {
        give_up(&measure, "cannot be loaded (try `faultzone lint`)");
    }
    if (!unit_stage(&measure.unit, 1, (struct entropy){0})) {
        give_up(&measure, "its world cannot be built");
    }
    printf("%s\n", path);
    report_rate(&measure, "loaded once", run_staged, seconds);
    unit_free(&measure.unit);
    unit_init(&measure.unit);
    report_rate(&measure, "loaded every time", run_whole, seconds);
    unit_free(&measure.unit);
}

int main(int argc, char **argv)
{
    static const char *const founding[] = {"scenarios/proxy/article-proxied.yaml",
                                           "scenarios/proxy/article-dns-only.yaml"};
    const double seconds = argc > 2 ? strtod(argv[2], NULL) : 2.0;
    if (argc > 1) {
        bench(argv[1], seconds);
    } else {
        for (size_t i = 0; i < sizeof founding / sizeof founding[0]; i++) {
            bench(founding[i], seconds);
        }
    }
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("peak resident memory %.1f MB\n", (double)usage.ru_maxrss / 1024);
    return 0;
}

/* What the most expensive messages of 64 KiB cost a parser: ours, libknot and ldns, in one run.
 * Ours may take no more than 2 ms and no memory. The times are the least of several rounds. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tests/wire/worst.h"

#ifdef HAVE_KNOT
#include <libknot/libknot.h>
#endif
#ifdef HAVE_LDNS
#include <ldns/ldns.h>
#endif

#define ROUNDS      5
#define GOAL_MS     2.0
#define WORST_COUNT (sizeof worst / sizeof worst[0])

/* --- allocations: every program's malloc passes here --- */

static uint64_t allocations;

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *pointer, size_t size);

void *malloc(size_t size)
{
    allocations++;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    allocations++;
    return __libc_calloc(count, size);
}

void *realloc(void *pointer, size_t size)
{
    allocations++;
    return __libc_realloc(pointer, size);
}

/* --- the parsers --- */

static void parse_ours(struct bytes message)
{
    struct message parsed;
    (void)message_parse(message, MESSAGE_STRICT, &parsed, NULL);
}

static void parse_knot(struct bytes message)
{
#ifdef HAVE_KNOT
    knot_pkt_t *packet =
        knot_pkt_new((void *)(uintptr_t)message.data, (uint16_t)message.size, NULL);
    (void)knot_pkt_parse(packet, 0);
    knot_pkt_free(packet);
#else
    (void)message;
#endif
}

static void parse_ldns(struct bytes message)
{
#ifdef HAVE_LDNS
    ldns_pkt *packet = NULL;
    if (ldns_wire2pkt(&packet, message.data, message.size) == LDNS_STATUS_OK) {
        ldns_pkt_free(packet);
    }
#else
    (void)message;
#endif
}

/* --- the table --- */

struct cost {
    double ms;
    uint64_t allocations;
};

static double ms_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static struct cost cost_of(void (*parse)(struct bytes message))
{
    struct cost cost = {.ms = 1e9};
    for (int round = 0; round < ROUNDS; round++) {
        const uint64_t before = allocations;
        const double start = ms_now();
        parse(bytes_of(octets, writer.size));
        const double taken = ms_now() - start;
        cost.ms = taken < cost.ms ? taken : cost.ms;
        cost.allocations = allocations - before;
    }
    return cost;
}

static void print_cost(const struct cost *cost)
{
    printf(" %9.3f %8llu", cost->ms, (unsigned long long)cost->allocations);
}

int main(void)
{
    struct cost most = {0};
    printf("%-50s %9s %8s %9s %8s %9s %8s\n", "parsing 64 KiB: ms, allocations", "ours", "",
           "libknot", "", "ldns", "");
    for (size_t i = 0; i < WORST_COUNT; i++) {
        worst[i].fill();
        const struct cost ours = cost_of(parse_ours);
        const struct cost knot = cost_of(parse_knot);
        const struct cost ldns = cost_of(parse_ldns);
        printf("%-50s", worst[i].name);
        print_cost(&ours);
        print_cost(&knot);
        print_cost(&ldns);
        putchar('\n');
        most.ms = ours.ms > most.ms ? ours.ms : most.ms;
        most.allocations += ours.allocations;
    }
    printf("the worst of ours: %.3f ms, %llu allocations (goal: under %.0f ms, none)\n", most.ms,
           (unsigned long long)most.allocations, GOAL_MS);
    return most.ms < GOAL_MS && most.allocations == 0 ? 0 : 1;
}

/* Cold look-ups in virtual time, on one core: each asks for the DKIM key of a customer that nobody
 * has asked for before, in a world of the founding report's shape. The customer's zone is delegated
 * (a referral), its key is an alias into the mailer's zone (CNAME, second zone), where a TXT record
 * of its own lies. Root, TLD, mailer and the addresses of name servers are known after the first
 * look-up, as they are to a resolver in use: three upstream queries a look-up are the least.
 *
 * Client, resolver, network and servers are in the figure, and so is the trace of every packet and
 * decision. By callgrind a look-up of eight packets takes about 93,000 instructions: the resolver
 * 51,000 (its share of the trace included), servers 16,000, the trace 17,000, the network 9,000.
 *
 *     bench_resolver [SECONDS]
 *
 * Target: 60,000 look-ups a second. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "harness/unit.h"
#include "resolver/resolver.h"
#include "sim/client.h"
#include "sim/virtual.h"
#include "wire/rrtype.h"

#define CUSTOMERS 400
#define EVENTS    1000 /* of one look-up, at most */

static const char key[] =
    "v=DKIM1; k=rsa; "
    "p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA0Mi1ZbalFRcpxsXtoK7zbN76nPr4NFWTX"
    "Ygnuj8HMRKLiheg8AKegChOttXmHWqOFEiIM7a6b7Xsq5rAgLQeWb3rqq4153WoXq226mpTLLMVb5jjt1xqktlyUaVYq4A"
    "v";

struct measure {
    struct unit unit;
    char path[64];
    struct name names[CUSTOMERS];
    uint64_t lookups, queries, packets, events;
};

static void give_up(const char *what)
{
    fprintf(stderr, "bench_resolver: %s\n", what);
    exit(1);
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* --- the world --- */

static void write_scenario(FILE *file)
{
    fputs("scenario: many customers\nzones:\n  mailer.net:\n    records: |\n", file);
    for (int i = 0; i < CUSTOMERS; i++) {
        fprintf(file, "      k%d.dkim 300 TXT \"%s\"\n", i, key);
    }
    for (int i = 0; i < CUSTOMERS; i++) {
        fprintf(file,
                "  c%d.com:\n    provider: cloudflare\n    records: |\n"
                "      k1._domainkey 300 CNAME k%d.dkim.mailer.net.\n",
                i, i);
    }
    fputs("resolver: {cache-octets: 8388608}\nsteps: []\n", file);
}

static void open_world(struct measure *measure)
{
    snprintf(measure->path, sizeof measure->path, "/tmp/bench_resolver.XXXXXX.yaml");
    const int descriptor = mkstemps(measure->path, 5);
    FILE *file = descriptor >= 0 ? fdopen(descriptor, "w") : NULL;
    if (file == NULL) {
        give_up("no temporary file");
    }
    write_scenario(file);
    fclose(file);
    unit_init(&measure->unit);
    const bool loaded = unit_load_world(&measure->unit, measure->path, "bench");
    unlink(measure->path);
    if (!loaded) {
        give_up(measure->unit.diags.items[0].sentence);
    }
    if (!unit_stage(&measure->unit, 1, (struct entropy){0})) {
        give_up("the world cannot be built");
    }
    for (int i = 0; i < CUSTOMERS; i++) {
        char text[64];
        snprintf(text, sizeof text, "k1._domainkey.c%d.com.", i);
        name_parse_text(bytes_of_string(text), NULL, &measure->names[i], NULL);
    }
}

/* --- look-ups --- */

static bool is_done(void *client)
{
    return client_is_done(client);
}

static void look_up(struct measure *measure, int customer)
{
    struct stage *stage = measure->unit.stage;
    const struct client_question question = {
        .name = measure->names[customer],
        .type = RRTYPE_TXT,
        .server = {.address = measure->unit.scenario->resolver_v4, .port = 53},
        .recursion_desired = true,
        .udp_size = 1232};
    const struct run_limits limits = {
        .until = NEVER, .events_max = EVENTS, .done = is_done, .context = stage->client};
    client_ask(stage->client, &question, stage->world->now);
    virtual_run(stage->world, &limits);
    const struct client_answer *answer = client_answer(stage->client);
    if (answer->state != CLIENT_ANSWERED || answer->parsed.counts[SECTION_ANSWER] != 2) {
        give_up("a look-up did not end in an alias and a key");
    }
}

/* Every customer once; the first look-up, which warms up the resolver, is not counted. Returns the
 * CPU time of the others. */
static double sweep(struct measure *measure, uint64_t seed)
{
    struct stage *stage = measure->unit.stage;
    stage_reset(stage, seed);
    look_up(measure, 0);
    const uint64_t queries = resolver_counters(stage->resolver)->upstream_queries;
    const uint64_t events = stage->world->events;
    const double began = seconds_now();
    for (int i = 1; i < CUSTOMERS; i++) {
        look_up(measure, i);
    }
    const double spent = seconds_now() - began;
    measure->lookups += CUSTOMERS - 1;
    measure->queries += resolver_counters(stage->resolver)->upstream_queries - queries;
    measure->events += stage->world->events - events;
    return spent;
}

int main(int argc, char **argv)
{
    static struct measure measure;
    const double seconds = argc > 1 ? strtod(argv[1], NULL) : 2.0;
    double spent = 0;
    open_world(&measure);
    for (uint64_t seed = 1; spent < seconds; seed++) {
        spent += sweep(&measure, seed);
    }
    const double lookups = (double)measure.lookups;
    const double packets = 2 * ((double)measure.queries + lookups); /* there and back */
    printf(
        "cold look-ups %10.0f a second  %6.2f us each  %4.2f upstream queries each  %9.0f packets "
        "a second\n",
        lookups / spent, spent / lookups * 1e6, (double)measure.queries / lookups, packets / spent);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("peak resident memory %.1f MB\n", (double)usage.ru_maxrss / 1024);
    unit_free(&measure.unit);
    return 0;
}

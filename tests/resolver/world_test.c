/* The resolver in the simulated internet: real servers, real zones, the virtual host, faults. */
#include "resolver/resolver.h"
#include "sim/client.h"
#include "sim/virtual.h"
#include "tests/resolver/rig.h"
#include "tests/sim/stage.h"
#include "tests/support/support.h"

enum { ROOT, NET, EXAMPLE, EXAMPLE_2, SERVERS };

/* Root, net. (with esp.net. below it) and example. with two servers. */
static struct {
    struct arena arena, trace_arena;
    struct trace trace;
    struct transit *transit;
    struct world *world;
    struct server *servers[SERVERS];
    struct address addresses[SERVERS];
    struct address resolver_address, client_address;
    struct resolver *resolver;
    struct client *client;
    struct fault faults[2];
    struct rng stream; /* the client's IDs and ports */
    char text[STAGE_TEXT_MAX];
} set;

static const struct {
    const char *apex, *lines;
    int servers[2];
} zones[] = {
    {".",
     "@ 3600 SOA a.root. h. 1 2 3 4 900\n@ 3600 NS a.root.\n"
     "net 3600 NS ns.net.\nns.net 3600 A 192.0.2.2\n"
     "example 3600 NS ns1.example.\nexample 3600 NS ns2.example.\n"
     "ns1.example 3600 A 192.0.2.3\nns2.example 3600 A 192.0.2.4",
     {ROOT, ROOT}},
    {"net.",
     "@ 3600 SOA ns.net. h. 1 2 3 4 900\n@ 3600 NS ns.net.\nns 3600 A 192.0.2.2\n"
     "esp 3600 NS ns1.example.\ndead 3600 NS ns.gone.net.",
     {NET, NET}},
    {"esp.net.",
     "@ 3600 SOA ns1.example. h. 1 2 3 4 300\n@ 3600 NS ns1.example.\n"
     "k 300 TXT v=DKIM1; p=AAAA\n"
     "big 300 TXT 0123456789012345678901234567890123456789012345678901234567890123456789",
     {EXAMPLE, EXAMPLE}},
    {"example.",
     "@ 3600 SOA ns1.example. h. 1 2 3 4 1800\n@ 3600 NS ns1.example.\n@ 3600 NS ns2.example.\n"
     "ns1 3600 A 192.0.2.3\nns2 3600 A 192.0.2.4\nk 300 CNAME k.esp.net.\n"
     "gone 300 CNAME gone.esp.net.\n*.wild 60 TXT star\nd 300 DNAME esp.net.\n"
     "a.b.ent 60 TXT deep\nlost 300 CNAME lost.dead.net.",
     {EXAMPLE, EXAMPLE_2}},
};

static struct address address_of(const char *text)
{
    struct address address;
    ck_assert(address_parse(bytes_of_string(text), &address));
    return address;
}

static void seat(const char *name, struct machine *machine, const struct address *address)
{
    const struct seat seat = {name, machine, address, 1};
    ck_assert(world_seat(set.world, &seat));
}

static void open_servers(void)
{
    static const char *const names[SERVERS] = {"a.root", "ns.net", "ns1.example", "ns2.example"};
    static const char *const addresses[SERVERS] = {"192.0.2.1", "192.0.2.2", "192.0.2.3",
                                                   "192.0.2.4"};
    for (int i = 0; i < SERVERS; i++) {
        const struct server_options options = {
            .name = names[i], .trace = &set.trace, .served_max = 8};
        set.addresses[i] = address_of(addresses[i]);
        set.servers[i] = server_new(&set.arena, &options);
        ck_assert_ptr_nonnull(set.servers[i]);
        seat(names[i], server_machine(set.servers[i]), &set.addresses[i]);
    }
    for (size_t i = 0; i < COUNT_OF(zones); i++) {
        const struct served_zone served = {
            .zone = stage_make_zone(&set.arena, zones[i].apex, zones[i].lines)};
        ck_assert(server_serve(set.servers[zones[i].servers[0]], &served));
        ck_assert(server_serve(set.servers[zones[i].servers[1]], &served));
    }
}

static void open_resolver(void)
{
    static struct resolver_hint hint;
    hint = (struct resolver_hint){stage_name("a.root."), &set.addresses[ROOT], 1};
    set.resolver_address = address_of("192.0.2.53");
    const struct resolver_options options = {.name = "resolver",
                                             .v4 = set.resolver_address,
                                             .hints = &hint,
                                             .hint_count = 1,
                                             .trace = &set.trace};
    set.resolver = resolver_new(&set.arena, &options);
    ck_assert_ptr_nonnull(set.resolver);
    seat("resolver", resolver_machine(set.resolver), &set.resolver_address);
}

static void open_client(void)
{
    set.client_address = address_of("192.0.2.99");
    rng_seed(&set.stream, 1, bytes_of_string("client"));
    const struct client_options options = {.name = "client",
                                           .v4 = set.client_address,
                                           .trace = &set.trace,
                                           .entropy = entropy_of_rng(&set.stream),
                                           .timeout = 12 * NS_PER_S,
                                           .tries_max = 1};
    set.client = client_new(&set.arena, &options);
    ck_assert_ptr_nonnull(set.client);
    seat("client", client_machine(set.client), &set.client_address);
}

static void open_set(void)
{
    arena_free(&set.arena); /* of the test before */
    arena_free(&set.trace_arena);
    arena_init(&set.arena, (size_t)64 << 20);
    arena_init(&set.trace_arena, (size_t)64 << 20);
    trace_init(&set.trace, &set.trace_arena);
    const struct transit_options options = {.trace = &set.trace, .latency = 10 * NS_PER_MS};
    set.transit = transit_new(&set.arena, &options);
    set.world = world_new(&set.arena, set.transit, &set.trace);
    open_servers();
    open_resolver();
    open_client();
}

static void start_over(uint64_t seed)
{
    trace_reset(&set.trace);
    arena_reset(&set.trace_arena);
    world_reset(set.world, seed);
    resolver_reset(set.resolver, seed);
    client_reset(set.client);
    rng_seed(&set.stream, seed, bytes_of_string("client"));
    for (int i = 0; i < SERVERS; i++) {
        server_reset(set.servers[i], seed);
    }
}

static bool is_done(void *context)
{
    (void)context;
    return client_is_done(set.client);
}

/* What the client gets for "name TYPE", as rig_show writes it. */
static const char *ask(const char *name, uint16_t type)
{
    const struct client_question question = {.name = stage_name(name),
                                             .type = type,
                                             .server = {set.resolver_address, 53},
                                             .recursion_desired = true,
                                             .udp_size = 1232};
    const struct run_limits limits = {
        .until = set.world->now + 60 * NS_PER_S, .events_max = 10000, .done = is_done};
    client_ask(set.client, &question, set.world->now);
    virtual_run(set.world, &limits);
    const struct client_answer *answer = client_answer(set.client);
    if (answer->state != CLIENT_ANSWERED) {
        return "no answer";
    }
    rig_show(answer->reply, set.text, sizeof set.text);
    return set.text;
}

static bool contains(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}

static const struct story_row {
    const char *name; /* of the question too */
    uint16_t type;
    const char *first; /* what the first line starts with */
    const char *parts[3];
} story_rows[] = {
    {"k.esp.net.", 16, "NOERROR", {"an k.esp.net. 300 IN TXT \"v=DKIM1; p=AAAA\""}},
    {"k.example.",
     16,
     "NOERROR",
     {"an k.example. 300 IN CNAME k.esp.net.", "k.esp.net. 300 IN TXT"}},
    {"gone.example.", 16, "NXDOMAIN", {"CNAME gone.esp.net.", "ns esp.net. 300 IN SOA"}},
    {"k.example.", 28, "NOERROR", {"CNAME k.esp.net.", "ns esp.net. 300 IN SOA"}},
    {"x.y.wild.example.", 16, "NOERROR", {"an x.y.wild.example. 60 IN TXT \"star\""}},
    {"b.ent.example.", 16, "NOERROR", {"ns example. 1800 IN SOA"}},
    {"no.example.", 16, "NXDOMAIN", {"ns example. 1800 IN SOA"}},
    {"k.d.example.", 16, "NOERROR", {"DNAME esp.net.", "CNAME k.esp.net.", "TXT \"v=DKIM1"}},
    {"example.", 2, "NOERROR", {"NS ns1.example.", "NS ns2.example."}},
    {"nowhere.", 1, "NXDOMAIN", {"ns . 900 IN SOA"}},
    {"lost.example.", 16, "SERVFAIL", {"ede ", " ns.gone.net. has no address: NXDOMAIN"}},
};

static void check_story(const struct story_row *row, const char *answer)
{
    ck_assert_msg(strncmp(answer, row->first, strlen(row->first)) == 0, "%s", answer);
    for (size_t i = 0; i < COUNT_OF(row->parts) && row->parts[i] != NULL; i++) {
        ck_assert_msg(contains(answer, row->parts[i]), "%s: no %s", answer, row->parts[i]);
    }
}

START_TEST(story)
{
    open_set();
    check_story(&story_rows[_i], ask(story_rows[_i].name, story_rows[_i].type));
    /* And once more from the cache. */
    check_story(&story_rows[_i], ask(story_rows[_i].name, story_rows[_i].type));
}
END_TEST

START_TEST(one_seed_gives_one_trace)
{
    open_set();
    for (uint64_t seed = 0; seed < 20; seed++) {
        uint64_t digests[2];
        for (int i = 0; i < 2; i++) {
            start_over(seed);
            ask("k.example.", 16);
            ask("gone.example.", 16);
            digests[i] = trace_digest(&set.trace);
        }
        ck_assert_uint_eq(digests[0], digests[1]);
    }
}
END_TEST

/* Every packet of the resolver lost with a chance of 20%: a healthy name is found, or the answer is
 * SERVFAIL within 10 s; never a denial, never another text. */
START_TEST(loss_gives_the_truth_or_a_failure)
{
    static const struct fault_row *row;
    unsigned found = 0;
    row = fault_find(bytes_of_string("loss"));
    ck_assert_ptr_nonnull(row);
    open_set();
    struct fault fault = {.row = row};
    fault_trigger_always(&fault.trigger);
    fault.trigger.chance_ppm = 200000;
    set.faults[0] = fault;
    for (uint64_t seed = 0; seed < 200; seed++) {
        start_over(seed);
        transit_set_faults(set.transit, set.faults, 1);
        const char *answer = ask("k.example.", 16);
        const bool truth = contains(answer, "TXT \"v=DKIM1; p=AAAA\"");
        ck_assert_msg(truth || strncmp(answer, "SERVFAIL", 8) == 0 ||
                          strcmp(answer, "no answer") == 0,
                      "seed %u: %s", (unsigned)seed, answer);
        found += truth;
        ck_assert_uint_le(resolver_counters(set.resolver)->upstream_queries_worst, 100);
    }
    ck_assert_uint_gt(found, 100);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("world");
    add_rows(suite, story, story_rows);
    add_test(suite, one_seed_gives_one_trace);
    add_test(suite, loss_gives_the_truth_or_a_failure);
    return suite;
}

#include "inspect/inspection.h"

#include "base/rng.h"
#include "tests/inspect/stories.h"
#include "tests/support/support.h"
#include "wire/rrtype.h"

#define QUESTIONS_MOST 40

static const struct vantage resolver_only = {.has_resolver = true, .v4 = true, .v6 = true};

static struct arena *scratch(void)
{
    static struct arena arena;
    if (arena.ceiling == 0) {
        arena_init(&arena, 1U << 20);
    }
    return &arena;
}

static const struct story *find_story(const char *name)
{
    for (size_t i = 0; i < story_count; i++) {
        if (strcmp(stories[i].name, name) == 0) {
            return &stories[i];
        }
    }
    ck_abort_msg("no story %s", name);
    return NULL;
}

/* Plays the resolver. `trouble_ppm` of the answers are SERVFAIL or silence. */
static const struct inspected *judge(const struct story *story, struct rng *rng,
                                     uint32_t trouble_ppm, char *asked, size_t capacity)
{
    static struct plan_record record;
    record = story_record(story);
    const struct plan plan = {&record, 1};
    struct inspection *inspection = inspection_new(scratch(), &plan, &resolver_only, 7);
    struct text text = text_in(asked, capacity);
    struct probe probe;
    struct canned_reply reply;
    for (unsigned questions = 0; inspection_next(inspection, &probe); questions++) {
        ck_assert_uint_lt(questions, QUESTIONS_MOST);
        ck_assert_ptr_null(facts_find(&inspection->facts, &probe)); /* each is asked once */
        text_put(&text, questions > 0 ? " " : "");
        rrtype_put(&text, probe.type);
        if (!rng_chance(rng, trouble_ppm)) {
            story_reply(story, &probe.name, probe.type, &reply);
            inspection_take_reply(inspection, &probe, &reply.message);
        } else if (rng_chance(rng, CHANCE_ALWAYS / 2)) {
            reply_build_for(&reply, &probe.name, probe.type, "* TXT\nrcode SERVFAIL\n");
            inspection_take_reply(inspection, &probe, &reply.message);
        } else {
            inspection_take_trouble(inspection, &probe, TROUBLE_SILENCE, "no answer came");
        }
    }
    ck_assert(inspection_is_done(inspection));
    ck_assert_int_eq(inspection->verdict, inspection->records[0].verdict);
    return &inspection->records[0];
}

static const struct inspected *judge_calmly(const struct story *story, char *asked, size_t capacity)
{
    struct rng rng;
    rng_seed(&rng, 0, bytes_of_string("calm"));
    return judge(story, &rng, 0, asked, capacity);
}

START_TEST(verdict_class_cause)
{
    const struct story *story = &stories[_i];
    char asked[256];
    const struct inspected *inspected = judge_calmly(story, asked, sizeof asked);
    ck_assert_str_eq(setup_verdict_name(inspected->verdict), story->verdict);
    ck_assert_str_eq(setup_class_name(inspected->class), story->class);
    ck_assert_pstr_eq(inspected->cause == NULL ? NULL : inspected->cause->slug, story->cause);
    ck_assert_pstr_eq(inspected_number(inspected), story->number);
    ck_assert_str_eq(asked, story->asked);
    ck_assert_uint_eq(inspected->evidence.heals_in_s, story->heals_in_s);
}
END_TEST

START_TEST(proofs_are_there_and_can_be_told)
{
    const struct story *story = &stories[_i];
    char asked[256];
    const struct inspected *inspected = judge_calmly(story, asked, sizeof asked);
    ck_assert_uint_gt(inspected->evidence.proof_count, 0);
    char line[8192];
    for (size_t i = 0; i < inspected->evidence.proof_count; i++) {
        struct text text = text_in(line, sizeof line);
        ck_assert_str_ne(inspected->evidence.proofs[i].shows, "");
        fact_put(&text, inspected->evidence.proofs[i].fact);
        ck_assert(!text.overflow && text.size > 0);
    }
    struct text text = text_in(line, sizeof line);
    inspected_put(&text, inspected);
    inspected_why_put(&text, inspected);
    inspected_fix_put(&text, inspected);
    ck_assert(!text.overflow);
    if (story->present != NULL) {
        ck_assert_ptr_nonnull(strstr(line, story->present));
    }
}
END_TEST

/* "Proxied" is said only where an address look-up at the name proves it. */
START_TEST(a_proxy_is_named_only_with_its_address_in_hand)
{
    char asked[256];
    const struct inspected *inspected = judge_calmly(&stories[_i], asked, sizeof asked);
    if (inspected->class == CLASS_HIDDEN_BY_PROXY) {
        const struct evidence *evidence = &inspected->evidence;
        ck_assert_ptr_nonnull(evidence->provider);
        ck_assert_ptr_eq(edge_range_find(&evidence->address), evidence->range);
        const struct fact *shown = evidence->proofs[1].fact;
        ck_assert(name_equal(&shown->probe.name, &inspected->record->name));
        ck_assert(shown->probe.type == RRTYPE_A || shown->probe.type == RRTYPE_AAAA);
    }
}
END_TEST

#define SEEDS 300

START_TEST(trouble_may_weaken_a_verdict_but_never_turns_it)
{
    const struct story *story = &stories[_i];
    unsigned kept = 0;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct rng rng;
        char asked[256];
        rng_seed(&rng, seed, bytes_of_string("trouble"));
        const uint32_t chance = (uint32_t)(rng_below(&rng, 8) * 100000);
        const struct inspected *inspected = judge(story, &rng, chance, asked, sizeof asked);
        const char *verdict = setup_verdict_name(inspected->verdict);
        const char *cause = inspected->cause == NULL ? "none" : inspected->cause->slug;
        const bool same = strcmp(verdict, story->verdict) == 0 &&
                          strcmp(cause, story->cause == NULL ? "none" : story->cause) == 0;
        const bool weaker =
            inspected->class == CLASS_TEMPORARY && inspected->verdict == SETUP_RETRY_LATER;
        ck_assert_msg(same || weaker, "seed %u: %s, %s", (unsigned)seed, verdict, cause);
        kept += same;
        arena_reset(scratch());
    }
    ck_assert_uint_gt(kept, SEEDS / 10);
}
END_TEST

START_TEST(a_full_memory_is_trouble_not_a_verdict)
{
    const struct story *story = find_story("F01 proxied");
    struct plan_record record = story_record(story);
    const struct plan plan = {&record, 1};
    unsigned ended_early = 0;
    for (size_t ceiling = 512; ceiling < 8192; ceiling += 64) {
        struct arena tiny;
        arena_init(&tiny, ceiling);
        struct inspection *inspection = inspection_new(&tiny, &plan, &resolver_only, 7);
        struct probe probe;
        struct canned_reply reply;
        for (unsigned questions = 0; inspection != NULL && inspection_next(inspection, &probe);
             questions++) {
            ck_assert_uint_lt(questions, QUESTIONS_MOST);
            story_reply(story, &probe.name, probe.type, &reply);
            inspection_take_reply(inspection, &probe, &reply.message);
        }
        if (inspection != NULL && inspection->records[0].class == CLASS_TEMPORARY) {
            ck_assert_int_eq(inspection->verdict, SETUP_RETRY_LATER);
            ended_early++;
        } else if (inspection != NULL) {
            ck_assert_int_eq(inspection->verdict, SETUP_DECLINED);
        }
        arena_free(&tiny);
    }
    ck_assert_uint_gt(ended_early, 10);
}
END_TEST

static const struct together {
    const char *name;
    const char *stories[3];
    const char *verdict;
} togethers[] = {
    {"all well", {"healthy CNAME", "healthy return path", NULL}, "verified"},
    {"one proxied", {"healthy return path", "F01 proxied", "healthy NS"}, "declined"},
    {"one in trouble", {"SERVFAIL", "healthy return path", NULL}, "retry-later"},
    {"declined outweighs trouble",
     {"SERVFAIL", "F03 proxied return path", "healthy NS"},
     "declined"},
};

START_TEST(one_declined_record_declines_the_plan)
{
    struct plan_record records[3];
    struct plan plan = {records, 0};
    const struct together *row = &togethers[_i];
    while (plan.count < 3 && row->stories[plan.count] != NULL) {
        records[plan.count] = story_record(find_story(row->stories[plan.count]));
        plan.count++;
    }
    struct inspection *inspection = inspection_new(scratch(), &plan, &resolver_only, 7);
    struct probe probe;
    struct canned_reply reply;
    while (inspection_next(inspection, &probe)) {
        ck_assert_int_ne(inspection->verdict, SETUP_VERIFIED); /* not before all are judged */
        story_reply(find_story(row->stories[inspection->judged]), &probe.name, probe.type, &reply);
        inspection_take_reply(inspection, &probe, &reply.message);
    }
    ck_assert_uint_eq(inspection->judged, plan.count);
    ck_assert_str_eq(setup_verdict_name(inspection->verdict), row->verdict);
}
END_TEST

/* Nobody waits for the record before: all that is open may be asked at once, each question once. */
START_TEST(records_are_asked_about_together)
{
    struct plan_record records[3];
    const struct plan plan = {records, 3};
    struct probe wanted[WANTED_MAX];
    records[0] = story_record(find_story("F01 proxied"));
    records[1] = story_record(find_story("healthy return path"));
    records[2] = records[0];
    struct inspection *inspection = inspection_new(scratch(), &plan, &resolver_only, 7);
    ck_assert_uint_eq(inspection_wants(inspection, wanted, WANTED_MAX), 2);
    ck_assert(name_equal(&wanted[0].name, &records[0].name));
    ck_assert(name_equal(&wanted[1].name, &records[1].name));
    ck_assert_uint_eq(inspection_wants(inspection, wanted, 1), 1);
    ck_assert(name_equal(&wanted[0].name, &records[0].name));
}
END_TEST

static void take_story(struct inspection *inspection, const struct story *story,
                       const struct probe *probe)
{
    struct canned_reply reply;
    story_reply(story, &probe->name, probe->type, &reply);
    inspection_take_reply(inspection, probe, &reply.message);
}

/* A question that has to be put again holds up nothing but the verdict. */
START_TEST(what_is_late_is_not_waited_for)
{
    const struct story *story = find_story("F23 no such name");
    struct plan_record record = story_record(story);
    const struct plan plan = {&record, 1};
    struct probe wanted[WANTED_MAX];
    struct inspection *inspection = inspection_new(scratch(), &plan, &resolver_only, 7);
    for (unsigned i = 0; i < 3; i++) {
        ck_assert_uint_eq(inspection_wants(inspection, wanted, WANTED_MAX), 1);
        take_story(inspection, story, &wanted[0]);
    }
    ck_assert_uint_eq(inspection_wants(inspection, wanted, WANTED_MAX), 1);
    const struct probe late = wanted[0];
    inspection_note_late(inspection, &late);
    inspection_note_late(inspection, &late);
    ck_assert_uint_gt(inspection_wants(inspection, wanted, WANTED_MAX), 3);
    ck_assert(probe_equal(&wanted[0], &late));
    for (size_t i = 1; i < 3; i++) {
        take_story(inspection, story, &wanted[i]);
    }
    ck_assert_uint_eq(inspection->judged, 0);
    take_story(inspection, story, &late);
    ck_assert_uint_eq(inspection_wants(inspection, wanted, WANTED_MAX), 1);
}
END_TEST

/* Of several servers that know the same, another is asked beside one that is late. */
START_TEST(another_server_is_asked_beside_a_late_one)
{
    const struct address roots[] = {{ADDRESS_V4, {192, 0, 2, 1}}, {ADDRESS_V4, {192, 0, 2, 2}}};
    const struct vantage servers_only = {.roots = roots, .root_count = 2, .v4 = true};
    struct plan_record record = story_record(find_story("F23 no such name"));
    const struct plan plan = {&record, 1};
    struct probe wanted[WANTED_MAX];
    struct inspection *inspection = inspection_new(scratch(), &plan, &servers_only, 7);
    ck_assert_uint_eq(inspection_wants(inspection, wanted, WANTED_MAX), 1);
    ck_assert(address_equal(&wanted[0].server, &roots[0]));
    inspection_note_late(inspection, &wanted[0]);
    ck_assert_uint_eq(inspection_wants(inspection, wanted, WANTED_MAX), 1);
    ck_assert(address_equal(&wanted[0].server, &roots[1]));
}
END_TEST

START_TEST(proxied_is_told_with_address_range_and_fix)
{
    char asked[256];
    char line[1024];
    const struct inspected *inspected =
        judge_calmly(find_story("F01 proxied"), asked, sizeof asked);
    struct text text = text_in(line, sizeof line);
    inspected_put(&text, inspected);
    ck_assert_str_eq(line, "declined: hidden-by-proxy, cause proxied (F01)");
    text = text_in(line, sizeof line);
    inspected_why_put(&text, inspected);
    ck_assert_str_eq(line, "The name answers with addresses of a proxy, which hides the CNAME and "
                           "everything behind it. 104.24.111.210 lies in Cloudflare's "
                           "104.24.0.0/14.");
    text = text_in(line, sizeof line);
    inspected_fix_put(&text, inspected);
    ck_assert_str_eq(line, "Turn the proxy off for this record, so that the DNS shows the CNAME "
                           "itself. At Cloudflare: set the record's proxy status to \"DNS only\" "
                           "(grey cloud). Caches may keep the old answer for 1800 s.");
    text = text_in(line, sizeof line);
    fact_put(&text, inspected->evidence.proofs[1].fact);
    ck_assert_str_eq(line, "A k1._domainkey.c.example.: NOERROR, 104.24.111.210 (Cloudflare), "
                           "172.67.170.80 (Cloudflare)");
}
END_TEST

static void add_stories(Suite *suite, const TTest *test)
{
    support_add_rows(suite, test, &stories[0].name, sizeof stories[0], story_count);
}

Suite *test_suite(void)
{
    Suite *suite = suite_create("inspection");
    add_stories(suite, verdict_class_cause);
    add_stories(suite, proofs_are_there_and_can_be_told);
    add_stories(suite, a_proxy_is_named_only_with_its_address_in_hand);
    add_stories(suite, trouble_may_weaken_a_verdict_but_never_turns_it);
    add_rows(suite, one_declined_record_declines_the_plan, togethers);
    add_test(suite, records_are_asked_about_together);
    add_test(suite, what_is_late_is_not_waited_for);
    add_test(suite, another_server_is_asked_beside_a_late_one);
    add_test(suite, a_full_memory_is_trouble_not_a_verdict);
    add_test(suite, proxied_is_told_with_address_range_and_fix);
    return suite;
}

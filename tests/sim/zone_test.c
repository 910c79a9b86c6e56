/* Looking names up in a zone: RFC 1034 4.3.2, 4592, 6672, 8020, 2308. */
#include "sim/zone.h"

#include <stdio.h>

#include "tests/sim/stage.h"
#include "tests/support/support.h"
#include "wire/rrtype.h"

/* RFC 4592 2.2.1's own zone, with cuts, a DNAME and customers' mistakes added. */
static const char lines[] = "@ 3600 SOA ns1 hostmaster 1 7200 3600 1209600 900\n"
                            "@ 3600 NS ns1\n"
                            "@ 3600 NS ns.elsewhere.test.\n"
                            "ns1 3600 A 192.0.2.53\n"
                            "*.wild 300 TXT this is a wildcard\n"
                            "*.wild 300 MX 10 host1\n"
                            "sub.*.wild 300 TXT this is not a wildcard\n"
                            "host1.wild 300 A 192.0.2.1\n"
                            "_ssh._tcp.host1.wild 300 TXT srv\n"
                            "_ssh._tcp.host2.wild 300 TXT srv\n"
                            "*.alias 300 CNAME www\n"
                            "a.*.empty 300 A 192.0.2.9\n"
                            "www 300 A 192.0.2.80\n"
                            "k1._domainkey 300 CNAME k1.esp.test.\n"
                            "both 300 CNAME other\n"
                            "both 300 TXT own text\n"
                            "sub 300 NS ns.sub\n"
                            "sub 300 DS 1 13 2 abcd\n"
                            "ns.sub 300 A 192.0.2.99\n"
                            "*.sub 300 TXT occluded\n"
                            "nods 300 NS ns.sub\n"
                            "below.cut.sub 300 NS ns.sub\n"
                            "old 300 DNAME new.test.\n"
                            "old 300 TXT own\n"
                            "x.old 300 A 192.0.2.7\n";

static const struct row {
    const char *name;
    const char *qname;
    uint16_t type;
    enum zone_outcome outcome;
    const char *source;   /* NULL: none, or not looked at */
    const char *encloser; /* NULL: not looked at */
    bool wildcard, empty;
} rows[] = {
    {"finds_the_type", "www.example.", RRTYPE_A, ZONE_ANSWER, "www.example.", "www.example.", 0, 0},
    {"ignores_case", "WWW.eXample.", RRTYPE_A, ZONE_ANSWER, "www.example.", NULL, 0, 0},
    {"apex_answers_soa", "example.", RRTYPE_SOA, ZONE_ANSWER, "example.", "example.", 0, 0},
    {"apex_ns_is_no_cut", "example.", RRTYPE_NS, ZONE_ANSWER, "example.", NULL, 0, 0},
    {"nodata_where_type_is_missing", "www.example.", RRTYPE_TXT, ZONE_NODATA, "www.example.", NULL,
     0, 0},
    {"nxdomain_where_name_is_missing", "nope.example.", RRTYPE_A, ZONE_NXDOMAIN, NULL, "example.",
     0, 0},
    {"nxdomain_below_a_leaf", "a.b.www.example.", RRTYPE_A, ZONE_NXDOMAIN, NULL, "www.example.", 0,
     0},
    {"outside_is_outside", "example.com.", RRTYPE_A, ZONE_OUTSIDE, NULL, NULL, 0, 0},
    {"above_is_outside", ".", RRTYPE_NS, ZONE_OUTSIDE, NULL, NULL, 0, 0},
    {"same_suffix_of_letters_is_outside", "notexample.", RRTYPE_A, ZONE_OUTSIDE, NULL, NULL, 0, 0},
    /* RFC 8020, 4592 2.2.2 */
    {"empty_non_terminal_is_nodata", "_domainkey.example.", RRTYPE_TXT, ZONE_NODATA,
     "_domainkey.example.", NULL, 0, 1},
    {"empty_non_terminal_has_no_any", "_domainkey.example.", RRTYPE_ANY, ZONE_NODATA, NULL, NULL, 0,
     1},
    /* CNAME */
    {"cname_stands_for_other_types", "k1._domainkey.example.", RRTYPE_TXT, ZONE_CNAME,
     "k1._domainkey.example.", NULL, 0, 0},
    {"cname_answers_cname", "k1._domainkey.example.", RRTYPE_CNAME, ZONE_ANSWER, NULL, NULL, 0, 0},
    {"cname_answers_any", "k1._domainkey.example.", RRTYPE_ANY, ZONE_ANSWER, NULL, NULL, 0, 0},
    {"cname_is_not_followed_for_nsec", "k1._domainkey.example.", RRTYPE_NSEC, ZONE_NODATA, NULL,
     NULL, 0, 0},
    {"own_data_beside_cname_is_served", "both.example.", RRTYPE_TXT, ZONE_ANSWER, NULL, NULL, 0, 0},
    {"cname_beside_data_for_the_rest", "both.example.", RRTYPE_A, ZONE_CNAME, NULL, NULL, 0, 0},
    /* RFC 4592 2.2.1 and 4.2 to 4.8 */
    {"wildcard_answers", "host3.wild.example.", RRTYPE_MX, ZONE_ANSWER, "*.wild.example.",
     "wild.example.", 1, 0},
    {"wildcard_nodata", "host3.wild.example.", RRTYPE_A, ZONE_NODATA, "*.wild.example.", NULL, 1,
     0},
    {"wildcard_covers_deeper_names", "foo.bar.wild.example.", RRTYPE_TXT, ZONE_ANSWER,
     "*.wild.example.", "wild.example.", 1, 0},
    {"existing_name_is_not_covered", "host1.wild.example.", RRTYPE_MX, ZONE_NODATA,
     "host1.wild.example.", NULL, 0, 0},
    {"name_below_existing_name_is_not_covered", "x.host1.wild.example.", RRTYPE_TXT, ZONE_NXDOMAIN,
     NULL, "host1.wild.example.", 0, 0},
    {"empty_non_terminal_blocks_wildcard", "host2.wild.example.", RRTYPE_TXT, ZONE_NODATA,
     "host2.wild.example.", NULL, 0, 1},
    {"name_below_empty_non_terminal_is_not_covered", "_telnet._tcp.host2.wild.example.", RRTYPE_TXT,
     ZONE_NXDOMAIN, NULL, "_tcp.host2.wild.example.", 0, 0},
    {"wildcard_itself_can_be_asked", "*.wild.example.", RRTYPE_TXT, ZONE_ANSWER, "*.wild.example.",
     "*.wild.example.", 0, 0},
    {"name_below_a_wildcard_exists", "sub.*.wild.example.", RRTYPE_TXT, ZONE_ANSWER,
     "sub.*.wild.example.", NULL, 0, 0},
    {"asterisk_inside_is_no_wildcard", "ghost.*.wild.example.", RRTYPE_TXT, ZONE_NXDOMAIN, NULL,
     "*.wild.example.", 0, 0},
    {"empty_wildcard_gives_nodata", "x.empty.example.", RRTYPE_A, ZONE_NODATA, "*.empty.example.",
     "empty.example.", 1, 1},
    {"wildcard_cname", "x.alias.example.", RRTYPE_TXT, ZONE_CNAME, "*.alias.example.",
     "alias.example.", 1, 0},
    {"wildcard_cname_answers_cname", "x.alias.example.", RRTYPE_CNAME, ZONE_ANSWER,
     "*.alias.example.", NULL, 1, 0},
    /* cuts */
    {"cut_refers", "sub.example.", RRTYPE_A, ZONE_REFERRAL, NULL, "sub.example.", 0, 0},
    {"cut_refers_for_ns_too", "sub.example.", RRTYPE_NS, ZONE_REFERRAL, NULL, NULL, 0, 0},
    {"below_cut_refers", "a.b.sub.example.", RRTYPE_A, ZONE_REFERRAL, NULL, "sub.example.", 0, 0},
    {"glue_is_below_the_cut", "ns.sub.example.", RRTYPE_A, ZONE_REFERRAL, NULL, "sub.example.", 0,
     0},
    {"wildcard_below_cut_is_dead", "x.sub.example.", RRTYPE_TXT, ZONE_REFERRAL, NULL,
     "sub.example.", 0, 0},
    {"topmost_cut_refers", "x.below.cut.sub.example.", RRTYPE_A, ZONE_REFERRAL, NULL,
     "sub.example.", 0, 0},
    {"ds_is_the_parents", "sub.example.", RRTYPE_DS, ZONE_ANSWER, "sub.example.", NULL, 0, 0},
    {"missing_ds_is_the_parents_too", "nods.example.", RRTYPE_DS, ZONE_NODATA, "nods.example.",
     NULL, 0, 0},
    {"ds_below_cut_refers", "x.sub.example.", RRTYPE_DS, ZONE_REFERRAL, NULL, NULL, 0, 0},
    /* RFC 6672 */
    {"dname_redirects_below", "a.old.example.", RRTYPE_TXT, ZONE_DNAME, NULL, "old.example.", 0, 0},
    {"dname_owner_answers_itself", "old.example.", RRTYPE_TXT, ZONE_ANSWER, "old.example.", NULL, 0,
     0},
    {"dname_owner_answers_dname", "old.example.", RRTYPE_DNAME, ZONE_ANSWER, NULL, NULL, 0, 0},
    {"dname_owner_is_not_redirected", "old.example.", RRTYPE_A, ZONE_NODATA, NULL, NULL, 0, 0},
    {"data_below_dname_is_hidden", "x.old.example.", RRTYPE_A, ZONE_DNAME, NULL, "old.example.", 0,
     0},
};

static void check_name(const struct name *name, const char *expected)
{
    ck_assert_ptr_nonnull(name);
    const struct name wanted = stage_name(expected);
    ck_assert(name_equal(name, &wanted));
}

START_TEST(looks_up)
{
    const struct row *row = &rows[_i];
    struct arena arena;
    arena_init(&arena, 1 << 20);
    const struct zone *zone = stage_make_zone(&arena, "example.", lines);
    const struct name qname = stage_name(row->qname);
    struct zone_found found;
    zone_look_up(zone, &qname, row->type, &found);
    ck_assert_int_eq(found.outcome, row->outcome);
    ck_assert_int_eq(found.wildcard, row->wildcard);
    ck_assert_int_eq(found.empty_non_terminal, row->empty);
    if (row->source != NULL) {
        check_name(found.source, row->source);
    }
    if (row->encloser != NULL) {
        check_name(found.encloser, row->encloser);
    }
    const bool has_rrset = row->outcome <= ZONE_REFERRAL;
    ck_assert_int_eq(found.rrset != NULL, has_rrset);
    arena_free(&arena);
}
END_TEST

START_TEST(negative_ttl_is_the_lesser_of_soa_ttl_and_minimum)
{
    struct arena arena;
    arena_init(&arena, 1 << 20);
    const struct zone *by_minimum = stage_make_zone(&arena, "a.", "@ 3600 SOA n. h. 1 2 3 4 900");
    const struct zone *by_ttl = stage_make_zone(&arena, "a.", "@ 60 SOA n. h. 1 2 3 4 900");
    const struct zone *without = stage_make_zone(&arena, "a.", "@ 60 A 192.0.2.1");
    ck_assert_uint_eq(zone_negative_ttl(by_minimum), 900);
    ck_assert_uint_eq(zone_negative_ttl(by_ttl), 60);
    ck_assert_uint_eq(zone_negative_ttl(without), 0);
    ck_assert_ptr_null(zone_soa(without));
    arena_free(&arena);
}
END_TEST

START_TEST(rrset_keeps_order_drops_duplicates_and_takes_least_ttl)
{
    struct arena arena;
    arena_init(&arena, 1 << 20);
    const struct zone *zone = stage_make_zone(&arena, "a.",
                                              "w 300 A 192.0.2.3\nw 60 A 192.0.2.1\n"
                                              "W 900 A 192.0.2.3\nw 300 A 192.0.2.2");
    const struct name owner = stage_name("w.a.");
    const struct rrset *rrset = zone_rrset(zone, &owner, RRTYPE_A);
    ck_assert_ptr_nonnull(rrset);
    ck_assert_uint_eq(rrset->count, 3);
    ck_assert_uint_eq(rrset->ttl, 60);
    ck_assert_uint_eq(rrset->rdata[0].data[3], 3);
    ck_assert_uint_eq(rrset->rdata[1].data[3], 1);
    ck_assert_uint_eq(rrset->rdata[2].data[3], 2);
    arena_free(&arena);
}
END_TEST

START_TEST(walks_rrsets_in_canonical_order_of_owners)
{
    static const char *const expected[] = {"example.",     "example.",     "a.example.",
                                           "b.a.example.", "*.z.example.", "zz.example."};
    struct arena arena;
    arena_init(&arena, 1 << 20);
    const struct zone *zone =
        stage_make_zone(&arena, "example.",
                        "zz 1 A 192.0.2.1\n*.z 1 A 192.0.2.1\nb.a 1 A 192.0.2.1\n"
                        "A 1 A 192.0.2.1\n@ 1 A 192.0.2.1\n@ 1 TXT x");
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        const struct rrset *rrset = zone_rrset_at(zone, i);
        ck_assert_ptr_nonnull(rrset);
        check_name(rrset->owner, expected[i]);
    }
    ck_assert_ptr_null(zone_rrset_at(zone, COUNT_OF(expected)));
    arena_free(&arena);
}
END_TEST

START_TEST(root_zone_holds_every_name)
{
    struct arena arena;
    arena_init(&arena, 1 << 20);
    const struct zone *zone =
        stage_make_zone(&arena, ".", "com 60 NS ns.com.\nns.com 60 A 192.0.2.1");
    const struct name deep = stage_name("a.b.c.com.");
    const struct name other = stage_name("a.b.c.net.");
    struct zone_found found;
    zone_look_up(zone, &deep, RRTYPE_A, &found);
    ck_assert_int_eq(found.outcome, ZONE_REFERRAL);
    zone_look_up(zone, &other, RRTYPE_A, &found);
    ck_assert_int_eq(found.outcome, ZONE_NXDOMAIN);
    arena_free(&arena);
}
END_TEST

START_TEST(refuses_owner_outside_the_zone)
{
    struct arena arena;
    arena_init(&arena, 1 << 20);
    const struct name apex = stage_name("example.");
    const struct name owner = stage_name("example.com.");
    struct zone *zone = zone_new(&arena, &apex);
    const uint8_t octets[4] = {192, 0, 2, 1};
    const struct rr rr = {&owner, RRTYPE_A, RRCLASS_IN, 60, bytes_of(octets, 4)};
    const char *why = NULL;
    ck_assert(!zone_add(zone, &rr, &why));
    ck_assert_str_eq(why, "the owner name is outside the zone");
    arena_free(&arena);
}
END_TEST

static struct name numbered_name(size_t number)
{
    char text[64];
    struct text out = text_in(text, sizeof text);
    text_put_format(&out, "h%zu.d%zu.example.", number, number % 7);
    return stage_name(text);
}

START_TEST(finds_each_of_many_names)
{
    enum { MANY = 3000 };
    struct arena arena;
    arena_init(&arena, 64 << 20);
    const struct name apex = stage_name("example.");
    struct zone *zone = zone_new(&arena, &apex);
    for (size_t i = 0; i < MANY; i++) {
        const struct name owner = numbered_name(i);
        const uint8_t octets[4] = {10, 0, (uint8_t)(i >> 8), (uint8_t)i};
        const struct rr rr = {&owner, RRTYPE_A, RRCLASS_IN, 60, bytes_of(octets, 4)};
        const char *why = NULL;
        ck_assert(zone_add(zone, &rr, &why));
    }
    ck_assert(zone_finish(zone));
    for (size_t i = 0; i < MANY; i++) {
        const struct name owner = numbered_name(i);
        struct zone_found found;
        zone_look_up(zone, &owner, RRTYPE_A, &found);
        ck_assert_int_eq(found.outcome, ZONE_ANSWER);
        ck_assert_uint_eq(found.rrset->rdata[0].data[3], (uint8_t)i);
    }
    const struct name missing = numbered_name(MANY);
    struct zone_found found;
    zone_look_up(zone, &missing, RRTYPE_A, &found);
    ck_assert_int_eq(found.outcome, ZONE_NXDOMAIN);
    arena_free(&arena);
}
END_TEST

/* Every way of running out of memory is a refusal, never a crash. */
/* Names that are counted up are what zones of providers are full of. */
START_TEST(hashes_of_numbered_names_differ_in_every_bit)
{
    uint64_t ones[64] = {0};
    for (unsigned i = 0; i < 900; i++) {
        char text[32];
        struct name name;
        struct zone_path path;
        snprintf(text, sizeof text, "host%03u.test.", i);
        ck_assert(name_parse_text(bytes_of_string(text), NULL, &name, NULL));
        zone_path_make(&path, &name);
        for (unsigned bit = 0; bit < 64; bit++) {
            ones[bit] += path.hashes[2] >> bit & 1;
        }
    }
    for (unsigned bit = 0; bit < 64; bit++) {
        ck_assert_msg(ones[bit] > 350 && ones[bit] < 550, "bit %u is set in %lu of 900", bit,
                      (unsigned long)ones[bit]);
    }
}
END_TEST

START_TEST(exhausted_arena_is_reported)
{
    const struct name apex = stage_name("example.");
    const uint8_t octets[4] = {192, 0, 2, 1};
    bool finished = false;
    for (size_t ceiling = 64; !finished; ceiling += 16) {
        ck_assert_uint_lt(ceiling, 100000);
        struct arena arena;
        arena_init(&arena, ceiling);
        struct zone *zone = zone_new(&arena, &apex);
        bool fine = zone != NULL;
        for (size_t i = 0; fine && i < 20; i++) {
            const struct name owner = numbered_name(i);
            const struct rr rr = {&owner, RRTYPE_A, RRCLASS_IN, 60, bytes_of(octets, 4)};
            const char *why = NULL;
            fine = zone_add(zone, &rr, &why);
            ck_assert(fine || strcmp(why, "no memory is left") == 0);
        }
        finished = fine && zone_finish(zone);
        arena_free(&arena);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("zone");
    add_rows(suite, looks_up, rows);
    add_test(suite, negative_ttl_is_the_lesser_of_soa_ttl_and_minimum);
    add_test(suite, rrset_keeps_order_drops_duplicates_and_takes_least_ttl);
    add_test(suite, walks_rrsets_in_canonical_order_of_owners);
    add_test(suite, root_zone_holds_every_name);
    add_test(suite, refuses_owner_outside_the_zone);
    add_test(suite, finds_each_of_many_names);
    add_test(suite, hashes_of_numbered_names_differ_in_every_bit);
    add_test(suite, exhausted_arena_is_reported);
    return suite;
}

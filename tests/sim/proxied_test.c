/* A proxied name, answer by answer. */
#include <stdio.h>
#include <string.h>

#include "sim/synth.h"
#include "tests/sim/stage.h"
#include "tests/support/support.h"

#define SOA                                                                                        \
    "example.com. 1800 IN SOA mia.ns.cloudflare.com. dns.cloudflare.com. 2392502268 10000 2400 "   \
    "604800 1800"

/* The article's customer, as its provider keeps the zone. */
static const char article[] =
    "@ 1800 SOA mia.ns.cloudflare.com. dns.cloudflare.com. 2392502268 10000 2400 604800 1800\n"
    "@ 86400 NS mia.ns.cloudflare.com.\n"
    "@ 86400 NS todd.ns.cloudflare.com.\n"
    "cs1._domainkey 300 CNAME cs1.domainkey.coresender.net.\n"
    "own._domainkey 300 CNAME own.domainkey.coresender.net.\n"
    "own._domainkey 300 TXT v=DKIM1; p=OWN\n"
    "bounce 300 CNAME bounce.coresender.net.\n"
    "bounce 300 MX 10 mx.example.com.\n"
    "open._domainkey 300 CNAME open.domainkey.coresender.net.\n"
    "*.wild 300 CNAME web.coresender.net.\n"
    "specific.wild 300 TXT mine\n"
    "sub 300 NS ns.other.test.\n";

static const char esp[] = "@ 300 SOA n. h. 1 2 3 4 5\n"
                          "cs1.domainkey 300 TXT v=DKIM1; p=KEY\n"
                          "open.domainkey 300 TXT v=DKIM1; p=KEY\n";

/* The three addresses of each family that the article's customer saw. */
static const char override[] =
    "names: cs1._domainkey, own._domainkey, bounce, *.wild, sub, new.deep._domainkey; "
    "ipv4: 104.24.111.210, 172.67.170.80, 104.24.110.210; "
    "ipv6: 2606:4700:3034::6818:6fd2, 2606:4700:3036::ac43:aa50, 2606:4700:3031::6818:6ed2";

static const struct row {
    const char *name;
    const char *question;
    const char *reply;
} rows[] = {
    {"a_shows_the_proxy", "cs1._domainkey.example.com. A",
     "NOERROR aa opt\n"
     "AN cs1._domainkey.example.com. 300 IN A 104.24.111.210\n"
     "AN cs1._domainkey.example.com. 300 IN A 172.67.170.80\n"
     "AN cs1._domainkey.example.com. 300 IN A 104.24.110.210"},
    {"aaaa_shows_the_proxy", "cs1._domainkey.example.com. AAAA",
     "NOERROR aa opt\n"
     "AN cs1._domainkey.example.com. 300 IN AAAA 2606:4700:3034::6818:6fd2\n"
     "AN cs1._domainkey.example.com. 300 IN AAAA 2606:4700:3036::ac43:aa50\n"
     "AN cs1._domainkey.example.com. 300 IN AAAA 2606:4700:3031::6818:6ed2"},
    {"https_is_made_up", "cs1._domainkey.example.com. HTTPS",
     "NOERROR aa opt\n"
     "AN cs1._domainkey.example.com. 300 IN HTTPS 1 . alpn=\"h3,h2\" "
     "ipv4hint=104.24.111.210,172.67.170.80,104.24.110.210 "
     "ipv6hint=2606:4700:3034::6818:6fd2,2606:4700:3036::ac43:aa50,2606:4700:3031::6818:6ed2"},
    {"txt_is_nodata", "cs1._domainkey.example.com. TXT", "NOERROR aa opt\nNS " SOA},
    {"cname_is_nodata", "cs1._domainkey.example.com. CNAME", "NOERROR aa opt\nNS " SOA},
    {"mx_is_nodata", "cs1._domainkey.example.com. MX", "NOERROR aa opt\nNS " SOA},
    {"soa_is_nodata", "cs1._domainkey.example.com. SOA", "NOERROR aa opt\nNS " SOA},
    {"ns_is_nodata", "cs1._domainkey.example.com. NS", "NOERROR aa opt\nNS " SOA},
    {"svcb_is_nodata", "cs1._domainkey.example.com. SVCB", "NOERROR aa opt\nNS " SOA},
    {"any_is_hinfo", "cs1._domainkey.example.com. ANY",
     "NOERROR aa opt ede=21\nAN cs1._domainkey.example.com. 3600 IN HINFO \"RFC8482\" \"\""},
    {"case_is_kept", "CS1._DomainKey.example.COM. A",
     "NOERROR aa opt\n"
     "AN CS1._DomainKey.example.COM. 300 IN A 104.24.111.210\n"
     "AN CS1._DomainKey.example.COM. 300 IN A 172.67.170.80\n"
     "AN CS1._DomainKey.example.COM. 300 IN A 104.24.110.210"},
    {"own_txt_is_served", "own._domainkey.example.com. TXT",
     "NOERROR aa opt\nAN own._domainkey.example.com. 300 IN TXT \"v=DKIM1; p=OWN\""},
    {"own_mx_is_served", "bounce.example.com. MX",
     "NOERROR aa opt\nAN bounce.example.com. 300 IN MX 10 mx.example.com."},
    {"bounce_loses_the_rest", "bounce.example.com. TXT", "NOERROR aa opt\nNS " SOA},
    {"dns_only_name_is_shown", "open._domainkey.example.com. TXT",
     "NOERROR aa opt\nAN open._domainkey.example.com. 300 IN CNAME "
     "open.domainkey.coresender.net.\n"
     "AN open.domainkey.coresender.net. 300 IN TXT \"v=DKIM1; p=KEY\""},
    {"wildcard_covers_any_name", "x.y.wild.example.com. A",
     "NOERROR aa opt\n"
     "AN x.y.wild.example.com. 300 IN A 104.24.111.210\n"
     "AN x.y.wild.example.com. 300 IN A 172.67.170.80\n"
     "AN x.y.wild.example.com. 300 IN A 104.24.110.210"},
    {"wildcard_hides_txt", "x.wild.example.com. TXT", "NOERROR aa opt\nNS " SOA},
    {"specific_record_stops_the_wildcard", "specific.wild.example.com. A",
     "NOERROR aa opt\nNS " SOA},
    {"specific_record_is_served", "specific.wild.example.com. TXT",
     "NOERROR aa opt\nAN specific.wild.example.com. 300 IN TXT \"mine\""},
    {"wildcard_stops_below_a_specific_record", "x.specific.wild.example.com. A",
     "NXDOMAIN aa opt\nNS " SOA},
    {"delegated_name_is_not_the_providers", "sub.example.com. A",
     "NOERROR opt\nNS sub.example.com. 300 IN NS ns.other.test."},
    {"name_without_a_record_is_proxied_all_the_same", "new.deep._domainkey.example.com. TXT",
     "NOERROR aa opt\nNS " SOA},
    {"its_ancestor_is_an_empty_non_terminal", "deep._domainkey.example.com. TXT",
     "NOERROR aa opt\nNS " SOA},
    {"its_sibling_does_not_exist", "other.deep._domainkey.example.com. TXT",
     "NXDOMAIN aa opt\nNS " SOA},
    {"parent_label_is_an_empty_non_terminal", "_domainkey.example.com. TXT",
     "NOERROR aa opt\nNS " SOA},
    {"random_sibling_does_not_exist", "zz9._domainkey.example.com. TXT",
     "NXDOMAIN aa opt\nNS " SOA},
    {"apex_is_untouched", "example.com. NS",
     "NOERROR aa opt\nAN example.com. 86400 IN NS mia.ns.cloudflare.com.\n"
     "AN example.com. 86400 IN NS todd.ns.cloudflare.com."},
};

static void open_article(struct stage *stage, const char *params)
{
    stage_open(stage);
    struct stage_zone *zone = stage_serve(stage, "example.com.", article);
    stage_serve(stage, "coresender.net.", esp);
    stage_behave(stage, zone, "cloudflare", "proxied", params);
}

START_TEST(answers_as_the_article_saw)
{
    static struct stage stage;
    open_article(&stage, override);
    ck_assert_str_eq(stage_ask(&stage, rows[_i].question), rows[_i].reply);
    stage_close(&stage);
}
END_TEST

START_TEST(key_is_found_when_the_proxy_is_off)
{
    static struct stage stage;
    open_article(&stage, "names: open._domainkey");
    ck_assert_str_eq(stage_ask(&stage, "cs1._domainkey.example.com. TXT"),
                     "NOERROR aa opt\nAN cs1._domainkey.example.com. 300 IN CNAME "
                     "cs1.domainkey.coresender.net.\n"
                     "AN cs1.domainkey.coresender.net. 300 IN TXT \"v=DKIM1; p=KEY\"");
    stage_close(&stage);
}
END_TEST

/* --- the profiles' own addresses --- */

static const char plain[] = "@ 1800 SOA n. h. 1 2 3 4 1800\nk 300 CNAME k.esp.test.\n";

static const struct profile_row {
    const char *name;
    const char *provider;
    const char *params;
    const char *question;
    const char *reply; /* as far as it goes */
    unsigned records;  /* of the answer section */
} profile_rows[] = {
    {"cloudflare_gives_two_a", "cloudflare", "names: k", "k.a.test. A",
     "NOERROR aa opt\nAN k.a.test. 300 IN A 104.21.", 2},
    {"cloudflare_gives_two_aaaa", "cloudflare", "names: k", "k.a.test. AAAA",
     "NOERROR aa opt\nAN k.a.test. 300 IN AAAA 2606:4700:303", 2},
    {"cloudflare_is_the_default", NULL, "names: k", "k.a.test. A",
     "NOERROR aa opt\nAN k.a.test. 300 IN A 104.21.", 2},
    {"older_cloudflare_is_proxied_the_same", "cloudflare@2017", "names: k", "k.a.test. A",
     "NOERROR aa opt\nAN k.a.test. 300 IN A 104.21.", 2},
    {"akamai_gives_edge_addresses", "akamai", "names: k", "k.a.test. A",
     "NOERROR aa opt\nAN k.a.test. 20 IN A 23.", 2},
    {"akamai_gives_edge_addresses_v6", "akamai", "names: k", "k.a.test. AAAA",
     "NOERROR aa opt\nAN k.a.test. 20 IN AAAA 2600:14", 2},
    {"akamai_has_no_https", "akamai", "names: k", "k.a.test. HTTPS", "NOERROR aa opt\nNS a.test.",
     0},
    {"akamai_hides_txt", "akamai", "names: k", "k.a.test. TXT", "NOERROR aa opt\nNS a.test.", 0},
    {"akamai_shows_addresses_for_any", "akamai", "names: k", "k.a.test. ANY",
     "NOERROR aa opt\nAN k.a.test. 20 IN A 23.", 4},
    {"imperva_gives_one_a", "imperva", "names: k", "k.a.test. A",
     "NOERROR aa opt\nAN k.a.test. 30 IN A 45.60.", 1},
    {"imperva_has_no_aaaa", "imperva", "names: k", "k.a.test. AAAA", "NOERROR aa opt\nNS a.test.",
     0},
    {"incapsula_is_imperva", "incapsula", "names: k", "k.a.test. A",
     "NOERROR aa opt\nAN k.a.test. 30 IN A 45.60.", 1},
    {"sucuri_gives_one_a", "sucuri", "names: k", "k.a.test. A",
     "NOERROR aa opt\nAN k.a.test. 300 IN A 192.124.249.", 1},
    {"sucuri_hides_cname", "sucuri", "names: k", "k.a.test. CNAME", "NOERROR aa opt\nNS a.test.",
     0},
    {"profile_may_differ_from_provider", "cloudflare", "names: k; profile: sucuri", "k.a.test. A",
     "NOERROR aa opt\nAN k.a.test. 300 IN A 192.124.249.", 1},
    {"profile_incapsula_is_imperva", NULL, "names: k; profile: incapsula", "k.a.test. A",
     "NOERROR aa opt\nAN k.a.test. 30 IN A 45.60.", 1},
    {"given_ipv4_is_embedded", "cloudflare", "names: k; ipv4: 104.21.1.2", "k.a.test. AAAA",
     "NOERROR aa opt\nAN k.a.test. 300 IN AAAA 2606:4700:303", 1},
    {"ttl_can_be_given", "cloudflare", "names: k; ttl: 60", "k.a.test. A",
     "NOERROR aa opt\nAN k.a.test. 60 IN A 104.21.", 2},
    {"https_can_be_turned_off", "cloudflare", "names: k; https: false", "k.a.test. HTTPS",
     "NOERROR aa opt\nNS a.test.", 0},
    {"all_means_every_name", "cloudflare", "names: all", "k.a.test. A",
     "NOERROR aa opt\nAN k.a.test. 300 IN A 104.21.", 2},
    {"all_does_not_invent_names", "cloudflare", "names: all", "nope.a.test. A",
     "NXDOMAIN aa opt\nNS a.test.", 0},
    {"no_names_no_change", "cloudflare", "names:", "k.a.test. TXT",
     "NOERROR aa opt\nAN k.a.test. 300 IN CNAME k.esp.test.", 1},
    {"wildcard_needs_no_record", "cloudflare", "names: *", "x.y.a.test. A",
     "NOERROR aa opt\nAN x.y.a.test. 300 IN A 104.21.", 2},
};

static unsigned count_answers(const char *reply)
{
    unsigned count = 0;
    for (const char *at = reply; (at = strstr(at, "\nAN ")) != NULL; at++) {
        count++;
    }
    return count;
}

START_TEST(plays_the_profile)
{
    static struct stage stage;
    const struct profile_row *row = &profile_rows[_i];
    stage_open(&stage);
    struct stage_zone *zone = stage_serve(&stage, "a.test.", plain);
    stage_behave(&stage, zone, row->provider, "proxied", row->params);
    const char *reply = stage_ask(&stage, row->question);
    ck_assert_msg(strncmp(reply, row->reply, strlen(row->reply)) == 0, "%s", reply);
    ck_assert_uint_eq(count_answers(reply), row->records);
    stage_close(&stage);
}
END_TEST

/* The first record's RDATA of the reply to `question`. */
static void first_address(struct stage *stage, const char *question, char ret[64])
{
    const char *at = strstr(stage_ask(stage, question), " IN A ");
    ck_assert_ptr_nonnull(at);
    const size_t size = strcspn(at, "\n");
    ck_assert_uint_lt(size, 64);
    memcpy(ret, at, size);
    ret[size] = '\0';
}

START_TEST(addresses_depend_on_the_zone_alone)
{
    static struct stage stage;
    stage_open(&stage);
    struct stage_zone *zone = stage_serve(&stage, "a.test.", plain);
    stage_behave(&stage, zone, "cloudflare", "proxied", "names: *");
    struct stage_zone *other = stage_serve(&stage, "b.test.", plain);
    stage_behave(&stage, other, "cloudflare", "proxied", "names: *");
    char first[64];
    char second[64];
    first_address(&stage, "x.a.test. A", first);
    first_address(&stage, "y.A.test. A", second);
    ck_assert_str_eq(first, second);
    first_address(&stage, "x.b.test. A", second);
    ck_assert_str_ne(first, second);
    stage_close(&stage);
}
END_TEST

START_TEST(low_bits_of_aaaa_are_the_a)
{
    static struct stage stage;
    stage_open(&stage);
    struct stage_zone *zone = stage_serve(&stage, "a.test.", plain);
    stage_behave(&stage, zone, "cloudflare", "proxied",
                 "names: k; ipv4: 104.21.1.2, 172.67.170.80");
    const char *reply = stage_ask(&stage, "k.a.test. AAAA");
    ck_assert_msg(strstr(reply, "::6815:102\n") != NULL, "%s", reply);
    ck_assert_msg(strstr(reply, "::ac43:aa50") != NULL, "%s", reply);
    stage_close(&stage);
}
END_TEST

START_TEST(ech_stands_between_the_hints)
{
    static struct stage stage;
    stage_open(&stage);
    struct stage_zone *zone = stage_serve(&stage, "a.test.", plain);
    stage_behave(&stage, zone, "cloudflare", "proxied", "names: k; ech: true");
    const char *reply = stage_ask(&stage, "k.a.test. HTTPS");
    const char *ech = strstr(reply, " ech=");
    ck_assert_msg(ech != NULL, "%s", reply);
    ck_assert_ptr_nonnull(strstr(ech, " ipv6hint="));
    ck_assert_ptr_null(strstr(ech, " ipv4hint="));
    stage_close(&stage);
}
END_TEST

/* The lengths inside the ECHConfigList agree with each other. */
START_TEST(ech_is_a_list_of_one_configuration)
{
    struct arena arena;
    arena_init(&arena, 1 << 16);
    const struct bytes ech = synth_ech(&arena, "cloudflare-ech.com");
    ck_assert_uint_gt(ech.size, 60);
    ck_assert_uint_eq((size_t)ech.data[0] << 8 | ech.data[1], ech.size - 2);
    ck_assert_uint_eq(ech.data[2], 0xfe);
    ck_assert_uint_eq(ech.data[3], 0x0d);
    ck_assert_uint_eq((size_t)ech.data[4] << 8 | ech.data[5], ech.size - 6);
    arena_free(&arena);
}
END_TEST

static const struct range {
    const char *name; /* the profile */
    unsigned first, second_least, second_most;
} ranges[] = {
    {"cloudflare", 104, 21, 21},
    {"akamai", 23, 192, 223},
    {"imperva", 45, 60, 60},
    {"sucuri", 192, 124, 124},
};

START_TEST(addresses_stay_within_the_profiles_pool)
{
    const struct range *range = &ranges[_i];
    unsigned seconds = 0; /* how many second octets were met, by one bit each */
    for (unsigned i = 0; i < 300; i++) {
        char apex[32];
        struct text text = text_in(apex, sizeof apex);
        text_put_format(&text, "z%u.test.", i);
        static struct stage stage;
        stage_open(&stage);
        struct stage_zone *zone = stage_serve(&stage, apex, "@ 60 CNAME x.y.");
        stage_behave(&stage, zone, range->name, "proxied", "names: @");
        char question[64];
        text = text_in(question, sizeof question);
        text_put_format(&text, "%s A", apex);
        char answer[64];
        first_address(&stage, question, answer);
        unsigned octets[4];
        ck_assert_int_eq(
            sscanf(answer, " IN A %u.%u.%u.%u", &octets[0], &octets[1], &octets[2], &octets[3]), 4);
        ck_assert_uint_eq(octets[0], range->first);
        ck_assert_uint_ge(octets[1], range->second_least);
        ck_assert_uint_le(octets[1], range->second_most);
        ck_assert_uint_ne(octets[3], 0);
        ck_assert_uint_ne(octets[3], 255);
        seconds |= 1U << octets[1] % 32;
        stage_close(&stage);
    }
    const bool is_wide = range->second_least < range->second_most;
    ck_assert_int_eq(__builtin_popcount(seconds) > 16, is_wide);
}
END_TEST

static const struct mistake {
    const char *name;
    const char *params;
    const char *sentence;
    unsigned column;
} mistakes[] = {
    {"name_outside_the_zone", "names: k, k.b.test.", "\"k.b.test.\" lies outside the zone", 2},
    {"name_that_is_none", "names: k..x", "\"k..x\" is not a name: ", 1},
};

START_TEST(mistake_is_told_with_its_place)
{
    struct arena arena;
    arena_init(&arena, 1 << 20);
    struct diag diag = {.sentence = ""};
    ck_assert_ptr_null(
        stage_configure(&arena, &arena, "a.test.", NULL, "proxied", mistakes[_i].params, &diag));
    ck_assert_msg(strstr(diag.sentence, mistakes[_i].sentence) != NULL, "%s", diag.sentence);
    ck_assert_uint_eq(diag.place.column, mistakes[_i].column);
    arena_free(&arena);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("proxied");
    add_rows(suite, answers_as_the_article_saw, rows);
    add_rows(suite, plays_the_profile, profile_rows);
    add_rows(suite, addresses_stay_within_the_profiles_pool, ranges);
    add_test(suite, ech_is_a_list_of_one_configuration);
    add_rows(suite, mistake_is_told_with_its_place, mistakes);
    add_test(suite, key_is_found_when_the_proxy_is_off);
    add_test(suite, addresses_depend_on_the_zone_alone);
    add_test(suite, low_bits_of_aaaa_are_the_a);
    add_test(suite, ech_stands_between_the_hints);
    return suite;
}

/* Every assertion, met and unmet, on answers made by hand. */
#include "harness/expect.h"

#include <stdlib.h>

#include "harness/run.h"
#include "tests/support/support.h"
#include "wire/builder.h"
#include "wire/rrtype.h"

#define WISHES_MAX 8

/* --- answers --- */

struct stand {
    uint8_t octets[4096];
    struct builder builder;
    struct name names[8];
    size_t name_count;
    struct scenario scenario;
    struct arena arena;
    struct trace trace;
    struct inspected inspected[2];
    struct plan_record records[2];
    struct inspection inspection;
    struct step_outcome outcome;
};

static const struct name *named(struct stand *stand, const char *text)
{
    struct name *name = &stand->names[stand->name_count++];
    ck_assert(stand->name_count <= COUNT_OF(stand->names));
    ck_assert(name_parse_text(bytes_of_string(text), NULL, name, NULL));
    return name;
}

static void put(struct stand *stand, enum section section, const char *owner, uint16_t type,
                uint32_t ttl, struct bytes rdata)
{
    const struct rr rr = {.owner = named(stand, owner),
                          .type = type,
                          .rrclass = RRCLASS_IN,
                          .ttl = ttl,
                          .rdata = rdata};
    ck_assert(builder_record(&stand->builder, section, &rr));
}

static void put_alias(struct stand *stand, const char *owner, uint32_t ttl, const char *target)
{
    put(stand, SECTION_ANSWER, owner, RRTYPE_CNAME, ttl, name_bytes(named(stand, target)));
}

static void begin(struct stand *stand, uint16_t flags, const char *name, uint16_t type)
{
    builder_start(&stand->builder, stand->octets, sizeof stand->octets, 7, flags | MESSAGE_QR);
    ck_assert(builder_question(&stand->builder, named(stand, name), type, RRCLASS_IN));
}

static void finish(struct stand *stand)
{
    struct client_answer *answer = &stand->outcome.answer;
    const size_t size = builder_finish(&stand->builder);
    ck_assert_uint_gt(size, 0);
    answer->state = CLIENT_ANSWERED;
    answer->reply = bytes_of(stand->octets, size);
    ck_assert(message_parse(answer->reply, MESSAGE_STRICT, &answer->parsed, NULL));
}

static void make_key(struct stand *stand)
{
    begin(stand, MESSAGE_RD | MESSAGE_RA, "k1.customer.example.", RRTYPE_TXT);
    put_alias(stand, "k1.customer.example.", 300, "K1.mid.example.");
    put_alias(stand, "k1.mid.example.", 60, "k1.esp.example.");
    put(stand, SECTION_ANSWER, "k1.esp.example.", RRTYPE_TXT, 3600,
        bytes_of("\x08v=DKIM1;\x04 p=A", 14));
    finish(stand);
}

static void make_addresses(struct stand *stand)
{
    begin(stand, MESSAGE_RA, "a.example.", RRTYPE_A);
    put(stand, SECTION_ANSWER, "a.example.", RRTYPE_A, 300, bytes_of("\xc0\x00\x02\x01", 4));
    put(stand, SECTION_ANSWER, "a.example.", RRTYPE_A, 300, bytes_of("\xc0\x00\x02\x02", 4));
    finish(stand);
}

static void make_nothing(struct stand *stand)
{
    static const uint8_t soa[] = {2, 'n', 's', 0, 1, 'h', 0, 0, 0, 0, 1, 0, 0,   0,
                                  2, 0,   0,   0, 3, 0,   0, 0, 4, 0, 0, 7, 0x08};
    begin(stand, MESSAGE_AA | MESSAGE_AD, "a.example.", RRTYPE_TXT);
    builder_rcode(&stand->builder, RCODE_NXDOMAIN);
    put(stand, SECTION_AUTHORITY, "example.", RRTYPE_SOA, 3600, bytes_of(soa, sizeof soa));
    finish(stand);
}

static void make_failure(struct stand *stand)
{
    uint8_t options[64];
    size_t size = 0;
    begin(stand, MESSAGE_TC, "a.example.", RRTYPE_TXT);
    builder_rcode(&stand->builder, RCODE_SERVFAIL);
    ck_assert(extended_error_append(options, sizeof options, &size, EDE_NO_REACHABLE_AUTHORITY,
                                    bytes_of_string("asked 3 servers")));
    const struct edns edns = {
        .present = true, .udp_size = 1232, .options = bytes_of(options, size)};
    ck_assert(builder_edns(&stand->builder, &edns));
    finish(stand);
}

static void make_silence(struct stand *stand)
{
    stand->outcome.answer.state = CLIENT_TIMED_OUT;
}

static void make_nxdomain_behind_many(struct stand *stand)
{
    begin(stand, MESSAGE_RA, "a.example.", RRTYPE_A);
    put_alias(stand, "a.example.", 1, "b.example.");
    put_alias(stand, "b.example.", 1, "a.example.");
    finish(stand);
}

/* --- verdicts --- */

static void make_pass(struct stand *stand)
{
    stand->outcome.dkim = (struct dkim_result){.word = DKIM_PASS,
                                               .reason = "",
                                               .outcome = DKIM_OUTCOME_FOUND,
                                               .key_type = DKIM_KEY_TYPE_RSA,
                                               .key_bits = 2048,
                                               .records = 1};
}

static void make_no_key(struct stand *stand)
{
    stand->outcome.dkim = (struct dkim_result){.word = DKIM_PERMERROR,
                                               .also = DKIM_WORD_BIT(DKIM_NEUTRAL),
                                               .reason = "no key for signature",
                                               .outcome = DKIM_OUTCOME_NO_KEY,
                                               .why = "no data"};
}

static void make_damage(struct stand *stand)
{
    stand->outcome.dkim =
        (struct dkim_result){.word = DKIM_PERMERROR,
                             .reason = "key syntax error",
                             .outcome = DKIM_OUTCOME_SYNTAX,
                             .problem = {.damage = DKIM_DAMAGE_BACKSLASH, .found = -1}};
}

static void make_inspection(struct stand *stand)
{
    const struct cause *proxied = cause_find(bytes_of_string("proxied"));
    ck_assert_ptr_nonnull(proxied);
    name_copy(&stand->records[0].name, named(stand, "a.example."));
    stand->records[0].type = RRTYPE_TXT;
    name_copy(&stand->records[1].name, named(stand, "k1.example."));
    stand->records[1].type = RRTYPE_CNAME;
    stand->inspected[0].record = &stand->records[0];
    stand->inspected[1] =
        (struct inspected){.record = &stand->records[1],
                           .verdict = SETUP_DECLINED,
                           .class = CLASS_HIDDEN_BY_PROXY,
                           .cause = proxied,
                           .evidence = {.candidates = {"F02"}},
                           .also = {cause_find(bytes_of_string("one-server-bad"))},
                           .also_count = 1};
    stand->inspection.records = stand->inspected;
    stand->inspection.count = stand->inspection.judged = 2;
    stand->inspection.verdict = SETUP_DECLINED;
    stand->outcome.inspection = &stand->inspection;
}

/* --- packets --- */

static const struct endpoint resolver_out = {{ADDRESS_V4, {192, 0, 2, 53}}, 4000};
static const struct endpoint server_a = {{ADDRESS_V4, {198, 51, 100, 1}}, 53};
static const struct endpoint server_b = {{ADDRESS_V4, {198, 51, 100, 2}}, 53};

static void travel(struct stand *stand, enum trace_kind kind, const struct endpoint *from,
                   const struct endpoint *to, enum transport transport, uint8_t flags)
{
    const uint8_t header[12] = {0, 1, flags, 0};
    const struct trace_entry entry = {.kind = kind,
                                      .who = "x",
                                      .what = "",
                                      .packet = {.from = *from,
                                                 .to = *to,
                                                 .transport = transport,
                                                 .payload = bytes_of(header, sizeof header)}};
    trace_put(&stand->trace, &entry);
}

/* Two queries to one server, one to another over TCP, of which one is lost; the packets before and
 * after are another step's. */
static void make_packets(struct stand *stand)
{
    travel(stand, TRACE_SENT, &resolver_out, &server_b, TRANSPORT_UDP, 0);
    stand->outcome.first_entry = stand->trace.count;
    travel(stand, TRACE_SENT, &resolver_out, &server_a, TRANSPORT_UDP, 0);
    travel(stand, TRACE_LOST, &resolver_out, &server_a, TRANSPORT_UDP, 0);
    travel(stand, TRACE_SENT, &resolver_out, &server_a, TRANSPORT_UDP, 0);
    travel(stand, TRACE_ARRIVED, &resolver_out, &server_a, TRANSPORT_UDP, 0);
    travel(stand, TRACE_SENT, &server_a, &resolver_out, TRANSPORT_UDP, 0x82);
    travel(stand, TRACE_ARRIVED, &server_a, &resolver_out, TRANSPORT_UDP, 0x82);
    travel(stand, TRACE_SENT, &resolver_out, &server_a, TRANSPORT_TCP, 0);
    stand->outcome.last_entry = stand->trace.count;
    travel(stand, TRACE_LOST, &resolver_out, &server_b, TRANSPORT_UDP, 0);
}

static void make_quiet(struct stand *stand)
{
    travel(stand, TRACE_SENT, &resolver_out, &server_b, TRANSPORT_TCP, 0);
    stand->outcome.first_entry = stand->outcome.last_entry = stand->trace.count;
}

/* A TC bit in what came over TCP, where the first two octets are a length. */
static void make_odd_tcp(struct stand *stand)
{
    travel(stand, TRACE_ARRIVED, &server_a, &resolver_out, TRANSPORT_TCP, 0x82);
    stand->outcome.last_entry = stand->trace.count;
}

/* --- rows --- */

static const struct row {
    const char *name;
    void (*make)(struct stand *stand);
    enum step_kind kind;
    const char *key;
    const char *wanted; /* lists with '|' between */
    bool met;
    bool forbidden;
} rows[] = {
    {"rcode_met", make_nothing, STEP_LOOKUP, "rcode", "NXDOMAIN", true, false},
    {"rcode_unmet", make_nothing, STEP_LOOKUP, "rcode", "NOERROR", false, false},
    {"rcode_of_silence_is_none", make_silence, STEP_LOOKUP, "rcode", "NOERROR", false, false},
    {"rcode_forbidden_and_seen", make_nothing, STEP_LOOKUP, "rcode", "NXDOMAIN", false, true},
    {"rcode_forbidden_and_not_seen", make_failure, STEP_LOOKUP, "rcode", "NXDOMAIN", true, true},

    {"answers_by_rdata", make_key, STEP_LOOKUP, "answers", "k1.esp.example.", true, false},
    {"answers_have_no_letter_case", make_key, STEP_LOOKUP, "answers", "cname K1.MID.example.", true,
     false},
    {"answers_by_type", make_key, STEP_LOOKUP, "answers", "CNAME k1.esp.example.", true, false},
    {"answers_by_name_and_type", make_key, STEP_LOOKUP, "answers",
     "k1.mid.example. CNAME k1.esp.example.", true, false},
    {"answers_in_full", make_key, STEP_LOOKUP, "answers",
     "k1.esp.example.  3600 TXT \"v=DKIM1;\" \" p=A\"", true, false},
    {"answers_with_another_ttl", make_key, STEP_LOOKUP, "answers",
     "k1.esp.example. 3601 TXT \"v=DKIM1;\" \" p=A\"", false, false},
    {"answers_have_letter_case_in_strings", make_key, STEP_LOOKUP, "answers",
     "TXT \"V=DKIM1;\" \" p=A\"", false, false},
    {"answers_all_of_them", make_key, STEP_LOOKUP, "answers", "k1.esp.example.|k9.esp.example.",
     false, false},
    {"answers_forbidden_each", make_key, STEP_LOOKUP, "answers",
     "k8.esp.example.|CNAME k1.esp.example.", false, true},
    {"answers_forbidden_and_absent", make_key, STEP_LOOKUP, "answers",
     "k8.esp.example.|k9.esp.example.", true, true},
    {"answers_of_silence", make_silence, STEP_LOOKUP, "answers", "k1.esp.example.", false, false},

    {"answers_exactly_met", make_addresses, STEP_LOOKUP, "answers-exactly", "A 192.0.2.2|192.0.2.1",
     true, false},
    {"answers_exactly_but_one_more", make_addresses, STEP_LOOKUP, "answers-exactly", "192.0.2.1",
     false, false},
    {"answers_exactly_but_one_less", make_addresses, STEP_LOOKUP, "answers-exactly",
     "192.0.2.1|192.0.2.2|192.0.2.3", false, false},
    {"answer_count_met", make_key, STEP_DKIM, "answer-count", "3", true, false},
    {"answer_count_unmet", make_key, STEP_DKIM, "answer-count", "2", false, false},

    {"aliases_met", make_key, STEP_LOOKUP, "aliases", "k1.mid.example.|k1.esp.example", true,
     false},
    {"aliases_in_another_order", make_key, STEP_LOOKUP, "aliases",
     "k1.esp.example.|k1.mid.example.", false, false},
    {"aliases_not_all", make_key, STEP_LOOKUP, "aliases", "k1.mid.example.", false, false},
    {"aliases_too_many", make_addresses, STEP_LOOKUP, "aliases", "k1.mid.example.", false, false},
    {"alias_count_met", make_key, STEP_LOOKUP, "alias-count", "2", true, false},
    {"alias_count_unmet", make_addresses, STEP_LOOKUP, "alias-count", "1", false, false},
    {"alias_count_of_a_loop_ends", make_nxdomain_behind_many, STEP_LOOKUP, "alias-count", "2",
     false, false},

    {"addresses_met", make_addresses, STEP_LOOKUP, "addresses", "192.0.2.2|192.0.2.1", true, false},
    {"addresses_not_all", make_addresses, STEP_LOOKUP, "addresses", "192.0.2.1", false, false},
    {"addresses_more_than_there_are", make_addresses, STEP_LOOKUP, "addresses",
     "192.0.2.1|192.0.2.2|192.0.2.3", false, false},
    {"addresses_others", make_addresses, STEP_LOOKUP, "addresses", "192.0.2.1|192.0.2.9", false,
     false},

    {"txt_met", make_key, STEP_LOOKUP, "txt", "v=DKIM1; p=A", true, false},
    {"txt_cut", make_key, STEP_LOOKUP, "txt", "v=DKIM1; p=", false, false},
    {"txt_longer", make_key, STEP_LOOKUP, "txt", "v=DKIM1; p=AB", false, false},
    {"txt_strings_met", make_key, STEP_LOOKUP, "txt-strings", "2", true, false},
    {"txt_strings_unmet", make_key, STEP_LOOKUP, "txt-strings", "1", false, false},
    {"txt_strings_without_txt", make_addresses, STEP_LOOKUP, "txt-strings", "0", false, false},

    {"ttl_met", make_key, STEP_LOOKUP, "ttl", "60", true, false},
    {"ttl_unmet", make_key, STEP_LOOKUP, "ttl", "300", false, false},
    {"ttl_at_most_met", make_key, STEP_LOOKUP, "ttl-at-most", "60", true, false},
    {"ttl_at_most_unmet", make_key, STEP_LOOKUP, "ttl-at-most", "59", false, false},
    {"ttl_at_least_met", make_key, STEP_LOOKUP, "ttl-at-least", "60", true, false},
    {"ttl_at_least_unmet", make_key, STEP_LOOKUP, "ttl-at-least", "61", false, false},
    {"ttl_without_answer", make_nothing, STEP_LOOKUP, "ttl-at-most", "61", false, false},

    {"soa_met", make_nothing, STEP_LOOKUP, "soa", "example", true, false},
    {"soa_unmet", make_nothing, STEP_LOOKUP, "soa", "a.example", false, false},
    {"soa_absent", make_key, STEP_LOOKUP, "soa", "example", false, false},
    {"negative_ttl_met", make_nothing, STEP_LOOKUP, "negative-ttl", "1800", true, false},
    {"negative_ttl_unmet", make_nothing, STEP_LOOKUP, "negative-ttl", "3600", false, false},

    {"flags_met", make_nothing, STEP_LOOKUP, "flags", "aa|AD", true, false},
    {"flags_unmet", make_nothing, STEP_LOOKUP, "flags", "aa|tc", false, false},
    {"flags_forbidden_each", make_nothing, STEP_LOOKUP, "flags", "tc|aa", false, true},
    {"flags_forbidden_and_clear", make_nothing, STEP_LOOKUP, "flags", "tc|ra", true, true},

    {"ede_by_number", make_failure, STEP_LOOKUP, "ede", "22", true, false},
    {"ede_by_name", make_failure, STEP_LOOKUP, "ede", "No Reachable Authority", true, false},
    {"ede_by_slug", make_failure, STEP_LOOKUP, "ede", "no-reachable-authority", true, false},
    {"ede_unmet", make_failure, STEP_LOOKUP, "ede", "23", false, false},
    {"ede_absent", make_key, STEP_LOOKUP, "ede", "22", false, false},
    {"ede_text_met", make_failure, STEP_LOOKUP, "ede-text", "3 servers", true, false},
    {"ede_text_unmet", make_failure, STEP_LOOKUP, "ede-text", "4 servers", false, false},

    {"edns_size_met", make_failure, STEP_LOOKUP, "edns-size", "1232", true, false},
    {"edns_size_unmet", make_failure, STEP_LOOKUP, "edns-size", "512", false, false},
    {"edns_size_of_no_opt", make_nxdomain_behind_many, STEP_LOOKUP, "edns-size", "0", true, false},
    {"edns_size_of_silence", make_silence, STEP_LOOKUP, "edns-size", "0", false, false},
    {"answered_met", make_failure, STEP_LOOKUP, "answered", "true", true, false},
    {"answered_unmet", make_silence, STEP_LOOKUP, "answered", "true", false, false},
    {"timeout_met", make_silence, STEP_LOOKUP, "timeout", "true", true, false},
    {"timeout_unmet", make_failure, STEP_LOOKUP, "timeout", "true", false, false},

    {"time_at_most_met", make_silence, STEP_SETUP, "time-at-most", "2", true, false},
    {"time_at_most_unmet", make_silence, STEP_SETUP, "time-at-most", "1", false, false},
    {"time_at_least_met", make_silence, STEP_SETUP, "time-at-least", "2", true, false},
    {"time_at_least_unmet", make_silence, STEP_SETUP, "time-at-least", "3", false, false},

    {"queries_met", make_packets, STEP_LOOKUP, "queries", "3", true, false},
    {"queries_unmet", make_packets, STEP_LOOKUP, "queries", "4", false, false},
    {"queries_of_a_cached_answer", make_quiet, STEP_LOOKUP, "queries", "0", true, false},
    {"queries_at_most_unmet", make_packets, STEP_LOOKUP, "queries-at-most", "2", false, false},
    {"queries_at_most_met", make_packets, STEP_LOOKUP, "queries-at-most", "3", true, false},
    {"queries_at_least_unmet", make_packets, STEP_LOOKUP, "queries-at-least", "4", false, false},
    {"queries_at_least_met", make_packets, STEP_LOOKUP, "queries-at-least", "3", true, false},
    {"asked_met", make_packets, STEP_LOOKUP, "asked", "198.51.100.1", true, false},
    {"asked_unmet", make_packets, STEP_LOOKUP, "asked", "198.51.100.1|198.51.100.2", false, false},
    {"asked_forbidden_each", make_packets, STEP_LOOKUP, "asked", "198.51.100.2|198.51.100.1", false,
     true},
    {"asked_forbidden_and_not_asked", make_packets, STEP_LOOKUP, "asked", "198.51.100.2", true,
     true},
    {"tcp_met", make_packets, STEP_LOOKUP, "tcp", "true", true, false},
    {"tcp_unmet", make_quiet, STEP_LOOKUP, "tcp", "true", false, false},
    {"truncated_met", make_packets, STEP_LOOKUP, "truncated", "true", true, false},
    {"truncated_unmet", make_quiet, STEP_LOOKUP, "truncated", "true", false, false},
    {"truncated_over_tcp_is_another_matter", make_odd_tcp, STEP_LOOKUP, "truncated", "true", false,
     false},
    {"lost_met", make_packets, STEP_LOOKUP, "lost", "1", true, false},
    {"lost_unmet", make_packets, STEP_LOOKUP, "lost", "2", false, false},
    {"lost_at_least_met", make_packets, STEP_LOOKUP, "lost-at-least", "1", true, false},
    {"lost_at_least_unmet", make_quiet, STEP_LOOKUP, "lost-at-least", "1", false, false},

    {"result_met", make_pass, STEP_DKIM, "result", "pass", true, false},
    {"result_unmet", make_no_key, STEP_DKIM, "result", "pass", false, false},
    {"result_in_another_word_that_is_allowed", make_no_key, STEP_DKIM, "result", "neutral", true,
     false},
    {"result_in_a_word_that_is_not_allowed", make_no_key, STEP_DKIM, "result", "temperror", false,
     false},
    {"reason_met", make_no_key, STEP_DKIM, "reason", "no key for signature", true, false},
    {"reason_unmet", make_no_key, STEP_DKIM, "reason", "key revoked", false, false},
    {"reason_of_pass_is_none", make_pass, STEP_DKIM, "reason", "none", true, false},
    {"key_met", make_pass, STEP_DKIM, "key", "found", true, false},
    {"key_unmet", make_no_key, STEP_DKIM, "key", "found", false, false},
    {"key_type_met", make_pass, STEP_DKIM, "key.type", "rsa", true, false},
    {"key_type_unmet", make_no_key, STEP_DKIM, "key.type", "rsa", false, false},
    {"key_bits_met", make_pass, STEP_DKIM, "key.bits", "2048", true, false},
    {"key_bits_unmet", make_pass, STEP_DKIM, "key.bits", "1024", false, false},
    {"key_records_met", make_pass, STEP_DKIM, "key.records", "1", true, false},
    {"key_records_unmet", make_no_key, STEP_DKIM, "key.records", "1", false, false},
    {"damage_met", make_damage, STEP_DKIM, "damage", "literal-backslash", true, false},
    {"damage_unmet", make_pass, STEP_DKIM, "damage", "literal-backslash", false, false},
    {"damage_none", make_pass, STEP_DKIM, "damage", "none", true, false},

    {"verdict_met", make_inspection, STEP_SETUP, "verdict", "declined", true, false},
    {"verdict_unmet", make_inspection, STEP_SETUP, "verdict", "verified", false, false},
    {"class_is_the_decisive_records", make_inspection, STEP_SETUP, "class", "hidden-by-proxy", true,
     false},
    {"class_unmet", make_inspection, STEP_SETUP, "class", "present", false, false},
    {"cause_by_word", make_inspection, STEP_SETUP, "cause", "proxied", true, false},
    {"cause_by_number", make_inspection, STEP_SETUP, "cause", "F01", true, false},
    {"cause_unmet", make_inspection, STEP_SETUP, "cause", "flattened", false, false},
    {"beside_by_word", make_inspection, STEP_SETUP, "beside", "one-server-bad", true, false},
    {"beside_by_number", make_inspection, STEP_SETUP, "beside", "F85", true, false},
    {"beside_as_what_it_may_be", make_inspection, STEP_SETUP, "beside", "F02", true, false},
    {"beside_is_not_the_decisive", make_inspection, STEP_SETUP, "beside", "proxied", false, false},
    {"cause_is_not_none", make_inspection, STEP_SETUP, "cause", "none", false, false},
    {"records_met", make_inspection, STEP_SETUP, "records",
     "a.example TXT verified present none|k1.example. CNAME declined proxied", true, false},
    {"records_unmet", make_inspection, STEP_SETUP, "records", "a.example declined", false, false},
    {"records_of_another_type", make_inspection, STEP_SETUP, "records", "a.example MX", false,
     false},
    {"records_of_another_name", make_inspection, STEP_SETUP, "records", "b.example verified", false,
     false},
    {"fix_met", make_inspection, STEP_SETUP, "fix", "proxy off", true, false},
    {"fix_unmet", make_inspection, STEP_SETUP, "fix", "buy a new computer", false, false},
};

/* --- wishes as a file would give them --- */

struct wish {
    struct param param;
    struct bytes texts[WISHES_MAX];
    struct address addresses[WISHES_MAX];
};

static uint64_t choice_of(const struct param_spec *spec, const char *word)
{
    for (uint64_t i = 0; spec->choices[i] != NULL; i++) {
        if (strcmp(spec->choices[i], word) == 0) {
            return i;
        }
    }
    ck_abort_msg("%s is no choice of %s", word, spec->key);
}

static void wish_of(const struct expect_row *row, const char *wanted, struct wish *ret)
{
    *ret = (struct wish){
        .param = {.spec = &row->spec, .texts = ret->texts, .addresses = ret->addresses}};
    switch (row->spec.type) {
    case PARAM_CHOICE: ret->param.number = choice_of(&row->spec, wanted); return;
    case PARAM_BOOL: ret->param.number = strcmp(wanted, "true") == 0; return;
    case PARAM_INTEGER: ret->param.number = strtoull(wanted, NULL, 10); return;
    case PARAM_DURATION: ret->param.number = strtoull(wanted, NULL, 10) * NS_PER_S; return;
    default: break;
    }
    while (wanted != NULL) {
        const char *end = strchr(wanted, '|');
        const size_t size = end != NULL ? (size_t)(end - wanted) : strlen(wanted);
        const size_t at = ret->param.count++;
        ck_assert_uint_lt(at, WISHES_MAX);
        ret->texts[at] = bytes_of(wanted, size);
        ck_assert(row->spec.type != PARAM_ADDRESSES ||
                  address_parse(ret->texts[at], &ret->addresses[at]));
        wanted = end != NULL ? end + 1 : NULL;
    }
}

static void set_up(struct stand *stand)
{
    memset(stand, 0, sizeof *stand);
    arena_init(&stand->arena, (size_t)1024 * 1024);
    trace_init(&stand->trace, &stand->arena);
    stand->scenario.resolver_v4 = resolver_out.address;
    stand->outcome.scenario = &stand->scenario;
    stand->outcome.trace = &stand->trace;
    stand->outcome.end = STEP_ENDED;
    stand->outcome.ended = 2 * NS_PER_S;
}

START_TEST(is_met)
{
    const struct row *row = &rows[_i];
    static struct stand stand;
    struct wish wish;
    char buffer[2048];
    struct text seen = text_in(buffer, sizeof buffer);
    set_up(&stand);
    row->make(&stand);
    const struct expect_row *expect = expect_find(row->kind, bytes_of_string(row->key));
    ck_assert_msg(expect != NULL, "no row %s", row->key);
    wish_of(expect, row->wanted, &wish);
    const struct expectation expectation = {
        .row = expect, .wanted = wish.param, .forbidden = row->forbidden};
    verdict_put_seen(&seen, &expectation, &stand.outcome);
    ck_assert_msg(verdict_judge(&expectation, &stand.outcome) ==
                      (row->met ? JUDGED_MET : JUDGED_UNMET),
                  "%s: %s; seen: %s", row->key, row->wanted, buffer);
    ck_assert_msg(seen.size > 0, "nothing is said of %s", row->key);
    arena_free(&stand.arena);
}
END_TEST

START_TEST(a_step_that_did_not_end_is_no_verdict)
{
    const struct expect_row *row = expect_find(STEP_LOOKUP, bytes_of_string("rcode"));
    const struct expectation expectation = {.row = row, .forbidden = true};
    const struct step_outcome outcome = {.end = STEP_STUCK};
    ck_assert_int_eq(verdict_judge(&expectation, &outcome), JUDGED_ERROR);
}
END_TEST

/* Every row of the table is in order, and this file tries it both ways. */
START_TEST(every_row_is_tried_met_and_unmet)
{
    for (const struct expect_row *row = expect_rows; row->key != NULL; row++) {
        const char *dot = strrchr(row->key, '.');
        bool met = false, unmet = false;
        ck_assert_str_eq(dot != NULL ? dot + 1 : row->key, row->spec.key);
        ck_assert_ptr_nonnull(row->spec.doc);
        ck_assert((row->read != NULL) != (row->check != NULL));
        ck_assert(row->check == NULL || row->show != NULL);
        ck_assert((row->spec.type == PARAM_CHOICE) == (row->spec.choices != NULL));
        ck_assert(row->refuse == NULL || row->spec.type == PARAM_TEXT ||
                  row->spec.type == PARAM_TEXTS);
        for (size_t i = 0; i < COUNT_OF(rows); i++) {
            const bool same = strcmp(rows[i].key, row->key) == 0;
            met |= same && rows[i].met != rows[i].forbidden;
            unmet |= same && rows[i].met == rows[i].forbidden;
        }
        ck_assert_msg(met && unmet, "%s is not tried both ways", row->key);
    }
}
END_TEST

static const struct word_row {
    const char *name;
    enum step_kind kind;
    const char *key;
    const char *text;
    bool accepted;
    const char *meant; /* what is suggested instead, NULL for nothing */
} word_rows[] = {
    {"a_flag", STEP_LOOKUP, "flags", "AD", true, NULL},
    {"no_flag", STEP_LOOKUP, "flags", "rb", false, "rd"},
    {"an_extended_error", STEP_LOOKUP, "ede", "network-error", true, NULL},
    {"an_extended_errors_number", STEP_LOOKUP, "ede", "23", true, NULL},
    {"no_extended_error", STEP_LOOKUP, "ede", "Network Erorr", false, "Network Error"},
    {"a_name", STEP_LOOKUP, "aliases", "a.example", true, NULL},
    {"no_name", STEP_LOOKUP, "aliases", "a..example", false, NULL},
    {"no_zones_name", STEP_LOOKUP, "soa", "a..example", false, NULL},
    {"a_damage", STEP_DKIM, "damage", "literal-backslash", true, NULL},
    {"no_damage_at_all", STEP_DKIM, "damage", "none", true, NULL},
    {"a_damage_nobody_knows", STEP_DKIM, "damage", "literal-backslsh", false, "literal-backslash"},
    {"a_cause", STEP_SETUP, "cause", "proxied", true, NULL},
    {"a_causes_number", STEP_SETUP, "cause", "F01", true, NULL},
    {"no_cause_at_all", STEP_SETUP, "cause", "none", true, NULL},
    {"a_cause_nobody_knows", STEP_SETUP, "cause", "proxyed", false, "proxied"},
    {"a_record", STEP_SETUP, "records", "a.example TXT declined proxied flattened", true, NULL},
    {"a_record_with_an_odd_word", STEP_SETUP, "records", "a.example declned", false, NULL},
    {"a_record_without_a_name", STEP_SETUP, "records", "", false, NULL},
};

/* A word that nothing could ever be would make an assertion that is never met, or always. */
START_TEST(words_are_looked_at_when_a_file_is_read)
{
    const struct word_row *word = &word_rows[_i];
    const struct expect_row *row = expect_find(word->kind, bytes_of_string(word->key));
    struct spelling spelling = spelling_of(bytes_of_string(word->text));
    ck_assert(row->refuse != NULL);
    const char *why = row->refuse(bytes_of_string(word->text), &spelling);
    ck_assert_msg((why == NULL) == word->accepted, "%s: %s", word->text, why);
    if (word->meant != NULL) {
        ck_assert_ptr_nonnull(spelling.best);
        ck_assert_str_eq(spelling.best, word->meant);
    }
}
END_TEST

START_TEST(a_key_belongs_to_its_steps)
{
    ck_assert_ptr_nonnull(expect_find(STEP_DKIM, bytes_of_string("result")));
    ck_assert_ptr_null(expect_find(STEP_LOOKUP, bytes_of_string("result")));
    ck_assert_ptr_null(expect_find(STEP_WAIT, bytes_of_string("queries")));
    ck_assert_ptr_null(expect_find(STEP_DKIM, bytes_of_string("resul")));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("expect");
    add_rows(suite, is_met, rows);
    add_rows(suite, words_are_looked_at_when_a_file_is_read, word_rows);
    add_test(suite, a_step_that_did_not_end_is_no_verdict);
    add_test(suite, every_row_is_tried_met_and_unmet);
    add_test(suite, a_key_belongs_to_its_steps);
    return suite;
}

/* Whole files: what a mistake is answered with, and what a file becomes. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/expect.h"
#include "inspect/plan.h"
#include "tests/harness/loading.h"
#include "tests/support/support.h"
#include "wire/rrtype.h"

#define HEAD  "scenario: x\nzones:\n  z.example:\n    records: |\n      k TXT \"v=DKIM1; p=\"\n"
#define STEPS HEAD "steps:\n" /* the first step stands in line 7 */

/* --- mistakes --- */

static const struct mistake {
    const char *name;
    const char *text;
    uint32_t line, column;
    const char *sentence;
    const char *hint;
} mistakes[] = {
    {"unknown key", "scenraio: x\nzones: {}\n", 1, 1, "unknown key `scenraio`", "`scenario`"},
    {"missing title", "zones: {}\n", 1, 1, "the key `scenario` is missing", NULL},
    {"missing zones", "scenario: x\n", 1, 1, "the key `zones` is missing", NULL},
    {"not a mapping", "- x\n", 1, 1, "a scenario file must be a mapping", NULL},
    {"just text", "hello\n", 1, 1, "a scenario file must be a mapping", NULL},
    {"duplicate key", "scenario: x\nzones: {}\nscenario: y\n", 3, 1, "twice", "line 1"},
    {"duplicate zone", "scenario: x\nzones: {a.b: {}, A.b.: {}}\n", 2, 18, "is here twice", NULL},
    {"two-line title", "scenario: \"x\\ny\"\nzones: {}\n", 1, 11, "a title is one line", NULL},
    {"newer version", "version: 2\nscenario: x\nzones: {}\n", 1, 10, "reads version 1", "newer"},
    {"version 0", "version: 0\nscenario: x\nzones: {}\n", 1, 10, "not between", NULL},
    {"covers", "scenario: x\ncovers: [F1]\nzones: {}\n", 2, 10, "no row of the failure", NULL},
    {"covers too high", "scenario: x\ncovers: F112\nzones: {}\n", 2, 9, "F01 to F111", NULL},
    {"covers too low", "scenario: x\ncovers: F00\nzones: {}\n", 2, 9, "F01 to F111", NULL},
    {"covers with zero", "scenario: x\ncovers: F011\nzones: {}\n", 2, 9, "F01 to F111", NULL},
    {"intended", "scenario: x\nintended: cname-lop\nzones: {}\n", 2, 11, "knows no finding",
     "`cname-loop`"},
    {"latency", "scenario: x\nlatency: fast\nzones: {}\n", 2, 10, "not a duration", "300ms"},
    {"resolver key", "scenario: x\nresolver: {querys-max: 3}\nzones: {}\n", 2, 12, "in resolver",
     "`queries-max`"},
    {"parameter twice",
     HEAD "client: {edns: 0, tries: 1, timeout: 1s, edns: 0, tries: 2, timeout: 2s}\n", 6, 42,
     "the key `edns` is here twice", NULL},
    {"resolver range", "scenario: x\nresolver: {queries-max: 0}\nzones: {}\n", 2, 25,
     "not between 1 and", NULL},
    {"intruder as a mapping", HEAD "intruder: {knows: port}\n", 6, 11, "intruder must be a list",
     NULL},
    {"intruder's item", HEAD "intruder: [forge]\n", 6, 12, "must be a mapping", NULL},
    {"intruder's power", HEAD "intruder:\n  - {packets: 3}\n", 7, 5, "needs the key `knows`", NULL},
    {"intruder's key", HEAD "intruder:\n  - {knows: port, anser: k A 192.0.2.1}\n", 7, 19,
     "unknown key", "`answer`"},
    {"intruder's target", HEAD "intruder:\n  - {knows: port, to: z.exampl}\n", 7, 23,
     "nothing here is called", "`z.example`"},
    {"intruder's packets", HEAD "intruder:\n  - {knows: port, packets: 101}\n", 7, 28,
     "not between 1 and 100", NULL},
    {"intruder's name", HEAD "intruder:\n  - {knows: port, name: a..b}\n", 7, 25,
     "not a domain name", NULL},
    {"intruder's octets", HEAD "intruder:\n  - {knows: port, hex: 00gg}\n", 7, 24,
     "even number of hexadecimal digits", NULL},
    {"intruder's records", HEAD "intruder:\n  - {knows: port, answer: [k. A 192.0.2]}\n", 7, 33,
     "192.0.2", NULL},
    {"client key", "scenario: x\nclient: {tires: 3}\nzones: {}\n", 2, 10, "in client", "`tries`"},
    {"zones as a list", "scenario: x\nzones: [a.b]\n", 2, 8, "zones must be a mapping", NULL},
    {"zone name", "scenario: x\nzones: {a..b: {}}\n", 2, 9, "not a domain name", NULL},
    {"zone key", "scenario: x\nzones: {a.b: {recrods: []}}\n", 2, 15, "in a zone", "`records`"},
    {"behaviour key", "scenario: x\nzones: {a.b: {proxid: [c]}}\n", 2, 15, "in a zone",
     "`proxied`"},
    {"behaviour's key", "scenario: x\nzones: {a.b: {proxied: {nams: [c]}}}\n", 2, 25, "in proxied",
     "`names`"},
    {"behaviour's required key", "scenario: x\nzones: {a.b: {proxied: {ttl: 3}}}\n", 2, 24,
     "needs the key `names`", NULL},
    {"behaviour's address", "scenario: x\nzones: {a.b: {proxied: {names: c, ipv4: 1.2.3}}}\n", 2,
     41, "`1.2.3` is not an IP address", NULL},
    {"behaviour's choice", "scenario: x\nzones: {a.b: {lame: refusd}}\n", 2, 21, "not one of",
     "`refused`"},
    {"name in full", "scenario: x\nzones: {a.b: {proxied: [c.a.b]}}\n", 2, 25, "double its name",
     "`c`"},
    {"unknown provider", "scenario: x\nzones: {a.b: {provider: godaddy}}\n", 2, 25,
     "the known ones are generic, cloudflare, akamai,", "leave the key out"},
    {"provider", "scenario: x\nzones: {a.b: {provider: cloudfare}}\n", 2, 25, "no provider",
     "`cloudflare`"},
    {"zone TTL", "scenario: x\nzones: {a.b: {ttl: x}}\n", 2, 20, "not a TTL", NULL},
    {"soa key", "scenario: x\nzones: {a.b: {soa: {serail: 3}}}\n", 2, 21, "in soa", "`serial`"},
    {"soa name", "scenario: x\nzones: {a.b: {soa: {mname: a..b}}}\n", 2, 28, "not a domain name",
     NULL},
    {"server key", "scenario: x\nzones: {a.b: {servers: {n: {adresses: []}}}}\n", 2, 29,
     "in a server", "`addresses`"},
    {"server address", "scenario: x\nzones: {a.b: {servers: {n: {addresses: [x]}}}}\n", 2, 41,
     "not an IP address", NULL},
    {"entry", "scenario: x\nzones: {a.b: {entry: {doubled-zoen: k}}}\n", 2, 23, "in `entry`",
     "`doubled-zone`"},
    {"entry's name", "scenario: x\nzones: {a.b: {entry: {doubled-zone: k.c.}}}\n", 2, 37,
     "outside the zone", NULL},
    {"entry too long",
     "scenario: x\nzones: {a.b: {entry: {one-label: all}, records: "
     "[\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa TXT x\"]}}\n",
     2, 51, "longer than names may be", NULL},
    {"key in a set-up value",
     "scenario: x\nzones: {a.b: {}}\nsteps:\n- setup: {name: k.a.b, type: TXT, value: "
     "\"${key:no}\"}\n",
     4, 42, "no", NULL},
    {"server twice", "scenario: x\nzones: {a.b: {servers: [n, n.a.b.]}}\n", 2, 28, "twice", NULL},
    {"servers as text", "scenario: x\nzones: {a.b: {servers: n}}\n", 2, 24, "a list or a mapping",
     NULL},
    {"truth value", "scenario: x\nzones: {a.b: {servers: {n: {delegated: no}}}}\n", 2, 40,
     "not true or false", NULL},
    {"quoted truth", "scenario: x\nzones: {a.b: {servers: {n: {delegated: \"true\"}}}}\n", 2, 40,
     "not true or false", "without quotes"},
    {"resolver's address", "scenario: x\nzones: {a.b: {servers: {n: {addresses: 192.0.2.53}}}}\n",
     2, 25, "an address of the resolver", NULL},
    {"fault without name", HEAD "faults: [{to: root}]\n", 6, 10, "names a fault", NULL},
    {"misspelt fault", HEAD "faults: [{los: 20%}]\n", 6, 10, "names a fault", "`loss`"},
    {"two faults", HEAD "faults: [{loss: true, delay: 1s}]\n", 6, 23, "two faults", NULL},
    {"chance", HEAD "faults: [{loss: 200%}]\n", 6, 17, "not a chance", "20%"},
    {"trigger key", HEAD "faults: [{loss: true, trnsport: udp}]\n", 6, 23, "in a fault",
     "`transport`"},
    {"trigger choice", HEAD "faults: [{loss: true, transport: dup}]\n", 6, 34, "not one of",
     "`udp`"},
    {"trigger place", HEAD "faults: [{loss: true, to: z.exmple}]\n", 6, 27, "is called",
     "`z.example`"},
    {"trigger nonsense", HEAD "faults: [{loss: true, nth: x}]\n", 6, 28, "nth", NULL},
    {"faults as a mapping", HEAD "faults: {loss: true}\n", 6, 9, "faults must be a list", NULL},
    {"step key", STEPS "  - dkim: k.z.example\n    expct: {}\n", 8, 5, "in a step", "`expect`"},
    {"step without action", STEPS "  - expect: {}\n", 7, 5, "this step does nothing", NULL},
    {"step with two actions", STEPS "  - wait: 1s\n    dkim: a.b\n", 8, 5, "one step does one",
     NULL},
    {"step as text", STEPS "  - wait\n", 7, 5, "a step must be a mapping", NULL},
    {"steps as a mapping", HEAD "steps: {wait: 1s}\n", 6, 8, "steps must be a list", NULL},
    {"lookup name", STEPS "  - lookup: a..b\n", 7, 13, "not a domain name", NULL},
    {"lookup type", STEPS "  - lookup: a.b TXTT\n", 7, 17, "`TXTT` is not an RR type", "TXT"},
    {"lookup types", STEPS "  - lookup: {name: a.b, type: [A, AAAA]}\n", 7, 31, "one type", NULL},
    {"lookup server", STEPS "  - lookup: {name: a.b, server: ns9.z.example}\n", 7, 33,
     "is called `ns9.z.example`", "`ns1.z.example`"},
    {"lookup subnet", STEPS "  - lookup: {name: a.b, subnet: 10.0.0.0/33}\n", 7, 33,
     "neither an address nor a range", NULL},
    {"lookup empty", STEPS "  - lookup:\n", 7, 12, "lookup must be a mapping", NULL},
    {"dkim key", STEPS "  - dkim: {name: a.b, algoritm: x}\n", 7, 23, "in dkim", "`algorithm`"},
    {"dkim algorithm", STEPS "  - dkim: {name: a.b, algorithm: rsa}\n", 7, 34, "not one of", NULL},
    {"dkim without name", STEPS "  - dkim: {i: x}\n", 7, 11, "needs the key `name`", NULL},
    {"dkim key-at", STEPS "  - dkim: {name: a.b, key-at: q.z.example}\n", 7, 31,
     "hold no TXT record", NULL},
    {"setup type", STEPS "  - setup: {name: a.b, type: SRV, value: x}\n", 7, 30, "CNAME, TXT",
     NULL},
    {"setup value", STEPS "  - setup: {name: a.b, type: CNAME, value: a..b}\n", 7, 44,
     "value:", NULL},
    {"setup role", STEPS "  - setup: {name: a.b, type: CNAME, value: c, role: dkmi}\n", 7, 53,
     "not one of", "`dkim`"},
    {"setup empty list", STEPS "  - setup: []\n", 7, 12, "1 to 32 records", NULL},
    {"change zone", STEPS "  - change: {z.exmple: {}}\n", 7, 14, "no zone `z.exmple`",
     "`z.example`"},
    {"change nothing", STEPS "  - change: {}\n", 7, 13, "nothing is changed", NULL},
    {"change resolver", STEPS "  - change: {resolver: forgit}\n", 7, 24, "`forget`", NULL},
    {"wait", STEPS "  - wait: soon\n", 7, 11, "not a duration", NULL},
    {"expectation", STEPS "  - dkim: a.b\n    expect: {reslt: pass}\n", 8, 14,
     "a dkim step has no assertion `reslt`", "`result`"},
    {"expectation elsewhere", STEPS "  - dkim: a.b\n    expect: {verdict: declined}\n", 8, 14,
     "no assertion `verdict`", "setup"},
    {"nested expectation", STEPS "  - dkim: a.b\n    expect: {key: {bit: 1}}\n", 8, 20, "`key.bit`",
     "`key.bits`"},
    {"expected word", STEPS "  - dkim: a.b\n    expect: {result: permeror}\n", 8, 22, "not one of",
     "`permerror`"},
    {"expected list", STEPS "  - dkim: a.b\n    expect: {result: [pass, fail]}\n", 8, 22,
     "only `forbid` takes several", NULL},
    {"wait with expectation", STEPS "  - wait: 1s\n    expect: {result: pass}\n", 8, 5,
     "nothing to assert", NULL},
    {"expect as text", STEPS "  - dkim: a.b\n    expect: pass\n", 8, 13, "must be a mapping", NULL},
};

START_TEST(answers_a_mistake_with_its_place)
{
    const struct mistake *row = &mistakes[_i];
    struct loading loading;
    loading_begin(&loading, row->text);
    loading_expect_error(&loading, row->line, row->column, row->sentence, row->hint);
    loading_end(&loading);
}
END_TEST

START_TEST(tells_all_mistakes_in_the_order_of_the_file)
{
    struct loading loading;
    loading_begin(&loading, STEPS "  - wait: x\n  - dkim: a..b\n    expct: {}\nlatnecy: 3\n");
    ck_assert_uint_eq(loading.diags.count, 4);
    for (size_t i = 1; i < loading.diags.count; i++) {
        ck_assert_uint_le(loading.items[i - 1].place.line, loading.items[i].place.line);
    }
    loading_end(&loading);
}
END_TEST

START_TEST(counts_the_mistakes_it_has_no_room_for)
{
    static char text[4096];
    struct loading loading;
    struct text buffer = text_in(text, sizeof text);
    text_put(&buffer, STEPS);
    for (unsigned i = 0; i < DIAGS_DEFAULT_MAX + 5; i++) {
        text_put(&buffer, "  - wait: x\n");
    }
    loading_begin(&loading, text);
    ck_assert_uint_eq(loading.diags.count, DIAGS_DEFAULT_MAX);
    ck_assert_uint_eq(loading.diags.dropped, 5);
    loading_end(&loading);
}
END_TEST

START_TEST(a_typo_is_answered_with_line_column_and_the_right_spelling)
{
    struct loading loading;
    loading_begin(&loading, STEPS "  - dkim: k.z.example\n    expct: {result: pass}\n");
    ck_assert_str_eq(loading_told(&loading),
                     "\ntest.yaml:8:5: error: unknown key `expct` in a step; did you mean "
                     "`expect`?\n    8 |     expct: {result: pass}\n      |     ^\n");
    loading_end(&loading);
}
END_TEST

/* --- files that are none --- */

START_TEST(what_is_no_file_is_told)
{
    struct loading loading;
    loading_begin_file(&loading, "/");
    ck_assert_ptr_nonnull(strstr(loading.items[0].sentence, "not a scenario file"));
    loading_end(&loading);
    loading_begin_file(&loading, "/nowhere/at/all.yaml");
    ck_assert_ptr_nonnull(strstr(loading.items[0].sentence, "cannot open"));
    loading_end(&loading);
    loading_begin_file(&loading, "/dev/zero");
    ck_assert_ptr_nonnull(strstr(loading.items[0].sentence, "larger than"));
    loading_end(&loading);
    loading_begin_file(&loading, "/dev/null");
    ck_assert_ptr_nonnull(strstr(loading.items[0].sentence, "empty"));
    loading_end(&loading);
}
END_TEST

static void make_file(char path[32], size_t size, char octet)
{
    strcpy(path, "/tmp/fz-scenario-XXXXXX");
    const int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    FILE *file = fdopen(descriptor, "w");
    for (size_t i = 0; i < size; i++) {
        putc(octet, file);
    }
    ck_assert_int_eq(fclose(file), 0);
}

START_TEST(ten_megabytes_are_refused_unread)
{
    char path[32];
    struct loading loading;
    make_file(path, 10 << 20, 'x');
    loading_begin_file(&loading, path);
    unlink(path);
    ck_assert_ptr_nonnull(strstr(loading.items[0].sentence, "10485760 octets"));
    ck_assert_uint_lt(loading.arena.used, 1 << 20);
    loading_end(&loading);
}
END_TEST

START_TEST(a_file_nobody_may_read_is_told)
{
    char path[32];
    struct loading loading;
    make_file(path, 10, 'x');
    ck_assert_int_eq(chmod(path, 0), 0);
    loading_begin_file(&loading, path);
    unlink(path);
    if (geteuid() != 0) { /* root may read it */
        ck_assert_ptr_nonnull(strstr(loading.items[0].sentence, "cannot open"));
    }
    loading_end(&loading);
}
END_TEST

START_TEST(one_huge_scalar_is_refused_or_loaded_but_never_fatal)
{
    static char text[SCENARIO_OCTETS_MAX + 64];
    struct loading loading;
    for (size_t size = SCENARIO_OCTETS_MAX - 1; size <= SCENARIO_OCTETS_MAX + 1; size++) {
        memset(text, 'x', size);
        memcpy(text, "scenario: ", 10);
        text[size] = '\0';
        loading_begin(&loading, text);
        ck_assert_ptr_null(loading.scenario);
        loading_end(&loading);
    }
}
END_TEST

START_TEST(memory_that_runs_out_is_told_wherever_it_does)
{
    static const char text[] =
        "scenario: x\nzones:\n  z.example:\n    provider: cloudflare\n    proxied: [k]\n"
        "    records: |\n      k 60 CNAME k.esp.example.\n  esp.example:\n    records: |\n"
        "      k TXT \"v=DKIM1; p=\"\nfaults: [{loss: 1%, to: root}]\nsteps:\n"
        "  - dkim: k.z.example\n    expect: {result: pass}\n  - change: {z.example: {proxied: "
        "[]}}\n"
        "  - setup: {name: k.z.example, type: CNAME, value: k.esp.example}\n";
    size_t loaded = 0;
    for (size_t ceiling = 0; ceiling < (size_t)600 * 1024; ceiling += 1531) {
        struct loading loading = {0};
        arena_init(&loading.arena, ceiling);
        loading.diags = (struct diags){.items = loading.items, .capacity = DIAGS_DEFAULT_MAX};
        loading.scenario =
            scenario_parse(bytes_of_string(text), "t", "t", &loading.arena, &loading.diags);
        ck_assert_int_eq(loading.scenario == NULL, loading.diags.count > 0);
        loaded += loading.scenario != NULL;
        loading_end(&loading);
    }
    ck_assert_uint_gt(loaded, 0);
}
END_TEST

START_TEST(any_cut_of_a_file_loads_or_is_told)
{
    static char text[4096];
    static const char whole[] = STEPS "  - dkim: {name: k.z.example, d: z.example}\n"
                                      "    expect: {result: pass, key: {bits: 2048}}\n"
                                      "  - change: {faults: [{delay: 3ms, nth: 2..3}]}\n";
    for (size_t size = 0; size < sizeof whole; size++) {
        struct loading loading;
        memcpy(text, whole, size);
        text[size] = '\0';
        loading_begin(&loading, text);
        loading_end(&loading);
        if (size > 0) { /* and with the last octet spoiled */
            text[size - 1] = '{';
            loading_begin(&loading, text);
            loading_end(&loading);
        }
    }
}
END_TEST

/* --- what a file becomes --- */

START_TEST(steps_say_what_they_do)
{
    struct loading loading;
    loading_begin_fine(&loading, STEPS
                       "  - lookup: www.z.example. AAAA\n  - lookup: {name: z.example, type: SOA, "
                       "server: z.example, edns: 0, tcp: true, cd: true, dnssec: true}\n"
                       "  - dkim: k.z.example\n  - wait: 1h30m\n"
                       "  - setup: [{name: a.b, type: CNAME, value: c.d}, {name: a.b, type: TXT, "
                       "value: x, role: spf}]\n"
                       "  - change: {z.example: {ttl: 3, silent: true}, resolver: forget}\n");
    const struct step *steps = loading.scenario->steps;
    ck_assert_uint_eq(loading.scenario->step_count, 6);
    ck_assert_str_eq(steps[0].shown, "lookup www.z.example. AAAA");
    ck_assert_int_eq(steps[0].as.lookup.question.type, RRTYPE_AAAA);
    ck_assert(steps[0].as.lookup.to_resolver && steps[0].as.lookup.question.recursion_desired);
    ck_assert_uint_eq(steps[0].as.lookup.question.udp_size, 1232);
    const struct client_question *question = &steps[1].as.lookup.question;
    ck_assert(!steps[1].as.lookup.to_resolver && !question->recursion_desired);
    ck_assert(question->tcp_only && question->checking_disabled && question->dnssec_ok);
    ck_assert_uint_eq(question->udp_size, 0);
    ck_assert(address_equal(&question->server.address,
                            &loading_zone(&loading, "z.example")->servers[0].addresses[0]));
    ck_assert_str_eq(steps[2].shown, "dkim k.z.example.");
    ck_assert(bytes_are(steps[2].as.dkim.expected_record, "v=DKIM1; p="));
    ck_assert(!steps[2].as.dkim.expected_said);
    ck_assert_uint_eq(steps[3].as.wait, 5400 * NS_PER_S);
    ck_assert_str_eq(steps[3].shown, "wait 1h30m");
    ck_assert_str_eq(steps[4].shown, "setup a.b. CNAME c.d. and 1 more");
    ck_assert_int_eq(steps[4].as.setup.records[1].role, PLAN_SPF);
    ck_assert_str_eq(steps[5].shown, "change z.example: ttl, silent, resolver");
    ck_assert(steps[5].as.change.forgets && !steps[5].as.change.replaces_faults);
    loading_end(&loading);
}
END_TEST

START_TEST(the_signing_domain_is_what_follows_domainkey)
{
    struct loading loading;
    loading_begin_fine(&loading,
                       STEPS "  - dkim: s._domainkey.mail.z.example\n  - dkim: s.z.example\n"
                             "  - dkim: {name: s._domainkey.z.example, d: other.example, "
                             "i: a@b.example, algorithm: ed25519-sha256}\n");
    const struct step *steps = loading.scenario->steps;
    ck_assert(bytes_are(steps[0].as.dkim.signature.domain, "mail.z.example"));
    ck_assert(bytes_are(steps[1].as.dkim.signature.domain, "s.z.example"));
    ck_assert(bytes_are(steps[2].as.dkim.signature.domain, "other.example"));
    ck_assert(bytes_are(steps[2].as.dkim.signature.identity, "a@b.example"));
    ck_assert_int_eq(steps[2].as.dkim.signature.algorithm, DKIM_ED25519_SHA256);
    loading_end(&loading);
}
END_TEST

START_TEST(the_right_key_is_where_the_zones_lead_behaviours_aside)
{
    struct loading loading;
    loading_begin_fine(
        &loading,
        "scenario: x\nzones:\n  z.example:\n    provider: cloudflare\n    proxied: [a]\n"
        "    records: |\n      a CNAME b.esp.example.\n      loop CNAME loop\n"
        "      gone CNAME nowhere.example.\n  esp.example:\n    silent: true\n    records: |\n"
        "      b CNAME c.moved\n      moved DNAME keys\n      c.keys TXT \"v=DKIM1;\" \" p=\"\n"
        "steps: [{dkim: a.z.example}, {dkim: loop.z.example}, {dkim: gone.z.example},\n"
        "  {dkim: {name: a.z.example, key: other}},\n"
        "  {dkim: {name: gone.z.example, key-at: c.keys.esp.example}}]\n");
    const struct step *steps = loading.scenario->steps;
    ck_assert(bytes_are(steps[0].as.dkim.expected_record, "v=DKIM1; p="));
    ck_assert_uint_eq(steps[1].as.dkim.expected_record.size, 0);
    ck_assert_uint_eq(steps[2].as.dkim.expected_record.size, 0);
    ck_assert(bytes_are(steps[3].as.dkim.expected_record, "other"));
    ck_assert(steps[3].as.dkim.expected_said);
    ck_assert(bytes_are(steps[4].as.dkim.expected_record, "v=DKIM1; p="));
    loading_end(&loading);
}
END_TEST

START_TEST(expectations_keep_their_order_place_and_wording)
{
    struct loading loading;
    loading_begin_fine(&loading, STEPS
                       "  - dkim: k.z.example\n    expect: {result: pass, key: {bits: 2048}}\n"
                       "    forbid:\n      result: [fail, policy]\n      key.type: ed25519\n");
    const struct step *step = &loading.scenario->steps[0];
    ck_assert_uint_eq(step->expectation_count, 5);
    ck_assert_str_eq(step->expectations[0].shown, "result: pass");
    ck_assert_str_eq(step->expectations[1].shown, "key.bits: 2048");
    ck_assert_uint_eq(step->expectations[1].wanted.number, 2048);
    ck_assert_str_eq(step->expectations[1].row->key, "key.bits");
    ck_assert_str_eq(step->expectations[2].shown, "result: fail");
    ck_assert(step->expectations[2].forbidden && !step->expectations[1].forbidden);
    ck_assert_str_eq(step->expectations[3].shown, "result: policy");
    ck_assert_uint_eq(step->expectations[4].place.line, 11);
    ck_assert_uint_eq(step->expectations[4].place.column, 7);
    loading_end(&loading);
}
END_TEST

START_TEST(faults_find_their_links)
{
    struct loading loading;
    loading_begin_fine(&loading,
                       HEAD "faults:\n  - loss: 20%\n    to: z.example\n"
                            "  - delay: 1s\n    from: [resolver, 203.0.113.9]\n"
                            "  - loss: true\n    chance: 5%\n    to: [root, tld]\n"
                            "  - delay: {time: 3ms, jitter: 2ms}\n    from: ns1.z.example\n");
    const struct fault *faults = loading.scenario->faults;
    ck_assert_uint_eq(loading.scenario->fault_count, 4);
    ck_assert_str_eq(faults[0].row->name, "loss");
    ck_assert_uint_eq(faults[0].trigger.chance_ppm, 200000);
    ck_assert_uint_eq(faults[0].to_count, 4); /* two servers, two addresses each */
    ck_assert_uint_eq(faults[0].from_count, 0);
    ck_assert_uint_eq(faults[1].from_count, 3);
    ck_assert_uint_eq(faults[2].trigger.chance_ppm, 50000);
    ck_assert_uint_eq(faults[2].to_count, 4);
    ck_assert_uint_eq(faults[3].from_count, 2);
    ck_assert_uint_eq(faults[3].place.line, 14);
    loading_end(&loading);
}
END_TEST

static const char *folder(void)
{
    const char *path = getenv("SCENARIOS_DIR");
    return path != NULL ? path : "scenarios";
}

START_TEST(the_articles_key_is_there_byte_for_byte)
{
    static const char first[] =
        "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA0Mi1ZbalFRcpxsXtoK7zbN76nPr4"
        "NFWTXYgnuj8HMRKLiheg8AKegChOttXmHWqOFEiIM7+a6b7Xsq5rAgLQ+eWb3rqq4153WoXq226mpTLLMVb5jjt1xq"
        "ktlyUaVYq4AvOiOe2Xc1g8MV8UK/2ghSUqDSWXWBuKo03EAkWEFYOp0vCQxg2erusZnL2A6u+v4";
    static const char second[] =
        "P2Si2dMNVsq6wtwImB80KN/VmTpGldl2f4L3mIM83ItiYDnAlO7+uc4IOsUMl+o4h/+LDsVwdhmiSCscKX8ktjlaKH"
        "Wy1qeMO7QG+ic/DF5WdrUytARpGKIRt/fYrngOTreQcNu5dYY7NPG5kF+6wIDAQAB";
    static const char *const files[] = {"article-dns-only", "article-proxied",
                                        "proxied-then-dns-only"};
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        char path[4096];
        struct loading loading;
        struct name owner;
        struct bytes string;
        snprintf(path, sizeof path, "%s/proxy/%s.yaml", folder(), files[i]);
        loading_begin_file(&loading, path);
        ck_assert_msg(loading.scenario != NULL, "%s", loading_told(&loading));
        name_parse_text(bytes_of_string("cs1.domainkey.coresender.net"), NULL, &owner, NULL);
        const struct rrset *rrset =
            zone_rrset(loading_zone(&loading, "coresender.net")->zone, &owner, RRTYPE_TXT);
        ck_assert_ptr_nonnull(rrset);
        ck_assert_uint_eq(rrset->count, 1);
        struct bytes rest = rrset->rdata[0];
        ck_assert(rdata_txt_next(&rest, &string) && bytes_are(string, first));
        ck_assert_uint_eq(string.size, 255);
        ck_assert(rdata_txt_next(&rest, &string) && bytes_are(string, second));
        ck_assert_uint_eq(string.size, 155);
        ck_assert_uint_eq(rest.size, 0);
        loading_end(&loading);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("scenario");
    add_rows(suite, answers_a_mistake_with_its_place, mistakes);
    add_test(suite, tells_all_mistakes_in_the_order_of_the_file);
    add_test(suite, counts_the_mistakes_it_has_no_room_for);
    add_test(suite, a_typo_is_answered_with_line_column_and_the_right_spelling);
    add_test(suite, what_is_no_file_is_told);
    add_test(suite, ten_megabytes_are_refused_unread);
    add_test(suite, a_file_nobody_may_read_is_told);
    add_test(suite, one_huge_scalar_is_refused_or_loaded_but_never_fatal);
    add_test(suite, memory_that_runs_out_is_told_wherever_it_does);
    add_test(suite, any_cut_of_a_file_loads_or_is_told);
    add_test(suite, steps_say_what_they_do);
    add_test(suite, the_signing_domain_is_what_follows_domainkey);
    add_test(suite, the_right_key_is_where_the_zones_lead_behaviours_aside);
    add_test(suite, expectations_keep_their_order_place_and_wording);
    add_test(suite, faults_find_their_links);
    add_test(suite, the_articles_key_is_there_byte_for_byte);
    return suite;
}

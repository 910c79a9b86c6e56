#include "fuzz/worlds.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#define SCENARIO_CEILING ((size_t)16 * 1024 * 1024)
#define STAGE_CEILING    ((size_t)64 * 1024 * 1024)
#define SEED             1

/* RFC 8463 A.2 */
#define KEY "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="

#define PROVIDER                                                                                   \
    "  esp.example:\n"                                                                             \
    "    records: |\n"                                                                             \
    "      k1.dkim 3600 TXT \"" KEY "\"\n"                                                         \
    "      track 300 A 203.0.113.80\n"

/* A zone whose servers all refuse. */
#define REFUSING(zone)                                                                             \
    "  " zone ":\n"                                                                                \
    "    servers:\n"                                                                               \
    "      ns1: {rcode: REFUSED}\n      ns2: {rcode: REFUSED}\n      ns3: {rcode: REFUSED}\n"      \
    "      ns4: {rcode: REFUSED}\n      ns5: {rcode: REFUSED}\n      ns6: {rcode: REFUSED}\n"      \
    "      ns7: {rcode: REFUSED}\n      ns8: {rcode: REFUSED}\n      ns9: {rcode: REFUSED}\n"      \
    "    records: |\n"                                                                             \
    "      ns 300 A 203.0.113.82\n"

#define STEPS                                                                                      \
    "steps:\n"                                                                                     \
    "  - dkim: k1._domainkey.customer.example\n"                                                   \
    "  - setup: {name: k1._domainkey.customer.example, type: CNAME, value: k1.dkim.esp.example}\n" \
    "  - wait: 20m\n"                                                                              \
    "  - dkim: k1._domainkey.customer.example\n"

static const char *const usual[] = {
    "k1._domainkey.customer.example.",
    "k1.dkim.esp.example.",
    "customer.example.",
    "nobody.customer.example.",
    "a.b.c.d.customer.example.",
    "esp.example.",
    "example.",
    ".",
    NULL,
};

static const struct fuzz_world worlds[WORLDS] = {
    {
        .text = "scenario: a healthy customer\nzones:\n" PROVIDER "  customer.example:\n"
                "    records: |\n"
                "      k1._domainkey 300 CNAME k1.dkim.esp.example.\n"
                "      @ 300 TXT \"v=spf1 include:esp.example -all\"\n" STEPS,
        .names = usual,
        .liar = "customer.example.",
        .dkim = DKIM_PASS,
        .verdict = SETUP_VERIFIED,
    },
    {
        .text = "scenario: a proxied record\nzones:\n" PROVIDER "  customer.example:\n"
                "    provider: cloudflare\n"
                "    proxied: [k1._domainkey]\n"
                "    records: |\n"
                "      k1._domainkey 300 CNAME k1.dkim.esp.example.\n" STEPS,
        .names = usual,
        .liar = "customer.example.",
        .dkim = DKIM_PERMERROR,
        .verdict = SETUP_DECLINED,
    },
    {
        .text = "scenario: two servers elsewhere, a DNAME and a long way\nzones:\n" PROVIDER
                "  customer.example:\n"
                "    servers: [ns1.host.example., ns2.host.example.]\n"
                "    records: |\n"
                "      k1._domainkey 300 CNAME k1.old.customer.example.\n"
                "      old 300 DNAME dkim.esp.example.\n"
                "  host.example:\n"
                "    records: |\n"
                "      www 300 A 203.0.113.81\n"
                "steps:\n"
                "  - dkim: k1._domainkey.customer.example\n"
                "  - wait: 20m\n"
                "  - dkim: k1._domainkey.customer.example\n",
        .names = usual,
        .liar = "customer.example.",
        .dkim = DKIM_PASS,
        .verdict = SETUP_VERIFIED,
    },
    {
        .text = "scenario: a key that needs TCP\nresolver: {edns-size: 512}\nzones:\n"
                "  esp.example:\n"
                "    records: |\n"
                "      k1.dkim 3600 TXT \"" KEY "\"\n"
                "      k1.dkim 3600 TXT \"0123456789012345678901234567890123456789"
                "0123456789012345678901234567890123456789012345678901234567890123456789"
                "0123456789012345678901234567890123456789012345678901234567890123456789"
                "012345678901234567890123456789\"\n"
                "      k1.dkim 3600 TXT \"9876543210987654321098765432109876543210"
                "9876543210987654321098765432109876543210987654321098765432109876543210"
                "9876543210987654321098765432109876543210987654321098765432109876543210\"\n"
                "  customer.example:\n"
                "    records: |\n"
                "      k1._domainkey 300 CNAME k1.dkim.esp.example.\n"
                "steps:\n"
                "  - lookup: k1._domainkey.customer.example TXT\n",
        .names = usual,
        .liar = "customer.example.",
        .dkim = DKIM_PASS,
        .verdict = SETUP_VERIFIED,
    },
    {
        .text = "scenario: minimised, in mixed case and with cookies\n"
                "resolver: {qname-minimisation: true, case-randomisation: true, cookies: true}\n"
                "zones:\n" PROVIDER "  customer.example:\n"
                "    cookies: required\n"
                "    records: |\n"
                "      k1._domainkey 300 CNAME k1.dkim.esp.example.\n"
                "      \"*\" 300 TXT \"wildcard\"\n" STEPS,
        .names = usual,
        .liar = "customer.example.",
        .dkim = DKIM_PASS,
        .verdict = SETUP_VERIFIED,
    },
    {
        .text = "scenario: server names in zones whose servers refuse\n"
                "resolver: {queries-max: 60}\n"
                "zones:\n" REFUSING("b.net") REFUSING("c.net") REFUSING("d.net")
                    REFUSING("e.net") "  customer.example:\n"
                                      "    servers: [ns.b.net., ns.c.net., ns.d.net., ns.e.net.]\n"
                                      "    records: |\n"
                                      "      k1._domainkey 300 TXT \"" KEY "\"\n"
                                      "steps:\n"
                                      "  - dkim: k1._domainkey.customer.example\n",
        .names = usual,
        .liar = "customer.example.",
        .dkim = DKIM_TEMPERROR,
        .verdict = SETUP_RETRY_LATER,
    },
};

const struct fuzz_world *fuzz_world(size_t index)
{
    return &worlds[index];
}

static struct stage *build(size_t index, struct arena *scenario_arena, struct arena *stage_arena,
                           struct arena *trace_arena)
{
    static struct diag items[DIAGS_DEFAULT_MAX];
    struct diags diags = {.items = items, .capacity = DIAGS_DEFAULT_MAX};
    const struct stage_options options = {.seed = SEED};
    struct diag error;
    arena_init(scenario_arena, SCENARIO_CEILING);
    arena_init(stage_arena, STAGE_CEILING);
    arena_init(trace_arena, STAGE_CEILING);
    const struct scenario *scenario = scenario_parse(bytes_of_string(worlds[index].text), "world",
                                                     "world", scenario_arena, &diags);
    if (scenario == NULL) {
        fprintf(stderr, "world %zu, line %u: %s\n", index, items[0].place.line, items[0].sentence);
        abort();
    }
    return stage_build(scenario, &options, stage_arena, trace_arena, &error);
}

struct stage *fuzz_world_stage(size_t index)
{
    static struct arena arenas[WORLDS][3];
    static struct stage *stages[WORLDS];
    if (stages[index] == NULL) {
        stages[index] = build(index, &arenas[index][0], &arenas[index][1], &arenas[index][2]);
        assert(stages[index] != NULL);
    }
    return stages[index];
}

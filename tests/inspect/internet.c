#include "tests/inspect/internet.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "tests/inspect/stories.h"
#include "tests/mail/test_keys.h"
#include "wire/rrtype.h"

#define QUESTIONS_MOST 100
#define LINES_MAX      4096

#define N           "k1._domainkey.c.example. "
#define TARGET_NAME "k1.esp.example."
#define TARGET      TARGET_NAME " "
#define SOA         "- c.example. SOA 1800\n"
#define ESP_SOA     "- esp.example. SOA 60\n"

/* What is not said otherwise; the first that fits counts. */
static const char *const usual[] = {
    "root c.example. DS\nflag AA\n- . SOA 300\n",
    "root esp.example. DS\nflag AA\n- . SOA 300\n",
    "ns1 " N "any\n+ " N "CNAME " TARGET_NAME "\n",
    "ns1 c.example. SOA\n+ c.example. SOA 300\n",
    "ns1 c.example. NS\n+ c.example. NS ns1.c.example.\n+ c.example. NS ns2.c.example.\n",
    "ns1 ns1.c.example. A\n+ ns1.c.example. A 192.0.2.11\n",
    "ns1 ns2.c.example. A\n+ ns2.c.example. A 192.0.2.12\n",
    "ns1 c.example. any\n" SOA,
    "ns1 ns1.c.example. any\n" SOA,
    "ns1 ns2.c.example. any\n" SOA,
    "ns1 _domainkey.c.example. any\n" SOA,
    "ns1 . any\nrcode NXDOMAIN\n" SOA,
    "esp " TARGET "TXT\n+ " TARGET "TXT v=DKIM1; k=rsa; p=" RSA_1024 "\n",
    "esp " TARGET "any\n" ESP_SOA,
    "esp . any\nrcode NXDOMAIN\n" ESP_SOA,
    NULL,
};

static const struct who {
    const char *name;
    struct address address;
} whos[] = {
    {"root", {ADDRESS_V4, {198, 41, 0, 4}}},
    {"ns1", {ADDRESS_V4, {192, 0, 2, 11}}},
    {"ns2", {ADDRESS_V4, {192, 0, 2, 12}}},
    {"esp", {ADDRESS_V4, {192, 0, 2, 21}}},
    {"other", {ADDRESS_V4, {192, 0, 2, 99}}},
    {"ns1v6", {ADDRESS_V6, {0x20, 0x01, 0x0d, 0xb8, [15] = 0x11}}},
    {"ns2v6", {ADDRESS_V6, {0x20, 0x01, 0x0d, 0xb8, [15] = 0x12}}},
};

static const char *const manners[PROBE_MANNERS] = {
    [MANNER_PLAIN] = "plain",
    [MANNER_SMALL] = "small",
    [MANNER_LARGE] = "large",
    [MANNER_NO_EDNS] = "bare",
    [MANNER_EDNS_1] = "version",
    [MANNER_OPTION] = "option",
    [MANNER_MIXED_CASE] = "case",
    [MANNER_TCP] = "tcp",
    [MANNER_PLACES] = "africa",
    "asia",
    "europe",
    "north",
    "south",
};

/* Who is asked, with the manner: "ns1/plain". */
static void name_asked(const struct probe *probe, char *ret, size_t capacity)
{
    const char *who = "nobody";
    if (probe->view == VIEW_RESOLVER) {
        snprintf(ret, capacity, "%s", probe->manner == MANNER_UNCHECKED ? "cd/" : "res/");
        return;
    }
    for (size_t i = 0; i < sizeof whos / sizeof *whos; i++) {
        who = address_equal(&whos[i].address, &probe->server) ? whos[i].name : who;
    }
    snprintf(ret, capacity, "%s/%s", who, manners[probe->manner]);
}

static bool is_nobodys(const struct name *name)
{
    const struct bytes label = name_first_label(name);
    return label.size == 13 && memcmp(label.data, "zz", 2) == 0;
}

/* Whether a reply is for this question; what to say goes into `*ret_lines`, past "who". */
static bool fits(const char *reply, const char *asked, const struct probe *probe,
                 const char **ret_lines)
{
    char who[32];
    char owner[256];
    char mnemonic[16];
    int at = 0;
    uint16_t type = 0;
    ck_assert_msg(sscanf(reply, "%31s %n%255s %15s", who, &at, owner, mnemonic) == 3, "%s", reply);
    *ret_lines = reply + at;
    const size_t length = strcspn(asked, "/");
    const bool whole = strchr(who, '/') != NULL;
    if (whole ? strcmp(who, asked) != 0
              : strlen(who) != length || strncmp(who, asked, length) != 0) {
        return false;
    }
    if (strcmp(mnemonic, "any") != 0) {
        ck_assert(rrtype_parse(bytes_of_string(mnemonic), &type));
    }
    const struct name name = name_of_text(strcmp(owner, "*") == 0 ? "." : owner);
    const bool any_name = strcmp(owner, ".") == 0;
    const bool same = strcmp(owner, "*") == 0 ? is_nobodys(&probe->name)
                                              : any_name || name_equal(&name, &probe->name);
    return same && (type == 0 || type == probe->type);
}

static const char *find(const char *const *replies, const char *asked, const struct probe *probe)
{
    const char *lines;
    for (size_t i = 0; replies[i] != NULL; i++) {
        if (fits(replies[i], asked, probe, &lines)) {
            return lines;
        }
    }
    return NULL;
}

/* A referral of the root's. */
static const char *refer(const struct name *name)
{
    const struct name esp = name_of_text("esp.example.");
    const struct name customer = name_of_text("c.example.");
    if (name_is_at_or_below(name, &esp)) {
        return "* NS\n- esp.example. NS ns1.esp.example.\n~ ns1.esp.example. A 192.0.2.21\n";
    }
    return name_is_at_or_below(name, &customer)
               ? "* NS\n- c.example. NS ns1.c.example.\n- c.example. NS ns2.c.example.\n"
                 "~ ns1.c.example. A 192.0.2.11\n~ ns2.c.example. A 192.0.2.12\n"
               : "* NS\nflag AA\nrcode NXDOMAIN\n- . SOA 300\n";
}

/* The second server is asked for the first, once: NOLINTNEXTLINE(misc-no-recursion) */
static const char *lines_of(const char *const *replies, const char *asked,
                            const struct probe *probe)
{
    const char *lines = find(replies, asked, probe);
    if (lines == NULL && strncmp(asked, "ns", 2) == 0 && strncmp(asked, "ns1/", 4) != 0) {
        char first[32]; /* as the first server */
        snprintf(first, sizeof first, "ns1%s", strchr(asked, '/'));
        return lines_of(replies, first, probe);
    }
    lines = lines != NULL ? lines : find(usual, asked, probe);
    return lines != NULL ? lines : refer(&probe->name);
}

/* What the resolver says: what the first server of the zone does, and what is behind its CNAME. */
static void resolve(const char *const *replies, const struct probe *probe, char lines[LINES_MAX])
{
    struct probe below = *probe;
    const struct name esp = name_of_text("esp.example.");
    const bool of_esp = name_is_at_or_below(&probe->name, &esp);
    const char *said = lines_of(replies, of_esp ? "esp/plain" : "ns1/plain", &below);
    snprintf(lines, LINES_MAX, "%s", said);
    if (!of_esp && probe->type != RRTYPE_CNAME && strstr(said, " CNAME " TARGET_NAME) != NULL) {
        below.name = name_of_text(TARGET_NAME);
        const char *more = strchr(lines_of(replies, "esp/plain", &below), '\n') + 1;
        ck_assert_uint_lt(strlen(lines) + strlen(more), LINES_MAX);
        strcat(lines, more);
    }
}

/* The flag and the OPT record that every server gives. */
static void dress(const char *asked, const struct probe *probe, char *lines, size_t capacity)
{
    const bool bare = strstr(lines, "\nbare\n") != NULL || probe->manner == MANNER_NO_EDNS;
    char *said = strstr(lines, "\nbare\n");
    if (said != NULL) {
        memmove(said, said + 5, strlen(said + 5) + 1);
    }
    ck_assert_uint_lt(strlen(lines) + 16, capacity);
    if (strncmp(asked, "root", 4) != 0 && probe->view == VIEW_SERVER) {
        strcat(lines, "flag AA\n");
    }
    if (!bare && strstr(lines, "\nede") == NULL && strstr(lines, "\necs") == NULL) {
        strcat(lines, "edns\n");
    }
}

static void answer(struct inspection *inspection, const struct probe *probe,
                   const char *const *replies)
{
    char asked[32];
    char lines[LINES_MAX];
    char filled[LINES_MAX];
    struct canned_reply reply;
    struct client_question question;
    const struct endpoint nobody = {0};
    name_asked(probe, asked, sizeof asked);
    const char *said = probe->view == VIEW_RESOLVER ? find(replies, asked, probe) : NULL;
    if (said != NULL || probe->view == VIEW_SERVER) {
        said = said != NULL ? said : lines_of(replies, asked, probe);
        snprintf(lines, sizeof lines, "%s", said);
    } else {
        resolve(replies, probe, lines);
    }
    if (strstr(lines, "\nsilence\n") != NULL) {
        inspection_take_trouble(inspection, probe, TROUBLE_SILENCE, "no answer came");
        return;
    }
    if (strstr(lines, "\nno-tcp\n") != NULL) {
        inspection_take_trouble(inspection, probe, TROUBLE_NO_TCP, "TCP is refused");
        return;
    }
    dress(asked, probe, lines, sizeof lines);
    probe_question(probe, &nobody, &question); /* perhaps in mixed case */
    story_fill_in(lines, &probe->name, filled, sizeof filled);
    reply_build_for(&reply, &question.name, probe->type, filled);
    inspection_take_reply(inspection, probe, &reply.message);
}

static const struct inspected *judge(struct arena *arena, const struct plan_record *record,
                                     const char *const *replies, bool has_resolver)
{
    const struct vantage vantage = {.has_resolver = has_resolver,
                                    .roots = &whos[0].address,
                                    .root_count = 1,
                                    .v4 = true,
                                    .v6 = true};
    const struct plan plan = {record, 1};
    struct inspection *inspection = inspection_new(arena, &plan, &vantage, 7);
    struct probe probe;
    ck_assert_ptr_nonnull(inspection);
    for (unsigned questions = 0; inspection_next(inspection, &probe); questions++) {
        ck_assert_uint_lt(questions, QUESTIONS_MOST);
        answer(inspection, &probe, replies);
    }
    return &inspection->records[0];
}

const struct inspected *internet_judge(struct arena *arena, const struct plan_record *record,
                                       const char *const *replies)
{
    return judge(arena, record, replies, true);
}

const struct inspected *internet_judge_directly(struct arena *arena,
                                                const struct plan_record *record,
                                                const char *const *replies)
{
    return judge(arena, record, replies, false);
}

#include "inspect/plan.h"

#include "tests/mail/replies.h"
#include "tests/support/support.h"
#include "wire/rrtype.h"

static const struct role {
    const char *name; /* of the record */
    uint16_t type;
    const char *value;
    enum plan_role role;
} roles[] = {
    {"k1._domainkey.c.example.", RRTYPE_CNAME, "k1.esp.example", PLAN_DKIM},
    {"k1._DomainKey.sub.c.example.", RRTYPE_TXT, "v=DKIM1; p=", PLAN_DKIM},
    {"_dmarc.c.example.", RRTYPE_TXT, "v=DMARC1; p=none", PLAN_DMARC},
    {"c.example.", RRTYPE_TXT, "v=spf1 include:esp.example -all", PLAN_SPF},
    {"c.example.", RRTYPE_TXT, "V=SPF1 include:esp.example -all", PLAN_SPF},
    {"c.example.", RRTYPE_TXT, "v=spf10 include:esp.example -all", PLAN_OTHER},
    {"c.example.", RRTYPE_MX, "10 mx.esp.example.", PLAN_MX},
    {"bounce.c.example.", RRTYPE_CNAME, "rp.esp.example", PLAN_OTHER},
    {"domainkey.c.example.", RRTYPE_CNAME, "rp.esp.example", PLAN_OTHER},
};

START_TEST(role_is_guessed)
{
    const struct role *row = &roles[_i];
    const struct name name = name_of_text(row->name);
    struct plan_record record;
    ck_assert(plan_record_make(&name, row->type, bytes_of_string(row->value), &record, NULL));
    ck_assert_str_eq(plan_role_name(record.role), plan_role_name(row->role));
    ck_assert(name_equal(&record.name, &name));
}
END_TEST

static const struct target {
    const char *name;
    uint16_t type;
    const char *value;
    const char *target;
} targets[] = {
    {"no final dot", RRTYPE_CNAME, "k1.esp.example", "k1.esp.example."},
    {"final dot", RRTYPE_CNAME, "k1.esp.example.", "k1.esp.example."},
    {"preference", RRTYPE_MX, "10 mx.esp.example", "mx.esp.example."},
    {"no preference", RRTYPE_MX, "mx.esp.example", "mx.esp.example."},
    {"a label of digits is no preference", RRTYPE_MX, "10.esp.example", "10.esp.example."},
};

START_TEST(targets_are_absolute)
{
    const struct target *row = &targets[_i];
    const struct name name = name_of_text("x.c.example.");
    const struct name wanted = name_of_text(row->target);
    struct plan_record record;
    ck_assert(plan_record_make(&name, row->type, bytes_of_string(row->value), &record, NULL));
    ck_assert(name_equal(&record.target, &wanted));
}
END_TEST

static const struct refused {
    const char *name;
    uint16_t type;
    const char *value;
} refuseds[] = {
    {"A record", RRTYPE_A, "192.0.2.1"},
    {"empty value", RRTYPE_TXT, ""},
    {"no name", RRTYPE_CNAME, "a..b"},
    {"URL", RRTYPE_CNAME, "https://k1.esp.example/"},
};

START_TEST(what_cannot_be_looked_for_is_refused)
{
    const struct refused *row = &refuseds[_i];
    const struct name name = name_of_text("x.c.example.");
    struct plan_record record = {.type = 77};
    const char *why = NULL;
    ck_assert(!plan_record_make(&name, row->type, bytes_of_string(row->value), &record, &why));
    ck_assert_ptr_nonnull(why);
    ck_assert_uint_eq(record.type, 77);
}
END_TEST

static const struct wanted_key {
    const char *name;
    uint16_t type;
    const char *value;
    const char *told; /* the end of it; NULL: there is nothing to say */
} wanted_keys[] = {
    {"a key", RRTYPE_TXT,
     "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", NULL},
    {"no p=", RRTYPE_TXT, "v=DKIM1; k=rsa", "there is no p=; octet 14 of the record is the end"},
    {"revoked", RRTYPE_TXT, "v=DKIM1; p=", "its `p=` is empty, which revokes a key"},
    {"another type", RRTYPE_CNAME, "k1.esp.example", NULL},
};

START_TEST(a_wanted_key_must_be_one)
{
    const struct wanted_key *row = &wanted_keys[_i];
    const struct name name = name_of_text("k1._domainkey.c.example.");
    struct plan_record record;
    struct arena scratch;
    char buffer[500];
    struct text told = text_in(buffer, sizeof buffer);
    arena_init(&scratch, 65536);
    ck_assert(plan_record_make(&name, row->type, bytes_of_string(row->value), &record, NULL));
    ck_assert_int_eq(plan_record_is_doubtful(&record, &scratch, &told), row->told != NULL);
    ck_assert(row->told == NULL || strstr(buffer, row->told) != NULL);
    record.role = PLAN_OTHER;
    ck_assert(!plan_record_is_doubtful(&record, &scratch, &told));
    arena_free(&scratch);
}
END_TEST

START_TEST(roles_are_read_back)
{
    for (unsigned i = 0; i < PLAN_ROLES; i++) {
        enum plan_role role;
        ck_assert(plan_role_parse(bytes_of_string(plan_role_name(i)), &role));
        ck_assert_uint_eq(role, i);
    }
    enum plan_role role;
    ck_assert(!plan_role_parse(bytes_of_string("DKIM"), &role));
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("plan");
    add_rows(suite, role_is_guessed, roles);
    add_rows(suite, targets_are_absolute, targets);
    add_rows(suite, what_cannot_be_looked_for_is_refused, refuseds);
    add_rows(suite, a_wanted_key_must_be_one, wanted_keys);
    add_test(suite, roles_are_read_back);
    return suite;
}

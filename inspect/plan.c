/* Records asked for, from how people write them. */
#include "inspect/plan.h"

#include "inspect/given.h"
#include "mail/dkim_key.h"
#include "mail/policy_text.h"
#include "wire/octets.h"
#include "wire/rrtype.h"

static const char *const role_names[PLAN_ROLES] = {
    [PLAN_DKIM] = "dkim",         [PLAN_RETURN_PATH] = "return-path",
    [PLAN_TRACKING] = "tracking", [PLAN_SPF] = "spf",
    [PLAN_DMARC] = "dmarc",       [PLAN_MX] = "mx",
    [PLAN_OTHER] = "other",
};

const char *plan_role_name(enum plan_role role)
{
    return role_names[role];
}

bool plan_role_parse(struct bytes text, enum plan_role *ret)
{
    for (unsigned i = 0; i < PLAN_ROLES; i++) {
        if (bytes_are(text, role_names[i])) {
            *ret = (enum plan_role)i;
            return true;
        }
    }
    return false;
}

bool plan_type_is_known(uint16_t type)
{
    return type == RRTYPE_CNAME || type == RRTYPE_MX || type == RRTYPE_NS || type == RRTYPE_TXT;
}

/* True if the label at `*at` of `name` is `wanted`, in any case; steps to the next label. */
static bool next_label_is(const struct name *name, size_t *at, const char *wanted)
{
    const size_t size = name->octets[*at];
    const uint8_t *label = name->octets + *at + 1;
    *at += size + 1;
    if (size != strlen(wanted)) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        if (lower_octet(label[i]) != (uint8_t)wanted[i]) {
            return false;
        }
    }
    return true;
}

static bool has_domainkey_label(const struct name *name)
{
    for (size_t at = 0; name->octets[at] != 0;) {
        if (next_label_is(name, &at, "_domainkey")) {
            return true;
        }
    }
    return false;
}

static bool begins_with_dmarc(const struct name *name)
{
    size_t at = 0;
    return name->labels > 0 && next_label_is(name, &at, "_dmarc");
}

enum plan_role plan_role_of(const struct name *name, uint16_t type, struct bytes value)
{
    if (type == RRTYPE_MX) {
        return PLAN_MX;
    }
    if (has_domainkey_label(name)) {
        return PLAN_DKIM;
    }
    if (begins_with_dmarc(name)) {
        return PLAN_DMARC;
    }
    return type == RRTYPE_TXT && spf_is_record(value) ? PLAN_SPF : PLAN_OTHER;
}

/* "10 mx.example" without the "10 ". */
static struct bytes without_preference(struct bytes value)
{
    size_t at = 0;
    while (at < value.size && value.data[at] >= '0' && value.data[at] <= '9') {
        at++;
    }
    const size_t digits = at;
    while (at < value.size && (value.data[at] == ' ' || value.data[at] == '\t')) {
        at++;
    }
    return digits > 0 && at > digits ? bytes_after(value, at) : value;
}

static bool refuse(const char **reterr, const char *sentence)
{
    if (reterr != NULL) {
        *reterr = sentence;
    }
    return false;
}

bool plan_record_make(const struct name *name, uint16_t type, struct bytes value,
                      struct plan_record *ret, const char **reterr)
{
    struct plan_record record = {.type = type, .role = plan_role_of(name, type, value)};
    if (!plan_type_is_known(type)) {
        return refuse(reterr, "a set-up check looks for CNAME, MX, NS and TXT records only");
    }
    if (value.size == 0) {
        return refuse(reterr, "the record's value is empty");
    }
    name_copy(&record.name, name);
    if (type == RRTYPE_TXT) {
        record.value = value;
        name_copy(&record.target, name_root());
    } else {
        const struct bytes target = type == RRTYPE_MX ? without_preference(value) : value;
        struct given_fault fault;
        if (!given_name_read(target, NULL, &record.target, &fault)) {
            return refuse(reterr, fault.why);
        }
    }
    *ret = record;
    return true;
}

bool plan_record_is_doubtful(const struct plan_record *record, struct arena *scratch,
                             struct text *ret)
{
    struct dkim_key key;
    if (record->role != PLAN_DKIM || record->type != RRTYPE_TXT ||
        !dkim_key_parse(record->value, scratch, &key) || key.state == DKIM_KEY_FOUND) {
        return false;
    }
    text_put(ret, "this is no key record: ");
    if (key.state == DKIM_KEY_REVOKED) {
        text_put(ret, "its `p=` is empty, which revokes a key");
    } else {
        dkim_problem_put(ret, &key.problem);
    }
    return true;
}

/* The records a mail provider asked its customer for. */
#ifndef FAULTZONE_INSPECT_PLAN_H
#define FAULTZONE_INSPECT_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/endpoint.h"
#include "base/instant.h"
#include "base/text.h"
#include "wire/name.h"

#define PLAN_RECORDS_MAX 32 /* of one plan */

enum plan_role {
    PLAN_DKIM,        /* a DKIM key, or a CNAME to one */
    PLAN_RETURN_PATH, /* the bounce host */
    PLAN_TRACKING,    /* the click tracking host, which a proxy may rightly serve (F08) */
    PLAN_SPF,
    PLAN_DMARC,
    PLAN_MX,
    PLAN_OTHER,
    PLAN_ROLES,
};

#define PLAN_HINTS_MAX 8 /* addresses of each kind */

enum plan_registry { REGISTRY_UNKNOWN, REGISTRY_ACTIVE, REGISTRY_HOLD, REGISTRY_FREE };

/* What is known beside the DNS, by which causes are told apart that look alike in it. All zero: no
 * more is known. */
struct plan_hints {
    const struct address *typed_at; /* servers of the DNS host where the record was typed (F17) */
    size_t typed_at_count;
    const struct address *earlier; /* servers that the domain was delegated to earlier (F18) */
    size_t earlier_count;
    enum plan_registry registry; /* the domain's status by RDAP (F82, F83) */
    struct name asked_as;        /* the name in the verifier's log (F24); size 0: not known */
    bool not_asked;              /* its log shows no question since the record was added (F79) */
    duration_ns wait; /* how long the check may wait for a second look at what a resolver remembers;
                         0: not at all (F74, F76, F77, F92) */
};

struct plan_record {
    struct name name; /* where it is to be */
    uint16_t type;    /* CNAME, MX, NS or TXT */
    enum plan_role role;
    struct name target; /* of all types but TXT: the name it is to lead to */
    struct bytes value; /* of TXT: its strings joined; borrowed */
    struct plan_hints hints;
};

struct plan {
    const struct plan_record *records; /* borrowed */
    size_t count;                      /* at most PLAN_RECORDS_MAX */
};

/* True if the set-up check can look for records of `type`. */
bool plan_type_is_known(uint16_t type);

/* Fills in a record as people write it: `value` is a name (the final dot may be missing: values are
 * always absolute) or, for TXT, the text; a preference before an MX's name is left out. The role is
 * guessed (see plan_role_of). False, a static sentence in `reterr` (may be NULL) and `ret`
 * untouched if `type` is not known or `value` does not fit it. `ret` borrows a TXT's `value`. */
bool plan_record_make(const struct name *name, uint16_t type, struct bytes value,
                      struct plan_record *ret, const char **reterr);

/* True, and a clause in `ret`, if no zone should publish what is wanted: a TXT record for DKIM
 * whose text is no key record, or holds no key. To compare it with what is published would blame a
 * good key. `scratch` is used for reading it. */
bool plan_record_is_doubtful(const struct plan_record *record, struct arena *scratch,
                             struct text *ret);

/* What a record of `type` at `name` is probably for: DKIM below a `_domainkey` label, DMARC at
 * `_dmarc`, SPF for a TXT that begins with v=spf1, MX for an MX, else OTHER. */
enum plan_role plan_role_of(const struct name *name, uint16_t type, struct bytes value);

/* "dkim", "return-path", "tracking", "spf", "dmarc", "mx", "other", and the way back. */
const char *plan_role_name(enum plan_role role);
bool plan_role_parse(struct bytes text, enum plan_role *ret);

#endif

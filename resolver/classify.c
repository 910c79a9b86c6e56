/* What a reply means. The order of questions: is it whole, does its RCODE allow an answer, where
 * does the path from the question lead, and what is said of the path's end. */
#include "resolver/classify.h"

#include <assert.h>

#include "wire/rdata.h"
#include "wire/rrtype.h"

const char *reply_kind_name(enum reply_kind kind)
{
    static const char *const names[REPLY_KINDS] = {
        [REPLY_ANSWER] = "answer",       [REPLY_ALIAS] = "alias",
        [REPLY_REFERRAL] = "referral",   [REPLY_NODATA] = "nodata",
        [REPLY_NXDOMAIN] = "nxdomain",   [REPLY_YXDOMAIN] = "yxdomain",
        [REPLY_TRUNCATED] = "truncated", [REPLY_LAME] = "lame",
        [REPLY_SERVFAIL] = "servfail",   [REPLY_REFUSED] = "refused",
        [REPLY_FORMERR] = "formerr",     [REPLY_NOTIMP] = "notimp",
        [REPLY_BADVERS] = "badvers",     [REPLY_BADCOOKIE] = "badcookie",
        [REPLY_ODD_RCODE] = "odd-rcode", [REPLY_BROKEN] = "broken",
    };
    assert(kind < REPLY_KINDS);
    return names[kind];
}

uint32_t denial_ttl(const struct record *soa)
{
    struct soa_numbers numbers;
    const uint32_t ttl = ttl_of(soa->ttl);
    if (!rdata_soa_numbers(soa->rdata, &numbers)) {
        return 0;
    }
    const uint32_t minimum = ttl_of(numbers.minimum);
    return minimum < ttl ? minimum : ttl;
}

/* What is worked with while a reply is classified. */
struct work {
    const struct message *message;
    const struct reply_question *question;
    const struct policy *policy;
    struct reply *reply;
};

static void conclude(const struct work *work, enum reply_kind kind, const char *why)
{
    work->reply->kind = kind;
    work->reply->why = why;
}

static bool is_authoritative(const struct work *work)
{
    return (work->message->flags & MESSAGE_AA) != 0;
}

/* True if the server may be believed on data of the zone. */
static bool may_answer(const struct work *work)
{
    return is_authoritative(work) || !work->policy->require_authoritative;
}

static const char *why_lame(const struct work *work)
{
    return (work->message->flags & MESSAGE_RA) != 0 ? "lame: it recurses instead of being in charge"
                                                    : "lame: its answer is not authoritative";
}

/* --- the path --- */

/* What the answer section has at the path's end. */
struct found {
    uint32_t answers; /* records of the type asked for */
    uint32_t aliases; /* CNAME records */
    struct record alias;
    bool has_dname;
    struct record dname; /* at the closest ancestor that has one */
    uint8_t dname_labels;
};

static bool is_wanted(const struct work *work, uint16_t type)
{
    return type == work->question->type ||
           (work->question->type == RRTYPE_ANY && type != RRTYPE_OPT);
}

static void note_dname(struct found *found, const struct record *record, const struct name *name)
{
    struct name owner;
    name_expand(record->owner, &owner);
    if (owner.labels < name->labels && name_is_at_or_below(name, &owner) &&
        (!found->has_dname || owner.labels > found->dname_labels)) {
        found->has_dname = true;
        found->dname = *record;
        found->dname_labels = owner.labels;
    }
}

static bool same_target(const struct record *a, const struct record *b)
{
    struct name target;
    name_expand(record_name(a, 0), &target);
    return name_ref_equal(record_name(b, 0), &target);
}

static struct found search(const struct work *work, const struct name *name)
{
    struct found found = {0};
    struct record_walk walk = record_walk_start(work->message, SECTION_ANSWER);
    struct record record;
    while (record_next(&walk, &record)) {
        if (record.rrclass != RRCLASS_IN || record.unsound) {
            continue;
        }
        if (!name_ref_equal(record.owner, name)) {
            if (record.type == RRTYPE_DNAME &&
                name_ref_is_at_or_below(record.owner, work->question->zone)) {
                note_dname(&found, &record, name);
            }
            continue;
        }
        if (is_wanted(work, record.type)) {
            found.answers++;
        } else if (record.type == RRTYPE_CNAME) {
            /* the same said twice is said once (RFC 2181 5) */
            if (found.aliases == 0 || !same_target(&found.alias, &record)) {
                found.alias = record;
                found.aliases++;
            }
        }
    }
    return found;
}

/* --- RCODEs --- */

/* True if the RCODE ends the matter. */
static bool ends_by_rcode(const struct work *work)
{
    switch (work->message->rcode) {
    case RCODE_NOERROR:
    case RCODE_NXDOMAIN: return false;
    case RCODE_YXDOMAIN:
        if (search(work, work->question->name).has_dname) {
            conclude(work, REPLY_YXDOMAIN, "its DNAME makes the name too long");
        } else {
            conclude(work, REPLY_ODD_RCODE, "YXDOMAIN without a DNAME");
        }
        return true;
    case RCODE_SERVFAIL: conclude(work, REPLY_SERVFAIL, "SERVFAIL"); return true;
    case RCODE_REFUSED: conclude(work, REPLY_REFUSED, "REFUSED"); return true;
    case RCODE_FORMERR: conclude(work, REPLY_FORMERR, "FORMERR"); return true;
    case RCODE_NOTIMP: conclude(work, REPLY_NOTIMP, "NOTIMP"); return true;
    case RCODE_BADVERS: conclude(work, REPLY_BADVERS, "BADVERS"); return true;
    case RCODE_BADCOOKIE: conclude(work, REPLY_BADCOOKIE, "BADCOOKIE"); return true;
    case RCODE_NOTAUTH: conclude(work, REPLY_LAME, "lame: NOTAUTH"); return true;
    default: conclude(work, REPLY_ODD_RCODE, "an RCODE without meaning here"); return true;
    }
}

static struct reply_link *new_link(struct reply *reply)
{
    struct reply_link *link = &reply->links[reply->link_count++];
    name_copy(&link->owner, &reply->last);
    link->by_dname = false;
    return link;
}

static void follow_cname(struct reply *reply, const struct record *alias)
{
    struct reply_link *link = new_link(reply);
    link->ttl = alias->ttl;
    name_expand(record_name(alias, 0), &reply->last);
}

/* A CNAME that should have been made of the DNAME and says something else is not believed: the
 * substitution is done here. False if the new name is too long. */
static bool follow_dname(struct reply *reply, const struct found *found)
{
    struct name owner, target, next;
    name_expand(found->dname.owner, &owner);
    name_expand(record_name(&found->dname, 0), &target);
    if (!name_replace_suffix(&reply->last, &owner, &target, &next)) {
        return false;
    }
    struct reply_link *link = new_link(reply);
    link->by_dname = true;
    link->dname_ttl = found->dname.ttl;
    link->dname_labels = found->dname_labels;
    link->ttl = found->aliases > 0 ? found->alias.ttl : found->dname.ttl;
    name_copy(&reply->last, &next);
    return true;
}

static void conclude_answer(const struct work *work)
{
    if (work->message->rcode == RCODE_NXDOMAIN) {
        conclude(work, REPLY_BROKEN, "NXDOMAIN beside an answer");
    } else {
        conclude(work, REPLY_ANSWER, NULL);
    }
}

/* Walks the path as far as it leads. True if its end decided the matter. */
static bool ends_by_path(const struct work *work)
{
    struct reply *reply = work->reply;
    while (name_is_at_or_below(&reply->last, work->question->zone)) {
        const struct found found = search(work, &reply->last);
        if (found.answers > work->policy->rrset_records_max) {
            conclude(work, REPLY_BROKEN, "an RRset of too many records");
            return true;
        }
        if (found.answers > 0) {
            conclude_answer(work);
            return true;
        }
        if (!found.has_dname && found.aliases == 0) {
            return false;
        }
        if (reply->link_count > work->policy->restarts_max) {
            conclude(work, REPLY_ALIAS, NULL);
            return true;
        }
        if (found.has_dname) {
            if (!follow_dname(reply, &found)) {
                conclude(work, REPLY_YXDOMAIN, "its DNAME makes the name too long");
                return true;
            }
            if (work->policy->dname_ends_reply) {
                break;
            }
        } else if (found.aliases > 1) {
            conclude(work, REPLY_BROKEN, "several CNAMEs at one name");
            return true;
        } else {
            follow_cname(reply, &found.alias);
        }
    }
    conclude(work, REPLY_ALIAS, NULL);
    return true;
}

/* --- what the authority section says of the path's end --- */

/* What stands in the authority section. */
struct authority {
    bool has_soa;       /* some SOA, whatever it is worth */
    bool has_cut;       /* NS records at a cut between the zone and the question */
    const char *astray; /* NS records that lead nowhere: why, NULL if there are none */
    bool has_own;       /* NS records of the zone asked for */
};

static void note_soa(const struct work *work, const struct record *record)
{
    struct reply *reply = work->reply;
    struct name owner;
    name_expand(record->owner, &owner);
    if (!reply->has_soa && name_is_at_or_below(&owner, work->question->zone) &&
        name_is_at_or_below(&reply->last, &owner)) {
        reply->has_soa = true;
        reply->soa = *record;
    }
}

static const char *why_astray(const struct work *work, const struct name *owner)
{
    if (name_equal(owner, work->question->zone)) {
        return "lame: refers to its own zone";
    }
    if (name_is_at_or_below(work->question->zone, owner)) {
        return "lame: upward referral";
    }
    return "lame: refers to another zone";
}

static void note_server(const struct work *work, const struct record *record,
                        struct authority *authority)
{
    const struct name *zone = work->question->zone;
    struct name owner;
    name_expand(record->owner, &owner);
    if (owner.labels <= zone->labels || !name_is_at_or_below(&owner, zone) ||
        !name_is_at_or_below(&work->reply->last, &owner)) {
        authority->has_own = authority->has_own || name_equal(&owner, zone);
        authority->astray = why_astray(work, &owner);
        return;
    }
    if (!authority->has_cut) {
        authority->has_cut = true;
        name_copy(&work->reply->cut, &owner);
    }
}

static struct authority read_authority(const struct work *work)
{
    struct authority authority = {0};
    struct record_walk walk = record_walk_start(work->message, SECTION_AUTHORITY);
    struct record record;
    while (record_next(&walk, &record)) {
        if (record.rrclass != RRCLASS_IN || record.unsound) {
            continue;
        }
        if (record.type == RRTYPE_SOA) {
            authority.has_soa = true;
            note_soa(work, &record);
        } else if (record.type == RRTYPE_NS) {
            note_server(work, &record, &authority);
        }
    }
    return authority;
}

/* DS records lie above the cut: a referral to the name itself then means that there are none. */
static bool is_cut_above_ds(const struct work *work)
{
    return work->question->type == RRTYPE_DS && name_equal(&work->reply->cut, &work->reply->last);
}

static void conclude_denial(const struct work *work)
{
    const bool no_name = work->message->rcode == RCODE_NXDOMAIN;
    conclude(work, no_name ? REPLY_NXDOMAIN : REPLY_NODATA, NULL);
}

/* NOERROR or NXDOMAIN, and nothing at the path's end. */
static void conclude_without_answer(const struct work *work)
{
    struct reply *reply = work->reply;
    const struct authority authority = read_authority(work);
    if (reply->link_count > 0) {
        /* What is said of the end of a path counts only with a SOA that speaks for it. */
        if (reply->has_soa && may_answer(work)) {
            conclude_denial(work);
        } else {
            conclude(work, REPLY_ALIAS, NULL);
        }
        return;
    }
    const bool denies = work->message->rcode == RCODE_NXDOMAIN || authority.has_soa;
    if (authority.has_cut && !(denies && is_authoritative(work))) {
        if (is_cut_above_ds(work)) {
            conclude(work, REPLY_NODATA, NULL);
        } else {
            conclude(work, REPLY_REFERRAL, NULL);
        }
        return;
    }
    /* an empty answer that refers elsewhere is none, whatever its AA bit says */
    const bool elsewhere = authority.astray != NULL && !authority.has_own;
    if (may_answer(work) && (denies || (is_authoritative(work) && !elsewhere))) {
        conclude_denial(work);
        return;
    }
    if (!work->policy->require_authoritative && authority.astray == NULL) {
        conclude_denial(work);
        return;
    }
    if (authority.astray != NULL && !authority.has_soa) {
        conclude(work, REPLY_LAME, authority.astray);
        return;
    }
    conclude(work, REPLY_LAME, why_lame(work));
}

void classify(const struct message *message, const struct reply_question *question,
              const struct policy *policy, struct reply *ret)
{
    const struct work work = {message, question, policy, ret};
    assert(name_is_at_or_below(question->name, question->zone));
    ret->link_count = 0;
    ret->has_soa = false;
    ret->why = NULL;
    name_copy(&ret->last, question->name);
    if ((message->flags & MESSAGE_TC) != 0) {
        conclude(&work, REPLY_TRUNCATED, "truncated");
        return;
    }
    if (ends_by_rcode(&work)) {
        return;
    }
    if (!ends_by_path(&work)) {
        conclude_without_answer(&work);
        return;
    }
    const bool says_something = ret->kind == REPLY_ANSWER || ret->kind == REPLY_ALIAS;
    if (says_something && !may_answer(&work)) {
        conclude(&work, REPLY_LAME, why_lame(&work));
    }
}

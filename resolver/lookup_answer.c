/* Answers and denials: what is kept of them, and how they end the level. */
#include "resolver/taking.h"

#include "resolver/company.h"
#include "wire/rrtype.h"

/* What proves the answer or the denial under way goes with it, to the client and into the cache
 * for `ttl` seconds. */
static void take_proof(const struct taking *taking, uint16_t type, uint32_t ttl)
{
    struct context *context = taking->context;
    const struct name *last = &taking->reply->last;
    if (!taking->dnssec_ok) {
        return;
    }
    proof_collect(&context->proof, taking->message, last, type, taking->zone);
    context->proved = proof_octets(&context->proof);
    if (context->proof.overflow) {
        TELL(context, .what = "no-proof", .name = name_bytes(last), .type = taking->type,
             .peer = taking->server, .note = "more signatures than are carried");
    }
    if (ttl > 0) {
        cache_prove(context->cache, last, type, context->proved, context->now,
                    taking_expiry(context, ttl));
    }
}

/* What came beside the answer or the denial of (`name`, `type`) goes with it where clients are
 * given full answers; it is kept for `ttl` seconds. */
static void take_company(const struct taking *taking, const struct name *name, uint16_t type,
                         uint32_t ttl)
{
    struct context *context = taking->context;
    if (!context->policy.full_answers) {
        return;
    }
    company_collect(&context->company, taking->message, name, taking->zone, &context->policy,
                    context->now);
    context->beside = proof_octets(&context->company);
    if (ttl > 0) {
        cache_accompany(context->cache, name, type, context->beside, context->now,
                        taking_expiry(context, ttl));
    }
}

static void take_rrset(const struct taking *taking, struct rrset *rrset)
{
    struct context *context = taking->context;
    rrset->ttl = taking_ttl(context, rrset->ttl);
    TELL(context, .what = "answer", .name = name_bytes(rrset->owner), .type = rrset->type,
         .peer = taking->server, .number = rrset->ttl);
    const bool kept =
        cache_put(context->cache, DRAWER_ANSWERS, rrset, taking_trust(taking->message),
                  context->now, taking_expiry(context, rrset->ttl));
    take_proof(taking, rrset->type, kept ? rrset->ttl : 0);
    take_company(taking, rrset->owner, rrset->type, kept ? rrset->ttl : 0);
    if (lookup_is_priming(taking->lookup)) {
        taking_keep_root(taking, rrset);
    }
    lookup_end_found(context, taking->lookup, rrset, NULL);
}

static void take_any(const struct taking *taking)
{
    struct context *context = taking->context;
    TELL(context, .what = "answer", .name = name_bytes(&taking->reply->last), .type = RRTYPE_ANY,
         .peer = taking->server);
    lookup_end_found(context, taking->lookup, NULL, taking->message);
}

void taking_answer(const struct taking *taking)
{
    struct context *context = taking->context;
    const uint16_t type = lookup_top(taking->lookup)->type;
    struct rrset rrset;
    if (type == RRTYPE_ANY) {
        if (taking_follow(taking)) {
            take_any(taking);
        }
        return;
    }
    if (!scratch_take(&context->scratch, taking->message, SECTION_ANSWER, &taking->reply->last,
                      type, context->policy.rrset_records_max, &rrset)) {
        lookup_drop_address(context, taking->lookup, "error", "an RRset too large");
        return;
    }
    if (type == RRTYPE_NS && rrset.count > context->policy.server_records_max) {
        rrset.count = (uint16_t)context->policy.server_records_max; /* CacheFlush: 1500 of them */
    }
    if (taking_follow(taking)) {
        take_rrset(taking, &rrset);
    }
}

static void keep_denial(const struct taking *taking, uint16_t rcode, const struct rrset *soa)
{
    struct context *context = taking->context;
    const bool no_name = rcode == RCODE_NXDOMAIN;
    const uint16_t type = no_name ? 0 : taking->type;
    const bool kept = cache_deny(context->cache, no_name ? DRAWER_NXDOMAIN : DRAWER_ANSWERS,
                                 &taking->reply->last, type, soa, taking_trust(taking->message),
                                 context->now, taking_expiry(context, soa->ttl));
    take_proof(taking, type, kept ? soa->ttl : 0);
}

const struct rrset *taking_soa(const struct taking *taking, uint16_t rcode, struct rrset *buffer)
{
    struct context *context = taking->context;
    const struct reply *reply = taking->reply;
    if (!reply->has_soa || !scratch_take_record(&context->scratch, &reply->soa, buffer)) {
        return NULL;
    }
    buffer->ttl = taking_between(denial_ttl(&reply->soa), context->policy.negative_ttl_min,
                                 context->policy.negative_ttl_max);
    keep_denial(taking, rcode, buffer);
    return buffer;
}

/* True for a reply that says nothing at all: another server may know better. */
static bool is_empty_to_doubt(const struct taking *taking)
{
    const struct message *message = taking->message;
    return taking->context->policy.retry_empty && taking->reply->kind == REPLY_NODATA &&
           taking->reply->link_count == 0 && message->counts[SECTION_ANSWER] == 0 &&
           message->counts[SECTION_AUTHORITY] == 0;
}

void taking_denial(const struct taking *taking)
{
    if (is_empty_to_doubt(taking)) {
        lookup_top(taking->lookup)->empty_seen = true;
        lookup_drop_address(taking->context, taking->lookup, "empty", "an empty answer");
        return;
    }
    struct context *context = taking->context;
    const struct reply *reply = taking->reply;
    const uint16_t rcode = reply->kind == REPLY_NXDOMAIN ? RCODE_NXDOMAIN : RCODE_NOERROR;
    struct rrset buffer;
    if (!taking_follow(taking)) {
        return;
    }
    const struct level *level = lookup_top(taking->lookup);
    const struct rrset *soa = taking_soa(taking, rcode, &buffer);
    take_company(taking, &level->name, rcode == RCODE_NXDOMAIN ? 0 : taking->type,
                 soa != NULL ? soa->ttl : 0);
    TELL(context, .what = reply_kind_name(reply->kind), .name = name_bytes(&level->name),
         .type = level->type, .peer = taking->server, .number = soa != NULL ? soa->ttl : 0,
         .note = soa != NULL ? NULL : "not kept: no SOA that may say so");
    lookup_end_denied(context, taking->lookup, rcode, soa);
}

/* The DNAME of the reply that is closest above the path's end; NULL if it has none. */
static const struct rrset *take_dname(const struct taking *taking, struct name *owner,
                                      struct rrset *ret)
{
    struct context *context = taking->context;
    const struct name *last = &taking->reply->last;
    for (int labels = last->labels - 1; labels >= taking->zone->labels; labels--) {
        name_suffix(last, (uint8_t)labels, owner);
        if (scratch_take(&context->scratch, taking->message, SECTION_ANSWER, owner, RRTYPE_DNAME, 1,
                         ret)) {
            ret->ttl = taking_ttl(context, ret->ttl);
            return ret;
        }
    }
    return NULL;
}

void taking_yxdomain(const struct taking *taking)
{
    struct context *context = taking->context;
    const struct level *level = lookup_top(taking->lookup);
    struct name owner;
    struct rrset dname;
    TELL(context, .what = "yxdomain", .name = name_bytes(&level->name), .type = level->type,
         .peer = taking->server, .note = taking->reply->why);
    if (taking_follow(taking)) {
        lookup_end_overlong(context, taking->lookup, take_dname(taking, &owner, &dname));
    }
}

/* What a matched reply does to the lookup: what is kept of it, and where the question goes next. */
#include "resolver/lookup.h"

#include <assert.h>

#include "resolver/company.h"
#include "resolver/lookups.h"
#include "wire/rrtype.h"

/* A reply on its way into the lookup. */
struct taking {
    struct context *context;
    struct lookup *lookup;
    const struct message *message;
    struct endpoint server;
    enum transport transport;
    bool edns; /* it was asked with */
    const struct reply *reply;
    uint16_t type;           /* asked for */
    bool dnssec_ok;          /* asked for with DO */
    const struct name *zone; /* whose server was asked */
};

static enum trust trust_of(const struct message *message)
{
    return (message->flags & MESSAGE_AA) != 0 ? TRUST_AUTHORITATIVE : TRUST_ANSWER;
}

static uint32_t between(uint32_t ttl, duration_ns least, duration_ns most)
{
    const uint64_t least_s = least / NS_PER_S, most_s = most / NS_PER_S;
    return ttl > most_s ? (uint32_t)most_s : ttl < least_s ? (uint32_t)least_s : ttl;
}

/* The TTL that something is kept for. */
static uint32_t bounded(const struct context *context, uint32_t ttl)
{
    return between(ttl, context->policy.ttl_min, context->policy.ttl_max);
}

static instant_ns expiry(const struct context *context, uint32_t ttl)
{
    return instant_after(context->now, ttl * NS_PER_S);
}

/* --- aliases --- */

/* A DNAME speaks for all names below its owner: over UDP it is too good a forgery, and is used but
 * not kept. Neither is what it made. */
static void keep_dname(const struct taking *taking, const struct reply_link *link,
                       const struct name *target)
{
    struct context *context = taking->context;
    const int above = link->owner.labels - link->dname_labels;
    struct name owner, suffix;
    if (taking->transport != TRANSPORT_TCP && !context->policy.keep_dnames) {
        return;
    }
    assert(above > 0 && above <= target->labels);
    name_suffix(&link->owner, link->dname_labels, &owner);
    name_suffix(target, (uint8_t)(target->labels - above), &suffix);
    const struct bytes rdata = name_bytes(&suffix);
    const uint32_t ttl = bounded(context, ttl_of(link->dname_ttl));
    const struct rrset dname = {.owner = &owner,
                                .type = RRTYPE_DNAME,
                                .rrclass = RRCLASS_IN,
                                .ttl = ttl,
                                .count = 1,
                                .rdata = &rdata};
    context->dnames_kept |=
        cache_put(context->cache, DRAWER_ANSWERS, &dname, trust_of(taking->message), context->now,
                  expiry(context, ttl));
}

static void keep_alias(const struct taking *taking, const struct reply_link *link,
                       const struct name *target)
{
    struct context *context = taking->context;
    const struct message *message = taking->message;
    if (link->by_dname) {
        keep_dname(taking, link, target);
        return;
    }
    const struct bytes rdata = name_bytes(target);
    const uint32_t ttl = bounded(context, ttl_of(link->ttl));
    const struct rrset alias = {.owner = &link->owner,
                                .type = RRTYPE_CNAME,
                                .rrclass = RRCLASS_IN,
                                .ttl = ttl,
                                .count = 1,
                                .rdata = &rdata};
    const bool kept = cache_put(context->cache, DRAWER_ANSWERS, &alias, trust_of(message),
                                context->now, expiry(context, ttl));
    if (kept && taking->dnssec_ok) {
        proof_collect_alias(&context->proof, message, &link->owner);
        cache_prove(context->cache, &link->owner, RRTYPE_CNAME, proof_octets(&context->proof),
                    context->now, expiry(context, ttl));
    }
}

static void add_to_chain(const struct context *context, struct chain *chain,
                         const struct reply_link *link)
{
    assert(chain->count < POLICY_RESTARTS_MAX);
    struct chain_link *kept = &chain->links[chain->count++];
    name_copy(&kept->owner, &link->owner);
    kept->expires = expiry(context, bounded(context, ttl_of(link->ttl)));
    kept->by_dname = link->by_dname;
    kept->dname_labels = link->dname_labels;
    kept->dname_expires =
        link->by_dname ? expiry(context, bounded(context, ttl_of(link->dname_ttl))) : 0;
}

static void say_loop(struct failure *failure, const struct name *target)
{
    char buffer[FAILURE_LINE_MAX];
    struct text line = text_in(buffer, sizeof buffer);
    text_put(&line, "CNAME loop at ");
    failure_put_name(&line, target);
    failure_start(failure, "CNAME loop");
    failure_add(failure, EDE_OTHER, &line);
}

/* True if the client gets the aliases that lead in a circle. */
static bool may_tell_loop(const struct context *context, const struct lookup *lookup,
                          const struct name *target)
{
    const struct level *level = &lookup->levels[0];
    return context->policy.loop_answers && lookup->depth == 1 &&
           level->restarts < context->policy.restarts_max &&
           (context->policy.loop_fails || name_equal(target, &level->name));
}

/* The path leads back to `target`. */
static void end_in_loop(struct context *context, struct lookup *lookup,
                        const struct reply_link *link, const struct name *target)
{
    struct failure failure;
    say_loop(&failure, target);
    if (!may_tell_loop(context, lookup, target)) {
        lookup_end_failed(context, lookup, &failure);
        return;
    }
    add_to_chain(context, &lookup->chain, link);
    name_copy(&lookup_top(lookup)->name, target);
    context->remark = &failure;
    lookup_end_denied(context, lookup, context->policy.loop_fails ? RCODE_SERVFAIL : RCODE_NOERROR,
                      NULL);
}

bool lookup_follow(struct context *context, struct lookup *lookup, const struct reply_link *link,
                   const struct name *target)
{
    struct level *level = lookup_top(lookup);
    const bool loops = name_equal(target, &level->name) ||
                       (lookup->depth == 1 && chain_has(&lookup->chain, target));
    TELL(context, .what = link->by_dname ? "dname" : "cname", .name = name_bytes(target),
         .type = level->type, .number = level->restarts + 1U);
    if (loops) {
        end_in_loop(context, lookup, link, target);
        return false;
    }
    if (level->restarts >= context->policy.restarts_max) {
        struct failure failure;
        failure_limit(&failure, "CNAME chain too long", "CNAME chain longer than ",
                      context->policy.restarts_max);
        lookup_end_failed(context, lookup, &failure);
        return false;
    }
    level->restarts++;
    if (lookup->depth == 1) {
        add_to_chain(context, &lookup->chain, link);
    }
    context->proved = bytes_of(NULL, 0); /* that was the alias's */
    name_copy(&level->name, target);
    level_start_name(level);
    level->state = LEVEL_BEGIN;
    return true;
}

/* Follows all links of the reply; false if the level has ended on the way. */
static bool follow_links(const struct taking *taking)
{
    const struct reply *reply = taking->reply;
    for (uint8_t i = 0; i < reply->link_count; i++) {
        const struct reply_link *link = &reply->links[i];
        const struct name *target =
            i + 1 < reply->link_count ? &reply->links[i + 1].owner : &reply->last;
        keep_alias(taking, link, target);
        if (!lookup_follow(taking->context, taking->lookup, link, target)) {
            return false;
        }
    }
    return true;
}

/* --- answers and denials --- */

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
                    expiry(context, ttl));
    }
}

/* Keeps an address of a name server as its delegation says it. */
static void keep_glue(const struct taking *taking, const struct name *server, uint16_t type)
{
    struct context *context = taking->context;
    struct rrset glue;
    if (!scratch_take(&context->scratch, taking->message, SECTION_ADDITIONAL, server, type,
                      context->policy.rrset_records_max, &glue)) {
        return;
    }
    const uint32_t ttl = bounded(context, glue.ttl);
    cache_put(context->cache, DRAWER_DELEGATIONS, &glue, TRUST_GLUE, context->now,
              expiry(context, ttl));
}

/* The root's servers as it says itself: nobody delegates it (RFC 8109 3.3). Overwrites the scratch
 * that `servers` lies in. */
static void keep_root(const struct taking *taking, const struct rrset *servers)
{
    struct context *context = taking->context;
    struct record_walk walk = record_walk_start(taking->message, SECTION_ANSWER);
    struct record record;
    cache_put(context->cache, DRAWER_DELEGATIONS, servers, TRUST_REFERRAL, context->now,
              expiry(context, servers->ttl));
    for (uint32_t i = 0; i < context->policy.server_records_max && record_next(&walk, &record);) {
        struct name_ref target;
        struct name server;
        if (record.type == RRTYPE_NS && record_target(&record, &target)) {
            name_expand(target, &server);
            keep_glue(taking, &server, RRTYPE_A);
            keep_glue(taking, &server, RRTYPE_AAAA);
            i++;
        }
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
                        expiry(context, ttl));
    }
}

static void take_rrset(const struct taking *taking, struct rrset *rrset)
{
    struct context *context = taking->context;
    rrset->ttl = bounded(context, rrset->ttl);
    TELL(context, .what = "answer", .name = name_bytes(rrset->owner), .type = rrset->type,
         .peer = taking->server, .number = rrset->ttl);
    const bool kept = cache_put(context->cache, DRAWER_ANSWERS, rrset, trust_of(taking->message),
                                context->now, expiry(context, rrset->ttl));
    take_proof(taking, rrset->type, kept ? rrset->ttl : 0);
    take_company(taking, rrset->owner, rrset->type, kept ? rrset->ttl : 0);
    if (lookup_is_priming(taking->lookup)) {
        keep_root(taking, rrset);
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

static void take_answer(const struct taking *taking)
{
    struct context *context = taking->context;
    const uint16_t type = lookup_top(taking->lookup)->type;
    struct rrset rrset;
    if (type == RRTYPE_ANY) {
        if (follow_links(taking)) {
            take_any(taking);
        }
        return;
    }
    if (!scratch_take(&context->scratch, taking->message, SECTION_ANSWER, &taking->reply->last,
                      type, context->policy.rrset_records_max, &rrset)) {
        lookup_drop_address(context, taking->lookup, "error", "an RRset too large");
        return;
    }
    if (follow_links(taking)) {
        take_rrset(taking, &rrset);
    }
}

static void keep_denial(const struct taking *taking, uint16_t rcode, const struct rrset *soa)
{
    struct context *context = taking->context;
    const bool no_name = rcode == RCODE_NXDOMAIN;
    const uint16_t type = no_name ? 0 : taking->type;
    const bool kept =
        cache_deny(context->cache, no_name ? DRAWER_NXDOMAIN : DRAWER_ANSWERS, &taking->reply->last,
                   type, soa, trust_of(taking->message), context->now, expiry(context, soa->ttl));
    take_proof(taking, type, kept ? soa->ttl : 0);
}

/* The SOA that proves a denial, kept with it; NULL if there is none. */
static const struct rrset *take_soa(const struct taking *taking, uint16_t rcode,
                                    struct rrset *buffer)
{
    struct context *context = taking->context;
    const struct reply *reply = taking->reply;
    if (!reply->has_soa || !scratch_take_record(&context->scratch, &reply->soa, buffer)) {
        return NULL;
    }
    buffer->ttl = between(denial_ttl(&reply->soa), context->policy.negative_ttl_min,
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

static void take_denial(const struct taking *taking)
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
    if (!follow_links(taking)) {
        return;
    }
    const struct level *level = lookup_top(taking->lookup);
    const struct rrset *soa = take_soa(taking, rcode, &buffer);
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
            ret->ttl = bounded(context, ret->ttl);
            return ret;
        }
    }
    return NULL;
}

static void take_yxdomain(const struct taking *taking)
{
    struct context *context = taking->context;
    const struct level *level = lookup_top(taking->lookup);
    struct name owner;
    struct rrset dname;
    TELL(context, .what = "yxdomain", .name = name_bytes(&level->name), .type = level->type,
         .peer = taking->server, .note = taking->reply->why);
    if (follow_links(taking)) {
        lookup_end_overlong(context, taking->lookup, take_dname(taking, &owner, &dname));
    }
}

/* --- referrals --- */

static void keep_servers(struct context *context, const struct delegation *delegation, uint32_t ttl)
{
    struct bytes names[POLICY_SERVERS_MAX];
    for (uint8_t i = 0; i < delegation->server_count; i++) {
        names[i] = name_bytes(&delegation->servers[i].name);
    }
    const struct rrset servers = {.owner = &delegation->cut,
                                  .type = RRTYPE_NS,
                                  .rrclass = RRCLASS_IN,
                                  .ttl = ttl,
                                  .count = delegation->server_count,
                                  .rdata = names};
    cache_put(context->cache, DRAWER_DELEGATIONS, &servers, TRUST_REFERRAL, context->now,
              expiry(context, ttl));
}

/* Keeps the delegation as the parent says it: the servers considered, and their glue. */
static void keep_delegation(const struct taking *taking, const struct delegation *delegation,
                            uint32_t ttl)
{
    keep_servers(taking->context, delegation, bounded(taking->context, ttl_of(ttl)));
    for (uint8_t i = 0; i < delegation->server_count; i++) {
        if (delegation->servers[i].address_count > 0) {
            keep_glue(taking, &delegation->servers[i].name, RRTYPE_A);
            keep_glue(taking, &delegation->servers[i].name, RRTYPE_AAAA);
        }
    }
}

static void take_referral(const struct taking *taking)
{
    struct context *context = taking->context;
    struct level *level = lookup_top(taking->lookup);
    struct name zone;
    uint32_t ttl;
    if (level->referrals >= context->policy.referrals_max) {
        struct failure failure;
        failure_limit(&failure, "too many referrals", "more referrals than ",
                      context->policy.referrals_max);
        lookup_end_failed(context, taking->lookup, &failure);
        return;
    }
    level->referrals++;
    name_copy(&zone, &level->delegation.cut);
    delegation_from_referral(&level->delegation, taking->message, &zone, &taking->reply->cut,
                             &context->policy, &ttl);
    keep_delegation(taking, &level->delegation, ttl);
    TELL(context, .what = "referral", .name = name_bytes(&level->delegation.cut),
         .peer = taking->server, .number = level->delegation.server_count,
         .note = level->delegation.address_count > 0 ? "with glue" : "without glue");
    lookup_fill_addresses(context, &level->delegation);
    lookup_aim(context, level);
}

/* --- what does not help --- */

static void take_truncated(const struct taking *taking)
{
    struct level *level = lookup_top(taking->lookup);
    if (taking->transport == TRANSPORT_TCP) {
        lookup_drop_address(taking->context, taking->lookup, "broken", "truncated");
        return;
    }
    TELL(taking->context, .what = "truncated", .name = name_bytes(&level->name),
         .type = level->type, .peer = taking->server);
    lookup_try(taking->context, taking->lookup, level->address, TRANSPORT_TCP);
}

/* FORMERR, NOTIMP and BADVERS may be about EDNS: once without it then, over the same transport. */
static void take_misunderstanding(const struct taking *taking)
{
    struct context *context = taking->context;
    struct level *level = lookup_top(taking->lookup);
    struct delegation_address *address = &level->delegation.addresses[level->address];
    if (!taking->edns || address->tries >= context->policy.tries_per_server_max) {
        lookup_drop_address(context, taking->lookup, "error", taking->reply->why);
        return;
    }
    TELL(context, .what = "no-edns", .name = name_bytes(&level->name), .type = level->type,
         .peer = taking->server, .note = taking->reply->why);
    address->plain = true;
    servers_are_plain(&context->servers, &address->address, context->now);
    lookup_try(context, taking->lookup, level->address, taking->transport);
}

/* --- what is said of an ancestor --- */

/* There is no cut at the ancestor: kept, so that it need not be asked again. */
static void keep_step(const struct taking *taking)
{
    struct context *context = taking->context;
    const struct reply *reply = taking->reply;
    struct rrset rrset;
    if (reply->link_count > 0) {
        const struct name *target = reply->link_count > 1 ? &reply->links[1].owner : &reply->last;
        keep_alias(taking, &reply->links[0], target);
    } else if (reply->kind == REPLY_NODATA) {
        take_soa(taking, RCODE_NOERROR, &rrset);
    } else if (scratch_take(&context->scratch, taking->message, SECTION_ANSWER, &reply->last,
                            taking->type, context->policy.rrset_records_max, &rrset)) {
        rrset.ttl = bounded(context, rrset.ttl);
        cache_put(context->cache, DRAWER_ANSWERS, &rrset, trust_of(taking->message), context->now,
                  expiry(context, rrset.ttl));
    }
}

/* True if the reply to a question for an ancestor of the name needs no more than other replies. */
static bool is_as_usual(const struct taking *taking)
{
    switch (taking->reply->kind) {
    case REPLY_REFERRAL: return true;
    case REPLY_TRUNCATED: return taking->transport == TRANSPORT_UDP;
    case REPLY_FORMERR:
    case REPLY_NOTIMP:
    case REPLY_BADVERS: return taking->edns;
    default: return false;
    }
}

/* Takes the reply to a question for an ancestor of the name; false if it is to be taken like any
 * other. */
static bool take_step(const struct taking *taking)
{
    struct level *level = lookup_top(taking->lookup);
    const struct reply *reply = taking->reply;
    if (!level_is_minimised(level) || is_as_usual(taking)) {
        return false;
    }
    switch (reply->kind) {
    case REPLY_ANSWER:
    case REPLY_ALIAS:
    case REPLY_NODATA:
        TELL(taking->context, .what = "no-cut", .name = name_bytes(&level->ancestor),
             .peer = taking->server, .note = reply_kind_name(reply->kind));
        keep_step(taking);
        if (reply->kind == REPLY_NODATA && !taking->context->policy.minimise_on) {
            lookup_ask_whole(taking->context, level, "no such type at its ancestor");
        } else {
            lookup_ask_further(taking->context, level);
        }
        break;
    default: lookup_ask_whole(taking->context, level, reply_kind_name(reply->kind)); break;
    }
    return true;
}

/* An error may be about letter case: once without mixing it then. */
static void take_error(const struct taking *taking)
{
    struct context *context = taking->context;
    struct level *level = lookup_top(taking->lookup);
    struct delegation_address *address = &level->delegation.addresses[level->address];
    if (!level->exchange.mixed_case || address->tries >= context->policy.tries_per_server_max) {
        lookup_drop_address(context, taking->lookup, "error", taking->reply->why);
        return;
    }
    TELL(context, .what = "retry-case", .name = name_bytes(level->exchange.name),
         .type = taking->type, .peer = taking->server, .note = taking->reply->why);
    address->one_case = true;
    lookup_try(context, taking->lookup, level->address, taking->transport);
}

/* DS records lie above the cut (RFC 4035 2.4). A server may be in charge of zones on both sides of
 * it and answer from below: with a denial proved by the name's own SOA, or with an alias. Where
 * cuts may lie between, the zone above is sought then, once. */
static bool is_from_below_the_cut(const struct taking *taking)
{
    const struct level *level = lookup_top(taking->lookup);
    const struct reply *reply = taking->reply;
    if (taking->type != RRTYPE_DS || level->seeks_parent ||
        level->name.labels <= taking->zone->labels + 1) {
        return false;
    }
    if (reply->link_count > 0) {
        return !reply->links[0].by_dname;
    }
    return reply->kind == REPLY_NODATA && reply->has_soa &&
           name_ref_equal(reply->soa.owner, &level->name);
}

void lookup_take_reply(struct context *context, struct lookup *lookup,
                       const struct message *message)
{
    struct reply *reply = &context->reply;
    struct level *level = lookup_top(lookup);
    const struct taking taking = {.context = context,
                                  .lookup = lookup,
                                  .message = message,
                                  .server = level->exchange.server,
                                  .transport = level->exchange.transport,
                                  .edns = level->exchange.edns,
                                  .reply = reply,
                                  .type = level->exchange.type,
                                  .dnssec_ok = level->exchange.dnssec_ok,
                                  .zone = &level->delegation.cut};
    const struct reply_question question = {level->exchange.name, level->exchange.type,
                                            &level->delegation.cut};
    classify(message, &question, &context->policy, reply);
    level->state = LEVEL_ASK;
    if (take_step(&taking)) {
        return;
    }
    if (is_from_below_the_cut(&taking)) {
        lookup_seek_parent(context, level);
        return;
    }
    switch (reply->kind) {
    case REPLY_ANSWER: take_answer(&taking); break;
    case REPLY_ALIAS: follow_links(&taking); break;
    case REPLY_REFERRAL: take_referral(&taking); break;
    case REPLY_NODATA:
    case REPLY_NXDOMAIN: take_denial(&taking); break;
    case REPLY_YXDOMAIN: take_yxdomain(&taking); break;
    case REPLY_TRUNCATED: take_truncated(&taking); break;
    case REPLY_FORMERR:
    case REPLY_NOTIMP:
    case REPLY_BADVERS: take_misunderstanding(&taking); break;
    case REPLY_LAME: lookup_drop_address(context, lookup, "lame", reply->why); break;
    default: take_error(&taking); break;
    }
}

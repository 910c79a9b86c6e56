/* How levels end: the lowest one's end is told to the clients, any other's is an address, or none,
 * for a name server of the level below. */
#include "resolver/lookup.h"

#include <assert.h>

#include "resolver/lookups.h"
#include "wire/rrtype.h"

/* --- levels that looked for something for the level below --- */

/* Primed or not, the level below begins anew with what is known then. */
static void end_priming(struct context *context, struct lookup *lookup, const char *trouble)
{
    lookup->depth--;
    lookup_top(lookup)->state = LEVEL_BEGIN;
    TELL(context, .what = "primed", .name = name_bytes(name_root()), .type = RRTYPE_NS,
         .note = trouble);
}

/* Removes the top level; returns the one below, which goes on asking. */
static struct level *pop_level(struct lookup *lookup)
{
    assert(lookup->depth > 1);
    lookup->depth--;
    struct level *below = lookup_top(lookup);
    assert(below->state == LEVEL_CHILD);
    below->state = LEVEL_ASK;
    return below;
}

static void mark_asked(struct delegation_server *server, uint16_t type)
{
    if (type == RRTYPE_A) {
        server->asked_v4 = true;
    } else {
        server->asked_v6 = true;
    }
}

static void take_address(struct level *below, uint16_t type, struct bytes rdata,
                         const struct policy *policy)
{
    assert(rdata.size == (type == RRTYPE_A ? 4 : 16)); /* unsound records are not taken */
    const struct address address =
        type == RRTYPE_A ? address_v4(rdata.data) : address_v6(rdata.data);
    delegation_add_address(&below->delegation, below->server, &address, policy);
}

static void end_with_addresses(struct context *context, struct lookup *lookup,
                               const struct rrset *rrset)
{
    struct level *below = pop_level(lookup);
    struct delegation_server *server = &below->delegation.servers[below->server];
    mark_asked(server, rrset->type);
    for (uint16_t i = 0; i < rrset->count; i++) {
        take_address(below, rrset->type, rrset->rdata[i], &context->policy);
    }
    if (server->address_count == 0 && server->asked_v4 && server->asked_v6) {
        server->trouble = "no usable address";
    }
    TELL(context, .what = "address", .name = name_bytes(&server->name), .type = rrset->type,
         .number = server->address_count, .note = server->trouble);
}

static void end_without_address(struct context *context, struct lookup *lookup, uint16_t rcode)
{
    const uint16_t type = lookup_top(lookup)->type;
    struct level *below = pop_level(lookup);
    struct delegation_server *server = &below->delegation.servers[below->server];
    mark_asked(server, type);
    if (rcode != RCODE_NOERROR) {
        server->trouble = "NXDOMAIN";
    } else if (server->asked_v4 && server->asked_v6) {
        server->trouble = "it has none";
    }
    lookup_purse(lookup)->servers_missing += server->trouble != NULL;
    TELL(context, .what = "no-address", .name = name_bytes(&server->name), .type = type,
         .note = server->trouble);
}

static void end_with_trouble(struct context *context, struct lookup *lookup,
                             const struct failure *failure)
{
    const struct level *level = lookup_top(lookup);
    const uint16_t type = level->type;
    const bool cut_short = level->cut_short;
    failure_append(&lookup->aside, failure);
    struct level *below = pop_level(lookup);
    struct delegation_server *server = &below->delegation.servers[below->server];
    below->cut_short = below->cut_short || cut_short;
    server->trouble = failure->word;
    TELL(context, .what = "no-address", .name = name_bytes(&server->name), .type = type,
         .note = server->trouble);
}

/* --- the lowest level --- */

static void finish(struct context *context, struct lookup *lookup, struct finding *finding)
{
    finding->chain = &lookup->chain;
    finding->last = &lookup->levels[0].name;
    finding->proof = context->proved;
    finding->company = context->beside;
    finding->failure = finding->failure != NULL ? finding->failure : context->remark;
    context->remark = NULL;
    context->proved = bytes_of(NULL, 0);
    context->beside = bytes_of(NULL, 0);
    lookup->depth = 0;
    lookups_finish(context, lookup, finding);
}

void lookup_end_found(struct context *context, struct lookup *lookup, const struct rrset *rrset,
                      const struct message *any)
{
    if (lookup_is_priming(lookup)) {
        end_priming(context, lookup, NULL);
        return;
    }
    if (lookup->depth > 1) {
        context->beside = bytes_of(NULL, 0);
        context->remark = NULL;
        end_with_addresses(context, lookup, rrset);
        return;
    }
    struct finding finding = {.rcode = RCODE_NOERROR, .rrset = rrset, .any = any};
    finish(context, lookup, &finding);
}

void lookup_end_denied(struct context *context, struct lookup *lookup, uint16_t rcode,
                       const struct rrset *soa)
{
    if (lookup_is_priming(lookup)) {
        end_priming(context, lookup, "denied");
        return;
    }
    if (lookup->depth > 1) {
        context->remark = NULL;
        end_without_address(context, lookup, rcode);
        return;
    }
    struct finding finding = {.rcode = rcode, .soa = soa};
    finish(context, lookup, &finding);
}

void lookup_end_overlong(struct context *context, struct lookup *lookup, const struct rrset *dname)
{
    if (lookup->depth > 1) {
        lookup_end_denied(context, lookup, RCODE_YXDOMAIN, NULL);
        return;
    }
    struct finding finding = {.rcode = RCODE_YXDOMAIN, .rrset = dname};
    finish(context, lookup, &finding);
}

/* A failure is remembered for the name where it happened (RFC 9520), unless it was remembered
 * already or says nothing of the name. */
static void remember(struct context *context, const struct lookup *lookup, const struct name *name,
                     uint16_t type, const struct failure *failure)
{
    const struct policy *policy = &context->policy;
    const struct cache_failure kept = {.name = name,
                                       .type = type,
                                       .code = failure->code,
                                       .unchecked = lookup->unchecked && lookup->depth == 1,
                                       .text = bytes_of(failure->lines, failure->size)};
    if (failure->code != EDE_CACHED_ERROR && !failure->passing) {
        cache_fail(context->cache, &kept, context->now, policy->failure_ttl_least,
                   policy->failure_ttl_most);
    }
}

/* Tells what was known before instead of the failure, if anything was. */
static bool finish_stale(struct context *context, struct lookup *lookup,
                         const struct failure *failure)
{
    struct failure stale;
    struct finding finding = {.failure = &stale};
    struct rrset rrset;
    if (!lookup_find_stale(context, lookup, &rrset, &finding)) {
        return false;
    }
    failure_before(&stale, finding.rcode == RCODE_NXDOMAIN ? EDE_STALE_NXDOMAIN : EDE_STALE_ANSWER,
                   "what was known before", failure);
    context->proved = bytes_of(NULL, 0);
    finish(context, lookup, &finding);
    return true;
}

static void finish_failed(struct context *context, struct lookup *lookup,
                          const struct failure *failure)
{
    struct level *lowest = &lookup->levels[0];
    struct failure whole = *failure;
    struct finding finding = {.rcode = RCODE_SERVFAIL, .failure = &whole};
    failure_append(&whole, &lookup->aside);
    TELL(context, .what = lookup->sender != NULL ? "errand-failed" : "servfail",
         .name = name_bytes(&lowest->name), .type = lowest->type, .number = failure->code,
         .note = failure->word);
    /* A limit is about the whole path, anything else about where it ended. */
    remember(context, lookup, failure->code == EDE_OTHER ? &lookup->name : &lowest->name,
             lowest->type, &whole);
    if (context->policy.serve_stale && finish_stale(context, lookup, &whole)) {
        return;
    }
    finding.chain = NULL;
    lookup->depth = 0;
    lookups_finish(context, lookup, &finding);
}

void lookup_end_failed(struct context *context, struct lookup *lookup,
                       const struct failure *failure)
{
    if (lookup_is_priming(lookup)) {
        end_priming(context, lookup, failure->word);
        return;
    }
    const struct level *level = lookup_top(lookup);
    if (lookup->depth == 1) {
        finish_failed(context, lookup, failure);
        return;
    }
    if (!level->cut_short) {
        remember(context, lookup, &level->name, level->type, failure);
    }
    end_with_trouble(context, lookup, failure);
}

void lookup_give_up(struct context *context, struct lookup *lookup, const struct failure *failure)
{
    struct level *level = lookup_top(lookup);
    if (level->exchange.open) {
        exchange_close(context, &level->exchange);
    }
    finish_failed(context, lookup, failure);
}

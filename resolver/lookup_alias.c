/* Aliases: what is kept of them, where they lead, and when they are not followed. */
#include "resolver/taking.h"

#include <assert.h>

#include "wire/rrtype.h"

/* A DNAME speaks for all names below its owner: over UDP, without our cookie, it is too good a
 * forgery, and is used but not kept. Neither is what it made. */
static void keep_dname(const struct taking *taking, const struct reply_link *link,
                       const struct name *target)
{
    struct context *context = taking->context;
    const int above = link->owner.labels - link->dname_labels;
    struct name owner, suffix;
    if (!taking->is_proved && !context->policy.keep_dnames) {
        return;
    }
    assert(above > 0 && above <= target->labels);
    name_suffix(&link->owner, link->dname_labels, &owner);
    name_suffix(target, (uint8_t)(target->labels - above), &suffix);
    const struct bytes rdata = name_bytes(&suffix);
    const uint32_t ttl = taking_ttl(context, ttl_of(link->dname_ttl));
    const struct rrset dname = {.owner = &owner,
                                .type = RRTYPE_DNAME,
                                .rrclass = RRCLASS_IN,
                                .ttl = ttl,
                                .count = 1,
                                .rdata = &rdata};
    context->dnames_kept |=
        cache_put(context->cache, DRAWER_ANSWERS, &dname, taking_trust(taking->message),
                  context->now, taking_expiry(context, ttl));
}

void taking_keep_alias(const struct taking *taking, const struct reply_link *link,
                       const struct name *target)
{
    struct context *context = taking->context;
    const struct message *message = taking->message;
    if (link->by_dname) {
        keep_dname(taking, link, target);
        return;
    }
    const struct bytes rdata = name_bytes(target);
    const uint32_t ttl = taking_ttl(context, ttl_of(link->ttl));
    const struct rrset alias = {.owner = &link->owner,
                                .type = RRTYPE_CNAME,
                                .rrclass = RRCLASS_IN,
                                .ttl = ttl,
                                .count = 1,
                                .rdata = &rdata};
    const bool kept = cache_put(context->cache, DRAWER_ANSWERS, &alias, taking_trust(message),
                                context->now, taking_expiry(context, ttl));
    if (kept && taking->dnssec_ok) {
        proof_collect_alias(&context->proof, message, &link->owner);
        cache_prove(context->cache, &link->owner, RRTYPE_CNAME, proof_octets(&context->proof),
                    context->now, taking_expiry(context, ttl));
    }
}

static void add_to_chain(const struct context *context, struct chain *chain,
                         const struct reply_link *link)
{
    assert(chain->count < POLICY_RESTARTS_MAX);
    struct chain_link *kept = &chain->links[chain->count++];
    name_copy(&kept->owner, &link->owner);
    kept->expires = taking_expiry(context, taking_ttl(context, ttl_of(link->ttl)));
    kept->by_dname = link->by_dname;
    kept->dname_labels = link->dname_labels;
    kept->dname_expires =
        link->by_dname ? taking_expiry(context, taking_ttl(context, ttl_of(link->dname_ttl))) : 0;
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

bool taking_follow(const struct taking *taking)
{
    const struct reply *reply = taking->reply;
    for (uint8_t i = 0; i < reply->link_count; i++) {
        const struct reply_link *link = &reply->links[i];
        const struct name *target =
            i + 1 < reply->link_count ? &reply->links[i + 1].owner : &reply->last;
        taking_keep_alias(taking, link, target);
        if (!lookup_follow(taking->context, taking->lookup, link, target)) {
            return false;
        }
    }
    return true;
}

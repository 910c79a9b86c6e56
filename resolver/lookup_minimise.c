/* Query-name minimisation (RFC 9156), relaxed: a server is asked for the address of an ancestor of
 * the name until the cut that the name lies below is found; only the last server learns the whole
 * question.
 *
 *   referral                a new cut: on from there
 *   answer, alias, no data  no cut here: on with more labels
 *   anything else           the whole question, and no more minimising for this name: too many
 *                           servers deny names that only have names below them, or refuse types
 *                           that they do not expect */
#include "resolver/taking.h"

#include "wire/rrtype.h"

void level_start_name(struct level *level)
{
    level->sends = 0;
    level->referrals = 0;
    level->whole = false;
    level->step_timeouts = 0;
    level->asked_labels = level->name.labels;
    level->hides_type = false;
    level->type_was_hidden = false;
    level->empty_seen = false;
    level->seeks_parent = false;
    level->went_up = false;
    level->labels_most = UINT8_MAX;
}

static bool has_underscore(const struct name *name, uint8_t labels)
{
    const struct bytes suffix = name_suffix_bytes(name, labels);
    return suffix.data[0] > 0 && suffix.data[1] == '_';
}

static uint16_t ancestor_type(const struct context *context)
{
    return context->policy.minimise_by_ns ? RRTYPE_NS : RRTYPE_A;
}

/* True if the cache knows of this ancestor that it is no cut, or that its cut is no longer known.
 */
static bool is_known(const struct context *context, const struct name *name, uint8_t labels)
{
    const uint16_t type = ancestor_type(context);
    const struct bytes ancestor = name_suffix_bytes(name, labels);
    struct cached cached;
    return cache_find(context->cache, DRAWER_ANSWERS, ancestor, type, context->now, &cached) ||
           cache_find(context->cache, DRAWER_ANSWERS, ancestor, RRTYPE_CNAME, context->now,
                      &cached);
}

/* How many labels the next question has where it is known of `from` labels that they do not
 * suffice. The first steps take one label each, the others share what is left (RFC 9156 2.3); names
 * that begin with an underscore (RFC 8552) are never asked for alone. */
static uint8_t next_labels(const struct context *context, const struct level *level, uint8_t from)
{
    const struct policy *policy = &context->policy;
    const uint32_t whole = level->name.labels;
    uint32_t labels = from;
    do {
        if (level->steps >= policy->minimise_steps_max || labels >= whole) {
            return (uint8_t)whole;
        }
        const uint32_t share = (whole - labels) / (policy->minimise_steps_max - level->steps);
        labels += level->steps < policy->minimise_single_labels || share == 0 ? 1 : share;
        while (labels < whole && has_underscore(&level->name, (uint8_t)labels)) {
            labels++;
        }
    } while (labels < whole && is_known(context, &level->name, (uint8_t)labels));
    return (uint8_t)labels;
}

/* True if the whole name is to be asked for with the type of the steps first (RFC 9156 2.1). */
static bool hides_type(const struct context *context, struct level *level)
{
    const struct policy *policy = &context->policy;
    if (!policy->minimise_type || level->asked_labels < level->name.labels ||
        level->type_was_hidden || level->type == ancestor_type(context) ||
        level->type == RRTYPE_DS || level->name.labels <= level->delegation.cut.labels ||
        level->steps >= policy->minimise_steps_max ||
        is_known(context, &level->name, level->name.labels)) {
        return false;
    }
    level->type_was_hidden = true;
    return true;
}

static void aim(const struct context *context, struct level *level, uint8_t from)
{
    const bool minimises =
        (context->policy.qname_minimisation || level->seeks_parent) && !level->whole;
    level->asked_labels = minimises ? next_labels(context, level, from) : level->name.labels;
    level->hides_type = minimises && hides_type(context, level);
    if (level_is_minimised(level)) {
        level->steps++;
        level->ancestor_type = ancestor_type(context);
        name_suffix(&level->name, level->asked_labels, &level->ancestor);
    }
    level->state = LEVEL_ASK;
}

void lookup_aim(const struct context *context, struct level *level)
{
    aim(context, level, level->delegation.cut.labels);
}

void lookup_seek_parent(const struct context *context, struct level *level)
{
    level->seeks_parent = true;
    level->steps = 0;
    delegation_renew(&level->delegation, true);
    lookup_aim(context, level);
}

void lookup_ask_further(const struct context *context, struct level *level)
{
    delegation_renew(&level->delegation, false);
    aim(context, level, level->asked_labels);
}

void lookup_ask_whole(const struct context *context, struct level *level, const char *why)
{
    TELL(context, .what = "widen", .name = name_bytes(&level->name), .type = level->type,
         .note = why);
    level->whole = true;
    delegation_renew(&level->delegation, false);
    aim(context, level, level->asked_labels);
}

bool lookup_step_timed_out(const struct context *context, struct level *level)
{
    level->step_timeouts++;
    if (level->step_timeouts < context->policy.minimise_timeouts_max) {
        return false;
    }
    lookup_ask_whole(context, level, "time-outs");
    return true;
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
        taking_keep_alias(taking, &reply->links[0], target);
    } else if (reply->kind == REPLY_NODATA) {
        taking_soa(taking, RCODE_NOERROR, &rrset);
    } else if (scratch_take(&context->scratch, taking->message, SECTION_ANSWER, &reply->last,
                            taking->type, context->policy.rrset_records_max, &rrset)) {
        rrset.ttl = taking_ttl(context, rrset.ttl);
        cache_put(context->cache, DRAWER_ANSWERS, &rrset, taking_trust(taking->message),
                  context->now, taking_expiry(context, rrset.ttl));
    }
}

/* True if the reply to a question for an ancestor of the name needs no more than other replies. */
static bool is_as_usual(const struct taking *taking)
{
    switch (taking->reply->kind) {
    case REPLY_REFERRAL:
    case REPLY_BADCOOKIE: return true;
    case REPLY_TRUNCATED: return taking->transport == TRANSPORT_UDP;
    case REPLY_FORMERR:
    case REPLY_NOTIMP:
    case REPLY_BADVERS: return taking->edns;
    default: return false;
    }
}

bool taking_step(const struct taking *taking)
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

/* Delegations as their parents say them, kept apart from what zones say of themselves. None is kept
 * for longer than the one that it came by: a zone that was taken away must not live on in cuts
 * below it, each found anew before the one above ends (phoenix domains, CVE-2022-30698). */
#include "resolver/taking.h"

#include "wire/rrtype.h"

static void keep_glue(const struct taking *taking, const struct name *server, uint16_t type,
                      instant_ns most)
{
    struct context *context = taking->context;
    struct rrset glue;
    if (!scratch_take(&context->scratch, taking->message, SECTION_ADDITIONAL, server, type,
                      context->policy.rrset_records_max, &glue)) {
        return;
    }
    const uint32_t ttl = taking_ttl(context, glue.ttl);
    cache_put(context->cache, DRAWER_DELEGATIONS, &glue, TRUST_GLUE, context->now,
              instant_earlier(most, taking_expiry(context, ttl)));
}

void taking_keep_root(const struct taking *taking, const struct rrset *servers)
{
    struct context *context = taking->context;
    struct record_walk walk = record_walk_start(taking->message, SECTION_ANSWER);
    struct record record;
    cache_put(context->cache, DRAWER_DELEGATIONS, servers, TRUST_REFERRAL, context->now,
              taking_expiry(context, servers->ttl));
    for (uint32_t i = 0; i < context->policy.server_records_max && record_next(&walk, &record);) {
        struct name_ref target;
        struct name server;
        if (record.type == RRTYPE_NS && record_target(&record, &target)) {
            name_expand(target, &server);
            keep_glue(taking, &server, RRTYPE_A, NEVER);
            keep_glue(taking, &server, RRTYPE_AAAA, NEVER);
            i++;
        }
    }
}

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
              delegation->expires);
}

/* Keeps the delegation as the parent says it: the servers considered, and their glue. */
static void keep_delegation(const struct taking *taking, const struct delegation *delegation,
                            uint32_t ttl)
{
    keep_servers(taking->context, delegation, ttl);
    for (uint8_t i = 0; i < delegation->server_count; i++) {
        if (delegation->servers[i].address_count > 0) {
            keep_glue(taking, &delegation->servers[i].name, RRTYPE_A, delegation->expires);
            keep_glue(taking, &delegation->servers[i].name, RRTYPE_AAAA, delegation->expires);
        }
    }
}

void taking_referral(const struct taking *taking)
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
    const instant_ns expires = level->delegation.expires;
    level->referrals++;
    name_copy(&zone, &level->delegation.cut);
    delegation_from_referral(&level->delegation, taking->message, &zone, &taking->reply->cut,
                             &context->policy, &ttl);
    ttl = taking_ttl(context, ttl_of(ttl));
    level->delegation.expires = instant_earlier(expires, taking_expiry(context, ttl));
    keep_delegation(taking, &level->delegation, ttl);
    TELL(context, .what = "referral", .name = name_bytes(&level->delegation.cut),
         .peer = taking->server, .number = level->delegation.server_count,
         .note = level->delegation.address_count > 0 ? "with glue" : "without glue");
    lookup_fill_addresses(context, &level->delegation);
    lookup_aim(context, level);
}

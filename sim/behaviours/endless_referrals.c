/* Referrals that lead on and on: what the servers of NXNSAttack, NRDelegation and iDNS do. */
#include "sim/behaviours/rows.h"

#include <string.h>

#include "wire/rrtype.h"

#define SERVERS_MAX 300 /* their RRset fits a server's scratch memory */
#define TTL         300

struct endless {
    size_t servers;
    struct name below;
};

static const struct param_spec params[] = {
    {.key = "servers",
     .type = PARAM_INTEGER,
     .fallback = "1",
     .least = 1,
     .most = SERVERS_MAX,
     .doc = "How many name servers each referral lists."},
    {.key = "below",
     .type = PARAM_TEXT,
     .doc = "The name below which theirs are, relative to the zone; by default the zone itself: "
            "then asking for their addresses leads to further referrals, without end."},
    {.key = NULL},
};

static bool read_below(const struct params *given, const struct name *apex, struct name *ret,
                       struct diag *reterr)
{
    const struct param *below = params_find(given, "below");
    const char *why;
    if (below == NULL) {
        name_copy(ret, apex);
        return true;
    }
    return name_parse_text(below->texts[0], apex, ret, &why) ||
           diag_set(reterr, below->place, "not a domain name: %s", why);
}

static const void *configure(const struct params *given, const struct name *apex,
                             const struct provider *provider, struct arena *arena,
                             struct diag *reterr)
{
    (void)provider;
    struct endless *endless = ARENA_NEW(arena, struct endless);
    if (endless == NULL) {
        return behaviour_no_memory(reterr);
    }
    endless->servers = (size_t)params_number(given, "servers", 1);
    return read_below(given, apex, &endless->below, reterr) ? endless : NULL;
}

/* A name below `below` that belongs to the question (by its `hash`) and to no other; false if it
 * would be too long. */
static bool make_host(const struct name *below, uint64_t hash, size_t index, struct name *ret)
{
    char label[32];
    struct text text = text_in(label, sizeof label);
    text_put_format(&text, "n%zu-%08llx", index, (unsigned long long)(hash & UINT32_MAX));
    return name_child(below, bytes_of(label, text.size), ret);
}

/* The NS RRset of the name asked for, NULL if memory ran out. */
static const struct rrset *make_servers(const struct endless *endless, const struct name *cut,
                                        struct arena *arena)
{
    struct bytes *rdata = ARENA_NEW_ARRAY(arena, struct bytes, endless->servers);
    const uint64_t hash = name_hash(cut);
    size_t count = 0;
    for (size_t i = 0; rdata != NULL && i < endless->servers; i++) {
        struct name host;
        if (!make_host(&endless->below, hash, i, &host)) {
            break;
        }
        rdata[count] = arena_copy(arena, name_bytes(&host));
        if (rdata[count++].data == NULL) {
            return NULL;
        }
    }
    return rdata != NULL ? draft_rrset_new(arena, cut, RRTYPE_NS, TTL, rdata, count) : NULL;
}

static bool finish(const void *state, const struct behaviour_context *context, struct draft *draft)
{
    const struct endless *endless = state;
    if (draft->rcode != RCODE_NXDOMAIN) {
        return false;
    }
    struct name *cut = ARENA_NEW(context->scratch, struct name);
    const struct rrset *servers = NULL;
    if (cut != NULL) {
        name_copy(cut, context->qname);
        servers = make_servers(endless, cut, context->scratch);
    }
    draft_fail(draft, servers != NULL ? RCODE_NOERROR : RCODE_SERVFAIL);
    if (servers != NULL) {
        draft_add_authority(draft, cut, servers, servers->ttl);
    }
    return true;
}

const struct behaviour_row behaviour_endless_referrals = {
    .name = "endless-referrals",
    .doc = "Every name that the zone does not have is delegated, to servers whose addresses are "
           "not told and whose names nobody has asked for before.",
    .evidence = "NXNSAttack (USENIX Security 2020), NRDelegation (USENIX Security 2023), iDNS "
                "(CVE-2014-8500, CVE-2014-8601, CVE-2014-8602).",
    .params = params,
    .short_param = "servers",
    .configure = configure,
    .finish = finish,
};

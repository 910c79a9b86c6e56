/* A name behind a proxy: the provider answers with its own addresses and hides what the customer
 * typed. Only other records that the customer keeps at the name are shown beside them. */
#include "sim/behaviours/rows.h"

#include "sim/names.h"
#include "sim/proxy.h"
#include "sim/synth.h"
#include "wire/rrtype.h"

struct proxied {
    struct names names;
    enum proxy_any any;
    const struct rrset *ipv4, *ipv6, *https, *hinfo; /* https: NULL for none */
};

static const char *const profile_choices[] = {
    "cloudflare", "akamai", "imperva", "sucuri", "incapsula", NULL,
};

static const struct param_spec params[] = {
    {.key = "names",
     .type = PARAM_TEXTS,
     .required = true,
     .doc = "The proxied names, relative to the zone; \"@\" is its apex, \"*\" a wildcard, the "
            "word all every name."},
    {.key = "profile",
     .type = PARAM_CHOICE,
     .choices = profile_choices,
     .doc = "Whose proxy to play; by default the zone's provider's, cloudflare if it has none."},
    {.key = "ipv4",
     .type = PARAM_ADDRESSES,
     .doc = "The IPv4 addresses to answer with instead of the profile's."},
    {.key = "ipv6",
     .type = PARAM_ADDRESSES,
     .doc = "The IPv6 addresses to answer with instead of the profile's."},
    {.key = "ttl",
     .type = PARAM_DURATION,
     .doc = "The TTL of the addresses and of the HTTPS record instead of the profile's."},
    {.key = "https",
     .type = PARAM_BOOL,
     .doc = "Whether an HTTPS record is made up; by default as the profile does."},
    {.key = "ech",
     .type = PARAM_BOOL,
     .fallback = "false",
     .doc = "Whether the HTTPS record carries an ech parameter."},
    {.key = NULL},
};

/* --- what the profile gives --- */

static const struct proxy_profile *choose_profile(const struct params *given,
                                                  const struct provider *provider)
{
    enum { CLOUDFLARE = 0, IMPERVA = 2, INCAPSULA = 4 };
    const struct param *profile = params_find(given, "profile");
    if (profile != NULL) {
        return &proxy_profiles[profile->number == INCAPSULA ? IMPERVA : profile->number];
    }
    return provider->proxy != NULL ? provider->proxy : &proxy_profiles[CLOUDFLARE];
}

/* An address of `pool` whose free bits are `hash`'s; no first or last one of an octet. */
static struct address pick(const struct proxy_pool *pool, uint64_t hash)
{
    struct address address = {.family = ADDRESS_NONE};
    address_parse(bytes_of_string(pool->base), &address);
    const size_t size = address_octets(&address).size;
    for (size_t i = pool->bits / 8; i < size; i++) {
        const unsigned free_bits = i == pool->bits / 8 ? 8 - pool->bits % 8 : 8;
        const uint8_t mask = (uint8_t)(0xff >> (8 - free_bits));
        const uint8_t bits = (uint8_t)(hash >> (i * 13 % 57));
        address.octets[i] = (uint8_t)(address.octets[i] | (bits & mask));
    }
    const uint8_t last = address.octets[size - 1];
    address.octets[size - 1] = last == 0 ? 1 : last == 255 ? 254 : last;
    return address;
}

/* `ipv4` in the low 32 bits, below one of the eight /48s from the pool's base on. */
static struct address embed(const struct proxy_pool *pool, const struct address *ipv4,
                            uint64_t hash)
{
    struct address address = {.family = ADDRESS_NONE};
    address_parse(bytes_of_string(pool->base), &address);
    address.octets[5] = (uint8_t)(address.octets[5] | (hash & 7));
    memcpy(address.octets + 12, ipv4->octets, 4);
    return address;
}

static size_t pick_all(const struct proxy_pool *pools, uint64_t hash,
                       struct address ret[PROXY_ADDRESSES_MAX])
{
    size_t count = 0;
    while (count < PROXY_ADDRESSES_MAX && pools[count].base != NULL) {
        ret[count] = pick(&pools[count], hash + count * UINT64_C(0x9e3779b97f4a7c15));
        count++;
    }
    return count;
}

static size_t embed_all(const struct proxy_pool *pool, const struct address *ipv4, size_t count,
                        uint64_t hash, struct address ret[PROXY_ADDRESSES_MAX])
{
    size_t used = 0;
    for (size_t i = 0; i < count && used < PROXY_ADDRESSES_MAX; i++) {
        if (ipv4[i].family == ADDRESS_V4) {
            ret[used++] = embed(pool, &ipv4[i], hash >> (3 * i));
        }
    }
    return used;
}

/* --- configuring --- */

/* What a configuration is made from. */
struct making {
    const struct params *given;
    const struct proxy_profile *profile;
    struct arena *arena;
    uint32_t ttl;
    uint64_t hash; /* a provider gives a whole zone one set of addresses */
};

/* Sets the address RRsets; addresses that were given go before the profile's, and where only IPv4
 * was given a profile that embeds does so with those. */
static void make_addresses(const struct making *making, struct proxied *ret)
{
    const struct proxy_profile *profile = making->profile;
    const struct param *given_v4 = params_find(making->given, "ipv4");
    const struct param *given_v6 = params_find(making->given, "ipv6");
    struct address picked_v4[PROXY_ADDRESSES_MAX];
    struct address picked_v6[PROXY_ADDRESSES_MAX];
    size_t v4_count = pick_all(profile->v4, making->hash, picked_v4);
    const struct address *v4 = picked_v4;
    if (given_v4 != NULL) {
        v4 = given_v4->addresses;
        v4_count = given_v4->count;
    }
    size_t v6_count = 0;
    const struct address *v6 = picked_v6;
    if (given_v6 != NULL) {
        v6 = given_v6->addresses;
        v6_count = given_v6->count;
    } else if (profile->v6_kind == PROXY_V6_EMBEDDED) {
        v6_count = embed_all(&profile->v6[0], v4, v4_count, making->hash, picked_v6);
    } else if (profile->v6_kind == PROXY_V6_POOL) {
        v6_count = pick_all(profile->v6, making->hash, picked_v6);
    }
    ret->ipv4 = synth_addresses(making->arena, RRTYPE_A, making->ttl, v4, v4_count);
    ret->ipv6 = synth_addresses(making->arena, RRTYPE_AAAA, making->ttl, v6, v6_count);
}

static bool make_https(const struct making *making, struct proxied *ret)
{
    static const char *const alpn[] = {"h3", "h2", NULL};
    if (params_number(making->given, "https", making->profile->https) == 0) {
        return true;
    }
    struct synth_https service = {.alpn = alpn, .ipv4 = ret->ipv4, .ipv6 = ret->ipv6};
    if (params_number(making->given, "ech", 0) != 0) {
        service.ech = synth_ech(making->arena, "cloudflare-ech.com");
    }
    ret->https = synth_https(making->arena, making->ttl, &service);
    return ret->https != NULL;
}

static bool make_records(const struct making *making, struct proxied *ret)
{
    make_addresses(making, ret);
    ret->any = making->profile->any;
    ret->hinfo = synth_hinfo(making->arena, making->profile->any_ttl);
    return ret->ipv4 != NULL && ret->ipv6 != NULL && ret->hinfo != NULL && make_https(making, ret);
}

static const void *configure(const struct params *given, const struct name *apex,
                             const struct provider *provider, struct arena *arena,
                             struct diag *reterr)
{
    const struct proxy_profile *profile = choose_profile(given, provider);
    const struct making making = {
        .given = given,
        .profile = profile,
        .arena = arena,
        .ttl = behaviour_ttl(given, "ttl", profile->ttl),
        .hash = name_hash(apex),
    };
    struct proxied *proxied = ARENA_NEW(arena, struct proxied);
    if (proxied == NULL || !make_records(&making, proxied)) {
        return behaviour_no_memory(reterr);
    }
    if (!names_configure(params_find(given, "names"), apex, arena, &proxied->names, reterr)) {
        return NULL;
    }
    return proxied;
}

/* --- editing --- */

static void answer_with(struct draft_step *step, const struct rrset *rrset)
{
    if (rrset == NULL || rrset->count == 0) {
        draft_step_nodata(step);
        return;
    }
    draft_step_answer(step);
    draft_step_put(step, rrset, rrset->ttl);
}

static void answer_any(const struct proxied *proxied, struct draft *draft, struct draft_step *step)
{
    if (proxied->any == PROXY_ANY_HINFO) {
        answer_with(step, proxied->hinfo);
        draft->extended_error = EDE_NOT_SUPPORTED + 1;
        return;
    }
    answer_with(step, proxied->ipv4);
    if (proxied->ipv6->count > 0) {
        draft_step_put(step, proxied->ipv6, proxied->ipv6->ttl);
    }
}

static bool edit(const void *state, const struct behaviour_context *context, struct draft *draft,
                 struct draft_step *step)
{
    const struct proxied *proxied = state;
    const enum names_match match = names_match(&proxied->names, step, NULL);
    if (match != NAMES_HIT) {
        return names_make_ancestor(match, step);
    }
    switch (context->qtype) {
    case RRTYPE_A: answer_with(step, proxied->ipv4); break;
    case RRTYPE_AAAA: answer_with(step, proxied->ipv6); break;
    case RRTYPE_CNAME: draft_step_nodata(step); break;
    case RRTYPE_ANY: answer_any(proxied, draft, step); break;
    case RRTYPE_HTTPS:
        if (proxied->https != NULL) {
            answer_with(step, proxied->https);
            break;
        }
        return behaviour_show_own_data(step);
    default: return behaviour_show_own_data(step);
    }
    return true;
}

const struct behaviour_row behaviour_proxied = {
    .name = "proxied",
    .doc = "The provider answers for these names with its own addresses: A, AAAA and perhaps an "
           "HTTPS record. CNAME and every type that the customer does not keep at the name itself "
           "are NODATA; own TXT or MX beside it is served.",
    .evidence = "Failure catalogue A1, E1, F01 to F03, F08; see the profiles for each provider.",
    .params = params,
    .short_param = "names",
    .configure = configure,
    .edit = edit,
};

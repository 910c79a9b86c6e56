/* A server that is listed for a zone it does not serve. */
#include "sim/behaviours/rows.h"

#include "wire/rrtype.h"

#define ROOT_SERVERS 13
#define ROOT_TTL     518400

enum lame_mode { LAME_REFUSED, LAME_SERVFAIL, LAME_UPWARD, LAME_NON_AUTHORITATIVE, LAME_SELF };

struct lame {
    enum lame_mode mode;
    const struct rrset *root; /* of LAME_UPWARD */
};

static const char *const modes[] = {
    "refused", "servfail", "upward-referral", "non-authoritative", "self-referral", NULL,
};

static const struct param_spec params[] = {
    {.key = "mode",
     .type = PARAM_CHOICE,
     .choices = modes,
     .fallback = "refused",
     .doc =
         "refused, servfail: that RCODE; upward-referral: a referral to the root; "
         "non-authoritative: the right data without the AA bit; self-referral: a referral to the "
         "very zone that was asked."},
    {.key = NULL},
};

/* The NS RRset of the root, NULL if `arena` is exhausted. */
static const struct rrset *make_root(struct arena *arena)
{
    struct bytes *rdata = ARENA_NEW_ARRAY(arena, struct bytes, ROOT_SERVERS);
    struct name *hosts = ARENA_NEW_ARRAY(arena, struct name, ROOT_SERVERS);
    if (rdata == NULL || hosts == NULL) {
        return NULL;
    }
    char text[] = "a.root-servers.net.";
    for (size_t i = 0; i < ROOT_SERVERS; i++) {
        text[0] = (char)('a' + (int)i);
        name_parse_text(bytes_of_string(text), NULL, &hosts[i], NULL);
        rdata[i] = name_bytes(&hosts[i]);
    }
    return draft_rrset_new(arena, name_root(), RRTYPE_NS, ROOT_TTL, rdata, ROOT_SERVERS);
}

static const void *configure(const struct params *given, const struct name *apex,
                             const struct provider *provider, struct arena *arena,
                             struct diag *reterr)
{
    (void)provider;
    (void)apex;
    struct lame *lame = ARENA_NEW(arena, struct lame);
    const struct rrset *root = make_root(arena);
    if (lame == NULL || root == NULL) {
        return behaviour_no_memory(reterr);
    }
    lame->mode = (enum lame_mode)params_number(given, "mode", LAME_REFUSED);
    lame->root = root;
    return lame;
}

/* A referral that leads nowhere nearer. */
static void refer(struct draft *draft, const struct rrset *ns)
{
    draft_fail(draft, RCODE_NOERROR);
    if (ns != NULL) {
        draft_add_authority(draft, ns->owner, ns, ns->ttl);
    }
}

static bool finish(const void *state, const struct behaviour_context *context, struct draft *draft)
{
    const struct lame *lame = state;
    switch (lame->mode) {
    case LAME_REFUSED: draft_fail(draft, RCODE_REFUSED); break;
    case LAME_SERVFAIL: draft_fail(draft, RCODE_SERVFAIL); break;
    case LAME_UPWARD: refer(draft, lame->root); break;
    case LAME_SELF:
        refer(draft, zone_rrset(context->zone, zone_apex(context->zone), RRTYPE_NS));
        break;
    case LAME_NON_AUTHORITATIVE: draft->authoritative = false; break;
    }
    return true;
}

const struct behaviour_row behaviour_lame = {
    .name = "lame",
    .doc = "The server is delegated to and does not serve the zone.",
    .evidence =
        "Failure catalogue F84, F85, F90: Akiwate et al., IMC 2020; Zonemaster DELEGATION04; "
        "unbound#267 (a referral that repeats).",
    .params = params,
    .short_param = "mode",
    .configure = configure,
    .finish = finish,
};

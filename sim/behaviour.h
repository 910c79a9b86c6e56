/* How a provider departs from what the zone says. A behaviour edits the draft of one reply:
 * meaning, never carriage (that is a fault's, see fault.h). One file each in behaviours/, one row
 * each in the table below.
 *
 * A server composes a reply link by link: for each owner name on the way (the question's name, then
 * the target of each CNAME it is authoritative for) the zone fills a step, every behaviour of that
 * zone may edit it in the order of the table, and the step is added to the draft. */
#ifndef FAULTZONE_SIM_BEHAVIOUR_H
#define FAULTZONE_SIM_BEHAVIOUR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/instant.h"
#include "base/params.h"
#include "base/rng.h"
#include "sim/counts.h"
#include "sim/draft.h"
#include "sim/zone.h"
#include "wire/message.h"
#include "wire/name.h"

/* What a behaviour may look at while it edits. All of it is borrowed for the call. */
struct behaviour_context {
    const struct zone *zone;         /* the zone the step belongs to */
    const struct zone *const *zones; /* every zone of the scenario: for flattening and ALIAS */
    size_t zone_count;
    const struct message *query; /* checked */
    const struct name *qname;    /* this link's owner name */
    uint16_t qtype;
    const struct endpoint *client; /* who asks */
    const char *server;            /* which name server answers, as its seat is called */
    enum transport transport;
    struct arena *scratch; /* freed after the reply */
    struct rng *rng;       /* this server's stream */
    struct counts *counts; /* what this server has counted */
    instant_ns now;
};

struct behaviour_row;
struct provider;

/* One configured behaviour of a zone or a server. */
struct behaviour {
    const struct behaviour_row *row;
    const void *state; /* what `configure` made of the parameters */
};

struct behaviour_row {
    const char *name;                /* the key in a scenario, e.g. "proxied" */
    const char *doc;                 /* a paragraph for the reference */
    const char *evidence;            /* source of the facts, or "assumed" */
    const struct param_spec *params; /* ended by a NULL key */
    /* The parameter a scalar or list stands for: `proxied: [a, b]` is `proxied: {names: [a, b]}`.
     * NULL if the behaviour must be given as a mapping. `name: true` turns it on with defaults. */
    const char *short_param;

    /* Turns parameters (which outlive the state) into state in `arena`; names are relative to
     * `apex` (borrowed for the call). `provider` is the zone's (never NULL: provider_default()
     * where a file names none). NULL and a diag (with the place of the offending value) on failure.
     */
    const void *(*configure)(const struct params *params, const struct name *apex,
                             const struct provider *provider, struct arena *arena,
                             struct diag *reterr);
    /* Edits one step; true if it changed something. NULL if the behaviour edits no steps. */
    bool (*edit)(const void *state, const struct behaviour_context *context, struct draft *draft,
                 struct draft_step *step);
    /* Edits the whole reply, errors included, once it is composed: for behaviours of a server
     * rather than of a name. Only those of the zone nearest to the question are asked. True if it
     * changed something; may be NULL. */
    bool (*finish)(const void *state, const struct behaviour_context *context, struct draft *draft);
};

/* All behaviours, in the order in which they edit; ended by a NULL name. */
extern const struct behaviour_row *const behaviour_rows[];

/* The row called `name`, NULL if there is none. */
const struct behaviour_row *behaviour_find(struct bytes name);

/* What A and AAAA give at an ALIAS whose target does not exist or cannot be followed. */
enum alias_failure {
    ALIAS_SERVFAIL,
    ALIAS_EMPTY,
};

/* A provider as data: what its zones look like and which behaviours it turns on. */
struct provider {
    const char *slug; /* "cloudflare" */
    const char *date; /* "2026": when the facts were true; `cloudflare@2026` names this row */
    const char *title;
    const char *doc;
    const char *evidence;
    const char *const *name_servers; /* host names with a final dot, ended by NULL; NULL: ns1, ns2
                                        below the zone */
    const char *soa_rname;           /* "dns.cloudflare.com.", NULL for hostmaster.<zone> */
    uint32_t soa_ttl, soa_serial, soa_refresh, soa_retry, soa_expire, soa_minimum;
    /* Behaviours every zone of this provider has without being asked (refusing ANY, say). */
    const char *const *behaviours; /* names, ended by NULL; may be NULL */
    /* What `alias` gives where a target cannot be followed and the file does not say. */
    enum alias_failure alias_failure;
    /* What `proxied` plays at this provider; NULL if it has no proxy. */
    const struct proxy_profile *proxy;
};

/* All providers, newest first among equal slugs; ended by a NULL slug. */
extern const struct provider providers[];

/* `slug` or `slug@date`; without a date the newest. NULL if there is none. */
const struct provider *provider_find(struct bytes slug);

/* "generic": plain RFC behaviour, for zones that name no provider. */
const struct provider *provider_default(void);

#endif

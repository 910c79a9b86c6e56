/* A scenario file as plain structs: nothing of YAML survives here, every name is in wire form,
 * every key was checked against the table that owns it. All memory is the scenario's arena. */
#ifndef FAULTZONE_HARNESS_SCENARIO_H
#define FAULTZONE_HARNESS_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/params.h"
#include "harness/diags.h"
#include "mail/dkim_result.h"
#include "sim/behaviour.h"
#include "sim/client.h"
#include "sim/fault.h"
#include "sim/intruder.h"
#include "sim/zone.h"

struct key_pair; /* key_pair.h */
struct keyring;  /* keyring.h */
struct rpl;      /* rpl.h */

#define SCENARIO_OCTETS_MAX ((size_t)1024 * 1024) /* of a file */
#define SCENARIO_VERSION    1

struct yaml_node;     /* yaml.h */
struct internet_host; /* internet.h */
struct plan_record;   /* inspect/plan.h */
struct said_record;   /* harness/records.h */

/* Behaviours configured for a zone or for one of its servers, in table order. */
struct behaviour_set {
    const struct behaviour *items;
    const struct place *places; /* where the file says each; the zone's own: its provider's habit */
    size_t count;
};

/* One name server of a zone: said in the file or made. */
struct scenario_server {
    struct place place;
    struct name host; /* its host name */
    const struct address *addresses;
    size_t address_count;
    bool made_addresses;             /* not said in the file */
    bool delegated;                  /* false: it answers, but the parent does not list it */
    struct behaviour_set behaviours; /* all it has: its own, and the zone's where it has none */
    const struct zone *zone;         /* its own view of the zone, NULL: the zone's (F86, F87) */
    size_t seat;                     /* index into the scenario's seats */
};

/* A machine that serves zones. Servers that share a host name or an address share a seat. */
struct scenario_seat {
    const char *name;                /* its first host name, without the final dot; "root" */
    const struct address *addresses; /* of all times: a change may move a server elsewhere */
    size_t address_count;
    size_t served_max; /* zones it ever serves at once, at most */
};

struct scenario_zone {
    struct place place;
    struct name apex;
    const struct provider *provider; /* never NULL: the generic one if the file names none */
    const struct zone *zone;         /* records said and made: SOA, NS, glue for its children */
    struct behaviour_set behaviours;
    const struct scenario_server *servers;
    size_t server_count;
    bool made; /* root, TLD or a provider's own zone that the file does not mention */
    const struct zone_spec *spec;   /* as the file says it (zone_spec.h) */
    const struct said_record *said; /* the file's records with their places (records.h) */
    size_t said_count;
};

enum step_kind { STEP_LOOKUP, STEP_DKIM, STEP_SETUP, STEP_CHANGE, STEP_WAIT, STEP_KINDS };

/* A step of an `.rpl` file, which no YAML file has (rpl.h). */
#define STEP_PLAYED STEP_KINDS

struct lookup_step {
    struct client_question question;
    bool to_resolver; /* else question.server is a simulated server, asked without recursion */
};

struct dkim_step {
    struct name name; /* <selector>._domainkey.<domain> */
    struct dkim_signature signature;
    bool expected_said;            /* the step says which key is right */
    struct bytes expected_record;  /* that key's record text; where not said: the key the zones as
                                      written lead to, behaviours aside; empty if there is none */
    struct params deviations;      /* deviation.h */
    const struct key_pair *signer; /* who has its private half; NULL: nobody knows it */
};

struct setup_step {
    const struct plan_record *records;
    size_t record_count;
};

/* A zone as it is from this step on. The new zone is made at load time. */
struct zone_change {
    const struct scenario_zone *before; /* as it was until now; NULL: the zone is new */
    const struct scenario_zone *after;
};

struct change_step {
    const struct zone_change *changes; /* parents whose delegation changes with them included */
    size_t change_count;
    const struct zone *const *zone_views; /* of every zone, from here on */
    size_t zone_count;
    bool replaces_faults;
    const struct fault *faults; /* the whole list from here on */
    size_t fault_count;
    bool forgets; /* the resolver's cache is emptied (`change: {resolver: forget}`) */
};

struct expect_row;

/* One line of `expect:` or `forbid:`. */
struct expectation {
    const struct expect_row *row;
    struct param wanted;
    bool forbidden;
    struct place place;
    const char *shown; /* as the file wrote it, escaped: "result: permerror" */
};

struct step {
    enum step_kind kind;
    struct place place;
    const char *shown; /* one line: "dkim k1._domainkey.customer.example." */
    union {
        struct lookup_step lookup;
        struct dkim_step dkim;
        struct setup_step setup;
        struct change_step change;
        duration_ns wait;
    } as;
    const struct expectation *expectations;
    size_t expectation_count;
};

struct scenario {
    struct arena *arena; /* holds all of it */
    const char *path;    /* as given on the command line */
    const char *id;      /* stable: the path below the scenarios' root without ".yaml" */
    struct place place;
    const char *title;                 /* UTF-8, control characters refused at loading */
    const char *about;                 /* may be "" */
    const char *const *covers;         /* "F01", …; ended by NULL */
    const char *const *sources;        /* ended by NULL */
    const char *const *tags;           /* ended by NULL */
    uint32_t intended;                 /* bit per row of lint_rules that is meant */
    const struct scenario_zone *zones; /* the file's in its order, then the made ones */
    size_t zone_count;
    const struct zone *const *zone_views; /* zones[i].zone, as the servers' lists want them */
    const struct scenario_seat *seats;    /* who serves, over the whole scenario; 0 is the root */
    size_t seat_count;
    const struct fault *faults;
    size_t fault_count;
    const struct forgery *forgeries; /* of the intruder; none: there is no such seat */
    size_t forgery_count;
    duration_ns latency;  /* one way */
    struct params policy; /* `resolver:` */
    struct params client; /* `client:`: timeout, tries, edns */
    struct address resolver_v4, resolver_v6, client_v4, client_v6, check_v4, check_v6;
    const struct rpl *played;      /* of an `.rpl` file; NULL: it is none */
    const struct keyring *keyring; /* `keys:`; NULL: none */
    const struct step *steps;
    size_t step_count;
    const char *source_text; /* the file's octets, for carets; ended by NUL */
    size_t source_size;
    const struct internet_host *hosts; /* whose addresses were made */
    size_t host_count;
    unsigned addresses_made;
};

/* What was changed at run time, on top of a file. */
struct scenario_edits {
    const struct yaml_node *zones; /* a mapping as under `zones:`; NULL: none. New zones too */
    /* A mapping from zones to zone text: these records too, in the place of records of the same
     * name and type, and of CNAMEs where they are none and of all else where they are; NULL: none.
     */
    const struct yaml_node *additions;
    const struct yaml_node *faults; /* a list of faults more; NULL: none */
    bool lifts_faults;              /* those of the file do not count */
    const struct scenario *before;  /* hosts keep the addresses they have there; may be NULL */
    const struct keyring *pairs;    /* the file's, read or made already; borrowed; may be NULL */
};

/* A file in memory. */
struct scenario_file {
    struct bytes text;
    const char *path, *id; /* `path` is only shown */
};

/* Reads and checks the file at `path` into `arena`. NULL if it cannot be loaded: `diags` then holds
 * at least one error (with file:line:column). Warnings of lint are not produced here. */
const struct scenario *scenario_load(const char *path, const char *id, struct arena *arena,
                                     struct diags *diags);

/* The same from memory; `path` is only shown. */
const struct scenario *scenario_parse(struct bytes text, const char *path, const char *id,
                                      struct arena *arena, struct diags *diags);

/* The same with `edits` applied: zones and faults are those after them, and there are no steps. */
const struct scenario *scenario_parse_edited(const struct scenario_file *file,
                                             const struct scenario_edits *edits,
                                             struct arena *arena, struct diags *diags);

/* What is legal but looks wrong (see lint.h), but for what the file calls `intended`. Adds to
 * `diags`; returns how many. */
size_t scenario_lint(const struct scenario *scenario, struct diags *diags);

#endif

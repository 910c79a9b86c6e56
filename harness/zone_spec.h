/* A zone as a scenario file says it, before anything is made: records, servers, behaviours. A
 * `change` step edits a copy. */
#ifndef FAULTZONE_HARNESS_ZONE_SPEC_H
#define FAULTZONE_HARNESS_ZONE_SPEC_H

#include "harness/loader.h"
#include "harness/records.h"
#include "sim/behaviour.h"
#include "sim/entry.h"
#include "sim/names.h"

#define ZONE_SERVERS_MAX 13 /* of one zone */

/* What a file says of one behaviour. */
struct behaviour_choice {
    enum { BEHAVIOUR_UNSAID, BEHAVIOUR_OFF, BEHAVIOUR_ON } said;
    struct params params; /* of ON */
    struct place place;
    const void *state; /* what the row made of the parameters */
};

/* The start of authority as far as a file says it. */
struct soa_spec {
    bool absent;               /* `soa: false` */
    const struct params *said; /* NULL: nothing */
};

/* What a file says of how records were entered: for each row of the table, of which. */
struct entry_spec {
    bool said;
    const struct names *names; /* one per row; NULL: none of any */
    const struct param *given; /* the same as it was written, with places; one per row */
};

struct internet_zone;

struct server_spec {
    struct place place;
    struct name host;
    const struct internet_zone *home; /* the zone nearest to the host; found once all are there */
    const struct address *addresses;  /* none: found in the zones or made */
    size_t address_count;
    bool made_addresses;
    bool delegated;
    struct behaviour_choice *choices; /* one per row of the table */
    bool has_view;                    /* its own records */
    struct record_list view;
    struct entry_spec entry;
    struct soa_spec soa;
};

struct zone_spec {
    struct place place;
    struct name apex;
    const struct provider *provider;
    uint32_t ttl;
    struct record_list records; /* as they were typed */
    struct entry_spec entry;
    struct soa_spec soa;
    struct behaviour_choice *choices; /* one per row of the table */
    struct server_spec *servers;
    size_t server_count;
    bool servers_said;
    uint32_t edits; /* how often a change gave it new records: its serial grows with it */
};

/* The keys a zone and a server may have beside the behaviours; ended by a NULL key. */
struct zone_key {
    const char *key;
    const char *doc;
    const char *shape; /* what its value looks like: a definition of the schema */
    bool (*load)(struct loader *loader, const struct yaml_node *node, void *spec);
};
extern const struct zone_key zone_keys[];
extern const struct zone_key server_keys[];
extern const struct param_spec soa_params[];

/* How many rows the table of behaviours has. */
size_t behaviour_count(void);

/* Prepares an empty zone. False (told) if memory ran out. */
bool zone_spec_init(struct loader *loader, struct zone_spec *spec, const struct name *apex,
                    struct place place);

/* Reads the mapping `node` over `spec`, key by key: what is given replaces what was there. */
bool zone_spec_load(struct loader *loader, const struct yaml_node *node, struct zone_spec *spec);

/* A copy that may be edited without touching `from`. */
bool zone_spec_copy(struct loader *loader, const struct zone_spec *from, struct zone_spec *ret);

#endif

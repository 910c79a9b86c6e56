/* The internet around a scenario's zones: what a file does not say is made. Servers and their
 * addresses, SOA and NS records, glue, delegations, the zones of name servers, TLDs, the root. */
#ifndef FAULTZONE_HARNESS_INTERNET_H
#define FAULTZONE_HARNESS_INTERNET_H

#include "harness/scenario.h"
#include "harness/zone_spec.h"

#define INTERNET_ZONES_MAX 512
#define INTERNET_SEATS_MAX 240 /* a world has 256 */

/* A zone at one time, complete. */
struct internet_zone {
    struct zone_spec spec; /* servers filled in */
    bool made;
    const struct internet_zone *parent; /* the zone that delegates to it; NULL for the root */
    struct record_list records;         /* all of them */
    struct record_list *views;          /* one per server; empty without a view of its own */
    struct scenario_zone *built;
};

/* All zones at one time: the file's in its order, then the made ones, the root last. */
struct internet_state {
    struct internet_zone **zones;
    size_t count;
    const struct zone *const *views; /* zones[i]->built->zone */
};

/* A host whose addresses were made. */
struct internet_host {
    struct name name;
    struct address addresses[2];
};

/* What lasts from one state to the next: who got which address. */
struct internet {
    struct loader *loader;
    struct internet_host *hosts;
    size_t host_count, host_capacity;
    unsigned addresses_made;
    const struct address *reserved; /* never given to a server */
    size_t reserved_count;
};

/* Completes `specs` into `ret`. Zones that are as they were in `before` (may be NULL) share what
 * was built then. False if anything was wrong (told). */
bool internet_make(struct internet *internet, const struct zone_spec *specs, size_t count,
                   const struct internet_state *before, struct internet_state *ret);

/* The zone nearest to `name`, NULL if even the root is missing. */
const struct internet_zone *internet_nearest(const struct internet_state *state,
                                             const struct name *name);

/* Seats the servers of all `states`: sets every server's seat. Seat 0 is the root's. */
bool internet_seat(struct internet *internet, const struct internet_state *states, size_t count,
                   const struct scenario_seat **ret_seats, size_t *ret_count);

#endif

/* Who sits where: servers that ever share an address share a seat. */
#include <stdio.h>
#include <string.h>

#include "harness/internet.h"

#define SEAT_ADDRESSES_MAX 64

struct plan {
    struct internet *internet;
    struct scenario_seat *seats;
    size_t count;
    bool fine;
};

static bool has_address(const struct scenario_seat *seat, const struct address *address)
{
    for (size_t i = 0; i < seat->address_count; i++) {
        if (address_equal(&seat->addresses[i], address)) {
            return true;
        }
    }
    return false;
}

/* The seat that has one of `server`'s addresses already. */
static size_t find_seat(const struct plan *plan, const struct scenario_server *server)
{
    for (size_t i = 0; i < plan->count; i++) {
        for (size_t a = 0; a < server->address_count; a++) {
            if (has_address(&plan->seats[i], &server->addresses[a])) {
                return i;
            }
        }
    }
    return plan->count;
}

/* "root", "tld" (the server of all made TLDs), or the host's name, with a number where another seat
 * has it. */
static const char *seat_name(struct plan *plan, const struct scenario_zone *zone,
                             const struct scenario_server *server)
{
    const char *host = loader_name_text(plan->internet->loader, &server->host);
    if (plan->count == 0 || host == NULL) {
        return "root";
    }
    if (zone->made && zone->apex.labels == 1) {
        return "tld";
    }
    size_t same = 0;
    for (size_t i = 0; i < plan->count; i++) {
        const size_t size = strlen(host);
        const char *other = plan->seats[i].name;
        same += strncmp(other, host, size) == 0 && (other[size] == '\0' || other[size] == '#');
    }
    if (same == 0) {
        return host;
    }
    char numbered[NAME_TEXT_MAX + 16];
    snprintf(numbered, sizeof numbered, "%s#%zu", host, same + 1);
    const char *copy = arena_copy_string(plan->internet->loader->arena, numbered);
    return copy != NULL ? copy : "server";
}

static bool refuse(struct plan *plan, const struct scenario_server *server, const char *sentence)
{
    diags_add(plan->internet->loader->diags, server->place, "%s", sentence);
    return false;
}

static bool is_reserved(const struct plan *plan, const struct address *address)
{
    for (size_t i = 0; i < plan->internet->reserved_count; i++) {
        if (address_equal(&plan->internet->reserved[i], address)) {
            return true;
        }
    }
    return false;
}

/* Adds the server's addresses to the seat. */
static bool widen(struct plan *plan, struct scenario_seat *seat,
                  const struct scenario_server *server)
{
    struct address *addresses = ARENA_NEW_ARRAY(plan->internet->loader->arena, struct address,
                                                seat->address_count + server->address_count);
    if (addresses == NULL) {
        return loader_exhausted(plan->internet->loader);
    }
    if (seat->address_count > 0) {
        memcpy(addresses, seat->addresses, seat->address_count * sizeof *addresses);
    }
    size_t count = seat->address_count;
    for (size_t i = 0; i < server->address_count; i++) {
        if (is_reserved(plan, &server->addresses[i])) {
            return refuse(plan, server,
                          "this server has an address of the resolver, the client or the check");
        }
        if (!has_address(seat, &server->addresses[i])) {
            addresses[count++] = server->addresses[i];
        }
    }
    if (count > SEAT_ADDRESSES_MAX) {
        return refuse(plan, server, "this server has too many addresses");
    }
    seat->addresses = addresses;
    seat->address_count = count;
    return true;
}

static bool seat_server(struct plan *plan, const struct scenario_zone *zone,
                        struct scenario_server *server)
{
    const size_t index = find_seat(plan, server);
    if (index == plan->count) {
        if (plan->count == INTERNET_SEATS_MAX) {
            return refuse(plan, server, "too many servers in one scenario");
        }
        plan->seats[index] = (struct scenario_seat){.name = seat_name(plan, zone, server)};
        plan->count++;
    }
    server->seat = index;
    bool complete = true;
    for (size_t i = 0; i < server->address_count; i++) {
        complete = complete && has_address(&plan->seats[index], &server->addresses[i]);
    }
    return complete || widen(plan, &plan->seats[index], server);
}

/* The servers of `zone`, which this room may still write to. */
static struct scenario_server *own_servers(struct scenario_zone *zone)
{
    union {
        const struct scenario_server *borrowed;
        struct scenario_server *own;
    } servers = {.borrowed = zone->servers};
    return servers.own;
}

static void seat_zone(struct plan *plan, struct scenario_zone *zone)
{
    struct scenario_server *servers = own_servers(zone);
    for (size_t i = 0; i < zone->server_count; i++) {
        plan->fine = seat_server(plan, zone, &servers[i]) && plan->fine;
    }
}

/* The root first, then TLDs, then all others, in the file's order. */
static void seat_state(struct plan *plan, const struct internet_state *state)
{
    for (unsigned round = 0; round < 3; round++) {
        for (size_t i = 0; i < state->count; i++) {
            const unsigned labels = state->zones[i]->spec.apex.labels;
            if ((labels < 2 ? labels : 2) == round) {
                seat_zone(plan, state->zones[i]->built);
            }
        }
    }
}

/* No seat ever serves more zones than all states together give it. */
static void count_served(struct plan *plan, const struct internet_state *state)
{
    for (size_t i = 0; i < state->count; i++) {
        const struct scenario_zone *zone = state->zones[i]->built;
        for (size_t s = 0; s < zone->server_count; s++) {
            plan->seats[zone->servers[s].seat].served_max++;
        }
    }
}

bool internet_seat(struct internet *internet, const struct internet_state *states, size_t count,
                   const struct scenario_seat **ret_seats, size_t *ret_count)
{
    struct plan plan = {.internet = internet, .fine = true};
    size_t servers = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t z = 0; z < states[i].count; z++) {
            servers += states[i].zones[z]->spec.server_count;
        }
    }
    servers = servers < INTERNET_SEATS_MAX ? servers : INTERNET_SEATS_MAX;
    plan.seats = ARENA_NEW_ARRAY(internet->loader->arena, struct scenario_seat, servers);
    if (plan.seats == NULL) {
        return loader_exhausted(internet->loader);
    }
    for (size_t i = 0; i < count; i++) {
        seat_state(&plan, &states[i]);
    }
    for (size_t i = 0; plan.fine && i < count; i++) {
        count_served(&plan, &states[i]);
    }
    *ret_seats = plan.seats;
    *ret_count = plan.count;
    return plan.fine;
}

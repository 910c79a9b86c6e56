/* What is known of server addresses. */
#include "resolver/servers.h"

#include <assert.h>

#define PROBES 8U

bool servers_init(struct servers *servers, struct arena *arena, uint32_t count, duration_ns memory)
{
    uint32_t size = PROBES;
    while (size < count) {
        size *= 2;
    }
    *servers = (struct servers){.records = ARENA_NEW_ARRAY(arena, struct server_record, size),
                                .mask = size - 1,
                                .epoch = 1,
                                .memory = memory};
    return servers->records != NULL;
}

void servers_back_off(struct servers *servers, uint32_t dead_after, duration_ns least,
                      duration_ns most)
{
    servers->dead_after = dead_after;
    servers->backoff_least = least;
    servers->backoff_most = most;
}

void servers_reset(struct servers *servers)
{
    servers->epoch++;
}

static bool holds(const struct servers *servers, const struct server_record *record, instant_ns now)
{
    return record->epoch == servers->epoch && now < instant_after(record->heard, servers->memory);
}

const struct server_record *servers_find(const struct servers *servers,
                                         const struct address *address, instant_ns now)
{
    const uint32_t start = (uint32_t)address_hash(address);
    for (uint32_t i = 0; i < PROBES; i++) {
        const struct server_record *record = &servers->records[(start + i) & servers->mask];
        if (holds(servers, record, now) && address_equal(&record->address, address)) {
            return record;
        }
    }
    return NULL;
}

/* The record of `address`, made new if there is none. */
static struct server_record *record_of(struct servers *servers, const struct address *address,
                                       instant_ns now)
{
    const uint32_t start = (uint32_t)address_hash(address);
    struct server_record *place = NULL;
    for (uint32_t i = 0; i < PROBES; i++) {
        struct server_record *record = &servers->records[(start + i) & servers->mask];
        const bool is_free = !holds(servers, record, now);
        if (!is_free && address_equal(&record->address, address)) {
            record->heard = now;
            return record;
        }
        if (place == NULL ||
            (holds(servers, place, now) && (is_free || record->heard < place->heard))) {
            place = record;
        }
    }
    *place = (struct server_record){
        .address = *address, .epoch = servers->epoch, .heard = now, .expected = SERVER_UNKNOWN};
    return place;
}

void servers_answered(struct servers *servers, const struct address *address, duration_ns time,
                      instant_ns now)
{
    struct server_record *record = record_of(servers, address, now);
    if (record->smooth == 0) {
        record->smooth = time;
        record->deviation = time / 2;
    } else {
        const duration_ns off =
            time > record->smooth ? time - record->smooth : record->smooth - time;
        record->deviation = (3 * record->deviation + off) / 4;
        record->smooth = (7 * record->smooth + time) / 8;
    }
    record->expected = record->smooth;
    record->timeouts = 0;
    record->dead_until = 0;
}

/* How long a server is left alone after `timeouts` in a row: twice as long with every one. */
static duration_ns backoff(const struct servers *servers, uint8_t timeouts)
{
    if (servers->dead_after == 0 || timeouts < servers->dead_after) {
        return 0;
    }
    duration_ns spell = servers->backoff_least;
    for (uint32_t i = servers->dead_after; i < timeouts && spell < servers->backoff_most; i++) {
        spell *= 2;
    }
    return spell < servers->backoff_most ? spell : servers->backoff_most;
}

duration_ns servers_timed_out(struct servers *servers, const struct address *address,
                              duration_ns time, instant_ns now)
{
    struct server_record *record = record_of(servers, address, now);
    record->expected = record->expected > time ? record->expected * 2 : time * 2;
    if (record->expected > SERVER_EXPECTED_MAX) {
        record->expected = SERVER_EXPECTED_MAX;
    }
    if (record->timeouts < UINT8_MAX) {
        record->timeouts++;
    }
    const duration_ns spell = backoff(servers, record->timeouts);
    record->dead_until = spell > 0 ? instant_after(now, spell) : 0;
    return spell;
}

void servers_are_plain(struct servers *servers, const struct address *address, instant_ns now)
{
    record_of(servers, address, now)->plain = true;
}

void servers_lose_case(struct servers *servers, const struct address *address, instant_ns now)
{
    record_of(servers, address, now)->one_case = true;
}

struct bytes servers_cookie(struct servers *servers, const struct address *address,
                            const struct entropy *entropy, instant_ns now)
{
    struct server_record *record = record_of(servers, address, now);
    if (record->cookie_size == 0) {
        const uint64_t bits = entropy_next(entropy);
        for (size_t i = 0; i < CLIENT_COOKIE_OCTETS; i++) {
            record->cookie[i] = (uint8_t)(bits >> (8 * i));
        }
        record->cookie_size = CLIENT_COOKIE_OCTETS;
    }
    return bytes_of(record->cookie, record->cookie_size);
}

void servers_keep_cookie(struct servers *servers, const struct address *address,
                         struct bytes cookie, instant_ns now)
{
    struct server_record *record = record_of(servers, address, now);
    if (record->cookie_size == 0 || cookie.size > SERVER_COOKIE_OCTETS_MAX) {
        return;
    }
    memcpy(record->cookie + CLIENT_COOKIE_OCTETS, cookie.data, cookie.size);
    record->cookie_size = (uint8_t)(CLIENT_COOKIE_OCTETS + cookie.size);
}

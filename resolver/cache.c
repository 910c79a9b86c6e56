/* Entries lie one behind another in a ring; `head` is where the next one goes, `tail` the oldest,
 * both counted on for ever, so that the place in the log is the rest by its capacity. An entry that
 * is replaced or forgotten stays as a dead one until the tail passes it. No entry crosses the end
 * of the log: a dead one fills what is left there, and what is too short even for that is a gap. */
#include "resolver/cache.h"

#include <assert.h>

#define NOWHERE           UINT32_MAX
#define ENTRY_ALIGNMENT   8U
#define OCTETS_PER_BUCKET 256
#define ENTRY_SHARE_MAX   2 /* an entry may take the log's capacity divided by this */

struct entry {
    uint32_t size; /* of the whole, a multiple of ENTRY_ALIGNMENT */
    uint32_t next; /* in its bucket */
    uint32_t hash; /* of name, type and drawer */
    uint32_t name_hash;
    instant_ns expires;
    duration_ns spell; /* of a failure: how long it holds */
    uint32_t octets_size;
    uint16_t type;
    uint16_t count;
    uint8_t drawer, trust;
    bool denial, unchecked, live;
    uint8_t key_size;   /* the name it is filed under */
    uint8_t owner_size; /* the name that owns the records */
    uint8_t octets[];   /* key, owner, records */
};

struct cache {
    uint8_t *log;
    uint32_t *buckets;
    uint64_t head, tail;
    uint32_t capacity;
    uint32_t count; /* live entries */
    uint32_t bucket_mask;
};

struct cache *cache_new(struct arena *arena, size_t octets)
{
    struct cache *cache = ARENA_NEW(arena, struct cache);
    uint32_t bucket_count = 64;
    while (bucket_count < octets / OCTETS_PER_BUCKET && bucket_count < UINT32_C(1) << 24) {
        bucket_count *= 2;
    }
    const uint32_t capacity = (uint32_t)(octets / ENTRY_ALIGNMENT * ENTRY_ALIGNMENT);
    if (cache == NULL) {
        return NULL;
    }
    cache->log = arena_alloc(arena, capacity);
    cache->buckets = ARENA_NEW_ARRAY(arena, uint32_t, bucket_count);
    if (cache->log == NULL || cache->buckets == NULL) {
        return NULL;
    }
    cache->capacity = capacity;
    cache->bucket_mask = bucket_count - 1;
    memset(cache->buckets, 0xff, bucket_count * sizeof cache->buckets[0]);
    return cache;
}

/* --- the ring --- */

static struct entry *entry_at(const struct cache *cache, uint32_t offset)
{
    return (struct entry *)(void *)(cache->log + offset);
}

static uint32_t *bucket_of(const struct cache *cache, uint32_t hash)
{
    return &cache->buckets[hash & cache->bucket_mask];
}

/* Octets from `position` to the end of the log. */
static uint32_t left_at(const struct cache *cache, uint64_t position)
{
    return cache->capacity - (uint32_t)(position % cache->capacity);
}

/* The entry at `position`, which is moved behind it; NULL for a gap. */
static struct entry *step_over(const struct cache *cache, uint64_t *position)
{
    const uint32_t left = left_at(cache, *position);
    if (left < sizeof(struct entry)) {
        *position += left;
        return NULL;
    }
    struct entry *entry = entry_at(cache, cache->capacity - left);
    *position += entry->size;
    return entry;
}

static void kill_entry(struct cache *cache, struct entry *entry)
{
    const uint32_t offset = (uint32_t)((uint8_t *)entry - cache->log);
    uint32_t *link = bucket_of(cache, entry->hash);
    while (*link != offset) {
        assert(*link != NOWHERE);
        link = &entry_at(cache, *link)->next;
    }
    *link = entry->next;
    entry->live = false;
    cache->count--;
}

static void drop_oldest(struct cache *cache)
{
    struct entry *entry = step_over(cache, &cache->tail);
    if (entry != NULL && entry->live) {
        kill_entry(cache, entry);
    }
}

static void drop_until_free(struct cache *cache, uint32_t size)
{
    while (cache->head + size - cache->tail > cache->capacity) {
        drop_oldest(cache);
    }
}

/* `size` octets in one piece at the head. */
static struct entry *make_room(struct cache *cache, uint32_t size)
{
    const uint32_t left = left_at(cache, cache->head);
    if (left < size) {
        drop_until_free(cache, left);
        if (left >= sizeof(struct entry)) {
            struct entry *filler = entry_at(cache, cache->capacity - left);
            filler->size = left;
            filler->live = false;
        }
        cache->head += left;
    }
    drop_until_free(cache, size);
    struct entry *entry = entry_at(cache, (uint32_t)(cache->head % cache->capacity));
    cache->head += size;
    return entry;
}

void cache_reset(struct cache *cache)
{
    while (cache->tail < cache->head) {
        const struct entry *entry = step_over(cache, &cache->tail);
        if (entry != NULL && entry->live) {
            *bucket_of(cache, entry->hash) = NOWHERE;
        }
    }
    cache->head = 0;
    cache->tail = 0;
    cache->count = 0;
}

size_t cache_used(const struct cache *cache)
{
    return (size_t)(cache->head - cache->tail);
}

size_t cache_count(const struct cache *cache)
{
    return cache->count;
}

/* --- finding --- */

static uint32_t key_hash(uint32_t name_hash, enum drawer drawer, uint16_t type)
{
    const uint32_t hash = (name_hash ^ ((uint32_t)type << 3 | (uint32_t)drawer)) * 0x9e3779b1U;
    return hash ^ hash >> 15;
}

/* The live entry under this key, whether it still holds or not. */
static struct entry *look_up(const struct cache *cache, enum drawer drawer, struct bytes name,
                             uint16_t type, uint32_t name_hash)
{
    const uint32_t hash = key_hash(name_hash, drawer, type);
    uint32_t at = *bucket_of(cache, hash);
    while (at != NOWHERE) {
        struct entry *entry = entry_at(cache, at);
        if (entry->hash == hash && entry->type == type && entry->drawer == drawer &&
            name_wire_equal(bytes_of(entry->octets, entry->key_size), name)) {
            return entry;
        }
        at = entry->next;
    }
    return NULL;
}

/* What `entry` says at `now`. */
static struct cached read_entry(const struct entry *entry, instant_ns now)
{
    const uint8_t *owner = entry->octets + entry->key_size;
    return (struct cached){
        .drawer = (enum drawer)entry->drawer,
        .trust = (enum trust)entry->trust,
        .denial = entry->denial,
        .unchecked = entry->unchecked,
        .type = entry->type,
        .count = entry->count,
        .ttl = (uint32_t)((instant_since(now, entry->expires) + NS_PER_S - 1) / NS_PER_S),
        .expires = entry->expires,
        .owner = bytes_of(owner, entry->owner_size),
        .octets = bytes_of(owner + entry->owner_size, entry->octets_size),
    };
}

bool cache_find(const struct cache *cache, enum drawer drawer, struct bytes name, uint16_t type,
                instant_ns now, struct cached *ret)
{
    const struct entry *entry = look_up(cache, drawer, name, type, (uint32_t)name_wire_hash(name));
    if (entry == NULL || entry->expires <= now) {
        return false;
    }
    *ret = read_entry(entry, now);
    return true;
}

bool cache_find_stale(const struct cache *cache, enum drawer drawer, struct bytes name,
                      uint16_t type, instant_ns now, duration_ns most, struct cached *ret)
{
    const struct entry *entry = look_up(cache, drawer, name, type, (uint32_t)name_wire_hash(name));
    if (entry == NULL || instant_after(entry->expires, most) <= now) {
        return false;
    }
    *ret = read_entry(entry, now);
    return true;
}

/* --- filing --- */

struct filing {
    enum drawer drawer;
    struct bytes key;
    uint16_t type;
    enum trust trust;
    instant_ns now, expires;
};

static uint32_t records_size(const struct rrset *rrset)
{
    uint32_t size = 0;
    for (uint16_t i = 0; i < rrset->count; i++) {
        size += 2 + (uint32_t)rrset->rdata[i].size;
    }
    return size;
}

static void write_records(uint8_t *at, const struct rrset *rrset)
{
    for (uint16_t i = 0; i < rrset->count; i++) {
        const struct bytes rdata = rrset->rdata[i];
        *at++ = (uint8_t)(rdata.size >> 8);
        *at++ = (uint8_t)rdata.size;
        if (rdata.size > 0) {
            memcpy(at, rdata.data, rdata.size);
        }
        at += rdata.size;
    }
}

/* An entry with key and owner filled in and `octets_size` octets to fill; NULL if it is not to be
 * filed. What was there before is dead then. */
static struct entry *file(struct cache *cache, const struct filing *filing, struct bytes owner,
                          uint32_t octets_size)
{
    const uint32_t name_hash = (uint32_t)name_wire_hash(filing->key);
    const size_t plain = sizeof(struct entry) + filing->key.size + owner.size + octets_size;
    const size_t size = (plain + ENTRY_ALIGNMENT - 1) / ENTRY_ALIGNMENT * ENTRY_ALIGNMENT;
    struct entry *old = look_up(cache, filing->drawer, filing->key, filing->type, name_hash);
    if (size > cache->capacity / ENTRY_SHARE_MAX || filing->expires <= filing->now ||
        (old != NULL && old->expires > filing->now && old->trust > filing->trust)) {
        return NULL;
    }
    if (old != NULL) {
        kill_entry(cache, old);
    }
    struct entry *entry = make_room(cache, (uint32_t)size);
    const uint32_t hash = key_hash(name_hash, filing->drawer, filing->type);
    *entry = (struct entry){
        .size = (uint32_t)size,
        .next = *bucket_of(cache, hash),
        .hash = hash,
        .name_hash = name_hash,
        .expires = filing->expires,
        .octets_size = octets_size,
        .type = filing->type,
        .drawer = (uint8_t)filing->drawer,
        .trust = (uint8_t)filing->trust,
        .live = true,
        .key_size = (uint8_t)filing->key.size,
        .owner_size = (uint8_t)owner.size,
    };
    memcpy(entry->octets, filing->key.data, filing->key.size);
    memcpy(entry->octets + filing->key.size, owner.data, owner.size);
    *bucket_of(cache, hash) = (uint32_t)((uint8_t *)entry - cache->log);
    cache->count++;
    return entry;
}

static void forget(struct cache *cache, enum drawer drawer, struct bytes name, uint16_t type)
{
    struct entry *entry = look_up(cache, drawer, name, type, (uint32_t)name_wire_hash(name));
    if (entry != NULL) {
        kill_entry(cache, entry);
    }
}

static bool put_records(struct cache *cache, const struct filing *filing, const struct rrset *rrset,
                        bool denial)
{
    struct entry *entry = file(cache, filing, name_bytes(rrset->owner), records_size(rrset));
    if (entry == NULL) {
        return false;
    }
    entry->count = rrset->count;
    entry->denial = denial;
    write_records(entry->octets + entry->key_size + entry->owner_size, rrset);
    return true;
}

bool cache_put(struct cache *cache, enum drawer drawer, const struct rrset *rrset, enum trust trust,
               instant_ns now, instant_ns expires)
{
    const struct bytes name = name_bytes(rrset->owner);
    const struct filing filing = {drawer, name, rrset->type, trust, now, expires};
    if (!put_records(cache, &filing, rrset, false)) {
        return false;
    }
    if (drawer == DRAWER_ANSWERS) {
        forget(cache, DRAWER_PROOFS, name, rrset->type);
        forget(cache, DRAWER_COMPANY, name, rrset->type);
        forget(cache, DRAWER_NXDOMAIN, name, 0);
        forget(cache, DRAWER_FAILURES, name, rrset->type);
    }
    return true;
}

bool cache_deny(struct cache *cache, enum drawer drawer, const struct name *name, uint16_t type,
                const struct rrset *soa, enum trust trust, instant_ns now, instant_ns expires)
{
    assert(drawer == DRAWER_ANSWERS || (drawer == DRAWER_NXDOMAIN && type == 0));
    const struct filing filing = {drawer, name_bytes(name), type, trust, now, expires};
    if (!put_records(cache, &filing, soa, true)) {
        return false;
    }
    forget(cache, DRAWER_PROOFS, name_bytes(name), type);
    forget(cache, DRAWER_COMPANY, name_bytes(name), type);
    if (drawer == DRAWER_ANSWERS) {
        forget(cache, DRAWER_NXDOMAIN, name_bytes(name), 0);
        forget(cache, DRAWER_FAILURES, name_bytes(name), type);
    }
    return true;
}

/* "Again soon" is before as much time has passed since it ceased to hold as it had held. */
static duration_ns next_spell(const struct entry *old, instant_ns now, duration_ns least,
                              duration_ns most)
{
    if (old == NULL || now > instant_after(old->expires, old->spell)) {
        return least;
    }
    const duration_ns doubled = old->spell < most / 2 ? old->spell * 2 : most;
    return doubled > least ? doubled : least;
}

static void file_beside(struct cache *cache, const struct filing *filing, struct bytes octets)
{
    struct entry *entry = file(cache, filing, bytes_of("", 1), (uint32_t)octets.size);
    if (entry != NULL && octets.size > 0) {
        memcpy(entry->octets + entry->key_size + entry->owner_size, octets.data, octets.size);
    }
}

void cache_prove(struct cache *cache, const struct name *name, uint16_t type, struct bytes proof,
                 instant_ns now, instant_ns expires)
{
    const struct filing filing = {DRAWER_PROOFS, name_bytes(name), type, TRUST_AUTHORITATIVE,
                                  now,           expires};
    file_beside(cache, &filing, proof);
}

void cache_accompany(struct cache *cache, const struct name *name, uint16_t type,
                     struct bytes company, instant_ns now, instant_ns expires)
{
    const struct filing filing = {DRAWER_COMPANY, name_bytes(name), type, TRUST_AUTHORITATIVE, now,
                                  expires};
    file_beside(cache, &filing, company);
}

void cache_fail(struct cache *cache, const struct cache_failure *failure, instant_ns now,
                duration_ns least, duration_ns most)
{
    const struct bytes key = name_bytes(failure->name);
    const struct bytes text = failure->text;
    const struct entry *old =
        look_up(cache, DRAWER_FAILURES, key, failure->type, (uint32_t)name_hash(failure->name));
    const duration_ns spell = next_spell(old, now, least, most);
    const struct filing filing = {DRAWER_FAILURES,     key, failure->type,
                                  TRUST_AUTHORITATIVE, now, instant_after(now, spell)};
    struct entry *entry = file(cache, &filing, bytes_of("", 1), (uint32_t)text.size);
    if (entry == NULL) {
        return;
    }
    entry->spell = spell;
    entry->count = failure->code;
    entry->unchecked = failure->unchecked;
    if (text.size > 0) {
        memcpy(entry->octets + entry->key_size + entry->owner_size, text.data, text.size);
    }
}

void cache_forget_name(struct cache *cache, const struct name *name)
{
    const uint32_t hash = (uint32_t)name_hash(name);
    for (uint64_t at = cache->tail; at < cache->head;) {
        struct entry *entry = step_over(cache, &at);
        if (entry != NULL && entry->live && entry->name_hash == hash &&
            name_wire_equal(bytes_of(entry->octets, entry->key_size), name_bytes(name))) {
            kill_entry(cache, entry);
        }
    }
}

bool cached_next(struct bytes *rest, struct bytes *ret_rdata)
{
    if (rest->size < 2) {
        return false;
    }
    const size_t size = (size_t)rest->data[0] << 8 | rest->data[1];
    assert(size <= rest->size - 2);
    *ret_rdata = bytes_of(rest->data + 2, size);
    *rest = bytes_after(*rest, 2 + size);
    return true;
}

/* Dice need no stored stream: the n-th packet of a link seeds its own from (run seed, fault, link,
 * n). So a fault or a participant more shifts nobody's dice, and a reset costs nothing. */
#include "sim/strike.h"

#include <assert.h>

#define FIRSTS_SLOTS ((size_t)2 * STRIKE_FIRSTS_MAX)

/* An open hash set of 64-bit fingerprints. */
struct strike_firsts {
    uint64_t slots[FIRSTS_SLOTS];      /* 0 is free */
    uint16_t taken[STRIKE_FIRSTS_MAX]; /* for a reset that costs what there is */
    size_t count;
};

/* --- setting up --- */

void strikes_init(struct strikes *strikes, struct arena *arena)
{
    strikes->arena = arena;
}

static uint64_t hash_addresses(const struct address *addresses, size_t count, uint64_t hash)
{
    for (size_t i = 0; i < count; i++) {
        hash = hash * 31 + address_hash(&addresses[i]);
    }
    return hash;
}

/* What makes a fault itself: its kind, its links, the messages it is after. Not its chance, so
 * that a higher one strikes at the same packets and some more. */
static uint64_t identity(const struct fault *fault)
{
    const struct fault_trigger *trigger = &fault->trigger;
    uint64_t hash = bytes_hash(bytes_of_string(fault->row->name), 0);
    hash = hash_addresses(fault->from, fault->from_count, hash + 1);
    hash = hash_addresses(fault->to, fault->to_count, hash + 2);
    hash = hash * 31 + (uint64_t)(trigger->transport + 1);
    hash = hash * 31 + (uint64_t)trigger->direction;
    for (size_t i = 0; i < trigger->type_count; i++) {
        hash = hash * 31 + trigger->types[i];
    }
    for (size_t i = 0; i < trigger->name_count; i++) {
        hash = hash * 31 + name_hash(&trigger->names[i]);
    }
    return hash;
}

static bool is_idle(const struct fault *fault)
{
    return fault->trigger.chance_ppm == 0;
}

/* Faults alike get different dice, in their order; one that never strikes takes no place. */
static uint64_t key_of(const struct fault *faults, size_t index)
{
    const uint64_t own = identity(&faults[index]);
    uint64_t twins = 0;
    for (size_t i = 0; i < index; i++) {
        twins += !is_idle(&faults[i]) && identity(&faults[i]) == own;
    }
    return own + twins * UINT64_C(0x9e3779b97f4a7c15);
}

static bool needs_firsts(const struct fault *faults, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (faults[i].trigger.first) {
            return true;
        }
    }
    return false;
}

bool strikes_set(struct strikes *strikes, const struct fault *faults, size_t count)
{
    if (count > STRIKE_FAULTS_MAX) {
        return false;
    }
    if (strikes->firsts == NULL && needs_firsts(faults, count)) {
        strikes->firsts = ARENA_NEW(strikes->arena, struct strike_firsts);
        if (strikes->firsts == NULL) {
            return false;
        }
    }
    strikes->faults = faults;
    strikes->count = count;
    for (size_t i = 0; i < count; i++) {
        strikes->states[i].key = key_of(faults, i);
    }
    strikes_reset(strikes, strikes->seed);
    return true;
}

bool strikes_renew(struct strikes *strikes, const struct fault *faults, size_t count)
{
    bool same = count == strikes->count;
    for (size_t i = 0; same && i < count; i++) {
        same = strikes->states[i].key == key_of(faults, i);
    }
    if (!same) {
        return strikes_set(strikes, faults, count);
    }
    strikes->faults = faults;
    return true;
}

static void forget_firsts(struct strike_firsts *firsts)
{
    for (size_t i = 0; i < firsts->count; i++) {
        firsts->slots[firsts->taken[i]] = 0;
    }
    firsts->count = 0;
}

void strikes_reset(struct strikes *strikes, uint64_t seed)
{
    strikes->seed = seed;
    for (size_t i = 0; i < strikes->count; i++) {
        strikes->states[i].matched = 0;
        strikes->states[i].hits = 0;
    }
    if (strikes->firsts != NULL) {
        forget_firsts(strikes->firsts);
    }
}

/* --- conditions --- */

static bool is_among(const struct address *addresses, size_t count, const struct address *address)
{
    for (size_t i = 0; i < count; i++) {
        if (address_equal(&addresses[i], address)) {
            return true;
        }
    }
    return count == 0;
}

static bool is_on_link(const struct fault *fault, const struct link *link)
{
    return is_among(fault->from, fault->from_count, &link->from) &&
           is_among(fault->to, fault->to_count, &link->to);
}

static bool asks_type(const struct fault_trigger *trigger, const struct glimpse *glimpse)
{
    for (size_t i = 0; i < trigger->type_count; i++) {
        if (trigger->types[i] == glimpse->type) {
            return glimpse->has_question;
        }
    }
    return trigger->type_count == 0;
}

static bool asks_name(const struct fault_trigger *trigger, const struct glimpse *glimpse)
{
    if (trigger->name_count > 0 && !glimpse->has_question) {
        return false;
    }
    for (size_t i = 0; i < trigger->name_count; i++) {
        if (name_wire_equal(name_bytes(&trigger->names[i]), glimpse->name)) {
            return true;
        }
    }
    return trigger->name_count == 0;
}

static bool goes_that_way(const struct fault_trigger *trigger, const struct glimpse *glimpse)
{
    const int direction = glimpse->is_response ? 2 : 1;
    return trigger->direction == 0 || (glimpse->has_header && direction == trigger->direction);
}

static bool is_carried_so(const struct fault_trigger *trigger, const struct flight *flight)
{
    const size_t size = flight->packet.payload.size;
    return (trigger->transport < 0 || trigger->transport == (int)flight->packet.transport) &&
           size >= trigger->size_least && size <= trigger->size_most;
}

/* Remembers `fingerprint`; false if it was there already or the set is full. */
static bool remember(struct strike_firsts *firsts, uint64_t fingerprint)
{
    fingerprint |= 1;
    size_t slot = (size_t)(fingerprint >> 7) % FIRSTS_SLOTS;
    while (firsts->slots[slot] != 0 && firsts->slots[slot] != fingerprint) {
        slot = (slot + 1) % FIRSTS_SLOTS;
    }
    if (firsts->slots[slot] != 0 || firsts->count == STRIKE_FIRSTS_MAX) {
        return false;
    }
    firsts->slots[slot] = fingerprint;
    firsts->taken[firsts->count++] = (uint16_t)slot;
    return true;
}

/* True for the first packet of its kind that this fault sees. */
static bool is_first(struct strikes *strikes, size_t index, const struct strike_scene *scene)
{
    const struct glimpse *glimpse = scene->glimpse;
    if (!glimpse->has_question) {
        return false;
    }
    uint64_t kind = name_wire_hash(glimpse->name) * 31 + scene->link->key;
    kind = kind * 31 + ((uint64_t)glimpse->type << 1 | glimpse->is_response);
    const uint64_t words[2] = {kind, index};
    return remember(strikes->firsts, bytes_hash(bytes_of(words, sizeof words), 0));
}

static bool holds(struct strikes *strikes, size_t index, const struct strike_scene *scene,
                  const struct flight *flight)
{
    const struct fault *fault = &strikes->faults[index];
    const struct fault_trigger *trigger = &fault->trigger;
    if (scene->at < trigger->from || scene->at >= trigger->until ||
        !is_on_link(fault, scene->link) || !is_carried_so(trigger, flight) ||
        !goes_that_way(trigger, scene->glimpse) || !asks_type(trigger, scene->glimpse) ||
        !asks_name(trigger, scene->glimpse)) {
        return false;
    }
    if (trigger->first && !is_first(strikes, index, scene)) {
        return false;
    }
    const uint64_t count = ++strikes->states[index].matched;
    return count >= trigger->nth_first && count <= trigger->nth_last;
}

/* --- dice --- */

/* Octets in a fixed order, so that every machine rolls the same. */
static void put_word(uint8_t *octets, uint64_t word)
{
    for (size_t i = 0; i < 8; i++) {
        octets[i] = (uint8_t)(word >> (8 * i));
    }
}

static struct rng dice(const struct strikes *strikes, size_t index,
                       const struct strike_scene *scene)
{
    uint8_t purpose[32];
    put_word(purpose, strikes->states[index].key);
    put_word(purpose + 8, scene->link->key);
    put_word(purpose + 16, scene->link->sent);
    put_word(purpose + 24, scene->attempt);
    struct rng rng;
    rng_seed(&rng, strikes->seed, bytes_of(purpose, sizeof purpose));
    return rng;
}

bool strikes_try(struct strikes *strikes, size_t index, const struct strike_scene *scene,
                 struct flight *flight)
{
    assert(index < strikes->count);
    const struct fault *fault = &strikes->faults[index];
    if (is_idle(fault) || !holds(strikes, index, scene, flight)) {
        return false;
    }
    struct rng rng = dice(strikes, index, scene);
    if (!rng_chance(&rng, fault->trigger.chance_ppm) ||
        !fault->row->strike(fault->state, flight, &rng)) {
        return false;
    }
    strikes->states[index].hits++;
    return true;
}

uint64_t strikes_hits(const struct strikes *strikes, size_t index)
{
    return index < strikes->count ? strikes->states[index].hits : 0;
}

/* A zone is a hash table of its owner names. Every ancestor of a name up to the apex has a node of
 * its own (an empty non-terminal where it owns nothing), so that the closest encloser is the first
 * node met when labels are stripped from the left. What decides a look-up from further up (a zone
 * cut or a DNAME) is found once, when the zone is finished, and kept with each node. */
#include "sim/zone.h"

#include <assert.h>
#include <string.h>

#include "wire/rrtype.h"

#define ZONE_SLOTS_FIRST 16
#define ZONE_RECORDS_MAX UINT16_MAX /* of one RRset, and RRsets of one name */

struct zone_node {
    struct name name;
    uint64_t hash;
    struct zone_node *parent;   /* one label up; NULL at the apex */
    struct zone_node *wildcard; /* the child "*" */
    struct zone_node *barrier;  /* topmost strict ancestor that is a cut or has a DNAME */
    struct zone_node *next;     /* in order of creation */
    struct rrset *sets;
    uint16_t count;
    bool is_cut; /* NS below the apex */
    bool has_dname;
};

struct zone {
    struct arena *arena;
    struct zone_node *apex;
    struct zone_node *newest;
    struct zone_node **slots; /* open addressing, a power of two, at most half full */
    size_t slot_count;
    size_t node_count;
    const struct rrset **ordered; /* all RRsets by canonical order of owners */
    size_t rrset_count;
    uint32_t negative_ttl;
    bool finished;
};

/* --- hashes of a name and its ancestors --- */

#define HASH_START          UINT64_C(0x9e3779b97f4a7c15)
#define HASH_MULTIPLIER     UINT64_C(0xd6e8feb86659fd93)
#define LITTLE_ENDIAN_WORDS (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
#define EVERY_OCTET(octet)  (UINT64_C(0x0101010101010101) * (octet))

/* Lower-cases the ASCII letters among eight octets at once. */
static uint64_t fold_word(uint64_t word)
{
    const uint64_t low = word & EVERY_OCTET(0x7f);
    const uint64_t from_a = low + EVERY_OCTET(0x80 - 'A');
    const uint64_t beyond_z = low + EVERY_OCTET(0x7f - 'Z');
    const uint64_t upper = (from_a ^ beyond_z) & ~word & EVERY_OCTET(0x80);
    return word | upper >> 2;
}

/* Twice, or the last octets of a word never reach the lowest bits, and host1 to host9 share a place
 * in every table. */
static uint64_t hash_word(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * HASH_MULTIPLIER;
    hash = (hash ^ hash >> 32) * HASH_MULTIPLIER;
    return hash ^ hash >> 32;
}

/* Up to eight octets of `name` from `at` on, the rest of the word 0. Where the name's storage
 * allows it they are read in one go, whatever lies behind them. */
static uint64_t load_word(const struct name *name, size_t at, size_t take)
{
    uint64_t word = 0;
    if (LITTLE_ENDIAN_WORDS && at + sizeof word <= sizeof name->octets) {
        memcpy(&word, name->octets + at, sizeof word);
        return take < sizeof word ? word & ((UINT64_C(1) << 8 * take) - 1) : word;
    }
    memcpy(&word, name->octets + at, take);
    return word;
}

/* The label at `at` with its length octet. */
static uint64_t hash_label(uint64_t hash, const struct name *name, size_t at)
{
    const size_t end = at + (size_t)name->octets[at] + 1;
    while (at < end) {
        const size_t take = end - at < 8 ? end - at : 8;
        hash = hash_word(hash, fold_word(load_word(name, at, take)));
        at += take;
    }
    return hash;
}

void zone_path_make(struct zone_path *path, const struct name *name)
{
    path->name = name;
    size_t at = 0;
    for (size_t labels = name->labels; labels > 0; labels--) {
        path->starts[labels] = (uint8_t)at;
        at += (size_t)name->octets[at] + 1;
    }
    path->starts[0] = (uint8_t)at;
    uint64_t hash = HASH_START;
    path->hashes[0] = hash;
    for (size_t labels = 1; labels <= name->labels; labels++) {
        hash = hash_label(hash, name, path->starts[labels]);
        path->hashes[labels] = hash;
    }
}

/* --- the table --- */

static bool node_is(const struct zone_node *node, const struct zone_path *path, size_t labels)
{
    const size_t start = path->starts[labels];
    const size_t size = path->name->size - start;
    if (node->hash != path->hashes[labels] || node->name.size != size) {
        return false;
    }
    const uint8_t *octets = path->name->octets + start;
    return memcmp(node->name.octets, octets, size) == 0 ||
           name_wire_equal(name_bytes(&node->name), bytes_of(octets, size));
}

static struct zone_node *find_node(const struct zone *zone, const struct zone_path *path,
                                   size_t labels)
{
    const size_t mask = zone->slot_count - 1;
    for (size_t i = (size_t)path->hashes[labels] & mask;; i = (i + 1) & mask) {
        struct zone_node *node = zone->slots[i];
        if (node == NULL || node_is(node, path, labels)) {
            return node;
        }
    }
}

static void file_node(const struct zone *zone, struct zone_node *node)
{
    const size_t mask = zone->slot_count - 1;
    size_t i = (size_t)node->hash & mask;
    while (zone->slots[i] != NULL) {
        i = (i + 1) & mask;
    }
    zone->slots[i] = node;
}

static bool grow_table(struct zone *zone)
{
    const size_t count = zone->slot_count * 2;
    struct zone_node **slots = ARENA_NEW_ARRAY(zone->arena, struct zone_node *, count);
    if (slots == NULL) {
        return false;
    }
    zone->slots = slots;
    zone->slot_count = count;
    for (struct zone_node *node = zone->apex; node != NULL; node = node->next) {
        file_node(zone, node);
    }
    return true;
}

static struct zone_node *add_node(struct zone *zone, const struct zone_path *path, size_t labels)
{
    if (2 * (zone->node_count + 1) > zone->slot_count && !grow_table(zone)) {
        return NULL;
    }
    struct zone_node *node = ARENA_NEW(zone->arena, struct zone_node);
    if (node == NULL) {
        return NULL;
    }
    name_suffix(path->name, (uint8_t)labels, &node->name);
    node->hash = path->hashes[labels];
    if (zone->newest != NULL) {
        zone->newest->next = node;
    }
    zone->newest = node;
    zone->node_count++;
    file_node(zone, node);
    return node;
}

/* The node with so many of the path's labels, made together with its ancestors if need be; the
 * apex is there already. */
static struct zone_node *need_node(struct zone *zone, const struct zone_path *path)
{
    struct zone_node *node = zone->apex;
    for (size_t labels = (size_t)zone->apex->name.labels + 1; labels <= path->name->labels;
         labels++) {
        struct zone_node *parent = node;
        node = find_node(zone, path, labels);
        if (node == NULL) {
            node = add_node(zone, path, labels);
            if (node == NULL) {
                return NULL;
            }
            node->parent = parent;
        }
    }
    return node;
}

/* --- building --- */

struct zone *zone_new(struct arena *arena, const struct name *apex)
{
    struct zone *zone = ARENA_NEW(arena, struct zone);
    struct zone_node **slots = ARENA_NEW_ARRAY(arena, struct zone_node *, ZONE_SLOTS_FIRST);
    if (zone == NULL || slots == NULL) {
        return NULL;
    }
    *zone = (struct zone){.arena = arena, .slots = slots, .slot_count = ZONE_SLOTS_FIRST};
    struct zone_path path;
    zone_path_make(&path, apex);
    zone->apex = add_node(zone, &path, apex->labels);
    return zone->apex != NULL ? zone : NULL;
}

static struct rrset *find_set(const struct zone_node *node, uint16_t type)
{
    for (size_t i = 0; i < node->count; i++) {
        if (node->sets[i].type == type) {
            return &node->sets[i];
        }
    }
    return NULL;
}

static bool is_power_of_two(size_t count)
{
    return (count & (count - 1)) == 0;
}

/* A copy of `old` with room for twice as many, if `count` of them fill it; rooms are powers of two.
 * NULL if memory ran out. */
static void *make_room(struct arena *arena, void *old, size_t count, size_t size)
{
    if (!is_power_of_two(count)) {
        return old;
    }
    void *more = arena_alloc_array(arena, count == 0 ? 1 : count * 2, size);
    if (more != NULL && count > 0) {
        memcpy(more, old, count * size);
    }
    return more;
}

static struct rrset *add_set(struct zone *zone, struct zone_node *node, const struct rr *rr)
{
    struct rrset *sets = make_room(zone->arena, node->sets, node->count, sizeof *sets);
    if (sets == NULL || node->count == ZONE_RECORDS_MAX) {
        return NULL;
    }
    node->sets = sets;
    struct rrset *set = &node->sets[node->count++];
    *set = (struct rrset){
        .owner = &node->name,
        .type = rr->type,
        .rrclass = rr->rrclass,
        .ttl = rr->ttl,
    };
    zone->rrset_count++;
    return set;
}

static bool holds_rdata(const struct rrset *set, struct bytes rdata)
{
    for (size_t i = 0; i < set->count; i++) {
        if (rdata_equal(set->type, set->rdata[i], rdata)) {
            return true;
        }
    }
    return false;
}

static bool add_record(struct zone *zone, struct rrset *set, const struct rr *rr)
{
    if (rr->ttl < set->ttl) {
        set->ttl = rr->ttl;
    }
    if (holds_rdata(set, rr->rdata)) {
        return true;
    }
    struct bytes *records =
        make_room(zone->arena, (void *)(uintptr_t)set->rdata, set->count, sizeof *records);
    const struct bytes copy = arena_copy(zone->arena, rr->rdata);
    if (records == NULL || copy.data == NULL || set->count == ZONE_RECORDS_MAX) {
        return false;
    }
    records[set->count++] = copy;
    set->rdata = records;
    return true;
}

bool zone_add(struct zone *zone, const struct rr *rr, const char **ret_why)
{
    assert(!zone->finished);
    if (!name_is_at_or_below(rr->owner, &zone->apex->name)) {
        *ret_why = "the owner name is outside the zone";
        return false;
    }
    *ret_why = "no memory is left";
    struct zone_path path;
    zone_path_make(&path, rr->owner);
    struct zone_node *node = need_node(zone, &path);
    if (node == NULL) {
        return false;
    }
    struct rrset *set = find_set(node, rr->type);
    if (set == NULL) {
        set = add_set(zone, node, rr);
    }
    return set != NULL && add_record(zone, set, rr);
}

/* --- finishing --- */

static void merge(struct zone_node **from, struct zone_node **to, size_t start, size_t middle,
                  size_t end)
{
    size_t left = start;
    size_t right = middle;
    for (size_t i = start; i < end; i++) {
        const bool take_left =
            left < middle &&
            (right >= end || name_compare(&from[left]->name, &from[right]->name) <= 0);
        to[i] = take_left ? from[left++] : from[right++];
    }
}

/* All nodes in canonical order (RFC 4034 6.1), which puts a name before those below it. NULL if
 * memory ran out. */
static struct zone_node **sort_nodes(const struct zone *zone)
{
    const size_t count = zone->node_count;
    struct zone_node **from = ARENA_NEW_ARRAY(zone->arena, struct zone_node *, count);
    struct zone_node **to = ARENA_NEW_ARRAY(zone->arena, struct zone_node *, count);
    if (from == NULL || to == NULL) {
        return NULL;
    }
    size_t i = 0;
    for (struct zone_node *node = zone->apex; node != NULL; node = node->next) {
        from[i++] = node;
    }
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t start = 0; start < count; start += 2 * width) {
            const size_t middle = start + width < count ? start + width : count;
            const size_t end = middle + width < count ? middle + width : count;
            merge(from, to, start, middle, end);
        }
        struct zone_node **swap = from;
        from = to;
        to = swap;
    }
    return from;
}

/* Asks for a parent that is already settled. */
static void settle_node(struct zone_node *node)
{
    struct zone_node *parent = node->parent;
    node->has_dname = find_set(node, RRTYPE_DNAME) != NULL;
    if (parent == NULL) {
        return;
    }
    node->is_cut = find_set(node, RRTYPE_NS) != NULL;
    node->barrier = parent->barrier;
    if (node->barrier == NULL && (parent->is_cut || parent->has_dname)) {
        node->barrier = parent;
    }
    if (name_is_wildcard(&node->name)) {
        parent->wildcard = node;
    }
}

static uint32_t negative_ttl(const struct rrset *soa)
{
    struct soa_numbers numbers;
    if (soa == NULL || !rdata_soa_numbers(soa->rdata[0], &numbers)) {
        return 0;
    }
    return soa->ttl < numbers.minimum ? soa->ttl : numbers.minimum;
}

bool zone_finish(struct zone *zone)
{
    assert(!zone->finished);
    const struct arena_mark mark = arena_mark(zone->arena);
    zone->ordered = ARENA_NEW_ARRAY(zone->arena, const struct rrset *, zone->rrset_count);
    struct zone_node **nodes = sort_nodes(zone);
    if (zone->ordered == NULL || nodes == NULL) {
        arena_rewind(zone->arena, mark);
        return false;
    }
    size_t count = 0;
    for (size_t i = 0; i < zone->node_count; i++) {
        settle_node(nodes[i]);
        for (size_t k = 0; k < nodes[i]->count; k++) {
            zone->ordered[count++] = &nodes[i]->sets[k];
        }
    }
    zone->negative_ttl = negative_ttl(zone_soa(zone));
    zone->finished = true;
    return true;
}

/* --- looking up --- */

const struct name *zone_apex(const struct zone *zone)
{
    return &zone->apex->name;
}

const struct rrset *zone_soa(const struct zone *zone)
{
    return find_set(zone->apex, RRTYPE_SOA);
}

uint32_t zone_negative_ttl(const struct zone *zone)
{
    return zone->negative_ttl;
}

/* Types that live beside a CNAME and are asked for at the alias itself (RFC 2181 10.1,
 * RFC 4035 2.5). */
static bool may_live_beside_cname(uint16_t type)
{
    return type == RRTYPE_RRSIG || type == RRTYPE_NSEC;
}

/* What the data at `node` say, whoever stands above it. */
static void answer_from(const struct zone_node *node, uint16_t qtype, struct zone_found *ret)
{
    ret->source = &node->name;
    ret->empty_non_terminal = node->count == 0;
    ret->outcome = ZONE_NODATA;
    if (qtype == RRTYPE_ANY && node->count > 0) {
        ret->outcome = ZONE_ANSWER;
        ret->rrset = node->sets;
        return;
    }
    const struct rrset *set = find_set(node, qtype);
    if (set != NULL) {
        ret->outcome = ZONE_ANSWER;
        ret->rrset = set;
        return;
    }
    set = may_live_beside_cname(qtype) ? NULL : find_set(node, RRTYPE_CNAME);
    if (set != NULL) {
        ret->outcome = ZONE_CNAME;
        ret->rrset = set;
    }
}

static void stop_at(const struct zone_node *barrier, struct zone_found *ret)
{
    ret->outcome = barrier->is_cut ? ZONE_REFERRAL : ZONE_DNAME;
    ret->rrset = find_set(barrier, barrier->is_cut ? RRTYPE_NS : RRTYPE_DNAME);
    ret->encloser = &barrier->name;
}

static void look_up_present(const struct zone_node *node, uint16_t qtype, struct zone_found *ret)
{
    ret->encloser = &node->name;
    if (node->barrier != NULL) {
        stop_at(node->barrier, ret);
    } else if (node->is_cut && qtype != RRTYPE_DS) {
        stop_at(node, ret);
    } else {
        answer_from(node, qtype, ret);
    }
}

static void look_up_absent(const struct zone_node *encloser, uint16_t qtype, struct zone_found *ret)
{
    ret->encloser = &encloser->name;
    if (encloser->barrier != NULL) {
        stop_at(encloser->barrier, ret);
    } else if (encloser->is_cut || encloser->has_dname) {
        stop_at(encloser, ret);
    } else if (encloser->wildcard != NULL) {
        ret->wildcard = true;
        answer_from(encloser->wildcard, qtype, ret);
    } else {
        ret->outcome = ZONE_NXDOMAIN;
    }
}

void zone_look_up_path(const struct zone *zone, const struct zone_path *path, uint16_t qtype,
                       struct zone_found *ret)
{
    assert(zone->finished);
    *ret = (struct zone_found){.outcome = ZONE_OUTSIDE};
    const size_t apex_labels = zone->apex->name.labels;
    size_t labels = path->name->labels;
    if (labels < apex_labels) {
        return;
    }
    const struct zone_node *node = find_node(zone, path, labels);
    if (node != NULL) {
        look_up_present(node, qtype, ret);
        return;
    }
    while (node == NULL && labels > apex_labels) {
        labels--;
        node = find_node(zone, path, labels);
    }
    if (node != NULL) {
        look_up_absent(node, qtype, ret);
    }
}

void zone_look_up(const struct zone *zone, const struct name *qname, uint16_t qtype,
                  struct zone_found *ret)
{
    struct zone_path path;
    zone_path_make(&path, qname);
    zone_look_up_path(zone, &path, qtype, ret);
}

static const struct zone_node *node_at(const struct zone *zone, const struct name *owner)
{
    struct zone_path path;
    zone_path_make(&path, owner);
    return find_node(zone, &path, owner->labels);
}

const struct rrset *zone_rrset(const struct zone *zone, const struct name *owner, uint16_t type)
{
    const struct zone_node *node = node_at(zone, owner);
    return node != NULL ? find_set(node, type) : NULL;
}

const struct rrset *zone_rrsets(const struct zone *zone, const struct name *owner,
                                size_t *ret_count)
{
    const struct zone_node *node = node_at(zone, owner);
    *ret_count = node != NULL ? node->count : 0;
    return node != NULL ? node->sets : NULL;
}

const struct rrset *zone_rrset_at(const struct zone *zone, size_t index)
{
    assert(zone->finished);
    return index < zone->rrset_count ? zone->ordered[index] : NULL;
}

/* The happy path: the question's zone is found, each owner name on the way becomes a step that the
 * zone fills and its behaviours edit, and an alias leads to the next step while this server knows
 * where it leads. What cannot be answered that way is turned down by name: NOTIMP, FORMERR,
 * BADVERS, REFUSED. Behaviours have the last word even on that. */
#include "sim/compose.h"

#include <assert.h>

#include "wire/rrtype.h"

/* --- the shelf --- */

bool shelf_init(struct shelf *shelf, struct arena *arena, size_t capacity)
{
    assert(capacity < UINT16_MAX);
    size_t slot_count = 4;
    while (slot_count < capacity * 2) {
        slot_count *= 2;
    }
    *shelf = (struct shelf){
        .zones = ARENA_NEW_ARRAY(arena, struct served_zone, capacity),
        .slots = ARENA_NEW_ARRAY(arena, uint16_t, slot_count),
        .slot_count = slot_count,
        .capacity = capacity,
    };
    return shelf->zones != NULL && shelf->slots != NULL;
}

static uint64_t apex_hash(const struct name *apex)
{
    struct zone_path path;
    zone_path_make(&path, apex);
    return path.hashes[apex->labels];
}

static void file_zone(struct shelf *shelf, size_t index)
{
    const size_t mask = shelf->slot_count - 1;
    size_t i = (size_t)apex_hash(zone_apex(shelf->zones[index].zone)) & mask;
    while (shelf->slots[i] != 0) {
        i = (i + 1) & mask;
    }
    shelf->slots[i] = (uint16_t)(index + 1);
}

static bool apex_is(const struct name *apex, const struct zone_path *path, size_t labels)
{
    const size_t start = path->starts[labels];
    const struct bytes suffix = bytes_of(path->name->octets + start, path->name->size - start);
    return apex->labels == labels && name_wire_equal(name_bytes(apex), suffix);
}

static struct served_zone *find_at(const struct shelf *shelf, const struct zone_path *path,
                                   size_t labels)
{
    const size_t mask = shelf->slot_count - 1;
    for (size_t i = (size_t)path->hashes[labels] & mask; shelf->slots[i] != 0; i = (i + 1) & mask) {
        struct served_zone *served = &shelf->zones[shelf->slots[i] - 1];
        if (apex_is(zone_apex(served->zone), path, labels)) {
            return served;
        }
    }
    return NULL;
}

static struct served_zone *find_apex(const struct shelf *shelf, const struct name *apex)
{
    struct zone_path path;
    zone_path_make(&path, apex);
    return find_at(shelf, &path, apex->labels);
}

bool shelf_put(struct shelf *shelf, const struct served_zone *served)
{
    struct served_zone *old = find_apex(shelf, zone_apex(served->zone));
    if (old != NULL) {
        *old = *served;
        return true;
    }
    if (shelf->count == shelf->capacity) {
        return false;
    }
    shelf->zones[shelf->count] = *served;
    file_zone(shelf, shelf->count++);
    return true;
}

void shelf_remove(struct shelf *shelf, const struct name *apex)
{
    struct served_zone *old = find_apex(shelf, apex);
    if (old == NULL) {
        return;
    }
    *old = shelf->zones[--shelf->count];
    memset(shelf->slots, 0, shelf->slot_count * sizeof *shelf->slots);
    for (size_t i = 0; i < shelf->count; i++) {
        file_zone(shelf, i);
    }
}

void shelf_clear(struct shelf *shelf)
{
    memset(shelf->slots, 0, shelf->slot_count * sizeof *shelf->slots);
    shelf->count = 0;
}

const struct served_zone *shelf_find(const struct shelf *shelf, const struct zone_path *path,
                                     size_t labels_max)
{
    size_t labels = path->name->labels < labels_max ? path->name->labels : labels_max;
    const struct served_zone *served = find_at(shelf, path, labels);
    while (served == NULL && labels > 0) {
        labels--;
        served = find_at(shelf, path, labels);
    }
    return served;
}

/* --- composing --- */

/* One reply under way. */
struct work {
    const struct composer *composer;
    const struct message *query;
    const struct asker *asker;
    struct draft *draft;
    struct zone_path path;                            /* of the link's name */
    const struct name *owners[COMPOSE_LINKS_MAX + 1]; /* of the links so far */
    size_t owner_count;
};

/* DS belongs to the parent side of a cut (RFC 4035 3.1.4.1). */
static const struct served_zone *zone_for(const struct work *work)
{
    const struct shelf *shelf = work->composer->shelf;
    const size_t labels = work->path.name->labels;
    if (work->query->question.type == RRTYPE_DS && labels > 0) {
        const struct served_zone *parent = shelf_find(shelf, &work->path, labels - 1);
        if (parent != NULL) {
            return parent;
        }
    }
    return shelf_find(shelf, &work->path, labels);
}

static struct behaviour_context make_context(const struct work *work, const struct zone *zone,
                                             const struct name *qname)
{
    const struct composer *composer = work->composer;
    return (struct behaviour_context){
        .zone = zone,
        .zones = composer->zones,
        .zone_count = composer->zone_count,
        .query = work->query,
        .qname = qname,
        .qtype = work->query->question.type,
        .client = work->asker->client,
        .server = composer->server,
        .transport = work->asker->transport,
        .scratch = composer->scratch,
        .rng = composer->rng,
        .counts = composer->counts,
        .now = work->asker->now,
    };
}

/* Says that `what` decided something about `name`. */
static void tell(const struct work *work, const char *what, const struct name *name)
{
    if (work->composer->trace == NULL) {
        return;
    }
    const struct trace_entry entry = {
        .at = work->asker->now,
        .kind = TRACE_DECISION,
        .who = work->composer->server,
        .what = what,
        .name = name_bytes(name),
        .type = work->query->question.type,
        .peer = *work->asker->client,
    };
    trace_put(work->composer->trace, &entry);
}

static void behave(const struct work *work, const struct served_zone *served,
                   struct draft_step *step)
{
    if (served->behaviour_count == 0) {
        return;
    }
    const struct behaviour_context context = make_context(work, served->zone, step->owner);
    for (size_t i = 0; i < served->behaviour_count; i++) {
        const struct behaviour *behaviour = &served->behaviours[i];
        if (behaviour->row->edit != NULL &&
            behaviour->row->edit(behaviour->state, &context, work->draft, step)) {
            step->edited = true;
            tell(work, behaviour->row->name, step->owner);
        }
    }
}

static void behave_at_end(const struct work *work, const struct served_zone *served)
{
    if (served == NULL || served->behaviour_count == 0) {
        return;
    }
    const struct name *qname = work->owners[0];
    const struct behaviour_context context = make_context(work, served->zone, qname);
    for (size_t i = 0; i < served->behaviour_count; i++) {
        const struct behaviour *behaviour = &served->behaviours[i];
        if (behaviour->row->finish != NULL &&
            behaviour->row->finish(behaviour->state, &context, work->draft)) {
            tell(work, behaviour->row->name, qname);
        }
    }
}

static bool is_visited(const struct work *work, const struct name *name)
{
    for (size_t i = 0; i < work->owner_count; i++) {
        if (name_equal(work->owners[i], name)) {
            return true;
        }
    }
    return false;
}

/* True if the reply goes on at the step's target. */
static bool leads_on(const struct work *work, const struct draft_step *step)
{
    const uint16_t qtype = work->query->question.type;
    if (step->outcome != DRAFT_ALIAS || qtype == RRTYPE_CNAME || qtype == RRTYPE_ANY) {
        return false;
    }
    if (is_visited(work, step->target)) {
        tell(work, "alias-loop", step->target);
        return false;
    }
    return work->owner_count <= COMPOSE_LINKS_MAX;
}

static void compose_links(struct work *work, const struct served_zone *served)
{
    const uint16_t qtype = work->query->question.type;
    const struct name *owner = work->path.name;
    while (served != NULL) {
        struct zone_found found;
        struct draft_step step;
        zone_look_up_path(served->zone, &work->path, qtype, &found);
        draft_step_fill(&step, served->zone, owner, qtype, &found, work->composer->scratch);
        behave(work, served, &step);
        draft_add_step(work->draft, &step);
        if (!leads_on(work, &step)) {
            return;
        }
        owner = step.target;
        work->owners[work->owner_count++] = owner;
        zone_path_make(&work->path, owner);
        served = zone_for(work);
    }
}

/* The RCODE with which a query is turned down before any zone is asked, NOERROR if it is not. */
static uint16_t refusal(const struct message *query)
{
    const uint16_t type = query->question.type;
    const uint16_t rrclass = query->question.rrclass;
    if (query->edns.present && query->edns.version > 0) {
        return RCODE_BADVERS;
    }
    if (rrclass == RRCLASS_ANY || rrclass == RRCLASS_NONE) {
        return RCODE_FORMERR;
    }
    /* as BIND 9.18 and NSD 4.6 do where a transfer is not allowed, a class not served */
    if (rrclass != RRCLASS_IN || type == RRTYPE_AXFR || type == RRTYPE_IXFR) {
        return RCODE_REFUSED;
    }
    if (type == RRTYPE_MAILA || type == RRTYPE_MAILB) {
        return RCODE_NOTIMP;
    }
    return type != RRTYPE_ANY && rrtype_is_meta(type) ? RCODE_FORMERR : RCODE_NOERROR;
}

static void compose_reply(struct work *work, const struct served_zone *served)
{
    const uint16_t rcode = refusal(work->query);
    if (rcode != RCODE_NOERROR) {
        draft_fail(work->draft, rcode);
    } else if (served == NULL) {
        draft_fail(work->draft, RCODE_REFUSED);
        work->draft->extended_error = EDE_NOT_AUTHORITATIVE + 1;
    } else {
        compose_links(work, served);
    }
}

void compose(const struct composer *composer, const struct message *query,
             const struct asker *asker, struct draft *ret)
{
    draft_begin(ret);
    const bool has_question = query->counts[SECTION_QUESTION] == 1;
    if (has_question) {
        name_expand(query->question.name, &ret->qname);
    }
    if (query->opcode != OPCODE_QUERY || !has_question) {
        draft_fail(ret, query->opcode != OPCODE_QUERY ? RCODE_NOTIMP : RCODE_FORMERR);
        return;
    }
    struct work work;
    work.composer = composer;
    work.query = query;
    work.asker = asker;
    work.draft = ret;
    work.owners[0] = &ret->qname;
    work.owner_count = 1;
    zone_path_make(&work.path, &ret->qname);
    const struct served_zone *served = zone_for(&work);
    compose_reply(&work, served);
    behave_at_end(&work, served);
}

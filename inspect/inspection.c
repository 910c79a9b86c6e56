/* The set-up check without packets. Records are judged one after another; each judgement starts
 * over from the facts, so that there is no state but them. */
#include "inspect/inspection.h"

#include <assert.h>

#include "inspect/servers.h"
#include "inspect/weighing.h"
#include "wire/rdata.h"
#include "wire/rrtype.h"

struct inspection *inspection_new(struct arena *arena, const struct plan *plan,
                                  const struct vantage *vantage, uint64_t salt)
{
    assert(plan->count <= PLAN_RECORDS_MAX);
    struct inspection *inspection = ARENA_NEW(arena, struct inspection);
    struct inspected *records = ARENA_NEW_ARRAY(arena, struct inspected, plan->count);
    const bool asks_servers = vantage->root_count > 0;
    struct servers *servers = asks_servers ? ARENA_NEW(arena, struct servers) : NULL;
    if (inspection == NULL || records == NULL || (asks_servers && servers == NULL)) {
        return NULL;
    }
    inspection->vantage = *vantage;
    inspection->servers = servers;
    inspection->plan = plan->records;
    inspection->records = records;
    inspection->count = plan->count;
    inspection->verdict = plan->count == 0 ? SETUP_VERIFIED : SETUP_RETRY_LATER;
    inspection->salt = salt;
    for (size_t i = 0; i < plan->count; i++) {
        records[i].record = &plan->records[i];
        records[i].verdict = SETUP_RETRY_LATER;
        records[i].class = CLASS_TEMPORARY;
    }
    facts_init(&inspection->facts, arena);
    return inspection;
}

/* --- judging --- */

/* One record that is declined declines all; what is still open keeps the rest from being verified.
 * Until every record is judged nothing is verified either. */
static enum setup_verdict verdict_of_all(const struct inspection *inspection)
{
    bool all_verified = inspection_is_done(inspection);
    for (size_t i = 0; i < inspection->judged; i++) {
        if (inspection->records[i].verdict == SETUP_DECLINED) {
            return SETUP_DECLINED;
        }
        all_verified &= inspection->records[i].verdict == SETUP_VERIFIED;
    }
    return all_verified ? SETUP_VERIFIED : SETUP_RETRY_LATER;
}

static void settle(struct inspection *inspection, struct weighing *weighing,
                   const struct cause *cause)
{
    struct inspected *inspected = &inspection->records[inspection->judged++];
    inspected->cause = cause;
    inspected->verdict = cause == NULL ? SETUP_VERIFIED : cause->verdict;
    inspected->class = cause == NULL ? CLASS_PRESENT : weighing->class;
    inspected->evidence = weighing->evidence;
    inspected->trouble = weighing->trouble;
    inspected->also_count =
        weighing_remarks(weighing, cause, inspected_number(inspected), inspected->also, ALSO_MAX);
    inspection->verdict = verdict_of_all(inspection);
}

/* True if a resolver, asked for itself, does not see the record either. */
static bool resolver_agrees(const struct weighing *weighing)
{
    const struct fact *resolved = weighing->servers->resolved;
    return resolved != NULL && resolved->kind == FACT_ANSWER && !shows_value(weighing, resolved);
}

/* The resolver's silence, where it might have shown a record that is published for an inner network
 * only; NULL if it was heard. */
static const struct fact *find_unheard_resolver(const struct weighing *weighing)
{
    const struct fact *resolved = weighing->servers->resolved;
    const bool missing =
        weighing->class == CLASS_MISSING_NXDOMAIN || weighing->class == CLASS_MISSING_NODATA;
    const bool unheard = resolved != NULL && (resolved->trouble == TROUBLE_SILENCE ||
                                              resolved->trouble == TROUBLE_SPENT);
    return missing && unheard ? resolved : NULL;
}

static const struct fact *find_silent_server(const struct servers *servers)
{
    for (size_t i = 0; i < servers->count; i++) {
        if (servers->sights[i].fact->trouble == TROUBLE_SILENCE) {
            return servers->sights[i].fact;
        }
    }
    return NULL;
}

/* Who was not heard and may know better than to decline the record; NULL if nobody. */
static const struct fact *find_unheard(const struct weighing *weighing, const struct cause *cause)
{
    const struct servers *servers = weighing->servers;
    if (cause == NULL || cause->verdict != SETUP_DECLINED || servers == NULL) {
        return NULL;
    }
    const struct fact *unheard = find_unheard_resolver(weighing);
    return unheard != NULL || resolver_agrees(weighing) ? unheard : find_silent_server(servers);
}

static void settle_temporary(struct inspection *inspection, struct weighing *weighing)
{
    weighing->class = CLASS_TEMPORARY;
    weighing->evidence = (struct evidence){0};
    if (weighing->trouble != NULL) {
        weighing->evidence.proofs[0] =
            (struct proof){weighing->trouble, "nothing can be concluded"};
        weighing->evidence.proof_count = 1;
    }
    settle(inspection, weighing, cause_temporary);
}

/* Weighs `scope` unless an earlier scope has said something already. */
static enum weight weigh_scope(struct weighing *weighing, enum cause_scope scope,
                               enum weight earlier, const struct cause **ret)
{
    return earlier != WEIGHT_NO ? earlier : weighing_cause(weighing, scope, ret);
}

/* What the record comes to; `*ret` stays NULL for one with nothing wrong. */
static enum weight weigh(struct weighing *weighing, const struct cause **ret)
{
    enum weight weight = weighing_servers(weighing);
    if (weight != WEIGHT_YES) {
        return weight;
    }
    weight = weigh_scope(weighing, CAUSE_OF_NO_VIEW, WEIGHT_NO, ret);
    if (weight != WEIGHT_NO) {
        return weight;
    }
    weight = weighing_presence(weighing);
    if (weight == WEIGHT_YES) {
        const struct evidence present = weighing->evidence;
        weight = weighing_risk(weighing, ret);
        weighing->trouble = NULL;
        if (weight == WEIGHT_NO) {
            weighing->evidence = present;
            weight = WEIGHT_YES;
        }
        return weight;
    }
    return weigh_scope(weighing, CAUSE_OF_ABSENCE, weight, ret);
}

static struct weighing start(struct inspection *inspection, size_t index)
{
    const bool asks_servers = inspection->servers != NULL;
    return (struct weighing){
        .record = &inspection->plan[index],
        .plan = inspection->plan,
        .plan_count = inspection->count,
        .facts = &inspection->facts,
        .vantage = &inspection->vantage,
        .servers = inspection->servers,
        .salt = inspection->salt,
        .view = asks_servers ? VIEW_OWN : VIEW_RESOLVER,
    };
}

/* Judges the next record; false, and the questions it needs, if the facts do not suffice. */
static bool judge(struct inspection *inspection, struct weighing *weighing)
{
    *weighing = start(inspection, inspection->judged);
    const struct cause *cause = NULL;
    const enum weight weight = weigh(weighing, &cause);
    const struct fact *unheard = weight == WEIGHT_YES ? find_unheard(weighing, cause) : NULL;
    assert(weight != WEIGHT_NO);
    if (weighing->waiting) {
        return false;
    }
    if (unheard != NULL) {
        weighing->trouble = unheard;
        settle_temporary(inspection, weighing);
    } else if (weight == WEIGHT_YES) {
        settle(inspection, weighing, cause);
    } else if (weight == WEIGHT_STUCK) {
        settle_temporary(inspection, weighing);
    } else {
        return false;
    }
    return true;
}

static size_t add_wanted(const struct weighing *weighing, struct probe *ret, size_t count,
                         size_t capacity)
{
    for (size_t i = 0; i < weighing->wanted_count && count < capacity; i++) {
        bool known = false;
        for (size_t j = 0; j < count && !known; j++) {
            known = probe_equal(&ret[j], &weighing->wanted[i]);
        }
        if (!known) {
            ret[count++] = weighing->wanted[i];
        }
    }
    return count;
}

/* What later records need meanwhile; once the way to the first one's servers is known, as theirs is
 * mostly the same. */
static size_t look_ahead(struct inspection *inspection, struct probe *ret, size_t count,
                         size_t capacity)
{
    const bool lost = inspection->servers != NULL && inspection->servers->count == 0;
    for (size_t i = inspection->judged + 1; i < inspection->count && !lost && count < capacity;
         i++) {
        const struct cause *cause = NULL;
        struct weighing weighing = start(inspection, i);
        weigh(&weighing, &cause);
        count = add_wanted(&weighing, ret, count, capacity);
    }
    return count;
}

size_t inspection_wants(struct inspection *inspection, struct probe *ret, size_t capacity)
{
    struct weighing weighing;
    while (!inspection_is_done(inspection)) {
        if (!judge(inspection, &weighing)) {
            const size_t count = add_wanted(&weighing, ret, 0, capacity);
            return look_ahead(inspection, ret, count, capacity);
        }
    }
    return 0;
}

bool inspection_next(struct inspection *inspection, struct probe *ret)
{
    return inspection_wants(inspection, ret, 1) > 0;
}

void inspection_stop_asking(struct inspection *inspection)
{
    inspection->facts.spent = true;
}

void inspection_note_late(struct inspection *inspection, const struct probe *probe)
{
    facts_note_late(&inspection->facts, probe);
}

void inspection_take_reply(struct inspection *inspection, const struct probe *probe,
                           const struct message *reply)
{
    facts_add_reply(&inspection->facts, probe, reply);
}

void inspection_take_trouble(struct inspection *inspection, const struct probe *probe,
                             enum trouble trouble, const char *why)
{
    facts_add_trouble(&inspection->facts, probe, trouble, why);
}

/* --- telling it --- */

const char *inspected_number(const struct inspected *inspected)
{
    if (inspected->cause == NULL) {
        return NULL;
    }
    const struct evidence *evidence = &inspected->evidence;
    if (evidence->number != NULL) {
        return evidence->number;
    }
    return evidence->damage != DKIM_DAMAGE_NONE ? dkim_damage_number(evidence->damage)
                                                : inspected->cause->number;
}

void inspected_put(struct text *text, const struct inspected *inspected)
{
    text_put_format(text, "%s: %s", setup_verdict_name(inspected->verdict),
                    setup_class_name(inspected->class));
    if (inspected->cause != NULL && inspected->cause != cause_temporary) {
        text_put_format(text, ", cause %s", inspected->cause->slug);
    }
    const char *number = inspected_number(inspected);
    if (number != NULL) {
        text_put_format(text, " (%s)", number);
    }
}

static void put_present(struct text *text, const struct inspected *inspected)
{
    const struct evidence *evidence = &inspected->evidence;
    if (evidence->present.size > 0) {
        text_put(text, " It leads to ");
        name_put(text, &evidence->present);
        if (inspected->record->type != RRTYPE_TXT) {
            text_put(text, " instead of ");
            name_put(text, &inspected->record->target);
        }
    } else if (evidence->present_text.size > 0) {
        text_put(text, " Its text is ");
        rdata_put(text, RRTYPE_TXT, evidence->present_text);
    }
}

static void put_address(struct text *text, const struct evidence *evidence)
{
    if (evidence->provider == NULL) {
        return;
    }
    text_put_char(text, ' ');
    address_put(text, &evidence->address);
    text_put_format(text, " lies in %s's ", evidence->provider->title);
    edge_range_put(text, evidence->range);
    text_put(text, evidence->range->evidence == EDGE_ASSUMED ? " (assumed)." : ".");
}

void inspected_why_put(struct text *text, const struct inspected *inspected)
{
    if (inspected->cause == NULL) {
        text_put(text, "The record is there as it was asked for.");
        return;
    }
    text_put(text, inspected->cause->why);
    if (inspected->evidence.below != NULL) {
        text_put_format(text, " %s", inspected->evidence.below);
    }
    if (inspected->evidence.detail != NULL) {
        text_put_format(text, " %s", inspected->evidence.detail);
    }
    if (inspected->evidence.damage != DKIM_DAMAGE_NONE) {
        text_put_format(text, " What is wrong: %s.", dkim_damage_text(inspected->evidence.damage));
    }
    put_present(text, inspected);
    put_address(text, &inspected->evidence);
    if (inspected->evidence.who_says != NULL) {
        text_put_format(text, " %s.", inspected->evidence.who_says);
    }
    if (inspected->trouble != NULL) {
        text_put_char(text, ' ');
        fact_put(text, inspected->trouble);
    }
    for (size_t i = 0; i < inspected->also_count; i++) {
        text_put_format(text, "%s %s", i == 0 ? " Also:" : ",", inspected->also[i]->title);
        if (inspected->also[i]->number != NULL) {
            text_put_format(text, " (%s)", inspected->also[i]->number);
        }
        text_put(text, i + 1 == inspected->also_count ? "." : "");
    }
}

void inspected_fix_put(struct text *text, const struct inspected *inspected)
{
    const struct evidence *evidence = &inspected->evidence;
    if (inspected->cause == NULL) {
        return;
    }
    text_put(text, evidence->fix != NULL ? evidence->fix : inspected->cause->fix);
    if (evidence->provider != NULL && evidence->provider->off != NULL) {
        text_put_format(text, " At %s: %s.", evidence->provider->title, evidence->provider->off);
    }
    if (evidence->heals_in_s > 0) {
        text_put_format(text, " Caches may keep the old answer for %u s.",
                        (unsigned)evidence->heals_in_s);
    }
}

/* The set-up check's memory, and how to read an answer in it. */
#include "inspect/facts.h"

#include "mail/edge_ranges.h"
#include "wire/edns.h"
#include "wire/rdata.h"
#include "wire/rrtype.h"

#define CHAIN_MAX       32   /* CNAMEs followed inside one reply */
#define RDATA_NAMES_MAX 1100 /* octets of data with names in them, such as a SOA */

void facts_init(struct facts *facts, struct arena *arena)
{
    *facts = (struct facts){.arena = arena};
}

static size_t find_late(const struct facts *facts, const struct probe *probe)
{
    size_t i = 0;
    while (i < facts->late_count && !probe_equal(&facts->late[i], probe)) {
        i++;
    }
    return i;
}

void facts_note_late(struct facts *facts, const struct probe *probe)
{
    const size_t at = find_late(facts, probe);
    if (at == facts->late_count && at < FACTS_LATE_MAX) {
        facts->late[facts->late_count++] = *probe;
    }
}

bool facts_is_slow(const struct facts *facts, const struct address *server)
{
    for (size_t i = 0; i < facts->late_count; i++) {
        if (facts->late[i].view == VIEW_SERVER && address_equal(&facts->late[i].server, server)) {
            return true;
        }
    }
    for (size_t i = 0; i < facts->silent_count; i++) {
        if (address_equal(&facts->items[facts->silent[i]]->probe.server, server)) {
            return true;
        }
    }
    return false;
}

static void forget_late(struct facts *facts, const struct probe *probe)
{
    const size_t at = find_late(facts, probe);
    if (at < facts->late_count) {
        facts->late[at] = facts->late[--facts->late_count];
    }
}

static struct fact *new_fact(struct facts *facts, const struct probe *probe)
{
    forget_late(facts, probe);
    struct fact *fact = facts->count < FACTS_MAX ? ARENA_NEW(facts->arena, struct fact) : NULL;
    if (fact == NULL) {
        facts->full = true;
        return NULL;
    }
    fact->probe = *probe;
    facts->hashes[facts->count] = probe_hash(probe);
    facts->items[facts->count++] = fact;
    facts->asked += probe->view != VIEW_OWN;
    return fact;
}

static const char *why_trouble(const struct message *reply)
{
    if ((reply->flags & MESSAGE_TC) != 0) {
        return "the answer is truncated";
    }
    switch (reply->rcode) {
    case RCODE_NOERROR:
    case RCODE_NXDOMAIN: return NULL;
    case RCODE_FORMERR: return "FORMERR";
    case RCODE_SERVFAIL: return "SERVFAIL";
    case RCODE_NOTIMP: return "NOTIMP";
    case RCODE_REFUSED: return "REFUSED";
    case RCODE_BADVERS: return "BADVERS";
    default: return "an error code";
    }
}

/* A message that is not well-formed may show something; that it denies says nothing. Neither does
 * one whose answer section has other things than what was asked for. */
static bool denies_badly(const struct fact *fact)
{
    struct name alias;
    struct record record;
    struct fact_cursor cursor = {0};
    const bool odd = fact->message.forgiven != 0 || fact->message.counts[SECTION_ANSWER] > 0;
    return odd && !fact_alias(fact, &alias, NULL) &&
           !fact_next_record(fact, fact->probe.type, &cursor, &record);
}

static bool has_servers(const struct message *reply)
{
    struct record_walk walk = record_walk_start(reply, SECTION_AUTHORITY);
    struct record record;
    while (record_next(&walk, &record)) {
        if (record.type == RRTYPE_NS) {
            return true;
        }
    }
    return false;
}

void facts_add_reply(struct facts *facts, const struct probe *probe, const struct message *reply)
{
    struct fact *fact = new_fact(facts, probe);
    if (fact == NULL) {
        return;
    }
    const struct bytes copy = arena_copy(facts->arena, reply->octets);
    const enum message_mode mode = reply->forgiven == 0 ? MESSAGE_STRICT : MESSAGE_LENIENT;
    fact->kind = FACT_TROUBLE;
    fact->trouble = TROUBLE_SPENT;
    fact->why = "no memory is left for the answer";
    if (copy.data != NULL && message_parse(copy, mode, &fact->message, NULL)) {
        fact->replied = true;
        fact->may_refer = has_servers(&fact->message);
        fact->why = why_trouble(reply);
        fact->kind = fact->why == NULL ? FACT_ANSWER : FACT_TROUBLE;
        fact->trouble = fact->why == NULL ? TROUBLE_NONE : TROUBLE_RCODE;
        if (fact->kind == FACT_ANSWER && probe->view == VIEW_SERVER && denies_badly(fact)) {
            fact->kind = FACT_TROUBLE;
            fact->trouble = TROUBLE_MALFORMED;
            fact->why = "neither an answer nor a well-formed denial";
        }
    }
}

void facts_add_trouble(struct facts *facts, const struct probe *probe, enum trouble trouble,
                       const char *why)
{
    struct fact *fact = new_fact(facts, probe);
    if (fact == NULL) {
        return;
    }
    fact->kind = FACT_TROUBLE;
    fact->trouble = trouble;
    fact->why = why;
    if (trouble == TROUBLE_SILENCE && probe->view == VIEW_SERVER && probe->manner == MANNER_PLAIN) {
        facts->silent[facts->silent_count++] = (uint8_t)(facts->count - 1);
    }
}

const struct fact *facts_find(const struct facts *facts, const struct probe *probe)
{
    const uint32_t hash = probe_hash(probe);
    for (size_t i = 0; i < facts->count; i++) {
        if (facts->hashes[i] == hash && probe_equal(&facts->items[i]->probe, probe)) {
            return facts->items[i];
        }
    }
    return NULL;
}

/* --- what an answer says --- */

enum reply_kind fact_reply(const struct fact *fact, const struct name *zone, struct reply *ret)
{
    struct reply unwanted;
    struct reply *reply = ret != NULL ? ret : &unwanted;
    if (!fact->replied || fact->trouble == TROUBLE_MALFORMED) {
        return REPLY_KINDS;
    }
    const struct reply_question question = {&fact->probe.name, fact->probe.type, zone};
    classify(&fact->message, &question, &policy_default, reply);
    return reply->kind;
}

/* Finds the CNAME at `owner`; how many there are goes into `ret_count`. */
static bool find_alias(const struct message *message, const struct name *owner, struct name *ret,
                       size_t *ret_count)
{
    size_t count = 0;
    struct record_walk walk = record_walk_start(message, SECTION_ANSWER);
    struct record record;
    while (record_next(&walk, &record)) {
        struct name_ref target;
        if (record.type == RRTYPE_CNAME && name_ref_equal(record.owner, owner) &&
            record_target(&record, &target) && count++ == 0) {
            name_expand(target, ret);
        }
    }
    if (ret_count != NULL) {
        *ret_count = count;
    }
    return count > 0;
}

bool fact_alias(const struct fact *fact, struct name *ret, size_t *ret_count)
{
    return find_alias(&fact->message, &fact->probe.name, ret, ret_count);
}

bool fact_denies_name(const struct fact *fact)
{
    struct name target;
    return fact->message.rcode == RCODE_NXDOMAIN && !fact_alias(fact, &target, NULL);
}

void fact_chain_end(const struct fact *fact, struct name *ret)
{
    name_copy(ret, &fact->probe.name);
    struct name next;
    for (int links = 0; links < CHAIN_MAX; links++) {
        if (fact->probe.type == RRTYPE_CNAME || !find_alias(&fact->message, ret, &next, NULL)) {
            return;
        }
        name_copy(ret, &next);
    }
}

/* True if both are the same data, however the names in them are compressed. */
static bool same_data(const struct record *a, const struct record *b)
{
    uint8_t first[RDATA_NAMES_MAX];
    uint8_t second[RDATA_NAMES_MAX];
    struct bytes expanded_a;
    struct bytes expanded_b;
    struct name_ref target;
    if (bytes_equal(a->rdata, b->rdata)) {
        return true;
    }
    return record_target(a, &target) && rdata_expand(a, first, sizeof first, &expanded_a) &&
           rdata_expand(b, second, sizeof second, &expanded_b) &&
           rdata_equal(a->type, expanded_a, expanded_b);
}

/* True if the answer section has the very record before number `index`: the same said twice is said
 * once (RFC 2181 5). */
static bool is_repeated(const struct fact *fact, size_t index, const struct record *record)
{
    struct record_walk walk = record_walk_start(&fact->message, SECTION_ANSWER);
    struct record earlier;
    struct name owner;
    name_expand(record->owner, &owner);
    for (size_t i = 0; i < index && record_next(&walk, &earlier); i++) {
        if (earlier.type == record->type && !earlier.unsound && same_data(&earlier, record) &&
            name_ref_equal(earlier.owner, &owner)) {
            return true;
        }
    }
    return false;
}

/* The next record of the answer section that `wanted` takes, owned by the chain's end. */
static bool next_at_end(const struct fact *fact, bool (*wanted)(uint16_t type, uint16_t type_asked),
                        uint16_t type, struct fact_cursor *cursor, struct record *ret)
{
    struct name end;
    fact_chain_end(fact, &end);
    struct record_walk walk = record_walk_start(&fact->message, SECTION_ANSWER);
    struct record record;
    for (size_t index = 0; record_next(&walk, &record); index++) {
        if (index >= cursor->index && wanted(record.type, type) && !record.unsound &&
            name_ref_equal(record.owner, &end) && !is_repeated(fact, index, &record)) {
            cursor->index = index + 1;
            *ret = record;
            return true;
        }
    }
    return false;
}

static bool same_type(uint16_t type, uint16_t type_asked)
{
    return type == type_asked;
}

static bool address_type(uint16_t type, uint16_t type_asked)
{
    (void)type_asked;
    return type == RRTYPE_A || type == RRTYPE_AAAA;
}

bool fact_next_record(const struct fact *fact, uint16_t type, struct fact_cursor *cursor,
                      struct record *ret)
{
    return next_at_end(fact, same_type, type, cursor, ret);
}

bool fact_next_address(const struct fact *fact, struct fact_cursor *cursor, struct address *ret)
{
    struct record record;
    if (!next_at_end(fact, address_type, 0, cursor, &record)) {
        return false;
    }
    *ret = record.type == RRTYPE_A ? address_v4(record.rdata.data) : address_v6(record.rdata.data);
    return true;
}

static bool has_address(const struct fact *fact, const struct address *wanted)
{
    struct fact_cursor cursor = {0};
    struct address address;
    while (fact_next_address(fact, &cursor, &address)) {
        if (address_equal(&address, wanted)) {
            return true;
        }
    }
    return false;
}

bool fact_shares_address(const struct fact *a, const struct fact *b)
{
    struct fact_cursor cursor = {0};
    struct address address;
    while (fact_next_address(a, &cursor, &address)) {
        if (has_address(b, &address)) {
            return true;
        }
    }
    return false;
}

static bool find_soa(const struct fact *fact, struct record *ret)
{
    struct record_walk walk = record_walk_start(&fact->message, SECTION_AUTHORITY);
    while (record_next(&walk, ret)) {
        if (ret->type == RRTYPE_SOA) {
            return true;
        }
    }
    return false;
}

bool fact_zone(const struct fact *fact, struct name *ret)
{
    struct record soa;
    if (!find_soa(fact, &soa)) {
        return false;
    }
    name_expand(soa.owner, ret);
    return true;
}

uint32_t fact_lifetime_s(const struct fact *fact)
{
    struct record record;
    struct record_walk walk = record_walk_start(&fact->message, SECTION_ANSWER);
    uint32_t least = UINT32_MAX;
    while (record_next(&walk, &record)) {
        least = record.ttl < least ? record.ttl : least;
    }
    if (least != UINT32_MAX) {
        return least;
    }
    struct soa_numbers numbers;
    if (!find_soa(fact, &record) || !rdata_soa_numbers(record.rdata, &numbers)) {
        return 0;
    }
    return record.ttl < numbers.minimum ? record.ttl : numbers.minimum;
}

/* --- telling it --- */

static void put_address(struct text *text, const struct record *record)
{
    const struct address address =
        record->type == RRTYPE_A ? address_v4(record->rdata.data) : address_v6(record->rdata.data);
    address_put(text, &address);
    const struct edge_range *range = edge_range_find(&address);
    if (range != NULL) {
        text_put_format(text, " (%s)", range->provider->title);
    }
}

static void put_record(struct text *text, const struct record *record)
{
    struct name_ref target;
    if (record->unsound) {
        text_put(text, "an unsound record");
    } else if (address_type(record->type, 0)) {
        put_address(text, record);
    } else if (record_target(record, &target)) {
        rrtype_put(text, record->type);
        text_put_char(text, ' ');
        name_ref_put(text, target);
    } else {
        rdata_put(text, record->type, record->rdata);
    }
}

static void put_extended_errors(struct text *text, const struct message *message)
{
    struct bytes options = message->edns.options;
    struct extended_error error;
    while (message->edns.present && extended_error_next(&options, &error)) {
        text_put(text, ", extended error ");
        extended_error_put(text, &error);
    }
}

void fact_put(struct text *text, const struct fact *fact)
{
    probe_put(text, &fact->probe);
    text_put(text, ": ");
    if (!fact->replied) {
        text_put(text, fact->why);
        return;
    }
    rcode_put(text, fact->message.rcode);
    put_extended_errors(text, &fact->message);
    struct record_walk walk = record_walk_start(&fact->message, SECTION_ANSWER);
    struct record record;
    bool any = false;
    while (record_next(&walk, &record)) {
        text_put(text, ", ");
        put_record(text, &record);
        any = true;
    }
    if (!any && fact->message.rcode == RCODE_NOERROR) {
        text_put(text, ", no data");
    }
}

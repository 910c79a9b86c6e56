/* What the client was told: the answer's records. */
#include <assert.h>
#include <string.h>

#include "harness/expect/rows.h"
#include "wire/rdata.h"
#include "wire/rrtype.h"

#define LINE_OCTETS_MAX  16384 /* of a record as text; a longer one matches nothing */
#define ALIASES_MAX      64
#define RDATA_EXPAND_MAX 1100

const struct message *reply_of(const struct step_outcome *outcome)
{
    return outcome->answer.state == CLIENT_ANSWERED ? &outcome->answer.parsed : NULL;
}

static struct record_walk walk_of(const struct step_outcome *outcome, enum section section)
{
    static const struct message nothing;
    const struct message *reply = reply_of(outcome);
    return record_walk_start(reply != NULL ? reply : &nothing, section);
}

bool show_absence(const struct step_outcome *outcome, struct text *seen)
{
    if (reply_of(outcome) != NULL) {
        return false;
    }
    text_put(seen, outcome->answer.state == CLIENT_TIMED_OUT ? "no answer: timed out"
                                                             : "no usable answer");
    if (outcome->answer.why != NULL) {
        text_put_format(seen, " (%s)", outcome->answer.why);
    }
    return true;
}

/* --- records --- */

bool read_answer_count(const struct step_outcome *outcome, uint64_t *ret)
{
    const struct message *reply = reply_of(outcome);
    *ret = reply != NULL ? reply->counts[SECTION_ANSWER] : 0;
    return reply != NULL;
}

bool read_ttl(const struct step_outcome *outcome, uint64_t *ret)
{
    struct record_walk walk = walk_of(outcome, SECTION_ANSWER);
    struct record record;
    *ret = NEVER;
    while (record_next(&walk, &record)) {
        if (record.ttl * NS_PER_S < *ret) {
            *ret = record.ttl * NS_PER_S;
        }
    }
    return *ret != NEVER;
}

/* The SOA of the authority section. */
static bool find_soa(const struct step_outcome *outcome, struct record *ret)
{
    struct record_walk walk = walk_of(outcome, SECTION_AUTHORITY);
    while (record_next(&walk, ret)) {
        if (ret->type == RRTYPE_SOA && !ret->unsound) {
            return true;
        }
    }
    return false;
}

bool read_negative_ttl(const struct step_outcome *outcome, uint64_t *ret)
{
    struct record soa;
    struct soa_numbers numbers;
    if (!find_soa(outcome, &soa) || !rdata_soa_numbers(soa.rdata, &numbers)) {
        return false;
    }
    *ret = (soa.ttl < numbers.minimum ? soa.ttl : numbers.minimum) * NS_PER_S;
    return true;
}

bool check_soa(const struct step_outcome *outcome, const struct param *wanted)
{
    struct record soa;
    struct name owner;
    return find_soa(outcome, &soa) && name_parse_text(wanted->texts[0], NULL, &owner, NULL) &&
           name_ref_equal(soa.owner, &owner);
}

void show_soa(const struct step_outcome *outcome, struct text *seen)
{
    struct record soa;
    if (find_soa(outcome, &soa)) {
        name_ref_put(seen, soa.owner);
    } else if (!show_absence(outcome, seen)) {
        text_put(seen, "no SOA");
    }
}

static void put_rdata(struct text *text, const struct record *record)
{
    uint8_t buffer[RDATA_EXPAND_MAX];
    struct bytes rdata = record->rdata;
    if (!record->unsound && !rdata_expand(record, buffer, sizeof buffer, &rdata)) {
        rdata = record->rdata;
    }
    rdata_put(text, record->type, rdata);
}

bool reads_alike(struct bytes a, struct bytes b)
{
    size_t i = 0, j = 0;
    bool quoted = false;
    while (i < a.size && j < b.size) {
        uint8_t x = a.data[i++], y = b.data[j++];
        if (!quoted && x == ' ' && y == ' ') {
            while (i < a.size && a.data[i] == ' ') {
                i++;
            }
            while (j < b.size && b.data[j] == ' ') {
                j++;
            }
        }
        if (!quoted) {
            x = x >= 'A' && x <= 'Z' ? (uint8_t)(x | 0x20) : x;
            y = y >= 'A' && y <= 'Z' ? (uint8_t)(y | 0x20) : y;
        }
        if (x != y) {
            return false;
        }
        quoted = (x == '"') != quoted;
    }
    return i == a.size && j == b.size;
}

/* True if `wish` is the record: "RDATA", "TYPE RDATA", "NAME TYPE RDATA" or "NAME TTL TYPE RDATA",
 * as dig shows them. */
static bool record_is(const struct record *record, struct bytes wish)
{
    char buffer[LINE_OCTETS_MAX];
    struct text line = text_in(buffer, sizeof buffer);
    name_ref_put(&line, record->owner);
    text_put_char(&line, ' ');
    const size_t name_size = line.size;
    text_put_format(&line, "%u ", record->ttl);
    const size_t type_at = line.size;
    rrtype_put(&line, record->type);
    text_put_char(&line, ' ');
    const size_t rdata_at = line.size;
    put_rdata(&line, record);
    if (line.overflow) {
        return false;
    }
    const struct bytes whole = bytes_of(buffer, line.size);
    if (reads_alike(whole, wish) || reads_alike(bytes_after(whole, type_at), wish) ||
        reads_alike(bytes_after(whole, rdata_at), wish)) {
        return true;
    }
    memmove(buffer + name_size, buffer + type_at, line.size - type_at);
    return reads_alike(bytes_of(buffer, line.size - (type_at - name_size)), wish);
}

static bool has_record(const struct step_outcome *outcome, struct bytes wish)
{
    struct record_walk walk = walk_of(outcome, SECTION_ANSWER);
    struct record record;
    while (record_next(&walk, &record)) {
        if (record_is(&record, wish)) {
            return true;
        }
    }
    return false;
}

bool check_answers(const struct step_outcome *outcome, const struct param *wanted)
{
    if (reply_of(outcome) == NULL) {
        return false;
    }
    for (size_t i = 0; i < wanted->count; i++) {
        if (!has_record(outcome, wanted->texts[i])) {
            return false;
        }
    }
    return true;
}

static bool is_wanted(const struct record *record, const struct param *wanted)
{
    for (size_t i = 0; i < wanted->count; i++) {
        if (record_is(record, wanted->texts[i])) {
            return true;
        }
    }
    return false;
}

bool check_answers_exactly(const struct step_outcome *outcome, const struct param *wanted)
{
    struct record_walk walk = walk_of(outcome, SECTION_ANSWER);
    struct record record;
    while (record_next(&walk, &record)) {
        if (!is_wanted(&record, wanted)) {
            return false;
        }
    }
    return check_answers(outcome, wanted);
}

void show_answers(const struct step_outcome *outcome, struct text *seen)
{
    if (show_absence(outcome, seen)) {
        return;
    }
    struct record_walk walk = walk_of(outcome, SECTION_ANSWER);
    struct record record;
    const char *separator = "";
    while (record_next(&walk, &record)) {
        text_put(seen, separator);
        name_ref_put(seen, record.owner);
        text_put_format(seen, " %u ", record.ttl);
        rrtype_put(seen, record.type);
        text_put_char(seen, ' ');
        put_rdata(seen, &record);
        separator = ", ";
    }
    if (separator[0] == '\0') {
        const struct message *reply = reply_of(outcome);
        assert(reply != NULL);
        rcode_put(seen, reply->rcode);
        text_put(seen, " without answer records");
    }
}

/* --- aliases --- */

/* The target of `from`'s CNAME in the answer. */
static bool follow(const struct step_outcome *outcome, const struct name *from, struct name *ret)
{
    struct record_walk walk = walk_of(outcome, SECTION_ANSWER);
    struct record record;
    struct name_ref target;
    while (record_next(&walk, &record)) {
        if (record.type == RRTYPE_CNAME && name_ref_equal(record.owner, from) &&
            record_target(&record, &target)) {
            name_expand(target, ret);
            return true;
        }
    }
    return false;
}

/* Starts at the question's name. */
static bool chain_start(const struct step_outcome *outcome, struct name *ret)
{
    const struct message *reply = reply_of(outcome);
    if (reply == NULL || reply->counts[SECTION_QUESTION] == 0) {
        return false;
    }
    name_expand(reply->question.name, ret);
    return true;
}

bool read_alias_count(const struct step_outcome *outcome, uint64_t *ret)
{
    struct name at;
    *ret = 0;
    if (!chain_start(outcome, &at)) {
        return false;
    }
    while (*ret < ALIASES_MAX && follow(outcome, &at, &at)) {
        (*ret)++;
    }
    return true;
}

bool check_aliases(const struct step_outcome *outcome, const struct param *wanted)
{
    struct name at, target;
    if (!chain_start(outcome, &at)) {
        return false;
    }
    for (size_t i = 0; i < wanted->count; i++) {
        if (!follow(outcome, &at, &at) || !name_parse_text(wanted->texts[i], NULL, &target, NULL) ||
            !name_equal(&at, &target)) {
            return false;
        }
    }
    return !follow(outcome, &at, &at);
}

void show_aliases(const struct step_outcome *outcome, struct text *seen)
{
    struct name at;
    if (show_absence(outcome, seen) || !chain_start(outcome, &at)) {
        return;
    }
    unsigned count = 0;
    while (count < ALIASES_MAX && follow(outcome, &at, &at)) {
        text_put(seen, count++ > 0 ? ", " : "");
        name_put(seen, &at);
    }
    text_put(seen, count == 0 ? "no alias" : "");
}

/* --- addresses and text --- */

static bool record_address(const struct record *record, struct address *ret)
{
    if (record->type == RRTYPE_A && record->rdata.size == 4) {
        *ret = address_v4(record->rdata.data);
        return true;
    }
    if (record->type == RRTYPE_AAAA && record->rdata.size == 16) {
        *ret = address_v6(record->rdata.data);
        return true;
    }
    return false;
}

static bool lists(const struct param *wanted, const struct address *address)
{
    for (size_t i = 0; i < wanted->count; i++) {
        if (address_equal(&wanted->addresses[i], address)) {
            return true;
        }
    }
    return false;
}

/* True if the answer's addresses are those wanted, in any order. */
bool check_addresses(const struct step_outcome *outcome, const struct param *wanted)
{
    struct record_walk walk = walk_of(outcome, SECTION_ANSWER);
    struct record record;
    struct address address;
    size_t found = 0;
    while (record_next(&walk, &record)) {
        if (record_address(&record, &address)) {
            found++;
            if (!lists(wanted, &address)) {
                return false;
            }
        }
    }
    return reply_of(outcome) != NULL && found == wanted->count;
}

void show_addresses(const struct step_outcome *outcome, struct text *seen)
{
    if (show_absence(outcome, seen)) {
        return;
    }
    struct record_walk walk = walk_of(outcome, SECTION_ANSWER);
    struct record record;
    struct address address;
    const char *separator = "";
    while (record_next(&walk, &record)) {
        if (record_address(&record, &address)) {
            text_put(seen, separator);
            address_put(seen, &address);
            separator = ", ";
        }
    }
    text_put(seen, separator[0] == '\0' ? "no address" : "");
}

/* True if the strings of `rdata`, joined, are `wish`. */
static bool joined_is(struct bytes rdata, struct bytes wish)
{
    struct bytes string;
    while (rdata_txt_next(&rdata, &string)) {
        if (string.size > wish.size || !bytes_equal(string, bytes_of(wish.data, string.size))) {
            return false;
        }
        wish = bytes_after(wish, string.size);
    }
    return wish.size == 0 && rdata.size == 0;
}

static bool has_txt(const struct step_outcome *outcome, struct bytes wish)
{
    struct record_walk walk = walk_of(outcome, SECTION_ANSWER);
    struct record record;
    while (record_next(&walk, &record)) {
        if (record.type == RRTYPE_TXT && joined_is(record.rdata, wish)) {
            return true;
        }
    }
    return false;
}

bool check_txt(const struct step_outcome *outcome, const struct param *wanted)
{
    for (size_t i = 0; i < wanted->count; i++) {
        if (!has_txt(outcome, wanted->texts[i])) {
            return false;
        }
    }
    return reply_of(outcome) != NULL;
}

void show_txt(const struct step_outcome *outcome, struct text *seen)
{
    if (show_absence(outcome, seen)) {
        return;
    }
    struct record_walk walk = walk_of(outcome, SECTION_ANSWER);
    struct record record;
    const char *separator = "";
    while (record_next(&walk, &record)) {
        if (record.type == RRTYPE_TXT) {
            text_put(seen, separator);
            put_rdata(seen, &record);
            separator = ", ";
        }
    }
    text_put(seen, separator[0] == '\0' ? "no TXT record" : "");
}

bool read_txt_strings(const struct step_outcome *outcome, uint64_t *ret)
{
    struct record_walk walk = walk_of(outcome, SECTION_ANSWER);
    struct record record;
    struct bytes string;
    *ret = 0;
    while (record_next(&walk, &record)) {
        if (record.type != RRTYPE_TXT) {
            continue;
        }
        while (rdata_txt_next(&record.rdata, &string)) {
            (*ret)++;
        }
        return true;
    }
    return false;
}

const char *refuse_name(struct bytes text, struct spelling *spelling)
{
    struct name name;
    const char *why = NULL;
    (void)spelling;
    return name_parse_text(text, NULL, &name, &why) ? NULL : why;
}

#include "harness/meaning.h"

#include "wire/rdata.h"
#include "wire/rrtype.h"

#define RECORDS_SHOWN_MAX 4
#define LINKS_SHOWN_MAX   3
#define RDATA_TEXT_MAX    2048
#define RDATA_EXPAND_MAX  1100

static void put_cut(struct text *text, const char *string, size_t size, size_t shown)
{
    if (size <= shown) {
        text_put(text, string);
        return;
    }
    text_put_bytes(text, bytes_of(string, shown > 3 ? shown - 3 : 0));
    text_put(text, "...");
}

static void put_rdata(struct text *text, const struct record *record, size_t shown)
{
    uint8_t expanded[RDATA_EXPAND_MAX];
    char buffer[RDATA_TEXT_MAX];
    struct text rdata_text = text_in(buffer, sizeof buffer);
    struct bytes rdata = record->rdata;
    if (!record->unsound) {
        rdata_expand(record, expanded, sizeof expanded, &rdata);
    }
    rdata_put(&rdata_text, record->type, rdata);
    put_cut(text, buffer, rdata_text.size, shown);
}

static void put_strings(struct text *text, struct bytes rdata)
{
    size_t strings = 0, octets = 0;
    struct bytes string;
    while (rdata_txt_next(&rdata, &string)) {
        strings++;
        octets += string.size;
    }
    if (strings > 1) {
        text_put_format(text, " (%zu strings, %zu octets)", strings, octets);
    }
}

/* CNAMEs of the answer: "alias to a., then b.". Returns how many. */
static size_t put_aliases(struct text *text, const struct message *reply)
{
    struct record_walk walk = record_walk_start(reply, SECTION_ANSWER);
    struct record record;
    struct name_ref target;
    size_t count = 0;
    while (record_next(&walk, &record)) {
        if (record.type != RRTYPE_CNAME || !record_target(&record, &target)) {
            continue;
        }
        if (++count <= LINKS_SHOWN_MAX) {
            text_put(text, count == 1 ? "alias to " : ", then ");
            name_ref_put(text, target);
        }
    }
    if (count > LINKS_SHOWN_MAX) {
        text_put_format(text, " and %zu more", count - LINKS_SHOWN_MAX);
    }
    return count;
}

/* All records of the answer but CNAMEs. Returns how many. */
static size_t put_records(struct text *text, const struct message *reply, size_t shown,
                          const char *lead)
{
    struct record_walk walk = record_walk_start(reply, SECTION_ANSWER);
    struct record record;
    size_t count = 0;
    uint16_t last_type = 0;
    while (record_next(&walk, &record)) {
        if (record.type == RRTYPE_CNAME || ++count > RECORDS_SHOWN_MAX) {
            continue;
        }
        text_put(text, count == 1 ? lead : ", ");
        if (record.type != last_type) {
            rrtype_put(text, record.type);
            text_put_char(text, ' ');
        }
        put_rdata(text, &record, shown);
        if (record.type == RRTYPE_TXT) {
            put_strings(text, record.rdata);
        }
        last_type = record.type;
    }
    if (count > RECORDS_SHOWN_MAX) {
        text_put_format(text, " and %zu more", count - RECORDS_SHOWN_MAX);
    }
    return count;
}

/* The first record of `type` in the authority section. */
static bool find_authority(const struct message *reply, uint16_t type, struct record *ret)
{
    struct record_walk walk = record_walk_start(reply, SECTION_AUTHORITY);
    while (record_next(&walk, ret)) {
        if (ret->type == type && !ret->unsound) {
            return true;
        }
    }
    return false;
}

static void put_referral(struct text *text, const struct message *reply, const struct record *first)
{
    struct record_walk walk = record_walk_start(reply, SECTION_AUTHORITY);
    struct record record;
    struct name_ref server;
    size_t count = 0;
    text_put(text, "refers to ");
    name_ref_put(text, first->owner);
    while (record_next(&walk, &record)) {
        if (record.type == RRTYPE_NS && ++count == 1 && record_target(&record, &server)) {
            text_put(text, " (");
            name_ref_put(text, server);
        }
    }
    text_put(text, count > 1 ? ", ...)" : ")");
}

static void put_negative_life(struct text *text, const struct message *reply)
{
    struct record soa;
    struct soa_numbers numbers;
    if (find_authority(reply, RRTYPE_SOA, &soa) && rdata_soa_numbers(soa.rdata, &numbers)) {
        text_put_format(text, " (keep %u s)",
                        soa.ttl < numbers.minimum ? soa.ttl : numbers.minimum);
    }
}

/* "no TXT record there" */
static void put_absence(struct text *text, const struct message *reply, bool behind_alias)
{
    if (reply->rcode == RCODE_NXDOMAIN) {
        text_put(text, behind_alias ? ", which does not exist" : "no such name");
    } else {
        text_put(text, behind_alias ? ", which has no " : "no ");
        if (reply->counts[SECTION_QUESTION] > 0) {
            rrtype_put(text, reply->question.type);
            text_put_char(text, ' ');
        }
        text_put(text, "record");
    }
    put_negative_life(text, reply);
}

static void put_extended_errors(struct text *text, const struct message *reply)
{
    struct bytes rest = reply->edns.present ? reply->edns.options : bytes_of(NULL, 0);
    struct extended_error error;
    while (extended_error_next(&rest, &error)) {
        text_put(text, "; ");
        extended_error_put(text, &error);
    }
}

static void put_failure(struct text *text, const struct message *reply)
{
    rcode_put(text, reply->rcode);
    put_extended_errors(text, reply);
}

static bool is_referral(const struct message *reply, struct record *ret_ns)
{
    struct record soa;
    return reply->rcode == RCODE_NOERROR && reply->counts[SECTION_ANSWER] == 0 &&
           (reply->flags & MESSAGE_AA) == 0 && find_authority(reply, RRTYPE_NS, ret_ns) &&
           !find_authority(reply, RRTYPE_SOA, &soa);
}

/* True if a reply without records of its own says that there are none. A CNAME alone may be all
 * that was asked for, or lead out of what the server knows. */
static bool lacks(const struct message *reply, bool aliased)
{
    const bool sought =
        aliased && reply->counts[SECTION_QUESTION] > 0 && reply->question.type == RRTYPE_CNAME;
    const bool handed_on = aliased && (reply->flags & MESSAGE_AA) != 0 &&
                           reply->rcode == RCODE_NOERROR && reply->counts[SECTION_AUTHORITY] == 0;
    return !sought && !handed_on;
}

void meaning_put(struct text *text, const struct message *reply, size_t shown)
{
    struct record ns;
    if ((reply->flags & MESSAGE_TC) != 0) {
        text_put(text, "truncated (TC)");
        return;
    }
    if (reply->rcode != RCODE_NOERROR && reply->rcode != RCODE_NXDOMAIN) {
        put_failure(text, reply);
        return;
    }
    if (is_referral(reply, &ns)) {
        put_referral(text, reply, &ns);
        return;
    }
    const bool aliased = put_aliases(text, reply) > 0;
    if (put_records(text, reply, shown, aliased ? "; " : "") == 0 && lacks(reply, aliased)) {
        put_absence(text, reply, aliased);
    }
    put_extended_errors(text, reply);
}

/* Whether a message is what an entry asks for. Sections are compared as sets: the order of records
 * is nobody's promise (RFC 1035 7.4), and OPT is no record of its section. */
#include "sim/script.h"

#include <string.h>

#include "wire/rrtype.h"

#define RECORDS_MAX 512  /* of one section that are told apart */
#define RDATA_ROOM  4096 /* of names written out in one record's data */
#define FLAGS_MASK                                                                                 \
    (MESSAGE_QR | MESSAGE_AA | MESSAGE_TC | MESSAGE_RD | MESSAGE_RA | MESSAGE_AD | MESSAGE_CD)

static bool same_name(const struct script_entry *entry, const struct message *got)
{
    const struct script_message *wanted = &entry->message;
    if (!wanted->has_question || got->counts[SECTION_QUESTION] == 0) {
        return wanted->has_question == (got->counts[SECTION_QUESTION] > 0);
    }
    if ((entry->match & SCRIPT_QCASE) != 0 &&
        !name_ref_identical(got->question.name, &wanted->question)) {
        return false;
    }
    if ((entry->match & SCRIPT_SUBDOMAIN) != 0) {
        return name_ref_is_at_or_below(got->question.name, &wanted->question);
    }
    return (entry->match & SCRIPT_QNAME) == 0 ||
           name_ref_equal(got->question.name, &wanted->question);
}

static const char *question_difference(const struct script_entry *entry, const struct message *got)
{
    const struct script_message *wanted = &entry->message;
    const bool both = wanted->has_question && got->counts[SECTION_QUESTION] > 0;
    if ((entry->match & (SCRIPT_QNAME | SCRIPT_SUBDOMAIN | SCRIPT_QCASE)) != 0 &&
        !same_name(entry, got)) {
        return "question's name";
    }
    if ((entry->match & SCRIPT_QTYPE) != 0 && both && got->question.type != wanted->type) {
        return "question's type";
    }
    if ((entry->match & SCRIPT_QCLASS) != 0 && both && got->question.rrclass != wanted->rrclass) {
        return "question's class";
    }
    return NULL;
}

static const char *header_difference(const struct script_entry *entry, const struct message *got)
{
    const uint16_t flags = entry->message.flags ^ got->flags;
    if ((entry->match & SCRIPT_OPCODE) != 0 && (flags & MESSAGE_OPCODE_MASK) != 0) {
        return "opcode";
    }
    if ((entry->match & SCRIPT_FLAGS) != 0 && (flags & FLAGS_MASK) != 0) {
        return "flags";
    }
    if ((entry->match & SCRIPT_RCODE) != 0 &&
        got->rcode != (entry->message.flags & MESSAGE_RCODE_MASK)) {
        return "rcode";
    }
    return NULL;
}

/* --- EDNS --- */

static bool has_extended_error(const struct message *got, uint32_t code)
{
    struct bytes rest = got->edns.present ? got->edns.options : bytes_of(NULL, 0);
    struct extended_error error;
    while (extended_error_next(&rest, &error)) {
        if (code == SCRIPT_EDE_ANY || error.code == code) {
            return true;
        }
    }
    return false;
}

static const char *edns_difference(const struct script_entry *entry, const struct message *got)
{
    const struct script_message *wanted = &entry->message;
    const bool dnssec_ok = got->edns.present && got->edns.dnssec_ok;
    if ((entry->match & SCRIPT_DO) != 0 && !dnssec_ok) {
        return "DO";
    }
    if ((entry->match & SCRIPT_NO_EDNS) != 0 && got->edns.present) {
        return "EDNS, which it should not have";
    }
    if ((entry->match & SCRIPT_EDNS) != 0 && dnssec_ok != wanted->dnssec_ok) {
        return "DO";
    }
    if ((entry->match & SCRIPT_EDE) != 0 && !has_extended_error(got, entry->ede)) {
        return "extended error";
    }
    if ((entry->match & SCRIPT_EDNS_DATA) != 0 &&
        !bytes_equal(got->edns.present ? got->edns.options : bytes_of(NULL, 0), wanted->options)) {
        return "EDNS options";
    }
    return NULL;
}

/* --- sections --- */

static bool same_record(const struct rr *wanted, const struct record *got, bool ttl)
{
    uint8_t buffer[RDATA_ROOM];
    struct bytes rdata = got->rdata;
    if (wanted->type != got->type || wanted->rrclass != got->rrclass ||
        (ttl && wanted->ttl != got->ttl) || !name_ref_equal(got->owner, wanted->owner)) {
        return false;
    }
    if (got->unsound || !rdata_expand(got, buffer, sizeof buffer, &rdata) ||
        !rdata_is_sound(wanted->type, wanted->rdata)) {
        return bytes_equal(wanted->rdata, got->rdata);
    }
    return rdata_equal(wanted->type, wanted->rdata, rdata);
}

static bool takes(const struct script_message *wanted, enum section section,
                  const struct record *got, bool ttl, bool taken[RECORDS_MAX])
{
    for (size_t i = 0; i < wanted->counts[section] && i < RECORDS_MAX; i++) {
        if (!taken[i] && same_record(&wanted->records[section][i], got, ttl)) {
            taken[i] = true;
            return true;
        }
    }
    return false;
}

static bool same_section(const struct script_message *wanted, enum section section,
                         const struct message *got, bool ttl)
{
    bool taken[RECORDS_MAX] = {false};
    struct record_walk walk = record_walk_start(got, section);
    struct record record;
    size_t count = 0;
    while (record_next(&walk, &record)) {
        if (record.type == RRTYPE_OPT || record.type == RRTYPE_TSIG) {
            continue;
        }
        count++;
        if (!takes(wanted, section, &record, ttl, taken)) {
            return false;
        }
    }
    return count == wanted->counts[section];
}

static const char *section_difference(const struct script_entry *entry, const struct message *got)
{
    static const struct {
        enum script_match match;
        enum section section;
        const char *word;
    } rows[] = {
        {SCRIPT_ANSWER, SECTION_ANSWER, "answer section"},
        {SCRIPT_AUTHORITY, SECTION_AUTHORITY, "authority section"},
        {SCRIPT_ADDITIONAL, SECTION_ADDITIONAL, "additional section"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if ((entry->match & (uint32_t)rows[i].match) != 0 &&
            !same_section(&entry->message, rows[i].section, got,
                          (entry->match & SCRIPT_TTL) != 0)) {
            return rows[i].word;
        }
    }
    return NULL;
}

const char *script_difference(const struct script_entry *entry, const struct message *got,
                              enum transport transport)
{
    if (((entry->match & SCRIPT_TCP) != 0 && transport != TRANSPORT_TCP) ||
        ((entry->match & SCRIPT_UDP) != 0 && transport != TRANSPORT_UDP)) {
        return "transport";
    }
    const char *difference = header_difference(entry, got);
    if (difference == NULL) {
        difference = question_difference(entry, got);
    }
    if (difference == NULL) {
        difference = edns_difference(entry, got);
    }
    return difference != NULL ? difference : section_difference(entry, got);
}

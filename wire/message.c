/* Messages as checked views: one pass over every record, and walks that trust it. */
#include "wire/message.h"

#include <assert.h>
#include <stddef.h>

#include "wire/octets.h"
#include "wire/rdata.h"
#include "wire/rrtype.h"
#include "wire/scan.h"

#define RECORD_FIXED_OCTETS 10 /* type, class, TTL, RDLENGTH */

/* What a walk looks into again, because lenient mode forgave it. */
#define FORGIVABLE_IN_RDATA (MESSAGE_FORGIVABLE_RDATA | MESSAGE_BIT(MESSAGE_OPT_OPTIONS))

bool message_peek(struct bytes octets, struct message_header *ret)
{
    if (octets.size < MESSAGE_HEADER_OCTETS) {
        return false;
    }
    ret->id = load_u16(octets.data);
    ret->flags = load_u16(octets.data + 2);
    for (size_t i = 0; i < SECTIONS; i++) {
        ret->counts[i] = load_u16(octets.data + 4 + 2 * i);
    }
    return true;
}

/* The offset behind the name at `at`, or one beyond the octets. */
static size_t peek_behind_name(struct bytes octets, size_t at)
{
    while (at < octets.size && octets.data[at] > 0 && octets.data[at] < 0x40) {
        at += 1 + (size_t)octets.data[at];
    }
    return at < octets.size && octets.data[at] == 0 ? at + 1 : at + 2;
}

uint16_t message_peek_rcode(struct bytes octets)
{
    struct message_header header;
    if (!message_peek(octets, &header)) {
        return RCODE_NOERROR;
    }
    const uint16_t rcode = header.flags & MESSAGE_RCODE_MASK;
    size_t records = (size_t)header.counts[SECTION_ANSWER] + header.counts[SECTION_AUTHORITY] +
                     header.counts[SECTION_ADDITIONAL];
    size_t at = MESSAGE_HEADER_OCTETS;
    for (size_t i = 0; i < header.counts[SECTION_QUESTION] && at < octets.size; i++) {
        at = peek_behind_name(octets, at) + 4;
    }
    for (; records > 0; records--) {
        const size_t fixed = peek_behind_name(octets, at);
        if (fixed > octets.size - RECORD_FIXED_OCTETS) { /* a header is longer than these */
            break;
        }
        const uint8_t *record = octets.data + fixed;
        if (load_u16(record) == RRTYPE_OPT) {
            return (uint16_t)(record[4] << 4 | rcode);
        }
        at = fixed + RECORD_FIXED_OCTETS + load_u16(record + 8);
    }
    return rcode;
}

/* --- parsing --- */

struct parser {
    struct scan scan;
    struct message *message;
    uint32_t forgivable; /* MESSAGE_BIT(…) of what this mode forgives */
    uint32_t at;
};

/* Forgives `outcome` if the mode does; else it is the parse's failure. */
static bool forgive(struct parser *parser, enum message_outcome outcome, uint32_t at)
{
    if ((parser->forgivable & MESSAGE_BIT(outcome)) == 0) {
        parser->scan.outcome = outcome;
        parser->scan.offset = at;
        return false;
    }
    parser->message->forgiven |= MESSAGE_BIT(outcome);
    return true;
}

static bool refuse(struct parser *parser, enum message_outcome outcome, uint32_t at)
{
    parser->scan.outcome = outcome;
    parser->scan.offset = at;
    return false;
}

/* A record's place in the octets. */
struct found {
    uint32_t owner;
    uint32_t rdata;
    uint32_t end;
    uint16_t type;
    enum section section;
};

/* Options that do not fill their OPT are forgiven in lenient mode, too many never. */
static bool check_options(struct parser *parser, const struct found *found)
{
    const struct bytes options =
        bytes_of(parser->scan.data + found->rdata, found->end - found->rdata);
    size_t count = 0;
    if (!edns_options_are_sound(options, &count) &&
        !forgive(parser, MESSAGE_OPT_OPTIONS, found->rdata)) {
        return false;
    }
    return count <= EDNS_OPTIONS_MAX || refuse(parser, MESSAGE_OPT_OPTIONS_MANY, found->rdata);
}

static bool take_edns(struct parser *parser, const struct found *found)
{
    struct message *message = parser->message;
    const uint8_t *fixed = parser->scan.data + found->rdata - RECORD_FIXED_OCTETS;
    if (fixed[5] > 0 && message_is_response(message) &&
        !forgive(parser, MESSAGE_OPT_VERSION, found->owner)) {
        return false;
    }
    message->edns = (struct edns){
        .present = true,
        .udp_size = load_u16(fixed + 2),
        .version = fixed[5],
        .dnssec_ok = (fixed[6] & 0x80) != 0,
        .options = bytes_of(parser->scan.data + found->rdata, found->end - found->rdata),
    };
    message->rcode = (uint16_t)(fixed[4] << 4 | message->rcode);
    return true;
}

/* RFC 6891 6.1.1: at most one OPT, at the root, in the additional section. */
static bool check_opt(struct parser *parser, const struct found *found)
{
    if (!check_options(parser, found)) {
        return false;
    }
    if (parser->scan.data[found->owner] != 0 && !forgive(parser, MESSAGE_OPT_OWNER, found->owner)) {
        return false;
    }
    if (found->section != SECTION_ADDITIONAL) {
        return forgive(parser, MESSAGE_OPT_MISPLACED, found->owner);
    }
    if (parser->message->edns.present) {
        return forgive(parser, MESSAGE_OPT_SEVERAL, found->owner);
    }
    return take_edns(parser, found);
}

/* Prerequisites and deletions of an UPDATE have no RDATA (RFC 2136 2.4, 2.5). */
static bool may_be_empty(const struct message *message, uint16_t type, uint16_t rrclass)
{
    return message->opcode == OPCODE_UPDATE && !rrtype_is_meta(type) &&
           (rrclass == RRCLASS_ANY || rrclass == RRCLASS_NONE);
}

static bool is_rightly_empty(const struct parser *parser, const struct found *found)
{
    const uint16_t rrclass = load_u16(parser->scan.data + found->rdata - 8);
    return found->rdata == found->end && may_be_empty(parser->message, found->type, rrclass);
}

static bool check_by_row(struct parser *parser, const struct found *found)
{
    const struct rrtype *row = rrtype_find(found->type);
    bool compressed = false;
    if (row == NULL || is_rightly_empty(parser, found)) {
        return true;
    }
    if (!scan_rdata(&parser->scan, row, found->rdata, found->end, &compressed)) {
        return (MESSAGE_BIT(parser->scan.outcome) & MESSAGE_FORGIVABLE_RDATA) != 0 &&
               forgive(parser, parser->scan.outcome, parser->scan.offset);
    }
    return !compressed || forgive(parser, MESSAGE_RDATA_COMPRESSED, found->rdata);
}

/* RFC 8945 5.1: one TSIG, the last record of the message. */
static bool check_tsig(struct parser *parser, const struct found *found)
{
    if (found->section != SECTION_ADDITIONAL) {
        return refuse(parser, MESSAGE_TSIG_MISPLACED, found->owner);
    }
    parser->message->has_tsig = true;
    return check_by_row(parser, found);
}

static bool check_after_tsig(struct parser *parser, const struct found *found)
{
    return refuse(parser,
                  found->type == RRTYPE_TSIG ? MESSAGE_TSIG_SEVERAL : MESSAGE_TSIG_MISPLACED,
                  found->owner);
}

static bool check_rdata(struct parser *parser, const struct found *found)
{
    if (parser->message->has_tsig) {
        return check_after_tsig(parser, found);
    }
    switch (found->type) {
    case RRTYPE_OPT: return check_opt(parser, found);
    case RRTYPE_TSIG: return check_tsig(parser, found);
    default: return check_by_row(parser, found);
    }
}

/* Most records are addresses, and there is nothing in them to look at. */
static bool is_address(uint16_t type, uint32_t size)
{
    return (type == RRTYPE_A && size == 4) || (type == RRTYPE_AAAA && size == 16);
}

/* Owner, fixed fields and RDATA of the record at `parser->at`. */
static bool parse_record(struct parser *parser, enum section section)
{
    struct scan *scan = &parser->scan;
    const uint32_t owner = parser->at;
    if (owner == scan->size) {
        return refuse(parser, MESSAGE_RECORD_CUT, scan->size);
    }
    const uint32_t fixed = scan_name(scan, owner, scan->size);
    if (fixed == SCAN_FAILED) {
        return false;
    }
    const uint32_t rdata = fixed + RECORD_FIXED_OCTETS;
    if (rdata > scan->size) {
        return refuse(parser, MESSAGE_RECORD_CUT, scan->size);
    }
    const uint16_t type = load_u16(scan->data + fixed);
    const uint32_t end = rdata + load_u16(scan->data + fixed + 8);
    if (end > scan->size) {
        return refuse(parser, MESSAGE_RECORD_CUT, scan->size);
    }
    parser->at = end;
    if (is_address(type, end - rdata) && !parser->message->has_tsig) {
        return true;
    }
    const struct found found = {
        .owner = owner, .rdata = rdata, .end = end, .type = type, .section = section};
    return check_rdata(parser, &found);
}

static bool parse_section(struct parser *parser, enum section section)
{
    parser->message->starts[section] = parser->at;
    for (uint32_t left = parser->message->counts[section]; left > 0; left--) {
        if (!parse_record(parser, section)) {
            return false;
        }
    }
    return true;
}

static bool parse_question(struct parser *parser, struct question *ret)
{
    struct scan *scan = &parser->scan;
    if (parser->at == scan->size) {
        return refuse(parser, MESSAGE_QUESTION_CUT, scan->size);
    }
    const uint32_t after = scan_name(scan, parser->at, scan->size);
    if (after == SCAN_FAILED) {
        return false;
    }
    if (scan->size - after < 4) {
        return refuse(parser, MESSAGE_QUESTION_CUT, scan->size);
    }
    ret->name = (struct name_ref){.message = scan->data, .offset = parser->at};
    ret->type = load_u16(scan->data + after);
    ret->rrclass = load_u16(scan->data + after + 2);
    parser->at = after + 4;
    return true;
}

/* Any other number of questions than one. */
static bool check_question_count(struct parser *parser)
{
    const struct message *message = parser->message;
    if (message->counts[SECTION_QUESTION] > 0) {
        return forgive(parser, MESSAGE_QUESTION_SEVERAL, 4);
    }
    if (message_is_response(message) && parser->scan.size == MESSAGE_HEADER_OCTETS) {
        return forgive(parser, MESSAGE_HEADER_ONLY, MESSAGE_HEADER_OCTETS);
    }
    return forgive(parser, MESSAGE_QUESTION_MISSING, 4);
}

static bool parse_questions(struct parser *parser)
{
    struct message *message = parser->message;
    struct question other;
    message->starts[SECTION_QUESTION] = parser->at;
    if (message->counts[SECTION_QUESTION] != 1 && !check_question_count(parser)) {
        return false;
    }
    for (uint32_t i = 0; i < message->counts[SECTION_QUESTION]; i++) {
        if (!parse_question(parser, i == 0 ? &message->question : &other)) {
            return false;
        }
    }
    return true;
}

static bool parse_header(struct parser *parser, struct bytes octets)
{
    struct message *message = parser->message;
    struct message_header header;
    if (!message_peek(octets, &header)) {
        return refuse(parser, MESSAGE_HEADER_CUT, (uint32_t)octets.size);
    }
    message->octets = octets;
    message->id = header.id;
    message->flags = header.flags;
    message->rcode = header.flags & MESSAGE_RCODE_MASK;
    message->opcode = (uint8_t)((header.flags & MESSAGE_OPCODE_MASK) >> MESSAGE_OPCODE_SHIFT);
    memcpy(message->counts, header.counts, sizeof header.counts);
    parser->at = MESSAGE_HEADER_OCTETS;
    return true;
}

static bool parse_all(struct parser *parser, struct bytes octets)
{
    if (!parse_header(parser, octets) || !parse_questions(parser) ||
        !parse_section(parser, SECTION_ANSWER) || !parse_section(parser, SECTION_AUTHORITY) ||
        !parse_section(parser, SECTION_ADDITIONAL)) {
        return false;
    }
    parser->message->end = parser->at;
    return parser->at == octets.size || forgive(parser, MESSAGE_TRAILING, parser->at);
}

static bool report(struct message_error *reterr, enum message_outcome outcome, uint32_t offset)
{
    if (reterr != NULL) {
        *reterr = (struct message_error){.outcome = outcome, .offset = offset};
    }
    return false;
}

bool message_parse(struct bytes octets, enum message_mode mode, struct message *ret,
                   struct message_error *reterr)
{
    if (octets.size > MESSAGE_OCTETS_MAX) {
        return report(reterr, MESSAGE_TOO_LONG, MESSAGE_OCTETS_MAX);
    }
    struct message message = {.forgiven = 0};
    struct parser parser;
    parser.message = &message;
    parser.forgivable = mode == MESSAGE_LENIENT ? MESSAGE_FORGIVABLE : 0;
    parser.at = 0;
    scan_start(&parser.scan, octets, true);
    if (!parse_all(&parser, octets)) {
        return report(reterr, parser.scan.outcome, parser.scan.offset);
    }
    *ret = message;
    return true;
}

/* --- walking --- */

struct record_walk record_walk_start(const struct message *message, enum section section)
{
    assert(section > SECTION_QUESTION && section < SECTIONS);
    return (struct record_walk){
        .message = message,
        .at = message->starts[section],
        .left = message->counts[section],
        .section = section,
    };
}

static uint32_t skip_name(const uint8_t *data, uint32_t at)
{
    while (data[at] != 0) {
        if (data[at] >= 0xc0) {
            return at + 2;
        }
        at += 1U + data[at];
    }
    return at + 1;
}

/* Looks again, strictly, at RDATA in a message of which some RDATA was forgiven. */
static bool is_unsound(const struct message *message, const struct record *record)
{
    const struct rrtype *row = rrtype_find(record->type);
    struct scan scan;
    bool compressed = false;
    if (record->type == RRTYPE_OPT) {
        return !edns_options_are_sound(record->rdata, NULL);
    }
    if (row == NULL ||
        (record->rdata.size == 0 && may_be_empty(message, record->type, record->rrclass))) {
        return false;
    }
    scan_start(&scan, message->octets, true);
    const uint32_t at = (uint32_t)(record->rdata.data - message->octets.data);
    return !scan_rdata(&scan, row, at, at + (uint32_t)record->rdata.size, &compressed);
}

bool record_next(struct record_walk *walk, struct record *ret)
{
    if (walk->left == 0) {
        return false;
    }
    const struct message *message = walk->message;
    const uint8_t *data = message->octets.data;
    const uint32_t fixed = skip_name(data, walk->at);
    const uint32_t rdata = fixed + RECORD_FIXED_OCTETS;
    const uint32_t size = load_u16(data + fixed + 8);
    ret->owner = (struct name_ref){.message = data, .offset = walk->at};
    ret->section = walk->section;
    ret->type = load_u16(data + fixed);
    ret->rrclass = load_u16(data + fixed + 2);
    ret->ttl = load_u32(data + fixed + 4);
    ret->rdata = bytes_of(data + rdata, size);
    ret->unsound = (message->forgiven & FORGIVABLE_IN_RDATA) != 0 && is_unsound(message, ret);
    walk->at = rdata + size;
    walk->left--;
    return true;
}

struct name_ref record_name(const struct record *record, size_t offset)
{
    assert(!record->unsound && offset < record->rdata.size);
    const size_t rdata = (size_t)(record->rdata.data - record->owner.message);
    return (struct name_ref){.message = record->owner.message,
                             .offset = (uint32_t)(rdata + offset)};
}

/* --- words --- */

static const struct {
    const char *name;
    const char *text;
} outcomes[MESSAGE_OUTCOMES] = {
    [MESSAGE_FINE] = {"fine", "nothing is wrong"},
    [MESSAGE_HEADER_CUT] = {"header-cut", "fewer than the 12 octets of a header"},
    [MESSAGE_TOO_LONG] = {"too-long", "more than 65535 octets"},
    [MESSAGE_HEADER_ONLY] = {"header-only", "a response that is a header and nothing else"},
    [MESSAGE_QUESTION_MISSING] = {"question-missing", "there is no question"},
    [MESSAGE_QUESTION_SEVERAL] = {"question-several", "there is more than one question"},
    [MESSAGE_QUESTION_CUT] = {"question-cut", "the message ends inside the question"},
    [MESSAGE_RECORD_CUT] = {"record-cut", "the message ends before a record that it promises"},
    [MESSAGE_NAME_CUT] = {"name-cut", "the message ends inside a name"},
    [MESSAGE_NAME_TOO_LONG] = {"name-too-long", "a name is longer than 255 octets"},
    [MESSAGE_LABEL_TYPE] = {"label-type", "a label is of an unknown type"},
    [MESSAGE_POINTER_AHEAD] = {"pointer-ahead", "a compression pointer does not point backward"},
    [MESSAGE_POINTER_HEADER] = {"pointer-header", "a compression pointer points into the header"},
    [MESSAGE_POINTER_HOPS] = {"pointer-hops", "a name takes more than 126 compression pointers"},
    [MESSAGE_WORK] = {"work", "the names take more steps than a message may cost"},
    [MESSAGE_RDATA_SHORT] = {"rdata-short", "a record's data end before its last field"},
    [MESSAGE_RDATA_LONG] = {"rdata-long", "a record's data go on after its last field"},
    [MESSAGE_RDATA_STRING] = {"rdata-string", "a length inside a record's data is too large"},
    [MESSAGE_RDATA_COMPRESSED] = {"rdata-compressed",
                                  "a name is compressed in a type that forbids it"},
    [MESSAGE_TXT_EMPTY] = {"txt-empty", "malformed TXT: no string in it"},
    [MESSAGE_TRAILING] = {"trailing", "there are octets after the last record"},
    [MESSAGE_OPT_SEVERAL] = {"opt-several", "there is more than one OPT record"},
    [MESSAGE_OPT_MISPLACED] = {"opt-misplaced", "an OPT record outside the additional section"},
    [MESSAGE_OPT_OWNER] = {"opt-owner", "the owner of an OPT record is not the root"},
    [MESSAGE_OPT_OPTIONS] = {"opt-options", "EDNS options do not fill their record"},
    [MESSAGE_OPT_OPTIONS_MANY] = {"opt-options-many", "more than 32 EDNS options"},
    [MESSAGE_OPT_VERSION] = {"opt-version", "a response in an unknown version of EDNS"},
    [MESSAGE_TSIG_MISPLACED] = {"tsig-misplaced", "a TSIG record that is not the last record"},
    [MESSAGE_TSIG_SEVERAL] = {"tsig-several", "there is more than one TSIG record"},
};

const char *message_outcome_name(enum message_outcome outcome)
{
    assert(outcome < MESSAGE_OUTCOMES);
    return outcomes[outcome].name;
}

const char *message_outcome_text(enum message_outcome outcome)
{
    assert(outcome < MESSAGE_OUTCOMES);
    return outcomes[outcome].text;
}

void message_forgiven_put(struct text *text, uint32_t forgiven)
{
    const char *separator = "";
    for (uint32_t i = 0; i < MESSAGE_OUTCOMES; i++) {
        if ((forgiven & MESSAGE_BIT(i)) != 0) {
            text_put(text, separator);
            text_put(text, outcomes[i].name);
            separator = ", ";
        }
    }
}

static const char *const rcodes[] = {
    [RCODE_NOERROR] = "NOERROR",     [RCODE_FORMERR] = "FORMERR", [RCODE_SERVFAIL] = "SERVFAIL",
    [RCODE_NXDOMAIN] = "NXDOMAIN",   [RCODE_NOTIMP] = "NOTIMP",   [RCODE_REFUSED] = "REFUSED",
    [RCODE_YXDOMAIN] = "YXDOMAIN",   [RCODE_YXRRSET] = "YXRRSET", [RCODE_NXRRSET] = "NXRRSET",
    [RCODE_NOTAUTH] = "NOTAUTH",     [RCODE_NOTZONE] = "NOTZONE", [RCODE_BADVERS] = "BADVERS",
    [RCODE_BADKEY] = "BADKEY",       [RCODE_BADTIME] = "BADTIME", [RCODE_BADMODE] = "BADMODE",
    [RCODE_BADNAME] = "BADNAME",     [RCODE_BADALG] = "BADALG",   [RCODE_BADTRUNC] = "BADTRUNC",
    [RCODE_BADCOOKIE] = "BADCOOKIE",
};

#define RCODES (sizeof rcodes / sizeof rcodes[0])

void rcode_put(struct text *text, uint16_t rcode)
{
    if (rcode < RCODES && rcodes[rcode] != NULL) {
        text_put(text, rcodes[rcode]);
        return;
    }
    text_put(text, "RCODE");
    text_put_number(text, rcode);
}

static bool is_word(struct bytes text, const char *word)
{
    size_t at = 0;
    while (at < text.size && word[at] != '\0' &&
           lower_octet(text.data[at]) == lower_octet((uint8_t)word[at])) {
        at++;
    }
    return at == text.size && word[at] == '\0';
}

bool rcode_parse(struct bytes text, uint16_t *ret)
{
    for (size_t i = 0; i < RCODES; i++) {
        if (rcodes[i] != NULL && is_word(text, rcodes[i])) {
            *ret = (uint16_t)i;
            return true;
        }
    }
    return false;
}

void opcode_put(struct text *text, uint8_t opcode)
{
    static const char *const words[] = {
        [OPCODE_QUERY] = "QUERY",   [OPCODE_IQUERY] = "IQUERY", [OPCODE_STATUS] = "STATUS",
        [OPCODE_NOTIFY] = "NOTIFY", [OPCODE_UPDATE] = "UPDATE", [OPCODE_DSO] = "DSO",
    };
    if (opcode < sizeof words / sizeof words[0] && words[opcode] != NULL) {
        text_put(text, words[opcode]);
        return;
    }
    text_put(text, "OPCODE");
    text_put_number(text, opcode);
}

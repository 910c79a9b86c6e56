/* One ENTRY: what a message must be, how it is answered, and its sections. */
#include <assert.h>
#include <string.h>

#include "base/values.h"
#include "harness/rpl_reader.h"
#include "harness/spelling.h"
#include "wire/rrtype.h"

#define TTL_DEFAULT 3600 /* of records without one, in both dialects */
#define HEX_MAX     65535
#define OPTIONS_MAX 4096

#define MATCH_ALL                                                                                  \
    (SCRIPT_OPCODE | SCRIPT_QTYPE | SCRIPT_QNAME | SCRIPT_QCLASS | SCRIPT_FLAGS | SCRIPT_RCODE |   \
     SCRIPT_ANSWER | SCRIPT_AUTHORITY | SCRIPT_ADDITIONAL | SCRIPT_EDNS)

/* A word of a list and the bits it stands for. */
struct word_row {
    const char *word;
    uint32_t bits;
    bool deckard; /* only that reader knows it */
};

static const struct word_row match_rows[] = {
    {"opcode", SCRIPT_OPCODE, false},
    {"qtype", SCRIPT_QTYPE, false},
    {"qname", SCRIPT_QNAME, false},
    {"subdomain", SCRIPT_SUBDOMAIN, false},
    {"all", MATCH_ALL, false},
    {"all_noedns", MATCH_ALL & ~(uint32_t)SCRIPT_EDNS, false},
    {"question", SCRIPT_QNAME | SCRIPT_QTYPE | SCRIPT_QCLASS, false},
    {"rcode", SCRIPT_RCODE, false},
    {"answer", SCRIPT_ANSWER, false},
    {"flags", SCRIPT_FLAGS, true},
    {"authority", SCRIPT_AUTHORITY, true},
    {"additional", SCRIPT_ADDITIONAL, true},
    {"qcase", SCRIPT_QNAME | SCRIPT_QCASE, true},
    {"ttl", SCRIPT_TTL, false},
    {"DO", SCRIPT_DO, false},
    {"noedns", SCRIPT_NO_EDNS, false},
    {"UDP", SCRIPT_UDP, false},
    {"TCP", SCRIPT_TCP, false},
    {"ednsdata", SCRIPT_EDNS_DATA, false},
    {"ede=any", SCRIPT_EDE, false},
    {"edns", SCRIPT_EDNS, true},
};

static const struct word_row adjust_rows[] = {
    {"copy_id", SCRIPT_COPY_ID, false},
    {"copy_query", SCRIPT_COPY_QUERY, false},
    {"do_not_answer", SCRIPT_SILENT, true},
    {"raw_id", 0, true},
};

/* A word of REPLY: bits of the header, or EDNS with DO. */
static const struct word_row reply_rows[] = {
    {"QR", MESSAGE_QR, false},
    {"AA", MESSAGE_AA, false},
    {"TC", MESSAGE_TC, false},
    {"RD", MESSAGE_RD, false},
    {"RA", MESSAGE_RA, false},
    {"AD", MESSAGE_AD, false},
    {"CD", MESSAGE_CD, false},
    {"NOERROR", RCODE_NOERROR, false},
    {"FORMERR", RCODE_FORMERR, false},
    {"SERVFAIL", RCODE_SERVFAIL, false},
    {"NXDOMAIN", RCODE_NXDOMAIN, false},
    {"NOTIMPL", RCODE_NOTIMP, false},
    {"NOTIMP", RCODE_NOTIMP, false},
    {"REFUSED", RCODE_REFUSED, false},
    {"YXDOMAIN", RCODE_YXDOMAIN, false},
    {"YXRRSET", RCODE_YXRRSET, false},
    {"NXRRSET", RCODE_NXRRSET, false},
    {"NOTAUTH", RCODE_NOTAUTH, false},
    {"NOTZONE", RCODE_NOTZONE, false},
    {"QUERY", OPCODE_QUERY << MESSAGE_OPCODE_SHIFT, false},
    {"IQUERY", OPCODE_IQUERY << MESSAGE_OPCODE_SHIFT, false},
    {"STATUS", OPCODE_STATUS << MESSAGE_OPCODE_SHIFT, false},
    {"NOTIFY", OPCODE_NOTIFY << MESSAGE_OPCODE_SHIFT, false},
    {"UPDATE", OPCODE_UPDATE << MESSAGE_OPCODE_SHIFT, false},
};

#define ROWS(rows) (rows), sizeof(rows) / sizeof((rows)[0])

static bool same_word(struct bytes text, const char *word)
{
    if (text.size != strlen(word)) {
        return false;
    }
    for (size_t i = 0; i < text.size; i++) {
        const char c = (char)text.data[i];
        const char lower = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
        const char wanted = word[i] >= 'A' && word[i] <= 'Z' ? (char)(word[i] | 0x20) : word[i];
        if (lower != wanted) {
            return false;
        }
    }
    return true;
}

static bool unknown_word(struct rpl_reader *reader, const struct rpl_word *word, const char *where,
                         const struct word_row *rows, size_t count)
{
    struct spelling spelling = spelling_of(word->text);
    for (size_t i = 0; i < count; i++) {
        spelling_offer(&spelling, rows[i].word);
    }
    struct diag *diag = diags_add(reader->loader.diags, word->place, "`%.*s` is no word of %s",
                                  (int)(word->text.size < 60 ? word->text.size : 60),
                                  (const char *)word->text.data, where);
    if (spelling.best != NULL) {
        diags_hint(diag, "did you mean %s?", spelling.best);
    }
    return false;
}

/* Ors the bits of all words after the first. */
static bool read_words(struct rpl_reader *reader, const char *where, const struct word_row *rows,
                       size_t count, uint32_t *bits)
{
    bool fine = true;
    for (size_t w = 1; w < reader->words.count; w++) {
        const struct rpl_word *word = &reader->words.items[w];
        size_t i = 0;
        while (i < count && !same_word(word->text, rows[i].word)) {
            i++;
        }
        if (i == count) {
            fine = unknown_word(reader, word, where, rows, count);
            continue;
        }
        *bits |= rows[i].bits;
        reader->is_deckard = reader->is_deckard || rows[i].deckard;
    }
    return fine;
}

/* --- MATCH, ADJUST, REPLY --- */

/* Words with a value, and those that stand for what is not played here: taken out of the line. */
static void take_special_matches(struct rpl_reader *reader, struct script_entry *entry)
{
    struct rpl_words *words = &reader->words;
    size_t kept = 1;
    for (size_t w = 1; w < words->count; w++) {
        const struct bytes text = words->items[w].text;
        uint64_t number;
        if (text.size > 4 && memcmp(text.data, "ede=", 4) == 0 &&
            value_integer(bytes_after(text, 4), &number)) {
            entry->match |= SCRIPT_EDE;
            entry->ede = (uint32_t)number;
        } else if (same_word(text, "server_cookie") || same_word(text, "client_cookie")) {
            rpl_skip(reader, "MATCH %.*s is not played", (int)text.size, (const char *)text.data);
        } else if (text.size > 7 && memcmp(text.data, "serial=", 7) == 0) {
            rpl_skip(reader, "MATCH serial= is not played");
        } else {
            words->items[kept++] = words->items[w];
        }
    }
    words->count = kept;
}

static bool read_match(struct rpl_reader *reader, struct script_entry *entry)
{
    entry->ede = SCRIPT_EDE_ANY;
    take_special_matches(reader, entry);
    return read_words(reader, "MATCH", ROWS(match_rows), &entry->match);
}

static bool read_adjust(struct rpl_reader *reader, struct script_entry *entry)
{
    struct rpl_words *words = &reader->words;
    size_t kept = 1;
    for (size_t w = 1; w < words->count; w++) {
        const struct bytes text = words->items[w].text;
        const bool sleeps = text.size > 6 && memcmp(text.data, "sleep=", 6) == 0;
        if (sleeps || same_word(text, "copy_ednsdata_assume_clientsubnet") ||
            same_word(text, "increment_ecs_scope")) {
            rpl_skip(reader, "ADJUST %.*s is not played", (int)text.size, (const char *)text.data);
        } else {
            words->items[kept++] = words->items[w];
        }
    }
    words->count = kept;
    return read_words(reader, "ADJUST", ROWS(adjust_rows), &entry->adjust);
}

static bool read_reply(struct rpl_reader *reader, struct script_entry *entry)
{
    struct rpl_words *words = &reader->words;
    uint32_t bits = 0;
    size_t kept = 1;
    for (size_t w = 1; w < words->count; w++) {
        if (same_word(words->items[w].text, "DO")) {
            entry->message.dnssec_ok = true;
        } else {
            words->items[kept++] = words->items[w];
        }
    }
    words->count = kept;
    const bool fine = read_words(reader, "REPLY", ROWS(reply_rows), &bits);
    entry->message.flags |= (uint16_t)bits;
    return fine;
}

/* --- sections --- */

/* Name, class, type; a TTL between them is passed over. */
static bool read_question(struct rpl_reader *reader, struct script_entry *entry)
{
    struct script_message *message = &entry->message;
    const struct rpl_words *words = &reader->words;
    message->rrclass = RRCLASS_IN;
    if (!loader_name(&reader->loader, words->items[0].text, words->items[0].place, &reader->origin,
                     &message->question)) {
        return false;
    }
    for (size_t w = 1; w < words->count; w++) {
        const struct rpl_word *word = &words->items[w];
        uint32_t ttl;
        if (w + 1 < words->count &&
            (value_ttl(word->text, &ttl) || rrclass_parse(word->text, &message->rrclass))) {
            continue;
        }
        message->has_question = rrtype_parse(word->text, &message->type);
        if (!message->has_question) {
            diags_add(reader->loader.diags, word->place, "`%.*s` is neither a class nor an RR type",
                      (int)(word->text.size < 60 ? word->text.size : 60),
                      (const char *)word->text.data);
        }
        return message->has_question;
    }
    diags_add(reader->loader.diags, rpl_place(reader), "a question is: name, class, type");
    return false;
}

/* Parentheses that the line leaves open, comments and quoted text aside. */
static int open_parentheses(struct bytes line)
{
    int depth = 0;
    bool quoted = false;
    for (size_t i = 0; i < line.size; i++) {
        const char c = (char)line.data[i];
        if (c == '\\') {
            i++;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && c == ';') {
            break;
        } else if (!quoted && (c == '(' || c == ')')) {
            depth += c == '(' ? 1 : -1;
        }
    }
    return depth;
}

static bool read_record(struct rpl_reader *reader, struct record_list *list)
{
    const struct place place = rpl_place(reader);
    struct bytes line = rpl_line(reader);
    line = bytes_after(line, place.column - 1);
    const uint8_t *start = line.data;
    for (int depth = open_parentheses(line); depth > 0;) {
        if (reader->line >= reader->loader.source.line_count) {
            break;
        }
        reader->line++;
        line = rpl_line(reader);
        depth += open_parentheses(line);
    }
    const struct bytes text = bytes_of(start, (size_t)(line.data + line.size - start));
    return records_read_line(&reader->loader, text, place, &reader->origin, TTL_DEFAULT, list);
}

static bool copy_records(struct rpl_reader *reader, const struct record_list *list,
                         enum section section, struct script_message *message)
{
    struct rr *records = ARENA_NEW_ARRAY(reader->loader.arena, struct rr, list->count);
    if (records == NULL) {
        return loader_exhausted(&reader->loader);
    }
    for (size_t i = 0; i < list->count; i++) {
        records[i] = list->items[i].rr;
    }
    message->records[section] = records;
    message->counts[section] = list->count;
    return true;
}

/* --- HEX --- */

/* Appends the digits of the line's words to `data`. */
static bool read_digits(struct rpl_reader *reader, uint8_t *data, size_t capacity, size_t *nibbles)
{
    for (size_t w = 0; w < reader->words.count; w++) {
        const struct rpl_word *word = &reader->words.items[w];
        for (size_t i = 0; i < word->text.size; i++, (*nibbles)++) {
            const int value = value_hex_digit(word->text.data[i]);
            if (value < 0 || *nibbles / 2 >= capacity) {
                diags_add(reader->loader.diags, word->place, "hex digits were expected here");
                return false;
            }
            data[*nibbles / 2] |= (uint8_t)((unsigned)value << (*nibbles % 2 == 0 ? 4 : 0));
        }
    }
    return true;
}

static bool read_hex(struct rpl_reader *reader, const char *end, size_t capacity, struct bytes *ret)
{
    const struct place place = rpl_place(reader);
    uint8_t *data = arena_alloc(reader->loader.arena, capacity);
    size_t nibbles = 0;
    bool fine = data != NULL || loader_exhausted(&reader->loader);
    while (rpl_next_line(reader, ";")) {
        if (rpl_word_is(reader, 0, end)) {
            *ret = bytes_of(data, nibbles / 2);
            return fine;
        }
        assert(!fine || data != NULL);
        fine = fine && read_digits(reader, data, capacity, &nibbles);
    }
    diags_add(reader->loader.diags, place, "this has no end; %s is missing", end);
    return false;
}

/* --- the whole --- */

struct entry_reading {
    struct script_entry *entry;
    enum section section;
    bool raw; /* what follows is the message in hex (Deckard's SECTION-less RAW) */
    bool in_section;
    struct record_list lists[SECTIONS];
};

static bool read_section_name(struct rpl_reader *reader, struct entry_reading *reading)
{
    static const char *const names[SECTIONS] = {"QUESTION", "ANSWER", "AUTHORITY", "ADDITIONAL"};
    for (unsigned i = 0; i < SECTIONS; i++) {
        if (rpl_word_is(reader, 1, names[i])) {
            reading->section = (enum section)i;
            reading->in_section = true;
            return true;
        }
    }
    struct diag *diag = diags_add(reader->loader.diags, rpl_place(reader), "no such section");
    diags_hint(diag, "QUESTION, ANSWER, AUTHORITY or ADDITIONAL");
    return false;
}

static bool read_raw(struct rpl_reader *reader, struct script_entry *entry)
{
    uint8_t *data = arena_alloc(reader->loader.arena, HEX_MAX / 8);
    size_t nibbles = 0;
    if (data == NULL) {
        return loader_exhausted(&reader->loader);
    }
    if (!rpl_next_line(reader, ";") || !read_digits(reader, data, HEX_MAX / 8, &nibbles)) {
        return false;
    }
    entry->message.raw = bytes_of(data, nibbles / 2);
    reader->is_deckard = true;
    return true;
}

static bool read_line(struct rpl_reader *reader, struct entry_reading *reading)
{
    struct script_entry *entry = reading->entry;
    if (rpl_word_is(reader, 0, "MATCH")) {
        return read_match(reader, entry);
    }
    if (rpl_word_is(reader, 0, "ADJUST")) {
        return read_adjust(reader, entry);
    }
    if (rpl_word_is(reader, 0, "REPLY") || rpl_word_is(reader, 0, "FLAGS")) {
        return read_reply(reader, entry);
    }
    if (rpl_word_is(reader, 0, "SECTION")) {
        return read_section_name(reader, reading);
    }
    if (rpl_word_is(reader, 0, "HEX_ANSWER_BEGIN")) {
        return read_hex(reader, "HEX_ANSWER_END", HEX_MAX, &entry->message.raw);
    }
    if (rpl_word_is(reader, 0, "HEX_EDNSDATA_BEGIN")) {
        entry->message.edns = true;
        return read_hex(reader, "HEX_EDNSDATA_END", OPTIONS_MAX, &entry->message.options);
    }
    if (rpl_word_is(reader, 0, "RAW")) {
        return read_raw(reader, entry);
    }
    if (rpl_word_is(reader, 0, "MANDATORY")) {
        reader->is_deckard = true;
        return true;
    }
    if (rpl_word_is(reader, 0, "EXTRA_PACKET") || rpl_word_is(reader, 0, "TSIG")) {
        rpl_skip(reader, "%.*s is not played", (int)reader->words.items[0].text.size,
                 (const char *)reader->words.items[0].text.data);
        reading->in_section = false;
        return true;
    }
    if (!reading->in_section) {
        diags_add(
            reader->loader.diags, rpl_place(reader),
            "a line of an ENTRY begins with MATCH, ADJUST, REPLY, SECTION or HEX_ANSWER_BEGIN");
        return false;
    }
    return reading->section == SECTION_QUESTION
               ? read_question(reader, entry)
               : read_record(reader, &reading->lists[reading->section]);
}

static bool end_entry(struct rpl_reader *reader, struct entry_reading *reading)
{
    bool fine = true;
    for (unsigned i = SECTION_ANSWER; i < SECTIONS; i++) {
        fine = fine &&
               copy_records(reader, &reading->lists[i], (enum section)i, &reading->entry->message);
    }
    return fine;
}

bool rpl_read_entry(struct rpl_reader *reader, struct script_entry *ret)
{
    struct entry_reading reading = {.entry = ret};
    bool fine = true;
    *ret = (struct script_entry){.place = rpl_place(reader), .ede = SCRIPT_EDE_ANY};
    while (rpl_next_line(reader, ";")) {
        if (rpl_word_is(reader, 0, "ENTRY_END")) {
            return end_entry(reader, &reading) && fine;
        }
        fine = read_line(reader, &reading) && fine;
    }
    diags_add(reader->loader.diags, ret->place, "this ENTRY has no end; ENTRY_END is missing");
    return false;
}

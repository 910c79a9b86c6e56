#include "harness/walk.h"

#include <inttypes.h>
#include <string.h>

#include "harness/exchange.h"
#include "harness/meaning.h"
#include "wire/rrtype.h"
#include "wire/text.h"

#define LINE_OCTETS_MAX   4096
#define PACKET_OCTETS_MAX ((size_t)64 * 1024) /* of a message in dig's layout */
#define RDATA_SHOWN       32
#define SERVER_COLUMNS    24
#define OUTER_ROWS_MAX    8 /* lines of what the one who asks sees: extended errors are many */
#define FOLDED_INDENT     14

/* --- writing --- */

/* The octets of `rest` that go on a line of `room`: up to the last blank, if there is one. */
static size_t line_size(struct bytes rest, size_t room)
{
    if (rest.size <= room) {
        return rest.size;
    }
    for (size_t size = room; size > 0; size--) {
        if (rest.data[size] == ' ') {
            return size;
        }
    }
    return room;
}

/* Folds at WALK_COLUMNS_MAX; what does not fit `rows` lines ends in "...". */
static void put_line(const struct walk *walk, const struct text *line, int rows)
{
    struct bytes rest = bytes_of(line->data, line->size);
    unsigned indent = walk->indent;
    for (int row = 1; rest.size > 0; row++) {
        const size_t room = WALK_COLUMNS_MAX - indent;
        const bool cut = row == rows && rest.size > room;
        const size_t size = line_size(rest, cut ? room - 3 : room);
        fprintf(walk->file, "%*s%.*s%s\n", (int)indent, "", (int)size, (const char *)rest.data,
                cut ? "..." : "");
        if (row == rows) {
            return;
        }
        rest = bytes_after(rest, size + (size < rest.size && rest.data[size] == ' '));
        indent = walk->indent + FOLDED_INDENT;
    }
}

static void put_time(struct text *line, const struct walk *walk, instant_ns at)
{
    const duration_ns since = instant_since(walk->outcome->started, at);
    if (since < 10 * NS_PER_S) {
        text_put_format(line, "%5" PRIu64 " ms  ", since / NS_PER_MS);
    } else {
        text_put_format(line, "%6" PRIu64 " s  ", since / NS_PER_S);
    }
}

static void put_seat(struct text *text, const struct walk *walk, const struct address *address)
{
    const struct seat *seat = world_find(walk->stage->world, address);
    if (seat != NULL && seat != walk->stage->world->anywhere) {
        text_put_escaped(text, bytes_of_string(seat->name));
    } else {
        address_put(text, address);
    }
}

static bool is_resolver(const struct walk *walk, const struct address *address)
{
    const struct scenario *scenario = walk->outcome->scenario;
    return address_equal(address, &scenario->resolver_v4) ||
           address_equal(address, &scenario->resolver_v6);
}

/* "TXT k1.example.", and the type alone where the name is that of the question `before`. */
static void put_question(struct text *line, const struct message *asked,
                         const struct message *before)
{
    if (asked->counts[SECTION_QUESTION] == 0) {
        text_put(line, "nothing");
        return;
    }
    rrtype_put(line, asked->question.type);
    if (!exchange_same_name(asked, before)) {
        text_put_char(line, ' ');
        name_ref_put(line, asked->question.name);
    }
}

static void put_reply(struct text *line, const struct exchange *exchange)
{
    text_put(line, exchange->cached ? "cached: " : "");
    if (exchange->reply != NULL && exchange->readable) {
        meaning_put(line, &exchange->answered, RDATA_SHOWN);
    } else if (exchange->reply != NULL) {
        text_put(line, "octets that are no DNS message");
    } else if (exchange->loss != NULL && exchange->loss->kind == TRACE_LOST) {
        const bool query = exchange->loss->flight == exchange->query->flight;
        text_put_format(line, "nothing: the %s is lost (%s)", query ? "query" : "reply",
                        exchange->loss->what);
    } else if (exchange->loss != NULL) {
        text_put(line, exchange->loss->packet.kind == PACKET_RESET
                           ? "connection refused or reset"
                           : "connection closed without an answer");
    } else {
        text_put(line, "no answer");
    }
}

static void pad(struct text *line, size_t from, size_t columns)
{
    do {
        text_put_char(line, ' ');
    } while (line->size < from + columns && !line->overflow);
}

/* "20 ms    ns1.example.com  TCP  refers to …"; the question where it is not the one before. */
static void put_upstream(const struct walk *walk, const struct exchange *exchange,
                         const struct message *before)
{
    char buffer[LINE_OCTETS_MAX];
    struct text line = text_in(buffer, sizeof buffer);
    put_time(&line, walk, exchange->query->at);
    text_put(&line, "  ");
    const size_t start = line.size;
    put_seat(&line, walk, &exchange->query->packet.to.address);
    pad(&line, start, SERVER_COLUMNS);
    if (exchange->query->packet.transport == TRANSPORT_TCP) {
        text_put(&line, "over TCP: ");
    }
    if (!exchange_same_question(before, &exchange->asked)) {
        put_question(&line, &exchange->asked, before);
        text_put(&line, " -> ");
    }
    put_reply(&line, exchange);
    put_line(walk, &line, 1);
}

/* In a `dkim` step the client is the verifier's. */
static void put_asker(struct text *line, const struct walk *walk, const struct address *address)
{
    if (walk->outcome->step->kind == STEP_DKIM) {
        text_put(line, "verifier");
    } else {
        put_seat(line, walk, address);
    }
}

/* The question of the one the step is about, and its answer if nothing comes between, or only the
 * one server whose answer is `passed_on`. */
static void put_outer(const struct walk *walk, const struct exchange *exchange,
                      const struct exchange *passed_on, bool together, const struct message *before)
{
    char buffer[LINE_OCTETS_MAX];
    struct text line = text_in(buffer, sizeof buffer);
    put_time(&line, walk, exchange->query->at);
    put_asker(&line, walk, &exchange->query->packet.from.address);
    text_put(&line, " asks ");
    if (!is_resolver(walk, &exchange->query->packet.to.address)) {
        put_seat(&line, walk, &exchange->query->packet.to.address);
        text_put(&line, " for ");
    }
    text_put(&line, exchange->query->packet.transport == TRANSPORT_TCP ? "over TCP: " : "");
    put_question(&line, &exchange->asked, before);
    if (together) {
        text_put(&line, " -> ");
        if (passed_on != NULL) {
            put_seat(&line, walk, &passed_on->query->packet.to.address);
            text_put(&line, ": ");
        }
        put_reply(&line, exchange);
    }
    put_line(walk, &line, OUTER_ROWS_MAX);
}

static void put_answer(const struct walk *walk, const struct exchange *exchange)
{
    char buffer[LINE_OCTETS_MAX];
    struct text line = text_in(buffer, sizeof buffer);
    put_time(&line, walk, exchange->reply->at);
    put_seat(&line, walk, &exchange->reply->packet.from.address);
    text_put(&line, " answers: ");
    put_reply(&line, exchange);
    put_line(walk, &line, OUTER_ROWS_MAX);
}

/* What the resolver says of itself, where the packets alone leave one wondering. */
static const struct remark {
    const char *what, *phrase;
} remarks[] = {
    {"cycle", "finds that it goes round in circles"},
    {"distrust", "does not believe the reply"},
    {"errand", "seeks another server's address as well"},
    {"glueless", "needs an address first"},
    {"join", "waits for the same question under way"},
    {"malformed", "cannot read the reply"},
    {"no-address", "finds no address of a server"},
    {"new-cookie", "is given another cookie"},
    {"no-edns", "asks this server without EDNS from now on"},
    {"reconnect", "opens a connection of its own"},
    {"servfail", "gives up"},
    {"yxdomain", "would have to make too long a name"},
};

static const char *phrase_of(const char *what)
{
    for (size_t i = 0; i < sizeof remarks / sizeof *remarks; i++) {
        if (strcmp(remarks[i].what, what) == 0) {
            return remarks[i].phrase;
        }
    }
    return NULL;
}

static void put_remark(const struct walk *walk, const struct trace_entry *entry)
{
    char buffer[LINE_OCTETS_MAX];
    struct text line = text_in(buffer, sizeof buffer);
    const char *phrase = phrase_of(entry->what);
    if (phrase == NULL) {
        return;
    }
    put_time(&line, walk, entry->at);
    text_put_format(&line, "    (the resolver %s", phrase);
    if (entry->note != NULL) {
        text_put_format(&line, ": %s", entry->note);
    }
    text_put_char(&line, ')');
    put_line(walk, &line, OUTER_ROWS_MAX);
}

static bool is_remark(const struct walk *walk, const struct trace_entry *entry)
{
    const struct seat *resolver =
        world_find(walk->stage->world, &walk->outcome->scenario->resolver_v4);
    return entry->kind == TRACE_DECISION && resolver != NULL &&
           strcmp(entry->who, resolver->name) == 0;
}

/* The client says that it asks nobody. */
static bool is_memory(const struct walk *walk, const struct trace_entry *entry)
{
    const struct seat *client = world_find(walk->stage->world, &walk->outcome->scenario->client_v4);
    return entry->kind == TRACE_DECISION && client != NULL &&
           strcmp(entry->who, client->name) == 0 && strcmp(entry->what, "remember") == 0;
}

static void put_memory(const struct walk *walk, const struct trace_entry *entry)
{
    char buffer[LINE_OCTETS_MAX];
    struct text line = text_in(buffer, sizeof buffer);
    put_time(&line, walk, entry->at);
    put_asker(&line, walk, &walk->outcome->scenario->client_v4);
    text_put(&line, " asks nobody, and says what it was told before");
    put_line(walk, &line, OUTER_ROWS_MAX);
}

static bool is_forgery(const struct trace_entry *entry)
{
    return entry->kind == TRACE_DECISION && strcmp(entry->what, "forge") == 0;
}

static void put_forgery(const struct walk *walk, const struct trace_entry *entry)
{
    char buffer[LINE_OCTETS_MAX];
    struct text line = text_in(buffer, sizeof buffer);
    put_time(&line, walk, entry->at);
    text_put_format(&line, "    (an intruder sends %" PRIu64 " answer%s in the name of ",
                    entry->number, entry->number == 1 ? "" : "s");
    put_seat(&line, walk, &entry->peer.address);
    text_put_char(&line, ')');
    put_line(walk, &line, OUTER_ROWS_MAX);
}

static void put_packet(const struct walk *walk, const struct packet *packet, instant_ns at)
{
    char buffer[PACKET_OCTETS_MAX];
    struct text text = text_in(buffer, sizeof buffer);
    struct message message;
    text_put_format(&text, "\n;; at %" PRIu64 ".%03" PRIu64 " ms, %zu octets over %s, ",
                    instant_since(walk->outcome->started, at) / NS_PER_MS,
                    instant_since(walk->outcome->started, at) % NS_PER_MS / NS_PER_US,
                    packet->payload.size, packet->transport == TRANSPORT_TCP ? "TCP" : "UDP");
    put_seat(&text, walk, &packet->from.address);
    text_put(&text, " to ");
    put_seat(&text, walk, &packet->to.address);
    text_put_char(&text, '\n');
    if (exchange_read(packet, &message)) {
        message_put(&text, &message);
    } else {
        text_put(&text, ";; no DNS message, or not the whole of one\n");
    }
    fputs(buffer, walk->file);
}

/* --- the walk --- */

/* Whom the resolver asks before it answers `outer`: how many queries, and the first of them. */
static size_t find_inner(const struct walk *walk, struct trace_cursor cursor,
                         const struct exchange *outer, struct exchange *ret_first)
{
    const struct trace_entry *entry;
    struct exchange inner;
    size_t count = 0;
    while ((entry = outcome_next(walk->outcome, &cursor)) != NULL && entry != outer->reply) {
        if (!exchange_begins(entry, &inner) || !is_resolver(walk, &entry->packet.from.address)) {
            continue;
        }
        if (count++ == 0) {
            exchange_follow(walk->outcome, cursor, &inner);
            *ret_first = inner;
        }
    }
    return count;
}

/* True if one server was asked the very question and the resolver passed its answer on: that fits
 * one line. */
static bool is_passed_on(const struct exchange *outer, const struct exchange *inner)
{
    return exchange_same_question(&outer->asked, &inner->asked) && outer->readable &&
           inner->readable && inner->query->packet.transport == TRANSPORT_UDP &&
           outer->answered.rcode == inner->answered.rcode &&
           outer->answered.counts[SECTION_ANSWER] == inner->answered.counts[SECTION_ANSWER];
}

/* True if the resolver has an answer, be it that there is nothing. */
static bool is_positive(const struct walk *walk, const struct exchange *exchange)
{
    return is_resolver(walk, &exchange->query->packet.to.address) && exchange->readable &&
           (exchange->answered.rcode == RCODE_NOERROR ||
            exchange->answered.rcode == RCODE_NXDOMAIN);
}

/* True if somebody asked a server that only knows who knows more. */
static bool is_referral(const struct exchange *exchange)
{
    const struct message *answered = &exchange->answered;
    if (!exchange->readable || answered->rcode != RCODE_NOERROR ||
        answered->counts[SECTION_ANSWER] > 0) {
        return false;
    }
    struct record_walk authority = record_walk_start(answered, SECTION_AUTHORITY);
    struct record record;
    return record_next(&authority, &record) && record.type == RRTYPE_NS;
}

/* What is still to be told of the question under way. */
struct told {
    struct exchange outer; /* its answer is told when it arrives */
    bool open;
    bool quiet;              /* all of it is told already */
    struct message question; /* the last one told */
};

static void tell_outer(const struct walk *walk, struct trace_cursor cursor, struct exchange *outer,
                       struct told *told)
{
    struct exchange inner;
    const size_t count = find_inner(walk, cursor, outer, &inner);
    const bool passed_on = count == 1 && is_passed_on(outer, &inner);
    const bool together = walk->brief || count == 0 || passed_on;
    outer->cached = count == 0 && is_positive(walk, outer);
    put_outer(walk, outer, together && passed_on && !walk->brief ? &inner : NULL, together,
              &told->question);
    told->outer = *outer;
    told->open = !together;
    told->quiet = together;
    told->question = outer->asked;
}

static void tell_query(const struct walk *walk, struct trace_cursor cursor,
                       struct exchange *exchange, struct told *told)
{
    exchange_follow(walk->outcome, cursor, exchange);
    if (walk->brief && is_referral(exchange)) {
        return; /* the way from the root is no news */
    }
    if (!is_resolver(walk, &exchange->query->packet.from.address)) {
        tell_outer(walk, cursor, exchange, told);
    } else if (!walk->brief && !told->quiet) {
        put_upstream(walk, exchange, &told->question);
        told->question = exchange->asked;
    }
}

static void tell_entry(const struct walk *walk, const struct trace_entry *entry,
                       struct trace_cursor cursor, struct told *told)
{
    struct exchange exchange;
    if (exchange_begins(entry, &exchange)) {
        tell_query(walk, cursor, &exchange, told);
    }
    if (!walk->brief && is_remark(walk, entry)) {
        put_remark(walk, entry);
    }
    if (!walk->brief && is_forgery(entry)) {
        put_forgery(walk, entry);
    }
    if (is_memory(walk, entry)) {
        put_memory(walk, entry);
    }
    if (told->open && entry == told->outer.reply) {
        put_answer(walk, &told->outer);
        told->open = false;
    }
    if (walk->packets && entry->kind == TRACE_ARRIVED && entry->packet.kind == PACKET_DATA) {
        put_packet(walk, &entry->packet, entry->at);
    }
}

void walk_put(const struct walk *walk)
{
    struct trace_cursor cursor = outcome_entries(walk->outcome);
    const struct trace_entry *entry;
    struct told told = {.open = false};
    while ((entry = outcome_next(walk->outcome, &cursor)) != NULL) {
        tell_entry(walk, entry, cursor, &told);
    }
    if (told.open && told.outer.reply == NULL) {
        fprintf(walk->file, "%*s          no answer came\n", (int)walk->indent, "");
    }
}

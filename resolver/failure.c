/* Extended errors and their texts. */
#include "resolver/failure.h"

#include <assert.h>

#include "wire/edns.h"
#include "wire/rrtype.h"

#define NAME_SHOWN_MAX 64
#define OPTION_HEAD    6  /* option code, length, INFO-CODE */
#define MORE_OCTETS    24 /* kept for the line that counts what had no room */

void failure_start(struct failure *failure, const char *word)
{
    failure->code = EDE_OTHER;
    failure->word = word;
    failure->passing = false;
    failure->size = 0;
}

static bool add(struct failure *failure, size_t capacity, uint16_t code, const struct text *line)
{
    assert(!line->overflow);
    if (failure->size == 0) {
        failure->code = code;
    }
    return extended_error_append(failure->lines, capacity, &failure->size, code,
                                 bytes_of(line->data, line->size));
}

bool failure_add(struct failure *failure, uint16_t code, const struct text *line)
{
    return add(failure, sizeof failure->lines, code, line);
}

void failure_say(struct failure *failure, uint16_t code, const char *word, const char *sentence)
{
    char buffer[FAILURE_LINE_MAX];
    struct text line = text_in(buffer, sizeof buffer);
    text_put(&line, sentence);
    failure_start(failure, word);
    failure_add(failure, code, &line);
}

void failure_limit(struct failure *failure, const char *word, const char *sentence, uint32_t limit)
{
    char buffer[FAILURE_LINE_MAX];
    struct text line = text_in(buffer, sizeof buffer);
    text_put(&line, sentence);
    text_put_number(&line, limit);
    failure_start(failure, word);
    failure_add(failure, EDE_OTHER, &line);
}

void failure_put_name(struct text *line, const struct name *name)
{
    char whole[NAME_TEXT_MAX];
    struct text text = text_in(whole, sizeof whole);
    name_put(&text, name);
    if (text.size <= NAME_SHOWN_MAX) {
        text_put_bytes(line, bytes_of(whole, text.size));
    } else {
        text_put_bytes(line, bytes_of(whole, NAME_SHOWN_MAX - 3));
        text_put(line, "...");
    }
}

/* --- a line for each server --- */

/* True for what RFC 8914 4.23 counts as not reached, though an answer may have come. */
static bool is_unreached(const char *trouble)
{
    return strcmp(trouble, "timed out") == 0 || strcmp(trouble, "unreachable") == 0 ||
           strcmp(trouble, "REFUSED") == 0 || strncmp(trouble, "lame", 4) == 0;
}

static uint16_t code_of(const char *trouble)
{
    return is_unreached(trouble) ? EDE_NO_REACHABLE_AUTHORITY : EDE_NETWORK_ERROR;
}

/* "ns1.example. 192.0.2.1 over UDP: timed out, asked 3 times" */
static void write_address(struct text *line, const struct delegation *delegation,
                          const struct delegation_address *address)
{
    failure_put_name(line, &delegation->servers[address->server].name);
    text_put_char(line, ' ');
    address_put(line, &address->address);
    text_put(line, address->over_tcp ? " over TCP: " : " over UDP: ");
    text_put(line, address->trouble);
    if (address->tries > 1) {
        text_put(line, ", asked ");
        text_put_number(line, address->tries);
        text_put(line, " times");
    }
}

static const char *trouble_without_address(const struct delegation *delegation, uint8_t index)
{
    const struct delegation_server *server = &delegation->servers[index];
    if (server->trouble == NULL && server->address_count == 0 &&
        delegation_needs_glue(delegation, index)) {
        return "no glue";
    }
    return server->trouble;
}

/* Adds a line while room is left for one that counts the rest; else counts it in `*more`. */
static void add_or_count(struct failure *failure, uint16_t code, const struct text *line,
                         unsigned *more)
{
    if (*more > 0 || !add(failure, sizeof failure->lines - OPTION_HEAD - MORE_OCTETS, code, line)) {
        ++*more;
    }
}

static void add_addresses(struct failure *failure, const struct delegation *delegation,
                          unsigned *more)
{
    for (uint8_t i = 0; i < delegation->address_count; i++) {
        const struct delegation_address *address = &delegation->addresses[i];
        char buffer[FAILURE_LINE_MAX];
        struct text line = text_in(buffer, sizeof buffer);
        if (address->trouble != NULL) {
            write_address(&line, delegation, address);
            add_or_count(failure, code_of(address->trouble), &line, more);
        }
    }
}

static void add_names(struct failure *failure, const struct delegation *delegation, unsigned *more)
{
    for (uint8_t i = 0; i < delegation->server_count; i++) {
        const char *trouble = trouble_without_address(delegation, i);
        char buffer[FAILURE_LINE_MAX];
        struct text line = text_in(buffer, sizeof buffer);
        if (trouble != NULL) {
            failure_put_name(&line, &delegation->servers[i].name);
            text_put(&line, " has no address: ");
            text_put(&line, trouble);
            add_or_count(failure, EDE_NO_REACHABLE_AUTHORITY, &line, more);
        }
    }
}

void failure_add_servers(struct failure *failure, const struct delegation *delegation)
{
    unsigned more = 0;
    add_addresses(failure, delegation, &more);
    add_names(failure, delegation, &more);
    if (more > 0) {
        char buffer[MORE_OCTETS + 1];
        struct text line = text_in(buffer, sizeof buffer);
        text_put_format(&line, "and %u more", more);
        failure_add(failure, failure->code, &line);
    }
}

static bool all_unreached(const struct delegation *delegation)
{
    for (uint8_t i = 0; i < delegation->address_count; i++) {
        const char *trouble = delegation->addresses[i].trouble;
        if (trouble != NULL && !is_unreached(trouble)) {
            return false;
        }
    }
    return true;
}

void failure_of_servers(struct failure *failure, const struct delegation *delegation,
                        const struct name *name, uint16_t type)
{
    const bool unreached = all_unreached(delegation);
    char buffer[FAILURE_LINE_MAX];
    struct text line = text_in(buffer, sizeof buffer);
    failure_put_name(&line, name);
    text_put_char(&line, ' ');
    rrtype_put(&line, type);
    text_put(&line, ": no server of ");
    failure_put_name(&line, &delegation->cut);
    text_put(&line, unreached ? " answered" : " answered usefully");
    failure_start(failure, unreached ? "no server answered" : "no server answered usefully");
    failure_add(failure, unreached ? EDE_NO_REACHABLE_AUTHORITY : EDE_NETWORK_ERROR, &line);
    failure_add_servers(failure, delegation);
}

/* --- lines that follow others --- */

/* Appends lines as far as they fit. */
static void append(struct failure *failure, struct bytes lines)
{
    struct extended_error error;
    while (extended_error_next(&lines, &error) &&
           extended_error_append(failure->lines, sizeof failure->lines, &failure->size, error.code,
                                 error.extra)) {}
}

void failure_append(struct failure *failure, const struct failure *more)
{
    append(failure, bytes_of(more->lines, more->size));
}

void failure_cached(struct failure *failure, struct bytes lines, uint32_t seconds)
{
    char buffer[FAILURE_LINE_MAX];
    struct text line = text_in(buffer, sizeof buffer);
    text_put_format(&line, "failed before, not tried again for %u s", (unsigned)seconds);
    failure_start(failure, "failed before");
    failure_add(failure, EDE_CACHED_ERROR, &line);
    append(failure, lines);
}

void failure_before(struct failure *failure, uint16_t code, const char *sentence,
                    const struct failure *reason)
{
    failure_say(failure, code, reason->word, sentence);
    failure_append(failure, reason);
}

/* Extended errors and their texts. */
#include "resolver/failure.h"

#include "wire/edns.h"

struct text failure_start(struct failure *failure, uint16_t code, const char *word)
{
    failure->code = code;
    failure->word = word;
    failure->passing = false;
    return text_in(failure->text, sizeof failure->text);
}

void failure_finish(struct failure *failure, const struct text *text)
{
    failure->size = text->size;
}

void failure_limit(struct failure *failure, const char *word, const char *sentence, uint32_t limit)
{
    struct text text = failure_start(failure, EDE_OTHER, word);
    text_put(&text, sentence);
    text_put_number(&text, limit);
    failure_finish(failure, &text);
}

/* True for what RFC 8914 4.23 counts as not reached, though an answer may have come. */
static bool is_unreached(const char *trouble)
{
    return strcmp(trouble, "timed out") == 0 || strcmp(trouble, "REFUSED") == 0 ||
           strncmp(trouble, "lame", 4) == 0;
}

/* Starts the next item of a list; returns where. */
static size_t start_item(struct text *text)
{
    const size_t start = text->size;
    if (start > 0) {
        text_put(text, "; ");
    }
    return start;
}

/* Takes back an item that leaves too little room, says that there is more, and shuts the text. */
static void end_item(struct text *text, size_t start)
{
    static const char more[] = "; and more";
    if (text->overflow || text->capacity - text->size < sizeof more) {
        text->size = start;
        text->overflow = false;
        text_put(text, start > 0 ? more : "servers with long names");
        text->overflow = true;
    }
}

static void put_address(struct text *text, const struct delegation_address *address)
{
    const struct endpoint endpoint = {.address = address->address, .port = 53};
    if (text->overflow) {
        return;
    }
    const size_t start = start_item(text);
    endpoint_put(text, &endpoint);
    text_put_char(text, ' ');
    text_put(text, address->trouble);
    if (address->over_tcp) {
        text_put(text, " over TCP");
    }
    end_item(text, start);
}

static void put_server(struct text *text, const struct delegation_server *server,
                       const char *trouble)
{
    if (text->overflow) {
        return;
    }
    const size_t start = start_item(text);
    text_put(text, "no address of ");
    name_put(text, &server->name);
    text_put(text, " (");
    text_put(text, trouble);
    text_put_char(text, ')');
    end_item(text, start);
}

static void put_servers(struct text *text, const struct delegation *delegation)
{
    for (uint8_t i = 0; i < delegation->server_count; i++) {
        const struct delegation_server *server = &delegation->servers[i];
        if (server->trouble != NULL) {
            put_server(text, server, server->trouble);
        } else if (server->address_count == 0 && delegation_needs_glue(delegation, i)) {
            put_server(text, server, "no glue");
        }
    }
}

void failure_of_servers(struct failure *failure, const struct delegation *delegation,
                        const char *first)
{
    struct text text = failure_start(failure, EDE_NO_REACHABLE_AUTHORITY, "no server answered");
    if (first != NULL) {
        text_put(&text, first);
    }
    for (uint8_t i = 0; i < delegation->address_count; i++) {
        const struct delegation_address *address = &delegation->addresses[i];
        if (address->trouble == NULL) {
            continue;
        }
        put_address(&text, address);
        if (!is_unreached(address->trouble)) {
            failure->code = EDE_NETWORK_ERROR;
            failure->word = "no server answered usefully";
        }
    }
    put_servers(&text, delegation);
    failure_finish(failure, &text);
}

void failure_cached(struct failure *failure, struct bytes text)
{
    struct text copy = failure_start(failure, EDE_CACHED_ERROR, "failed before");
    text_put_bytes(&copy, text);
    failure_finish(failure, &copy);
}

/* Messages as a script writes them, fitted to the query they answer. */
#include "sim/script.h"

#include <string.h>

#include "wire/builder.h"

/* The raw octets, which need not be a message, with the query's ID where the entry says so. */
static size_t copy_raw(struct bytes raw, uint32_t adjust, uint16_t id, uint8_t *buffer,
                       size_t capacity)
{
    if (raw.size > capacity) {
        return 0;
    }
    memcpy(buffer, raw.data, raw.size);
    if ((adjust & SCRIPT_COPY_ID) != 0 && raw.size >= 2) {
        buffer[0] = (uint8_t)(id >> 8);
        buffer[1] = (uint8_t)id;
    }
    return raw.size;
}

static bool put_question(struct builder *builder, const struct script_message *message,
                         uint32_t adjust, const struct message *query)
{
    if ((adjust & SCRIPT_COPY_QUERY) != 0 && query != NULL && query->counts[SECTION_QUESTION] > 0) {
        struct name name;
        name_expand(query->question.name, &name);
        return builder_question(builder, &name, query->question.type, query->question.rrclass);
    }
    return !message->has_question ||
           builder_question(builder, &message->question, message->type, message->rrclass);
}

static bool put_sections(struct builder *builder, const struct script_message *message)
{
    for (unsigned section = SECTION_ANSWER; section < SECTIONS; section++) {
        for (size_t i = 0; i < message->counts[section]; i++) {
            if (!builder_record(builder, (enum section)section, &message->records[section][i])) {
                return false;
            }
        }
    }
    return true;
}

size_t script_compose(const struct script_message *message, uint32_t adjust,
                      const struct message *query, uint16_t id, uint8_t *buffer, size_t capacity)
{
    struct builder builder;
    const struct edns edns = {
        .present = message->edns || message->dnssec_ok,
        .udp_size = EDNS_UDP_SIZE,
        .dnssec_ok = message->dnssec_ok,
        .options = message->options,
    };
    if (message->raw.size > 0) {
        return copy_raw(message->raw, adjust, id, buffer, capacity);
    }
    builder_start(&builder, buffer, capacity, id, message->flags);
    if (!put_question(&builder, message, adjust, query) || !put_sections(&builder, message)) {
        return 0;
    }
    return builder_edns(&builder, &edns) ? builder_finish(&builder) : 0;
}

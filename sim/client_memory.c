#include "sim/client_memory.h"

static bool is_for(const struct client_memory_entry *entry, const struct client_question *question)
{
    return entry->type == question->type && name_equal(&entry->name, &question->name);
}

const struct client_answer *client_memory_find(const struct client_memory *memory,
                                               const struct client_question *question,
                                               instant_ns now)
{
    for (size_t i = 0; i < CLIENT_MEMORY_ENTRIES_MAX; i++) {
        const struct client_memory_entry *entry = &memory->entries[i];
        if (entry->until > now && is_for(entry, question)) {
            return &entry->answer;
        }
    }
    return NULL;
}

/* The entry of the question, or else the one that ends first. */
static struct client_memory_entry *entry_for(struct client_memory *memory,
                                             const struct client_question *question)
{
    struct client_memory_entry *first = &memory->entries[0];
    for (size_t i = 0; i < CLIENT_MEMORY_ENTRIES_MAX; i++) {
        struct client_memory_entry *entry = &memory->entries[i];
        if (entry->until > 0 && is_for(entry, question)) {
            return entry;
        }
        if (entry->until < first->until) {
            first = entry;
        }
    }
    return first;
}

void client_memory_keep(struct client_memory *memory, const struct client_question *question,
                        const struct client_answer *answer, instant_ns until)
{
    if (answer->reply.size > CLIENT_MEMORY_OCTETS_MAX) {
        return;
    }
    struct client_memory_entry *entry = entry_for(memory, question);
    name_copy(&entry->name, &question->name);
    entry->type = question->type;
    entry->until = until;
    entry->answer = *answer;
    if (answer->reply.size > 0) {
        memcpy(entry->octets, answer->reply.data, answer->reply.size);
    }
    entry->answer.reply = bytes_of(entry->octets, answer->reply.size);
}

void client_memory_reset(struct client_memory *memory)
{
    for (size_t i = 0; i < CLIENT_MEMORY_ENTRIES_MAX; i++) {
        memory->entries[i].until = 0;
    }
}

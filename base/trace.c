#include "base/trace.h"

#define TRACE_BLOCK_ENTRIES 32

struct trace_block {
    struct trace_block *next;
    size_t count;
    struct trace_entry entries[TRACE_BLOCK_ENTRIES];
};

void trace_init(struct trace *trace, struct arena *arena)
{
    *trace = (struct trace){.arena = arena};
}

void trace_let_pass(struct trace *trace)
{
    trace->is_passing = true;
}

void trace_reset(struct trace *trace)
{
    trace->first = NULL;
    trace->last = NULL;
    trace->count = 0;
    trace->missing = 0;
    trace->digest = 0;
    memset(trace->words, 0, sizeof trace->words); /* the strings may be gone */
}

static uint64_t mix_number(uint64_t digest, uint64_t number)
{
    digest = (digest ^ number) * UINT64_C(0x9e3779b97f4a7c15);
    return digest ^ digest >> 29;
}

/* Where a string's address is used, only the time it takes may depend on it, never the hash. */
static uint64_t word_hash(struct trace *trace, const char *string)
{
    struct trace_word *word = &trace->words[(uintptr_t)string / 4 % TRACE_WORDS];
    if (word->string != string) {
        *word = (struct trace_word){string, bytes_hash(bytes_of_string(string), 0)};
    }
    return word->hash;
}

static uint64_t mix_string(struct trace *trace, uint64_t digest, const char *string)
{
    return mix_number(digest, string == NULL ? 0 : word_hash(trace, string));
}

static uint64_t mix_entry(struct trace *trace, const struct trace_entry *entry)
{
    uint64_t digest = mix_number(trace->digest, entry->at);
    digest = mix_number(digest, entry->kind);
    digest = mix_string(trace, digest, entry->who);
    digest = mix_string(trace, digest, entry->what);
    if (entry->kind == TRACE_DECISION) {
        digest = bytes_hash(entry->name, digest);
        digest = mix_number(digest, endpoint_hash(&entry->peer));
        digest = mix_number(digest, entry->number << 16 | entry->type);
        return mix_string(trace, digest, entry->note);
    }
    const struct packet *packet = &entry->packet;
    digest = mix_number(digest, entry->flight);
    digest = mix_number(digest, endpoint_hash(&packet->from));
    digest = mix_number(digest, endpoint_hash(&packet->to));
    digest = mix_number(digest, (uint64_t)packet->transport << 8 | (uint64_t)packet->kind);
    return bytes_hash(packet->payload, digest);
}

static struct trace_entry *new_entry(struct trace *trace)
{
    struct trace_block *block = trace->last;
    if (block == NULL || block->count == TRACE_BLOCK_ENTRIES) {
        block = ARENA_NEW(trace->arena, struct trace_block);
        if (block == NULL) {
            return NULL;
        }
        if (trace->last != NULL) {
            trace->last->next = block;
        } else {
            trace->first = block;
        }
        trace->last = block;
    }
    return &block->entries[block->count];
}

/* Copies `view` into the arena; false if there was no room. */
static bool copy(struct trace *trace, struct bytes *view)
{
    if (view->size == 0) {
        *view = bytes_of(NULL, 0);
        return true;
    }
    *view = arena_copy(trace->arena, *view);
    return view->data != NULL;
}

/* Keeps a copy; false if there was no room. */
static bool record(struct trace *trace, const struct trace_entry *entry, uint64_t sequence)
{
    struct trace_entry *slot = new_entry(trace);
    if (slot == NULL) {
        return false;
    }
    *slot = *entry;
    slot->sequence = sequence;
    if (!copy(trace, &slot->packet.payload) || !copy(trace, &slot->name)) {
        return false;
    }
    trace->last->count++;
    return true;
}

void trace_put(struct trace *trace, const struct trace_entry *entry)
{
    if (trace == NULL || (trace->is_passing && trace->listener == NULL)) {
        return;
    }
    const uint64_t sequence = trace->count++;
    if (!trace->is_passing) {
        trace->digest = mix_entry(trace, entry);
        trace->missing += !record(trace, entry, sequence);
    }
    if (trace->listener != NULL) {
        struct trace_entry numbered = *entry;
        numbered.sequence = sequence;
        trace->listener(trace->listener_context, &numbered);
    }
}

const struct trace_entry *trace_next(const struct trace *trace, struct trace_cursor *cursor)
{
    if (!cursor->started) {
        *cursor = (struct trace_cursor){.block = trace->first, .started = true};
    }
    if (cursor->block != NULL && cursor->index == cursor->block->count &&
        cursor->block->next != NULL) {
        cursor->block = cursor->block->next;
        cursor->index = 0;
    }
    if (cursor->block == NULL || cursor->index == cursor->block->count) {
        return NULL;
    }
    return &cursor->block->entries[cursor->index++];
}

uint64_t trace_digest(const struct trace *trace)
{
    return trace->digest;
}

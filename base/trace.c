#include "base/trace.h"

#define TRACE_BLOCK_ENTRIES 32
#define TRACE_WORDS         32 /* a power of two */

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
    trace->digested = (struct trace_cursor){0};
}

/* --- the digest --- */

/* The hash of a string that was met lately: names of seats and words for decisions come again and
 * again. */
struct trace_word {
    const char *string;
    uint64_t hash;
};

struct digesting {
    uint64_t digest;
    struct trace_word words[TRACE_WORDS];
};

static void mix_number(struct digesting *digesting, uint64_t number)
{
    const uint64_t digest = (digesting->digest ^ number) * UINT64_C(0x9e3779b97f4a7c15);
    digesting->digest = digest ^ digest >> 29;
}

static void mix_bytes(struct digesting *digesting, struct bytes view)
{
    digesting->digest = bytes_hash(view, digesting->digest);
}

/* Where a string's address is used, only the time it takes may depend on it, never the hash. */
static uint64_t word_hash(struct digesting *digesting, const char *string)
{
    struct trace_word *word = &digesting->words[(uintptr_t)string / 4 % TRACE_WORDS];
    if (word->string != string) {
        *word = (struct trace_word){string, bytes_hash(bytes_of_string(string), 0)};
    }
    return word->hash;
}

static void mix_string(struct digesting *digesting, const char *string)
{
    mix_number(digesting, string == NULL ? 0 : word_hash(digesting, string));
}

static void mix_entry(struct digesting *digesting, const struct trace_entry *entry)
{
    mix_number(digesting, entry->at);
    mix_number(digesting, entry->kind);
    mix_string(digesting, entry->who);
    mix_string(digesting, entry->what);
    if (entry->kind == TRACE_DECISION) {
        mix_bytes(digesting, entry->name);
        mix_number(digesting, endpoint_hash(&entry->peer));
        mix_number(digesting, entry->number << 16 | entry->type);
        mix_string(digesting, entry->note);
        return;
    }
    const struct packet *packet = &entry->packet;
    mix_number(digesting, entry->flight);
    mix_number(digesting, endpoint_hash(&packet->from));
    mix_number(digesting, endpoint_hash(&packet->to));
    mix_number(digesting, (uint64_t)packet->transport << 8 | (uint64_t)packet->kind);
    mix_bytes(digesting, packet->payload);
}

/* The digest up to the last entry that is kept, from `cursor` on, which moves there. */
static struct digesting digest_kept(const struct trace *trace, struct trace_cursor *cursor)
{
    struct digesting digesting = {.digest = trace->digest};
    const struct trace_entry *entry;
    while ((entry = trace_next(trace, cursor)) != NULL) {
        mix_entry(&digesting, entry);
    }
    return digesting;
}

/* An entry that is not kept goes into the digest at once, in its turn. */
static void digest_missing(struct trace *trace, const struct trace_entry *entry)
{
    struct digesting digesting = digest_kept(trace, &trace->digested);
    mix_entry(&digesting, entry);
    trace->digest = digesting.digest;
    trace->missing++;
}

uint64_t trace_digest(const struct trace *trace)
{
    struct trace_cursor cursor = trace->digested;
    return digest_kept(trace, &cursor).digest;
}

/* --- entries --- */

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
        if (!record(trace, entry, sequence)) {
            digest_missing(trace, entry);
        }
    }
    if (trace->listener != NULL) {
        struct trace_entry numbered = *entry;
        numbered.sequence = sequence;
        trace->listener(trace->listener_context, &numbered);
    }
}

const struct trace_entry *trace_next(const struct trace *trace, struct trace_cursor *cursor)
{
    if (cursor->block == NULL) {
        cursor->block = trace->first;
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

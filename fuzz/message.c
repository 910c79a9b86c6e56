/* Any octets as a message: parsed in both modes, walked, printed, built again and parsed again.
 *
 * What must hold: nothing is read outside the octets; what strict mode accepts lenient mode accepts
 * and forgives nothing; no beginning of an accepted message is one; the text has no control
 * characters; a message built from the records parses to the same records, and building it once
 * more gives the same octets. */
#include <assert.h>

#include "fuzz/input.h"
#include "fuzz/target.h"
#include "wire/builder.h"
#include "wire/message.h"
#include "wire/rdata.h"
#include "wire/text.h"

#define TEXT_OCTETS ((size_t)1 << 20)

/* Printing costs as much as all else: of longer messages one in some is printed. */
#define ALWAYS_PRINTED_OCTETS 128
#define PRINTED_EVERY         4

static bool parse(struct bytes octets, enum message_mode mode, struct message *ret)
{
    struct message_error error = {.outcome = MESSAGE_FINE};
    const bool parsed = message_parse(octets, mode, ret, &error);
    assert(parsed == (error.outcome == MESSAGE_FINE));
    assert(error.offset <= octets.size);
    return parsed;
}

static void check_record(const struct message *message, const struct record *record)
{
    const uint8_t *end = message->octets.data + message->end;
    struct name_ref target;
    struct name owner;
    name_expand(record->owner, &owner);
    assert(owner.size >= 1 && name_ref_identical(record->owner, &owner));
    assert(name_ref_hash(record->owner) == name_hash(&owner));
    assert(record->rdata.data + record->rdata.size <= end);
    if (record_target(record, &target)) {
        name_expand(target, &owner);
        assert(name_ref_equal(target, &owner));
    }
}

/* Walks all records; true if every one is sound. */
static bool check_records(const struct message *message)
{
    struct record record;
    bool sound = true;
    for (int section = SECTION_ANSWER; section < SECTIONS; section++) {
        struct record_walk walk = record_walk_start(message, (enum section)section);
        size_t count = 0;
        while (record_next(&walk, &record)) {
            check_record(message, &record);
            sound = sound && !record.unsound;
            count++;
        }
        assert(count == message->counts[section]);
    }
    return sound;
}

static void check_text(const struct message *message)
{
    static char buffer[TEXT_OCTETS];
    const struct bytes octets = message->octets;
    if (octets.size > ALWAYS_PRINTED_OCTETS && bytes_hash(octets, 0) % PRINTED_EVERY != 0) {
        return;
    }
    struct text text = text_in(buffer, sizeof buffer);
    message_put(&text, message);
    check_clean(&text);
}

/* A message of the same records. Empty if they do not fit. */
static struct bytes rebuild(const struct message *message)
{
    static uint8_t buffer[MESSAGE_OCTETS_MAX];
    static struct builder builder;
    struct record record;
    struct name name;
    bool fits = true;
    builder_start(&builder, buffer, sizeof buffer, message->id, message->flags);
    if (message->counts[SECTION_QUESTION] > 0) {
        const struct question *question = &message->question;
        name_expand(question->name, &name);
        fits = builder_question(&builder, &name, question->type, question->rrclass);
    }
    for (int section = SECTION_ANSWER; section < SECTIONS; section++) {
        struct record_walk walk = record_walk_start(message, (enum section)section);
        while (fits && record_next(&walk, &record)) {
            fits = builder_copy_record(&builder, &record);
        }
    }
    return exact_copy(bytes_of(buffer, fits ? builder_finish(&builder) : 0));
}

static void check_same_record(const struct record *a, const struct record *b)
{
    static uint8_t a_room[RDATA_OCTETS_MAX];
    static uint8_t b_room[RDATA_OCTETS_MAX];
    struct bytes a_rdata, b_rdata;
    struct name owner;
    name_expand(a->owner, &owner);
    assert(name_ref_identical(b->owner, &owner));
    assert(a->type == b->type && a->rrclass == b->rrclass && a->ttl == b->ttl);
    assert(rdata_expand(b, b_room, sizeof b_room, &b_rdata));
    assert(rdata_expand(a, a_room, sizeof a_room, &a_rdata));
    assert(bytes_equal(a_rdata, b_rdata));
    assert(rdata_equal(a->type, a_rdata, b_rdata));
}

static void check_same(const struct message *a, const struct message *b)
{
    struct record a_record, b_record;
    assert(a->id == b->id && a->flags == b->flags && a->rcode == b->rcode);
    for (int section = SECTION_ANSWER; section < SECTIONS; section++) {
        struct record_walk a_walk = record_walk_start(a, (enum section)section);
        struct record_walk b_walk = record_walk_start(b, (enum section)section);
        assert(a->counts[section] == b->counts[section]);
        while (record_next(&a_walk, &a_record) && record_next(&b_walk, &b_record)) {
            check_same_record(&a_record, &b_record);
        }
    }
}

static void check_rebuilt(const struct message *message, enum message_mode mode)
{
    const struct bytes first = rebuild(message);
    struct message again;
    if (first.size > 0) {
        assert(parse(first, mode, &again));
        check_same(message, &again);
        const struct bytes second = rebuild(&again);
        assert(bytes_equal(first, second));
        exact_free(second);
    }
    exact_free(first);
}

static void check_beginning(const struct message *message, enum message_mode mode)
{
    const uint32_t size = (uint32_t)(bytes_hash(message->octets, 0) % message->end);
    const struct bytes beginning = exact_copy(bytes_of(message->octets.data, size));
    struct message ignored;
    /* a header alone may be forgiven what its counts do not promise */
    assert(!parse(beginning, mode, &ignored));
    exact_free(beginning);
}

static bool check_mode(struct bytes octets, enum message_mode mode)
{
    struct message message;
    if (!parse(octets, mode, &message)) {
        return false;
    }
    assert(mode == MESSAGE_LENIENT || message.forgiven == 0);
    assert((message.forgiven & ~MESSAGE_FORGIVABLE) == 0);
    check_text(&message);
    check_beginning(&message, mode);
    /* RDATA that is written as it stands may say something else in another place */
    if (check_records(&message)) {
        check_rebuilt(&message, mode);
    }
    return true;
}

/* What strict mode takes, lenient mode takes as the same message: nothing more need be seen of it.
 */
static void check_lenient_too(struct bytes octets)
{
    struct message strict, lenient;
    const bool taken = parse(octets, MESSAGE_STRICT, &strict);
    assert(taken && parse(octets, MESSAGE_LENIENT, &lenient));
    assert(lenient.forgiven == 0 && lenient.end == strict.end);
    assert(lenient.flags == strict.flags && lenient.rcode == strict.rcode);
    assert(memcmp(lenient.counts, strict.counts, sizeof strict.counts) == 0);
    check_beginning(&lenient, MESSAGE_LENIENT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct bytes octets = exact_copy(bytes_of(data, size));
    if (check_mode(octets, MESSAGE_STRICT)) {
        check_lenient_too(octets);
    } else {
        check_mode(octets, MESSAGE_LENIENT);
    }
    exact_free(octets);
    return 0;
}

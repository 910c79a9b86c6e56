/* Any octets as a message, before a second reader: libknot. What strict mode takes, libknot takes
 * too, but for the differences listed here, each with its reason. (libknot is GPL: it is linked
 * into test programs only.) */
#include <assert.h>
#include <libknot/libknot.h>
#include <stdio.h>

#include "fuzz/input.h"
#include "fuzz/target.h"
#include "wire/message.h"
#include "wire/rrtype.h"
#include "wire/text.h"

/* --- where we take what libknot refuses --- */

struct difference {
    const char *why;
    bool (*is_it)(const struct message *message, const struct record *record);
};

static bool is_empty_null(const struct message *message, const struct record *record)
{
    (void)message;
    return record->type == RRTYPE_NULL && record->rdata.size == 0;
}

static bool is_later_location(const struct message *message, const struct record *record)
{
    (void)message;
    return record->type == RRTYPE_LOC && record->rdata.size > 0 && record->rdata.data[0] != 0;
}

static bool is_update_without_data(const struct message *message, const struct record *record)
{
    return message->opcode == OPCODE_UPDATE && record->rdata.size == 0;
}

/* Does the last pointer of a compressed name lead to the root alone? */
static bool ends_at_a_bare_root(struct name_ref name)
{
    const uint8_t *octets = name.message;
    uint32_t at = name.offset;
    bool bare = false;
    while (octets[at] != 0) {
        if (octets[at] >= 0xc0) {
            at = (uint32_t)(octets[at] & 0x3f) << 8 | octets[at + 1];
            bare = octets[at] == 0;
        } else {
            at += octets[at] + 1U;
        }
    }
    return bare;
}

/* The names of a record: its owner, and those in RDATA that may be compressed. */
static bool points_at_the_root(const struct message *message, const struct record *record)
{
    (void)message;
    bool bare = ends_at_a_bare_root(record->owner);
    struct name_ref target;
    if (!record_target(record, &target)) {
        return bare;
    }
    size_t at = (size_t)(target.offset - (record->rdata.data - target.message));
    for (int names = 0; names < 2 && at < record->rdata.size; names++) {
        bare = bare || ends_at_a_bare_root(record_name(record, at));
        while (at < record->rdata.size && record->rdata.data[at] != 0 &&
               record->rdata.data[at] < 0xc0) {
            at += record->rdata.data[at] + 1U;
        }
        at += at < record->rdata.size && record->rdata.data[at] >= 0xc0 ? 2 : 1;
        if (record->type != RRTYPE_SOA && record->type != RRTYPE_MINFO) {
            break;
        }
    }
    return bare;
}

static bool is_only_asked_for(const struct message *message, const struct record *record)
{
    (void)message;
    return rrtype_is_meta(record->type);
}

static const struct difference differences[] = {
    {"NULL holds anything at all (RFC 1035 3.3.10), nothing too", is_empty_null},
    {"LOC of another version than 0 has another form (RFC 1876 2): opaque", is_later_location},
    {"an UPDATE's prerequisites and deletions have no data (RFC 2136 2.4, 2.5)",
     is_update_without_data},
    {"a type that is only asked for is opaque where it stands as data (RFC 3597 5)",
     is_only_asked_for},
    {"a pointer may lead to the root as to any name (RFC 1035 4.1.4)", points_at_the_root},
};

static bool is_known(const struct message *message)
{
    struct record record;
    for (int section = SECTION_ANSWER; section < SECTIONS; section++) {
        struct record_walk walk = record_walk_start(message, (enum section)section);
        while (record_next(&walk, &record)) {
            for (size_t i = 0; i < sizeof differences / sizeof differences[0]; i++) {
                if (differences[i].is_it(message, &record)) {
                    return true;
                }
            }
        }
    }
    return false;
}

static void show(const struct message *message, int outcome, size_t at)
{
    static char buffer[1 << 20];
    struct text text = text_in(buffer, sizeof buffer);
    message_put(&text, message);
    fprintf(stderr, "libknot, at octet %zu: %s\n%s", at, knot_strerror(outcome), buffer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct message message;
    if (!message_parse(bytes_of(data, size), MESSAGE_STRICT, &message, NULL)) {
        return 0;
    }
    const struct bytes copy = exact_copy(bytes_of(data, size));
    knot_pkt_t *packet = knot_pkt_new((void *)(uintptr_t)copy.data, (uint16_t)size, NULL);
    assert(packet != NULL);
    const int outcome = knot_pkt_parse(packet, 0);
    if (outcome != KNOT_EOK && !is_known(&message)) {
        show(&message, outcome, packet->parsed);
        assert(false && "a message that libknot does not take");
    }
    knot_pkt_free(packet);
    exact_free(copy);
    return 0;
}

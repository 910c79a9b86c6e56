/* RDATA of any type: the type in two octets, then the RDATA. What must hold: its text is clean;
 * comparison, equality and canonical form agree; a message that carries it gives it back. */
#include <assert.h>

#include "fuzz/input.h"
#include "fuzz/target.h"
#include "wire/builder.h"
#include "wire/message.h"
#include "wire/rdata.h"
#include "wire/rrtype.h"

#define TEXT_OCTETS ((size_t)1 << 19)

static void check_text(uint16_t type, struct bytes rdata)
{
    static char buffer[TEXT_OCTETS];
    struct text text = text_in(buffer, sizeof buffer);
    rdata_put(&text, type, rdata);
    assert(text.size > 0);
    check_clean(&text);
}

static void check_names(uint16_t type, struct bytes rdata)
{
    struct name first, name;
    struct name_ref ref;
    size_t at = 0, count = 0;
    const bool has_target = rdata_target(type, rdata, &first);
    while (rdata_next_name(type, rdata, &at, &ref)) {
        name_expand(ref, &name);
        assert(count > 0 || (has_target && name_identical(&name, &first)));
        count++;
    }
    assert(has_target == (count > 0));
}

static void check_canonical(uint16_t type, struct bytes rdata)
{
    static uint8_t lower[RDATA_OCTETS_MAX];
    if (rdata.size > 0) {
        memcpy(lower, rdata.data, rdata.size);
    }
    rdata_canonicalise(type, lower, rdata.size);
    const struct bytes canonical = bytes_of(lower, rdata.size);
    assert(rdata_is_sound(type, canonical));
    assert(rdata_equal(type, rdata, canonical) && rdata_compare(type, rdata, canonical) == 0);
    assert(rdata_compare(type, canonical, rdata) == 0);
}

static void check_strings(struct bytes rdata)
{
    static uint8_t joined[RDATA_OCTETS_MAX];
    struct bytes rest = rdata, string;
    size_t sum = 0;
    while (rdata_txt_next(&rest, &string)) {
        sum += string.size;
    }
    const size_t size = rdata_txt_join(rdata, joined, rdata.size);
    assert((size != SIZE_MAX) == rdata_is_sound(RRTYPE_TXT, rdata));
    assert(size == SIZE_MAX || (rest.size == 0 && size == sum));
}

/* A message that carries it, of `*ret_size` octets; false if it does not fit. */
static bool carry(uint16_t type, struct bytes rdata, uint8_t *buffer, size_t *ret_size)
{
    const struct rr rr = {
        .owner = name_root(), .type = type, .rrclass = RRCLASS_IN, .ttl = 1, .rdata = rdata};
    struct builder builder;
    builder_start(&builder, buffer, MESSAGE_OCTETS_MAX, 1, MESSAGE_QR);
    builder_question(&builder, name_root(), type, RRCLASS_IN);
    const bool fits = builder_record(&builder, SECTION_ANSWER, &rr);
    *ret_size = builder_finish(&builder);
    return fits;
}

static void check_carried(uint16_t type, struct bytes rdata)
{
    static uint8_t buffer[MESSAGE_OCTETS_MAX], room[RDATA_OCTETS_MAX];
    struct message message;
    struct record record;
    struct bytes back;
    size_t size;
    if (type == RRTYPE_OPT || type == RRTYPE_TSIG || !carry(type, rdata, buffer, &size)) {
        return;
    }
    const struct bytes octets = exact_copy(bytes_of(buffer, size));
    assert(message_parse(octets, MESSAGE_STRICT, &message, NULL));
    struct record_walk walk = record_walk_start(&message, SECTION_ANSWER);
    assert(record_next(&walk, &record) && !record.unsound);
    assert(rdata_expand(&record, room, sizeof room, &back) && bytes_equal(back, rdata));
    exact_free(octets);
}

/* Strict mode takes a record only if its row does. */
static void check_refused(uint16_t type, struct bytes rdata)
{
    static uint8_t buffer[MESSAGE_OCTETS_MAX];
    const struct rrtype *row = rrtype_find(type);
    struct message message;
    size_t size;
    if (row->compression == COMPRESSION_NEVER && !row->meta && carry(type, rdata, buffer, &size)) {
        assert(!message_parse(bytes_of(buffer, size), MESSAGE_STRICT, &message, NULL));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = input_of(data, size);
    const uint16_t type = input_u16(&input);
    const struct bytes rdata = exact_copy(input_take(&input, RDATA_OCTETS_MAX));
    check_text(type, rdata);
    check_strings(rdata);
    if (rdata_is_sound(type, rdata)) {
        check_names(type, rdata);
        check_canonical(type, rdata);
        check_carried(type, rdata);
    } else {
        assert(rrtype_find(type) != NULL);
        check_refused(type, rdata);
    }
    exact_free(rdata);
    return 0;
}

/* RDATA by the row of its type: sound or not, uncompressed, compared, its names and strings. */
#include "wire/rdata.h"

#include <assert.h>

#include "wire/fields.h"
#include "wire/message.h"
#include "wire/octets.h"
#include "wire/scan.h"
#include "wire/writer.h"

#define SOA_NUMBERS_OCTETS 20

bool rdata_is_sound(uint16_t type, struct bytes rdata)
{
    const struct rrtype *row = rrtype_find(type);
    struct scan scan;
    bool compressed = false;
    if (rdata.size > RDATA_OCTETS_MAX || type == RRTYPE_OPT) {
        return rdata.size <= RDATA_OCTETS_MAX && edns_options_are_sound(rdata, NULL);
    }
    if (row == NULL) {
        return true;
    }
    scan_start(&scan, rdata, false);
    return scan_rdata(&scan, row, 0, (uint32_t)rdata.size, &compressed);
}

/* The fields of RDATA that stands alone. */
static struct field_walk walk_alone(uint16_t type, struct bytes rdata)
{
    assert(rdata.size <= RDATA_OCTETS_MAX);
    return field_walk_start(rrtype_find(type), rdata.data, 0, (uint32_t)rdata.size);
}

static struct field_walk walk_record(const struct record *record)
{
    const uint8_t *message = record->owner.message;
    return field_walk_start(rrtype_find(record->type), message,
                            (uint32_t)(record->rdata.data - message), (uint32_t)record->rdata.size);
}

static void expand_field(struct writer *writer, const struct field_walk *walk,
                         const struct field *field)
{
    struct name name;
    if (field->kind != FIELD_NAME) {
        writer_bytes(writer, bytes_of(walk->base + field->offset, field->size));
        return;
    }
    name_expand((struct name_ref){.message = walk->base, .offset = field->offset}, &name);
    writer_bytes(writer, name_bytes(&name));
}

bool rdata_expand(const struct record *record, uint8_t *buffer, size_t capacity, struct bytes *ret)
{
    const struct rrtype *row = rrtype_find(record->type);
    if (row == NULL || row->compression == COMPRESSION_NEVER || record->unsound ||
        record->rdata.size == 0) {
        *ret = record->rdata;
        return true;
    }
    struct field_walk walk = walk_record(record);
    struct writer writer = writer_in(buffer, capacity);
    struct field field;
    while (field_next(&walk, &field)) {
        expand_field(&writer, &walk, &field);
    }
    if (writer.failed || writer.size > RDATA_OCTETS_MAX) {
        return false;
    }
    *ret = writer_written(&writer);
    return true;
}

/* --- order --- */

static int compare_octets(struct bytes a, struct bytes b, bool fold)
{
    const size_t common = a.size < b.size ? a.size : b.size;
    if (!fold) {
        return bytes_compare(a, b);
    }
    for (size_t i = 0; i < common; i++) {
        const int order = lower_octet(a.data[i]) - lower_octet(b.data[i]);
        if (order != 0) {
            return order;
        }
    }
    return (a.size > b.size) - (a.size < b.size);
}

static struct bytes field_octets(const struct field_walk *walk, const struct field *field)
{
    return bytes_of(walk->base + field->offset, field->size);
}

/* Field by field: a field's size follows from octets before it or within it, so the first
 * difference is the one that octet-by-octet order would find. */
int rdata_compare(uint16_t type, struct bytes a, struct bytes b)
{
    const struct rrtype *row = rrtype_find(type);
    if (row == NULL || !row->fold_names) {
        return bytes_compare(a, b);
    }
    struct field_walk a_walk = walk_alone(type, a);
    struct field_walk b_walk = walk_alone(type, b);
    struct field a_field, b_field;
    while (field_next(&a_walk, &a_field) && field_next(&b_walk, &b_field)) {
        const int order =
            compare_octets(field_octets(&a_walk, &a_field), field_octets(&b_walk, &b_field),
                           a_field.kind == FIELD_NAME);
        if (order != 0) {
            return order;
        }
    }
    return 0;
}

bool rdata_equal(uint16_t type, struct bytes a, struct bytes b)
{
    return a.size == b.size && rdata_compare(type, a, b) == 0;
}

void rdata_canonicalise(uint16_t type, uint8_t *rdata, size_t size)
{
    const struct rrtype *row = rrtype_find(type);
    if (row == NULL || !row->fold_names) {
        return;
    }
    struct field_walk walk = walk_alone(type, bytes_of(rdata, size));
    struct field field;
    while (field_next_name(&walk, &field)) {
        for (uint32_t i = field.offset; i < field.offset + field.size; i++) {
            rdata[i] = lower_octet(rdata[i]);
        }
    }
}

/* --- what is inside --- */

bool rdata_next_name(uint16_t type, struct bytes rdata, size_t *at, struct name_ref *ret)
{
    struct field_walk walk = walk_alone(type, rdata);
    struct field field;
    while (field_next_name(&walk, &field)) {
        if (field.offset >= *at) {
            *ret = (struct name_ref){.message = rdata.data, .offset = field.offset};
            *at = field.offset + field.size;
            return true;
        }
    }
    return false;
}

bool rdata_target(uint16_t type, struct bytes rdata, struct name *ret)
{
    struct name_ref ref;
    size_t at = 0;
    if (!rdata_next_name(type, rdata, &at, &ref)) {
        return false;
    }
    name_expand(ref, ret);
    return true;
}

bool record_target(const struct record *record, struct name_ref *ret)
{
    struct field field;
    if (record->unsound || record->rdata.size == 0) {
        return false;
    }
    struct field_walk walk = walk_record(record);
    if (!field_next_name(&walk, &field)) {
        return false;
    }
    *ret = (struct name_ref){.message = walk.base, .offset = field.offset};
    return true;
}

bool rdata_soa_numbers(struct bytes rdata, struct soa_numbers *ret)
{
    if (rdata.size < SOA_NUMBERS_OCTETS + 2) {
        return false;
    }
    const uint8_t *numbers = rdata.data + rdata.size - SOA_NUMBERS_OCTETS;
    *ret = (struct soa_numbers){
        .serial = load_u32(numbers),
        .refresh = load_u32(numbers + 4),
        .retry = load_u32(numbers + 8),
        .expire = load_u32(numbers + 12),
        .minimum = load_u32(numbers + 16),
    };
    return true;
}

bool rdata_txt_next(struct bytes *rest, struct bytes *ret_string)
{
    if (rest->size == 0 || rest->data[0] > rest->size - 1) {
        return false;
    }
    *ret_string = bytes_of(rest->data + 1, rest->data[0]);
    *rest = bytes_after(*rest, 1U + ret_string->size);
    return true;
}

size_t rdata_txt_join(struct bytes rdata, uint8_t *buffer, size_t capacity)
{
    struct bytes string;
    size_t size = 0;
    if (rdata.size == 0) {
        return SIZE_MAX;
    }
    while (rdata_txt_next(&rdata, &string)) {
        if (string.size > capacity - size) {
            return SIZE_MAX;
        }
        if (string.size > 0) {
            memcpy(buffer + size, string.data, string.size);
        }
        size += string.size;
    }
    return rdata.size == 0 ? size : SIZE_MAX;
}

/* A sticky cursor for writing. */
#include "wire/writer.h"

#include "wire/octets.h"

struct writer writer_in(uint8_t *buffer, size_t capacity)
{
    return (struct writer){.data = buffer, .capacity = capacity};
}

/* Room for `size` octets, counted as written; NULL if there is none. */
static uint8_t *claim(struct writer *writer, size_t size)
{
    if (writer->failed || size > writer->capacity - writer->size) {
        writer->failed = true;
        return NULL;
    }
    uint8_t *octets = writer->data + writer->size;
    writer->size += size;
    return octets;
}

void writer_u8(struct writer *writer, uint8_t value)
{
    uint8_t *octets = claim(writer, 1);
    if (octets != NULL) {
        octets[0] = value;
    }
}

void writer_u16(struct writer *writer, uint16_t value)
{
    uint8_t *octets = claim(writer, 2);
    if (octets != NULL) {
        store_u16(octets, value);
    }
}

void writer_u32(struct writer *writer, uint32_t value)
{
    uint8_t *octets = claim(writer, 4);
    if (octets != NULL) {
        store_u32(octets, value);
    }
}

void writer_bytes(struct writer *writer, struct bytes octets)
{
    uint8_t *room = octets.size == 0 ? NULL : claim(writer, octets.size);
    if (room != NULL) {
        memcpy(room, octets.data, octets.size);
    }
}

void writer_string(struct writer *writer, struct bytes octets)
{
    if (octets.size > 255) {
        writer->failed = true;
        return;
    }
    writer_u8(writer, (uint8_t)octets.size);
    writer_bytes(writer, octets);
}

struct bytes writer_written(const struct writer *writer)
{
    return bytes_of(writer->data, writer->size);
}

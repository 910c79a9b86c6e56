/* A sticky cursor for reading. */
#include "wire/reader.h"

#include "wire/octets.h"

struct reader reader_of(struct bytes octets)
{
    return (struct reader){.data = octets.data, .size = octets.size};
}

/* `size` octets and past them, or NULL. */
static const uint8_t *take(struct reader *reader, size_t size)
{
    if (reader->failed || size > reader->size - reader->at) {
        reader->failed = true;
        return NULL;
    }
    const uint8_t *octets = reader->data + reader->at;
    reader->at += size;
    return octets;
}

uint8_t reader_u8(struct reader *reader)
{
    const uint8_t *octets = take(reader, 1);
    return octets == NULL ? 0 : octets[0];
}

uint16_t reader_u16(struct reader *reader)
{
    const uint8_t *octets = take(reader, 2);
    return octets == NULL ? 0 : load_u16(octets);
}

uint32_t reader_u32(struct reader *reader)
{
    const uint8_t *octets = take(reader, 4);
    return octets == NULL ? 0 : load_u32(octets);
}

uint64_t reader_u48(struct reader *reader)
{
    const uint8_t *octets = take(reader, 6);
    return octets == NULL ? 0 : (uint64_t)load_u16(octets) << 32 | load_u32(octets + 2);
}

struct bytes reader_bytes(struct reader *reader, size_t size)
{
    if (size == 0) {
        return bytes_of(NULL, 0);
    }
    const uint8_t *octets = take(reader, size);
    return bytes_of(octets, octets == NULL ? 0 : size);
}

struct bytes reader_string(struct reader *reader)
{
    return reader_bytes(reader, reader_u8(reader));
}

struct bytes reader_rest(struct reader *reader)
{
    return reader_bytes(reader, reader->failed ? 0 : reader_left(reader));
}

/* Reads the header's two interesting octets and the first question. */
#include "sim/glimpse.h"

#include "wire/message.h"
#include "wire/name.h"

enum { FLAGS_OFFSET = 2, QR_BIT = 0x80, QDCOUNT_OFFSET = 4 };

struct glimpse glimpse_of(struct bytes message)
{
    if (message.size < MESSAGE_HEADER_OCTETS) {
        return (struct glimpse){0};
    }
    struct glimpse glimpse = {
        .has_header = true,
        .is_response = (message.data[FLAGS_OFFSET] & QR_BIT) != 0,
    };
    const struct bytes rest = bytes_after(message, MESSAGE_HEADER_OCTETS);
    const bool promised =
        (message.data[QDCOUNT_OFFSET] | message.data[QDCOUNT_OFFSET + 1]) != 0 && rest.size > 0;
    const size_t size = promised ? name_from_prefix(rest, NULL) : 0;
    if (size == 0 || rest.size < size + 4) {
        return glimpse;
    }
    glimpse.has_question = true;
    glimpse.name = bytes_of(rest.data, size);
    glimpse.type = (uint16_t)(rest.data[size] << 8 | rest.data[size + 1]);
    return glimpse;
}

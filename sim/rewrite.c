#include "sim/rewrite.h"

#include "wire/edns.h"
#include "wire/message.h"
#include "wire/rrtype.h"
#include "wire/writer.h"

enum {
    FLAGS_OFFSET = 2,
    ANCOUNT_OFFSET = 6,
    QUESTION_NAME = 0xc000 | MESSAGE_HEADER_OCTETS, /* a pointer to it */
    V4_OCTETS = 4,
    ADDRESS_OCTETS = 12 + V4_OCTETS, /* of a whole A record */
};

/* Sets the counts of answer, authority and additional section to `answers`, 0 and 0. */
static void set_counts(uint8_t *octets, uint16_t answers)
{
    memset(octets + ANCOUNT_OFFSET, 0, MESSAGE_HEADER_OCTETS - ANCOUNT_OFFSET);
    octets[ANCOUNT_OFFSET] = (uint8_t)(answers >> 8);
    octets[ANCOUNT_OFFSET + 1] = (uint8_t)answers;
}

static bool read_response(const uint8_t *octets, size_t size, struct message *ret)
{
    return message_parse(bytes_of(octets, size), MESSAGE_STRICT, ret, NULL) &&
           message_is_response(ret);
}

bool rewrite_to_alias(uint8_t *octets, size_t *size)
{
    struct message message;
    struct record first;
    if (!read_response(octets, *size, &message) || message.counts[SECTION_ANSWER] < 2) {
        return false;
    }
    struct record_walk walk = record_walk_start(&message, SECTION_ANSWER);
    if (!record_next(&walk, &first) || first.type != RRTYPE_CNAME) {
        return false;
    }
    *size = (size_t)(first.rdata.data - octets) + first.rdata.size;
    set_counts(octets, 1);
    return true;
}

/* Puts the address under the question's name behind it; the message's new size, 0 if there is no
 * room. */
static size_t put_address(uint8_t *octets, size_t size, size_t room,
                          const struct rewrite_denial *how)
{
    if (room - size < ADDRESS_OCTETS) {
        return 0;
    }
    struct writer writer = writer_in(octets + size, ADDRESS_OCTETS);
    writer_u16(&writer, QUESTION_NAME);
    writer_u16(&writer, RRTYPE_A);
    writer_u16(&writer, RRCLASS_IN);
    writer_u32(&writer, how->ttl);
    writer_u16(&writer, V4_OCTETS);
    writer_bytes(&writer, address_octets(&how->address));
    return size + writer_written(&writer).size;
}

bool rewrite_denial(uint8_t *octets, size_t *size, size_t room, const struct rewrite_denial *how)
{
    struct message message;
    if (!read_response(octets, *size, &message) || message.rcode != RCODE_NXDOMAIN ||
        message.counts[SECTION_ANSWER] > 0) {
        return false;
    }
    const bool is_address = message.question.type == RRTYPE_A;
    if (!is_address && !how->empties) {
        return false;
    }
    const size_t end = message.starts[SECTION_ANSWER];
    const size_t rewritten = is_address ? put_address(octets, end, room, how) : end;
    if (rewritten == 0) {
        return false;
    }
    *size = rewritten;
    set_counts(octets, is_address);
    octets[FLAGS_OFFSET + 1] &= (uint8_t)~MESSAGE_RCODE_MASK;
    return true;
}

enum { BOGUS_OPTION_OCTETS = 6 }; /* an extended error without text */

/* An OPT record with one extended error, as the only record of the additional section. */
static size_t put_extended_error(uint8_t *octets, size_t size, size_t room, uint16_t info_code)
{
    if (room - size < EDNS_OPT_OCTETS + BOGUS_OPTION_OCTETS) {
        return size;
    }
    struct writer writer = writer_in(octets + size, EDNS_OPT_OCTETS + BOGUS_OPTION_OCTETS);
    writer_u8(&writer, 0);
    writer_u16(&writer, RRTYPE_OPT);
    writer_u16(&writer, EDNS_UDP_SIZE);
    writer_u32(&writer, 0);
    writer_u16(&writer, BOGUS_OPTION_OCTETS);
    writer_u16(&writer, EDNS_OPTION_EXTENDED_ERROR);
    writer_u16(&writer, BOGUS_OPTION_OCTETS - 4);
    writer_u16(&writer, info_code);
    octets[MESSAGE_HEADER_OCTETS - 1] = 1; /* ARCOUNT */
    return size + writer_written(&writer).size;
}

bool rewrite_to_bogus(uint8_t *octets, size_t *size, size_t room, const uint16_t *info_code)
{
    struct message message;
    if (!read_response(octets, *size, &message) || (message.flags & MESSAGE_CD) != 0 ||
        message.counts[SECTION_QUESTION] == 0 || message.rcode == RCODE_SERVFAIL) {
        return false;
    }
    const uint16_t flags =
        (uint16_t)((message.flags & (MESSAGE_QR | MESSAGE_OPCODE_MASK | MESSAGE_RD | MESSAGE_RA)) |
                   RCODE_SERVFAIL);
    octets[FLAGS_OFFSET] = (uint8_t)(flags >> 8);
    octets[FLAGS_OFFSET + 1] = (uint8_t)flags;
    set_counts(octets, 0);
    *size = message.starts[SECTION_ANSWER];
    if (message.edns.present && info_code != NULL) {
        *size = put_extended_error(octets, *size, room, *info_code);
    }
    return true;
}

#include "sim/decoy.h"

#include "wire/rrtype.h"

#define TTL 86400

static const uint8_t mark_address[4] = DECOY_MARK_ADDRESS;

static size_t put_mark_text(uint8_t ret[64])
{
    const size_t size = sizeof DECOY_MARK - 1;
    ret[0] = (uint8_t)size;
    memcpy(ret + 1, DECOY_MARK, size);
    return size + 1;
}

void decoy_add_mark(struct builder *builder, enum section section, const struct name *owner,
                    uint16_t type)
{
    uint8_t text[64];
    const size_t size = put_mark_text(text);
    const bool is_text = type == RRTYPE_TXT;
    const struct rr rr = {.owner = owner,
                          .type = is_text ? RRTYPE_TXT : RRTYPE_A,
                          .rrclass = RRCLASS_IN,
                          .ttl = TTL,
                          .rdata = is_text ? bytes_of(text, size)
                                           : bytes_of(mark_address, sizeof mark_address)};
    builder_record(builder, section, &rr);
}

static bool answer(const struct packet *genuine, uint16_t flags, bool astray, struct decoy *ret)
{
    struct message message;
    struct builder builder;
    struct name name, asked;
    if (!message_parse(genuine->payload, MESSAGE_LENIENT, &message, NULL) ||
        message.counts[SECTION_QUESTION] == 0) {
        return false;
    }
    name_expand(message.question.name, &name);
    name_copy(&asked, &name);
    asked.octets[1] ^= astray && name.labels > 0 ? 1 : 0;
    const uint16_t type = message.question.type ^ (astray && name.labels == 0 ? 1 : 0);
    builder_start(&builder, ret->octets, sizeof ret->octets, message.id,
                  MESSAGE_QR | MESSAGE_AA | flags);
    builder_question(&builder, &asked, type, message.question.rrclass);
    decoy_add_mark(&builder, SECTION_ANSWER, &name, message.question.type);
    ret->packet = *genuine;
    ret->packet.payload = bytes_of(ret->octets, builder_finish(&builder));
    return true;
}

bool decoy_make(const struct packet *genuine, enum decoy_miss miss, struct decoy *ret)
{
    const uint16_t flags = miss == DECOY_CUT ? MESSAGE_TC : 0;
    if (!answer(genuine, flags, miss == DECOY_QUESTION, ret)) {
        return false;
    }
    switch (miss) {
    case DECOY_ID: ret->octets[0] ^= 0x10; break;
    case DECOY_SOURCE: ret->packet.from.address.octets[3] ^= 1; break;
    case DECOY_BROKEN: ret->packet.payload.size -= 1; break;
    default: break;
    }
    return true;
}

/* True if the octets begin with the text, perhaps in several character-strings: their lengths, and
 * those of empty ones between, may stand between its letters. */
static bool begins_with_text(struct bytes octets)
{
    size_t at = 0;
    for (size_t i = 0; i < sizeof DECOY_MARK - 1; i++) {
        const size_t end =
            at + (i == 0 ? 1 : 3) < octets.size ? at + (i == 0 ? 1 : 3) : octets.size;
        while (at < end && octets.data[at] != (uint8_t)DECOY_MARK[i]) {
            at++;
        }
        if (at++ >= end) {
            return false;
        }
    }
    return true;
}

bool decoy_shows_in(struct bytes octets)
{
    for (; octets.size > 0; octets = bytes_after(octets, 1)) {
        if (begins_with_text(octets) ||
            (octets.size >= sizeof mark_address &&
             memcmp(octets.data, mark_address, sizeof mark_address) == 0)) {
            return true;
        }
    }
    return false;
}

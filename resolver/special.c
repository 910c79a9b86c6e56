/* Names that no server is asked about. */
#include "resolver/special.h"

#include <assert.h>

#include "wire/rrtype.h"

#define WIRE(text)                                                                                 \
    {                                                                                              \
        (const uint8_t *)(text), sizeof(text)                                                      \
    }

#define RANGE_172(number)                                                                          \
    WIRE("\2" number "\3"                                                                          \
         "172\7in-addr\4arpa")

/* localhost first; of all others nothing exists. RFC 6761 6.3, 6.4 and 6.2, RFC 7686, RFC
 * 6762 22.1, RFC 9476, RFC 8375 and the private ranges of RFC 6303 4. `example` is ordinary (RFC
 * 6761 6.5). */
static const struct bytes zones[] = {
    WIRE("\11localhost"),
    WIRE("\7invalid"),
    WIRE("\4test"),
    WIRE("\5onion"),
    WIRE("\5local"),
    WIRE("\3alt"),
    WIRE("\4home\4arpa"),
    WIRE("\2"
         "10\7in-addr\4arpa"),
    WIRE("\3"
         "168\3"
         "192\7in-addr\4arpa"),
    RANGE_172("16"),
    RANGE_172("17"),
    RANGE_172("18"),
    RANGE_172("19"),
    RANGE_172("20"),
    RANGE_172("21"),
    RANGE_172("22"),
    RANGE_172("23"),
    RANGE_172("24"),
    RANGE_172("25"),
    RANGE_172("26"),
    RANGE_172("27"),
    RANGE_172("28"),
    RANGE_172("29"),
    RANGE_172("30"),
    RANGE_172("31"),
    WIRE("\3"
         "254\3"
         "169\7in-addr\4arpa"),
    WIRE("\3"
         "127\7in-addr\4arpa"),
    WIRE("\1"
         "0\7in-addr\4arpa"),
};

#define LOCALHOST 0

struct bytes special_soa(void)
{
    static const uint8_t rdata[] = "\11localhost\0\6nobody\7invalid\0"
                                   "\0\0\0\1\0\0\16\20\0\0\4\260\0\11\72\200\0\0\52\60";
    return bytes_of(rdata, sizeof rdata - 1);
}

static void say_of_localhost(uint16_t type, struct special *special)
{
    static const uint8_t v4[] = {127, 0, 0, 1};
    static const uint8_t v6[16] = {[15] = 1};
    special->kind = SPECIAL_ADDRESS;
    if (type == RRTYPE_A) {
        special->rdata = bytes_of(v4, sizeof v4);
    } else if (type == RRTYPE_AAAA) {
        special->rdata = bytes_of(v6, sizeof v6);
    } else {
        special->kind = SPECIAL_NODATA;
    }
}

void special_find(const struct name *name, uint16_t type, struct special *ret)
{
    ret->kind = SPECIAL_NOT;
    ret->rdata = bytes_of(NULL, 0);
    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
        const bool sound = name_from_wire(zones[i], &ret->zone);
        assert(sound);
        if (!name_is_at_or_below(name, &ret->zone)) {
            continue;
        }
        ret->kind = SPECIAL_NXDOMAIN;
        if (i == LOCALHOST) {
            say_of_localhost(type, ret);
        }
        return;
    }
}

/* Records as zone text (RFC 1035 5.1 and each type's own RFC), in the layout of dig: long hex and
 * base64 in groups of 56. RDATA that cannot be said that way comes in the \# form of RFC 3597 5. */
#include <assert.h>

#include "base/endpoint.h"
#include "wire/fields.h"
#include "wire/message.h"
#include "wire/octets.h"
#include "wire/rdata.h"
#include "wire/scan.h"

#define GROUP_CHARACTERS    56 /* of hex or base64 between two spaces */
#define EXPANDED_OCTETS_MAX 1280

/* --- encodings --- */

static void put_hex(struct text *text, struct bytes view)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < view.size; i++) {
        if (i > 0 && i % (GROUP_CHARACTERS / 2) == 0) {
            text_put_char(text, ' ');
        }
        const char pair[2] = {digits[view.data[i] >> 4], digits[view.data[i] & 15]};
        text_put_bytes(text, bytes_of(pair, 2));
    }
}

/* One to three octets as four characters. */
static void put_base64_group(struct text *text, struct bytes view)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint32_t bits = (uint32_t)view.data[0] << 16 |
                          (view.size > 1 ? (uint32_t)view.data[1] << 8 : 0) |
                          (view.size > 2 ? view.data[2] : 0);
    const char group[4] = {
        digits[bits >> 18],
        digits[bits >> 12 & 63],
        (char)(view.size > 1 ? digits[bits >> 6 & 63] : '='),
        (char)(view.size > 2 ? digits[bits & 63] : '='),
    };
    text_put_bytes(text, bytes_of(group, sizeof group));
}

static void put_base64(struct text *text, struct bytes view)
{
    for (size_t at = 0; at < view.size; at += 3) {
        if (at > 0 && at % ((size_t)GROUP_CHARACTERS / 4 * 3) == 0) {
            text_put_char(text, ' ');
        }
        const size_t size = view.size - at < 3 ? view.size - at : 3;
        put_base64_group(text, bytes_of(view.data + at, size));
    }
}

/* RFC 4648 7, without padding (RFC 5155 3.3). */
static void put_base32hex(struct text *text, struct bytes view)
{
    static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUV";
    uint32_t bits = 0;
    uint32_t have = 0;
    for (size_t i = 0; i < view.size; i++) {
        bits = (bits << 8 | view.data[i]) & 0xfff;
        for (have += 8; have >= 5; have -= 5) {
            text_put_char(text, digits[bits >> (have - 5) & 31]);
        }
    }
    if (have > 0) {
        text_put_char(text, digits[bits << (5 - have) & 31]);
    }
}

static void put_string(struct text *text, struct bytes string)
{
    text_put_char(text, '"');
    text_put_escaped(text, string);
    text_put_char(text, '"');
}

static void put_address(struct text *text, const uint8_t *octets, bool is_v6)
{
    /* A mapped address is written as it stands: here it is data, nobody's endpoint. */
    struct address address = {.family = is_v6 ? ADDRESS_V6 : ADDRESS_V4};
    memcpy(address.octets, octets, is_v6 ? 16 : 4);
    address_put(text, &address);
}

static void put_two_digits(struct text *text, uint32_t number)
{
    text_put_char(text, (char)('0' + number / 10 % 10));
    text_put_char(text, (char)('0' + number % 10));
}

/* Days since 1970-01-01 to year, month and day: years are counted from March, so that the leap day
 * is a year's last. */
static void put_date(struct text *text, uint32_t days)
{
    const uint32_t shifted = days + 719468; /* days since 0000-03-01 */
    const uint32_t era = shifted / 146097;  /* of 400 years */
    const uint32_t day = shifted % 146097;
    const uint32_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    const uint32_t day_of_year = day - (365 * year + year / 4 - year / 100);
    const uint32_t month = (5 * day_of_year + 2) / 153; /* 0 is March */
    const uint32_t civil_year = year + era * 400 + (month >= 10 ? 1 : 0);
    put_two_digits(text, civil_year / 100);
    put_two_digits(text, civil_year);
    put_two_digits(text, month >= 10 ? month - 9 : month + 3);
    put_two_digits(text, day_of_year - (153 * month + 2) / 5 + 1);
}

static void put_time(struct text *text, uint32_t seconds)
{
    put_date(text, seconds / 86400);
    put_two_digits(text, seconds % 86400 / 3600);
    put_two_digits(text, seconds % 3600 / 60);
    put_two_digits(text, seconds % 60);
}

/* --- larger fields; each returns false if its octets cannot be said as text --- */

static bool put_strings(struct text *text, struct bytes rest)
{
    struct bytes string;
    const char *separator = "";
    while (rdata_txt_next(&rest, &string)) {
        text_put(text, separator);
        put_string(text, string);
        separator = " ";
    }
    return rest.size == 0;
}

/* One window block of a type bit map (RFC 4034 4.1.2). */
static void put_window(struct text *text, uint8_t window, struct bytes map, bool *first)
{
    for (uint32_t bit = 0; bit < map.size * 8; bit++) {
        if ((map.data[bit / 8] & 0x80 >> bit % 8) == 0) {
            continue;
        }
        text_put(text, *first ? "" : " ");
        rrtype_put(text, (uint16_t)((uint32_t)window << 8 | bit));
        *first = false;
    }
}

static bool put_types(struct text *text, struct bytes rest)
{
    int last = -1;
    bool first = true;
    while (rest.size > 2) {
        const uint8_t window = rest.data[0];
        const uint8_t size = rest.data[1];
        if (window <= last || size == 0 || size > 32 || rest.size - 2 < size) {
            return false;
        }
        put_window(text, window, bytes_of(rest.data + 2, size), &first);
        last = window;
        rest = bytes_after(rest, 2U + size);
    }
    return rest.size == 0;
}

/* One address prefix (RFC 3123 4); trailing zero octets are left out on the wire. */
static bool put_prefix(struct text *text, const uint8_t *head, struct bytes part)
{
    const uint16_t family = load_u16(head);
    uint8_t octets[16] = {0};
    if ((family != 1 && family != 2) || part.size > (family == 1 ? 4 : 16)) {
        return false;
    }
    if (part.size > 0) {
        memcpy(octets, part.data, part.size);
    }
    text_put(text, (head[3] & 0x80) != 0 ? "!" : "");
    text_put_number(text, family);
    text_put_char(text, ':');
    put_address(text, octets, family == 2);
    text_put_char(text, '/');
    text_put_number(text, head[2]);
    return true;
}

static bool put_prefixes(struct text *text, struct bytes rest)
{
    const char *separator = "";
    while (rest.size >= 4) {
        const uint8_t *head = rest.data;
        const size_t size = head[3] & 0x7f;
        text_put(text, separator);
        if (rest.size - 4 < size || !put_prefix(text, head, bytes_of(head + 4, size))) {
            return false;
        }
        separator = " ";
        rest = bytes_after(rest, 4 + size);
    }
    return rest.size == 0;
}

/* Degrees, minutes and seconds from thousandths of a second of arc around 2^31. */
static void put_angle(struct text *text, uint32_t value, const char *above, const char *below)
{
    const uint32_t middle = UINT32_C(1) << 31;
    const uint32_t size = value >= middle ? value - middle : middle - value;
    text_put_format(text, "%u %u %u.%03u %s ", size / 3600000, size / 60000 % 60, size / 1000 % 60,
                    size % 1000, value >= middle ? above : below);
}

/* A size or precision: a digit and a power of ten, in centimetres. */
static bool put_precision(struct text *text, uint8_t value)
{
    uint64_t centimetres = value >> 4;
    if (value >> 4 > 9 || (value & 15) > 9) {
        return false;
    }
    for (uint8_t i = value & 15; i > 0; i--) {
        centimetres *= 10;
    }
    text_put_format(text, " %u.%02um", (unsigned)(centimetres / 100),
                    (unsigned)(centimetres % 100));
    return true;
}

/* RFC 1876 2 and 3. */
static bool put_location(struct text *text, struct bytes rdata)
{
    if (rdata.size != 16 || rdata.data[0] != 0) {
        return false;
    }
    put_angle(text, load_u32(rdata.data + 4), "N", "S");
    put_angle(text, load_u32(rdata.data + 8), "E", "W");
    const int64_t altitude = (int64_t)load_u32(rdata.data + 12) - 10000000;
    const uint64_t size = (uint64_t)(altitude < 0 ? -altitude : altitude);
    text_put_format(text, "%s%u.%02um", altitude < 0 ? "-" : "", (unsigned)(size / 100),
                    (unsigned)(size % 100));
    return put_precision(text, rdata.data[1]) && put_precision(text, rdata.data[2]) &&
           put_precision(text, rdata.data[3]);
}

/* HIT and key follow their lengths (RFC 8005 5); text has them the other way (RFC 8005 6). */
static void put_hip(struct text *text, const uint8_t *octets)
{
    text_put_number(text, octets[1]);
    text_put_char(text, ' ');
    for (size_t i = 0; i < octets[0]; i++) {
        text_put_format(text, "%02X", octets[4 + i]);
    }
    text_put_char(text, ' ');
    const struct bytes key = bytes_of(octets + 4 + octets[0], load_u16(octets + 2));
    for (size_t at = 0; at < key.size; at += 3) {
        const size_t size = key.size - at < 3 ? key.size - at : 3;
        put_base64_group(text, bytes_of(key.data + at, size));
    }
}

/* --- service parameters (RFC 9460 2.1 and 14.3.2) --- */

enum { PARAM_KEY_ALPN = 1, PARAM_KEY_NO_ALPN = 2, PARAM_KEY_PORT = 3, PARAM_KEY_IPV4 = 4 };
enum { PARAM_KEY_ECH = 5, PARAM_KEY_IPV6 = 6, PARAM_KEY_DOHPATH = 7, PARAM_KEYS = 8 };

static const char *const param_names[PARAM_KEYS] = {
    "mandatory", "alpn", "no-default-alpn", "port", "ipv4hint", "ech", "ipv6hint", "dohpath",
};

/* True if every protocol can stand in a list without a second layer of escapes. */
static bool is_plain_alpn(struct bytes value)
{
    struct bytes protocol;
    bool plain = value.size > 0;
    while (rdata_txt_next(&value, &protocol)) {
        for (size_t i = 0; i < protocol.size; i++) {
            plain = plain && protocol.data[i] != ',' && protocol.data[i] != '\\';
        }
        plain = plain && protocol.size > 0;
    }
    return plain && value.size == 0;
}

static void put_alpn(struct text *text, struct bytes value)
{
    struct bytes protocol;
    const char *separator = "=\"";
    while (rdata_txt_next(&value, &protocol)) {
        text_put(text, separator);
        text_put_escaped(text, protocol);
        separator = ",";
    }
    text_put_char(text, '"');
}

static void put_hints(struct text *text, struct bytes value, size_t each)
{
    for (size_t at = 0; at < value.size; at += each) {
        text_put_char(text, at == 0 ? '=' : ',');
        put_address(text, value.data + at, each == 16);
    }
}

static void put_param_key(struct text *text, uint16_t key)
{
    if (key < PARAM_KEYS) {
        text_put(text, param_names[key]);
        return;
    }
    text_put(text, "key");
    text_put_number(text, key);
}

static void put_mandatory(struct text *text, struct bytes value)
{
    for (size_t at = 0; at < value.size; at += 2) {
        text_put_char(text, at == 0 ? '=' : ',');
        put_param_key(text, load_u16(value.data + at));
    }
}

/* True if the value of a known key has the form that its key prescribes. */
static bool is_regular_param(uint16_t key, struct bytes value)
{
    switch (key) {
    case 0: return value.size >= 2 && value.size % 2 == 0;
    case PARAM_KEY_ALPN: return is_plain_alpn(value);
    case PARAM_KEY_NO_ALPN: return value.size == 0;
    case PARAM_KEY_PORT: return value.size == 2;
    case PARAM_KEY_IPV4: return value.size >= 4 && value.size % 4 == 0;
    case PARAM_KEY_IPV6: return value.size >= 16 && value.size % 16 == 0;
    case PARAM_KEY_ECH: return value.size > 0;
    default: return key < PARAM_KEYS;
    }
}

static void put_known_value(struct text *text, uint16_t key, struct bytes value)
{
    switch (key) {
    case 0: put_mandatory(text, value); break;
    case PARAM_KEY_ALPN: put_alpn(text, value); break;
    case PARAM_KEY_NO_ALPN: break;
    case PARAM_KEY_PORT:
        text_put_char(text, '=');
        text_put_number(text, load_u16(value.data));
        break;
    case PARAM_KEY_IPV4: put_hints(text, value, 4); break;
    case PARAM_KEY_IPV6: put_hints(text, value, 16); break;
    case PARAM_KEY_ECH:
        text_put_char(text, '=');
        for (size_t at = 0; at < value.size; at += 3) {
            const size_t size = value.size - at < 3 ? value.size - at : 3;
            put_base64_group(text, bytes_of(value.data + at, size));
        }
        break;
    default:
        text_put_char(text, '=');
        put_string(text, value);
        break;
    }
}

static void put_param(struct text *text, uint16_t key, struct bytes value)
{
    if (is_regular_param(key, value)) {
        put_param_key(text, key);
        put_known_value(text, key, value);
        return;
    }
    text_put(text, "key");
    text_put_number(text, key);
    if (value.size > 0) {
        text_put_char(text, '=');
        put_string(text, value);
    }
}

static bool put_params(struct text *text, struct bytes rest)
{
    int last = -1;
    const char *separator = "";
    while (rest.size >= 4) {
        const uint16_t key = load_u16(rest.data);
        const size_t size = load_u16(rest.data + 2);
        if (key <= last || rest.size - 4 < size) {
            return false;
        }
        text_put(text, separator);
        put_param(text, key, bytes_of(rest.data + 4, size));
        last = key;
        separator = " ";
        rest = bytes_after(rest, 4 + size);
    }
    return rest.size == 0;
}

/* --- fields --- */

static void put_groups(struct text *text, const uint8_t *octets)
{
    for (size_t i = 0; i < 4; i++) {
        text_put_format(text, "%s%04x", i == 0 ? "" : ":", load_u16(octets + 2 * i));
    }
}

static void put_eui(struct text *text, struct bytes view)
{
    for (size_t i = 0; i < view.size; i++) {
        text_put_format(text, "%s%02x", i == 0 ? "" : "-", view.data[i]);
    }
}

static void put_blob16(struct text *text, struct bytes view)
{
    text_put_number(text, view.size - 2);
    if (view.size > 2) {
        text_put_char(text, ' ');
        put_base64(text, bytes_after(view, 2));
    }
}

static void put_salt(struct text *text, struct bytes salt)
{
    if (salt.size == 0) {
        text_put_char(text, '-');
        return;
    }
    for (size_t i = 0; i < salt.size; i++) {
        text_put_format(text, "%02X", salt.data[i]);
    }
}

/* A tag may stand without quotes only if it is letters and digits (RFC 8659 4.1). */
static bool put_tag(struct text *text, struct bytes tag)
{
    for (size_t i = 0; i < tag.size; i++) {
        const uint8_t octet = lower_octet(tag.data[i]);
        if (!(octet >= 'a' && octet <= 'z') && !(octet >= '0' && octet <= '9')) {
            return false;
        }
    }
    text_put_bytes(text, tag);
    return tag.size > 0;
}

static uint64_t load_number(struct bytes view)
{
    uint64_t value = 0;
    for (size_t i = 0; i < view.size; i++) {
        value = value << 8 | view.data[i];
    }
    return value;
}

/* One field; false if its octets cannot be said as text. */
static bool put_field(struct text *text, enum rdata_field kind, struct bytes view)
{
    switch (kind) {
    case FIELD_U8:
    case FIELD_U16:
    case FIELD_U32:
    case FIELD_U48:
    case FIELD_TTL: text_put_number(text, load_number(view)); return true;
    case FIELD_U64_HEX: put_groups(text, view.data); return true;
    case FIELD_TIME: put_time(text, load_u32(view.data)); return true;
    case FIELD_TYPE: rrtype_put(text, load_u16(view.data)); return true;
    case FIELD_ADDRESS4: put_address(text, view.data, false); return true;
    case FIELD_ADDRESS6: put_address(text, view.data, true); return true;
    case FIELD_EUI48:
    case FIELD_EUI64: put_eui(text, view); return true;
    case FIELD_NAME: name_wire_put(text, view); return true;
    case FIELD_STRING: put_string(text, bytes_after(view, 1)); return true;
    case FIELD_TAG: return put_tag(text, bytes_after(view, 1));
    case FIELD_SALT: put_salt(text, bytes_after(view, 1)); return true;
    case FIELD_HASH: put_base32hex(text, bytes_after(view, 1)); return view.size > 1;
    case FIELD_STRINGS:
    case FIELD_STRING_0: return put_strings(text, view);
    case FIELD_TEXT_REST: put_string(text, view); return true;
    case FIELD_NSAP_REST:
        text_put(text, "0x");
        text_put_hex(text, view);
        return true;
    case FIELD_HEX_REST: put_hex(text, view); return true;
    case FIELD_BASE64_REST: put_base64(text, view); return true;
    case FIELD_TYPES_REST: return put_types(text, view);
    case FIELD_PARAMS_REST: return put_params(text, view);
    case FIELD_BLOB16: put_blob16(text, view); return true;
    case FIELD_HIP: put_hip(text, view.data); return true;
    case FIELD_RELAY:
        text_put_format(text, "%u %u", view.data[0] >> 7, view.data[0] & 0x7fU);
        return true;
    case FIELD_APL: return put_prefixes(text, view);
    case FIELD_LOC: return put_location(text, view);
    default: return false;
    }
}

/* An absent gateway is written as the root (RFC 4025 2.5, RFC 8777 4.3). */
static bool is_absent_gateway(uint16_t type, const struct field *field, size_t nth)
{
    return field->size == 0 &&
           ((type == RRTYPE_IPSECKEY && nth == 3) || (type == RRTYPE_AMTRELAY && nth == 2));
}

static bool put_fields(struct text *text, uint16_t type, struct bytes rdata)
{
    struct field_walk walk =
        field_walk_start(rrtype_find(type), rdata.data, 0, (uint32_t)rdata.size);
    struct field field;
    const char *separator = "";
    for (size_t nth = 0; field_next(&walk, &field); nth++) {
        if (is_absent_gateway(type, &field, nth)) {
            text_put(text, " .");
            continue;
        }
        if (field.size == 0 && field.kind != FIELD_TEXT_REST && field.kind != FIELD_OPAQUE_REST) {
            continue; /* nothing is left for the rest */
        }
        text_put(text, separator);
        if (!put_field(text, field.kind, bytes_of(rdata.data + field.offset, field.size))) {
            return false;
        }
        separator = " ";
    }
    return true;
}

static void put_unknown(struct text *text, struct bytes rdata)
{
    text_put(text, "\\# ");
    text_put_number(text, rdata.size);
    if (rdata.size > 0) {
        text_put_char(text, ' ');
        put_hex(text, rdata);
    }
}

void rdata_put(struct text *text, uint16_t type, struct bytes rdata)
{
    const size_t size = text->size;
    if (rdata.size > 0 && rdata_is_sound(type, rdata) && put_fields(text, type, rdata)) {
        return;
    }
    if (!text->overflow) {
        text->size = size;
        text->data[size] = '\0';
        put_unknown(text, rdata);
    }
}

static void put_head(struct text *text, uint32_t ttl, uint16_t rrclass, uint16_t type)
{
    text_put_char(text, '\t');
    text_put_number(text, ttl);
    text_put_char(text, '\t');
    rrclass_put(text, rrclass);
    text_put_char(text, '\t');
    rrtype_put(text, type);
    text_put_char(text, '\t');
}

void rr_put(struct text *text, const struct rr *rr)
{
    name_put(text, rr->owner);
    put_head(text, rr->ttl, rr->rrclass, rr->type);
    rdata_put(text, rr->type, rr->rdata);
}

void record_put(struct text *text, const struct record *record)
{
    uint8_t buffer[EXPANDED_OCTETS_MAX];
    struct bytes rdata;
    name_ref_put(text, record->owner);
    put_head(text, record->ttl, record->rrclass, record->type);
    if (record->unsound || !rdata_expand(record, buffer, sizeof buffer, &rdata)) {
        put_unknown(text, record->rdata);
        return;
    }
    rdata_put(text, record->type, rdata);
}

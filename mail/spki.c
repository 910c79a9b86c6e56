/* The DER walk of a SubjectPublicKeyInfo:
 *
 *   SEQUENCE { SEQUENCE { OID rsaEncryption, NULL }, BIT STRING { SEQUENCE { INTEGER n, INTEGER e }
 * } }
 *
 * A cursor that sticks at its first fault; every reader does nothing once it has one. */
#include "mail/spki.h"

#include <stdbool.h>

enum der_tag {
    DER_INTEGER = 0x02,
    DER_BIT_STRING = 0x03,
    DER_NULL = 0x05,
    DER_OID = 0x06,
    DER_SEQUENCE = 0x30,
};

struct cursor {
    const uint8_t *data;
    size_t at;
    size_t end; /* of the structure under way */
    struct spki_result result;
};

static bool fine(const struct cursor *cursor)
{
    return cursor->result.fault == SPKI_FINE;
}

static void stop(struct cursor *cursor, enum spki_fault fault, size_t at)
{
    if (fine(cursor)) {
        cursor->result.fault = fault;
        cursor->result.at = at;
    }
}

static void stop_short(struct cursor *cursor, uint64_t wanted)
{
    if (fine(cursor)) {
        stop(cursor, SPKI_TRUNCATED, cursor->end);
        cursor->result.wanted = wanted;
    }
}

/* One octet; 0 and a fault at the end. */
static uint8_t take_octet(struct cursor *cursor)
{
    if (!fine(cursor)) {
        return 0;
    }
    if (cursor->at == cursor->end) {
        stop_short(cursor, (uint64_t)cursor->end + 1);
        return 0;
    }
    return cursor->data[cursor->at++];
}

/* A definite length in its shortest form (X.690 10.1). Four octets of it are more than any record
 * can hold. */
static uint64_t take_length(struct cursor *cursor)
{
    const size_t start = cursor->at;
    const uint8_t first = take_octet(cursor);
    if (first < 0x80) {
        return first;
    }
    const unsigned count = first & 0x7fU;
    if (count == 0 || count > 4) {
        stop(cursor, SPKI_BAD_LENGTH, start);
        return 0;
    }
    uint64_t length = 0;
    for (unsigned i = 0; i < count; i++) {
        length = length << 8 | take_octet(cursor);
    }
    if (length < 0x80 || length >> (8 * (count - 1)) == 0) {
        stop(cursor, SPKI_BAD_LENGTH, start);
    }
    return length;
}

/* The header of an element of kind `tag`; afterwards the cursor stands at its content. Returns the
 * content's end. */
static size_t take_header(struct cursor *cursor, enum der_tag tag)
{
    const size_t start = cursor->at;
    const uint8_t found = take_octet(cursor);
    if (fine(cursor) && found != tag) {
        stop(cursor, SPKI_WRONG_TAG, start);
    }
    const uint64_t length = take_length(cursor);
    if (fine(cursor) && length > cursor->end - cursor->at) {
        stop_short(cursor, (uint64_t)cursor->at + length);
    }
    return fine(cursor) ? cursor->at + (size_t)length : cursor->end;
}

/* Steps into an element; `leave` with what it returns steps out again. */
static size_t enter(struct cursor *cursor, enum der_tag tag)
{
    const size_t outer = cursor->end;
    cursor->end = take_header(cursor, tag);
    return outer;
}

/* Nothing may be left inside the structure that ends here. */
static void leave(struct cursor *cursor, size_t outer)
{
    if (fine(cursor) && cursor->at != cursor->end) {
        stop(cursor, SPKI_TRAILING, cursor->at);
    }
    cursor->end = outer;
}

static bool next_is(const struct cursor *cursor, enum der_tag tag)
{
    return fine(cursor) && cursor->at < cursor->end && cursor->data[cursor->at] == tag;
}

/* A positive integer without the sign octet. Zero is an empty view. */
static struct bytes take_integer(struct cursor *cursor)
{
    const size_t end = take_header(cursor, DER_INTEGER);
    if (!fine(cursor)) {
        return bytes_of(NULL, 0);
    }
    const size_t start = cursor->at;
    const size_t size = end - start;
    const uint8_t *octets = cursor->data + start;
    const bool signed_bit_next = size > 1 && (octets[1] & 0x80) != 0;
    if (size == 0 || (octets[0] & 0x80) != 0 || (size > 1 && octets[0] == 0 && !signed_bit_next)) {
        stop(cursor, SPKI_BAD_INTEGER, start);
        return bytes_of(NULL, 0);
    }
    cursor->at = end;
    const size_t skip = octets[0] == 0 ? 1 : 0;
    return bytes_of(octets + skip, size - skip);
}

static unsigned bits_of(struct bytes integer)
{
    if (integer.size == 0) {
        return 0;
    }
    unsigned top = 0;
    for (uint8_t octet = integer.data[0]; octet != 0; octet >>= 1) {
        top++;
    }
    return (unsigned)(integer.size - 1) * 8 + top;
}

static bool is_odd(struct bytes integer)
{
    return integer.size > 0 && (integer.data[integer.size - 1] & 1) != 0;
}

static bool is_one(struct bytes integer)
{
    return integer.size == 1 && integer.data[0] == 1;
}

static bool is_below(struct bytes a, struct bytes b)
{
    return a.size != b.size ? a.size < b.size : bytes_compare(a, b) < 0;
}

/* RSAPublicKey (RFC 8017 A.1.1); what makes no RSA key at all is refused (RFC 8017 3.1). */
static struct spki_rsa take_rsa(struct cursor *cursor)
{
    struct spki_rsa rsa = {0};
    const size_t outer = enter(cursor, DER_SEQUENCE);
    const size_t modulus_at = cursor->at;
    rsa.modulus = take_integer(cursor);
    const size_t exponent_at = cursor->at;
    rsa.exponent = take_integer(cursor);
    leave(cursor, outer);
    if (fine(cursor) && !is_odd(rsa.modulus)) {
        stop(cursor, SPKI_BAD_RSA, modulus_at);
    }
    const bool usable = is_odd(rsa.exponent) && !is_one(rsa.exponent);
    if (fine(cursor) && (!usable || !is_below(rsa.exponent, rsa.modulus))) {
        stop(cursor, SPKI_BAD_RSA, exponent_at);
    }
    rsa.bits = bits_of(rsa.modulus);
    return rsa;
}

/* The algorithm identifier; its object identifier decides. */
static void take_algorithm(struct cursor *cursor)
{
    static const uint8_t rsa_encryption[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01};
    static const uint8_t ed25519[] = {0x2b, 0x65, 0x70};
    const size_t outer = enter(cursor, DER_SEQUENCE);
    const size_t end = take_header(cursor, DER_OID);
    if (!fine(cursor)) {
        return;
    }
    const struct bytes oid = bytes_of(cursor->data + cursor->at, end - cursor->at);
    if (!bytes_equal(oid, bytes_of(rsa_encryption, sizeof rsa_encryption))) {
        const bool edwards = bytes_equal(oid, bytes_of(ed25519, sizeof ed25519));
        stop(cursor, edwards ? SPKI_ED25519 : SPKI_NOT_RSA, cursor->at);
        return;
    }
    cursor->at = end;
    if (!next_is(cursor, DER_NULL)) {
        stop(cursor, SPKI_BAD_PARAMETERS, cursor->at);
    }
    const size_t content = take_header(cursor, DER_NULL);
    if (fine(cursor) && content != cursor->at) {
        stop(cursor, SPKI_BAD_PARAMETERS, cursor->at);
    }
    leave(cursor, outer);
}

static struct spki_rsa take_bit_string(struct cursor *cursor)
{
    const size_t outer = enter(cursor, DER_BIT_STRING);
    const size_t unused_at = cursor->at;
    if (take_octet(cursor) != 0) {
        stop(cursor, SPKI_UNUSED_BITS, unused_at);
    }
    const struct spki_rsa rsa = take_rsa(cursor);
    leave(cursor, outer);
    return rsa;
}

static struct cursor cursor_over(struct bytes der)
{
    return (struct cursor){.data = der.data, .end = der.size};
}

/* After the outer SEQUENCE a SubjectPublicKeyInfo has another SEQUENCE, an RSAPublicKey an INTEGER.
 */
static bool looks_like_pkcs1(struct bytes der)
{
    struct cursor cursor = cursor_over(der);
    enter(&cursor, DER_SEQUENCE);
    return next_is(&cursor, DER_INTEGER);
}

static struct spki_result parse_pkcs1(struct bytes der, struct spki_rsa *ret)
{
    struct cursor cursor = cursor_over(der);
    const struct spki_rsa rsa = take_rsa(&cursor);
    leave(&cursor, 0);
    if (fine(&cursor)) {
        *ret = rsa;
        stop(&cursor, SPKI_PKCS1, 0);
    }
    return cursor.result;
}

struct spki_result spki_parse(struct bytes der, struct spki_rsa *ret)
{
    if (der.size == 0) {
        return (struct spki_result){.fault = SPKI_EMPTY};
    }
    if (looks_like_pkcs1(der)) {
        return parse_pkcs1(der, ret);
    }
    struct cursor cursor = cursor_over(der);
    const size_t outer = enter(&cursor, DER_SEQUENCE);
    take_algorithm(&cursor);
    const struct spki_rsa rsa = take_bit_string(&cursor);
    leave(&cursor, outer);
    leave(&cursor, 0);
    if (fine(&cursor)) {
        *ret = rsa;
    }
    return cursor.result;
}

const char *spki_fault_text(enum spki_fault fault)
{
    switch (fault) {
    case SPKI_FINE: return "is a well-formed RSA key";
    case SPKI_EMPTY: return "holds no octets";
    case SPKI_TRUNCATED: return "ends before the key does";
    case SPKI_WRONG_TAG: return "is not the structure of a public key";
    case SPKI_BAD_LENGTH: return "has a length that is not DER";
    case SPKI_NOT_RSA: return "is a key of another algorithm than RSA";
    case SPKI_ED25519: return "is an Ed25519 key in a SubjectPublicKeyInfo";
    case SPKI_BAD_PARAMETERS: return "has RSA parameters other than NULL";
    case SPKI_UNUSED_BITS: return "has a bit string that does not end on an octet";
    case SPKI_BAD_INTEGER: return "holds an integer that is not DER";
    case SPKI_BAD_RSA: return "holds numbers that make no RSA key";
    case SPKI_TRAILING: return "goes on after the key";
    case SPKI_PKCS1: return "is a bare RSAPublicKey (PKCS #1), not a SubjectPublicKeyInfo";
    }
    return "";
}

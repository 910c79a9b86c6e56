/* The fields of sound RDATA, one after another. */
#include "wire/fields.h"

#include "wire/octets.h"

static const uint8_t opaque[] = {FIELD_OPAQUE_REST, FIELD_END};

const uint8_t field_sizes[FIELDS] = {
    [FIELD_U8] = 1,       [FIELD_U16] = 2,       [FIELD_U32] = 4,   [FIELD_U48] = 6,
    [FIELD_U64_HEX] = 8,  [FIELD_TTL] = 4,       [FIELD_TIME] = 4,  [FIELD_TYPE] = 2,
    [FIELD_ADDRESS4] = 4, [FIELD_ADDRESS6] = 16, [FIELD_EUI48] = 6, [FIELD_EUI64] = 8,
};

struct field_walk field_walk_start(const struct rrtype *row, const uint8_t *base, uint32_t at,
                                   uint32_t size)
{
    return (struct field_walk){.base = base,
                               .layout = row == NULL || size == 0 ? opaque : row->layout,
                               .at = at,
                               .end = at + size};
}

/* Octets of the name at `at` where it stands. */
static uint32_t name_extent(const uint8_t *base, uint32_t at)
{
    const uint32_t start = at;
    while (base[at] != 0) {
        if (base[at] >= 0xc0) {
            return at + 2 - start;
        }
        at += 1U + base[at];
    }
    return at + 1 - start;
}

/* A gateway of `kind` (RFC 4025 2.3), `rest` octets to the end of the RDATA. */
static void set_gateway(const struct field_walk *walk, uint8_t kind, struct field *ret)
{
    ret->kind = kind == 1   ? FIELD_ADDRESS4
                : kind == 2 ? FIELD_ADDRESS6
                : kind == 3 ? FIELD_NAME
                            : FIELD_OPAQUE_REST;
    ret->size = kind == 0   ? 0
                : kind == 1 ? 4
                : kind == 2 ? 16
                : kind == 3 ? name_extent(walk->base, walk->at)
                            : walk->end - walk->at;
}

/* The kind octet is a field by itself, and the relay, if there is one, follows as another. */
static void set_relay(struct field_walk *walk, struct field *ret)
{
    static const uint8_t relay[] = {FIELD_GATEWAY, FIELD_END};
    ret->kind = FIELD_RELAY;
    ret->size = 1;
    walk->layout = relay;
}

static uint32_t hip_size(const uint8_t *octets)
{
    return 4U + octets[0] + load_u16(octets + 2);
}

/* Takes up a field whose size is in the octets. */
static void set_variable(struct field_walk *walk, struct field *ret)
{
    const uint8_t *octets = walk->base + walk->at;
    switch (ret->kind) {
    case FIELD_NAME: ret->size = name_extent(walk->base, walk->at); break;
    case FIELD_NAMES:
        ret->kind = FIELD_NAME;
        ret->size = name_extent(walk->base, walk->at);
        walk->layout--; /* and perhaps another one */
        break;
    case FIELD_STRING:
    case FIELD_TAG:
    case FIELD_SALT:
    case FIELD_HASH: ret->size = 1U + octets[0]; break;
    case FIELD_BLOB16: ret->size = 2U + load_u16(octets); break;
    case FIELD_HIP: ret->size = hip_size(octets); break;
    case FIELD_RELAY: set_relay(walk, ret); break;
    default: ret->size = walk->end - walk->at; break;
    }
}

/* Where the gateway's kind stands: IPSECKEY has an octet between, AMTRELAY has not. */
static uint8_t gateway_kind(const struct field_walk *walk, bool is_ipseckey)
{
    const uint8_t *octets = walk->base + walk->at;
    return is_ipseckey ? octets[-2] : octets[-1] & 0x7f;
}

bool field_next(struct field_walk *walk, struct field *ret)
{
    const uint8_t kind = *walk->layout;
    const bool ends = kind == FIELD_END || (kind == FIELD_NAMES && walk->at == walk->end);
    if (ends) {
        return false;
    }
    walk->layout++;
    ret->kind = (enum rdata_field)kind;
    ret->offset = walk->at;
    ret->size = field_sizes[kind];
    if (kind == FIELD_GATEWAY) {
        set_gateway(walk, gateway_kind(walk, *walk->layout != FIELD_END), ret);
    } else if (ret->size == 0) {
        set_variable(walk, ret);
    }
    walk->at += ret->size;
    return true;
}

bool field_next_name(struct field_walk *walk, struct field *ret)
{
    while (field_next(walk, ret)) {
        if (ret->kind == FIELD_NAME) {
            return true;
        }
    }
    return false;
}

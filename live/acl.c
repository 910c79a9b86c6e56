/* See the header. */
#include "live/acl.h"

static bool read_bits(struct bytes text, unsigned most, unsigned *ret)
{
    unsigned bits = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
        bits = bits * 10 + (unsigned)(text.data[i] - '0');
    }
    *ret = bits;
    return text.size > 0 && text.size <= 3 && bits <= most;
}

static bool read_network(struct bytes text, struct acl_network *ret)
{
    const uint8_t *slash = text.size > 0 ? memchr(text.data, '/', text.size) : NULL;
    const size_t size = slash != NULL ? (size_t)(slash - text.data) : text.size;
    if (!address_parse(bytes_of(text.data, size), &ret->address)) {
        return false;
    }
    const unsigned most = ret->address.family == ADDRESS_V6 ? 128 : 32;
    ret->bits = most;
    return slash == NULL || read_bits(bytes_after(text, size + 1), most, &ret->bits);
}

bool acl_parse(struct bytes text, struct acl *ret, struct bytes *ret_bad)
{
    bool more = true;
    ret->count = 0;
    while (more) {
        const uint8_t *comma = text.size > 0 ? memchr(text.data, ',', text.size) : NULL;
        const struct bytes part =
            bytes_of(text.data, comma != NULL ? (size_t)(comma - text.data) : text.size);
        *ret_bad = part;
        if (ret->count == ACL_NETWORKS_MAX || !read_network(part, &ret->networks[ret->count])) {
            return false;
        }
        ret->count++;
        more = comma != NULL;
        text = bytes_after(text, part.size + 1);
    }
    return true;
}

static bool is_inside(const struct acl_network *network, const struct address *address)
{
    if (network->address.family != address->family) {
        return false;
    }
    const size_t whole = network->bits / 8;
    const unsigned rest = network->bits % 8;
    if (memcmp(network->address.octets, address->octets, whole) != 0) {
        return false;
    }
    const uint8_t mask = (uint8_t)(0xff00U >> rest);
    return rest == 0 || (network->address.octets[whole] & mask) == (address->octets[whole] & mask);
}

bool acl_allows(const struct acl *acl, const struct address *address)
{
    if (acl == NULL) {
        return address_is_loopback(address);
    }
    for (size_t i = 0; i < acl->count; i++) {
        if (is_inside(&acl->networks[i], address)) {
            return true;
        }
    }
    return false;
}

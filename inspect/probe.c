/* Questions, and the names that tell look-alikes apart. */
#include "inspect/probe.h"

#include "wire/edns.h"
#include "wire/octets.h"
#include "wire/rrtype.h"

enum { PORT_DNS = 53, UDP_SIZE_LARGE = 4096 };

struct probe probe_in(enum probe_view view, const struct name *name, uint16_t type)
{
    struct probe probe = {.type = type, .view = (uint8_t)view};
    name_copy(&probe.name, name);
    name_lower(&probe.name);
    return probe;
}

struct probe probe_of(const struct name *name, uint16_t type)
{
    return probe_in(VIEW_RESOLVER, name, type);
}

struct probe probe_at(const struct address *server, const struct name *name, uint16_t type,
                      enum probe_manner manner)
{
    struct probe probe = probe_in(VIEW_SERVER, name, type);
    probe.manner = (uint8_t)manner;
    probe.server = *server;
    return probe;
}

struct probe probe_again(const struct probe *first, duration_ns wait)
{
    struct probe probe = *first;
    probe.manner = MANNER_AGAIN;
    probe.wait = wait;
    return probe;
}

bool probe_equal(const struct probe *a, const struct probe *b)
{
    return a->type == b->type && a->view == b->view && a->manner == b->manner &&
           address_equal(&a->server, &b->server) && name_equal(&a->name, &b->name);
}

uint32_t probe_hash(const struct probe *probe)
{
    const uint64_t kind = (uint64_t)probe->type << 16 | (uint64_t)probe->view << 8 | probe->manner;
    return (uint32_t)((name_hash(&probe->name) ^ address_hash(&probe->server)) + kind);
}

/* Every second letter turned round: no server keeps this by chance. */
static void mix_case(struct name *name)
{
    bool turn = false;
    for (uint8_t i = 0; i < name->size; i++) {
        const uint8_t lower = name->octets[i] | 0x20;
        if (lower < 'a' || lower > 'z' || name->octets[i] < 'A') {
            continue;
        }
        name->octets[i] = turn ? lower : (uint8_t)(lower & ~0x20);
        turn = !turn;
    }
}

static uint16_t udp_size_of(enum probe_manner manner)
{
    switch (manner) {
    case MANNER_SMALL: return EDNS_UDP_SIZE_MIN;
    case MANNER_LARGE: return UDP_SIZE_LARGE;
    case MANNER_NO_EDNS: return 0;
    default: return EDNS_UDP_SIZE;
    }
}

/* A network in each part of the world: those of the registries that give addresses out there
 * (AFRINIC, APNIC, RIPE NCC, ARIN, LACNIC; assumed, after where their whois servers are). */
static const struct client_subnet places[PROBE_PLACES] = {
    {.address = {ADDRESS_V4, {196, 216, 2}}, .source = 24},
    {.address = {ADDRESS_V4, {202, 12, 29}}, .source = 24},
    {.address = {ADDRESS_V4, {193, 0, 6}}, .source = 24},
    {.address = {ADDRESS_V4, {199, 71, 0}}, .source = 24},
    {.address = {ADDRESS_V4, {200, 3, 14}}, .source = 24},
};

static bool is_of_place(const struct probe *probe)
{
    return probe->manner >= MANNER_PLACES && probe->manner < MANNER_PLACES_END;
}

void probe_question(const struct probe *probe, const struct endpoint *resolver,
                    struct client_question *ret)
{
    const bool of_server = probe->view == VIEW_SERVER;
    *ret = (struct client_question){
        .type = probe->type,
        .server = of_server ? (struct endpoint){probe->server, PORT_DNS} : *resolver,
        .recursion_desired = !of_server,
        .checking_disabled = probe->manner == MANNER_UNCHECKED,
        .udp_size = udp_size_of(probe->manner),
        .edns_version = probe->manner == MANNER_EDNS_1 ? 1 : 0,
        .tcp_only = probe->manner == MANNER_TCP,
        .lenient = of_server,
    };
    if (probe->manner == MANNER_OPTION) {
        ret->subnet = (struct client_subnet){.address = {ADDRESS_V4, {192, 0, 2}}, .source = 24};
    } else if (is_of_place(probe)) {
        ret->subnet = places[probe->manner - MANNER_PLACES];
    }
    name_copy(&ret->name, &probe->name);
    if (probe->manner == MANNER_MIXED_CASE) {
        mix_case(&ret->name);
    }
}

void probe_put(struct text *text, const struct probe *probe)
{
    static const char *const manners[PROBE_MANNERS] = {
        [MANNER_SMALL] = ", payload size 512",
        [MANNER_LARGE] = ", payload size 4096",
        [MANNER_NO_EDNS] = ", without EDNS",
        [MANNER_EDNS_1] = ", EDNS version 1",
        [MANNER_OPTION] = ", with an EDNS option",
        [MANNER_MIXED_CASE] = ", in mixed case",
        [MANNER_TCP] = ", over TCP",
        [MANNER_UNCHECKED] = ", not validated",
        [MANNER_AGAIN] = ", once more",
        [MANNER_PLACES] = ", as if from Africa",
        ", as if from Asia",
        ", as if from Europe",
        ", as if from North America",
        ", as if from South America",
    };
    if (probe->name.size == 0) {
        text_put(text, "a further question");
        return;
    }
    rrtype_put(text, probe->type);
    text_put_char(text, ' ');
    name_put(text, &probe->name);
    if (probe->view == VIEW_SERVER) {
        text_put(text, " at ");
        address_put(text, &probe->server);
    }
    if (manners[probe->manner] != NULL) {
        text_put(text, manners[probe->manner]);
    }
}

/* Letters and digits only, so that nobody's filter minds. */
bool probe_sibling(const struct name *name, uint64_t salt, struct name *ret)
{
    static const char digits[] = "bcdfghjkmnpqrstvwxz23456789"; /* spells no word */
    uint8_t label[13] = {'z', 'z'};
    struct name parent;
    if (!name_parent(name, &parent)) {
        return false;
    }
    name_lower(&parent);
    uint64_t hash = bytes_hash(name_bytes(&parent), name_hash(name) ^ salt);
    for (size_t i = 2; i < sizeof label; i++) {
        label[i] = (uint8_t)digits[hash % (sizeof digits - 1)];
        hash /= sizeof digits - 1;
    }
    return name_child(&parent, bytes_of(label, sizeof label), ret);
}

bool probe_doubled(const struct name *name, const struct name *zone, struct name *ret)
{
    return zone->labels > 0 && name_replace_suffix(name, name_root(), zone, ret);
}

/* Rebuilds `name` label by label from the root up; `edit` may change or drop each. */
static bool rebuild(const struct name *name, bool (*edit)(struct bytes *label), struct name *ret)
{
    struct name built;
    name_copy(&built, name_root());
    bool edited = false;
    for (uint8_t labels = 1; labels <= name->labels; labels++) {
        const struct bytes suffix = name_suffix_bytes(name, labels);
        struct bytes label = bytes_of(suffix.data + 1, suffix.data[0]);
        edited |= edit(&label);
        struct name longer;
        if (label.size > 0 && name_child(&built, label, &longer)) {
            name_copy(&built, &longer);
        }
    }
    name_copy(ret, &built);
    return edited;
}

static bool strip_underscore(struct bytes *label)
{
    if (label->size < 2 || label->data[0] != '_') {
        return false;
    }
    *label = bytes_after(*label, 1);
    return true;
}

bool probe_without_underscores(const struct name *name, struct name *ret)
{
    return rebuild(name, strip_underscore, ret);
}

static bool is_domainkey(struct bytes label)
{
    static const char wanted[] = "_domainkey";
    if (label.size != sizeof wanted - 1) {
        return false;
    }
    for (size_t i = 0; i < label.size; i++) {
        if (lower_octet(label.data[i]) != (uint8_t)wanted[i]) {
            return false;
        }
    }
    return true;
}

static bool drop_domainkey(struct bytes *label)
{
    const bool dropped = is_domainkey(*label);
    label->size = dropped ? 0 : label->size;
    return dropped;
}

bool probe_without_domainkey(const struct name *name, struct name *ret)
{
    return rebuild(name, drop_domainkey, ret);
}

bool probe_domain_of_key(const struct name *name, struct name *ret)
{
    for (uint8_t labels = name->labels; labels > 0; labels--) {
        const struct bytes suffix = name_suffix_bytes(name, labels);
        if (is_domainkey(bytes_of(suffix.data + 1, suffix.data[0]))) {
            name_suffix(name, (uint8_t)(labels - 1), ret);
            return true;
        }
    }
    return false;
}

bool probe_lacks_dot(const struct name *target, const struct name *wanted, const struct name *name)
{
    for (uint8_t labels = 1; labels <= name->labels; labels++) {
        struct name zone;
        struct name appended;
        name_suffix(name, labels, &zone);
        if (name_replace_suffix(wanted, name_root(), &zone, &appended) &&
            name_equal(target, &appended)) {
            return true;
        }
    }
    return false;
}

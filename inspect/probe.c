/* Questions, and the names that tell look-alikes apart. */
#include "inspect/probe.h"

#include "wire/octets.h"
#include "wire/rrtype.h"

struct probe probe_of(const struct name *name, uint16_t type)
{
    struct probe probe;
    name_copy(&probe.name, name);
    probe.type = type;
    return probe;
}

void probe_put(struct text *text, const struct probe *probe)
{
    rrtype_put(text, probe->type);
    text_put_char(text, ' ');
    name_put(text, &probe->name);
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

static bool drop_domainkey(struct bytes *label)
{
    static const char wanted[] = "_domainkey";
    if (label->size != sizeof wanted - 1) {
        return false;
    }
    for (size_t i = 0; i < label->size; i++) {
        if (lower_octet(label->data[i]) != (uint8_t)wanted[i]) {
            return false;
        }
    }
    label->size = 0;
    return true;
}

bool probe_without_domainkey(const struct name *name, struct name *ret)
{
    return rebuild(name, drop_domainkey, ret);
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

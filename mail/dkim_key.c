/* Reading a key record goes in three steps: the tag list (dkim_tags), the version, which decides
 * whether this is a key record at all, and the values. The first fault ends it; dkim_damage gives
 * the fault its most helpful name. */
#include "mail/dkim_key.h"

#include "mail/base64.h"
#include "mail/dkim_tags.h"
#include "wire/rdata.h"

struct reading {
    struct dkim_key *key;
    struct dkim_tags tags;
};

/* --- faults --- */

static bool fail(struct reading *reading, enum dkim_key_state state,
                 const struct dkim_problem *problem)
{
    reading->key->state = state;
    reading->key->problem = *problem;
    reading->key->type = DKIM_KEY_TYPE_NONE;
    return false;
}

/* The value of `tag` breaks at its octet `at_value`. */
static bool fail_value(struct reading *reading, const struct dkim_tag *tag, enum dkim_damage damage,
                       size_t at_value, const char *detail)
{
    const struct dkim_problem problem =
        dkim_tags_problem_in(&reading->tags, tag, damage, at_value, detail);
    return fail(reading, DKIM_KEY_SYNTAX, &problem);
}

/* --- the version --- */

static size_t first_difference(struct bytes a, struct bytes b)
{
    size_t at = 0;
    while (at < a.size && at < b.size && a.data[at] == b.data[at]) {
        at++;
    }
    return at;
}

/* A record that begins with another version is discarded whatever else is in it (RFC 6376 3.6.1).
 */
static bool check_version(struct reading *reading)
{
    const struct dkim_tag *first = &reading->tags.items[0];
    const struct bytes wanted = bytes_of_string("DKIM1");
    if (reading->tags.count == 0 || !bytes_are(first->name, "v") ||
        bytes_equal(first->value, wanted)) {
        return true;
    }
    const size_t at = first_difference(first->value, wanted);
    const struct dkim_problem problem =
        dkim_tags_problem_in(&reading->tags, first, DKIM_DAMAGE_VERSION, at, NULL);
    const bool discarded =
        problem.damage == DKIM_DAMAGE_VERSION || problem.damage == DKIM_DAMAGE_OTHER_RECORD;
    return fail(reading, discarded ? DKIM_KEY_WRONG_VERSION : DKIM_KEY_SYNTAX, &problem);
}

static bool check_version_place(struct reading *reading)
{
    const struct dkim_tag *version = dkim_tags_find(&reading->tags, "v");
    if (version == NULL || version == &reading->tags.items[0]) {
        return true;
    }
    return fail_value(reading, version, DKIM_DAMAGE_VERSION_PLACE, 0, NULL);
}

static bool check_list(struct reading *reading)
{
    return reading->tags.problem.damage == DKIM_DAMAGE_NONE
               ? check_version_place(reading)
               : fail(reading, DKIM_KEY_SYNTAX, &reading->tags.problem);
}

/* --- the values --- */

/* hyphenated-word (RFC 6376 3.2): the offset of its first wrong octet, its size if it is one. */
static size_t word_fault(struct bytes word)
{
    for (size_t i = 0; i < word.size; i++) {
        const uint8_t octet = word.data[i];
        const bool inside = i > 0 && (dkim_is_digit(octet) || (octet == '-' && i + 1 < word.size));
        if (!dkim_is_alpha(octet) && !inside) {
            return i;
        }
    }
    return word.size;
}

static void note_hash(struct dkim_key *key, struct bytes word)
{
    key->sha1 |= bytes_are(word, "sha1");
    key->sha256 |= bytes_are(word, "sha256");
}

static void note_service(struct dkim_key *key, struct bytes word)
{
    key->for_email |= bytes_are(word, "*") || bytes_are(word, "email");
}

static void note_flag(struct dkim_key *key, struct bytes word)
{
    key->testing |= bytes_are(word, "y");
    key->strict_identity |= bytes_are(word, "s");
}

/* The octets of `value` from `at` to the next colon, white space around them left out. Returns the
 * offset of the colon or the end. */
static size_t list_item(struct bytes value, size_t at, struct bytes *ret, size_t *ret_at)
{
    size_t end = at;
    while (end < value.size && value.data[end] != ':') {
        end++;
    }
    size_t start = at;
    size_t stop = end;
    while (start < stop && dkim_is_space(value.data[start])) {
        start++;
    }
    while (stop > start && dkim_is_space(value.data[stop - 1])) {
        stop--;
    }
    *ret = bytes_of(value.data + start, stop - start);
    *ret_at = start;
    return end;
}

/* Words with colons between them; unknown ones are ignored (RFC 6376 3.6.1). */
static bool read_list(struct reading *reading, const char *name,
                      void (*note)(struct dkim_key *, struct bytes))
{
    const struct dkim_tag *tag = dkim_tags_find(&reading->tags, name);
    if (tag == NULL) {
        return true;
    }
    size_t at = 0;
    for (;;) {
        struct bytes word;
        size_t word_at;
        at = list_item(tag->value, at, &word, &word_at);
        const bool star = note == note_service && bytes_are(word, "*");
        const size_t fault = star ? word.size : word_fault(word);
        if (word.size == 0 || fault != word.size) {
            return fail_value(reading, tag, DKIM_DAMAGE_VALUE, word_at + fault,
                              "not a list of words with colons between them");
        }
        note(reading->key, word);
        if (at++ == tag->value.size) {
            return true;
        }
    }
}

static bool read_type(struct reading *reading)
{
    const struct dkim_tag *tag = dkim_tags_find(&reading->tags, "k");
    struct dkim_key *key = reading->key;
    key->type = DKIM_KEY_TYPE_RSA;
    if (tag == NULL || bytes_are(tag->value, "rsa")) {
        return true;
    }
    const size_t fault = word_fault(tag->value);
    if (tag->value.size == 0 || fault != tag->value.size) {
        return fail_value(reading, tag, DKIM_DAMAGE_VALUE, fault, "not a key type");
    }
    const bool edwards = bytes_are(tag->value, "ed25519");
    key->type = edwards ? DKIM_KEY_TYPE_ED25519 : DKIM_KEY_TYPE_OTHER;
    return true;
}

static bool read_values(struct reading *reading)
{
    struct dkim_key *key = reading->key;
    key->limits_hashes = dkim_tags_find(&reading->tags, "h") != NULL;
    key->for_email = dkim_tags_find(&reading->tags, "s") == NULL;
    return read_list(reading, "h", note_hash) && read_type(reading) &&
           read_list(reading, "s", note_service) && read_list(reading, "t", note_flag);
}

/* --- the key --- */

/* Where in base64 text the octet `index` of what it decodes to begins. */
static size_t base64_place(struct bytes value, size_t index)
{
    size_t left = index / 3 * 4 + index % 3;
    for (size_t at = 0; at < value.size; at++) {
        if (base64_is_alphabet(value.data[at]) && left-- == 0) {
            return at;
        }
    }
    return value.size;
}

/* What `p=` decodes to breaks at octet `at_key`. */
static bool fail_key(struct reading *reading, const struct dkim_tag *tag, enum dkim_damage damage,
                     size_t at_key, const char *detail)
{
    const struct bytes text = reading->tags.text;
    const bool at_end = at_key >= reading->key->octets.size;
    const size_t at_value = at_end ? tag->value.size : base64_place(tag->value, at_key);
    const size_t at = tag->value_at + at_value;
    const struct dkim_problem problem = {.damage = damage,
                                         .at = at,
                                         .found = at < text.size ? text.data[at] : -1,
                                         .tag = tag->name,
                                         .at_value = at_value,
                                         .in_key = true,
                                         .at_key = at_key,
                                         .detail = detail};
    return fail(reading, DKIM_KEY_SYNTAX, &problem);
}

static bool read_rsa(struct reading *reading, const struct dkim_tag *tag)
{
    struct dkim_key *key = reading->key;
    const struct spki_result result = spki_parse(key->octets, &key->rsa);
    switch (result.fault) {
    case SPKI_FINE: key->bits = key->rsa.bits; return true;
    case SPKI_PKCS1: return fail_key(reading, tag, DKIM_DAMAGE_PKCS1, result.at, NULL);
    case SPKI_TRUNCATED: return fail_key(reading, tag, DKIM_DAMAGE_TRUNCATED, result.at, NULL);
    default: break;
    }
    const bool other_kind = result.fault == SPKI_NOT_RSA || result.fault == SPKI_ED25519 ||
                            key->octets.size == DKIM_ED25519_OCTETS;
    return fail_key(reading, tag, other_kind ? DKIM_DAMAGE_KEY_KIND : DKIM_DAMAGE_KEY_ENCODING,
                    result.at, spki_fault_text(result.fault));
}

static bool read_ed25519(struct reading *reading, const struct dkim_tag *tag)
{
    struct dkim_key *key = reading->key;
    const size_t size = key->octets.size;
    if (size != DKIM_ED25519_OCTETS) {
        const size_t at = size < DKIM_ED25519_OCTETS ? size : DKIM_ED25519_OCTETS;
        struct spki_rsa rsa;
        const enum spki_fault fault = spki_parse(key->octets, &rsa).fault;
        const bool is_rsa = fault == SPKI_FINE || fault == SPKI_PKCS1;
        return fail_key(reading, tag, is_rsa ? DKIM_DAMAGE_KEY_KIND : DKIM_DAMAGE_ED25519_LENGTH,
                        at, NULL);
    }
    key->bits = DKIM_ED25519_BITS;
    return true;
}

/* A group cut short is a truncated key, unless all of the key is there and only "=" is missing. */
static bool fail_base64(struct reading *reading, const struct dkim_tag *tag,
                        struct base64_result result)
{
    struct dkim_key *key = reading->key;
    if (result.fault == BASE64_MISSING_PADDING && key->type == DKIM_KEY_TYPE_RSA) {
        struct spki_rsa rsa;
        if (spki_parse(key->octets, &rsa).fault == SPKI_TRUNCATED) {
            return fail_key(reading, tag, DKIM_DAMAGE_TRUNCATED, key->octets.size, NULL);
        }
    }
    return fail_value(reading, tag, DKIM_DAMAGE_BASE64, result.at, base64_fault_text(result.fault));
}

static bool read_octets(struct reading *reading, const struct dkim_tag *tag, uint8_t *octets)
{
    struct dkim_key *key = reading->key;
    const size_t capacity = base64_size_max(tag->value.size);
    const struct base64_result result = base64_decode(tag->value, octets, capacity);
    key->octets = bytes_of(octets, result.size);
    key->bare_newline |= result.bare_newline;
    if (result.fault != BASE64_FINE) {
        return fail_base64(reading, tag, result);
    }
    switch (key->type) {
    case DKIM_KEY_TYPE_RSA: return read_rsa(reading, tag);
    case DKIM_KEY_TYPE_ED25519: return read_ed25519(reading, tag);
    default: return true;
    }
}

/* False only if `arena` is exhausted. */
static bool read_key(struct reading *reading, struct arena *arena)
{
    const struct dkim_tag *tag = dkim_tags_find(&reading->tags, "p");
    if (tag == NULL) {
        const struct dkim_problem problem =
            dkim_tags_problem(&reading->tags, DKIM_DAMAGE_MISSING_KEY, reading->tags.text.size);
        fail(reading, DKIM_KEY_SYNTAX, &problem);
        return true;
    }
    if (tag->value.size == 0) {
        reading->key->state = DKIM_KEY_REVOKED;
        return true;
    }
    uint8_t *octets = arena_alloc(arena, base64_size_max(tag->value.size));
    if (octets != NULL) {
        read_octets(reading, tag, octets);
    }
    return octets != NULL;
}

bool dkim_key_parse(struct bytes text, struct arena *arena, struct dkim_key *ret)
{
    struct reading reading;
    reading.key = ret;
    dkim_tags_read(text, &reading.tags);
    *ret = (struct dkim_key){.text = text,
                             .bare_newline = reading.tags.bare_newline,
                             .space_at_the_end = reading.tags.space_at_the_end};
    if (!check_version(&reading) || !check_list(&reading) || !read_values(&reading)) {
        return true;
    }
    return read_key(&reading, arena);
}

bool dkim_key_parse_strings(const struct bytes *strings, size_t count, struct arena *arena,
                            struct dkim_key *ret)
{
    if (count == 1) {
        return dkim_key_parse(strings[0], arena, ret);
    }
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        size += strings[i].size;
    }
    uint8_t *joined = arena_alloc(arena, size);
    if (joined == NULL) {
        return false;
    }
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        if (strings[i].size > 0) {
            memcpy(joined + at, strings[i].data, strings[i].size);
        }
        at += strings[i].size;
    }
    return dkim_key_parse(bytes_of(joined, size), arena, ret);
}

bool dkim_key_parse_txt(struct bytes rdata, struct arena *arena, struct dkim_key *ret)
{
    if (rdata.size > 0 && (size_t)rdata.data[0] + 1 == rdata.size) {
        return dkim_key_parse(bytes_after(rdata, 1), arena, ret);
    }
    uint8_t *joined = arena_alloc(arena, rdata.size);
    if (joined == NULL) {
        return false;
    }
    const size_t size = rdata_txt_join(rdata, joined, rdata.size);
    if (size == SIZE_MAX) {
        *ret = (struct dkim_key){.state = DKIM_KEY_SYNTAX,
                                 .problem = {.damage = DKIM_DAMAGE_MALFORMED_TXT, .found = -1}};
        return true;
    }
    return dkim_key_parse(bytes_of(joined, size), arena, ret);
}

bool dkim_key_same(const struct dkim_key *a, const struct dkim_key *b)
{
    if (a->type != b->type) {
        return false;
    }
    if (a->type == DKIM_KEY_TYPE_RSA) {
        return bytes_equal(a->rsa.modulus, b->rsa.modulus) &&
               bytes_equal(a->rsa.exponent, b->rsa.exponent);
    }
    return bytes_equal(a->octets, b->octets);
}

const char *dkim_key_type_name(enum dkim_key_type type)
{
    switch (type) {
    case DKIM_KEY_TYPE_NONE: return "none";
    case DKIM_KEY_TYPE_RSA: return "rsa";
    case DKIM_KEY_TYPE_ED25519: return "ed25519";
    case DKIM_KEY_TYPE_OTHER: return "other";
    }
    return "none";
}

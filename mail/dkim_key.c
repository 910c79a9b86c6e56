/* Reading a key record goes in three steps: the tag list (RFC 6376 3.2), the version, which decides
 * whether this is a key record at all, and the values. The first fault ends it; dkim_damage gives
 * the fault its most helpful name. */
#include "mail/dkim_key.h"

#include "mail/base64.h"
#include "wire/rdata.h"

struct tag {
    struct bytes name;
    struct bytes value; /* without the white space around it */
    size_t value_at;    /* its offset in the record */
};

struct reading {
    struct dkim_key *key;
    struct bytes text;
    size_t at;
    struct tag tags[DKIM_TAGS_MAX];
    size_t count;
    bool failed;
};

/* --- faults --- */

static bool fail(struct reading *reading, enum dkim_key_state state, struct dkim_problem problem)
{
    if (!reading->failed) {
        reading->failed = true;
        problem.found = problem.at < reading->text.size ? reading->text.data[problem.at] : -1;
        reading->key->state = state;
        reading->key->problem = problem;
    }
    return false;
}

/* The tag list breaks at `at`. */
static bool fail_list(struct reading *reading, enum dkim_damage damage, size_t at)
{
    const bool first = reading->count == 0;
    struct dkim_problem problem = {.damage = damage, .at = at};
    dkim_damage_refine_list(reading->text, first, &problem);
    return fail(reading, DKIM_KEY_SYNTAX, problem);
}

/* The value of `tag` breaks at its octet `at_value`. */
static bool fail_value(struct reading *reading, const struct tag *tag, enum dkim_damage damage,
                       size_t at_value, const char *detail)
{
    struct dkim_problem problem = {.damage = damage,
                                   .at = tag->value_at + at_value,
                                   .tag = tag->name,
                                   .at_value = at_value,
                                   .detail = detail};
    dkim_damage_refine_value(reading->text, tag->value, &problem);
    return fail(reading, DKIM_KEY_SYNTAX, problem);
}

/* --- the tag list --- */

static bool is_alpha(uint8_t octet)
{
    const uint8_t lower = octet | 0x20;
    return lower >= 'a' && lower <= 'z';
}

static bool is_digit(uint8_t octet)
{
    return octet >= '0' && octet <= '9';
}

static bool is_space(uint8_t octet)
{
    return octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n';
}

/* A line break is folding white space only as CRLF before a space or tab (RFC 6376 2.8). Offset
 * `at` holds CR or LF. Returns the octets of the break. */
static size_t break_size(struct bytes text, size_t at, bool *ret_folds)
{
    const bool pair = text.data[at] == '\r' && at + 1 < text.size && text.data[at + 1] == '\n';
    const size_t size = pair ? 2 : 1;
    const bool space_next =
        at + size < text.size && (text.data[at + size] == ' ' || text.data[at + size] == '\t');
    *ret_folds = pair && space_next;
    return size;
}

static void skip_space(struct reading *reading)
{
    const struct bytes text = reading->text;
    while (reading->at < text.size && is_space(text.data[reading->at])) {
        const uint8_t octet = text.data[reading->at];
        if (octet == ' ' || octet == '\t') {
            reading->at++;
            continue;
        }
        bool folds;
        reading->at += break_size(text, reading->at, &folds);
        reading->key->bare_newline |= !folds;
    }
}

static bool take_name(struct reading *reading, struct bytes *ret)
{
    const struct bytes text = reading->text;
    const size_t start = reading->at;
    if (!is_alpha(text.data[start])) {
        const bool empty = text.data[start] == ';';
        return fail_list(reading, empty ? DKIM_DAMAGE_EMPTY_TAG : DKIM_DAMAGE_TAG_NAME, start);
    }
    size_t at = start;
    while (at < text.size &&
           (is_alpha(text.data[at]) || is_digit(text.data[at]) || text.data[at] == '_')) {
        at++;
    }
    *ret = bytes_of(text.data + start, at - start);
    reading->at = at;
    return true;
}

static bool take_equals(struct reading *reading)
{
    skip_space(reading);
    if (reading->at == reading->text.size || reading->text.data[reading->at] != '=') {
        return fail_list(reading, DKIM_DAMAGE_NO_EQUALS, reading->at);
    }
    reading->at++;
    skip_space(reading);
    return true;
}

/* VALCHAR (RFC 6376 3.2): printable ASCII but ";" and white space. */
static bool is_plain(uint8_t octet)
{
    return octet > 0x20 && octet < 0x7f && octet != ';';
}

static size_t plain_end(struct bytes text, size_t at)
{
    while (at < text.size && is_plain(text.data[at])) {
        at++;
    }
    return at;
}

/* Up to the next ";" or the end; white space inside belongs to the value, around it not. */
static bool take_value(struct reading *reading, struct tag *tag)
{
    const struct bytes text = reading->text;
    tag->value_at = reading->at;
    size_t end = reading->at; /* after the last octet that is not white space */
    for (;;) {
        const size_t next = plain_end(text, reading->at);
        end = next > reading->at ? next : end;
        reading->at = next;
        if (next == text.size || text.data[next] == ';') {
            break;
        }
        if (!is_space(text.data[next])) {
            return fail_value(reading, tag, DKIM_DAMAGE_VALUE_OCTET, next - tag->value_at, NULL);
        }
        skip_space(reading);
    }
    tag->value = bytes_of(text.data + tag->value_at, end - tag->value_at);
    return true;
}

static const struct tag *find_tag(const struct reading *reading, struct bytes name)
{
    for (size_t i = 0; i < reading->count; i++) {
        if (bytes_equal(reading->tags[i].name, name)) {
            return &reading->tags[i];
        }
    }
    return NULL;
}

static bool take_tag(struct reading *reading)
{
    const size_t start = reading->at;
    struct tag tag = {0};
    if (!take_name(reading, &tag.name) || !take_equals(reading) || !take_value(reading, &tag)) {
        return false;
    }
    if (find_tag(reading, tag.name) != NULL) {
        return fail_list(reading, DKIM_DAMAGE_DUPLICATE_TAG, start);
    }
    if (reading->count == DKIM_TAGS_MAX) {
        return fail_list(reading, DKIM_DAMAGE_TOO_MANY_TAGS, start);
    }
    reading->tags[reading->count++] = tag;
    return true;
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

/* Checked as soon as the first tag is read: a record with another version is discarded whatever
 * else is in it (RFC 6376 3.6.1). */
static bool check_version(struct reading *reading)
{
    const struct tag *first = &reading->tags[0];
    const struct bytes wanted = bytes_of_string("DKIM1");
    if (reading->count != 1 || !bytes_are(first->name, "v") || bytes_equal(first->value, wanted)) {
        return true;
    }
    const size_t at = first_difference(first->value, wanted);
    struct dkim_problem problem = {.damage = DKIM_DAMAGE_VERSION,
                                   .at = first->value_at + at,
                                   .tag = first->name,
                                   .at_value = at};
    dkim_damage_refine_version(reading->text, first->value, &problem);
    const bool discarded =
        problem.damage == DKIM_DAMAGE_VERSION || problem.damage == DKIM_DAMAGE_OTHER_RECORD;
    return fail(reading, discarded ? DKIM_KEY_WRONG_VERSION : DKIM_KEY_SYNTAX, problem);
}

/* tag-spec *( ";" tag-spec ) [ ";" ]. */
static bool take_list(struct reading *reading)
{
    const struct bytes text = reading->text;
    skip_space(reading);
    if (reading->at == text.size) {
        return fail_list(reading, DKIM_DAMAGE_EMPTY, 0);
    }
    for (;;) {
        if (!take_tag(reading) || !check_version(reading)) {
            return false;
        }
        if (reading->at == text.size || ++reading->at == text.size) {
            return true;
        }
        skip_space(reading);
        if (reading->at == text.size) {
            reading->key->space_at_the_end = true;
            return true;
        }
    }
}

static bool check_version_place(struct reading *reading)
{
    for (size_t i = 1; i < reading->count; i++) {
        if (bytes_are(reading->tags[i].name, "v")) {
            return fail_value(reading, &reading->tags[i], DKIM_DAMAGE_VERSION_PLACE, 0, NULL);
        }
    }
    return true;
}

/* --- the values --- */

/* hyphenated-word (RFC 6376 3.2): the offset of its first wrong octet, its size if it is one. */
static size_t word_fault(struct bytes word)
{
    for (size_t i = 0; i < word.size; i++) {
        const uint8_t octet = word.data[i];
        const bool inside = i > 0 && (is_digit(octet) || (octet == '-' && i + 1 < word.size));
        if (!is_alpha(octet) && !inside) {
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
    while (start < stop && is_space(value.data[start])) {
        start++;
    }
    while (stop > start && is_space(value.data[stop - 1])) {
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
    const struct tag *tag = find_tag(reading, bytes_of_string(name));
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
    const struct tag *tag = find_tag(reading, bytes_of_string("k"));
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
static bool fail_key(struct reading *reading, const struct tag *tag, enum dkim_damage damage,
                     size_t at_key, const char *detail)
{
    const bool at_end = at_key >= reading->key->octets.size;
    const size_t at_value = at_end ? tag->value.size : base64_place(tag->value, at_key);
    return fail(reading, DKIM_KEY_SYNTAX,
                (struct dkim_problem){.damage = damage,
                                      .at = tag->value_at + at_value,
                                      .tag = tag->name,
                                      .at_value = at_value,
                                      .in_key = true,
                                      .at_key = at_key,
                                      .detail = detail});
}

static bool read_rsa(struct reading *reading, const struct tag *tag)
{
    struct dkim_key *key = reading->key;
    const struct spki_result result = spki_parse(key->octets, &key->rsa);
    switch (result.fault) {
    case SPKI_FINE: key->bits = key->rsa.bits; return true;
    case SPKI_PKCS1: return fail_key(reading, tag, DKIM_DAMAGE_PKCS1, result.at, NULL);
    case SPKI_TRUNCATED: return fail_key(reading, tag, DKIM_DAMAGE_TRUNCATED, result.at, NULL);
    default:
        return fail_key(reading, tag, DKIM_DAMAGE_KEY_ENCODING, result.at,
                        spki_fault_text(result.fault));
    }
}

static bool read_ed25519(struct reading *reading, const struct tag *tag)
{
    struct dkim_key *key = reading->key;
    if (key->octets.size != DKIM_ED25519_OCTETS) {
        const size_t size = key->octets.size;
        const size_t at = size < DKIM_ED25519_OCTETS ? size : DKIM_ED25519_OCTETS;
        return fail_key(reading, tag, DKIM_DAMAGE_ED25519_LENGTH, at, NULL);
    }
    key->bits = DKIM_ED25519_BITS;
    return true;
}

/* A group cut short is a truncated key, unless all of the key is there and only "=" is missing. */
static bool fail_base64(struct reading *reading, const struct tag *tag, struct base64_result result)
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

static bool read_octets(struct reading *reading, const struct tag *tag, uint8_t *octets)
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
    const struct tag *tag = find_tag(reading, bytes_of_string("p"));
    if (tag == NULL) {
        fail_list(reading, DKIM_DAMAGE_MISSING_KEY, reading->text.size);
        return true;
    }
    if (tag->value.size == 0) {
        reading->key->state = DKIM_KEY_REVOKED;
        return true;
    }
    uint8_t *octets = arena_alloc(arena, base64_size_max(tag->value.size));
    if (octets == NULL) {
        return false;
    }
    read_octets(reading, tag, octets);
    return true;
}

bool dkim_key_parse(struct bytes text, struct arena *arena, struct dkim_key *ret)
{
    *ret = (struct dkim_key){.text = text};
    struct reading reading;
    reading.key = ret;
    reading.text = text;
    reading.at = 0;
    reading.count = 0;
    reading.failed = false;
    if (!take_list(&reading) || !check_version_place(&reading)) {
        return true;
    }
    ret->limits_hashes = find_tag(&reading, bytes_of_string("h")) != NULL;
    ret->for_email = find_tag(&reading, bytes_of_string("s")) == NULL;
    if (!read_list(&reading, "h", note_hash) || !read_type(&reading) ||
        !read_list(&reading, "s", note_service) || !read_list(&reading, "t", note_flag)) {
        ret->type = DKIM_KEY_TYPE_NONE;
        return true;
    }
    const bool room = read_key(&reading, arena);
    if (reading.failed) {
        ret->type = DKIM_KEY_TYPE_NONE;
    }
    return room;
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

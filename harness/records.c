/* From zone text to records.
 *
 * Owner, TTL, class and type are read here; so is the generic form of RFC 3597 (`\# 4 c0000201`),
 * which every type may have. What remains, the data of a type on the list below, is handed to ldns
 * as one line. ldns tells no columns, so that each token's own place is kept beside it. */
#include "harness/records.h"

#include <ldns/ldns.h>
#include <string.h>

#include "base/values.h"
#include "harness/keyring.h"
#include "harness/zone_text.h"
#include "wire/rrtype.h"

/* Types whose data ldns reads soundly (IPSECKEY, for one, leaks memory there). */
static const uint16_t read_by_ldns[] = {
    RRTYPE_A,     RRTYPE_NS,         RRTYPE_CNAME,      RRTYPE_SOA,   RRTYPE_PTR,     RRTYPE_HINFO,
    RRTYPE_MINFO, RRTYPE_MX,         RRTYPE_TXT,        RRTYPE_RP,    RRTYPE_AFSDB,   RRTYPE_AAAA,
    RRTYPE_LOC,   RRTYPE_SRV,        RRTYPE_NAPTR,      RRTYPE_KX,    RRTYPE_CERT,    RRTYPE_DNAME,
    RRTYPE_DS,    RRTYPE_SSHFP,      RRTYPE_RRSIG,      RRTYPE_NSEC,  RRTYPE_DNSKEY,  RRTYPE_NSEC3,
    RRTYPE_TLSA,  RRTYPE_SMIMEA,     RRTYPE_NSEC3PARAM, RRTYPE_CDS,   RRTYPE_CDNSKEY, RRTYPE_CSYNC,
    RRTYPE_SVCB,  RRTYPE_OPENPGPKEY, RRTYPE_HTTPS,      RRTYPE_SPF,   RRTYPE_NID,     RRTYPE_L32,
    RRTYPE_L64,   RRTYPE_LP,         RRTYPE_EUI48,      RRTYPE_EUI64, RRTYPE_URI,     RRTYPE_CAA,
};

#define RRSIG_WORDS 8 /* before the signature (RFC 4034 3.2) */

/* More than ldns takes for one record: three buffers of 64 KiB, and some smaller ones. Where memory
 * runs out in its midst, ldns 1.8.3 ends the program by an assertion, or writes through a NULL. */
#define LDNS_OCTETS_MAX ((size_t)512 * 1024)

struct scribe {
    struct loader *loader;
    const struct yaml_node *node; /* the scalar being read */
    struct yaml_cursor cursor;    /* in it */
    const struct name *apex;
    struct record_list *list;
    struct name origin;
    ldns_rdf *ldns_origin;    /* of `origin`, made when first wanted */
    const struct name *owner; /* of the record before */
    uint32_t ttl;
    bool any_class;
    uint16_t rrclass; /* of the record, where any may be */
    struct zone_entry entry;
    struct zone_token expanded[ZONE_TEXT_TOKENS_MAX];
    char line[RECORDS_TEXT_MAX + 64];
};

/* --- telling --- */

static struct place place_at(struct scribe *scribe, size_t offset)
{
    return yaml_place_in(scribe->node, &scribe->loader->source, &scribe->cursor, offset);
}

static int shown(struct bytes text)
{
    return (int)(text.size < 80 ? text.size : 80);
}

static bool refuse(struct scribe *scribe, const struct zone_token *token, const char *sentence)
{
    diags_add(scribe->loader->diags, place_at(scribe, token->offset), "`%.*s`: %s",
              shown(token->text), (const char *)token->text.data, sentence);
    return false;
}

/* --- the list --- */

bool record_list_add(struct record_list *list, struct arena *arena,
                     const struct said_record *record)
{
    if (list->count == list->capacity) {
        const size_t capacity = list->capacity > 0 ? list->capacity * 2 : 8;
        struct said_record *items = ARENA_NEW_ARRAY(arena, struct said_record, capacity);
        if (items == NULL) {
            return false;
        }
        if (list->count > 0) {
            memcpy(items, list->items, list->count * sizeof *items);
        }
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->count++] = *record;
    return true;
}

bool record_list_has(const struct record_list *list, const struct name *owner, uint16_t type)
{
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i].rr.type == type && name_equal(list->items[i].rr.owner, owner)) {
            return true;
        }
    }
    return false;
}

/* --- data in the generic form --- */

/* Appends the digits of `token` to `data`; `*nibbles` counts on. */
static bool read_hex_token(const struct zone_token *token, uint8_t *data, size_t size,
                           size_t *nibbles)
{
    for (size_t i = 0; i < token->text.size; i++, (*nibbles)++) {
        const int value = value_hex_digit(token->text.data[i]);
        if (value < 0 || *nibbles / 2 >= size) {
            return false;
        }
        const unsigned shift = *nibbles % 2 == 0 ? 4 : 0;
        data[*nibbles / 2] |= (uint8_t)((unsigned)value << shift);
    }
    return true;
}

/* Reads `\# <octets> <hex>…` from token `at` on. */
static bool read_generic(struct scribe *scribe, size_t at, struct bytes *ret)
{
    const struct zone_entry *entry = &scribe->entry;
    const struct zone_token *mark = &entry->tokens[at];
    uint64_t size;
    if (at + 1 >= entry->count || !value_integer(entry->tokens[at + 1].text, &size) ||
        size > RDATA_OCTETS_MAX) {
        return refuse(scribe, mark, "a number of octets, 0 to 65535, must follow, then hex digits");
    }
    uint8_t *data = arena_alloc(scribe->loader->arena, (size_t)size);
    if (data == NULL) {
        return loader_exhausted(scribe->loader);
    }
    size_t nibbles = 0;
    for (size_t i = at + 2; i < entry->count; i++) {
        if (!read_hex_token(&entry->tokens[i], data, (size_t)size, &nibbles)) {
            return refuse(scribe, &entry->tokens[i],
                          "hex digits were expected here, and no more than the number says");
        }
    }
    if (nibbles != size * 2) {
        return refuse(scribe, &entry->tokens[at + 1], "there are fewer hex digits than this says");
    }
    *ret = bytes_of(data, (size_t)size);
    return true;
}

/* --- data as ldns reads it --- */

static bool is_read_by_ldns(uint16_t type)
{
    for (size_t i = 0; i < sizeof read_by_ldns / sizeof read_by_ldns[0]; i++) {
        if (read_by_ldns[i] == type) {
            return true;
        }
    }
    return false;
}

/* How many octets the text between quotes (or a bare word) stands for. */
static size_t string_octets(struct bytes text)
{
    size_t octets = 0;
    for (size_t i = 0; i < text.size; octets++) {
        const bool escape = text.data[i] == '\\' && i + 1 < text.size;
        const bool digits = escape && text.data[i + 1] >= '0' && text.data[i + 1] <= '9';
        i += digits ? 4 : escape ? 2 : 1;
    }
    return octets;
}

static bool is_quoted(struct bytes text)
{
    return text.size >= 2 && text.data[0] == '"';
}

/* Every string of TXT data must fit a length octet; and an unquoted `;` is never meant. */
static bool check_strings(struct scribe *scribe, size_t at)
{
    const struct zone_entry *entry = &scribe->entry;
    for (size_t i = at; i < entry->count; i++) {
        struct bytes text = entry->tokens[i].text;
        if (is_quoted(text)) {
            text = bytes_of(text.data + 1, text.size - 2);
        }
        const size_t octets = string_octets(text);
        if (octets > 255) {
            struct diag *diag = diags_add(
                scribe->loader->diags, place_at(scribe, entry->tokens[i].offset),
                "a string of a TXT record holds 255 octets at most, this one has %zu", octets);
            diags_hint(diag, "split it in two: \"first 255 octets\" \"the rest\"");
            return false;
        }
    }
    if (entry->glued > 0) {
        struct diag *diag = diags_add(scribe->loader->diags, place_at(scribe, entry->glued - 1),
                                      "this `;` begins a comment and cuts the text short");
        diags_hint(diag, "put the text into quotes");
        return false;
    }
    return true;
}

/* Where data is taken as it was written, a signature may be cut short, or missing: the line is
 * given the base64 that ldns wants, and read_data takes away what that adds. */
static void complete_signature(const struct scribe *scribe, uint16_t type, size_t at,
                               struct text *line)
{
    const struct zone_entry *entry = &scribe->entry;
    size_t digits = 0;
    if (!scribe->any_class || type != RRTYPE_RRSIG || entry->count < at + RRSIG_WORDS) {
        return;
    }
    for (size_t i = at + RRSIG_WORDS; i < entry->count; i++) {
        digits += entry->tokens[i].text.size;
    }
    text_put(line, digits == 0 ? " AA==" : digits % 4 == 3 ? "=" : digits % 4 == 2 ? "==" : "");
}

/* Writes "x. 0 IN <type> <tokens>" into the scribe's line. */
static bool write_line(struct scribe *scribe, uint16_t type, size_t at)
{
    const struct zone_entry *entry = &scribe->entry;
    struct text line = text_in(scribe->line, sizeof scribe->line);
    text_put(&line, "x. 0 IN ");
    rrtype_put(&line, type);
    for (size_t i = at; i < entry->count; i++) {
        text_put_char(&line, ' ');
        text_put_bytes(&line, entry->tokens[i].text);
    }
    complete_signature(scribe, type, at, &line);
    if (line.overflow) {
        return refuse(scribe, &entry->tokens[at],
                      "this record's data is too long as text; write it as \\# and hex");
    }
    return true;
}

static ldns_rdf *origin_of(struct scribe *scribe)
{
    if (scribe->ldns_origin == NULL) {
        scribe->ldns_origin =
            ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, scribe->origin.size, scribe->origin.octets);
    }
    return scribe->ldns_origin;
}

/* Copies the data of `rr` into the arena. */
static bool copy_rdata(struct scribe *scribe, const ldns_rr *rr, struct bytes *ret)
{
    size_t size = 0;
    for (size_t i = 0; i < ldns_rr_rd_count(rr); i++) {
        size += ldns_rdf_size(ldns_rr_rdf(rr, i));
    }
    uint8_t *data = arena_alloc(scribe->loader->arena, size);
    if (data == NULL) {
        return loader_exhausted(scribe->loader);
    }
    *ret = bytes_of(data, size);
    for (size_t i = 0; i < ldns_rr_rd_count(rr); i++) {
        const ldns_rdf *field = ldns_rr_rdf(rr, i);
        const size_t field_size = ldns_rdf_size(field);
        if (field_size > 0) { /* an empty CAA value has no octets anywhere */
            memcpy(data, ldns_rdf_data(field), field_size);
        }
        data += field_size;
    }
    return true;
}

/* What ldns could not read, in words for `type`. */
static bool tell_bad_data(struct scribe *scribe, uint16_t type, size_t at, ldns_status status)
{
    char name[32];
    struct text mnemonic = text_in(name, sizeof name);
    rrtype_put(&mnemonic, type);
    const struct zone_token *token = &scribe->entry.tokens[at];
    const struct place place = place_at(scribe, token->offset);
    if (type == RRTYPE_A || type == RRTYPE_AAAA) {
        diags_add(scribe->loader->diags, place, "`%.*s` is not an IPv%c address",
                  shown(token->text), (const char *)token->text.data, type == RRTYPE_A ? '4' : '6');
    } else {
        diags_add(scribe->loader->diags, place, "data of type %s cannot be read: %s", name,
                  ldns_get_errorstr_by_id(status));
    }
    return false;
}

static bool read_with_ldns(struct scribe *scribe, uint16_t type, size_t at, struct bytes *ret)
{
    ldns_rdf *origin = arena_could_take(LDNS_OCTETS_MAX) ? origin_of(scribe) : NULL;
    if (origin == NULL) {
        return loader_exhausted(scribe->loader);
    }
    if (!write_line(scribe, type, at)) {
        return false;
    }
    ldns_rr *rr = NULL;
    const ldns_status status = ldns_rr_new_frm_str(&rr, scribe->line, 0, origin, NULL);
    if (status != LDNS_STATUS_OK) {
        return tell_bad_data(scribe, type, at, status);
    }
    const bool fine = copy_rdata(scribe, rr, ret);
    if (fine && scribe->any_class && type == RRTYPE_RRSIG &&
        scribe->entry.count == at + RRSIG_WORDS) {
        ret->size--; /* of the signature that is not there */
    }
    ldns_rr_free(rr);
    return fine;
}

/* --- one record --- */

static bool is_generic(const struct zone_token *token)
{
    return bytes_are(token->text, "\\#");
}

/* Reads the data, which begins at token `at`; `type_token` names the type. */
static bool read_data(struct scribe *scribe, uint16_t type, size_t at, struct bytes *ret)
{
    const struct zone_token *type_token = &scribe->entry.tokens[at - 1];
    if (at >= scribe->entry.count) {
        return refuse(scribe, type_token, "the record ends here, its data is missing");
    }
    const bool strings = type == RRTYPE_TXT || type == RRTYPE_SPF;
    if (is_generic(&scribe->entry.tokens[at])) {
        if (!read_generic(scribe, at, ret)) {
            return false;
        }
    } else if (!is_read_by_ldns(type)) {
        return refuse(scribe, type_token,
                      "data of this type is written as \\#, the number of octets, and hex digits");
    } else if ((strings && !check_strings(scribe, at)) || !read_with_ldns(scribe, type, at, ret)) {
        return false;
    }
    if (!scribe->any_class && !rdata_is_sound(type, *ret)) {
        return refuse(scribe, &scribe->entry.tokens[at], "this is not sound data of the type");
    }
    return true;
}

/* Reads the owner from the first token, or takes the one before. */
static bool read_owner(struct scribe *scribe, size_t *at)
{
    const struct zone_token *token = &scribe->entry.tokens[0];
    if (scribe->entry.starts_blank) {
        *at = 0;
        return scribe->owner != NULL ||
               refuse(scribe, token, "the first record needs an owner name before this");
    }
    struct name *owner = ARENA_NEW(scribe->loader->arena, struct name);
    if (owner == NULL) {
        return loader_exhausted(scribe->loader);
    }
    const struct place place = place_at(scribe, token->offset);
    if (!loader_name(scribe->loader, token->text, place, &scribe->origin, owner)) {
        return false;
    }
    *at = 1;
    if (!name_is_at_or_below(owner, scribe->apex)) {
        return refuse(scribe, token, "this name is not in the zone");
    }
    scribe->owner = owner;
    return true;
}

/* Reads the class, if `token` is one; only IN may be. */
static bool read_class(struct scribe *scribe, const struct zone_token *token, bool *ret_is_class)
{
    uint16_t rrclass;
    *ret_is_class = rrclass_parse(token->text, &rrclass) && !bytes_are(token->text, "ANY") &&
                    !bytes_are(token->text, "any");
    if (*ret_is_class && scribe->any_class) {
        scribe->rrclass = rrclass;
        return true;
    }
    return !*ret_is_class || rrclass == RRCLASS_IN ||
           refuse(scribe, token, "only the class IN is served");
}

static void tell_unknown_type(struct scribe *scribe, const struct zone_token *token)
{
    struct spelling spelling = spelling_of(token->text);
    size_t count;
    const struct rrtype *rows = rrtype_rows(&count);
    for (size_t i = 0; i < count; i++) {
        spelling_offer(&spelling, rows[i].mnemonic);
    }
    struct diag *diag = diags_add(scribe->loader->diags, place_at(scribe, token->offset),
                                  "`%.*s` is no RR type; a record is: name, TTL, type, data",
                                  shown(token->text), (const char *)token->text.data);
    if (scribe->entry.starts_blank) {
        diags_hint(diag, "this line begins with a space, so its name is the one before");
    } else if (spelling.best != NULL) {
        diags_hint(diag, "did you mean %s?", spelling.best);
    }
}

/* Reads [TTL] [class] TYPE in any order, type last; `*at` moves past the type. */
static bool read_header(struct scribe *scribe, size_t *at, uint32_t *ret_ttl, uint16_t *ret_type)
{
    *ret_ttl = scribe->ttl;
    for (; *at < scribe->entry.count; (*at)++) {
        const struct zone_token *token = &scribe->entry.tokens[*at];
        bool is_class;
        if (value_ttl(token->text, ret_ttl)) {
            continue;
        }
        if (!read_class(scribe, token, &is_class)) {
            return false;
        }
        if (is_class) {
            continue;
        }
        if (!rrtype_parse(token->text, ret_type)) {
            tell_unknown_type(scribe, token);
            return false;
        }
        (*at)++;
        return !rrtype_is_meta(*ret_type) ||
               refuse(scribe, token, "records of this type are never data of a zone");
    }
    return refuse(scribe, &scribe->entry.tokens[scribe->entry.count - 1],
                  "the record ends here; it is: name, TTL, type, data");
}

static bool read_record(struct scribe *scribe)
{
    struct said_record record = {.rr = {.rrclass = RRCLASS_IN}};
    size_t at = 0;
    scribe->rrclass = RRCLASS_IN;
    if (!read_owner(scribe, &at) || !read_header(scribe, &at, &record.rr.ttl, &record.rr.type) ||
        !read_data(scribe, record.rr.type, at, &record.rr.rdata)) {
        return false;
    }
    if (scribe->list->count >= RECORDS_OF_A_FILE_MAX) {
        return refuse(scribe, &scribe->entry.tokens[0], "too many records in one zone");
    }
    record.rr.owner = scribe->owner;
    record.rr.rrclass = scribe->rrclass;
    record.place = place_at(scribe, scribe->entry.tokens[0].offset);
    return record_list_add(scribe->list, scribe->loader->arena, &record) ||
           loader_exhausted(scribe->loader);
}

/* --- directives --- */

static void forget_ldns_origin(struct scribe *scribe)
{
    if (scribe->ldns_origin != NULL) {
        ldns_rdf_deep_free(scribe->ldns_origin);
        scribe->ldns_origin = NULL;
    }
}

static bool read_origin(struct scribe *scribe, const struct zone_token *token)
{
    struct name origin;
    if (!loader_name(scribe->loader, token->text, place_at(scribe, token->offset), &scribe->origin,
                     &origin)) {
        return false;
    }
    scribe->origin = origin;
    forget_ldns_origin(scribe);
    return true;
}

static bool read_directive(struct scribe *scribe)
{
    const struct zone_token *token = &scribe->entry.tokens[0];
    if (bytes_are(token->text, "$INCLUDE") || bytes_are(token->text, "$GENERATE")) {
        return refuse(scribe, token, "this directive is not supported; write the records out");
    }
    const bool origin = bytes_are(token->text, "$ORIGIN");
    if (!origin && !bytes_are(token->text, "$TTL")) {
        return refuse(scribe, token, "unknown directive; $TTL and $ORIGIN are supported");
    }
    if (scribe->entry.count != 2) {
        return refuse(scribe, token, "this directive takes one value");
    }
    if (origin) {
        return read_origin(scribe, &scribe->entry.tokens[1]);
    }
    return value_ttl(scribe->entry.tokens[1].text, &scribe->ttl) ||
           refuse(scribe, &scribe->entry.tokens[1], "this is not a TTL");
}

/* --- whole texts --- */

/* Puts the public halves of keys where the entry refers to them. */
static bool expand_token(struct scribe *scribe, const struct zone_token *token, size_t *count)
{
    static const struct keyring none = {.count = 0};
    const struct keyring *ring = scribe->loader->keyring;
    struct zone_token *at = &scribe->expanded[*count];
    size_t grown = 1;
    if (*count == ZONE_TEXT_TOKENS_MAX) {
        return refuse(scribe, token, "too many words in one record");
    }
    *at = *token;
    if (keyring_is_wanted(token->text)) {
        grown = keyring_expand(scribe->loader, ring != NULL ? ring : &none, token->text,
                               place_at(scribe, token->offset), at, ZONE_TEXT_TOKENS_MAX - *count);
    }
    for (size_t i = 0; i < grown; i++) {
        at[i].offset = token->offset;
    }
    *count += grown;
    return grown > 0;
}

static bool expand_keys(struct scribe *scribe)
{
    struct zone_entry *entry = &scribe->entry;
    size_t count = 0;
    bool is_wanted = false;
    for (size_t i = 0; i < entry->count; i++) {
        is_wanted = is_wanted || keyring_is_wanted(entry->tokens[i].text);
    }
    for (size_t i = 0; is_wanted && i < entry->count; i++) {
        if (!expand_token(scribe, &entry->tokens[i], &count)) {
            return false;
        }
    }
    if (is_wanted) {
        memcpy(entry->tokens, scribe->expanded, count * sizeof *entry->tokens);
        entry->count = count;
    }
    return true;
}

static bool read_entry(struct scribe *scribe)
{
    if (!expand_keys(scribe)) {
        return false;
    }
    const struct zone_token *token = &scribe->entry.tokens[0];
    return token->text.data[0] == '$' ? read_directive(scribe) : read_record(scribe);
}

static bool read_text(struct scribe *scribe, const struct yaml_node *node)
{
    scribe->node = node;
    scribe->cursor = (struct yaml_cursor){0};
    struct zone_text text = zone_text_of(node->scalar);
    bool fine = true;
    for (;;) {
        if (zone_text_next(&text, &scribe->entry)) {
            fine = read_entry(scribe) && fine;
        } else if (text.error != NULL) {
            diags_add(scribe->loader->diags, place_at(scribe, text.error_offset), "%s", text.error);
            fine = false;
        } else {
            return fine;
        }
    }
}

static bool read_lines(struct scribe *scribe, const struct yaml_node *list)
{
    bool fine = true;
    for (const struct yaml_node *item = list->first; item != NULL; item = item->next) {
        fine =
            loader_need_scalar(scribe->loader, item, "a record") && read_text(scribe, item) && fine;
    }
    return fine;
}

/* A scribe at the start of a text; NULL (told) if there is no memory for one. */
static struct scribe *scribe_for(struct loader *loader, const struct name *apex, uint32_t ttl,
                                 struct record_list *list)
{
    if (loader->scribe == NULL) {
        loader->scribe = ARENA_NEW(loader->arena, struct scribe);
    }
    struct scribe *scribe = loader->scribe;
    if (scribe == NULL) {
        loader_exhausted(loader);
        return NULL;
    }
    scribe->loader = loader;
    scribe->apex = apex;
    scribe->list = list;
    scribe->owner = NULL;
    scribe->ttl = ttl;
    scribe->any_class = false;
    name_copy(&scribe->origin, apex);
    return scribe;
}

bool records_read_line(struct loader *loader, struct bytes line, struct place place,
                       const struct name *origin, uint32_t ttl, struct record_list *list)
{
    const struct yaml_node node = {.kind = YAML_SCALAR, .place = place, .scalar = line};
    struct scribe *scribe = scribe_for(loader, name_root(), ttl, list);
    if (scribe == NULL) {
        return false;
    }
    scribe->any_class = true;
    name_copy(&scribe->origin, origin);
    const bool fine = read_text(scribe, &node);
    forget_ldns_origin(scribe);
    return fine;
}

bool records_read(struct loader *loader, const struct yaml_node *node, const struct name *apex,
                  uint32_t ttl, struct record_list *list)
{
    if (node->kind == YAML_MAPPING) {
        return loader_wrong_kind(loader, node, "records", "zone text (|) or a list of records");
    }
    if (node->kind == YAML_SCALAR && node->style == YAML_FOLDED) {
        diags_add(loader->diags, node->place,
                  "`>` joins the lines of the zone text; write `|` instead");
        return false;
    }
    struct scribe *scribe = scribe_for(loader, apex, ttl, list);
    if (scribe == NULL) {
        return false;
    }
    const bool fine =
        node->kind == YAML_SCALAR ? read_text(scribe, node) : read_lines(scribe, node);
    forget_ldns_origin(scribe);
    return fine;
}

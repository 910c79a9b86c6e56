/* How records are mistyped, mangled by forms and spoiled by copying. */
#include "sim/entry.h"

#include <string.h>

#include "base/text.h"
#include "wire/rrtype.h"

#define STRING_OCTETS_MAX 255 /* of one character-string (RFC 1035 3.3) */

/* --- what rows share --- */

/* A name that outlives the call; NULL if the arena is exhausted. */
static const struct name *keep_name(struct arena *arena, const struct name *name)
{
    struct name *kept = ARENA_NEW(arena, struct name);
    if (kept != NULL) {
        name_copy(kept, name);
    }
    return kept;
}

/* Gives the record another owner. */
static size_t move_to(struct rr *record, const struct name *owner, struct arena *arena)
{
    record->owner = keep_name(arena, owner);
    return record->owner != NULL;
}

/* Gives the record, which is all target or has only numbers before it, another target. */
static size_t lead_to(struct rr *record, const struct name *target, struct arena *arena)
{
    struct name old;
    rdata_target(record->type, record->rdata, &old);
    const size_t head = record->rdata.size - old.size;
    uint8_t *rdata = arena_alloc(arena, head + target->size);
    if (rdata == NULL) {
        return 0;
    }
    memcpy(rdata, record->rdata.data, head);
    memcpy(rdata + head, target->octets, target->size);
    record->rdata = bytes_of(rdata, head + target->size);
    return 1;
}

/* True for the types whose data end in their target. */
static bool has_target(const struct rr *record, struct name *ret)
{
    const bool fits = record->type == RRTYPE_CNAME || record->type == RRTYPE_MX ||
                      record->type == RRTYPE_NS || record->type == RRTYPE_SRV;
    return fits && rdata_target(record->type, record->rdata, ret);
}

/* --- where a record ends up --- */

static size_t enter_doubled(const struct entry_row *row, const struct name *apex,
                            struct arena *arena, struct rr records[static ENTRY_RECORDS_MAX])
{
    (void)row;
    struct name owner;
    return name_replace_suffix(records->owner, name_root(), apex, &owner)
               ? move_to(records, &owner, arena)
               : 0;
}

static size_t enter_below_www(const struct entry_row *row, const struct name *apex,
                              struct arena *arena, struct rr records[static ENTRY_RECORDS_MAX])
{
    (void)row;
    struct name www;
    struct name owner;
    return name_child(apex, bytes_of_string("www"), &www) &&
                   name_replace_suffix(records->owner, apex, &www, &owner)
               ? move_to(records, &owner, arena)
               : 0;
}

static size_t enter_at_apex(const struct entry_row *row, const struct name *apex,
                            struct arena *arena, struct rr records[static ENTRY_RECORDS_MAX])
{
    (void)row;
    return move_to(records, apex, arena);
}

/* What becomes of one label; nothing (empty) if it is left out. `index` counts from the left. */
typedef struct bytes label_edit(struct bytes label, size_t index);

/* Rebuilds the owner from the apex on, label by label. */
static size_t enter_edited(struct rr *record, const struct name *apex, label_edit *edit,
                           struct arena *arena)
{
    struct name owner;
    struct name built;
    name_copy(&owner, apex);
    for (uint8_t labels = apex->labels + 1; labels <= record->owner->labels; labels++) {
        const struct bytes wire = name_suffix_bytes(record->owner, labels);
        const struct bytes label =
            edit(bytes_of(wire.data + 1, wire.data[0]), record->owner->labels - labels);
        if (label.size > 0) {
            if (!name_child(&owner, label, &built)) {
                return 0;
            }
            name_copy(&owner, &built);
        }
    }
    return move_to(record, &owner, arena);
}

static struct bytes without_underscore(struct bytes label, size_t index)
{
    (void)index;
    return label.size > 0 && label.data[0] == '_' ? bytes_after(label, 1) : label;
}

static struct bytes without_domainkey(struct bytes label, size_t index)
{
    (void)index;
    return bytes_are(label, "_domainkey") ? bytes_of(NULL, 0) : label;
}

static struct bytes without_first(struct bytes label, size_t index)
{
    return index == 0 ? bytes_of(NULL, 0) : label;
}

static size_t enter_no_underscore(const struct entry_row *row, const struct name *apex,
                                  struct arena *arena, struct rr records[static ENTRY_RECORDS_MAX])
{
    (void)row;
    return enter_edited(records, apex, without_underscore, arena);
}

static size_t enter_no_domainkey(const struct entry_row *row, const struct name *apex,
                                 struct arena *arena, struct rr records[static ENTRY_RECORDS_MAX])
{
    (void)row;
    return enter_edited(records, apex, without_domainkey, arena);
}

static size_t enter_no_selector(const struct entry_row *row, const struct name *apex,
                                struct arena *arena, struct rr records[static ENTRY_RECORDS_MAX])
{
    (void)row;
    return enter_edited(records, apex, without_first, arena);
}

/* The labels left of the apex with dots between them, which are then no separators any more. */
static size_t enter_one_label(const struct entry_row *row, const struct name *apex,
                              struct arena *arena, struct rr records[static ENTRY_RECORDS_MAX])
{
    (void)row;
    uint8_t label[NAME_OCTETS_MAX];
    struct name owner;
    const size_t size = (size_t)records->owner->size - apex->size;
    size_t next = 0; /* offset of the next length octet */
    if (size == 0) {
        return 1;
    }
    memcpy(label, records->owner->octets, size);
    while (next < size) {
        const size_t after = next + 1 + label[next];
        label[next] = '.';
        next = after;
    }
    return size - 1 <= LABEL_OCTETS_MAX && name_child(apex, bytes_of(label + 1, size - 1), &owner)
               ? move_to(records, &owner, arena)
               : 0;
}

/* --- where it leads to --- */

static size_t enter_missing_dot(const struct entry_row *row, const struct name *apex,
                                struct arena *arena, struct rr records[static ENTRY_RECORDS_MAX])
{
    (void)row;
    struct name target;
    struct name longer;
    if (!has_target(records, &target)) {
        return 1;
    }
    return name_replace_suffix(&target, name_root(), apex, &longer)
               ? lead_to(records, &longer, arena)
               : 0;
}

/* The final dot becomes a part of the last label, and the name a relative one. */
static size_t enter_escaped_dot(const struct entry_row *row, const struct name *apex,
                                struct arena *arena, struct rr records[static ENTRY_RECORDS_MAX])
{
    (void)row;
    struct name target;
    struct name last;
    struct name dotted;
    struct name longer;
    uint8_t label[LABEL_OCTETS_MAX + 1];
    if (!has_target(records, &target) || target.labels == 0) {
        return 1;
    }
    name_suffix(&target, 1, &last);
    const struct bytes plain = name_first_label(&last);
    memcpy(label, plain.data, plain.size);
    label[plain.size] = '.';
    return plain.size < LABEL_OCTETS_MAX &&
                   name_child(apex, bytes_of(label, plain.size + 1), &dotted) &&
                   name_replace_suffix(&target, &last, &dotted, &longer)
               ? lead_to(records, &longer, arena)
               : 0;
}

/* --- texts --- */

/* Puts `text` into TXT RDATA: strings of 255 octets and one with the rest. */
static size_t write_text(struct rr *record, struct bytes text, struct arena *arena)
{
    const size_t strings = text.size == 0 ? 1 : (text.size - 1) / STRING_OCTETS_MAX + 1;
    uint8_t *rdata = arena_alloc(arena, text.size + strings);
    if (rdata == NULL || text.size + strings > RDATA_OCTETS_MAX) {
        return 0;
    }
    uint8_t *at = rdata;
    for (size_t i = 0; i < strings; i++) {
        const size_t left = text.size - i * STRING_OCTETS_MAX;
        const size_t size = left < STRING_OCTETS_MAX ? left : STRING_OCTETS_MAX;
        *at++ = (uint8_t)size;
        if (size > 0) {
            memcpy(at, text.data + i * STRING_OCTETS_MAX, size);
        }
        at += size;
    }
    record->type = RRTYPE_TXT;
    record->rdata = bytes_of(rdata, text.size + strings);
    return 1;
}

/* The text of a TXT record, its strings joined, in the arena; false if there is none. */
static bool read_text(const struct rr *record, struct arena *arena, struct bytes *ret)
{
    uint8_t *text = arena_alloc(arena, record->rdata.size);
    const size_t size =
        text == NULL ? SIZE_MAX : rdata_txt_join(record->rdata, text, record->rdata.size);
    *ret = bytes_of(text, size == SIZE_MAX ? 0 : size);
    return size != SIZE_MAX;
}

static bool is_at(struct bytes text, size_t at, const char *word)
{
    const size_t size = strlen(word);
    return at + size <= text.size && memcmp(text.data + at, word, size) == 0;
}

/* Copies `text` into `out` with the row's changes inside it. */
static void put_edited(struct text *out, struct bytes text, const struct entry_text *edit)
{
    bool found = false;
    for (size_t at = 0; at < text.size;) {
        if (edit->every > 0 && at > 0 && at % edit->every == 0) {
            text_put(out, edit->put);
        }
        if (edit->find != NULL && (edit->all || !found) && is_at(text, at, edit->find)) {
            text_put(out, edit->put);
            at += strlen(edit->find);
            found = true;
            continue;
        }
        text_put_char(out, (char)text.data[at++]);
    }
}

static size_t length_of(const char *text)
{
    return text != NULL ? strlen(text) : 0;
}

/* No fewer octets than `text` has once it is edited. */
static size_t room_for(struct bytes text, const struct entry_text *edit)
{
    size_t places = edit->find != NULL ? 1 : 0;
    for (size_t i = 0; edit->find != NULL && edit->all && i < text.size; i++) {
        places += is_at(text, i, edit->find);
    }
    places += edit->every > 0 ? text.size / edit->every : 0;
    return length_of(edit->lead) + text.size + places * length_of(edit->put) +
           length_of(edit->trail) + 1;
}

static size_t enter_text(const struct entry_row *row, const struct name *apex, struct arena *arena,
                         struct rr records[static ENTRY_RECORDS_MAX])
{
    (void)apex;
    const struct entry_text *edit = &row->text;
    struct bytes text;
    if (records->type != RRTYPE_TXT) {
        return 1;
    }
    if (!read_text(records, arena, &text)) {
        return 0;
    }
    const size_t size_most = room_for(text, edit);
    char *room = arena_alloc(arena, size_most);
    if (room == NULL) {
        return 0;
    }
    struct text out = text_in(room, size_most);
    text_put(&out, edit->lead != NULL ? edit->lead : "");
    put_edited(&out, text, edit);
    text_put(&out, edit->trail != NULL ? edit->trail : "");
    const size_t size = edit->keep > 0 && out.size > edit->keep ? edit->keep : out.size;
    return write_text(records, bytes_of(room, size), arena);
}

static size_t enter_empty(const struct entry_row *row, const struct name *apex, struct arena *arena,
                          struct rr records[static ENTRY_RECORDS_MAX])
{
    (void)row;
    (void)apex;
    return records->type == RRTYPE_TXT ? write_text(records, bytes_of(NULL, 0), arena) : 1;
}

/* The first 255 octets stay, the rest becomes a record of its own. */
static size_t enter_split(const struct entry_row *row, const struct name *apex, struct arena *arena,
                          struct rr records[static ENTRY_RECORDS_MAX])
{
    (void)row;
    (void)apex;
    struct bytes text;
    if (records->type != RRTYPE_TXT) {
        return 1;
    }
    if (!read_text(records, arena, &text)) {
        return 0;
    }
    if (text.size <= STRING_OCTETS_MAX) {
        return 1;
    }
    records[1] = records[0];
    const bool fine = write_text(&records[0], bytes_of(text.data, STRING_OCTETS_MAX), arena) != 0 &&
                      write_text(&records[1], bytes_after(text, STRING_OCTETS_MAX), arena) != 0;
    return fine ? 2 : 0;
}

/* "k1._domainkey TXT v=DKIM1; …": the form's other fields stand before the value. */
static size_t enter_text_before(const struct entry_row *row, const struct name *apex,
                                struct arena *arena, struct rr records[static ENTRY_RECORDS_MAX])
{
    char lead[NAME_TEXT_MAX + sizeof " TXT "];
    struct text text = text_in(lead, sizeof lead);
    struct name host;
    if (!name_replace_suffix(records->owner, apex, name_root(), &host)) {
        return 0;
    }
    name_put(&text, &host);
    text.size -= text.size > 1; /* the final dot */
    text_put(&text, " TXT ");
    struct entry_row edited = *row;
    edited.text = (struct entry_text){.lead = lead};
    return enter_text(&edited, apex, arena, records);
}

#define SPKI_CHARACTERS 32 /* of base64: the 24 octets before a 2048-bit key's own structure */

/* The octets of a SubjectPublicKeyInfo before the RSAPublicKey inside it are left out. */
static size_t enter_pkcs1(const struct entry_row *row, const struct name *apex, struct arena *arena,
                          struct rr records[static ENTRY_RECORDS_MAX])
{
    (void)row;
    (void)apex;
    struct bytes text;
    if (records->type != RRTYPE_TXT) {
        return 1;
    }
    if (!read_text(records, arena, &text)) {
        return 0;
    }
    size_t at = 0;
    while (at < text.size && !is_at(text, at, "p=")) {
        at++;
    }
    at += 2;
    if (at + SPKI_CHARACTERS > text.size) {
        return 1;
    }
    uint8_t *shorter = arena_alloc(arena, text.size - SPKI_CHARACTERS);
    if (shorter == NULL) {
        return 0;
    }
    memcpy(shorter, text.data, at);
    memcpy(shorter + at, text.data + at + SPKI_CHARACTERS, text.size - at - SPKI_CHARACTERS);
    return write_text(records, bytes_of(shorter, text.size - SPKI_CHARACTERS), arena);
}

/* --- both fields --- */

/* A CNAME's target as the text of a TXT record, without its final dot. */
static size_t enter_target_as_text(const struct entry_row *row, const struct name *apex,
                                   struct arena *arena, struct rr records[static ENTRY_RECORDS_MAX])
{
    (void)row;
    (void)apex;
    char room[NAME_TEXT_MAX];
    struct text text = text_in(room, sizeof room);
    struct name target;
    if (!has_target(records, &target)) {
        return 1;
    }
    name_put(&text, &target);
    return write_text(records, bytes_of(room, text.size > 1 ? text.size - 1 : text.size), arena);
}

/* The value in the name's field, where the zone's name is added, and the name in the value's. */
static size_t enter_swapped(const struct entry_row *row, const struct name *apex,
                            struct arena *arena, struct rr records[static ENTRY_RECORDS_MAX])
{
    (void)row;
    struct name target;
    struct name owner;
    const struct name *typed = records->owner;
    if (!has_target(records, &target)) {
        return 1;
    }
    return name_replace_suffix(&target, name_root(), apex, &owner) &&
                   move_to(records, &owner, arena) != 0
               ? lead_to(records, typed, arena)
               : 0;
}

/* --- the table --- */

const struct entry_row entry_rows[] = {
    {
        .name = "doubled-zone",
        .doc = "The name was typed in full, and the form added the zone's name (F10).",
        .evidence = "SES troubleshoot-verification; docs.sendgrid.com; help.klaviyo.com "
                    "4417768780827; postalserver/postal#677 (GoDaddy).",
        .enter = enter_doubled,
    },
    {
        .name = "missing-dot",
        .doc = "The target was typed without its final dot, and so the zone's name came behind it "
               "(F11).",
        .evidence = "docs.hetzner.com networking/dns/faq/records; DVE-2017-0019; "
                    "support.squarespace.com 206541757.",
        .enter = enter_missing_dot,
    },
    {
        .name = "escaped-dot",
        .doc = "The target was typed with a final dot where the form wants none: the dot became "
               "part of the last label, and the zone's name came behind it (F12).",
        .evidence = "SimpleLogin's dashboard/domain_detail/dns.html asks to remove the dot; the "
                    "escaped form on the wire: assumed.",
        .enter = enter_escaped_dot,
    },
    {
        .name = "one-label",
        .doc = "The dots of the name became part of it, so that it is a single label (F12).",
        .evidence = "Assumed.",
        .enter = enter_one_label,
    },
    {
        .name = "target-as-text",
        .doc = "The CNAME's target became the text of a TXT record (F14).",
        .evidence = "What parsers make of it: measured; as a report: assumed.",
        .enter = enter_target_as_text,
    },
    {
        .name = "swapped-fields",
        .doc = "Name and target stand in each other's field (F14).",
        .evidence = "Assumed.",
        .enter = enter_swapped,
    },
    {
        .name = "no-domainkey",
        .doc = "_domainkey was left out of the name (F15).",
        .evidence = "SimpleLogin's template explains the form of the name.",
        .enter = enter_no_domainkey,
    },
    {
        .name = "no-selector",
        .doc = "The first label of the name was left out: the record is at _domainkey (F15).",
        .evidence = "As no-domainkey.",
        .enter = enter_no_selector,
    },
    {
        .name = "below-www",
        .doc = "The record was added to the sub-domain www (F15).",
        .evidence = "As no-domainkey.",
        .enter = enter_below_www,
    },
    {
        .name = "no-underscore",
        .doc = "The form took the underscore away (F16).",
        .evidence = "VegaDNS#22; froxlor#423; AlternC#407; OVH in StackExchange/dnscontrol#1640.",
        .enter = enter_no_underscore,
    },
    {
        .name = "apex-cname",
        .doc = "The record was added at the zone's own name (F20, F15).",
        .evidence = "RFC 1912 2.4; SparkPost's caveat.",
        .enter = enter_at_apex,
    },
    {
        .name = "split-records",
        .doc = "A text of more than 255 octets became two records instead of two strings (F35).",
        .evidence = "mail-in-a-box/mailinabox#1839; measured with five verifiers.",
        .enter = enter_split,
    },
    {
        .name = "truncated-key",
        .doc = "Only the first 255 octets of a text were kept (F37).",
        .evidence = "docker-mailserver#1035; wildduck#86; Pro/dkim-exchange#84; UniFi's limit of "
                    "255.",
        .enter = enter_text,
        .text = {.keep = STRING_OCTETS_MAX},
    },
    {
        .name = "literal-backslash",
        .doc = "Each ; of a text became \\; in the data (F38).",
        .evidence = "octodns#66 and #79; Pro/dkim-exchange#327; octodns-hetzner#19.",
        .enter = enter_text,
        .text = {.find = ";", .put = "\\;", .all = true},
    },
    {
        .name = "quotes-around",
        .doc = "The quotes around a text became part of it (F39).",
        .evidence = "mailauth#30 (one name server of two).",
        .enter = enter_text,
        .text = {.lead = "\"", .trail = "\""},
    },
    {
        .name = "quotes-inside",
        .doc = "The quotes between the strings of a text became part of it (F40).",
        .evidence = "filtermail#60.",
        .enter = enter_text,
        .text = {.every = STRING_OCTETS_MAX, .put = "\" \""},
    },
    {
        .name = "spaces-in-key",
        .doc = "A space came into a text after every 64 octets, where a line ended (F41).",
        .evidence = "rspamd#4149; hmailserver#382; jeboehm#229.",
        .enter = enter_text,
        .text = {.every = 64, .put = " "},
    },
    {
        .name = "non-ascii",
        .doc = "The spaces of a text became no-break spaces, as a web page shows them (F42).",
        .evidence = "What verifiers make of it: measured; as a report: assumed.",
        .enter = enter_text,
        .text = {.find = " ", .put = "\xc2\xa0", .all = true},
    },
    {
        .name = "typographic-quotes",
        .doc = "A word processor's quotes came along around a text (F43).",
        .evidence = "What verifiers make of it: measured; as a report: assumed.",
        .enter = enter_text,
        .text = {.lead = "\xe2\x80\x9c", .trail = "\xe2\x80\x9d"},
    },
    {
        .name = "pem-armour",
        .doc = "The key came with the lines that a PEM file has around it (F44).",
        .evidence = "What verifiers make of it: measured; as a report: assumed.",
        .enter = enter_text,
        .text = {.find = "p=",
                 .put = "p=-----BEGIN PUBLIC KEY-----",
                 .trail = "-----END PUBLIC KEY-----"},
    },
    {
        .name = "pkcs1-key",
        .doc = "A 2048-bit RSA key is an RSAPublicKey (PKCS #1), not a SubjectPublicKeyInfo (F45).",
        .evidence = "emersion/go-msgauth dkim/query.go accepts it; measured.",
        .enter = enter_pkcs1,
    },
    {
        .name = "duplicate-tag",
        .doc = "p= was typed before a key that had it already (F46).",
        .evidence = "What verifiers make of it: measured; as a report: assumed.",
        .enter = enter_text,
        .text = {.find = "p=", .put = "p=p="},
    },
    {
        .name = "text-before-version",
        .doc = "The record's name and type were pasted before its text (F47).",
        .evidence = "What verifiers make of it: measured; as a report: assumed.",
        .enter = enter_text_before,
    },
    {
        .name = "empty-record",
        .doc = "Nothing of a text was kept (F50).",
        .evidence = "What verifiers make of it: measured.",
        .enter = enter_empty,
    },
    {.name = NULL},
};

const struct entry_row *entry_find(struct bytes name)
{
    for (const struct entry_row *row = entry_rows; row->name != NULL; row++) {
        if (bytes_are(name, row->name)) {
            return row;
        }
    }
    return NULL;
}

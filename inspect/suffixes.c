/* Reading the list, and looking names up in it: every ancestor of a name may have a rule, or be the
 * parent of a wildcard one; the longest counts, exceptions before all. */
#include "inspect/suffixes.h"

#include "inspect/punycode.h"

#define PLACES_PER_RULE 2
#define PRIVATE_BEGINS  "BEGIN PRIVATE DOMAINS"

enum rule_kind { RULE_EXACT, RULE_WILDCARD, RULE_EXCEPTION };

struct suffix_rule {
    struct bytes owner; /* lower-cased wire form; of a wildcard without the asterisk */
    uint8_t kind;       /* enum rule_kind */
    uint8_t section;    /* enum suffix_section */
};

/* --- without a list --- */

/* Second labels below which countries' registries register domains (after publicsuffix.org, its
 * commonest; a country not known to do so has no such zone, and nothing is lost). */
static const char *const second_labels[] = {
    "ac",  "co", "com", "edu", "gob", "gov", "go",  "id",  "ltd", "me",
    "mil", "ne", "net", "nom", "or",  "org", "plc", "sch", NULL,
};

static uint8_t labels_without_list(const struct name *name)
{
    struct name zone;
    if (name->labels < 2 || name_suffix_bytes(name, 1).data[0] != 2) {
        return name->labels > 0;
    }
    name_suffix(name, 2, &zone);
    name_lower(&zone);
    for (size_t i = 0; second_labels[i] != NULL; i++) {
        if (bytes_are(name_first_label(&zone), second_labels[i])) {
            return 2;
        }
    }
    return 1;
}

/* --- reading --- */

/* The next line of `*text`; false at its end. */
static bool next_line(struct bytes *text, struct bytes *ret)
{
    size_t size = 0;
    while (size < text->size && text->data[size] != '\n') {
        size++;
    }
    *ret = bytes_of(text->data, size);
    if (text->size == 0) {
        return false;
    }
    *text = bytes_after(*text, size < text->size ? size + 1 : size);
    return true;
}

/* A rule ends at the first white space. */
static struct bytes first_word(struct bytes line)
{
    size_t size = 0;
    while (size < line.size && line.data[size] > ' ') {
        size++;
    }
    return bytes_of(line.data, size);
}

static bool contains(struct bytes text, const char *part)
{
    const struct bytes wanted = bytes_of_string(part);
    for (size_t at = 0; at + wanted.size <= text.size; at++) {
        if (bytes_equal(bytes_of(text.data + at, wanted.size), wanted)) {
            return true;
        }
    }
    return false;
}

/* The kind of a rule; its name is left in `*word`. */
static enum rule_kind take_kind(struct bytes *word)
{
    if (word->size > 1 && word->data[0] == '!') {
        *word = bytes_after(*word, 1);
        return RULE_EXCEPTION;
    }
    if (word->size > 2 && word->data[0] == '*' && word->data[1] == '.') {
        *word = bytes_after(*word, 2);
        return RULE_WILDCARD;
    }
    return RULE_EXACT;
}

static bool read_name(struct bytes word, struct name *ret)
{
    struct name raw;
    if (!name_parse_text(word, NULL, &raw, NULL)) {
        return false;
    }
    if (!punycode_encode_name(&raw, ret)) {
        name_copy(ret, &raw);
    }
    name_lower(ret);
    return ret->labels > 0;
}

/* The place of a rule, or where there is room for it. */
static size_t find_place(const struct suffix_list *list, struct bytes owner, enum rule_kind kind)
{
    size_t at = bytes_hash(owner, kind) & list->mask;
    while (list->places[at] != NULL &&
           (list->places[at]->kind != kind || !bytes_equal(list->places[at]->owner, owner))) {
        at = (at + 1) & list->mask;
    }
    return at;
}

static bool add_rule(struct suffix_list *list, struct arena *arena, struct bytes word,
                     enum suffix_section section)
{
    struct name name;
    const enum rule_kind kind = take_kind(&word);
    if (!read_name(word, &name)) {
        return true;
    }
    const size_t at = find_place(list, name_bytes(&name), kind);
    if (list->places[at] != NULL) {
        return true;
    }
    struct suffix_rule *rule = ARENA_NEW(arena, struct suffix_rule);
    if (rule == NULL) {
        return false;
    }
    *rule =
        (struct suffix_rule){arena_copy(arena, name_bytes(&name)), (uint8_t)kind, (uint8_t)section};
    list->places[at] = rule;
    list->count++;
    return rule->owner.data != NULL;
}

static size_t count_lines(struct bytes text)
{
    struct bytes line;
    size_t lines = 0;
    while (next_line(&text, &line)) {
        lines++;
    }
    return lines;
}

bool suffixes_read(struct bytes text, struct arena *arena, struct suffix_list *ret)
{
    struct bytes line;
    enum suffix_section section = SUFFIX_ICANN;
    size_t size = PLACES_PER_RULE;
    while (size < PLACES_PER_RULE * count_lines(text)) {
        size *= 2;
    }
    *ret = (struct suffix_list){
        .places = arena_alloc_array(arena, size, sizeof *ret->places),
        .mask = size - 1,
    };
    bool fits = ret->places != NULL;
    while (fits && next_line(&text, &line)) {
        const bool comment = line.size >= 2 && line.data[0] == '/' && line.data[1] == '/';
        if (comment && contains(line, PRIVATE_BEGINS)) {
            section = SUFFIX_PRIVATE;
        } else if (!comment) {
            fits = add_rule(ret, arena, first_word(line), section);
        }
    }
    return fits && ret->count > 0;
}

/* --- looking up --- */

static bool has_rule(const struct suffix_list *list, struct bytes owner, enum rule_kind kind,
                     enum suffix_section last)
{
    const struct suffix_rule *rule = list->places[find_place(list, owner, kind)];
    return rule != NULL && rule->section <= last;
}

/* What a wildcard stands below is a suffix too: the list does not say so, and those who read it
 * (Firefox, libpsl) do. */
static bool is_of_wildcard(const struct suffix_list *list, const struct name *name, uint8_t labels,
                           enum suffix_section last)
{
    return has_rule(list, name_suffix_bytes(name, labels), RULE_WILDCARD, last) ||
           has_rule(list, name_suffix_bytes(name, (uint8_t)(labels - 1)), RULE_WILDCARD, last);
}

uint8_t suffixes_labels(const struct suffix_list *list, const struct name *name,
                        enum suffix_section last)
{
    struct name lowered;
    if (list == NULL || name->labels == 0) {
        return labels_without_list(name);
    }
    name_copy(&lowered, name);
    name_lower(&lowered);
    for (uint8_t labels = lowered.labels; labels > 0; labels--) {
        const struct bytes owner = name_suffix_bytes(&lowered, labels);
        if (has_rule(list, owner, RULE_EXCEPTION, last)) {
            return (uint8_t)(labels - 1);
        }
        if (has_rule(list, owner, RULE_EXACT, last) ||
            is_of_wildcard(list, &lowered, labels, last)) {
            return labels;
        }
    }
    return 1; /* the rule "*", where no other fits */
}

bool suffixes_registered(const struct suffix_list *list, const struct name *name, struct name *ret)
{
    const uint8_t labels = suffixes_labels(list, name, SUFFIX_PRIVATE);
    if (labels >= name->labels) {
        return false;
    }
    name_suffix(name, (uint8_t)(labels + 1), ret);
    return true;
}

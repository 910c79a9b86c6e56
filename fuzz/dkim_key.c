/* DKIM key records: two octets of chance, then the record. What must hold: however the text is cut
 * into character-strings the same key comes of it; white space folded into a sound key changes
 * nothing; where something is wrong the place lies inside; what is told is clean. */
#include <assert.h>

#include "base/arena.h"
#include "fuzz/input.h"
#include "fuzz/target.h"
#include "mail/dkim_key.h"
#include "mail/dkim_tags.h"

#define RECORD_OCTETS_MAX ((size_t)8192)
#define STRINGS_MAX       64
#define ARENA_CEILING     ((size_t)1 << 20)
#define TEXT_OCTETS       ((size_t)1 << 16)

static void check_told(const struct dkim_key *key, struct bytes record)
{
    static char buffer[TEXT_OCTETS];
    struct text text = text_in(buffer, sizeof buffer);
    const bool is_sound = key->state == DKIM_KEY_FOUND || key->state == DKIM_KEY_REVOKED;
    assert(is_sound == (key->problem.damage == DKIM_DAMAGE_NONE));
    if (is_sound) {
        assert((key->state == DKIM_KEY_REVOKED) == (key->octets.size == 0));
        return;
    }
    assert(key->problem.at <= record.size);
    dkim_problem_put(&text, &key->problem);
    assert(text.size > 0 && dkim_damage_text(key->problem.damage) != NULL);
    check_clean(&text);
}

static void check_same(const struct dkim_key *a, const struct dkim_key *b)
{
    assert(a->state == b->state && a->type == b->type && a->bits == b->bits);
    assert(bytes_equal(a->octets, b->octets) && bytes_equal(a->text, b->text));
    assert(a->problem.damage == b->problem.damage && a->problem.at == b->problem.at);
    assert(a->testing == b->testing && a->for_email == b->for_email);
    assert(a->state != DKIM_KEY_FOUND || a->type == DKIM_KEY_TYPE_OTHER || dkim_key_same(a, b));
}

/* The same text as character-strings of `step` octets and one of what is left. */
static void check_chunked(const struct dkim_key *key, struct bytes record, size_t step,
                          struct arena *arena)
{
    struct bytes strings[STRINGS_MAX];
    struct dkim_key again;
    size_t count = 0;
    while (count + 1 < STRINGS_MAX && record.size > step) {
        strings[count++] = bytes_of(record.data, step);
        record = bytes_after(record, step);
    }
    strings[count++] = record;
    assert(dkim_key_parse_strings(strings, count, arena, &again));
    check_same(key, &again);
}

/* A line folded into the value of `p=`, which is allowed there (RFC 6376 3.6.1, base64string). */
static void check_folded(const struct dkim_key *key, struct bytes record, uint8_t chance,
                         struct arena *arena)
{
    static const char fold[] = "\r\n ";
    static uint8_t folded[RECORD_OCTETS_MAX + sizeof fold];
    static struct dkim_tags tags;
    const size_t size = sizeof fold - 1;
    struct dkim_key again;
    dkim_tags_read(record, &tags);
    const struct dkim_tag *tag = dkim_tags_find(&tags, "p");
    assert(tag != NULL && tag->value.size > 0);
    const size_t at = tag->value_at + chance % tag->value.size;
    if (dkim_is_space(record.data[at])) {
        return; /* it might part a CR from its LF */
    }
    memcpy(folded, record.data, at);
    memcpy(folded + at, fold, size);
    memcpy(folded + at + size, record.data + at, record.size - at);
    assert(dkim_key_parse(bytes_of(folded, record.size + size), arena, &again));
    assert(again.state == DKIM_KEY_FOUND && bytes_equal(key->octets, again.octets));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = input_of(data, size);
    const uint8_t step = input_u8(&input), chance = input_u8(&input);
    const struct bytes record = exact_copy(input_take(&input, RECORD_OCTETS_MAX));
    struct arena arena;
    struct dkim_key key;
    arena_init(&arena, ARENA_CEILING);
    if (dkim_key_parse(record, &arena, &key)) {
        check_told(&key, record);
        check_chunked(&key, record, (size_t)step + 1, &arena);
        if (key.state == DKIM_KEY_FOUND) {
            check_folded(&key, record, chance, &arena);
        }
    }
    if (dkim_key_parse_txt(record, &arena, &key)) {
        check_told(&key, key.text);
    }
    arena_free(&arena);
    exact_free(record);
    return 0;
}

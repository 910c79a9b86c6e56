/* See the header. */
#include "harness/keyring.h"

#include <assert.h>
#include <string.h>

#include "base/rng.h"
#include "harness/params_load.h"

#define KEY_FILE_OCTETS_MAX ((size_t)64 * 1024)
#define STRING_OCTETS_MAX   255 /* of a character-string, RFC 1035 3.3 */
#define KEYS_MAX            64

const struct param_spec keyring_params[] = {
    {.key = "rsa",
     .type = PARAM_INTEGER,
     .doc = "Make an RSA key pair with this many bits; 2048 take about a twentieth of a second.",
     .least = KEY_PAIR_BITS_MIN,
     .most = KEY_PAIR_BITS_MAX},
    {.key = "ed25519", .type = PARAM_BOOL, .doc = "Make an Ed25519 key pair (RFC 8463)."},
    {.key = "file",
     .type = PARAM_TEXT,
     .doc = "Read the private key, RSA or Ed25519, from a PEM file; the path is relative to the "
            "scenario's."},
    {.key = "seed",
     .type = PARAM_INTEGER,
     .doc = "Another number makes another key pair; this and the key's name fix it, on every "
            "machine.",
     .fallback = "1"},
    {.key = NULL},
};

/* --- loading --- */

/* `path` as seen from the directory of the scenario file. */
static const char *path_beside(struct loader *loader, const char *scenario, const char *path)
{
    const char *slash = strrchr(scenario, '/');
    const size_t directory = slash != NULL && path[0] != '/' ? (size_t)(slash - scenario) + 1 : 0;
    const size_t size = strlen(path) + 1;
    char *joined = arena_alloc(loader->arena, directory + size);
    if (joined == NULL) {
        loader_exhausted(loader);
        return NULL;
    }
    memcpy(joined, scenario, directory);
    memcpy(joined + directory, path, size);
    return joined;
}

/* Which of the three ways it is; false (told) if it is not one. */
static bool choose(struct loader *loader, const struct params *params, struct keyring_key *key)
{
    const struct param *rsa = params_find(params, "rsa");
    const struct param *ed25519 = params_find(params, "ed25519");
    const struct param *file = params_find(params, "file");
    key->is_ed25519 = ed25519 != NULL && ed25519->number == 1;
    if ((rsa != NULL) + key->is_ed25519 + (file != NULL) != 1) {
        diags_hint(diags_add(loader->diags, key->place,
                             "the key `%s` needs exactly one of rsa, ed25519 and file", key->name),
                   "%s: {rsa: 2048}", key->name);
        return false;
    }
    if (rsa != NULL && rsa->number % 8 != 0) {
        diags_add(loader->diags, rsa->place, "rsa: the number of bits must be a multiple of 8");
        return false;
    }
    key->bits = rsa != NULL ? (unsigned)rsa->number : 0;
    if (file != NULL) {
        key->file_at = file->place;
        key->file = path_beside(loader, key->place.file, (const char *)file->texts[0].data);
    }
    return file == NULL || key->file != NULL;
}

static bool is_word(struct bytes text)
{
    for (size_t i = 0; i < text.size; i++) {
        const uint8_t octet = text.data[i];
        const bool fine = (octet >= '0' && octet <= '9') || (octet >= 'a' && octet <= 'z') ||
                          (octet >= 'A' && octet <= 'Z') || octet == '-' || octet == '_';
        if (!fine) {
            return false;
        }
    }
    return text.size > 0;
}

static bool load_key(struct loader *loader, const struct yaml_node *node, struct keyring_key *key)
{
    const struct param_form form = {"a key", keyring_params, NULL};
    struct params params;
    key->place = node->key_place;
    key->name = (const char *)node->key.data;
    if (!is_word(node->key)) {
        diags_add(loader->diags, key->place, "a key's name has letters, digits, `-` and `_` only");
        return false;
    }
    if (!loader_need_mapping(loader, node, "a key") || !params_load(loader, &form, node, &params) ||
        !choose(loader, &params, key)) {
        return false;
    }
    struct rng rng;
    rng_seed(&rng, params_find(&params, "seed")->number, node->key);
    key->seed = rng_next(&rng);
    return true;
}

bool keyring_load(struct loader *loader, const struct yaml_node *node, struct keyring *ret)
{
    bool fine = loader_need_mapping(loader, node, "keys");
    size_t count = 0;
    for (const struct yaml_node *item = node->first; fine && item != NULL; item = item->next) {
        count++;
    }
    if (!fine || count > KEYS_MAX) {
        return fine &&
               (diags_add(loader->diags, node->place, "more than %d keys", KEYS_MAX), false);
    }
    ret->keys = ARENA_NEW_ARRAY(loader->arena, struct keyring_key, count + 1);
    if (ret->keys == NULL) {
        return loader_exhausted(loader);
    }
    ret->count = count;
    count = 0;
    for (const struct yaml_node *item = node->first; item != NULL; item = item->next) {
        struct keyring_key *key = &ret->keys[count++];
        *key = (struct keyring_key){0};
        key->is_bad = !load_key(loader, item, key);
        fine = fine && !key->is_bad;
    }
    return fine;
}

/* --- finding --- */

struct keyring_key *keyring_find(struct loader *loader, const struct keyring *ring,
                                 struct bytes name, struct place place)
{
    struct spelling spelling = spelling_of(name);
    for (size_t i = 0; i < ring->count; i++) {
        if (bytes_are(name, ring->keys[i].name)) {
            ring->keys[i].is_used = true;
            return &ring->keys[i];
        }
        spelling_offer(&spelling, ring->keys[i].name);
    }
    struct diag *diag =
        diags_add(loader->diags, place, "there is no key `%.*s` under `keys`",
                  (int)(name.size < SPELLING_WORD_MAX ? name.size : SPELLING_WORD_MAX),
                  (const char *)name.data);
    if (spelling.best != NULL) {
        diags_hint(diag, "did you mean `%s`?", spelling.best);
    }
    return NULL;
}

static bool read_pair(struct loader *loader, struct keyring_key *key)
{
    struct bytes pem;
    const char *error = NULL;
    const char *sentence = NULL;
    struct diag items[1];
    struct diags own = {.items = items, .capacity = 1};
    if (!source_read(key->file, KEY_FILE_OCTETS_MAX, loader->arena, &own, &pem)) {
        sentence = own.count > 0 ? items[0].sentence : "it cannot be read";
    } else if (!key_pair_read(pem, loader->arena, &key->pair, &error)) {
        sentence = error;
    }
    if (sentence != NULL) {
        diags_add(loader->diags, key->file_at, "%s: %s", key->file, sentence);
    }
    return sentence == NULL;
}

const struct key_pair *keyring_pair(struct loader *loader, struct keyring_key *key)
{
    if (!key->has_pair && !key->is_bad) {
        if (key->file != NULL) {
            key->has_pair = read_pair(loader, key);
        } else {
            key->has_pair =
                (key->is_ed25519
                     ? key_pair_make_ed25519(key->seed, loader->arena, &key->pair)
                     : key_pair_make_rsa(key->bits, key->seed, loader->arena, &key->pair)) ||
                loader_exhausted(loader);
        }
        key->is_bad = !key->has_pair;
    }
    return key->has_pair ? &key->pair : NULL;
}

void keyring_take_pairs(struct keyring *ring, const struct keyring *of)
{
    for (size_t i = 0; i < ring->count && i < of->count; i++) {
        if (of->keys[i].has_pair) {
            ring->keys[i].pair = of->keys[i].pair;
            ring->keys[i].has_pair = true;
        }
    }
}

void keyring_fill(struct loader *loader, const struct keyring *ring)
{
    struct diag items[1];
    struct diags unheard = {.items = items, .capacity = 1};
    struct diags *diags = loader->diags;
    loader->diags = &unheard;
    for (size_t i = 0; i < ring->count; i++) {
        struct keyring_key *key = &ring->keys[i];
        if (!key->is_bad && keyring_pair(loader, key) == NULL) {
            key->is_bad = false;
        }
    }
    loader->diags = diags;
}

/* --- in zone text --- */

/* A token being written as quoted strings of at most 255 octets. */
struct expansion {
    struct loader *loader;
    struct place place;
    struct zone_token *tokens;
    size_t count, capacity;
    uint8_t *at;          /* where the next octet goes; NULL: no string is open */
    const uint8_t *start; /* of the open string, its quote included */
    size_t octets;        /* of the open string as it will be served */
    bool fine;
};

bool keyring_is_wanted(struct bytes text)
{
    for (size_t i = 0; i + 1 < text.size; i++) {
        if (text.data[i] == '$' && text.data[i + 1] == '{') {
            return true;
        }
    }
    return false;
}

static void close_string(struct expansion *expansion)
{
    if (expansion->at != NULL) {
        *expansion->at++ = '"';
        expansion->tokens[expansion->count++].text =
            bytes_of(expansion->start, (size_t)(expansion->at - expansion->start));
        expansion->at = NULL;
    }
}

static void open_string(struct expansion *expansion)
{
    /* Every octet of a string is written with four characters at most (\DDD). */
    uint8_t *data = arena_alloc(expansion->loader->arena, 4 * STRING_OCTETS_MAX + 2);
    if (data == NULL || expansion->count == expansion->capacity) {
        expansion->fine = data != NULL ? (diags_add(expansion->loader->diags, expansion->place,
                                                    "too many words in one record"),
                                          false)
                                       : loader_exhausted(expansion->loader);
        return;
    }
    data[0] = '"';
    expansion->start = data;
    expansion->at = data + 1;
    expansion->octets = 0;
}

/* Adds one octet of the string, written as `text`. */
static void put_octet(struct expansion *expansion, struct bytes text)
{
    if (expansion->at != NULL && expansion->octets == STRING_OCTETS_MAX) {
        close_string(expansion);
    }
    if (expansion->at == NULL && expansion->fine) {
        open_string(expansion);
    }
    if (expansion->fine) {
        assert(expansion->at != NULL);
        memcpy(expansion->at, text.data, text.size);
        expansion->at += text.size;
        expansion->octets++;
    }
}

/* How many characters of `text` from `at` on stand for one octet. */
static size_t written_octets(struct bytes text, size_t at)
{
    if (text.data[at] != '\\' || at + 1 >= text.size) {
        return 1;
    }
    const bool is_number = text.data[at + 1] >= '0' && text.data[at + 1] <= '9';
    const size_t size = is_number ? 4 : 2;
    return at + size <= text.size ? size : text.size - at;
}

/* Reads the reference at `at`; returns the size of it, 0 if it is wrong (told). */
static size_t put_reference(struct expansion *expansion, const struct keyring *ring,
                            struct bytes text, size_t at)
{
    static const char opening[] = "${key:";
    const size_t head = sizeof opening - 1;
    const uint8_t *from = text.data + at;
    const uint8_t *end = memchr(from, '}', text.size - at);
    if (end == NULL || (size_t)(end - from) <= head || memcmp(from, opening, head) != 0) {
        diags_hint(diags_add(expansion->loader->diags, expansion->place,
                             "this reference is not understood"),
                   "${key:NAME} stands for a key's public half");
        return 0;
    }
    const struct bytes name = bytes_of(from + head, (size_t)(end - from) - head);
    struct keyring_key *key = keyring_find(expansion->loader, ring, name, expansion->place);
    const struct key_pair *pair = key != NULL ? keyring_pair(expansion->loader, key) : NULL;
    if (pair == NULL) {
        return 0;
    }
    for (size_t i = 0; i < pair->public_text.size; i++) {
        put_octet(expansion, bytes_of(pair->public_text.data + i, 1));
    }
    return (size_t)(end - from) + 1;
}

size_t keyring_expand(struct loader *loader, const struct keyring *ring, struct bytes text,
                      struct place place, struct zone_token *ret, size_t capacity)
{
    struct expansion expansion = {
        .loader = loader, .place = place, .tokens = ret, .capacity = capacity, .fine = true};
    if (text.size >= 2 && text.data[0] == '"') {
        text = bytes_of(text.data + 1, text.size - 2);
    }
    for (size_t at = 0; expansion.fine && at < text.size;) {
        size_t size = 0;
        if (at + 1 < text.size && text.data[at] == '$' && text.data[at + 1] == '{') {
            size = put_reference(&expansion, ring, text, at);
            expansion.fine = expansion.fine && size > 0;
        } else {
            size = written_octets(text, at);
            put_octet(&expansion, bytes_of(text.data + at, size));
        }
        at += size;
    }
    if (expansion.fine) {
        close_string(&expansion);
    }
    return expansion.fine ? expansion.count : 0;
}

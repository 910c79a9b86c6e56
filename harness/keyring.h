/* The keys of a scenario file (`keys:`), and their public halves in its zones: `${key:NAME}` inside
 * zone text stands for the base64 behind p=. A key is made or read when it is first wanted. */
#ifndef FAULTZONE_HARNESS_KEYRING_H
#define FAULTZONE_HARNESS_KEYRING_H

#include "harness/key_pair.h"
#include "harness/loader.h"
#include "harness/zone_text.h"

struct keyring_key {
    const char *name;
    struct place place;
    bool is_ed25519;
    unsigned bits; /* of an RSA key that is made; 0: none */
    uint64_t seed;
    const char *file;      /* its path as opened; NULL: the key is made */
    struct place file_at;  /* where the file is named */
    bool has_pair, is_bad; /* is_bad: told already */
    bool is_used;          /* in a zone, or by a step */
    struct key_pair pair;
};

struct keyring {
    struct keyring_key *keys;
    size_t count;
};

/* The keys of one entry under `keys:`; ended by a NULL key. */
extern const struct param_spec keyring_params[];

/* Loads `keys:`; paths are relative to the directory of the scenario file. False if anything was
 * wrong (told). The ring lives in the loader's arena. */
bool keyring_load(struct loader *loader, const struct yaml_node *node, struct keyring *ret);

/* The key called `name`; NULL and told at `place`, with a suggestion, if there is none. */
struct keyring_key *keyring_find(struct loader *loader, const struct keyring *ring,
                                 struct bytes name, struct place place);

/* The pair of `key`, made or read now if it has not been; NULL (told once) if it cannot be. */
const struct key_pair *keyring_pair(struct loader *loader, struct keyring_key *key);

/* Gives the keys of `ring` the pairs that those of `of` have, a ring of the same file; borrowed. */
void keyring_take_pairs(struct keyring *ring, const struct keyring *of);

/* Reads or makes all pairs now, in the loader's arena; those that cannot be are left as they were,
 * and what is wrong with them is told when they are wanted. */
void keyring_fill(struct loader *loader, const struct keyring *ring);

/* True if `text`, a token of zone text, has a `${`. */
bool keyring_is_wanted(struct bytes text);

/* The token `text`, which stands at `place`, with every `${key:NAME}` replaced: quoted, and several
 * if it grows beyond the 255 octets of a character-string (RFC 6376 3.6.2.2). Returns how many of
 * `ret` it took (their offsets are the caller's); 0 if a reference is wrong or there are more than
 * `capacity` (told). */
size_t keyring_expand(struct loader *loader, const struct keyring *ring, struct bytes text,
                      struct place place, struct zone_token *ret, size_t capacity);

#endif

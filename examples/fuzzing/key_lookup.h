/* What a mail server does with c-ares: fetch the key record of a DKIM signature. */
#ifndef KEY_LOOKUP_H
#define KEY_LOOKUP_H

#include <ares.h>
#include <stddef.h>

#define KEY_TEXT_MAX 1024 /* "no key is longer": RSA of 4096 bits takes some 740 */

enum key_state { KEY_ASKED, KEY_FOUND, KEY_MISSING, KEY_UNAVAILABLE };

struct key_lookup {
    enum key_state state;
    size_t size;
    char text[KEY_TEXT_MAX + 1]; /* of FOUND: the character-strings, joined (RFC 6376 3.6.2.2) */
};

/* Asks; `lookup` is settled by the time its state is no longer KEY_ASKED. */
void key_lookup_start(struct key_lookup *lookup, ares_channel channel, const char *name);

#endif

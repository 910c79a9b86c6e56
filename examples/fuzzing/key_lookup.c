/* The program under test. Compiled with -DMENDED it checks what it copies. */
#include "key_lookup.h"

#include <string.h>

#define CLASS_IN 1
#define TYPE_TXT 16

/* Appends one character-string; false if the record is longer than any key. */
static int append(struct key_lookup *lookup, const unsigned char *string, size_t length)
{
#ifdef MENDED
    if (length > KEY_TEXT_MAX - lookup->size) {
        return 0;
    }
#endif
    memcpy(lookup->text + lookup->size, string, length);
    lookup->size += length;
    lookup->text[lookup->size] = '\0';
    return 1;
}

/* The first record of the answer. */
static enum key_state take_record(struct key_lookup *lookup, const struct ares_txt_ext *strings)
{
    for (const struct ares_txt_ext *string = strings; string != NULL; string = string->next) {
        if (string != strings && string->record_start) {
            break;
        }
        if (!append(lookup, string->txt, string->length)) {
            return KEY_MISSING;
        }
    }
    return strings != NULL ? KEY_FOUND : KEY_MISSING;
}

static void take_answer(void *context, int status, int timeouts, unsigned char *answer, int size)
{
    struct key_lookup *lookup = context;
    struct ares_txt_ext *strings = NULL;
    (void)timeouts;
    if (status == ARES_SUCCESS) {
        status = ares_parse_txt_reply_ext(answer, size, &strings);
    }
    switch (status) {
    case ARES_SUCCESS: lookup->state = take_record(lookup, strings); break;
    case ARES_ENODATA:
    case ARES_ENOTFOUND: lookup->state = KEY_MISSING; break;
    default: lookup->state = KEY_UNAVAILABLE; break;
    }
    ares_free_data(strings);
}

void key_lookup_start(struct key_lookup *lookup, ares_channel channel, const char *name)
{
    lookup->state = KEY_ASKED;
    lookup->size = 0;
    ares_query(channel, name, CLASS_IN, TYPE_TXT, take_answer, lookup);
}

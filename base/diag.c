#include "base/diag.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/text.h"

/* Copies `raw` into `room` octets at `to`, escaping what a terminal might act on. UTF-8 passes
 * through escaped too: an error line stays ASCII whatever the file holds. */
static void escape_into(char *to, size_t room, const char *raw)
{
    struct text text = text_in(to, room);
    for (const char *at = raw; *at != '\0' && !text.overflow; at++) {
        const unsigned char octet = (unsigned char)*at;
        if (octet >= 0x20 && octet < 0x7f) {
            text_put_char(&text, *at);
        } else {
            text_put_escaped(&text, bytes_of(at, 1));
        }
    }
}

_Bool diag_set(struct diag *diag, struct place place, const char *format, ...)
{
    char raw[DIAG_SENTENCE_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(raw, sizeof raw, format, arguments);
    va_end(arguments);
    *diag = (struct diag){.place = place};
    escape_into(diag->sentence, sizeof diag->sentence, raw);
    return false;
}

void diag_hint(struct diag *diag, const char *format, ...)
{
    char raw[DIAG_HINT_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(raw, sizeof raw, format, arguments);
    va_end(arguments);
    escape_into(diag->hint, sizeof diag->hint, raw);
}

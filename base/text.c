#include "base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

struct text text_in(char *buffer, size_t capacity)
{
    assert(capacity > 0);
    buffer[0] = '\0';
    return (struct text){.data = buffer, .capacity = capacity};
}

void text_put_bytes(struct text *text, struct bytes view)
{
    const size_t room = text->capacity - 1 - text->size;
    if (text->overflow || view.size > room) {
        text->overflow = true;
        return;
    }
    if (view.size > 0) {
        memcpy(text->data + text->size, view.data, view.size);
    }
    text->size += view.size;
    text->data[text->size] = '\0';
}

void text_put(struct text *text, const char *string)
{
    text_put_bytes(text, bytes_of_string(string));
}

void text_put_char(struct text *text, char character)
{
    text_put_bytes(text, bytes_of(&character, 1));
}

void text_put_number(struct text *text, uint64_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    text_put_bytes(text, bytes_of(digits + at, sizeof digits - at));
}

void text_put_hex(struct text *text, struct bytes view)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < view.size; i++) {
        const char pair[2] = {digits[view.data[i] >> 4], digits[view.data[i] & 15]};
        text_put_bytes(text, bytes_of(pair, 2));
    }
}

void text_put_escaped(struct text *text, struct bytes view)
{
    for (size_t i = 0; i < view.size; i++) {
        const uint8_t octet = view.data[i];
        if (octet == '"' || octet == '\\') {
            const char pair[2] = {'\\', (char)octet};
            text_put_bytes(text, bytes_of(pair, 2));
        } else if (octet >= 0x20 && octet < 0x7f) {
            text_put_char(text, (char)octet);
        } else {
            const char code[4] = {'\\', (char)('0' + octet / 100), (char)('0' + octet / 10 % 10),
                                  (char)('0' + octet % 10)};
            text_put_bytes(text, bytes_of(code, 4));
        }
    }
}

void text_put_format(struct text *text, const char *format, ...)
{
    if (text->overflow) {
        return;
    }
    const size_t room = text->capacity - text->size;
    va_list arguments;
    va_start(arguments, format);
    const int written = vsnprintf(text->data + text->size, room, format, arguments);
    va_end(arguments);
    if (written < 0 || (size_t)written >= room) {
        text->overflow = true;
        text->data[text->size] = '\0';
        return;
    }
    text->size += (size_t)written;
}

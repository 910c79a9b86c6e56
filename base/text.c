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
    if (text->overflow || text->size + 1 >= text->capacity) {
        text->overflow = true;
        return;
    }
    text->data[text->size++] = character;
    text->data[text->size] = '\0';
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

static bool needs_escape(uint8_t octet)
{
    return octet == '"' || octet == '\\' || octet < 0x20 || octet >= 0x7f;
}

/* Whole, or not at all where it finds no room. */
static void put_escape(struct text *text, uint8_t octet)
{
    const bool by_itself = octet == '"' || octet == '\\';
    const char pair[2] = {'\\', (char)octet};
    const char code[4] = {'\\', (char)('0' + octet / 100), (char)('0' + octet / 10 % 10),
                          (char)('0' + octet % 10)};
    text_put_bytes(text, by_itself ? bytes_of(pair, 2) : bytes_of(code, 4));
}

void text_put_escaped(struct text *text, struct bytes view)
{
    for (size_t at = 0; at < view.size; at++) {
        const size_t start = at; /* what needs no escape is copied together */
        while (at < view.size && !needs_escape(view.data[at])) {
            at++;
        }
        text_put_bytes(text, bytes_of(view.data + start, at - start));
        if (at < view.size) {
            put_escape(text, view.data[at]);
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

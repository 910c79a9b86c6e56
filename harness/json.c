#include "harness/json.h"

#include <assert.h>
#include <inttypes.h>

#include "harness/utf8.h"

struct json json_to(FILE *file, bool compact)
{
    return (struct json){.file = file, .compact = compact};
}

static void put_character(FILE *file, struct bytes character, uint32_t code)
{
    if (code == UTF8_INVALID) {
        fputs("\\ufffd", file);
    } else if (code == '"' || code == '\\') {
        fprintf(file, "\\%c", (char)code);
    } else if (code == '\n') {
        fputs("\\n", file);
    } else if (code < 0x20 || code == 0x7f) {
        fprintf(file, "\\u%04x", (unsigned)code);
    } else {
        fwrite(character.data, 1, character.size, file);
    }
}

static void put_quoted(FILE *file, struct bytes value)
{
    putc('"', file);
    for (size_t at = 0; at < value.size;) {
        uint32_t code;
        const size_t size = utf8_next(value, at, &code);
        put_character(file, bytes_of(value.data + at, size), code);
        at += size;
    }
    putc('"', file);
}

static void new_line(struct json *json)
{
    if (json->compact) {
        return;
    }
    putc('\n', json->file);
    for (unsigned i = 0; i < json->depth; i++) {
        fputs("  ", json->file);
    }
}

/* What comes before a value: comma, line, key. */
static void lead_in(struct json *json, const char *key)
{
    assert((key != NULL) == (json->depth > 0 && json->closers[json->depth - 1] == '}'));
    if (json->filled[json->depth]) {
        putc(',', json->file);
    }
    json->filled[json->depth] = true;
    if (json->depth > 0) {
        new_line(json);
    }
    if (key != NULL) {
        put_quoted(json->file, bytes_of_string(key));
        fputs(json->compact ? ":" : ": ", json->file);
    }
}

static void begin(struct json *json, const char *key, const char *brackets)
{
    lead_in(json, key);
    assert(json->depth < JSON_DEPTH_MAX);
    putc(brackets[0], json->file);
    json->closers[json->depth++] = brackets[1];
    json->filled[json->depth] = false;
}

void json_begin_object(struct json *json, const char *key)
{
    begin(json, key, "{}");
}

void json_begin_array(struct json *json, const char *key)
{
    begin(json, key, "[]");
}

void json_end(struct json *json)
{
    assert(json->depth > 0);
    const bool filled = json->filled[json->depth];
    json->depth--;
    if (filled) {
        new_line(json);
    }
    putc(json->closers[json->depth], json->file);
    if (json->depth == 0) {
        putc('\n', json->file);
        json->filled[0] = false;
    }
}

void json_bytes(struct json *json, const char *key, struct bytes value)
{
    lead_in(json, key);
    put_quoted(json->file, value);
}

void json_put_string(struct json *json, const char *key, const char *value)
{
    if (value != NULL) {
        json_bytes(json, key, bytes_of_string(value));
        return;
    }
    lead_in(json, key);
    fputs("null", json->file);
}

void json_number(struct json *json, const char *key, uint64_t value)
{
    lead_in(json, key);
    fprintf(json->file, "%" PRIu64, value);
}

void json_bool(struct json *json, const char *key, bool value)
{
    lead_in(json, key);
    fputs(value ? "true" : "false", json->file);
}

void json_hex(struct json *json, const char *key, uint64_t value)
{
    char digits[17];
    snprintf(digits, sizeof digits, "%016" PRIx64, value);
    json_put_string(json, key, digits);
}

/* Text files: reading, checking, finding lines. */
#define _POSIX_C_SOURCE 200809L
#include "harness/source.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/utf8.h"

static const struct bytes byte_order_mark = {.data = (const uint8_t *)"\xef\xbb\xbf", .size = 3};

/* --- reading --- */

static bool refuse(struct diags *diags, const char *path, const char *why)
{
    diags_add(diags, (struct place){.file = path}, "%s", why);
    return false;
}

/* Reads until the end or until `size` octets are there; false with errno set on failure. */
static bool read_all(int descriptor, uint8_t *buffer, size_t size, size_t *ret_size)
{
    size_t got = 0;
    while (got < size) {
        const ssize_t chunk = read(descriptor, buffer + got, size - got);
        if (chunk == 0) {
            break;
        }
        if (chunk < 0 && errno != EINTR) {
            return false;
        }
        got += chunk > 0 ? (size_t)chunk : 0;
    }
    *ret_size = got;
    return true;
}

static bool read_open_file(int descriptor, const char *path, size_t size_max, struct arena *arena,
                           struct diags *diags, struct bytes *ret)
{
    struct stat status;
    if (fstat(descriptor, &status) != 0) {
        return refuse(diags, path, strerror(errno));
    }
    if (S_ISDIR(status.st_mode)) {
        return refuse(diags, path, "this is a directory, not a scenario file");
    }
    if (status.st_size > (off_t)size_max) {
        diags_add(diags, (struct place){.file = path},
                  "the file has %lld octets; a scenario may have %zu at most",
                  (long long)status.st_size, size_max);
        return false;
    }
    /* Pipes and the like tell no size: read one octet more than allowed to notice. */
    const size_t room = S_ISREG(status.st_mode) ? (size_t)status.st_size : size_max + 1;
    uint8_t *buffer = arena_alloc(arena, room + 1);
    size_t size = 0;
    if (buffer == NULL) {
        return refuse(diags, path, "not enough memory to read the file");
    }
    if (!read_all(descriptor, buffer, room, &size)) {
        return refuse(diags, path, strerror(errno));
    }
    if (size > size_max) {
        return refuse(diags, path, "the input is larger than a scenario may be");
    }
    buffer[size] = 0;
    *ret = bytes_of(buffer, size);
    return true;
}

bool source_read(const char *path, size_t size_max, struct arena *arena, struct diags *diags,
                 struct bytes *ret)
{
    const int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0) {
        diags_add(diags, (struct place){.file = path}, "cannot open the file: %s", strerror(errno));
        return false;
    }
    const bool fine = read_open_file(descriptor, path, size_max, arena, diags, ret);
    close(descriptor);
    return fine;
}

/* --- checking --- */

/* Why `code` may not stand in a text file, NULL if it may. */
static const char *offence(uint32_t code)
{
    if (code == UTF8_INVALID) {
        return "this octet is not UTF-8; scenario files are UTF-8 text";
    }
    if (code == 0) {
        return "a NUL octet; scenario files are text";
    }
    if (code == '\r') {
        return "a carriage return without a line feed after it";
    }
    if ((code < 0x20 && code != '\t' && code != '\n') || (code >= 0x7f && code < 0xa0)) {
        return "a control character; in records write it as \\DDD, elsewhere leave it out";
    }
    if (code == 0x2028 || code == 0x2029) {
        return "a Unicode line separator; end lines with a line feed";
    }
    return code == 0xfeff ? "a byte order mark inside the file" : NULL;
}

static bool is_line_end(struct bytes text, size_t at)
{
    return text.data[at] == '\r' && at + 1 < text.size && text.data[at + 1] == '\n';
}

static size_t count_lines(struct bytes text)
{
    size_t count = 1;
    for (size_t i = 0; i < text.size; i++) {
        count += text.data[i] == '\n';
    }
    return count;
}

/* Looks at every character and notes where lines begin; returns the offset of the first offence,
 * or the text's size. */
static size_t scan(struct bytes text, uint32_t *lines, size_t *line_count, const char **reterr)
{
    lines[0] = 0;
    *line_count = 1;
    for (size_t at = 0; at < text.size;) {
        const uint8_t octet = text.data[at];
        uint32_t code = octet;
        size_t size = 1;
        if (octet == '\n') {
            lines[(*line_count)++] = (uint32_t)at + 1;
        } else if (octet < 0x20 || octet > 0x7e) {
            size = utf8_next(text, at, &code);
            *reterr = is_line_end(text, at) ? NULL : offence(code);
            if (*reterr != NULL) {
                return at;
            }
        }
        at += size;
    }
    return text.size;
}

bool source_open(struct bytes text, const char *file, struct arena *arena, struct diags *diags,
                 struct source *ret)
{
    const bool marked = text.size >= byte_order_mark.size &&
                        bytes_equal(bytes_of(text.data, byte_order_mark.size), byte_order_mark);
    const size_t start = marked ? byte_order_mark.size : 0;
    /* Never a NULL: libyaml does not take one. */
    const struct bytes body = text.size > start ? bytes_after(text, start) : bytes_of("", 0);
    uint32_t *lines = ARENA_NEW_ARRAY(arena, uint32_t, count_lines(body));
    if (lines == NULL) {
        return refuse(diags, file, "not enough memory to read the file");
    }
    size_t line_count;
    const char *why = NULL;
    const size_t end = scan(body, lines, &line_count, &why);
    *ret = (struct source){.file = file, .text = body, .lines = lines, .line_count = line_count};
    diags->source = body;
    if (why != NULL) {
        const size_t column = end - lines[line_count - 1] + 1;
        diags_add(
            diags,
            (struct place){.file = file, .line = (uint32_t)line_count, .column = (uint32_t)column},
            "%s", why);
    }
    return why == NULL;
}

/* --- places --- */

struct bytes source_line(const struct source *source, uint32_t number)
{
    if (number == 0 || number > source->line_count) {
        return bytes_of(NULL, 0);
    }
    const size_t start = source->lines[number - 1];
    size_t end = number < source->line_count ? source->lines[number] - 1 : source->text.size;
    if (end > start && source->text.data[end - 1] == '\r') {
        end--;
    }
    return bytes_of(source->text.data + start, end - start);
}

struct place source_place(const struct source *source, struct source_cursor *cursor, size_t line,
                          size_t column)
{
    const struct bytes text = source_line(source, (uint32_t)line + 1);
    if (line != cursor->line || column < cursor->column) {
        *cursor = (struct source_cursor){.line = line};
    }
    for (; cursor->column < column && cursor->octet < text.size; cursor->column++) {
        uint32_t code;
        const size_t at = cursor->octet;
        cursor->octet += text.data[at] < 0x80 ? 1 : utf8_next(text, at, &code);
    }
    return (struct place){
        .file = source->file, .line = (uint32_t)line + 1, .column = (uint32_t)cursor->octet + 1};
}

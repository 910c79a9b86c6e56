/* See the header. */
#include "live/http.h"

#include <string.h>

#define METHOD_MAX 16
#define DIGITS_MAX 9

struct reading {
    struct http_head *head;
    struct http_refusal *refusal;
    size_t fields;
    bool has_length, has_host;
    bool needs_host; /* HTTP/1.1 */
};

static bool refuse(struct reading *reading, unsigned status, const char *why)
{
    *reading->refusal = (struct http_refusal){.status = status, .why = why};
    return false;
}

/* --- octets --- */

static bool is_token_octet(uint8_t octet)
{
    return octet > 0x20 && octet < 0x7f && memchr("\"(),/:;<=>?@[\\]{}", octet, 17) == NULL;
}

static bool is_token(struct bytes text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (!is_token_octet(text.data[i])) {
            return false;
        }
    }
    return text.size > 0;
}

static bool is_visible(struct bytes text)
{
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] <= 0x20 || text.data[i] >= 0x7f) {
            return false;
        }
    }
    return true;
}

/* Tabs and what may stand in a field's value (RFC 9110 5.5). */
static bool is_value(struct bytes text)
{
    for (size_t i = 0; i < text.size; i++) {
        if ((text.data[i] < 0x20 && text.data[i] != '\t') || text.data[i] == 0x7f) {
            return false;
        }
    }
    return true;
}

static uint8_t lower(uint8_t octet)
{
    return octet >= 'A' && octet <= 'Z' ? (uint8_t)(octet + 32) : octet;
}

/* `word` is in lower case. */
static bool is_word(struct bytes text, const char *word)
{
    if (text.size != strlen(word)) {
        return false;
    }
    for (size_t i = 0; i < text.size; i++) {
        if (lower(text.data[i]) != (uint8_t)word[i]) {
            return false;
        }
    }
    return true;
}

static struct bytes trimmed(struct bytes text)
{
    while (text.size > 0 && (text.data[0] == ' ' || text.data[0] == '\t')) {
        text = bytes_after(text, 1);
    }
    while (text.size > 0 && (text.data[text.size - 1] == ' ' || text.data[text.size - 1] == '\t')) {
        text.size--;
    }
    return text;
}

/* What stands before the first `mark`; `*rest` goes on behind it. Without one: all of it. */
static struct bytes take_until(struct bytes *rest, uint8_t mark, bool *ret_found)
{
    const uint8_t *at = rest->size > 0 ? memchr(rest->data, mark, rest->size) : NULL;
    const struct bytes taken =
        bytes_of(rest->data, at != NULL ? (size_t)(at - rest->data) : rest->size);
    *ret_found = at != NULL;
    *rest = bytes_after(*rest, taken.size + 1);
    return taken;
}

/* The octets before the next CRLF; false if it is not there. */
static bool take_line(struct bytes *rest, struct bytes *ret)
{
    for (size_t i = 0; i + 1 < rest->size; i++) {
        if (rest->data[i] == '\r' && rest->data[i + 1] == '\n') {
            *ret = bytes_of(rest->data, i);
            *rest = bytes_after(*rest, i + 2);
            return true;
        }
    }
    return false;
}

/* --- the request line --- */

static bool read_target(struct reading *reading, struct bytes target)
{
    bool found;
    if (target.size == 0 || target.data[0] != '/' || !is_visible(target)) {
        return refuse(reading, 400, "the target must be a path");
    }
    reading->head->path = take_until(&target, '?', &found);
    reading->head->query = target;
    return true;
}

static bool read_request_line(struct reading *reading, struct bytes line)
{
    bool first, second;
    reading->head->method = take_until(&line, ' ', &first);
    const struct bytes target = take_until(&line, ' ', &second);
    if (!first || !second || !is_token(reading->head->method) ||
        reading->head->method.size > METHOD_MAX) {
        return refuse(reading, 400, "this is no HTTP request line");
    }
    reading->needs_host = bytes_are(line, "HTTP/1.1");
    if (!reading->needs_host && !bytes_are(line, "HTTP/1.0")) {
        return refuse(reading, 400, "only HTTP/1.1 and HTTP/1.0 are spoken here");
    }
    return read_target(reading, target);
}

/* --- fields --- */

static bool read_length(struct reading *reading, struct bytes value)
{
    if (reading->has_length) {
        return refuse(reading, 400, "Content-Length is given twice");
    }
    reading->has_length = true;
    size_t size = 0;
    for (size_t i = 0; i < value.size; i++) {
        if (value.data[i] < '0' || value.data[i] > '9') {
            return refuse(reading, 400, "Content-Length is no number");
        }
        if (i < DIGITS_MAX) {
            size = size * 10 + (size_t)(value.data[i] - '0');
        }
    }
    if (value.size == 0) {
        return refuse(reading, 400, "Content-Length is no number");
    }
    if (value.size > DIGITS_MAX || size > HTTP_BODY_MAX) {
        return refuse(reading, 413, "the body is too large: 256 KiB at most");
    }
    reading->head->body_size = size;
    return true;
}

static bool read_host(struct reading *reading, struct bytes value)
{
    if (reading->has_host) {
        return refuse(reading, 400, "Host is given twice");
    }
    reading->has_host = true;
    reading->head->host = value;
    return true;
}

static bool read_expect(struct reading *reading, struct bytes value)
{
    reading->head->wants_continue = true;
    return is_word(value, "100-continue") ||
           refuse(reading, 417, "100-continue is all that can be expected");
}

static bool read_field(struct reading *reading, struct bytes line)
{
    bool found;
    const struct bytes name = take_until(&line, ':', &found);
    const struct bytes value = trimmed(line);
    if (++reading->fields > HTTP_HEADERS_MAX) {
        return refuse(reading, 431, "too many header fields");
    }
    if (!found || !is_token(name) || !is_value(value)) {
        return refuse(reading, 400, "this is no header field");
    }
    if (is_word(name, "content-length")) {
        return read_length(reading, value);
    }
    if (is_word(name, "transfer-encoding")) {
        return refuse(reading, 411, "chunked bodies are not read; send Content-Length");
    }
    if (is_word(name, "host")) {
        return read_host(reading, value);
    }
    if (is_word(name, "expect")) {
        return read_expect(reading, value);
    }
    if (is_word(name, "origin")) {
        reading->head->has_origin = true;
    }
    return true;
}

/* --- the head --- */

/* Octets up to and with the empty line; 0 while it is not there. */
static size_t head_size(struct bytes received)
{
    for (size_t i = 0; i + 3 < received.size; i++) {
        if (memcmp(received.data + i, "\r\n\r\n", 4) == 0) {
            return i + 4;
        }
    }
    return 0;
}

/* Is there any point in waiting for more? */
static enum http_outcome wait_for_more(struct reading *reading, struct bytes received)
{
    const size_t looked_at = received.size < HTTP_LINE_MAX ? received.size : HTTP_LINE_MAX;
    if (looked_at == HTTP_LINE_MAX && memchr(received.data, '\n', looked_at) == NULL) {
        refuse(reading, 414, "the request line is too long");
        return HTTP_REFUSED;
    }
    if (received.size >= HTTP_HEAD_MAX) {
        refuse(reading, 431, "the header fields are too large");
        return HTTP_REFUSED;
    }
    return HTTP_MORE;
}

static bool read_lines(struct reading *reading, struct bytes lines)
{
    struct bytes line;
    if (!take_line(&lines, &line) || line.size > HTTP_LINE_MAX) {
        return refuse(reading, 414, "the request line is too long");
    }
    if (!read_request_line(reading, line)) {
        return false;
    }
    while (take_line(&lines, &line) && line.size > 0) {
        if (!read_field(reading, line)) {
            return false;
        }
    }
    if (reading->needs_host && !reading->has_host) {
        return refuse(reading, 400, "the Host field is missing");
    }
    return true;
}

enum http_outcome http_read_head(struct bytes received, struct http_head *ret,
                                 struct http_refusal *reterr)
{
    struct reading reading = {.head = ret, .refusal = reterr};
    const size_t size = head_size(received);
    *ret = (struct http_head){.size = size};
    if (size == 0) {
        return wait_for_more(&reading, received);
    }
    if (size > HTTP_HEAD_MAX) {
        refuse(&reading, 431, "the header fields are too large");
        return HTTP_REFUSED;
    }
    return read_lines(&reading, bytes_of(received.data, size)) ? HTTP_WHOLE : HTTP_REFUSED;
}

const char *http_reason(unsigned status)
{
    static const struct {
        unsigned status;
        const char *reason;
    } rows[] = {
        {100, "Continue"},
        {200, "OK"},
        {400, "Bad Request"},
        {403, "Forbidden"},
        {404, "Not Found"},
        {405, "Method Not Allowed"},
        {408, "Request Timeout"},
        {409, "Conflict"},
        {411, "Length Required"},
        {413, "Content Too Large"},
        {414, "URI Too Long"},
        {417, "Expectation Failed"},
        {422, "Unprocessable Content"},
        {431, "Request Header Fields Too Large"},
        {503, "Service Unavailable"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].status == status) {
            return rows[i].reason;
        }
    }
    return "Unknown";
}

/* The tokens of zone text. */
#include "harness/zone_text.h"

struct zone_text zone_text_of(struct bytes text)
{
    return (struct zone_text){.text = text};
}

static bool at_end(const struct zone_text *text)
{
    return text->at >= text->text.size;
}

static uint8_t here(const struct zone_text *text)
{
    return text->text.data[text->at];
}

static bool is_blank(uint8_t octet)
{
    return octet == ' ' || octet == '\t' || octet == '\r';
}

static bool fail(struct zone_text *text, size_t offset, const char *error)
{
    text->error = error;
    text->error_offset = offset;
    return false;
}

static void skip_line(struct zone_text *text)
{
    while (!at_end(text) && here(text) != '\n') {
        text->at++;
    }
}

/* Steps over one character, which a backslash may join with the next. False at a backslash that
 * has nothing to escape. */
static bool step(struct zone_text *text)
{
    if (here(text) == '\\') {
        text->at++;
        if (at_end(text) || here(text) == '\n') {
            return fail(text, text->at - 1, "nothing follows this backslash");
        }
    }
    text->at++;
    return true;
}

static bool read_quoted(struct zone_text *text)
{
    const size_t start = text->at++;
    while (!at_end(text) && here(text) != '\n') {
        if (here(text) == '"') {
            text->at++;
            return true;
        }
        if (!step(text)) {
            return false;
        }
    }
    return fail(text, start, "this quote is not closed before the line ends");
}

static bool ends_word(uint8_t octet)
{
    return is_blank(octet) || octet == '\n' || octet == ';' || octet == '(' || octet == ')' ||
           octet == '"';
}

static bool read_word(struct zone_text *text)
{
    while (!at_end(text) && !ends_word(here(text))) {
        if (!step(text)) {
            return false;
        }
        /* A quote inside a word, as in alpn="h2", belongs to it. */
        if (!at_end(text) && here(text) == '"' && text->text.data[text->at - 1] == '=' &&
            !read_quoted(text)) {
            return false;
        }
    }
    return true;
}

static bool read_token(struct zone_text *text, struct zone_entry *entry)
{
    const size_t start = text->at;
    if (entry->count == ZONE_TEXT_TOKENS_MAX) {
        return fail(text, start, "too many words in one record");
    }
    if (!(here(text) == '"' ? read_quoted(text) : read_word(text))) {
        return false;
    }
    entry->tokens[entry->count++] = (struct zone_token){
        .text = bytes_of(text->text.data + start, text->at - start), .offset = start};
    if (!at_end(text) && here(text) == ';') {
        entry->glued = text->at + 1;
    }
    return true;
}

/* Reads until the entry's last line ends. */
static bool read_entry(struct zone_text *text, struct zone_entry *entry)
{
    size_t opened = 0; /* offset + 1 of the open parenthesis */
    while (!at_end(text)) {
        const uint8_t octet = here(text);
        if (octet == '\n' && opened == 0) {
            return true;
        }
        if (is_blank(octet) || octet == '\n') {
            text->at++;
        } else if (octet == ';') {
            skip_line(text);
        } else if (octet == '(' || octet == ')') {
            if ((octet == '(') == (opened > 0)) {
                return fail(text, text->at,
                            octet == '(' ? "parentheses do not nest"
                                         : "this parenthesis closes nothing");
            }
            opened = octet == '(' ? text->at + 1 : 0;
            text->at++;
        } else if (!read_token(text, entry)) {
            return false;
        }
    }
    return opened == 0 || fail(text, opened - 1, "this parenthesis is not closed");
}

bool zone_text_next(struct zone_text *text, struct zone_entry *ret)
{
    text->error = NULL;
    while (!at_end(text)) {
        ret->count = 0;
        ret->glued = 0;
        ret->starts_blank = is_blank(here(text));
        const bool fine = read_entry(text, ret);
        skip_line(text);
        text->at += at_end(text) ? 0 : 1;
        if (!fine) {
            return false;
        }
        if (ret->count > 0) {
            return true;
        }
    }
    return false;
}

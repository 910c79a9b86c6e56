/* Splitting a record into its tags. A cursor runs through the text once; the first fault stops it.
 */
#include "mail/dkim_tags.h"

struct splitter {
    struct dkim_tags *tags;
    struct bytes text;
    size_t at;
};

/* --- faults --- */

static int octet_at(struct bytes text, size_t at)
{
    return at < text.size ? text.data[at] : -1;
}

struct dkim_problem dkim_tags_problem(const struct dkim_tags *tags, enum dkim_damage damage,
                                      size_t at)
{
    struct dkim_problem problem = {.damage = damage, .at = at};
    dkim_damage_refine_list(tags->text, tags->count == 0, &problem);
    problem.found = octet_at(tags->text, problem.at);
    return problem;
}

struct dkim_problem dkim_tags_problem_in(const struct dkim_tags *tags, const struct dkim_tag *tag,
                                         enum dkim_damage damage, size_t at_value,
                                         const char *detail)
{
    struct dkim_problem problem = {.damage = damage,
                                   .at = tag->value_at + at_value,
                                   .tag = tag->name,
                                   .at_value = at_value,
                                   .detail = detail};
    dkim_damage_refine_value(tags->text, tag->value, &problem);
    problem.found = octet_at(tags->text, problem.at);
    return problem;
}

static bool stop(struct splitter *splitter, enum dkim_damage damage, size_t at)
{
    splitter->tags->problem = dkim_tags_problem(splitter->tags, damage, at);
    return false;
}

/* --- tokens --- */

/* The octets of the line break at `at`, which holds CR or LF. It folds only as CRLF before a space
 * or tab (RFC 6376 2.8). */
static size_t break_size(struct bytes text, size_t at, bool *ret_folds)
{
    const bool pair = text.data[at] == '\r' && octet_at(text, at + 1) == '\n';
    const size_t size = pair ? 2 : 1;
    const int next = octet_at(text, at + size);
    *ret_folds = pair && (next == ' ' || next == '\t');
    return size;
}

static void skip_space(struct splitter *splitter)
{
    const struct bytes text = splitter->text;
    while (splitter->at < text.size && dkim_is_space(text.data[splitter->at])) {
        const uint8_t octet = text.data[splitter->at];
        bool folds = true;
        const bool breaks = octet == '\r' || octet == '\n';
        splitter->at += breaks ? break_size(text, splitter->at, &folds) : 1;
        splitter->tags->bare_newline |= !folds;
    }
}

static bool take_name(struct splitter *splitter, struct bytes *ret)
{
    const struct bytes text = splitter->text;
    const size_t start = splitter->at;
    if (!dkim_is_alpha(text.data[start])) {
        const bool empty = text.data[start] == ';';
        return stop(splitter, empty ? DKIM_DAMAGE_EMPTY_TAG : DKIM_DAMAGE_TAG_NAME, start);
    }
    size_t at = start;
    while (at < text.size &&
           (dkim_is_alpha(text.data[at]) || dkim_is_digit(text.data[at]) || text.data[at] == '_')) {
        at++;
    }
    *ret = bytes_of(text.data + start, at - start);
    splitter->at = at;
    return true;
}

static bool take_equals(struct splitter *splitter)
{
    skip_space(splitter);
    if (octet_at(splitter->text, splitter->at) != '=') {
        return stop(splitter, DKIM_DAMAGE_NO_EQUALS, splitter->at);
    }
    splitter->at++;
    skip_space(splitter);
    return true;
}

/* VALCHAR (RFC 6376 3.2): printable ASCII but ";" and white space. */
static bool is_plain(uint8_t octet)
{
    return octet > 0x20 && octet < 0x7f && octet != ';';
}

static size_t plain_end(struct bytes text, size_t at)
{
    while (at < text.size && is_plain(text.data[at])) {
        at++;
    }
    return at;
}

/* Up to the next ";" or the end; white space inside belongs to the value, around it not. */
static bool take_value(struct splitter *splitter, struct dkim_tag *tag)
{
    const struct bytes text = splitter->text;
    tag->value_at = splitter->at;
    size_t end = splitter->at; /* after the last octet that is not white space */
    for (;;) {
        const size_t next = plain_end(text, splitter->at);
        end = next > splitter->at ? next : end;
        splitter->at = next;
        if (next == text.size || text.data[next] == ';') {
            break;
        }
        if (!dkim_is_space(text.data[next])) {
            splitter->tags->problem = dkim_tags_problem_in(
                splitter->tags, tag, DKIM_DAMAGE_VALUE_OCTET, next - tag->value_at, NULL);
            return false;
        }
        skip_space(splitter);
    }
    tag->value = bytes_of(text.data + tag->value_at, end - tag->value_at);
    return true;
}

/* --- the list --- */

static const struct dkim_tag *find(const struct dkim_tags *tags, struct bytes name)
{
    for (size_t i = 0; i < tags->count; i++) {
        if (bytes_equal(tags->items[i].name, name)) {
            return &tags->items[i];
        }
    }
    return NULL;
}

const struct dkim_tag *dkim_tags_find(const struct dkim_tags *tags, const char *name)
{
    return find(tags, bytes_of_string(name));
}

static bool take_tag(struct splitter *splitter)
{
    const size_t start = splitter->at;
    struct dkim_tags *tags = splitter->tags;
    struct dkim_tag tag = {0};
    if (!take_name(splitter, &tag.name) || !take_equals(splitter) || !take_value(splitter, &tag)) {
        return false;
    }
    if (find(tags, tag.name) != NULL) {
        return stop(splitter, DKIM_DAMAGE_DUPLICATE_TAG, start);
    }
    if (tags->count == DKIM_TAGS_MAX) {
        return stop(splitter, DKIM_DAMAGE_TOO_MANY_TAGS, start);
    }
    tags->items[tags->count++] = tag;
    return true;
}

/* tag-spec *( ";" tag-spec ) [ ";" ]. */
void dkim_tags_read(struct bytes text, struct dkim_tags *ret)
{
    struct splitter splitter = {.tags = ret, .text = text};
    ret->text = text;
    ret->count = 0;
    ret->problem.damage = DKIM_DAMAGE_NONE;
    ret->bare_newline = false;
    ret->space_at_the_end = false;
    skip_space(&splitter);
    if (splitter.at == text.size) {
        stop(&splitter, DKIM_DAMAGE_EMPTY, 0);
        return;
    }
    while (take_tag(&splitter) && splitter.at < text.size && ++splitter.at < text.size) {
        skip_space(&splitter);
        if (splitter.at == text.size) {
            ret->space_at_the_end = true;
            return;
        }
    }
}

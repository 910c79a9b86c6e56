/* Rows of methods and paths. A handler writes its answer's body and returns the status; errors are
 * JSON too, and what a client sends wrongly is a 4xx. */
#define _POSIX_C_SOURCE 200809L /* open_memstream */

#include "harness/control.h"

#include <stdlib.h>

#include "base/values.h"
#include "harness/challenge.h"
#include "harness/schema.h"
#include "harness/spelling.h"
#include "wire/rrtype.h"

#define TEXT_MAX            512
#define CLASS_IN            1
#define DEPTH_MAX           64 /* of a body */
#define QUERIES_AT_ONCE_MAX 1000

/* What Jansson 2.14 takes at most for a body: where memory runs out in the midst of a string, it
 * blames the text, or ends the program by an assertion. */
#define OCTETS_OF_OCTET_MAX 64
#define JSON_OCTETS_LEAST   ((size_t)64 * 1024)

/* One request being answered. */
struct asked {
    struct control *control;
    const struct control_request *request;
    struct bytes rest; /* of the path, behind the row's */
    json_t *body;      /* NULL: none */
    struct json *out;
    bool is_done; /* the answer says no more than that */
};

typedef unsigned handler(struct asked *asked);

/* --- answers --- */

static unsigned fail(struct asked *asked, unsigned status, const char *message)
{
    json_begin_object(asked->out, NULL);
    json_begin_object(asked->out, "error");
    json_put_string(asked->out, "message", message);
    json_end(asked->out);
    json_end(asked->out);
    return status;
}

static unsigned succeed(struct asked *asked)
{
    json_begin_object(asked->out, NULL);
    json_bool(asked->out, "ok", true);
    json_end(asked->out);
    asked->is_done = true;
    return 200;
}

static void put_diag(struct json *json, const struct diag *diag)
{
    json_put_string(json, "message", diag->sentence);
    if (diag->hint[0] != '\0') {
        json_put_string(json, "hint", diag->hint);
    }
}

/* What is wrong: the first, and all. */
static unsigned fail_by_diags(struct asked *asked, unsigned status)
{
    const struct diags *diags = &asked->control->editions->diags;
    if (diags->count == 0) {
        return fail(asked, status, "this cannot be done");
    }
    json_begin_object(asked->out, NULL);
    json_begin_object(asked->out, "error");
    put_diag(asked->out, &diags->items[0]);
    json_begin_array(asked->out, "all");
    for (size_t i = 0; i < diags->count; i++) {
        json_begin_object(asked->out, NULL);
        put_diag(asked->out, &diags->items[i]);
        json_end(asked->out);
    }
    json_end(asked->out);
    json_end(asked->out);
    json_end(asked->out);
    return status;
}

/* --- changes --- */

static unsigned apply(struct asked *asked, struct edits *edits, enum stage_faults faults)
{
    switch (editions_apply(asked->control->editions, edits, faults)) {
    case EDITIONS_WRONG: return fail_by_diags(asked, 422);
    case EDITIONS_NO_MEMORY: return fail_by_diags(asked, 503);
    case EDITIONS_TOO_FAR: return fail_by_diags(asked, 409);
    case EDITIONS_APPLIED: break;
    }
    return succeed(asked);
}

static int hex_value(uint8_t digit)
{
    return digit >= '0' && digit <= '9'   ? digit - '0'
           : digit >= 'a' && digit <= 'f' ? digit - 'a' + 10
           : digit >= 'A' && digit <= 'F' ? digit - 'A' + 10
                                          : -1;
}

/* Takes %XX apart. False if `text` does not fit or is none. */
static bool decode(struct bytes text, uint8_t *ret, size_t room, size_t *ret_size)
{
    size_t size = 0;
    for (size_t i = 0; i < text.size; i++) {
        uint8_t octet = text.data[i];
        if (octet == '%') {
            const int high = i + 2 < text.size ? hex_value(text.data[i + 1]) : -1;
            const int low = i + 2 < text.size ? hex_value(text.data[i + 2]) : -1;
            if (high < 0 || low < 0) {
                return false;
            }
            octet = (uint8_t)(high * 16 + low);
            i += 2;
        }
        if (size == room) {
            return false;
        }
        ret[size++] = octet;
    }
    *ret_size = size;
    return true;
}

static bool name_in_path(const struct bytes text, struct name *ret)
{
    uint8_t octets[NAME_TEXT_MAX];
    size_t size;
    const char *why;
    return decode(text, octets, sizeof octets, &size) && size > 0 &&
           name_parse_text(bytes_of(octets, size), NULL, ret, &why);
}

static unsigned post_zone(struct asked *asked)
{
    struct name apex;
    char key[NAME_TEXT_MAX];
    if (!name_in_path(asked->rest, &apex)) {
        return fail(asked, 400, "the path must end in a zone's name: /v1/zones/customer.example");
    }
    if (!json_is_object(asked->body)) {
        return fail(asked, 400, "the body must be an object: the zone's keys, as in a file");
    }
    editions_key(&apex, key);
    struct edits edits = editions_edits(asked->control->editions);
    json_t *zone = json_object_get(edits.zones, key);
    if (zone == NULL) {
        zone = json_member_made(edits.zones, key);
    }
    if (json_object_update(zone, asked->body) != 0) {
        edits_free(&edits);
    }
    return apply(asked, &edits, STAGE_FAULTS_GO_ON);
}

static unsigned post_faults(struct asked *asked)
{
    json_t *wrapped = json_object_get(asked->body, "faults");
    const json_t *faults = wrapped != NULL ? wrapped : asked->body;
    struct edits edits = editions_edits(asked->control->editions);
    if (json_is_array(faults)) {
        json_t *copy = json_deep_copy(faults);
        if (json_array_extend(edits.faults, copy) != 0) {
            edits_free(&edits);
        }
        json_decref(copy);
    } else if (json_is_object(faults)) {
        if (json_array_append_new(edits.faults, json_deep_copy(faults)) != 0) {
            edits_free(&edits);
        }
    } else {
        edits_free(&edits);
        return fail(asked, 400, "the body must be a fault, or a list of faults, as in a file");
    }
    return apply(asked, &edits, STAGE_FAULTS_ANEW);
}

static unsigned delete_faults(struct asked *asked)
{
    struct edits edits = editions_edits(asked->control->editions);
    json_array_clear(edits.faults);
    edits.lifts_faults = true;
    return apply(asked, &edits, STAGE_FAULTS_ANEW);
}

static unsigned post_reset(struct asked *asked)
{
    struct control *control = asked->control;
    editions_reset(control->editions, control->seed);
    control->host.rewind(control->host.context);
    history_clear(control->history);
    return succeed(asked);
}

/* --- the resolver and the clock --- */

/* The member `key` of the body as text; empty if it is none. */
static struct bytes text_of(const struct asked *asked, const char *key)
{
    const json_t *value = json_object_get(asked->body, key);
    return json_is_string(value) ? bytes_of(json_string_value(value), json_string_length(value))
                                 : bytes_of(NULL, 0);
}

static unsigned post_forget(struct asked *asked)
{
    struct resolver *resolver = asked->control->editions->stage->resolver;
    struct name name;
    const char *why;
    if (json_object_get(asked->body, "name") == NULL) {
        resolver_forget(resolver);
        return succeed(asked);
    }
    const struct bytes text = text_of(asked, "name");
    if (text.size == 0 || !name_parse_text(text, NULL, &name, &why)) {
        return fail(asked, 400, "`name` must be a domain name");
    }
    resolver_forget_name(resolver, &name);
    return succeed(asked);
}

static unsigned post_time(struct asked *asked)
{
    const struct control_host *host = &asked->control->host;
    uint64_t duration;
    if (!value_duration(text_of(asked, "advance"), &duration) || duration > CONTROL_ADVANCE_MAX) {
        return fail(asked, 400, "`advance` must be a duration, like 30m, of a year at most");
    }
    if (!host->advance(host->context, duration)) {
        return fail(asked, 409, "packets are under way; try again when the world is at rest");
    }
    return succeed(asked);
}

/* --- the history --- */

/* The value of `key` in the request's query string; empty if it is not there. */
static struct bytes parameter(const struct asked *asked, const char *key)
{
    const size_t size = strlen(key);
    struct bytes rest = asked->request->query;
    while (rest.size > 0) {
        const uint8_t *end = memchr(rest.data, '&', rest.size);
        const size_t length = end != NULL ? (size_t)(end - rest.data) : rest.size;
        if (length > size && rest.data[size] == '=' && memcmp(rest.data, key, size) == 0) {
            return bytes_of(rest.data + size + 1, length - size - 1);
        }
        rest = bytes_after(rest, length + 1);
    }
    return bytes_of(NULL, 0);
}

static bool number_parameter(const struct asked *asked, const char *key, uint64_t *ret)
{
    const struct bytes text = parameter(asked, key);
    return text.size == 0 || value_integer(text, ret);
}

static unsigned get_queries(struct asked *asked)
{
    const struct history *history = asked->control->history;
    uint64_t after = 0;
    uint64_t limit = QUERIES_AT_ONCE_MAX;
    struct name name;
    const struct bytes wanted = parameter(asked, "name");
    if (!number_parameter(asked, "after", &after) || !number_parameter(asked, "limit", &limit)) {
        return fail(asked, 400, "`after` and `limit` must be numbers");
    }
    if (limit == 0) {
        return fail(asked, 400, "`limit` must be 1 at least, or there is never a last page");
    }
    if (wanted.size > 0 && !name_in_path(wanted, &name)) {
        return fail(asked, 400, "`name` must be a domain name");
    }
    limit = limit < QUERIES_AT_ONCE_MAX ? limit : QUERIES_AT_ONCE_MAX;
    json_begin_object(asked->out, NULL);
    json_put_string(asked->out, "schema", "faultzone/queries/1");
    json_begin_array(asked->out, "queries");
    const struct history_query *query = history_next(history, after);
    for (; query != NULL && limit > 0; query = history_next(history, query->number)) {
        if (wanted.size == 0 || name_equal(&query->name, &name)) {
            json_begin_object(asked->out, NULL);
            history_put(asked->out, query);
            json_end(asked->out);
            limit--;
        }
        after = query->number;
    }
    json_end(asked->out);
    json_number(asked->out, "last", after);
    json_bool(asked->out, "more", query != NULL);
    json_end(asked->out);
    return 200;
}

static unsigned delete_queries(struct asked *asked)
{
    history_clear(asked->control->history);
    return succeed(asked);
}

/* --- what is --- */

static unsigned get_state(struct asked *asked)
{
    control_put_state(asked->out, asked->control);
    return 200;
}

static unsigned get_schema(struct asked *asked)
{
    schema_write(asked->out->file);
    return 200;
}

/* --- the verbs of pebble-challtestsrv --- */

/* What it sets does not wait for caches, so neither does it here. */
static unsigned post_challenge(struct asked *asked)
{
    struct editions *editions = asked->control->editions;
    struct edits edits = editions_edits(editions);
    const struct challenge_reply reply = challenge_edit(asked->request->path, asked->body, &edits);
    if (reply.status != 200) {
        char message[TEXT_MAX];
        struct text text = text_in(message, sizeof message);
        text_put(&text, reply.status == 400 ? "wanted: " : "");
        text_put(&text, reply.message);
        edits_free(&edits);
        return fail(asked, reply.status, message);
    }
    if (!reply.changes) {
        edits_free(&edits);
        return succeed(asked);
    }
    const unsigned status = apply(asked, &edits, STAGE_FAULTS_GO_ON);
    resolver_forget(editions->stage->resolver);
    return status;
}

/* Names that no zone holds do not exist here: there is nothing an address could stand for. */
static unsigned post_default(struct asked *asked)
{
    const json_t *ip = json_object_get(asked->body, "ip");
    if (json_is_string(ip) && json_string_length(ip) == 0) {
        return succeed(asked);
    }
    return fail(asked, 422, "there are no default addresses here; give the name some with /add-a");
}

static void put_question(struct json *json, const struct history_query *query)
{
    char buffer[NAME_TEXT_MAX];
    struct text text = text_in(buffer, sizeof buffer);
    name_put(&text, &query->name);
    json_begin_object(json, NULL);
    json_begin_object(json, "Question");
    json_put_string(json, "Name", buffer);
    json_number(json, "Qtype", query->type);
    json_number(json, "Qclass", CLASS_IN);
    json_end(json);
    json_end(json);
}

static unsigned post_history(struct asked *asked)
{
    const struct history *history = asked->control->history;
    struct name host;
    if (!challenge_host(asked->body, &host)) {
        return fail(asked, 400, "`host` must be a domain name");
    }
    json_begin_array(asked->out, NULL);
    for (const struct history_query *query = history_next(history, 0); query != NULL;
         query = history_next(history, query->number)) {
        if (query->asker == NULL && name_equal(&query->name, &host)) {
            put_question(asked->out, query);
        }
    }
    json_end(asked->out);
    return 200;
}

static unsigned post_clear_history(struct asked *asked)
{
    static const char *const others[] = {"http", "tlsalpn"};
    const struct bytes type = text_of(asked, "type");
    struct name host;
    if (!challenge_host(asked->body, &host)) {
        return fail(asked, 400, "`host` must be a domain name");
    }
    if (bytes_are(type, "dns")) {
        history_clear_name(asked->control->history, &host);
        return succeed(asked);
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (bytes_are(type, others[i])) {
            return succeed(asked); /* there is none */
        }
    }
    return fail(asked, 400, "`type` must be dns, http or tlsalpn");
}

/* --- the table --- */

#define WORDS_MAX 4

struct row {
    const char *method;
    const char *path;
    bool is_prefix; /* something follows the path */
    handler *handle;
    bool is_strict;                    /* the body is an object of these keys, or nothing: */
    const char *keys[WORDS_MAX];       /* ended by NULL */
    const char *parameters[WORDS_MAX]; /* of the query string, likewise */
};

static const struct row rows[] = {
    {"GET", "/v1/state", false, .handle = get_state},
    {"GET", "/v1/queries", false, .handle = get_queries, .parameters = {"name", "limit", "after"}},
    {"DELETE", "/v1/queries", false, .handle = delete_queries, .is_strict = true},
    {"POST", "/v1/zones/", true, .handle = post_zone},
    {"POST", "/v1/faults", false, .handle = post_faults},
    {"DELETE", "/v1/faults", false, .handle = delete_faults, .is_strict = true},
    {"POST", "/v1/forget", false, .handle = post_forget, .is_strict = true, .keys = {"name"}},
    {"POST", "/v1/reset", false, .handle = post_reset, .is_strict = true},
    {"POST", "/v1/time", false, .handle = post_time, .is_strict = true, .keys = {"advance"}},
    {"GET", "/v1/schema", false, .handle = get_schema},
    {"POST", "/set-default-ipv4", false, .handle = post_default},
    {"POST", "/set-default-ipv6", false, .handle = post_default},
    {"POST", "/dns-request-history", false, .handle = post_history},
    {"POST", "/clear-request-history", false, .handle = post_clear_history},
};
static const struct row challenge_row = {"POST", "/", true, .handle = post_challenge};

static bool is_path(const struct row *row, struct bytes path)
{
    const size_t size = strlen(row->path);
    return row->is_prefix ? path.size > size && memcmp(path.data, row->path, size) == 0
                          : bytes_are(path, row->path);
}

/* The row for the request; NULL, and what to say, if there is none. */
static const struct row *find_row(const struct control_request *request, unsigned *ret_status)
{
    *ret_status = 404;
    if (challenge_is_verb(request->path)) {
        *ret_status = 405;
        return bytes_are(request->method, "POST") ? &challenge_row : NULL;
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (is_path(&rows[i], request->path)) {
            if (bytes_are(request->method, rows[i].method)) {
                return &rows[i];
            }
            *ret_status = 405;
        }
    }
    return NULL;
}

/* Deep bodies are turned down before a parser recurses into them. */
static bool is_too_deep(struct bytes body)
{
    size_t depth = 0;
    for (size_t i = 0; i < body.size; i++) {
        depth += body.data[i] == '[' || body.data[i] == '{';
        depth -= depth > 0 && (body.data[i] == ']' || body.data[i] == '}');
        if (depth > DEPTH_MAX) {
            return true;
        }
    }
    return false;
}

/* False, and an answer, if the body is no JSON. */
static bool read_body(struct asked *asked, unsigned *ret_status)
{
    const struct bytes body = asked->request->body;
    char message[TEXT_MAX];
    json_error_t error;
    if (body.size == 0 || bytes_are(body, "null")) {
        return true; /* some clients write "no body" so */
    }
    if (is_too_deep(body)) {
        *ret_status = fail(asked, 400, "the body is nested too deeply");
        return false;
    }
    if (!arena_could_take(body.size * OCTETS_OF_OCTET_MAX + JSON_OCTETS_LEAST)) {
        *ret_status = fail(asked, 503, EDITIONS_NO_MEMORY_TEXT);
        return false;
    }
    asked->body = json_loadb((const char *)body.data, body.size, JSON_REJECT_DUPLICATES, &error);
    if (asked->body == NULL) {
        snprintf(message, sizeof message, "the body is no JSON: line %d, column %d: %s", error.line,
                 error.column, error.text);
        *ret_status = fail(asked, 400, message);
    }
    return asked->body != NULL;
}

/* False, and an answer, if `word` is none of `words`: a slip must not mean something else. */
static bool is_one_of(struct asked *asked, struct bytes word, const char *const words[WORDS_MAX],
                      const char *what)
{
    struct spelling spelling = spelling_of(word);
    for (size_t i = 0; i < WORDS_MAX && words[i] != NULL; i++) {
        if (bytes_are(word, words[i])) {
            return true;
        }
        spelling_offer(&spelling, words[i]);
    }
    char message[TEXT_MAX];
    struct text text = text_in(message, sizeof message);
    text_put_format(&text, "unknown %s `", what);
    text_put_escaped(&text,
                     bytes_of(word.data, word.size < TEXT_MAX / 8 ? word.size : TEXT_MAX / 8));
    text_put(&text, "`");
    if (spelling.best != NULL) {
        text_put_format(&text, "; did you mean `%s`?", spelling.best);
    }
    fail(asked, 400, message);
    return false;
}

static bool is_body_known(struct asked *asked, const struct row *row)
{
    const char *key;
    json_t *value;
    if (!row->is_strict || asked->body == NULL || json_is_null(asked->body)) {
        return true;
    }
    if (!json_is_object(asked->body)) {
        fail(asked, 400, "the body must be an object, or nothing");
        return false;
    }
    json_object_foreach(asked->body, key, value)
    {
        if (!is_one_of(asked, bytes_of_string(key), row->keys, "key")) {
            return false;
        }
    }
    return true;
}

static bool are_parameters_known(struct asked *asked, const struct row *row)
{
    struct bytes rest = asked->request->query;
    while (rest.size > 0) {
        const uint8_t *end = memchr(rest.data, '&', rest.size);
        const struct bytes one =
            bytes_of(rest.data, end != NULL ? (size_t)(end - rest.data) : rest.size);
        const uint8_t *equal = one.size > 0 ? memchr(one.data, '=', one.size) : NULL;
        const struct bytes name =
            bytes_of(one.data, equal != NULL ? (size_t)(equal - one.data) : one.size);
        if (one.size > 0 && !is_one_of(asked, name, row->parameters, "parameter")) {
            return false;
        }
        rest = bytes_after(rest, one.size + 1);
    }
    return true;
}

static unsigned answer(struct asked *asked)
{
    unsigned status;
    const struct row *row = find_row(asked->request, &status);
    if (row == NULL) {
        return fail(asked, status,
                    status == 404 ? "there is nothing at this path" : "not with this method");
    }
    if (!read_body(asked, &status)) {
        return status;
    }
    asked->rest = bytes_after(asked->request->path, strlen(row->path));
    const bool is_known = are_parameters_known(asked, row) && is_body_known(asked, row);
    status = is_known ? row->handle(asked) : 400;
    json_decref(asked->body);
    return status;
}

/* There is none for the answer. What has been done is not denied. */
static struct control_response answer_without_memory(const struct asked *asked, unsigned status)
{
    static const char done[] = "{\n  \"ok\": true\n}\n";
    static const char not_told[] = "{\"error\": {\"message\": \"" EDITIONS_NO_MEMORY_TEXT "\"}}\n";
    const bool is_done = asked->is_done && status == 200;
    return (struct control_response){.status = is_done ? 200 : 503,
                                     .body = bytes_of_string(is_done ? done : not_told)};
}

void control_handle(void *context, const struct control_request *request, struct arena *arena,
                    struct control_response *ret)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    if (file == NULL) {
        *ret = answer_without_memory(&(struct asked){0}, 503);
        return;
    }
    *ret = (struct control_response){.status = 503};
    struct json json = json_to(file, false);
    struct asked asked = {.control = context, .request = request, .out = &json};
    ret->status = answer(&asked);
    const bool is_whole = ferror(file) == 0;
    if (fclose(file) == 0 && is_whole) {
        ret->body = arena_copy(arena, bytes_of(text, size));
    }
    free(text);
    if (ret->body.data == NULL) {
        *ret = answer_without_memory(&asked, ret->status);
    }
}

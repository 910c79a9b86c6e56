/* See the header. A host's mocks are kept as an object: {"txt": [...], "a": [...], "aaaa": [...],
 * "caa": [...], "cname": "...", "servfail": true}. Values are checked here; records are made of
 * them when an edition is loaded. */
#define _POSIX_C_SOURCE 200809L /* open_memstream */

#include "harness/challenge.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOCK_TTL          0 /* the next question sees the next value */
#define TXT_STRING_OCTETS 255

/* --- reading requests --- */

bool challenge_host(const json_t *body, struct name *ret)
{
    const char *why;
    const json_t *host = json_object_get(body, "host");
    const struct bytes text = bytes_of(json_string_value(host), json_string_length(host));
    return json_is_string(host) && text.size > 0 && name_parse_text(text, NULL, ret, &why) &&
           ret->labels > 0;
}

static bool is_address(const json_t *value, uint8_t family)
{
    struct address address;
    return json_is_string(value) &&
           address_parse(bytes_of(json_string_value(value), json_string_length(value)), &address) &&
           address.family == family;
}

/* A list of addresses of one family, not empty. */
static json_t *addresses_of(const json_t *body, uint8_t family)
{
    json_t *addresses = json_object_get(body, "addresses");
    for (size_t i = 0; i < json_array_size(addresses); i++) {
        if (!is_address(json_array_get(addresses, i), family)) {
            return NULL;
        }
    }
    return json_array_size(addresses) > 0 ? json_incref(addresses) : NULL;
}

static json_t *read_a(const json_t *body)
{
    return addresses_of(body, ADDRESS_V4);
}

static json_t *read_aaaa(const json_t *body)
{
    return addresses_of(body, ADDRESS_V6);
}

static json_t *read_txt(const json_t *body)
{
    json_t *value = json_object_get(body, "value");
    return json_is_string(value) ? json_pack("[O]", value) : NULL;
}

static json_t *read_cname(const json_t *body)
{
    struct name name;
    const char *why;
    json_t *target = json_object_get(body, "target");
    const struct bytes text = bytes_of(json_string_value(target), json_string_length(target));
    const bool fine =
        json_is_string(target) && text.size > 0 && name_parse_text(text, NULL, &name, &why);
    return fine ? json_incref(target) : NULL;
}

static bool is_policy(const json_t *policy)
{
    const char *tag = json_string_value(json_object_get(policy, "tag"));
    const size_t size = tag != NULL ? strlen(tag) : 0;
    for (size_t i = 0; i < size; i++) {
        if (!isalnum((unsigned char)tag[i])) {
            return false;
        }
    }
    return size > 0 && size < 16 && json_is_string(json_object_get(policy, "value"));
}

static json_t *read_caa(const json_t *body)
{
    json_t *policies = json_object_get(body, "policies");
    for (size_t i = 0; i < json_array_size(policies); i++) {
        if (!is_policy(json_array_get(policies, i))) {
            return NULL;
        }
    }
    return json_array_size(policies) > 0 ? json_incref(policies) : NULL;
}

static json_t *read_servfail(const json_t *body)
{
    (void)body;
    return json_true();
}

/* --- the verbs --- */

struct verb {
    const char *path;
    const char *key; /* of the host's mocks */
    json_t *(*read)(
        const json_t *body); /* a new reference, NULL if it is not sound; clears: NULL */
    const char *wants;
};

static const struct verb verbs[] = {
    {"/set-txt", "txt", read_txt, "host and value, texts"},
    {"/clear-txt", "txt", NULL, NULL},
    {"/add-a", "a", read_a, "host, and addresses: a list of IPv4 addresses"},
    {"/clear-a", "a", NULL, NULL},
    {"/add-aaaa", "aaaa", read_aaaa, "host, and addresses: a list of IPv6 addresses"},
    {"/clear-aaaa", "aaaa", NULL, NULL},
    {"/set-cname", "cname", read_cname, "host and target, domain names"},
    {"/clear-cname", "cname", NULL, NULL},
    {"/add-caa", "caa", read_caa, "host, and policies: a list of {tag, value}"},
    {"/clear-caa", "caa", NULL, NULL},
    {"/set-servfail", "servfail", read_servfail, "host"},
    {"/clear-servfail", "servfail", NULL, NULL},
};

static const struct verb *find_verb(struct bytes path)
{
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (bytes_are(path, verbs[i].path)) {
            return &verbs[i];
        }
    }
    return NULL;
}

bool challenge_is_verb(struct bytes path)
{
    return find_verb(path) != NULL;
}

struct challenge_reply challenge_edit(struct bytes path, const json_t *body, struct edits *edits)
{
    const struct verb *verb = find_verb(path);
    char key[NAME_TEXT_MAX];
    struct name host;
    if (!challenge_host(body, &host)) {
        return (struct challenge_reply){.status = 400, .message = "`host` must be a domain name"};
    }
    editions_key(&host, key);
    json_t *mock = json_object_get(edits->mocks, key);
    if (verb->read == NULL) {
        const bool had = json_object_del(mock, verb->key) == 0;
        if (json_object_size(mock) == 0) {
            json_object_del(edits->mocks, key);
        }
        return (struct challenge_reply){.status = 200, .changes = had};
    }
    json_t *value = verb->read(body);
    if (value == NULL) {
        return (struct challenge_reply){.status = 400, .message = verb->wants};
    }
    if (mock == NULL) {
        mock = json_member_made(edits->mocks, key);
    }
    const bool set = json_object_set_new(mock, verb->key, value) == 0;
    return (struct challenge_reply){
        .status = set ? 200 : 503, .message = EDITIONS_NO_MEMORY_TEXT, .changes = set};
}

/* --- making records --- */

/* As quoted character-strings of zone text. */
static void put_strings(FILE *file, const json_t *value)
{
    const char *text = json_string_value(value);
    const size_t size = json_string_length(value);
    for (size_t at = 0; at == 0 || at < size; at += TXT_STRING_OCTETS) {
        fputs(" \"", file);
        for (size_t i = at; i < size && i < at + TXT_STRING_OCTETS; i++) {
            const unsigned octet = (unsigned char)text[i];
            if (octet < 0x20 || octet >= 0x7f || octet == '"' || octet == '\\' || octet == ';') {
                fprintf(file, "\\%03u", octet);
            } else {
                putc((int)octet, file);
            }
        }
        putc('"', file);
    }
    putc('\n', file);
}

static void put_list(FILE *file, const char *host, const char *type, const json_t *values)
{
    for (size_t i = 0; i < json_array_size(values); i++) {
        const json_t *value = json_array_get(values, i);
        fprintf(file, "%s. %d %s", host, MOCK_TTL, type);
        if (strcmp(type, "TXT") == 0) {
            put_strings(file, value);
        } else if (strcmp(type, "CAA") == 0) {
            fprintf(file, " 0 %s", json_string_value(json_object_get(value, "tag")));
            put_strings(file, json_object_get(value, "value"));
        } else {
            fprintf(file, " %s\n", json_string_value(value));
        }
    }
}

/* One host's records. An alias hides all else, as in the original. */
static void put_records(FILE *file, const char *host, const json_t *mock)
{
    const char *target = json_string_value(json_object_get(mock, "cname"));
    if (target != NULL) {
        const char *dot = target[strlen(target) - 1] == '.' ? "" : ".";
        fprintf(file, "%s. %d CNAME %s%s\n", host, MOCK_TTL, target, dot);
        return;
    }
    put_list(file, host, "TXT", json_object_get(mock, "txt"));
    put_list(file, host, "A", json_object_get(mock, "a"));
    put_list(file, host, "AAAA", json_object_get(mock, "aaaa"));
    put_list(file, host, "CAA", json_object_get(mock, "caa"));
}

/* Appends the host's records to the text of zone `apex`. */
static bool add_records(json_t *additions, const char *apex, const char *host, const json_t *mock)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    if (file == NULL) {
        return false;
    }
    const char *before = json_string_value(json_object_get(additions, apex));
    fputs(before != NULL ? before : "", file);
    put_records(file, host, mock);
    bool fine = ferror(file) == 0;
    fine = fclose(file) == 0 && fine;
    fine =
        fine && (size == 0 || json_object_set_new(additions, apex, json_stringn(text, size)) == 0);
    free(text);
    return fine;
}

/* Lets `host` fail, and what failed before it. */
static bool add_failure(json_t *zone, const char *host)
{
    json_t *failure = json_object_get(zone, "rcode");
    json_t *names = json_object_get(failure, "names");
    json_t *name = json_sprintf("%s.", host);
    if (json_is_array(names)) {
        return json_array_append_new(names, name) == 0;
    }
    return json_object_set_new(zone, "rcode",
                               json_pack("{s:s, s:[o]}", "rcode", "SERVFAIL", "names", name)) == 0;
}

bool challenge_render(const struct editions *editions, const struct edits *edits, json_t *zones,
                      json_t *additions)
{
    const char *host;
    json_t *mock;
    bool fine = true;
    json_object_foreach(edits->mocks, host, mock)
    {
        char apex[NAME_TEXT_MAX];
        const char *why;
        struct name name;
        struct name zone_name;
        if (!name_parse_text(bytes_of_string(host), NULL, &name, &why)) {
            continue; /* the key was made of a name */
        }
        editions_zone_of(editions, edits, &name, &zone_name);
        editions_key(&zone_name, apex);
        json_t *zone = json_object_get(zones, apex);
        if (zone == NULL) {
            zone = json_member_made(zones, apex);
            fine = zone != NULL && fine;
        }
        if (json_is_true(json_object_get(mock, "servfail"))) {
            fine = add_failure(zone, host) && fine;
        }
        fine = add_records(additions, apex, host, mock) && fine;
    }
    return fine;
}

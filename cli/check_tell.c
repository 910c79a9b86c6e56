/* See the header. */
#include "cli/check_tell.h"

#include "harness/json.h"
#include "wire/rrtype.h"

#define SENTENCES_OCTETS_MAX 8192
#define LINE_WIDTH           100
#define INDENT               4
#define SCHEMA               "faultzone/check/1"

/* Words of `text` in lines of LINE_WIDTH, behind `lead`. */
static void put_folded(FILE *file, const char *lead, const char *text)
{
    int column = fprintf(file, "%*s%s", INDENT, "", lead);
    while (*text != '\0') {
        size_t size = strcspn(text, " ");
        if (column + 1 + (int)size > LINE_WIDTH) {
            fprintf(file, "\n%*s", INDENT + 2, "");
            column = INDENT + 2;
        } else {
            fputc(' ', file);
            column++;
        }
        column += fprintf(file, "%.*s", (int)size, text);
        text += size + (text[size] == ' ');
    }
    fputc('\n', file);
}

static void tell_proofs(FILE *file, const struct evidence *evidence)
{
    char buffer[SENTENCES_OCTETS_MAX];
    for (size_t i = 0; i < evidence->proof_count; i++) {
        struct text text = text_in(buffer, sizeof buffer);
        fact_put(&text, evidence->proofs[i].fact);
        text_put_format(&text, ": %s", evidence->proofs[i].shows);
        put_folded(file, "-", buffer);
    }
}

static void tell_record(FILE *file, const struct inspected *inspected)
{
    char buffer[SENTENCES_OCTETS_MAX];
    struct text text = text_in(buffer, sizeof buffer);
    name_put(&text, &inspected->record->name);
    text_put_char(&text, ' ');
    rrtype_put(&text, inspected->record->type);
    text_put(&text, "  ");
    inspected_put(&text, inspected);
    fprintf(file, "%s\n", buffer);
    text = text_in(buffer, sizeof buffer);
    inspected_why_put(&text, inspected);
    put_folded(file, "What happened:", buffer);
    text = text_in(buffer, sizeof buffer);
    inspected_fix_put(&text, inspected);
    if (text.size > 0) {
        put_folded(file, "How to repair it:", buffer);
    }
    if (inspected->cause != NULL) {
        tell_proofs(file, &inspected->evidence);
    }
}

void check_tell_text(FILE *file, const struct name *domain, const struct inspection *inspection)
{
    char buffer[NAME_TEXT_MAX];
    struct text text = text_in(buffer, sizeof buffer);
    name_put(&text, domain);
    fprintf(file, "%s %s\n", buffer, setup_verdict_name(inspection->verdict));
    for (size_t i = 0; i < inspection->count; i++) {
        fputc('\n', file);
        tell_record(file, &inspection->records[i]);
    }
}

/* --- JSON --- */

static void put_name(struct json *json, const char *key, const struct name *name)
{
    char buffer[NAME_TEXT_MAX];
    struct text text = text_in(buffer, sizeof buffer);
    name_put(&text, name);
    json_put_string(json, key, buffer);
}

static void put_sentences(struct json *json, const char *key,
                          void (*put)(struct text *text, const struct inspected *inspected),
                          const struct inspected *inspected)
{
    char buffer[SENTENCES_OCTETS_MAX];
    struct text text = text_in(buffer, sizeof buffer);
    put(&text, inspected);
    json_put_string(json, key, buffer);
}

static void put_proofs(struct json *json, const struct evidence *evidence)
{
    char buffer[SENTENCES_OCTETS_MAX];
    json_begin_array(json, "proofs");
    for (size_t i = 0; i < evidence->proof_count; i++) {
        struct text text = text_in(buffer, sizeof buffer);
        fact_put(&text, evidence->proofs[i].fact);
        json_begin_object(json, NULL);
        json_put_string(json, "fact", buffer);
        json_put_string(json, "shows", evidence->proofs[i].shows);
        json_end(json);
    }
    json_end(json);
}

static void put_also(struct json *json, const struct inspected *inspected)
{
    json_begin_array(json, "also");
    for (size_t i = 0; i < inspected->also_count; i++) {
        json_begin_object(json, NULL);
        json_put_string(json, "cause", inspected->also[i]->slug);
        json_put_string(json, "number", inspected->also[i]->number);
        json_end(json);
    }
    json_end(json);
}

static void put_candidates(struct json *json, const struct evidence *evidence)
{
    json_begin_array(json, "candidates");
    for (size_t i = 0; evidence->candidates[i] != NULL; i++) {
        json_put_string(json, NULL, evidence->candidates[i]);
    }
    json_end(json);
}

static void put_record(struct json *json, const struct inspected *inspected)
{
    char type[32];
    struct text text = text_in(type, sizeof type);
    rrtype_put(&text, inspected->record->type);
    json_begin_object(json, NULL);
    put_name(json, "name", &inspected->record->name);
    json_put_string(json, "type", type);
    json_put_string(json, "role", plan_role_name(inspected->record->role));
    json_put_string(json, "verdict", setup_verdict_name(inspected->verdict));
    json_put_string(json, "class", setup_class_name(inspected->class));
    json_put_string(json, "cause", inspected->cause == NULL ? NULL : inspected->cause->slug);
    json_put_string(json, "number", inspected_number(inspected));
    put_sentences(json, "why", inspected_why_put, inspected);
    put_sentences(json, "fix", inspected_fix_put, inspected);
    json_number(json, "heals_in_s", inspected->evidence.heals_in_s);
    put_candidates(json, &inspected->evidence);
    put_also(json, inspected);
    put_proofs(json, &inspected->evidence);
    json_end(json);
}

void check_tell_json(FILE *file, const struct name *domain, const struct inspection *inspection,
                     bool compact)
{
    struct json json = json_to(file, compact);
    json_begin_object(&json, NULL);
    json_put_string(&json, "schema", SCHEMA);
    put_name(&json, "domain", domain);
    json_put_string(&json, "verdict", setup_verdict_name(inspection->verdict));
    json_number(&json, "questions", inspection->facts.asked);
    json_begin_array(&json, "records");
    for (size_t i = 0; i < inspection->count; i++) {
        put_record(&json, &inspection->records[i]);
    }
    json_end(&json);
    errors_put(&(const struct errors){0}, &json);
    json_end(&json);
}

void check_tell_errors(FILE *file, const char *domain, const struct errors *errors, bool compact)
{
    struct json json = json_to(file, compact);
    json_begin_object(&json, NULL);
    json_put_string(&json, "schema", SCHEMA);
    json_put_string(&json, "domain", domain);
    errors_put(errors, &json);
    json_end(&json);
}

/* See the header. */
#include "harness/errors.h"

struct error_kept {
    struct error_kept *next;
    const char *file;
    struct diag diag;
};

struct errors errors_in(struct arena *arena)
{
    return (struct errors){.arena = arena};
}

static void keep(struct errors *errors, const char *file, const struct diag *diag)
{
    struct error_kept *kept = ARENA_NEW(errors->arena, struct error_kept);
    if (kept == NULL) {
        errors->dropped++;
        return;
    }
    *kept = (struct error_kept){.file = file, .diag = *diag};
    if (errors->last != NULL) {
        errors->last->next = kept;
    } else {
        errors->first = kept;
    }
    errors->last = kept;
}

void errors_add(struct errors *errors, const struct diag *diag)
{
    keep(errors, diag->place.file, diag);
}

void errors_add_unit(struct errors *errors, const struct unit *unit)
{
    if (unit->status == UNIT_BROKEN) {
        keep(errors, unit->path, &unit->result.error);
    }
    for (size_t i = 0; unit->status == UNIT_UNLOADED && i < unit->diags.count; i++) {
        keep(errors, unit->path, &unit->diags.items[i]);
    }
    errors->dropped += unit->status == UNIT_UNLOADED ? unit->diags.dropped : 0;
}

void errors_put_members(struct json *json, const struct diag *diag)
{
    json_put_string(json, "sentence", diag->sentence);
    json_put_string(json, "hint", diag->hint);
    json_number(json, "line", diag->place.line);
    json_number(json, "column", diag->place.column);
}

static void put(struct json *json, const char *file, const struct diag *diag)
{
    json_begin_object(json, NULL);
    json_put_string(json, "file", file);
    errors_put_members(json, diag);
    json_end(json);
}

void errors_put(const struct errors *errors, struct json *json)
{
    struct diag rest = {0};
    json_begin_array(json, "errors");
    for (const struct error_kept *kept = errors->first; kept != NULL; kept = kept->next) {
        put(json, kept->file, &kept->diag);
    }
    if (errors->dropped > 0) {
        diag_set(&rest, (struct place){0}, "and %llu more", (unsigned long long)errors->dropped);
        put(json, NULL, &rest);
    }
    json_end(json);
}

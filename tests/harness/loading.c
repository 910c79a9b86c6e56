#include "tests/harness/loading.h"

#include <check.h>
#include <string.h>

static void prepare(struct loading *loading)
{
    arena_init(&loading->arena, LOADING_ARENA_MAX);
    loading->diags = (struct diags){.items = loading->items, .capacity = DIAGS_DEFAULT_MAX};
}

void loading_begin(struct loading *loading, const char *text)
{
    prepare(loading);
    loading->scenario = scenario_parse(bytes_of_string(text), "test.yaml", "test", &loading->arena,
                                       &loading->diags);
    ck_assert_msg((loading->scenario == NULL) == (loading->diags.count > 0),
                  "a scenario or a diagnostic, not both");
}

void loading_begin_fine(struct loading *loading, const char *text)
{
    loading_begin(loading, text);
    ck_assert_msg(loading->scenario != NULL, "%s", loading_told(loading));
}

void loading_begin_file(struct loading *loading, const char *path)
{
    prepare(loading);
    loading->scenario = scenario_load(path, "test", &loading->arena, &loading->diags);
    ck_assert_msg((loading->scenario == NULL) == (loading->diags.count > 0),
                  "a scenario or a diagnostic, not both");
}

void loading_end(struct loading *loading)
{
    arena_free(&loading->arena);
}

const char *loading_told(const struct loading *loading)
{
    static char buffer[64 * 1024];
    struct text text = text_in(buffer, sizeof buffer);
    text_put(&text, "\n");
    for (size_t i = 0; i < loading->diags.count; i++) {
        diag_put(&text, &loading->diags.items[i], "error", loading->diags.source);
    }
    return buffer;
}

void loading_expect_error(const struct loading *loading, uint32_t line, uint32_t column,
                          const char *sentence, const char *hint)
{
    for (size_t i = 0; i < loading->diags.count; i++) {
        const struct diag *diag = &loading->diags.items[i];
        if (diag->place.line == line && diag->place.column == column &&
            strstr(diag->sentence, sentence) != NULL &&
            (hint == NULL || strstr(diag->hint, hint) != NULL)) {
            return;
        }
    }
    ck_abort_msg("nothing at %u:%u says \"%s\", hint \"%s\"; told:%s", line, column, sentence,
                 hint != NULL ? hint : "", loading_told(loading));
}

const struct scenario_zone *loading_zone(const struct loading *loading, const char *apex)
{
    struct name name;
    ck_assert(name_parse_text(bytes_of_string(apex), NULL, &name, NULL));
    for (size_t i = 0; i < loading->scenario->zone_count; i++) {
        if (name_equal(&loading->scenario->zones[i].apex, &name)) {
            return &loading->scenario->zones[i];
        }
    }
    ck_abort_msg("there is no zone %s", apex);
    return NULL;
}

bool loading_has(const struct zone *zone, const char *record)
{
    static char buffer[8192];
    const struct rrset *rrset;
    for (size_t index = 0; (rrset = zone_rrset_at(zone, index)) != NULL; index++) {
        for (uint16_t i = 0; i < rrset->count; i++) {
            const struct rr rr = {rrset->owner, rrset->type, rrset->rrclass, rrset->ttl,
                                  rrset->rdata[i]};
            struct text text = text_in(buffer, sizeof buffer);
            rr_put(&text, &rr);
            for (char *at = buffer; (at = strchr(at, '\t')) != NULL;) {
                *at = ' ';
            }
            if (strcmp(buffer, record) == 0) {
                return true;
            }
        }
    }
    return false;
}

#include "fuzz/loading.h"

#include <assert.h>

#include "base/arena.h"
#include "fuzz/input.h"
#include "harness/rpl.h"
#include "harness/scenario.h"

#define ARENA_CEILING ((size_t)64 * 1024 * 1024)
#define DIAGS_MAX     32
#define TEXT_OCTETS   ((size_t)1 << 16)

static uint32_t lines_of(struct bytes text)
{
    uint32_t lines = 1;
    for (size_t i = 0; i < text.size; i++) {
        lines += text.data[i] == '\n';
    }
    return lines;
}

static uint64_t check_diag(const struct diag *diag, struct bytes source, uint64_t hash)
{
    static char buffer[TEXT_OCTETS];
    struct text text = text_in(buffer, sizeof buffer);
    assert(diag->sentence[0] != '\0');
    assert(diag->place.line <= lines_of(source) + 1);
    diag_put(&text, diag, "error", bytes_of(NULL, 0));
    check_clean(&text);
    return bytes_hash(bytes_of(buffer, text.size), hash);
}

/* Loads once; the hash of all that is told. */
static uint64_t load(struct bytes octets, const char *path, struct arena *arena)
{
    static struct diag items[DIAGS_MAX];
    struct diags diags = {.items = items, .capacity = DIAGS_MAX};
    uint64_t hash = 0;
    const struct scenario *scenario = rpl_is(path)
                                          ? rpl_parse(octets, path, "fuzz", arena, &diags)
                                          : scenario_parse(octets, path, "fuzz", arena, &diags);
    assert((scenario == NULL) == (diags.count > 0));
    if (scenario != NULL) {
        scenario_lint(scenario, &diags);
        hash = scenario->zone_count + (scenario->step_count << 16);
    }
    for (size_t i = 0; i < diags.count; i++) {
        hash = check_diag(&items[i], octets, hash);
    }
    return hash;
}

void check_loading(struct bytes text, const char *path)
{
    static struct arena arena;
    arena_init(&arena, ARENA_CEILING);
    /* what is loaded is followed by a NUL, as a file in memory is */
    const struct bytes copy = arena_copy(&arena, text);
    const uint64_t first = load(copy, path, &arena);
    arena_reset(&arena);
    const struct bytes again = arena_copy(&arena, text);
    const uint64_t second = load(again, path, &arena);
    assert(first == second);
    arena_free(&arena);
}

bool names_other_files(struct bytes text)
{
    static const char word[] = "keys";
    const size_t size = sizeof word - 1;
    for (size_t i = 0; i + size <= text.size; i++) {
        if (memcmp(text.data + i, word, size) == 0) {
            return true;
        }
    }
    return false;
}

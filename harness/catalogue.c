/* Finding rows of the failure catalogue, and the scenarios that show them. */
#include "harness/catalogue.h"

#include <assert.h>
#include <string.h>

#include "harness/catalogue/rows.h"

const struct failure_family *const failure_families[] = {
    &family_provider_synthesis,
    &family_entry,
    &family_coexistence,
    &family_key_text,
    &family_chain,
    &family_negative_and_caches,
    &family_delegation,
    &family_dnssec,
    &family_transport,
    NULL,
};

const struct failure *failure_at(unsigned number, const struct failure_family **ret_family)
{
    for (size_t i = 0; failure_families[i] != NULL; i++) {
        for (const struct failure *row = failure_families[i]->failures; row->number != 0; row++) {
            if (row->number != number) {
                continue;
            }
            if (ret_family != NULL) {
                *ret_family = failure_families[i];
            }
            return row;
        }
    }
    return NULL;
}

/* One spelling each: two digits at least, no zero before three. */
unsigned failure_number(struct bytes text)
{
    unsigned number = 0;
    if (text.size < 3 || text.size > 4 || text.data[0] != 'F' ||
        (text.size == 4 && text.data[1] == '0')) {
        return 0;
    }
    for (size_t i = 1; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return 0;
        }
        number = number * 10 + (unsigned)(text.data[i] - '0');
    }
    return number <= CATALOGUE_LAST ? number : 0;
}

void failure_number_put(unsigned number, char room[static CATALOGUE_NUMBER_SIZE])
{
    assert(number >= 1 && number <= CATALOGUE_LAST);
    struct text text = text_in(room, CATALOGUE_NUMBER_SIZE);
    text_put_format(&text, "F%02u", number);
}

/* --- coverage --- */

void coverage_init(struct coverage *coverage, struct arena *arena)
{
    *coverage = (struct coverage){.arena = arena};
}

static bool add_entry(struct coverage *coverage, unsigned number, const char *id, const char *title)
{
    struct coverage_entry *entry = ARENA_NEW(coverage->arena, struct coverage_entry);
    if (entry == NULL) {
        return false;
    }
    *entry = (struct coverage_entry){.id = id, .title = title};
    if (coverage->last[number] != NULL) {
        coverage->last[number]->next = entry;
    } else {
        coverage->first[number] = entry;
    }
    coverage->last[number] = entry;
    return true;
}

bool coverage_add(struct coverage *coverage, const struct scenario *scenario)
{
    const char *id = arena_copy_string(coverage->arena, scenario->id);
    const char *title = arena_copy_string(coverage->arena, scenario->title);
    if (id == NULL || title == NULL) {
        return false;
    }
    for (size_t i = 0; scenario->covers[i] != NULL; i++) {
        const unsigned number = failure_number(bytes_of_string(scenario->covers[i]));
        assert(number != 0); /* loading refuses others */
        if (!add_entry(coverage, number, id, title)) {
            return false;
        }
    }
    return true;
}

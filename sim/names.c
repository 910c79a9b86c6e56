#include "sim/names.h"

#include <string.h>

bool names_read(struct bytes text, struct place place, const struct name *apex, struct name *ret,
                struct diag *reterr)
{
    const char *why = NULL;
    if (!name_parse_text(text, apex, ret, &why)) {
        return diag_set(reterr, place, "\"%.*s\" is not a name: %s", (int)text.size,
                        (const char *)text.data, why);
    }
    if (!name_is_at_or_below(ret, apex)) {
        return diag_set(reterr, place, "\"%.*s\" lies outside the zone", (int)text.size,
                        (const char *)text.data);
    }
    return true;
}

bool names_configure(const struct param *param, const struct name *apex, struct arena *arena,
                     struct names *ret, struct diag *reterr)
{
    *ret = (struct names){.items = NULL};
    if (param == NULL || param->count == 0) {
        return true;
    }
    if (param->count == 1 && bytes_are(param->texts[0], "all")) {
        ret->all = true;
        return true;
    }
    struct name *items = ARENA_NEW_ARRAY(arena, struct name, param->count);
    if (items == NULL) {
        return diag_set(reterr, param->place, "no memory is left for so many names");
    }
    for (size_t i = 0; i < param->count; i++) {
        if (!names_read(param->texts[i], param->text_places[i], apex, &items[i], reterr)) {
            return false;
        }
    }
    ret->items = items;
    ret->count = param->count;
    return true;
}

/* True if `wildcard` is "*" below `encloser`. */
static bool is_wildcard_of(const struct name *wildcard, const struct name *encloser)
{
    return wildcard->size == encloser->size + 2 && name_is_wildcard(wildcard) &&
           name_wire_equal(bytes_after(name_bytes(wildcard), 2), name_bytes(encloser));
}

static bool item_hits(const struct name *item, const struct draft_step *step)
{
    const struct zone_found *found = &step->found;
    if (name_equal(item, step->owner)) {
        return true;
    }
    if (found->wildcard) {
        return name_equal(item, found->source);
    }
    return found->outcome == ZONE_NXDOMAIN && is_wildcard_of(item, found->encloser);
}

enum names_match names_match(const struct names *names, const struct draft_step *step,
                             size_t *ret_index)
{
    const enum zone_outcome outcome = step->found.outcome;
    if (outcome == ZONE_REFERRAL || outcome == ZONE_DNAME) {
        return NAMES_NONE;
    }
    if (names->all) {
        return outcome == ZONE_NXDOMAIN ? NAMES_NONE : NAMES_HIT;
    }
    for (size_t i = 0; i < names->count; i++) {
        if (item_hits(&names->items[i], step)) {
            if (ret_index != NULL) {
                *ret_index = i;
            }
            return NAMES_HIT;
        }
    }
    for (size_t i = 0; outcome == ZONE_NXDOMAIN && i < names->count; i++) {
        if (name_is_at_or_below(&names->items[i], step->owner)) {
            return NAMES_ABOVE;
        }
    }
    return NAMES_NONE;
}

bool names_make_ancestor(enum names_match match, struct draft_step *step)
{
    if (match == NAMES_ABOVE) {
        draft_step_nodata(step);
    }
    return match == NAMES_ABOVE;
}

/* Which key is right where a step does not say: the one that the zones as written lead to, as if no
 * behaviour and no fault stood between. */
#include "harness/story.h"
#include "wire/rrtype.h"

#define KEY_LINKS_MAX 64

/* The name that `found` leads on to from `name`; false if it leads nowhere. */
static bool follow(const struct zone_found *found, const struct name *name, struct name *ret)
{
    struct name target;
    const struct rrset *rrset = found->rrset;
    if (!rdata_target(rrset->type, rrset->rdata[0], &target)) {
        return false;
    }
    if (found->outcome == ZONE_CNAME) {
        name_copy(ret, &target);
        return true;
    }
    return name_replace_suffix(name, rrset->owner, &target, ret);
}

static struct bytes join(struct story *story, struct bytes rdata)
{
    uint8_t *text = arena_alloc(story->loader.arena, rdata.size);
    if (text == NULL) {
        loader_exhausted(&story->loader);
        return bytes_of(NULL, 0);
    }
    const size_t size = rdata_txt_join(rdata, text, rdata.size);
    return size <= rdata.size ? bytes_of(text, size) : bytes_of(NULL, 0);
}

struct bytes story_key_record(struct story *story, const struct name *name)
{
    const struct internet_state *state = story_now(story);
    struct name at;
    name_copy(&at, name);
    for (unsigned links = 0; state != NULL && links < KEY_LINKS_MAX; links++) {
        const struct internet_zone *zone = internet_nearest(state, &at);
        struct zone_found found;
        struct name next;
        zone_look_up(zone->built->zone, &at, RRTYPE_TXT, &found);
        if (found.outcome == ZONE_ANSWER) {
            return join(story, found.rrset->rdata[0]);
        }
        if ((found.outcome != ZONE_CNAME && found.outcome != ZONE_DNAME) ||
            !follow(&found, &at, &next)) {
            break;
        }
        name_copy(&at, &next);
    }
    return bytes_of(NULL, 0);
}

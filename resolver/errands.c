/* Address look-ups beside the one under way. */
#include "resolver/errands.h"

#include "resolver/lookups.h"
#include "wire/rrtype.h"

static bool is_alive(const struct lookup *sender, uint32_t serial)
{
    return sender->serial == serial && sender->depth > 0;
}

bool errand_is_vain(const struct lookup *errand)
{
    return errand->sender != NULL && !is_alive(errand->sender, errand->sender_serial);
}

/* True if the lowest level waits for the address of one of its servers. */
static bool seeks_address(const struct lookup *lookup)
{
    return lookup->depth > 1 && lookup->levels[0].state == LEVEL_CHILD &&
           lookup->levels[0].server != LEVEL_PRIMING;
}

/* Another server that may have an address and that nobody seeks; -1 if there is none. */
static int find_next(const struct lookup *lookup)
{
    const struct level *level = &lookup->levels[0];
    const struct delegation *delegation = &level->delegation;
    for (uint8_t i = 0; i < delegation->server_count; i++) {
        const struct delegation_server *server = &delegation->servers[i];
        if (i != level->server && !server->on_errand && server->address_count == 0 &&
            server->trouble == NULL && !(server->asked_v4 && server->asked_v6) &&
            !delegation_needs_glue(delegation, i) && !lookup_needs(lookup, &server->name)) {
            return i;
        }
    }
    return -1;
}

void errands_send(struct context *context, struct lookup *lookup)
{
    struct level *lowest = &lookup->levels[0];
    if (lookup->sender != NULL || !seeks_address(lookup) ||
        lookup->errands >= context->policy.parallel_addresses_max ||
        !lookup_may_seek(context, lookup, &lowest->delegation)) {
        return;
    }
    const int index = find_next(lookup);
    struct lookup *errand = index >= 0 ? lookups_add(context->lookups) : NULL;
    if (errand == NULL) {
        return;
    }
    struct delegation_server *server = &lowest->delegation.servers[index];
    const uint16_t type = server->asked_v4 ? RRTYPE_AAAA : RRTYPE_A;
    lookup_start(errand, &server->name, type, false, lookup->ends_at);
    errand->sender = lookup;
    errand->sender_serial = lookup->serial;
    server->on_errand = true;
    lowest->delegation.looked_up++;
    lookup->addresses_sought++;
    lookup->errands++;
    TELL(context, .what = "errand", .name = name_bytes(&server->name), .type = type);
}

void errands_return(struct lookup *errand)
{
    struct lookup *sender = errand->sender;
    if (is_alive(sender, errand->sender_serial)) {
        sender->errands--;
        sender->has_news = true;
    }
}

void errand_cancel(struct context *context, struct lookup *errand)
{
    const struct finding finding = {.rcode = RCODE_SERVFAIL};
    struct level *top = lookup_top(errand);
    if (top->exchange.open) {
        exchange_close(context, &top->exchange);
    }
    errand->depth = 0;
    lookups_finish(context, errand, &finding);
}

void errands_take_news(struct context *context, struct lookup *lookup)
{
    struct level *lowest = &lookup->levels[0];
    struct level *top = lookup_top(lookup);
    const uint8_t before = lowest->delegation.address_count;
    lookup->has_news = false;
    if (!seeks_address(lookup)) {
        return;
    }
    lookup_fill_addresses(context, &lowest->delegation);
    if (lowest->delegation.address_count == before) {
        return;
    }
    if (top->exchange.open) {
        exchange_close(context, &top->exchange);
    }
    TELL(context, .what = "errand-done", .name = name_bytes(&lowest->delegation.cut),
         .number = lowest->delegation.address_count);
    lookup->depth = 1;
    lowest->state = LEVEL_ASK;
    lookup_run(context, lookup);
}

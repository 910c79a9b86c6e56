/* See the header. */
#include "harness/foreign.h"

#include <string.h>

#include "harness/foreign/rows.h"

const struct foreign foreign_resolvers[] = {
    {.name = "unbound",
     .program = "unbound",
     .package = "unbound",
     .arguments = {"-d", "-c", "unbound.conf"},
     .configuration = "unbound.conf",
     .write = foreign_unbound},
    {.name = "named",
     .program = "named",
     .package = "bind9",
     .arguments = {"-g", "-n", "1", "-c", "named.conf"}, /* -g: all messages to standard error */
     .configuration = "named.conf",
     .write = foreign_named},
    {.name = "kresd",
     .program = "kresd",
     .package = "knot-resolver",
     .arguments = {"-n", "-c", "kresd.conf"},
     .configuration = "kresd.conf",
     .write = foreign_kresd},
    {.name = "pdns-recursor",
     .program = "pdns_recursor",
     .package = "pdns-recursor",
     .arguments = {"--config-dir=.", "--socket-dir=."},
     .configuration = "recursor.conf",
     .write = foreign_pdns_recursor},
    {.name = "dnsmasq",
     .program = "dnsmasq",
     .package = "dnsmasq-base",
     .forwards = true,
     .arguments = {"-k", "-C", "dnsmasq.conf"},
     .configuration = "dnsmasq.conf",
     .write = foreign_dnsmasq},
    {.name = NULL},
};

const struct foreign *foreign_find(const char *name)
{
    const struct foreign *foreign = foreign_resolvers;
    while (foreign->name != NULL && strcmp(foreign->name, name) != 0) {
        foreign++;
    }
    return foreign->name != NULL ? foreign : NULL;
}

static void put_root_server(struct text *text, const struct scenario_server *server)
{
    text_put(text, ". 3600000 NS ");
    name_put(text, &server->host);
    text_put(text, "\n");
    for (size_t i = 0; i < server->address_count; i++) {
        const struct address *address = &server->addresses[i];
        name_put(text, &server->host);
        text_put(text, address->family == ADDRESS_V6 ? " 3600000 AAAA " : " 3600000 A ");
        address_put(text, address);
        text_put(text, "\n");
    }
}

void foreign_hints_put(struct text *text, const struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->zone_count; i++) {
        const struct scenario_zone *zone = &scenario->zones[i];
        for (size_t j = 0; zone->apex.labels == 0 && j < zone->server_count; j++) {
            if (zone->servers[j].delegated) {
                put_root_server(text, &zone->servers[j]);
            }
        }
    }
}

size_t foreign_listen(const struct foreign_site *site, struct address ret[FOREIGN_LISTEN_MAX])
{
    size_t count = 0;
    ret[count++] = address_v4((const uint8_t[]){127, 0, 0, 1});
    ret[count++] = site->scenario->resolver_v4;
    if (site->has_ipv6) {
        ret[count++] = address_v6((const uint8_t[16]){[15] = 1});
        ret[count++] = site->scenario->resolver_v6;
    }
    return count;
}

static void put_each(struct text *text, const struct address *addresses, size_t count,
                     const char *before, const char *after)
{
    for (size_t i = 0; i < count; i++) {
        text_put(text, before);
        address_put(text, &addresses[i]);
        text_put(text, after);
    }
}

void foreign_each_listen(struct text *text, const struct foreign_site *site, const char *before,
                         const char *after)
{
    struct address addresses[FOREIGN_LISTEN_MAX];
    const size_t count = foreign_listen(site, addresses);
    put_each(text, addresses, count, before, after);
}

void foreign_each_source(struct text *text, const struct foreign_site *site, const char *before,
                         const char *after)
{
    const struct address sources[] = {site->scenario->resolver_v4, site->scenario->resolver_v6};
    put_each(text, sources, site->has_ipv6 ? 2 : 1, before, after);
}

/* BIND's named. It ignores addresses that are on no interface; these are. */
#include "harness/foreign/rows.h"

static void put_sources(struct text *text, const struct foreign_site *site)
{
    text_put(text, "  query-source address ");
    address_put(text, &site->scenario->resolver_v4);
    text_put(text, ";\n");
    if (site->has_ipv6) {
        text_put(text, "  query-source-v6 address ");
        address_put(text, &site->scenario->resolver_v6);
        text_put(text, ";\n");
    }
}

static void put_listen(struct text *text, const struct foreign_site *site, uint8_t family)
{
    struct address addresses[FOREIGN_LISTEN_MAX];
    const size_t count = foreign_listen(site, addresses);
    text_put(text, family == ADDRESS_V6 ? "  listen-on-v6 {" : "  listen-on {");
    for (size_t i = 0; i < count; i++) {
        if (addresses[i].family == family) {
            text_put(text, " ");
            address_put(text, &addresses[i]);
            text_put(text, ";");
        }
    }
    text_put(text, site->has_ipv6 || family == ADDRESS_V4 ? " };\n" : " none; };\n");
}

void foreign_named(struct text *text, const struct foreign_site *site)
{
    text_put(text, "options {\n"
                   "  directory \".\";\n"
                   "  pid-file none;\n"
                   "  session-keyfile none;\n"
                   "  recursion yes;\n"
                   "  allow-query { any; };\n"
                   "  allow-recursion { any; };\n"
                   "  dnssec-validation no;\n"
                   "  empty-zones-enable no;\n"
                   "  max-cache-size 32m;\n");
    put_listen(text, site, ADDRESS_V4);
    put_listen(text, site, ADDRESS_V6);
    put_sources(text, site);
    text_put(text, "};\n"
                   "controls { };\n"
                   "zone \".\" { type hint; file \"" FOREIGN_HINTS "\"; };\n");
}

/* Knot Resolver 5: its configuration is Lua. The root hints are given twice over: a file that it
 * has of its own would win. */
#include "harness/foreign/rows.h"

void foreign_kresd(struct text *text, const struct foreign_site *site)
{
    text_put_format(text, "net.ipv6 = %s\n", site->has_ipv6 ? "true" : "false");
    foreign_each_listen(text, site, "net.listen('", "', 53, { kind = 'dns' })\n");
    text_put(text, "net.outgoing_v4('");
    address_put(text, &site->scenario->resolver_v4);
    text_put(text, "')\n");
    if (site->has_ipv6) {
        text_put(text, "net.outgoing_v6('");
        address_put(text, &site->scenario->resolver_v6);
        text_put(text, "')\n");
    }
    text_put(text, "cache.size = 10 * MB\n"
                   "trust_anchors.remove('.')\n"
                   "modules.load('hints')\n"
                   "hints.root_file('" FOREIGN_HINTS "')\n");
}

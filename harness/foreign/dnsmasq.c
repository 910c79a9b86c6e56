/* dnsmasq: a forwarder, which passes everything on to the scenario's own resolver. */
#include "harness/foreign/rows.h"

void foreign_dnsmasq(struct text *text, const struct foreign_site *site)
{
    text_put(text, "no-resolv\n"
                   "no-poll\n"
                   "bind-interfaces\n"
                   "pid-file=\n"
                   "log-facility=-\n"
                   "listen-address=127.0.0.1\n");
    text_put(text, site->has_ipv6 ? "listen-address=::1\n" : "");
    text_put(text, site->is_root ? "user=root\n" : "");
    text_put(text, "server=");
    address_put(text, &site->scenario->resolver_v4);
    text_put(text, "\n");
}

/* PowerDNS Recursor 4.8. It asks home about security updates, and does not ask what is on loopback
 * or private, unless told otherwise. */
#include "harness/foreign/rows.h"

static void put_list(struct text *text, const struct address *addresses, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        text_put(text, i == 0 ? "" : ",");
        address_put(text, &addresses[i]);
    }
    text_put(text, "\n");
}

void foreign_pdns_recursor(struct text *text, const struct foreign_site *site)
{
    struct address addresses[FOREIGN_LISTEN_MAX];
    const size_t count = foreign_listen(site, addresses);
    const struct address sources[] = {site->scenario->resolver_v4, site->scenario->resolver_v6};
    text_put(text, "daemon=no\n"
                   "disable-syslog=yes\n"
                   "write-pid=no\n"
                   "setuid=\n"
                   "setgid=\n"
                   "threads=1\n"
                   "dnssec=off\n"
                   "security-poll-suffix=\n"
                   "dont-query=\n"
                   "allow-from=0.0.0.0/0,::/0\n"
                   "serve-rfc1918=no\n"
                   "hint-file=" FOREIGN_HINTS "\n"
                   "local-port=53\n"
                   "local-address=");
    put_list(text, addresses, count);
    text_put(text, "query-local-address=");
    put_list(text, sources, site->has_ipv6 ? 2 : 1);
}

/* Unbound (unbound.conf(5)). Ids are not all mapped inside: it must not change its own. */
#include "harness/foreign/rows.h"

void foreign_unbound(struct text *text, const struct foreign_site *site)
{
    text_put(text, "server:\n"
                   "  directory: \".\"\n"
                   "  chroot: \"\"\n"
                   "  username: \"\"\n"
                   "  pidfile: \"\"\n"
                   "  use-syslog: no\n"
                   "  num-threads: 1\n"
                   "  module-config: \"iterator\"\n"
                   "  do-not-query-localhost: no\n" /* all of this internet is on lo */
                   "  access-control: 0.0.0.0/0 allow\n"
                   "  access-control: ::/0 allow\n"
                   "  root-hints: \"" FOREIGN_HINTS "\"\n");
    text_put_format(text, "  do-ip6: %s\n", site->has_ipv6 ? "yes" : "no");
    foreign_each_listen(text, site, "  interface: ", "\n");
    foreign_each_source(text, site, "  outgoing-interface: ", "\n");
    text_put(text, "remote-control:\n  control-enable: no\n");
}

/* What the configurations share. */
#ifndef FAULTZONE_HARNESS_FOREIGN_ROWS_H
#define FAULTZONE_HARNESS_FOREIGN_ROWS_H

#include "harness/foreign.h"

void foreign_unbound(struct text *text, const struct foreign_site *site);
void foreign_named(struct text *text, const struct foreign_site *site);
void foreign_kresd(struct text *text, const struct foreign_site *site);
void foreign_pdns_recursor(struct text *text, const struct foreign_site *site);
void foreign_dnsmasq(struct text *text, const struct foreign_site *site);

#define FOREIGN_LISTEN_MAX 4

/* The addresses that a resolver in the place of ours answers at: loopback's, and those of the
 * scenario's resolver. Returns how many. */
size_t foreign_listen(const struct foreign_site *site, struct address ret[FOREIGN_LISTEN_MAX]);

/* One line per such address (`before` ADDRESS `after`). */
void foreign_each_listen(struct text *text, const struct foreign_site *site, const char *before,
                         const char *after);

/* One line per address that it asks from: one, or two with IPv6. */
void foreign_each_source(struct text *text, const struct foreign_site *site, const char *before,
                         const char *after);

#endif

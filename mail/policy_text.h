/* SPF and DMARC records as text, as far as a set-up check needs them: does the published record
 * hold what was asked for? Pure functions. */
#ifndef FAULTZONE_MAIL_POLICY_TEXT_H
#define FAULTZONE_MAIL_POLICY_TEXT_H

#include <stdbool.h>

#include "base/bytes.h"

/* True if `text` is an SPF record: "v=spf1" alone or before a space (RFC 7208 4.5). */
bool spf_is_record(struct bytes text);

/* True if the SPF record `published` has every mechanism of `wanted` that names a host or network
 * (include, a, mx, ip4, ip6, exists with an argument), without regard to case and whatever stands
 * around it. What is said of all others (~all, -all) is the customer's own business; but what
 * stands behind that is never looked at, and does not count (RFC 7208 5.1). */
bool spf_has_terms(struct bytes published, struct bytes wanted);

/* True if it would have them but for that. */
bool spf_hides_terms(struct bytes published, struct bytes wanted);

/* The same of a record, the first, and of those it refers to: each mechanism stands in one of them.
 */
bool spf_have_terms(const struct bytes *published, size_t count, struct bytes wanted);

/* True if `record` is an SPF record, and each term of it is of a kind that there is: receivers take
 * the whole record for broken where one is not (permerror, RFC 7208 4.6). */
bool spf_is_sound(struct bytes record);

/* Where else a reader of the SPF record looks: the domains of its includes that may pass, and,
 * where no "all" is in it, the one it redirects to (RFC 7208 5.2, 6.1). At most `capacity` of them;
 * returns how many. They borrow from `record`, and may have macros in them. */
size_t spf_references(struct bytes record, struct bytes *ret, size_t capacity);

/* True if `text` is a DMARC record: its first tag is v=DMARC1 (RFC 7489 6.3). */
bool dmarc_is_record(struct bytes text);

/* True if the DMARC record `published` has a policy, and one not weaker than that of `wanted`:
 * none, quarantine, reject. */
bool dmarc_is_enough(struct bytes published, struct bytes wanted);

/* The same of a domain that inherits `published` from one above: `sp` counts where it is there. */
bool dmarc_is_enough_below(struct bytes published, struct bytes wanted);

enum dmarc_psd {
    DMARC_PSD_UNSAID,
    DMARC_PSD_NO,  /* psd=n: the organisational domain */
    DMARC_PSD_YES, /* psd=y: a public suffix */
};

/* What the DMARC record `published` says of its own place (RFC 9989, tag psd). */
enum dmarc_psd dmarc_psd_of(struct bytes published);

#endif

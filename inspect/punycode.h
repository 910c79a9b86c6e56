/* Labels of international names: the form that the DNS has (A-labels, "xn--…") and the raw UTF-8
 * that some forms let through (RFC 3492, RFC 5890). No mapping of letters is done. */
#ifndef FAULTZONE_INSPECT_PUNYCODE_H
#define FAULTZONE_INSPECT_PUNYCODE_H

#include <stdbool.h>

#include "wire/name.h"

/* `name` with every A-label turned into UTF-8; false if there is none, or it does not fit. */
bool punycode_decode_name(const struct name *name, struct name *ret);

/* `name` with every label that has UTF-8 in it turned into an A-label; false if there is none, if
 * it is no UTF-8, or it does not fit. */
bool punycode_encode_name(const struct name *name, struct name *ret);

#endif

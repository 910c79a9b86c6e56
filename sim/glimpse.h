/* What can be seen of a DNS message without parsing it: query or response, and the question. For
 * those who only carry it. */
#ifndef FAULTZONE_SIM_GLIMPSE_H
#define FAULTZONE_SIM_GLIMPSE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

struct glimpse {
    bool has_header; /* else all the rest is empty */
    bool is_response;
    bool has_question;
    struct bytes name; /* uncompressed wire form, borrowed from the message */
    uint16_t type;
};

/* Looks at a message (without TCP's length prefix), which may be cut short. */
struct glimpse glimpse_of(struct bytes message);

#endif

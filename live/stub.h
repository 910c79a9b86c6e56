/* One question to a real server, for tools: over UDP, again over TCP if the reply is cut. */
#ifndef FAULTZONE_LIVE_STUB_H
#define FAULTZONE_LIVE_STUB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/endpoint.h"

/* Sends `query`, a whole message, to `server`, up to `tries` times of `wait_s` seconds each, and
 * takes the first reply with its ID. Returns the octets put into `reply`; 0 if none came. */
size_t stub_ask(const struct endpoint *server, struct bytes query, unsigned tries, unsigned wait_s,
                uint8_t *reply, size_t capacity);

#endif

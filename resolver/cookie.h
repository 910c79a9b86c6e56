/* DNS cookies, the client's side (RFC 7873 5.3): what the cookie in a reply says about its sender.
 */
#ifndef FAULTZONE_RESOLVER_COOKIE_H
#define FAULTZONE_RESOLVER_COOKIE_H

#include "base/bytes.h"
#include "wire/message.h"

enum cookie_verdict {
    COOKIE_FITS,    /* whoever sent it has seen the query */
    COOKIE_MISSING, /* the reply has none */
    COOKIE_WRONG,   /* another client cookie than the query's, or of no lawful length */
};

/* Judges the reply to a query with the cookies `sent`, of which the first 8 octets are ours. With
 * FITS, `*ret_server` is the server's own cookie, borrowed from the reply; it may be empty. */
enum cookie_verdict cookie_judge(const struct message *reply, struct bytes sent,
                                 struct bytes *ret_server);

#endif

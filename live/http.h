/* The head of an HTTP/1.1 request (RFC 9112), read strictly: what is ambiguous is refused with a
 * status of its own. One request a connection, its body announced by Content-Length. Pure: no
 * socket is seen here. */
#ifndef FAULTZONE_LIVE_HTTP_H
#define FAULTZONE_LIVE_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/bytes.h"

#define HTTP_LINE_MAX    ((size_t)2048)       /* octets of the request line */
#define HTTP_HEAD_MAX    ((size_t)8192)       /* octets of request line and header fields */
#define HTTP_HEADERS_MAX 64                   /* header fields */
#define HTTP_BODY_MAX    ((size_t)256 * 1024) /* octets of a body */

enum http_outcome {
    HTTP_MORE,    /* the head is not complete yet */
    HTTP_WHOLE,   /* it is */
    HTTP_REFUSED, /* it is no request that is answered here */
};

/* Views borrow the octets received. */
struct http_head {
    struct bytes method;
    struct bytes path;  /* begins with a slash */
    struct bytes query; /* behind the first '?', may be empty */
    struct bytes host;  /* the Host field, may be empty */
    size_t size;        /* octets of the head, its empty line included */
    size_t body_size;
    bool wants_continue; /* Expect: 100-continue */
    bool has_origin;     /* a browser's script sent it */
};

struct http_refusal {
    unsigned status; /* 400 to 431 */
    const char *why; /* static */
};

/* Looks at all octets received so far. */
enum http_outcome http_read_head(struct bytes received, struct http_head *ret,
                                 struct http_refusal *reterr);

/* "Not Found"; static. */
const char *http_reason(unsigned status);

#endif

/* Replies for tests, written as lines:
 *
 *     k1.c.example. TXT                          the question, always first
 *     rcode NXDOMAIN | flag TC | flag AA         header, where it is not NOERROR
 *     flag EDNS                                  an OPT record; last, after an RCODE above 15
 *     + k1.c.example. CNAME k1.esp.example.      the answer section
 *     - c.example. SOA 1800                      the authority section; TTL and minimum of the SOA
 *     ~ ns1.c.example. A 192.0.2.1               the additional section
 *     edns                                       an OPT record
 *     ede 18                                     the same, with that extended error (RFC 8914)
 *     ecs                                        the same, for one network only (RFC 7871)
 *
 * Data: a name for CNAME, NS and DNAME, an address for A and AAAA, the rest of the line as one
 * string for TXT (longer ones in strings of 255), seconds for SOA, nothing for DS and DNSKEY, which
 * are made up. TTL is 300. */
#ifndef FAULTZONE_TESTS_MAIL_REPLIES_H
#define FAULTZONE_TESTS_MAIL_REPLIES_H

#include "wire/message.h"

struct canned_reply {
    struct name name; /* of the question */
    uint16_t type;
    struct message message; /* borrows from `octets` */
    uint8_t octets[4096];
};

/* Builds and parses a reply; a line that cannot be read fails the test. Lines end in a newline. */
void reply_build(struct canned_reply *reply, const char *lines);

/* The same with another question than the first line's. */
void reply_build_for(struct canned_reply *reply, const struct name *name, uint16_t type,
                     const char *lines);

struct name name_of_text(const char *text);

#endif

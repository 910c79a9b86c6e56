/* A very small internet for the judgement, without packets: the root, which delegates to two zones;
 * c.example., the customer's, with two servers; esp.example., the mail provider's, with one; and a
 * resolver. All of it is well, and the CNAME at k1._domainkey.c.example. leads to a key, but for
 * what a test says otherwise.
 *
 * Replies are written as in tests/mail/replies.h, with who gives them before the first line:
 *
 *     root | ns1 | ns2 | esp | res        a server, or the resolver
 *     cd                                  the resolver, asked not to validate
 *     ns1/tcp                             a server asked in one manner: plain, small, large, bare,
 *                                         version, option, case, tcp; for who is in africa, asia,
 *                                         europe, north or south
 *     other                               the server at 192.0.2.99, to whom nobody delegates
 *     ns1v6 | ns2v6                       the customer's at 2001:db8::11 and 2001:db8::12, to which
 *                                         the root delegates only where a test says so
 *
 * "*" in place of the name stands for names that nobody has, and in the lines after it for the name
 * asked for. "silence" in place of the lines is trouble, and so is "no-tcp". Every answer of a
 * server has the AA bit, and an OPT record if the question had one, unless it says "bare". */
#ifndef FAULTZONE_TESTS_INSPECT_INTERNET_H
#define FAULTZONE_TESTS_INSPECT_INTERNET_H

#include "inspect/inspection.h"
#include "tests/mail/replies.h"

#define INTERNET_REPLIES_MAX 24

/* Judges `record`; everything lives in `arena`. */
const struct inspected *internet_judge(struct arena *arena, const struct plan_record *record,
                                       const char *const *replies);

/* The same where there is no resolver to ask. */
const struct inspected *internet_judge_directly(struct arena *arena,
                                                const struct plan_record *record,
                                                const char *const *replies);

#endif

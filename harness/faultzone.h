/* faultzone inside your own C or C++ program: a scenario's simulated internet in virtual time. No
 * socket, no thread, no clock: a question is answered before the function returns, and the same
 * seed gives the same answers. A world belongs to one thread at a time; different worlds are
 * independent.
 *
 *     char error[512];
 *     struct faultzone *world = faultzone_open("proxied.yaml", 1, error, sizeof error);
 *     …
 *     faultzone_dkim(world, "k1._domainkey.customer.example", NULL)   "permerror"
 *     faultzone_close(world);
 *
 * Compile and link with `pkg-config --cflags --libs faultzone`. */
#ifndef FAULTZONE_H
#define FAULTZONE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A scenario's world: its servers, its resolver, its caches, its clock. */
struct faultzone;

/* Loads the scenario at `path` and sets up its first state, with chance drawn from `seed`. NULL if
 * that fails; then `error` (of `error_size` octets, cut where it is too short, ended by NUL; may be
 * NULL) says why, for a broken file "file:line:column: sentence". */
struct faultzone *faultzone_open(const char *path, uint64_t seed, char *error, size_t error_size);

/* The same for a scenario in memory: `text` is what would stand in the file, ended by NUL. Errors
 * call it "text". */
struct faultzone *faultzone_open_text(const char *text, uint64_t seed, char *error,
                                      size_t error_size);

/* Frees all of it; NULL is allowed. */
void faultzone_close(struct faultzone *world);

/* Back to the first state, under `seed`: empty caches, clock at 0. */
void faultzone_reset(struct faultzone *world, uint64_t seed);

/* What came of a question. */
enum faultzone_outcome {
    FAULTZONE_ANSWERED,  /* a reply came, whatever it says */
    FAULTZONE_TIMED_OUT, /* none came, as often as a stub asks */
    FAULTZONE_FAILED,    /* what came cannot be used: cut, malformed, a broken connection */
    FAULTZONE_BAD_NAME,  /* the question cannot be asked: no domain name, no address of a server */
    FAULTZONE_TOO_LARGE, /* a reply came and does not fit */
};

/* Asks the scenario's resolver for `type` (RFC 1035 3.2.2: 16 is TXT) at `name`, an absolute name
 * in presentation form, as a stub resolver does: over UDP, again where nothing comes, over TCP
 * where the reply is cut. The reply is put into `reply` as a whole message in wire form,
 * `*ret_size` octets. */
enum faultzone_outcome faultzone_ask(struct faultzone *world, const char *name, uint16_t type,
                                     uint8_t *reply, size_t capacity, size_t *ret_size);

/* The same from one of the scenario's servers, by its address ("198.41.0.4"), without recursion. */
enum faultzone_outcome faultzone_ask_server(struct faultzone *world, const char *address,
                                            const char *name, uint16_t type, uint8_t *reply,
                                            size_t capacity, size_t *ret_size);

/* What a DKIM verifier reports whose signature fits the key published at `name`
 * (<selector>._domainkey.<domain>): a word of RFC 8601 2.7.1, static; and in `*ret_reason` (may be
 * NULL) the reason in the words of RFC 6376, static, "" for pass. NULL if `name` is no domain name
 * or memory runs out. */
const char *faultzone_dkim(struct faultzone *world, const char *name, const char **ret_reason);

/* Lets `nanoseconds` of the world's time pass: caches age, timers fire. The world ends 2^63 ns
 * after its start, in 292 years: no time passes there. */
void faultzone_wait(struct faultzone *world, uint64_t nanoseconds);

/* The world's time since its first state, in nanoseconds. */
uint64_t faultzone_now(const struct faultzone *world);

/* Runs the scenario's own steps from the first state under `seed`, and counts their expectations.
 * Returns how many were not met, or -1 if the run broke down; `*ret_met` (may be NULL) receives how
 * many were. The world is left as the last step left it. */
int faultzone_judge(struct faultzone *world, uint64_t seed, size_t *ret_met);

/* --- a program of your own in the world: its packets, and fuzzing it ---
 *
 * Your program takes the client's place: its packets come from the client's addresses, at ports
 * that it chooses, and what comes back there is yours. What takes real programs a socket takes
 * yours two calls, and no time but the world's passes in them. A stub asks the scenario's resolver
 * (`server` NULL), a resolver of yours the servers themselves, from the root's on (198.41.0.4).
 *
 *     int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
 *     {
 *         struct faultzone_arrival answer;
 *         faultzone_fuzz(world, data, size);
 *         if (faultzone_exchange(world, FAULTZONE_UDP, NULL, query, query_size, &answer) ==
 *             FAULTZONE_ANSWERED) {
 *             my_parser(answer.octets, answer.size);
 *         }
 *         return 0;
 *     }
 *
 * docs/fuzzing.md tells more; examples/fuzzing is a whole target, for a program on c-ares. */

/* Back to the first state, as faultzone_reset with the seed in use, and from now on `octets` decide
 * what becomes of every answer to you, whichever function asked: it comes as it is, or its records
 * are edited (other texts, aliases in a circle, records left out, repeated, moved), or its octets
 * (lengths, counts, compression pointers), or it is lost, late, doubled, or preceded by a forgery
 * that misses ID, source or question and says "forged by the fuzzer" or 203.0.113.66: what your
 * program must never believe. Over TCP it may be cut, in pieces, under a wrong length, or nothing
 * but the end of the connection.
 *
 * The octets are borrowed until the next reset. When they are used up answers come as they are:
 * with none at all every one does. The same octets and the same questions give the same answers. */
void faultzone_fuzz(struct faultzone *world, const uint8_t *octets, size_t size);

/* What became of the answers since faultzone_fuzz, for who looks into a finding: words, one answer
 * after another, "as-it-is text+cut lost". Cut where it is too long. Valid until the next call. */
const char *faultzone_fuzz_story(const struct faultzone *world);

enum faultzone_transport { FAULTZONE_UDP, FAULTZONE_TCP };

/* Sends `size` octets from `port`, one of yours, to port 53 of `server` (an address, "198.41.0.4";
 * NULL: the scenario's resolver): a datagram, or the next octets of a TCP connection, with the
 * lengths before messages that RFC 1035 4.2.2 wants; the first of them open it. False, and nothing
 * sent, if `server` is no address or the octets are more than one datagram or one framed message
 * can be. What nobody listens for is lost, as everywhere. */
bool faultzone_send(struct faultzone *world, enum faultzone_transport transport, uint16_t port,
                    const char *server, const void *octets, size_t size);

/* Ends your side of the TCP connection between `port` and `server`. */
void faultzone_hang_up(struct faultzone *world, uint16_t port, const char *server);

/* What came. */
enum faultzone_event {
    FAULTZONE_NOTHING, /* nothing, in the time given */
    FAULTZONE_OCTETS,  /* a datagram, or octets of a TCP connection, as the network cuts them */
    FAULTZONE_CLOSED,  /* the end of the other side of a TCP connection */
    FAULTZONE_RESET, /* the end of a TCP connection, or it was refused; UDP: nobody listens there */
};

/* Something that came to a port of yours. */
struct faultzone_arrival {
    enum faultzone_transport transport;
    uint16_t port;        /* yours */
    uint16_t server_port; /* whence it says to come, */
    char server[48];      /* and from whom */
    /* Valid until the next call. Under AddressSanitizer the octets behind are poisoned: it stops a
     * program that reads them. */
    const uint8_t *octets;
    size_t size;
};

#define FAULTZONE_ARRIVALS_MAX 64 /* that wait to be received; further ones are lost */

/* Lets time pass until something comes to a port of yours, at most `nanoseconds` (UINT64_MAX: until
 * nothing is under way any more). What came while time passed otherwise has waited. */
enum faultzone_event faultzone_receive(struct faultzone *world, uint64_t nanoseconds,
                                       struct faultzone_arrival *ret);

/* Both in one, from a port of its own: sends the message `query` to `server` and takes the first
 * message that comes back within 5 s of the world's time, whatever it says and whoever sent it;
 * over TCP without the length before it. FAULTZONE_ANSWERED, _TIMED_OUT, _FAILED (no whole message,
 * or a refusal) or _BAD_NAME (`server`). What comes to other ports meanwhile is thrown away. */
enum faultzone_outcome faultzone_exchange(struct faultzone *world,
                                          enum faultzone_transport transport, const char *server,
                                          const void *query, size_t size,
                                          struct faultzone_arrival *ret);

#ifdef __cplusplus
}
#endif

#endif

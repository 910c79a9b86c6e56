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

/* Lets `nanoseconds` of the world's time pass: caches age, timers fire. */
void faultzone_wait(struct faultzone *world, uint64_t nanoseconds);

/* The world's time since its first state, in nanoseconds. */
uint64_t faultzone_now(const struct faultzone *world);

/* Runs the scenario's own steps from the first state under `seed`, and counts their expectations.
 * Returns how many were not met, or -1 if the run broke down; `*ret_met` (may be NULL) receives how
 * many were. The world is left as the last step left it. */
int faultzone_judge(struct faultzone *world, uint64_t seed, size_t *ret_met);

#ifdef __cplusplus
}
#endif

#endif

/* Where answers are mangled: a world that has a mangler sends what goes to some askers through it.
 * For each answer the input decides: it leaves as it is, its message is edited (mangle.h), or the
 * network does its worst with it: loss, copies, another order, forgeries before it; over TCP
 * silence, an early end, pieces.
 *
 * Decisions come from one byte string, answer after answer (what a fuzzer wants, and a program that
 * asks one thing after another), or from a seed: then what becomes of an answer depends on the
 * seed, the question, the transport and how often that was asked, and not on the order of questions
 * that were asked at once. */
#ifndef FAULTZONE_SIM_MANGLER_H
#define FAULTZONE_SIM_MANGLER_H

#include "base/endpoint.h"
#include "base/text.h"
#include "sim/mangle.h"
#include "sim/transit.h"

#define MANGLER_ASKERS_MAX    4
#define MANGLER_STORY_MAX     1024
#define MANGLER_QUESTIONS_MAX 256 /* counted apart; further ones share counters */
#define MANGLER_DRAWN_OCTETS  512 /* of decisions for one answer, from a seed */

struct mangler {
    struct address askers[MANGLER_ASKERS_MAX]; /* whose answers are mangled */
    size_t asker_count;
    bool strangers; /* and those to addresses that nobody has */
    /* Told of every answer and what was done with it; NULL: nobody is. */
    void (*listener)(void *context, const struct packet *answer, instant_ns now, const char *done);
    void *listener_context;
    bool by_seed;
    uint64_t seed;
    struct input input; /* of a byte string; borrowed */
    uint8_t asked[MANGLER_QUESTIONS_MAX];
    uint8_t drawn[MANGLER_DRAWN_OCTETS];
    struct {
        bool full;
        const char *who;
        struct packet packet;
        uint8_t octets[MANGLE_OCTETS_MAX];
    } held;            /* a datagram that waits for the next one to pass it */
    struct text story; /* what was done: a word an answer, or several with "+" between */
    char story_octets[MANGLER_STORY_MAX];
    struct mangle mangle;
    uint8_t frame[MANGLE_OCTETS_MAX + 2];
};

/* For these askers (at most MANGLER_ASKERS_MAX). Answers pass as they are until one of the next two
 * is called. */
void mangler_init(struct mangler *mangler, const struct address *askers, size_t asker_count);

/* Decides by `octets` (borrowed) from now on. At their end answers pass as they are. */
void mangler_start(struct mangler *mangler, struct bytes octets);

/* Decides by `seed` from now on. */
void mangler_start_seed(struct mangler *mangler, uint64_t seed);

/* True if the packet is an answer to an asker. */
bool mangler_takes(const struct mangler *mangler, const struct packet *packet, bool is_stranger);

/* Sends off what becomes of an answer by `who`. */
void mangler_send(struct mangler *mangler, struct transit *transit, const char *who,
                  const struct packet *packet, instant_ns now);

/* What was done since the start: "as-it-is text+cut lost". */
const char *mangler_story(const struct mangler *mangler);

#endif

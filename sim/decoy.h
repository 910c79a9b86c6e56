/* Answers that nobody gave, as who cannot see a query sends them before the genuine one comes. What
 * they say bears a mark: whoever is found to believe it believed a decoy. */
#ifndef FAULTZONE_SIM_DECOY_H
#define FAULTZONE_SIM_DECOY_H

#include "base/machine.h"
#include "wire/builder.h"

#define DECOY_OCTETS_MAX 1200

/* What forged records hold: this text in TXT, and as an address the one below. */
#define DECOY_MARK "forged by the fuzzer"
#define DECOY_MARK_ADDRESS                                                                         \
    {                                                                                              \
        203, 0, 113, 66                                                                            \
    }

/* How a forgery misses what it is taken for. */
enum decoy_miss {
    DECOY_ID,       /* another ID */
    DECOY_SOURCE,   /* from another address */
    DECOY_QUESTION, /* to another question that looks much like it */
    DECOY_CUT,      /* misses nothing, but sets TC: its records are not to be used */
    DECOY_BROKEN,   /* no message: an octet is missing at its end */
    DECOY_MISSES,
};

struct decoy {
    struct packet packet; /* its payload lies in `octets` */
    uint8_t octets[DECOY_OCTETS_MAX];
};

/* A forged answer to the question that `genuine`, a datagram, answers. False if there is none. */
bool decoy_make(const struct packet *genuine, enum decoy_miss miss, struct decoy *ret);

/* Adds the marked record: as text where `type` is TXT, else as an address. */
void decoy_add_mark(struct builder *builder, enum section section, const struct name *owner,
                    uint16_t type);

/* True if the mark stands anywhere in these octets, its text perhaps cut into character-strings. */
bool decoy_shows_in(struct bytes octets);

#endif

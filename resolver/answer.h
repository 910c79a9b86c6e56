/* What a client is told: who asked and how, the path of aliases, and the reply made of both. */
#ifndef FAULTZONE_RESOLVER_ANSWER_H
#define FAULTZONE_RESOLVER_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/instant.h"
#include "base/machine.h"
#include "resolver/failure.h"
#include "resolver/policy.h"
#include "wire/message.h"
#include "wire/rdata.h"

struct context;

/* A client's question. */
struct asker {
    struct endpoint client, local;
    enum transport transport;
    uint16_t id;
    uint16_t flags;    /* as it sent them */
    struct edns edns;  /* without its options */
    bool dnssec_ok;    /* signatures and proofs are wanted, and given */
    bool has_question; /* else what follows holds nothing */
    struct name name;
    uint16_t type, rrclass;
};

/* The aliases followed so far, in order. */
struct chain_link {
    struct name owner;
    instant_ns expires;
    instant_ns dname_expires;
    uint8_t dname_labels; /* of the DNAME's owner */
    bool by_dname;
};

struct chain {
    uint8_t count;
    struct chain_link links[POLICY_RESTARTS_MAX];
};

/* True if `name` is the owner of a link. */
bool chain_has(const struct chain *chain, const struct name *name);

/* What a question ended with. Everything is borrowed; what does not apply is NULL. */
struct finding {
    uint16_t rcode;
    const struct chain *chain;
    const struct name *last;       /* where the chain leads */
    const struct rrset *rrset;     /* the answer at its end */
    const struct message *any;     /* where the answer has many types: records of `last` in it */
    const struct rrset *soa;       /* of a denial */
    struct bytes proof;            /* of `rrset` or `soa` */
    struct bytes company;          /* what came beside `rrset` (company.h) */
    const struct failure *failure; /* why it is no better: extended errors */
};

/* Puts the reply to `asker` in the outbox: whole, or (over UDP) with TC and no records. */
void answer_send(struct context *context, const struct asker *asker, const struct finding *finding);

/* Puts a reply of nothing but header, question and OPT in the outbox; the OPT has an extended error
 * with `sentence` unless that is NULL. */
void answer_refuse(struct context *context, const struct asker *asker, uint16_t rcode,
                   uint16_t code, const char *sentence);

#endif

/* What each server of a record's zone says of it, and what the resolver says: the view from all
 * sides, before any cause is weighed. */
#ifndef FAULTZONE_INSPECT_SERVERS_H
#define FAULTZONE_INSPECT_SERVERS_H

#include "inspect/survey.h"

#define SIGHTS_MAX 12 /* server addresses asked for one record */

/* One address of a name server, and what came of asking it for the record. */
struct sight {
    struct address address;
    uint8_t server; /* index into the zone's servers */
    const struct fact *fact;
    enum reply_kind kind; /* REPLY_KINDS: no reply */
    bool speaks;          /* it says something about the name */
    bool shows;           /* it shows the record that was asked for */
    bool alone;           /* and nothing beside it that must not be there */
};

struct servers {
    struct survey survey; /* of the record's own name; its servers complete */
    struct sight sights[SIGHTS_MAX];
    size_t count;
    size_t speaking, showing, silent;
    const struct fact *resolved;     /* the resolver's answer to the same, NULL without one */
    const struct fact *resolved_key; /* the same for a DKIM key behind a CNAME */
};

/* Asks everybody. Where a question is open, the weighing is. */
void servers_look(struct weighing *weighing, struct servers *servers);

/* The servers of the weighed record's zone if they were asked and gave something to look at, NULL
 * else. */
const struct servers *servers_of(const struct weighing *weighing);

/* True if a part of the domain is looked at that the domain's own zone delegates, and not a
 * registry: no registrar has to do with its servers. */
bool servers_are_own(const struct weighing *weighing);

/* True if two answers to one question say the same of the name: the same CNAME, the same records,
 * in whatever order and TXT in whatever strings, or none. */
bool answers_agree(const struct fact *a, const struct fact *b);

/* True if two sights say the same about the record: their answers agree, or both show it. */
bool sights_agree(const struct sight *a, const struct sight *b);

/* The serial number of the zone at a server: asks it for the SOA. False while that is open, or if
 * it has none. */
bool sight_serial(struct weighing *weighing, const struct sight *sight, uint32_t *ret);

/* Notes in the evidence what each server said. */
void servers_note(struct weighing *weighing, const struct servers *servers);

#endif

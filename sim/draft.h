/* A reply being composed: what it will say, with pointers into the zones it comes from, until it is
 * encoded. Nothing is copied but what no zone holds (synthesised names and records), and that lives
 * in the server's scratch memory until the reply has left.
 *
 * A draft grows link by link. A step is one link: what the zone said of one owner name, open to the
 * behaviours' edits, then added to the draft. */
#ifndef FAULTZONE_SIM_DRAFT_H
#define FAULTZONE_SIM_DRAFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/machine.h"
#include "sim/zone.h"
#include "wire/message.h"
#include "wire/name.h"

#define DRAFT_ANSWERS_MAX     64 /* RRsets of the answer section */
#define DRAFT_AUTHORITY_MAX   16
#define DRAFT_ADDITIONAL_MAX  64
#define DRAFT_STEP_RRSETS_MAX 32 /* RRsets of one link; an answer to ANY keeps this many */

/* An RRset as this reply shows it. All pointers are borrowed until the reply is encoded. */
struct draft_rrset {
    const struct name *owner;  /* as shown: the question's name where a wildcard answered */
    const struct rrset *rrset; /* type, class and RDATA */
    uint32_t ttl;              /* as shown, seconds */
};

enum draft_outcome {
    DRAFT_ANSWER,   /* `rrsets` answer the question */
    DRAFT_ALIAS,    /* `rrsets` hold a CNAME (behind a DNAME perhaps); go on at `target` */
    DRAFT_REFERRAL, /* `found.rrset` is the NS RRset of a zone cut */
    DRAFT_NODATA,
    DRAFT_NXDOMAIN,
    DRAFT_FAILURE, /* the reply is `rcode` and nothing else of this link */
};

/* One link. The server fills it from the zone; behaviours change it through the functions below or
 * member by member. */
struct draft_step {
    const struct zone *zone;  /* the link's zone; never edited, as the next two */
    struct zone_found found;  /* what the zone said */
    const struct name *owner; /* this link's name, in the asker's letter case */
    bool edited;              /* a behaviour has already changed this step */

    enum draft_outcome outcome;
    struct draft_rrset rrsets[DRAFT_STEP_RRSETS_MAX]; /* of ANSWER and ALIAS */
    size_t count;
    const struct name *target; /* of ALIAS */
    const struct rrset *soa;   /* of NODATA and NXDOMAIN: the zone's; NULL for none */
    uint32_t soa_ttl;          /* as shown: min(its TTL, its MINIMUM), RFC 2308 3 */
    uint16_t rcode;            /* of FAILURE, or of an ALIAS that ends in YXDOMAIN */
};

/* How the reply repeats the question. */
enum draft_question {
    DRAFT_QUESTION_SAME,    /* octet by octet, letter case included */
    DRAFT_QUESTION_NONE,    /* QDCOUNT 0 */
    DRAFT_QUESTION_RENAMED, /* under `question_name` */
};

/* Which OPT record the reply carries. */
enum draft_opt {
    DRAFT_OPT_PROPER, /* one if the query had one (RFC 6891 6.1.1) */
    DRAFT_OPT_NONE,
    DRAFT_OPT_ECHOED, /* the query's, options, size and version as they came */
};

struct draft {
    struct name qname; /* the question's, for as long as the draft lives; set by its composer */
    struct draft_rrset answer[DRAFT_ANSWERS_MAX];
    struct draft_rrset authority[DRAFT_AUTHORITY_MAX];
    struct draft_rrset additional[DRAFT_ADDITIONAL_MAX];
    size_t answer_count, authority_count, additional_count;
    uint16_t rcode; /* 12 bits; above 15 only with an OPT record (RFC 6891 6.1.3) */
    bool authoritative;
    bool truncated;     /* TC, whatever the size */
    bool silent;        /* no reply at all */
    size_t glue_needed; /* so many first RRsets of additional set TC if they do not fit: a
                           referral's in-domain glue (RFC 9471 3) */

    /* Departures from the protocol; zero is none. */
    enum draft_question question;
    const struct name *question_name; /* of RENAMED */
    enum draft_opt opt;
    uint16_t id_flip;        /* exclusive-or with the query's ID */
    uint16_t udp_size_max;   /* what the server's own OPT record offers, and its limit */
    bool ignores_size;       /* never truncates: UDP replies of any size */
    bool omits_tc;           /* leaves out what does not fit, and does not say so */
    struct bytes trailing;   /* octets behind the message, borrowed until it is encoded */
    struct bytes cookie;     /* of the COOKIE option (RFC 7873), empty for none; borrowed */
    uint16_t extended_error; /* INFO-CODE + 1 of RFC 8914, 0 for none */
    bool by_subnet;          /* the query's client subnet was looked at: it is told back */
};

/* An empty NOERROR reply. Cheap: sections are not cleared, only counted from 0. */
void draft_begin(struct draft *draft);

/* Empties all sections: what remains is a header. */
void draft_clear(struct draft *draft);

/* Makes the reply `rcode` without any records, AA off. */
void draft_fail(struct draft *draft, uint16_t rcode);

/* Puts an RRset into a section. What finds no room is dropped and false returned. */
bool draft_add_answer(struct draft *draft, const struct name *owner, const struct rrset *rrset,
                      uint32_t ttl);
bool draft_add_authority(struct draft *draft, const struct name *owner, const struct rrset *rrset,
                         uint32_t ttl);
bool draft_add_additional(struct draft *draft, const struct name *owner, const struct rrset *rrset,
                          uint32_t ttl);

/* Turns the step into a positive answer without records yet; then draft_step_put adds them. */
void draft_step_answer(struct draft_step *step);

/* Adds `rrset` under the step's own name. False if the step is full. */
bool draft_step_put(struct draft_step *step, const struct rrset *rrset, uint32_t ttl);

/* Turns the step into "the name exists, this type does not" (RFC 2308 2.2); SOA as it was. */
void draft_step_nodata(struct draft_step *step);

/* Turns the step into "no such name" (RFC 2308 2.1); SOA as it was. */
void draft_step_nxdomain(struct draft_step *step);

/* Turns the step into a failure with `rcode`. */
void draft_step_fail(struct draft_step *step, uint16_t rcode);

/* Turns the step into an alias to `target` by the CNAME RRset `cname`. */
void draft_step_alias(struct draft_step *step, const struct rrset *cname, uint32_t ttl,
                      const struct name *target);

/* Starts the step of `owner` (borrowed) with what `zone` says of it for `qtype`. A DNAME is
 * answered by itself and a synthesised CNAME of its TTL (RFC 6672 3.1), or YXDOMAIN where the new
 * name is too long. Synthesised records live in `scratch`; SERVFAIL if that is exhausted. */
void draft_step_fill(struct draft_step *step, const struct zone *zone, const struct name *owner,
                     uint16_t qtype, const struct zone_found *found, struct arena *scratch);

/* Adds the step's records, SOA or referral with its glue to the draft. */
void draft_add_step(struct draft *draft, const struct draft_step *step);

/* An RRset of class IN that no zone holds, in `arena`; `owner` and `rdata` are borrowed, the array
 * too. NULL if exhausted. */
const struct rrset *draft_rrset_new(struct arena *arena, const struct name *owner, uint16_t type,
                                    uint32_t ttl, const struct bytes *rdata, size_t count);

/* Encodes the reply to `query` into `size` octets at `room`; returns its length, 0 if not even a
 * header fits. Over UDP the reply keeps to what the client can take: its EDNS size within [512,
 * `udp_size_max`], 512 without EDNS. Whole RRsets that do not fit are left out together with all
 * that follow them in their section; in answer and authority TC is then set, in additional only
 * within `glue_needed` (RFC 2181 9, RFC 9471 3). What fitted before them stays, as BIND, NSD and
 * Knot do. */
size_t draft_encode(const struct draft *draft, const struct message *query,
                    enum transport transport, uint8_t *room, size_t size);

#endif

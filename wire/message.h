/* DNS messages as checked views. message_parse looks at every octet that has a meaning, once;
 * afterwards walking cannot fail, copies nothing and allocates nothing.
 *
 * Strict mode accepts what the RFCs allow. Lenient mode also accepts what a lax resolver would, and
 * names all that it forgave; a record whose RDATA it forgave is `unsound` in the walk. */
#ifndef FAULTZONE_WIRE_MESSAGE_H
#define FAULTZONE_WIRE_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/text.h"
#include "wire/edns.h"
#include "wire/name.h"

#define MESSAGE_HEADER_OCTETS    12
#define MESSAGE_OCTETS_MAX       65535
#define MESSAGE_POINTER_HOPS_MAX 126 /* of one name */

/* Labels and pointers looked at, of all names of a message of `size` octets together. Legitimate
 * messages stay far below: a suffix met before costs one step. */
#define MESSAGE_WORK_MAX(size) ((uint32_t)(size)*2 + 65536)

enum {
    MESSAGE_QR = 0x8000,
    MESSAGE_AA = 0x0400,
    MESSAGE_TC = 0x0200,
    MESSAGE_RD = 0x0100,
    MESSAGE_RA = 0x0080,
    MESSAGE_Z = 0x0040,
    MESSAGE_AD = 0x0020,
    MESSAGE_CD = 0x0010,
    MESSAGE_OPCODE_MASK = 0x7800,
    MESSAGE_OPCODE_SHIFT = 11,
    MESSAGE_RCODE_MASK = 0x000f,
};

enum {
    OPCODE_QUERY = 0,
    OPCODE_IQUERY = 1,
    OPCODE_STATUS = 2,
    OPCODE_NOTIFY = 4,
    OPCODE_UPDATE = 5,
    OPCODE_DSO = 6,
};

enum {
    RCODE_NOERROR = 0,
    RCODE_FORMERR = 1,
    RCODE_SERVFAIL = 2,
    RCODE_NXDOMAIN = 3,
    RCODE_NOTIMP = 4,
    RCODE_REFUSED = 5,
    RCODE_YXDOMAIN = 6,
    RCODE_YXRRSET = 7,
    RCODE_NXRRSET = 8,
    RCODE_NOTAUTH = 9,
    RCODE_NOTZONE = 10,
    RCODE_BADVERS = 16,
    RCODE_BADKEY = 17,
    RCODE_BADTIME = 18,
    RCODE_BADMODE = 19,
    RCODE_BADNAME = 20,
    RCODE_BADALG = 21,
    RCODE_BADTRUNC = 22,
    RCODE_BADCOOKIE = 23,
};

enum section {
    SECTION_QUESTION,
    SECTION_ANSWER,
    SECTION_AUTHORITY,
    SECTION_ADDITIONAL,
    SECTIONS,
};

enum message_mode { MESSAGE_STRICT, MESSAGE_LENIENT };

/* Why octets are not a message. */
enum message_outcome {
    MESSAGE_FINE = 0,
    MESSAGE_HEADER_CUT,       /* fewer than 12 octets */
    MESSAGE_TOO_LONG,         /* more than 65535 octets */
    MESSAGE_HEADER_ONLY,      /* a response of 12 octets: header, no question (RFC 6891 7) */
    MESSAGE_QUESTION_MISSING, /* QDCOUNT 0 */
    MESSAGE_QUESTION_SEVERAL, /* QDCOUNT 2 or more (RFC 9619) */
    MESSAGE_QUESTION_CUT,     /* the octets end inside the question */
    MESSAGE_RECORD_CUT,       /* the octets end inside a record, or before a promised one */
    MESSAGE_NAME_CUT,         /* the octets end inside a name */
    MESSAGE_NAME_TOO_LONG,    /* more than 255 octets, compressed or not */
    MESSAGE_LABEL_TYPE,       /* a label begins with 0x40 to 0xbf */
    MESSAGE_POINTER_AHEAD,  /* a pointer that is not strictly backward, or labels that run on to it
                             */
    MESSAGE_POINTER_HEADER, /* a pointer into the header */
    MESSAGE_POINTER_HOPS,   /* more than MESSAGE_POINTER_HOPS_MAX in one name */
    MESSAGE_WORK,           /* more than MESSAGE_WORK_MAX */
    MESSAGE_RDATA_SHORT,    /* RDATA ends before its last field */
    MESSAGE_RDATA_LONG,     /* octets are left after its last field */
    MESSAGE_RDATA_STRING,   /* a length inside RDATA points past its end */
    MESSAGE_RDATA_COMPRESSED, /* a compressed name in a type that may not have one */
    MESSAGE_TXT_EMPTY,        /* TXT without a character-string */
    MESSAGE_TRAILING,         /* octets after the last record */
    MESSAGE_OPT_SEVERAL,      /* two OPT records */
    MESSAGE_OPT_MISPLACED,    /* OPT outside the additional section */
    MESSAGE_OPT_OWNER,        /* OPT not at the root */
    MESSAGE_OPT_OPTIONS,      /* options that do not fill the OPT's RDATA */
    MESSAGE_OPT_OPTIONS_MANY, /* more than EDNS_OPTIONS_MAX */
    MESSAGE_OPT_VERSION,      /* a response in an EDNS version above 0 */
    MESSAGE_TSIG_MISPLACED,   /* TSIG not the last record of the additional section */
    MESSAGE_TSIG_SEVERAL,     /* two TSIG records */
    MESSAGE_OUTCOMES,
};

struct message_error {
    enum message_outcome outcome;
    uint32_t offset; /* of what is wrong, never beyond the octets' end */
};

/* What lenient mode forgave: bit 1 << outcome. Only these can be forgiven. */
#define MESSAGE_BIT(outcome) (UINT32_C(1) << (outcome))
#define MESSAGE_FORGIVABLE_RDATA                                                                   \
    (MESSAGE_BIT(MESSAGE_RDATA_SHORT) | MESSAGE_BIT(MESSAGE_RDATA_LONG) |                          \
     MESSAGE_BIT(MESSAGE_TXT_EMPTY))
#define MESSAGE_FORGIVABLE                                                                         \
    (MESSAGE_FORGIVABLE_RDATA | MESSAGE_BIT(MESSAGE_HEADER_ONLY) |                                 \
     MESSAGE_BIT(MESSAGE_QUESTION_MISSING) | MESSAGE_BIT(MESSAGE_QUESTION_SEVERAL) |               \
     MESSAGE_BIT(MESSAGE_RDATA_COMPRESSED) | MESSAGE_BIT(MESSAGE_TRAILING) |                       \
     MESSAGE_BIT(MESSAGE_OPT_SEVERAL) | MESSAGE_BIT(MESSAGE_OPT_MISPLACED) |                       \
     MESSAGE_BIT(MESSAGE_OPT_OWNER) | MESSAGE_BIT(MESSAGE_OPT_OPTIONS) |                           \
     MESSAGE_BIT(MESSAGE_OPT_VERSION))

struct question {
    struct name_ref name;
    uint16_t type;
    uint16_t rrclass;
};

/* The header's fields, for what is no message otherwise. */
struct message_header {
    uint16_t id;
    uint16_t flags; /* MESSAGE_QR … */
    uint16_t counts[SECTIONS];
};

/* A checked message. Borrows the octets. */
struct message {
    struct bytes octets;
    uint16_t id;
    uint16_t flags; /* the header's second word: MESSAGE_QR …, opcode, RCODE */
    uint16_t rcode; /* 12 bits: the header's and the OPT's together */
    uint8_t opcode;
    uint16_t counts[SECTIONS]; /* as the header says, and as found */
    struct question question;  /* the first one; only if counts[SECTION_QUESTION] > 0 */
    struct edns edns;          /* the first OPT of the additional section */
    uint32_t starts[SECTIONS]; /* offset of each section */
    uint32_t end;              /* offset after the last record */
    uint32_t forgiven;         /* MESSAGE_BIT(…) of all that lenient mode forgave */
    bool has_tsig;
};

/* Reads the header of anything that has 12 octets. */
bool message_peek(struct bytes octets, struct message_header *ret);

/* The RCODE of anything that has 12 octets, with the upper bits that its first OPT record gives it
 * (RFC 6891 6.1.3); the header's alone where records cannot be followed. For those who only carry
 * the message: nothing else is looked at. */
uint16_t message_peek_rcode(struct bytes octets);

/* Checks `octets` (borrowed, they must outlive `ret`). On failure returns false, leaves `ret` as
 * it was and fills `reterr` (may be NULL) with the first thing wrong. An EDNS version above 0 is a
 * value in a query and a failure in a response. Costs at most MESSAGE_WORK_MAX steps. */
bool message_parse(struct bytes octets, enum message_mode mode, struct message *ret,
                   struct message_error *reterr);

/* A word for an outcome: "pointer-ahead". Static. */
const char *message_outcome_name(enum message_outcome outcome);

/* A sentence for a human: what is wrong. Static. */
const char *message_outcome_text(enum message_outcome outcome);

/* Writes the words of all outcomes in the bit set `forgiven`, commas between. */
void message_forgiven_put(struct text *text, uint32_t forgiven);

/* Writes "NOERROR", "BADVERS" or "RCODE3841"; the same for opcodes. */
void rcode_put(struct text *text, uint16_t rcode);
bool rcode_parse(struct bytes text, uint16_t *ret);
void opcode_put(struct text *text, uint8_t opcode);

/* True if the message is a response (QR). */
static inline bool message_is_response(const struct message *message)
{
    return (message->flags & MESSAGE_QR) != 0;
}

/* One record of a checked message. Borrows the message's octets. */
struct record {
    struct name_ref owner;
    enum section section;
    uint16_t type;
    uint16_t rrclass;
    uint32_t ttl;       /* as sent, bit 31 too (RFC 2181 8 is the reader's business) */
    struct bytes rdata; /* as it stands in the message, names perhaps compressed */
    bool unsound;       /* lenient mode forgave this RDATA: its fields may not be there */
};

struct record_walk {
    const struct message *message;
    uint32_t at;
    uint32_t left;
    enum section section;
};

/* Starts a walk over the records of `section` (not SECTION_QUESTION), OPT and TSIG included. */
struct record_walk record_walk_start(const struct message *message, enum section section);

/* The next record; false at the end. */
bool record_next(struct record_walk *walk, struct record *ret);

/* The name at `offset` octets into the RDATA of a sound record, where its type has one. */
struct name_ref record_name(const struct record *record, size_t offset);

/* The first name in the RDATA (the target of CNAME, NS, MX, SRV, …); false if the type has none or
 * the record is unsound. */
bool record_target(const struct record *record, struct name_ref *ret);

/* Writes a record as dig does, tabs between, no newline; unsound RDATA in \# form. */
void record_put(struct text *text, const struct record *record);

#endif

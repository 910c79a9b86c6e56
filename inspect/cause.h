/* The table of causes: why a record that was asked for is not seen. A row decides by facts alone;
 * if it lacks one it asks for it, so that the next question worth asking is the one that the first
 * undecided row needs. */
#ifndef FAULTZONE_INSPECT_CAUSE_H
#define FAULTZONE_INSPECT_CAUSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/text.h"
#include "inspect/facts.h"
#include "inspect/plan.h"
#include "mail/dkim_damage.h"
#include "mail/edge_ranges.h"

#define PROOFS_MAX     8  /* of one record's finding */
#define CANDIDATES_MAX 4  /* other failures that would look the same */
#define WANTED_MAX     12 /* questions that may be put at once */

enum setup_verdict {
    SETUP_VERIFIED,
    SETUP_DECLINED,
    SETUP_RETRY_LATER,
    SETUP_VERDICTS,
};

enum setup_class {
    CLASS_PRESENT,
    CLASS_WRONG,
    CLASS_MISSING_NODATA,
    CLASS_MISSING_NXDOMAIN,
    CLASS_TEMPORARY,
    CLASS_HIDDEN_BY_PROXY,
    CLASS_FLATTENED,
    CLASS_AMBIGUOUS,
    CLASS_INCONSISTENT,
    SETUP_CLASSES,
};

/* One fact and what it shows. */
struct proof {
    const struct fact *fact;
    const char *shows; /* a static clause: "an address of a proxy at the name itself" */
};

/* What a row has found out about one record. */
struct evidence {
    struct proof proofs[PROOFS_MAX];
    size_t proof_count;
    struct name present;                  /* what is there instead; size 0: nothing of the kind */
    struct bytes present_text;            /* the same for TXT: RDATA of the record found */
    const struct edge_provider *provider; /* whose edge was seen, NULL if none */
    const struct edge_range *range;
    struct address address;  /* the one in `range` */
    enum dkim_damage damage; /* of a published key */
    uint32_t heals_in_s;     /* when caches have forgotten what was seen; 0: unknown */
    const char *who_says;    /* where servers differ, what each said; NULL else */
    const char *number;      /* in the catalogue, where it is not the row's own; NULL else */
    const char *detail;      /* a static sentence more on what is there; NULL for none */
    const char *below;       /* the same of what lies below the name; NULL for none */
    const char *fix;         /* static: what the customer does about it, where the row's own advice
                                does not fit; NULL else */
    const char *candidates[CANDIDATES_MAX + 1]; /* numbers of failures that the facts do not tell
                                                   from this one; ended by NULL */
};

/* Which records a row is weighed for. */
enum cause_scope {
    CAUSE_OF_ABSENCE, /* those that are not there, or do not work */
    CAUSE_OF_NO_VIEW, /* all, before anything else: nothing else can be said where it holds */
    CAUSE_OF_RISK,    /* those that are there: it may still go wrong for others */
};

enum weight {
    WEIGHT_NO,    /* ruled out */
    WEIGHT_YES,   /* proved */
    WEIGHT_OPEN,  /* a question must be asked first */
    WEIGHT_STUCK, /* a question it needs met with trouble: nothing may be concluded */
};

struct weighing;
struct servers;     /* servers.h */
struct known_zones; /* survey.h */
struct suffix_list; /* suffixes.h */

/* From where a check looks. */
struct vantage {
    bool has_resolver;           /* there is a resolver to ask */
    const struct address *roots; /* of the root's servers, borrowed; without them no name server is
                                    asked */
    size_t root_count;
    bool v4, v6;                     /* families the check has an address of */
    const struct known_zones *known; /* what is known of zones below the root, NULL for nothing */
    const struct suffix_list *suffixes; /* of suffixes.h, borrowed; NULL: a short table */
};

struct cause {
    const char *slug;   /* "proxied" */
    const char *number; /* in the failure catalogue, "F01"; NULL: not in it */
    const char *others; /* numbers that its findings may have instead, "F49 F50"; NULL for none */
    enum setup_verdict verdict;
    enum setup_class class;
    const char *title; /* a few words */
    const char *why;   /* one sentence: what has happened */
    const char *fix;   /* one sentence: what the customer does about it */
    const char *doc;   /* a paragraph for the reference: how it is told from its look-alikes */
    enum cause_scope scope;
    enum weight (*weigh)(struct weighing *weighing); /* NULL: never weighed */
};

/* All causes, in the order in which they are weighed; ended by a NULL slug. */
extern const struct cause causes[];

/* The row called `slug`, NULL if there is none. */
const struct cause *cause_find(struct bytes slug);

/* True if what the row finds may have this number in the catalogue. */
bool cause_may_be(const struct cause *cause, const char *number);

/* One record being weighed. Rows ask it for facts. */
struct weighing {
    const struct plan_record *record;
    const struct plan_record *plan; /* all that was asked for, the record among it; borrowed */
    size_t plan_count;
    struct facts *facts;
    const struct vantage *vantage;
    struct servers *servers; /* of the zone the record is in; NULL where none is asked */
    uint64_t salt;           /* of sibling names */
    enum probe_view view;    /* whose answers the rows below read, where they do not say */
    bool incurious;          /* ask nothing: what is not known is not the case */
    uint8_t depth;           /* of names looked up for the sake of another */
    struct evidence evidence;
    enum setup_class class; /* the row's; a row that stands for two may change it */
    struct probe wanted[WANTED_MAX];
    size_t wanted_count;        /* not 0 after WEIGHT_OPEN */
    size_t opened;              /* how often a question was found open, also one without room */
    const struct fact *trouble; /* after WEIGHT_STUCK */
    bool open, stuck;
    bool waiting; /* for the resolver: nothing else need wait with it, but the verdict has to */
};

/* The last row: for what could not be found out. It has no `weigh`. */
extern const struct cause *const cause_temporary;

/* Which further rows are proved by what is known already: remarks only. `decisive` (may be NULL) is
 * left out, and so is what says the same of it: rows of its number in the catalogue, `number` (may
 * be NULL). At most `capacity` go to `ret`; how many. */
size_t weighing_remarks(struct weighing *weighing, const struct cause *decisive, const char *number,
                        const struct cause **ret, size_t capacity);

/* Looks at the servers, where there are any to look at: all else needs that. WEIGHT_YES or
 * WEIGHT_OPEN. */
enum weight weighing_servers(struct weighing *weighing);

/* Whether the record asked for is there, and works for its role. */
enum weight weighing_presence(struct weighing *weighing);

/* The first row of `scope` that is proved, in `*ret`. Of CAUSE_OF_ABSENCE WEIGHT_NO cannot come
 * back: the table ends in rows for what is left. */
enum weight weighing_cause(struct weighing *weighing, enum cause_scope scope,
                           const struct cause **ret);

/* The same of CAUSE_OF_RISK; but where a remark is proved, the other remarks are looked into too,
 * so that they can be told beside it. */
enum weight weighing_risk(struct weighing *weighing, const struct cause **ret);

/* Whether the one row is proved. */
enum weight weighing_row(struct weighing *weighing, const struct cause *cause);

/* "verified", "hidden-by-proxy", and the way back. */
const char *setup_verdict_name(enum setup_verdict verdict);
const char *setup_class_name(enum setup_class class);
bool setup_verdict_parse(struct bytes text, enum setup_verdict *ret);
bool setup_class_parse(struct bytes text, enum setup_class *ret);

#endif

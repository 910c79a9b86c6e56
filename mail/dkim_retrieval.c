/* From a reply to the TXT records at the end of its CNAME chain. */
#include "mail/dkim_retrieval.h"

#include "wire/rrtype.h"

static void conclude(struct dkim_retrieval *retrieval, enum dkim_retrieval_state state,
                     const char *why)
{
    retrieval->state = state;
    retrieval->why = why;
}

void dkim_retrieval_failed(const char *why, struct dkim_retrieval *ret)
{
    *ret = (struct dkim_retrieval){.state = DKIM_UNAVAILABLE, .why = why};
}

/* Static words, since a retrieval outlives no buffer of ours. */
static const char *rcode_word(uint16_t rcode)
{
    switch (rcode) {
    case RCODE_FORMERR: return "FORMERR";
    case RCODE_SERVFAIL: return "SERVFAIL";
    case RCODE_NOTIMP: return "NOTIMP";
    case RCODE_REFUSED: return "REFUSED";
    case RCODE_YXDOMAIN: return "YXDOMAIN";
    case RCODE_NOTAUTH: return "NOTAUTH";
    case RCODE_BADVERS: return "BADVERS";
    default: return "error code";
    }
}

static void keep(struct dkim_retrieval *retrieval, struct bytes rdata)
{
    retrieval->seen++;
    if (retrieval->count < DKIM_RECORDS_MAX) {
        retrieval->records[retrieval->count++] = rdata;
    }
}

/* Gathers the TXT records at `retrieval->end`; true, and the target, if there are none but a CNAME.
 * (A TXT beside a CNAME is wrong, but it is what was asked for.) */
static bool gather(const struct message *reply, struct dkim_retrieval *retrieval,
                   struct name_ref *ret_target)
{
    struct name owner;
    name_expand(retrieval->end, &owner);
    bool alias = false;
    struct record_walk walk = record_walk_start(reply, SECTION_ANSWER);
    struct record record;
    while (record_next(&walk, &record)) {
        if (record.rrclass != RRCLASS_IN || !name_ref_equal(record.owner, &owner)) {
            continue;
        }
        if (record.type == RRTYPE_TXT) {
            keep(retrieval, record.rdata);
        } else if (record.type == RRTYPE_CNAME && !alias) {
            alias = record_target(&record, ret_target);
        }
    }
    return alias && retrieval->seen == 0;
}

/* Follows the chain to its end and gathers what is there; false if the chain has no end. */
static bool follow(const struct message *reply, struct dkim_retrieval *retrieval)
{
    struct name_ref target;
    while (gather(reply, retrieval, &target)) {
        retrieval->end = target;
        if (++retrieval->links > DKIM_CHAIN_MAX) {
            return false;
        }
    }
    return true;
}

static bool has_soa(const struct message *reply)
{
    struct record_walk walk = record_walk_start(reply, SECTION_AUTHORITY);
    struct record record;
    while (record_next(&walk, &record)) {
        if (record.type == RRTYPE_SOA) {
            return true;
        }
    }
    return false;
}

/* A negative reply names the zone it speaks for (RFC 2308 2.2). A CNAME alone, with nothing on its
 * target, is what a server gives that does not follow it. */
static const char *absence(const struct message *reply, const struct dkim_retrieval *retrieval)
{
    if (reply->rcode == RCODE_NXDOMAIN) {
        return "NXDOMAIN";
    }
    return retrieval->links > 0 && !has_soa(reply) ? "CNAME without its target" : "no data";
}

void dkim_retrieval_of_reply(const struct message *reply, const struct name *name,
                             struct dkim_retrieval *ret)
{
    ret->rcode = reply->rcode;
    ret->links = 0;
    ret->end = name_ref_of(name);
    ret->count = 0;
    ret->seen = 0;
    if ((reply->flags & MESSAGE_TC) != 0) {
        conclude(ret, DKIM_UNAVAILABLE, "truncated reply");
        return;
    }
    if (reply->rcode != RCODE_NOERROR && reply->rcode != RCODE_NXDOMAIN) {
        conclude(ret, DKIM_UNAVAILABLE, rcode_word(reply->rcode));
        return;
    }
    if (!follow(reply, ret)) {
        conclude(ret, DKIM_UNAVAILABLE, "CNAME chain without end");
        return;
    }
    if (ret->count > 0 && reply->rcode == RCODE_NOERROR) {
        conclude(ret, DKIM_RECORDS, NULL);
    } else {
        conclude(ret, DKIM_NO_RECORDS, absence(reply, ret));
    }
}

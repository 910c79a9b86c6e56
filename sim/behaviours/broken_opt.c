/* Replies whose OPT record is not one. The shapes are those of captured packets. */
#include "sim/behaviours/rows.h"

#include "wire/rrtype.h"
#include "wire/writer.h"

enum { QUESTION_NAME = 0xc000 | MESSAGE_HEADER_OCTETS }; /* a pointer to it */

enum broken_opt_mode { OPT_ZEROS, OPT_ZEROS_FIRST, OPT_UNCOUNTED, OPT_ECHOED };

struct broken_opt {
    enum broken_opt_mode mode;
    const struct rrset *zeros; /* an OPT record overwritten with zeros: type, class, TTL and all */
};

static const char *const modes[] = {"zeros", "zeros-first", "uncounted", "echoed", NULL};

static const struct param_spec params[] = {
    {.key = "mode",
     .type = PARAM_CHOICE,
     .choices = modes,
     .fallback = "zeros",
     .doc = "What stands in place of the OPT record in replies to queries that have one. zeros: 11 "
            "octets of zero, a record of type 0; zeros-first: the same as the answer, and the "
            "answer behind it, which the header does not count; uncounted: a sound OPT record that "
            "the "
            "header does not count, so that it trails; echoed: the query's, with the options that "
            "it came with."},
    {.key = NULL},
};

static const void *configure(const struct params *given, const struct name *apex,
                             const struct provider *provider, struct arena *arena,
                             struct diag *reterr)
{
    (void)apex;
    (void)provider;
    struct broken_opt *broken = ARENA_NEW(arena, struct broken_opt);
    struct bytes *rdata = ARENA_NEW(arena, struct bytes);
    struct rrset *zeros = ARENA_NEW(arena, struct rrset);
    if (broken == NULL || rdata == NULL || zeros == NULL) {
        return behaviour_no_memory(reterr);
    }
    *zeros = (struct rrset){.owner = name_root(), .count = 1, .rdata = rdata};
    broken->mode = (enum broken_opt_mode)params_number(given, "mode", OPT_ZEROS);
    broken->zeros = zeros;
    return broken;
}

/* Writes the records of `entry`; those of the question's own name have a pointer to it as owner. */
static void write_records(struct writer *writer, const struct draft *draft,
                          const struct draft_rrset *entry)
{
    for (size_t i = 0; i < entry->rrset->count; i++) {
        if (name_equal(entry->owner, &draft->qname)) {
            writer_u16(writer, QUESTION_NAME);
        } else {
            writer_bytes(writer, name_bytes(entry->owner));
        }
        writer_u16(writer, entry->rrset->type);
        writer_u16(writer, entry->rrset->rrclass);
        writer_u32(writer, entry->ttl);
        writer_u16(writer, (uint16_t)entry->rrset->rdata[i].size);
        writer_bytes(writer, entry->rrset->rdata[i]);
    }
}

/* The zeros are the answer; what was the answer follows, and the header does not count it. */
static void put_zeros_first(const struct broken_opt *broken, struct draft *draft,
                            struct arena *scratch)
{
    uint8_t *octets = arena_alloc(scratch, EDNS_UDP_SIZE_MIN);
    if (octets == NULL) {
        return;
    }
    struct writer writer = writer_in(octets, EDNS_UDP_SIZE_MIN);
    for (size_t i = 0; i < draft->answer_count; i++) {
        write_records(&writer, draft, &draft->answer[i]);
    }
    draft_clear(draft);
    draft_add_answer(draft, name_root(), broken->zeros, 0);
    draft->trailing = writer.failed ? bytes_of(NULL, 0) : writer_written(&writer);
}

static bool finish(const void *state, const struct behaviour_context *context, struct draft *draft)
{
    static const uint8_t opt[EDNS_OPT_OCTETS] = {0, 0, RRTYPE_OPT, EDNS_UDP_SIZE >> 8,
                                                 EDNS_UDP_SIZE & 0xff};
    const struct broken_opt *broken = state;
    if (!context->query->edns.present) {
        return false;
    }
    draft->opt = broken->mode == OPT_ECHOED ? DRAFT_OPT_ECHOED : DRAFT_OPT_NONE;
    switch (broken->mode) {
    case OPT_ZEROS: draft_add_additional(draft, name_root(), broken->zeros, 0); break;
    case OPT_ZEROS_FIRST: put_zeros_first(broken, draft, context->scratch); break;
    case OPT_UNCOUNTED: draft->trailing = bytes_of(opt, sizeof opt); break;
    case OPT_ECHOED: break;
    }
    return true;
}

const struct behaviour_row behaviour_broken_opt = {
    .name = "broken-opt",
    .doc = "The OPT record of replies is damaged; replies to queries without one are sound.",
    .evidence = "Failure catalogue F106, F110: DVE-2017-0001 and 0002 (zeros), DVE-2017-0004 "
                "(zeros-first), DVE-2017-0007 and 0012 (uncounted). Echoed: assumed; RFC 6891 "
                "6.1.1 has the responder write its own.",
    .params = params,
    .short_param = "mode",
    .configure = configure,
    .finish = finish,
};

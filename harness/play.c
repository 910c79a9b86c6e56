/* How the two readers take time. Testbound's stands still but for TIME_PASSES: a step is over when
 * nothing moves any more, and ranges are those of the step that comes next. Deckard's client waits
 * for its answer within the step QUERY. What our resolver waits for on its own (a query that
 * nobody answers) is only waited for where an answer is wanted that has not come. */
#include "harness/play.h"

#include "harness/rpl.h"
#include "wire/rrtype.h"

#define PATIENCE      (120 * NS_PER_S) /* longer than any client's question may take */
#define TIMEOUTS_MAX  200
#define SEEN_ROOM     2000
#define WAITING_SHOWN 4
#define RECORDS_SHOWN 12

struct playing {
    struct stage *stage;
    host_run *host;
    struct arena *arena;
    struct step_outcome *outcome;
    const struct rpl *rpl;
    const struct rpl_step *step;
    size_t index;
    struct play_outcome *played;
    size_t answers;    /* to clients, when the waiting began */
    size_t complaints; /* when the step began */
    char *buffer;
    struct text seen;
};

/* --- words --- */

static void put_query(struct text *text, const struct script_query *query)
{
    const struct message *message = &query->parsed;
    if (message->counts[SECTION_QUESTION] > 0) {
        name_ref_put(text, message->question.name);
        text_put_char(text, ' ');
        rrtype_put(text, message->question.type);
    } else {
        text_put(text, "nothing");
    }
    text_put(text, query->transport == TRANSPORT_TCP ? ", over TCP, of " : " of ");
    address_put(text, &query->to.address);
}

static void put_waiting(struct playing *playing)
{
    const struct script *script = playing->stage->script;
    const size_t count = script_pending_count(script);
    for (size_t i = 0; i < count && i < WAITING_SHOWN; i++) {
        text_put(&playing->seen, i == 0 ? "; no entry answers " : ", ");
        put_query(&playing->seen, script_pending(script, i));
    }
}

static void put_rr(struct text *text, const struct rr *rr)
{
    name_put(text, rr->owner);
    text_put_format(text, " %u ", (unsigned)rr->ttl);
    rrtype_put(text, rr->type);
    text_put_char(text, ' ');
    rdata_put(text, rr->type, rr->rdata);
}

static void put_record(struct text *text, const struct record *record)
{
    struct name owner;
    uint8_t buffer[1100];
    struct bytes rdata = record->rdata;
    if (!record->unsound) {
        rdata_expand(record, buffer, sizeof buffer, &rdata);
    }
    name_expand(record->owner, &owner);
    const struct rr rr = {&owner, record->type, record->rrclass, record->ttl, rdata};
    put_rr(text, &rr);
}

static const char *const section_words[] = {"question", "answer", "authority", "additional"};

static void put_got(struct text *text, const struct message *got)
{
    static const struct {
        uint16_t bit;
        const char *word;
    } flags[] = {{MESSAGE_QR, " QR"}, {MESSAGE_AA, " AA"}, {MESSAGE_TC, " TC"}, {MESSAGE_RD, " RD"},
                 {MESSAGE_RA, " RA"}, {MESSAGE_AD, " AD"}, {MESSAGE_CD, " CD"}};
    text_put(text, "; came: ");
    rcode_put(text, got->rcode);
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        text_put(text, (got->flags & flags[i].bit) != 0 ? flags[i].word : "");
    }
    for (unsigned section = SECTION_ANSWER; section < SECTIONS; section++) {
        struct record_walk walk = record_walk_start(got, (enum section)section);
        struct record record;
        for (size_t i = 0; record_next(&walk, &record) && i < RECORDS_SHOWN;) {
            if (record.type != RRTYPE_OPT) {
                text_put_format(text, "%s%s: ", i == 0 ? " " : ", ",
                                i == 0 ? section_words[section] : "");
                put_record(text, &record);
                i++;
            }
        }
    }
}

static void put_wanted(struct text *text, const struct script_message *wanted)
{
    text_put(text, "; wanted:");
    for (unsigned section = SECTION_ANSWER; section < SECTIONS; section++) {
        for (size_t i = 0; i < wanted->counts[section] && i < RECORDS_SHOWN; i++) {
            text_put_format(text, " %s ", i == 0 ? section_words[section] : ",");
            put_rr(text, &wanted->records[section][i]);
        }
    }
}

/* The step did not go as it should; `what` is static. */
static void fail(struct playing *playing, const char *what)
{
    playing->played->met = false;
    text_put(&playing->seen, what);
}

/* --- letting the world go on --- */

static bool something_came(void *context)
{
    const struct playing *playing = context;
    return script_answer_count(playing->stage->script) > playing->answers;
}

static enum step_end run_for(struct playing *playing, duration_ns span, bool (*done)(void *))
{
    struct world *world = playing->stage->world;
    playing->answers = script_answer_count(playing->stage->script);
    const struct run_limits limits = {
        .until = instant_after(world->now, span),
        .events_max = RUN_STEP_EVENTS_MAX,
        .done = done,
        .context = playing,
    };
    playing->host(world, &limits);
    return world->ended == RUN_EVENTS ? STEP_STUCK : STEP_ENDED;
}

/* The number of step `index`, or of the last one. */
static uint32_t number_at(const struct playing *playing, size_t index)
{
    const size_t last = playing->rpl->step_count - 1;
    return playing->rpl->steps[index < last ? index : last].number;
}

static void move_to(struct playing *playing, size_t index)
{
    script_move(playing->stage->script, index, number_at(playing, index),
                playing->stage->world->now);
}

/* --- steps --- */

static enum step_end play_query(struct playing *playing)
{
    const struct rpl_step *step = playing->step;
    const bool testbound = playing->rpl->dialect == SCRIPT_TESTBOUND;
    const struct address *source = step->address.family != ADDRESS_NONE
                                       ? &step->address
                                       : &playing->outcome->scenario->client_v4;
    const enum transport transport =
        (step->entry->match & SCRIPT_TCP) != 0 ? TRANSPORT_TCP : TRANSPORT_UDP;
    if (testbound) {
        move_to(playing, playing->index + 1);
    }
    if (!script_ask(playing->stage->script, &step->entry->message, source, transport,
                    playing->stage->world->now)) {
        return STEP_EXHAUSTED;
    }
    return run_for(playing, testbound ? 0 : PATIENCE, testbound ? NULL : something_came);
}

/* The oldest answer that is as the step says; the count of answers if none is. */
static size_t find_answer(const struct playing *playing)
{
    const struct script *script = playing->stage->script;
    const size_t count = script_answer_count(script);
    for (size_t i = 0; i < count; i++) {
        const struct script_answer *answer = script_answer(script, i);
        if (answer->readable &&
            script_difference(playing->step->entry, &answer->parsed, answer->transport) == NULL) {
            return i;
        }
    }
    return count;
}

static void tell_difference(struct playing *playing)
{
    const struct script_entry *entry = playing->step->entry;
    const struct script_answer *answer = script_answer(playing->stage->script, 0);
    playing->played->met = false;
    if (!answer->readable) {
        text_put(&playing->seen, "octets that are no DNS message");
        return;
    }
    text_put_format(&playing->seen, "another %s",
                    script_difference(entry, &answer->parsed, answer->transport));
    put_got(&playing->seen, &answer->parsed);
    put_wanted(&playing->seen, &entry->message);
    put_waiting(playing);
}

/* Where the file has servers time out, how often to ask them is the resolver's own affair: who is
 * still asked when an answer is wanted stays silent. */
static enum step_end time_out_the_rest(struct playing *playing)
{
    struct script *script = playing->stage->script;
    enum step_end end = STEP_ENDED;
    for (int i = 0;
         i < TIMEOUTS_MAX && end == STEP_ENDED && playing->rpl->has_silence &&
         script_answer_count(script) == 0 && script_time_out(script, playing->stage->world->now);
         i++) {
        end = run_for(playing, 0, NULL);
    }
    return end;
}

static enum step_end play_check(struct playing *playing)
{
    struct script *script = playing->stage->script;
    enum step_end end = STEP_ENDED;
    if (script_answer_count(script) == 0) {
        const size_t waiting = script_pending_count(script);
        if (waiting > 0 && !playing->rpl->has_silence) {
            fail(playing, "no answer");
            put_waiting(playing);
        }
        end = time_out_the_rest(playing);
        if (end == STEP_ENDED && script_answer_count(script) == 0) {
            end = run_for(playing, PATIENCE, something_came);
        }
    }
    const size_t count = script_answer_count(script);
    if (count == 0) {
        if (playing->played->met) {
            fail(playing, "no answer");
        }
        return end;
    }
    const size_t found = find_answer(playing);
    if (found == count && playing->played->met) {
        tell_difference(playing);
    }
    script_take_answer(script, found == count ? 0 : found);
    return end;
}

static enum step_end play_out_query(struct playing *playing, const char *trouble)
{
    if (script_moment(playing->stage->script) <= playing->index &&
        playing->rpl->dialect == SCRIPT_TESTBOUND) {
        fail(playing, trouble);
        put_waiting(playing);
    }
    return STEP_ENDED;
}

static enum step_end play_silence(struct playing *playing)
{
    if (!script_time_out(playing->stage->script, playing->stage->world->now)) {
        return STEP_ENDED; /* how often to try is the resolver's own affair */
    }
    return run_for(playing, 0, NULL);
}

static enum step_end play_kind(struct playing *playing)
{
    switch (playing->step->kind) {
    case RPL_QUERY: return play_query(playing);
    case RPL_CHECK_ANSWER: return play_check(playing);
    case RPL_CHECK_OUT_QUERY:
        return play_out_query(playing, "the resolver asked nothing of the kind");
    case RPL_REPLY: return play_out_query(playing, "no query waits that this would answer");
    case RPL_TIMEOUT:
    case RPL_ERROR: return play_silence(playing);
    case RPL_TIME_PASSES: return run_for(playing, playing->step->elapses, NULL);
    default: return STEP_ENDED;
    }
}

/* Everybody is where this step finds them: ranges are its own, queries that wait are looked at. */
static enum step_end open_step(struct playing *playing)
{
    if (playing->index == 0 || script_moment(playing->stage->script) <= playing->index) {
        move_to(playing, playing->index);
    }
    return run_for(playing, 0, NULL);
}

/* Queries that nobody answered, as soon as that is certain. */
static void look_for_complaints(struct playing *playing)
{
    const struct script *script = playing->stage->script;
    const bool last = playing->index + 1 == playing->rpl->step_count;
    if (!playing->played->met) {
        return;
    }
    if (script_complaint_count(script) > playing->complaints) {
        fail(playing, "no entry answers ");
        put_query(&playing->seen, script_complaint(script, playing->complaints));
    } else if (last && script_pending_count(script) > 0 && !playing->rpl->has_silence) {
        fail(playing, "the last step is over");
        put_waiting(playing);
    } else if (last && script_answer_count(script) > 0 &&
               playing->rpl->dialect == SCRIPT_TESTBOUND) {
        fail(playing, "an answer is left that no step looks at");
    }
}

static bool start(struct playing *playing)
{
    struct step_outcome *outcome = playing->outcome;
    playing->played = ARENA_NEW(playing->arena, struct play_outcome);
    playing->buffer = arena_alloc(playing->arena, SEEN_ROOM);
    if (playing->played == NULL || playing->buffer == NULL) {
        return false;
    }
    playing->seen = text_in(playing->buffer, SEEN_ROOM);
    *playing->played = (struct play_outcome){.met = true, .seen = playing->buffer};
    playing->rpl = outcome->scenario->played;
    playing->index = (size_t)(outcome->step - outcome->scenario->steps);
    playing->step = &playing->rpl->steps[playing->index];
    playing->complaints = script_complaint_count(playing->stage->script);
    outcome->played = playing->played;
    return true;
}

enum step_end play_step(struct stage *stage, host_run *host, struct arena *arena,
                        struct step_outcome *ret)
{
    struct playing playing = {.stage = stage, .host = host, .arena = arena, .outcome = ret};
    if (!start(&playing)) {
        return STEP_EXHAUSTED;
    }
    enum step_end end = open_step(&playing);
    if (end == STEP_ENDED) {
        end = play_kind(&playing);
    }
    look_for_complaints(&playing);
    return end;
}

/* --- the expectation --- */

static bool check_played(const struct step_outcome *outcome, const struct param *wanted)
{
    (void)wanted;
    return outcome->played != NULL && outcome->played->met;
}

static void show_played(const struct step_outcome *outcome, struct text *seen)
{
    const bool met = check_played(outcome, NULL);
    text_put(seen, met ? "as the file says" : outcome->played != NULL ? outcome->played->seen : "");
}

const struct expect_row played_row = {
    .key = "played",
    .spec = {.key = "played", .type = PARAM_TEXT},
    .check = check_played,
    .show = show_played,
};

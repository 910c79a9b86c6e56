/* The conditions of a fault as a file writes them. */
#include <assert.h>

#include "base/values.h"
#include "sim/fault.h"

static const char *const transports[] = {"udp", "tcp", NULL}; /* in the order of enum transport */
static const char *const directions[] = {"queries", "responses", NULL};

const struct param_spec fault_trigger_params[] = {
    {.key = "from",
     .type = PARAM_TEXTS,
     .doc = "Only packets sent by these servers, zones' servers or addresses."},
    {.key = "to",
     .type = PARAM_TEXTS,
     .doc = "Only packets sent to these servers, zones' servers or addresses."},
    {.key = "between",
     .type = PARAM_TEXTS,
     .doc = "Only from one moment of the run to before another: [5s, 20s], or 5s..20s, or 5s.. for "
            "the rest of the run."},
    {.key = "nth",
     .type = PARAM_TEXTS,
     .doc = "Only the n-th packet that meets all other conditions, counted from 1: 3, or 2..5 or "
            "[2, 5] for a range, or 2.. for all from the second."},
    {.key = "first",
     .type = PARAM_BOOL,
     .doc = "Only the first packet of each kind: sender, addressee, query or response, name and "
            "type of the question. A repetition passes.",
     .fallback = "false"},
    {.key = "chance",
     .type = PARAM_CHANCE,
     .doc = "How often it strikes when all else is met; rolled for each packet, and each link and "
            "direction has its own dice.",
     .fallback = "100%"},
    {.key = "transport",
     .type = PARAM_CHOICE,
     .doc = "Only datagrams, or only what TCP connections carry.",
     .choices = transports},
    {.key = "type",
     .type = PARAM_TYPES,
     .doc = "Only messages whose question is for one of these RR types."},
    {.key = "name",
     .type = PARAM_TEXTS,
     .doc = "Only messages whose question is for one of these names."},
    {.key = "larger-than",
     .type = PARAM_INTEGER,
     .doc = "Only payloads of more octets than this; over TCP, chunks with their length prefix.",
     .most = OUTBOX_OCTETS_MAX},
    {.key = "smaller-than",
     .type = PARAM_INTEGER,
     .doc = "Only payloads of fewer octets than this.",
     .least = 1},
    {.key = "direction",
     .type = PARAM_CHOICE,
     .doc = "Only queries, or only responses.",
     .choices = directions},
    {.key = NULL},
};

void fault_trigger_always(struct fault_trigger *trigger)
{
    *trigger = (struct fault_trigger){
        .until = NEVER,
        .nth_last = UINT64_MAX,
        .chance_ppm = CHANCE_ALWAYS,
        .transport = -1,
        .size_most = SIZE_MAX,
    };
}

/* --- ranges: [a, b], a..b, a.. and a alone --- */

struct range {
    struct bytes low, high; /* high is empty where it is open */
    bool single;
};

/* Where ".." begins in `text`, its size if nowhere. */
static size_t find_dots(struct bytes text)
{
    for (size_t i = 0; i + 1 < text.size; i++) {
        if (text.data[i] == '.' && text.data[i + 1] == '.') {
            return i;
        }
    }
    return text.size;
}

static bool read_range(const struct param *param, struct range *ret)
{
    if (param->count == 2) {
        *ret = (struct range){.low = param->texts[0], .high = param->texts[1]};
        return true;
    }
    if (param->count != 1) {
        return false;
    }
    const struct bytes text = param->texts[0];
    const size_t dots = find_dots(text);
    *ret = (struct range){.low = bytes_of(text.data, dots),
                          .high = bytes_after(text, dots + 2),
                          .single = dots == text.size};
    return true;
}

static bool read_between(const struct param *param, struct fault_trigger *trigger,
                         struct diag *reterr)
{
    struct range range;
    instant_ns from = 0;
    instant_ns until = NEVER;
    if (!read_range(param, &range) || range.single || !value_duration(range.low, &from) ||
        (range.high.size > 0 && !value_duration(range.high, &until))) {
        return diag_set(reterr, param->place,
                        "`between` needs two moments of the run, as in [5s, 20s] or 5s..20s");
    }
    if (from >= until) {
        return diag_set(reterr, param->place, "`between` ends before it begins");
    }
    trigger->from = from;
    trigger->until = until;
    return true;
}

static bool read_count(struct bytes text, uint64_t *ret)
{
    uint64_t count = 0;
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9' || count > UINT32_MAX) {
            return false;
        }
        count = count * 10 + (uint64_t)(text.data[i] - '0');
    }
    *ret = count;
    return count > 0;
}

static bool read_nth(const struct param *param, struct fault_trigger *trigger, struct diag *reterr)
{
    struct range range;
    uint64_t first = 0;
    uint64_t last = UINT64_MAX;
    if (!read_range(param, &range) || !read_count(range.low, &first) ||
        (range.high.size > 0 && !read_count(range.high, &last))) {
        return diag_set(reterr, param->place,
                        "`nth` needs a count from 1, as in 3, or a range, as in 2..5");
    }
    if (range.single) {
        last = first;
    }
    if (first > last) {
        return diag_set(reterr, param->place, "`nth` ends before it begins");
    }
    trigger->nth_first = first;
    trigger->nth_last = last;
    return true;
}

/* --- questions --- */

static bool no_memory(struct place place, struct diag *reterr)
{
    return diag_set(reterr, place, "there is no memory left for another fault");
}

static bool read_types(const struct param *param, struct arena *arena,
                       struct fault_trigger *trigger, struct diag *reterr)
{
    uint16_t *types = ARENA_NEW_ARRAY(arena, uint16_t, param->count);
    if (types == NULL) {
        return no_memory(param->place, reterr);
    }
    for (size_t i = 0; i < param->count; i++) {
        types[i] = param->types[i];
    }
    trigger->types = types;
    trigger->type_count = param->count;
    return true;
}

static bool read_names(const struct param *param, struct arena *arena,
                       struct fault_trigger *trigger, struct diag *reterr)
{
    struct name *names = ARENA_NEW_ARRAY(arena, struct name, param->count);
    if (names == NULL) {
        return no_memory(param->place, reterr);
    }
    for (size_t i = 0; i < param->count; i++) {
        const char *why;
        if (!name_parse_text(param->texts[i], NULL, &names[i], &why)) {
            const struct place place =
                param->text_places != NULL ? param->text_places[i] : param->place;
            return diag_set(reterr, place, "`%.*s` is not a domain name: %s",
                            (int)param->texts[i].size, (const char *)param->texts[i].data, why);
        }
    }
    trigger->names = names;
    trigger->name_count = param->count;
    return true;
}

static bool read_sizes(const struct params *params, struct fault_trigger *trigger,
                       struct diag *reterr)
{
    const struct param *larger = params_find(params, "larger-than");
    const struct param *smaller = params_find(params, "smaller-than");
    if (larger != NULL) {
        trigger->size_least = (size_t)larger->number + 1;
    }
    if (smaller != NULL) {
        trigger->size_most = (size_t)smaller->number - 1;
    }
    if (trigger->size_least > trigger->size_most) {
        const struct param *told = smaller != NULL ? smaller : larger;
        assert(told != NULL);
        return diag_set(reterr, told->place,
                        "no payload is both larger and smaller than these sizes");
    }
    return true;
}

/* --- all together --- */

static void read_simple(const struct params *params, struct fault_trigger *trigger)
{
    trigger->first = params_number(params, "first", 0) != 0;
    trigger->chance_ppm = (uint32_t)params_number(params, "chance", CHANCE_ALWAYS);
    const struct param *transport = params_find(params, "transport");
    if (transport != NULL) {
        trigger->transport = (int)transport->number;
    }
    const struct param *direction = params_find(params, "direction");
    if (direction != NULL) {
        trigger->direction = (int)direction->number + 1;
    }
}

bool fault_trigger_configure(const struct params *params, struct arena *arena,
                             struct fault_trigger *ret, struct diag *reterr)
{
    struct fault_trigger trigger;
    fault_trigger_always(&trigger);
    read_simple(params, &trigger);
    const struct param *between = params_find(params, "between");
    const struct param *nth = params_find(params, "nth");
    const struct param *types = params_find(params, "type");
    const struct param *names = params_find(params, "name");
    if ((between != NULL && !read_between(between, &trigger, reterr)) ||
        (nth != NULL && !read_nth(nth, &trigger, reterr)) ||
        (types != NULL && !read_types(types, arena, &trigger, reterr)) ||
        (names != NULL && !read_names(names, arena, &trigger, reterr)) ||
        !read_sizes(params, &trigger, reterr)) {
        return false;
    }
    *ret = trigger;
    return true;
}

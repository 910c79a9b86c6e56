/* What faultzone.h offers, by the harness's own means. */
#include "harness/embed.h"

#include <stdio.h>
#include <string.h>

#include "mail/dkim_retrieval.h"
#include "sim/virtual.h"
#include "wire/rrtype.h"

#define LAST_INSTANT                                                                               \
    (NEVER / 2) /* time stands still there: what is due later can still be said                    \
                 */
#define OWN_OCTETS_MAX ((size_t)1024 * 1024) /* of the struct itself */

/* --- opening --- */

static void put_error(const struct faultzone *world, char *error, size_t size)
{
    const struct unit *unit = &world->unit;
    const struct diag *diag =
        unit->status == UNIT_BROKEN ? &unit->result.error : &unit->diags.items[0];
    if (error == NULL || size == 0) {
        return;
    }
    if (diag->place.line > 0) {
        snprintf(error, size, "%s:%u:%u: %s%s%s", diag->place.file, diag->place.line,
                 diag->place.column, diag->sentence, diag->hint[0] != '\0' ? "; " : "", diag->hint);
    } else {
        snprintf(error, size, "%s: %s", world->path, diag->sentence);
    }
}

static struct faultzone *make(const char *path)
{
    struct arena own;
    arena_init(&own, OWN_OCTETS_MAX);
    struct faultzone *world = ARENA_NEW(&own, struct faultzone);
    char *copy = world != NULL ? arena_copy_string(&own, path) : NULL;
    if (copy == NULL) {
        arena_free(&own);
        return NULL;
    }
    world->own = own;
    world->path = copy;
    unit_init(&world->unit);
    arena_init(&world->answers, UNIT_ARENA_MAX);
    arena_init(&world->inbox.arena, UNIT_ARENA_MAX);
    return world;
}

static struct faultzone *make_or_tell(const char *path, char *error, size_t error_size)
{
    struct faultzone *world = make(path);
    if (world == NULL && error != NULL && error_size > 0) {
        snprintf(error, error_size, "%s: not enough memory", path);
    }
    return world;
}

/* The world of what was loaded, if it was. */
static struct faultzone *start(struct faultzone *world, bool is_loaded, uint64_t seed, char *error,
                               size_t error_size)
{
    if (!is_loaded || !unit_stage(&world->unit, seed, (struct entropy){0})) {
        put_error(world, error, error_size);
        faultzone_close(world);
        return NULL;
    }
    faultzone_reset(world, seed);
    return world;
}

struct faultzone *faultzone_open(const char *path, uint64_t seed, char *error, size_t error_size)
{
    struct faultzone *world = make_or_tell(path, error, error_size);
    if (world == NULL) {
        return NULL;
    }
    const bool is_loaded = unit_load_world(&world->unit, world->path, world->path);
    return start(world, is_loaded, seed, error, error_size);
}

struct faultzone *faultzone_open_text(const char *text, uint64_t seed, char *error,
                                      size_t error_size)
{
    struct faultzone *world = make_or_tell("text", error, error_size);
    if (world == NULL) {
        return NULL;
    }
    const bool is_loaded = unit_parse_world(&world->unit, bytes_of_string(text), world->path);
    return start(world, is_loaded, seed, error, error_size);
}

void faultzone_close(struct faultzone *world)
{
    if (world != NULL) {
        struct arena own = world->own;
        embed_unwatch(world);
        unit_free(&world->unit);
        arena_free(&world->inbox.arena);
        arena_free(&world->answers);
        arena_free(&own);
    }
}

void faultzone_reset(struct faultzone *world, uint64_t seed)
{
    world->seed = seed;
    embed_forget(world);
    stage_reset(world->unit.stage, run_unit_seed(seed, world->unit.id));
}

/* --- asking --- */

static bool is_settled(void *client)
{
    return client_is_done(client);
}

/* The client's answer; it stays until the next question. */
static const struct client_answer *ask(struct faultzone *world,
                                       const struct client_question *question)
{
    struct stage *stage = world->unit.stage;
    const struct run_limits limits = {.until = NEVER,
                                      .events_max = RUN_STEP_EVENTS_MAX,
                                      .done = is_settled,
                                      .context = stage->client};
    client_ask(stage->client, question, stage->world->now);
    embed_run(world, &limits);
    return client_answer(stage->client);
}

static enum faultzone_outcome ask_into(struct faultzone *world, struct client_question *question,
                                       const char *name, uint8_t *reply, size_t capacity,
                                       size_t *ret_size)
{
    if (!name_parse_text(bytes_of_string(name), NULL, &question->name, NULL)) {
        return FAULTZONE_BAD_NAME;
    }
    const struct client_answer *answer = ask(world, question);
    if (answer->state != CLIENT_ANSWERED) {
        return answer->state == CLIENT_TIMED_OUT ? FAULTZONE_TIMED_OUT : FAULTZONE_FAILED;
    }
    if (answer->reply.size > capacity) {
        return FAULTZONE_TOO_LARGE;
    }
    memcpy(reply, answer->reply.data, answer->reply.size);
    *ret_size = answer->reply.size;
    return FAULTZONE_ANSWERED;
}

static struct client_question question_to_resolver(const struct faultzone *world, uint16_t type)
{
    return (struct client_question){
        .type = type,
        .server = {.address = world->unit.scenario->resolver_v4, .port = 53},
        .recursion_desired = true,
    };
}

enum faultzone_outcome faultzone_ask(struct faultzone *world, const char *name, uint16_t type,
                                     uint8_t *reply, size_t capacity, size_t *ret_size)
{
    struct client_question question = question_to_resolver(world, type);
    return ask_into(world, &question, name, reply, capacity, ret_size);
}

enum faultzone_outcome faultzone_ask_server(struct faultzone *world, const char *address,
                                            const char *name, uint16_t type, uint8_t *reply,
                                            size_t capacity, size_t *ret_size)
{
    struct client_question question = {.type = type, .server.port = 53};
    if (!address_parse(bytes_of_string(address), &question.server.address) ||
        world_find(world->unit.stage->world, &question.server.address) == NULL) {
        return FAULTZONE_BAD_NAME;
    }
    return ask_into(world, &question, name, reply, capacity, ret_size);
}

/* --- verifying --- */

const char *faultzone_dkim(struct faultzone *world, const char *name, const char **ret_reason)
{
    struct client_question question = question_to_resolver(world, RRTYPE_TXT);
    struct dkim_retrieval retrieval;
    struct dkim_result result;
    const struct dkim_signature signature = {0};
    if (!name_parse_text(bytes_of_string(name), NULL, &question.name, NULL)) {
        return NULL;
    }
    const struct client_answer *answer = ask(world, &question);
    if (answer->state == CLIENT_ANSWERED) {
        dkim_retrieval_of_reply(&answer->parsed, &question.name, &retrieval);
    } else {
        dkim_retrieval_failed(answer->state == CLIENT_TIMED_OUT ? "timeout" : answer->why,
                              &retrieval);
    }
    arena_reset(&world->answers);
    if (!dkim_result_of(&retrieval, &signature, NULL, &world->answers, &result)) {
        return NULL;
    }
    if (ret_reason != NULL) {
        *ret_reason = result.reason;
    }
    return dkim_word_name(result.word);
}

/* --- time --- */

void faultzone_wait(struct faultzone *world, uint64_t nanoseconds)
{
    struct world *inner = world->unit.stage->world;
    const instant_ns until = instant_earlier(instant_after(inner->now, nanoseconds), LAST_INSTANT);
    const struct run_limits limits = {.until = until, .events_max = RUN_STEP_EVENTS_MAX};
    embed_run(world, &limits);
}

uint64_t faultzone_now(const struct faultzone *world)
{
    return world->unit.stage->world->now;
}

int faultzone_judge(struct faultzone *world, uint64_t seed, size_t *ret_met)
{
    struct unit *unit = &world->unit;
    faultzone_reset(world, seed);
    unit_run(unit, virtual_run, run_unit_seed(seed, unit->id));
    if (unit->result.broken) {
        return -1;
    }
    if (ret_met != NULL) {
        *ret_met = unit->result.finding_count - unit->result.unmet;
    }
    return (int)unit->result.unmet;
}

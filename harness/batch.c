#define _POSIX_C_SOURCE 200809L

#include "harness/batch.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <time.h>

/* One more than there are threads would do; two let the next results wait while one is printed. */
#define SPARE_SLOTS 2
#define MEMORY_MAX  ((size_t)64 * 1024 * 1024) /* of the slots themselves */

enum slot_state { SLOT_FREE, SLOT_RUNNING, SLOT_READY };

struct slot {
    struct unit unit;
    enum slot_state state;
    size_t item; /* of RUNNING and READY */
};

struct batch {
    const struct batch_options *options;
    struct slot *slots;
    size_t slot_count;
    size_t next; /* item nobody has taken yet */
    bool stopped;
    pthread_mutex_t lock;
    pthread_cond_t slot_freed, slot_ready;
    struct timespec limit;
};

static struct slot *find_slot(struct batch *batch, enum slot_state state, size_t item)
{
    for (size_t i = 0; i < batch->slot_count; i++) {
        struct slot *slot = &batch->slots[i];
        if (slot->state == state && (state == SLOT_FREE || slot->item == item)) {
            return slot;
        }
    }
    return NULL;
}

/* Takes the next item and a slot for it; NULL if there is nothing left to do. */
static struct slot *take(struct batch *batch)
{
    for (;;) {
        if (batch->stopped || batch->next == batch->options->count) {
            return NULL;
        }
        struct slot *slot = find_slot(batch, SLOT_FREE, 0);
        if (slot != NULL) {
            slot->state = SLOT_RUNNING;
            slot->item = batch->next++;
            return slot;
        }
        pthread_cond_wait(&batch->slot_freed, &batch->lock);
    }
}

static void *work(void *argument)
{
    struct batch *batch = argument;
    struct slot *slot;
    pthread_mutex_lock(&batch->lock);
    while ((slot = take(batch)) != NULL) {
        pthread_mutex_unlock(&batch->lock);
        const struct batch_item *item = &batch->options->items[slot->item];
        unit_judge(&slot->unit, item->path, item->id, batch->options->seed);
        pthread_mutex_lock(&batch->lock);
        slot->state = SLOT_READY;
        pthread_cond_signal(&batch->slot_ready);
    }
    pthread_mutex_unlock(&batch->lock);
    return NULL;
}

/* Waits for the result of `item`; NULL if the time limit comes first. */
static struct slot *await(struct batch *batch, size_t item)
{
    struct slot *slot;
    while ((slot = find_slot(batch, SLOT_READY, item)) == NULL) {
        if (batch->options->time_limit_s == 0) {
            pthread_cond_wait(&batch->slot_ready, &batch->lock);
        } else if (pthread_cond_timedwait(&batch->slot_ready, &batch->lock, &batch->limit) ==
                   ETIMEDOUT) {
            return NULL;
        }
    }
    return slot;
}

static enum batch_end hand_over(struct batch *batch)
{
    const struct batch_options *options = batch->options;
    for (size_t item = 0; item < options->count; item++) {
        struct slot *slot = await(batch, item);
        if (slot == NULL) {
            return BATCH_TIME_LIMIT;
        }
        pthread_mutex_unlock(&batch->lock);
        const bool go_on = options->done(options->context, &slot->unit);
        pthread_mutex_lock(&batch->lock);
        slot->state = SLOT_FREE;
        pthread_cond_signal(&batch->slot_freed);
        if (!go_on) {
            return BATCH_STOPPED;
        }
    }
    return BATCH_FINISHED;
}

static enum batch_end run_alone(const struct batch_options *options, struct unit *unit)
{
    for (size_t i = 0; i < options->count; i++) {
        unit_judge(unit, options->items[i].path, options->items[i].id, options->seed);
        if (!options->done(options->context, unit)) {
            return BATCH_STOPPED;
        }
    }
    return BATCH_FINISHED;
}

static void open_batch(struct batch *batch)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&batch->lock, NULL);
    pthread_cond_init(&batch->slot_freed, NULL);
    pthread_cond_init(&batch->slot_ready, &monotonic);
    pthread_condattr_destroy(&monotonic);
    clock_gettime(CLOCK_MONOTONIC, &batch->limit);
    batch->limit.tv_sec += batch->options->time_limit_s;
    for (size_t i = 0; i < batch->slot_count; i++) {
        unit_init(&batch->slots[i].unit);
    }
}

static void close_batch(struct batch *batch)
{
    for (size_t i = 0; i < batch->slot_count; i++) {
        unit_free(&batch->slots[i].unit);
    }
    pthread_cond_destroy(&batch->slot_ready);
    pthread_cond_destroy(&batch->slot_freed);
    pthread_mutex_destroy(&batch->lock);
}

static enum batch_end run_threads(struct batch *batch, unsigned jobs)
{
    pthread_t threads[BATCH_JOBS_MAX];
    unsigned started = 0;
    while (started < jobs && pthread_create(&threads[started], NULL, work, batch) == 0) {
        started++;
    }
    if (started == 0) {
        return BATCH_NO_THREADS;
    }
    pthread_mutex_lock(&batch->lock);
    const enum batch_end end = hand_over(batch);
    batch->stopped = true;
    pthread_cond_broadcast(&batch->slot_freed);
    pthread_mutex_unlock(&batch->lock);
    if (end == BATCH_TIME_LIMIT) {
        return end;
    }
    for (unsigned i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
    }
    return end;
}

/* Runs in memory of `arena`. */
static enum batch_end run_in(const struct batch_options *options, unsigned jobs,
                             struct arena *arena)
{
    /* one thread that nobody watches is the caller's own */
    const bool alone = jobs == 1 && options->time_limit_s == 0;
    const size_t slot_count = alone ? 1 : jobs + SPARE_SLOTS;
    struct batch *batch = ARENA_NEW(arena, struct batch);
    struct slot *slots = ARENA_NEW_ARRAY(arena, struct slot, slot_count);
    if (batch == NULL || slots == NULL) {
        return BATCH_NO_MEMORY;
    }
    *batch = (struct batch){.options = options, .slots = slots, .slot_count = slot_count};
    open_batch(batch);
    const enum batch_end end =
        alone ? run_alone(options, &slots[0].unit) : run_threads(batch, jobs);
    if (end != BATCH_TIME_LIMIT) {
        close_batch(batch);
    }
    return end;
}

enum batch_end batch_run(const struct batch_options *options)
{
    assert(options->jobs >= 1 && options->jobs <= BATCH_JOBS_MAX);
    const size_t useful = options->count > 0 ? options->count : 1;
    const unsigned jobs = useful < options->jobs ? (unsigned)useful : options->jobs;
    struct arena arena;
    arena_init(&arena, MEMORY_MAX);
    const enum batch_end end = run_in(options, jobs, &arena);
    if (end != BATCH_TIME_LIMIT) {
        arena_free(&arena); /* else threads still use it */
    }
    return end;
}

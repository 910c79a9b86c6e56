/* The head of a request to the control API: two octets of chance, then what a client sends. What
 * must hold: no read beyond it; views lie inside; what is refused stays refused, and what is whole
 * stays the same, when more comes. */
#include <assert.h>

#include "fuzz/input.h"
#include "fuzz/target.h"
#include "live/http.h"

static void check_inside(struct bytes view, struct bytes octets)
{
    assert(view.size == 0 ||
           (view.data >= octets.data && view.data + view.size <= octets.data + octets.size));
}

static enum http_outcome look(struct bytes received, struct http_head *head,
                              struct http_refusal *refusal)
{
    const enum http_outcome outcome = http_read_head(received, head, refusal);
    if (outcome == HTTP_WHOLE) {
        assert(head->size <= received.size && head->size <= HTTP_HEAD_MAX);
        assert(head->method.size > 0 && head->path.size > 0 && head->path.data[0] == '/');
        assert(head->body_size <= HTTP_BODY_MAX);
        check_inside(head->method, received);
        check_inside(head->path, received);
        check_inside(head->query, received);
        check_inside(head->host, received);
    } else if (outcome == HTTP_REFUSED) {
        assert(refusal->status >= 400 && refusal->status < 600 && refusal->why != NULL);
        assert(http_reason(refusal->status) != NULL);
    }
    return outcome;
}

static void check_grown(struct bytes all, size_t size)
{
    struct http_head early, late;
    struct http_refusal early_refusal, late_refusal;
    const struct bytes part = exact_copy(bytes_of(all.data, size));
    const enum http_outcome first = look(part, &early, &early_refusal);
    const enum http_outcome last = look(all, &late, &late_refusal);
    assert(first == HTTP_MORE || first == last);
    if (first == HTTP_WHOLE) {
        assert(early.size == late.size && early.body_size == late.body_size);
        assert(bytes_equal(early.path, late.path) && bytes_equal(early.method, late.method));
    } else if (first == HTTP_REFUSED) {
        assert(early_refusal.status == late_refusal.status);
    }
    exact_free(part);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = input_of(data, size);
    const uint16_t chance = input_u16(&input);
    const struct bytes all = exact_copy(input_rest(&input));
    check_grown(all, chance % (all.size + 1));
    exact_free(all);
    return 0;
}

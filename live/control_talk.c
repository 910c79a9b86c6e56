/* See the header. The happy path: the head comes in until it is whole, room for the body is made
 * and filled, the handler is called, and its answer gets a head of its own. */
#include "live/control_talk.h"

#include <assert.h>
#include <stdio.h>

#define ANSWER_HEAD_ROOM 256

const char control_continue[] = "HTTP/1.1 100 Continue\r\n\r\n";

bool control_talk_start(struct control_talk *talk, struct control_house *house, bool is_tcp)
{
    *talk = (struct control_talk){.house = house, .is_tcp = is_tcp};
    arena_init(&talk->arena, CONTROL_OCTETS_MAX);
    talk->head_room = arena_alloc(&talk->arena, HTTP_HEAD_MAX);
    return talk->head_room != NULL;
}

void control_talk_end(struct control_talk *talk)
{
    if (talk->house != NULL) {
        arena_free(&talk->arena);
        talk->house->octets -= talk->octets;
        talk->octets = 0;
    }
}

/* Takes `size` octets of the house's bounded memory. */
static bool take_octets(struct control_talk *talk, size_t size)
{
    struct control_house *house = talk->house;
    if (size > CONTROL_OCTETS_MAX - house->octets) {
        return false;
    }
    house->octets += size;
    talk->octets += size;
    return true;
}

/* --- answering --- */

static enum control_outcome answer(struct control_talk *talk,
                                   const struct control_response *response)
{
    char *head = arena_alloc(&talk->arena, ANSWER_HEAD_ROOM);
    if (head == NULL) {
        return CONTROL_LOST;
    }
    const int size =
        snprintf(head, ANSWER_HEAD_ROOM,
                 "HTTP/1.1 %u %s\r\nContent-Type: application/json; charset=utf-8\r\n"
                 "Content-Length: %zu\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n",
                 response->status, http_reason(response->status), response->body.size);
    assert(size > 0 && size < ANSWER_HEAD_ROOM);
    const bool has_no_body = talk->has_request && bytes_are(talk->request.method, "HEAD");
    talk->head = bytes_of(head, (size_t)size);
    talk->body = has_no_body ? bytes_of(NULL, 0) : response->body;
    return CONTROL_ANSWERED;
}

enum control_outcome control_talk_refuse(struct control_talk *talk, unsigned status,
                                         const char *why)
{
    char *body = arena_alloc(&talk->arena, ANSWER_HEAD_ROOM);
    struct control_response response = {.status = status};
    if (body != NULL) {
        const int size =
            snprintf(body, ANSWER_HEAD_ROOM, "{\"error\": {\"message\": \"%s\"}}\n", why);
        assert(size > 0 && size < ANSWER_HEAD_ROOM);
        response.body = bytes_of(body, (size_t)size);
    }
    return answer(talk, &response);
}

static enum control_outcome handle_request(struct control_talk *talk)
{
    const struct control_house *house = talk->house;
    const struct control_request request = {
        .method = talk->request.method,
        .path = talk->request.path,
        .query = talk->request.query,
        .body = bytes_of(talk->request_body, talk->request.body_size),
    };
    struct control_response response = {.status = 503};
    house->handle(house->context, &request, &talk->arena, &response);
    if (!take_octets(talk, response.body.size)) {
        return control_talk_refuse(talk, 503, "too many answers are under way; try again");
    }
    return answer(talk, &response);
}

/* --- reading --- */

/* A browser may be tricked into asking, over TCP, in a stranger's name: under a name that the
 * stranger's DNS points to loopback, or from the stranger's page. */
static bool is_strange(const struct control_talk *talk)
{
    static const char *const names[] = {"localhost", "127.0.0.1", "[::1]"};
    const struct bytes host = talk->request.host;
    if (!talk->is_tcp) {
        return false;
    }
    if (talk->request.has_origin) {
        return true;
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const size_t size = strlen(names[i]);
        if (host.size >= size && memcmp(host.data, names[i], size) == 0 &&
            (host.size == size || host.data[size] == ':')) {
            return false;
        }
    }
    return host.size > 0;
}

static enum control_outcome take_body(struct control_talk *talk, struct bytes octets)
{
    const size_t left = talk->request.body_size - talk->body_received;
    const size_t size = octets.size < left ? octets.size : left;
    if (size > 0) {
        memcpy(talk->request_body + talk->body_received, octets.data, size);
    }
    talk->body_received += size;
    return talk->body_received == talk->request.body_size ? handle_request(talk) : CONTROL_MORE;
}

/* The head is whole: makes room for the body, and takes what came with it. */
static enum control_outcome begin_body(struct control_talk *talk, struct bytes octets)
{
    const size_t size = talk->request.body_size;
    if (is_strange(talk)) {
        return control_talk_refuse(talk, 403,
                                   "requests of browsers and for other hosts are refused");
    }
    if (!take_octets(talk, size)) {
        return control_talk_refuse(talk, 503, "too many requests are under way; try again");
    }
    talk->request_body = arena_alloc(&talk->arena, size + 1);
    if (talk->request_body == NULL) {
        return control_talk_refuse(talk, 503, "there is no memory for this request");
    }
    talk->has_request = true;
    talk->owes_continue = talk->request.wants_continue && size > 0;
    return take_body(talk, octets);
}

static enum control_outcome take_head(struct control_talk *talk, struct bytes octets)
{
    const size_t before = talk->head_received;
    const size_t left = HTTP_HEAD_MAX - before;
    const size_t size = octets.size < left ? octets.size : left;
    struct http_refusal refusal;
    memcpy(talk->head_room + before, octets.data, size);
    talk->head_received += size;
    switch (
        http_read_head(bytes_of(talk->head_room, talk->head_received), &talk->request, &refusal)) {
    case HTTP_REFUSED: return control_talk_refuse(talk, refusal.status, refusal.why);
    case HTTP_WHOLE: return begin_body(talk, bytes_after(octets, talk->request.size - before));
    default: return CONTROL_MORE;
    }
}

enum control_outcome control_talk_take(struct control_talk *talk, struct bytes octets)
{
    if (octets.size == 0) {
        return CONTROL_MORE;
    }
    return talk->has_request ? take_body(talk, octets) : take_head(talk, octets);
}

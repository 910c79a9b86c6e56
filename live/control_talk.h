/* What one client says to a served world and is answered, as octets: one HTTP/1.1 request, one
 * answer, and no socket in sight. Octets come in chunks of any size; however they are cut, the
 * answer is the same. */
#ifndef FAULTZONE_LIVE_CONTROL_TALK_H
#define FAULTZONE_LIVE_CONTROL_TALK_H

#include "base/arena.h"
#include "live/http.h"

#define CONTROL_OCTETS_MAX ((size_t)64 * 1024 * 1024) /* of all bodies and answers together */

struct control_request {
    struct bytes method, path, query, body;
};

struct control_response {
    unsigned status;
    struct bytes body; /* JSON; in the arena of the call, or static */
};

/* Called for every whole request; `arena` lives until the answer is sent. */
typedef void control_handler(void *context, const struct control_request *request,
                             struct arena *arena, struct control_response *ret);

/* What all talks of one socket share. */
struct control_house {
    control_handler *handle;
    void *context;
    size_t octets; /* of bodies and answers under way, CONTROL_OCTETS_MAX at most */
};

enum control_outcome {
    CONTROL_MORE,     /* the request is not whole yet */
    CONTROL_ANSWERED, /* `head` and `body` are to be sent, then nothing more */
    CONTROL_LOST,     /* there is not even memory for an answer: hang up */
};

struct control_talk {
    struct control_house *house;
    bool is_tcp; /* over TCP, where browsers reach it too */
    struct arena arena;
    size_t octets; /* of the house's, taken by this talk */
    uint8_t *head_room;
    size_t head_received;
    bool has_request; /* its head is whole: `request` */
    struct http_head request;
    uint8_t *request_body;
    size_t body_received;
    bool owes_continue; /* "100 Continue" is to be sent first; whoever sends it clears this */
    struct bytes head;  /* of the answer */
    struct bytes body;
};

/* What "100 Continue" looks like. */
extern const char control_continue[];

/* Begins a talk in `house`, which is borrowed. False if there is no memory. control_talk_end either
 * way. */
bool control_talk_start(struct control_talk *talk, struct control_house *house, bool is_tcp);

/* Takes the next octets, which are borrowed for the call. Not after another outcome than MORE. */
enum control_outcome control_talk_take(struct control_talk *talk, struct bytes octets);

/* Answers with an error, `why` being static: for who took too long. Never MORE. */
enum control_outcome control_talk_refuse(struct control_talk *talk, unsigned status,
                                         const char *why);

/* Gives all memory back. A zeroed talk, which never started, has none. */
void control_talk_end(struct control_talk *talk);

#endif

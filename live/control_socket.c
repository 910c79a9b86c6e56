/* A client's way: READING (its request comes in), ANSWERING (the answer goes out), LINGERING (what
 * it still sends is thrown away, so that no reset overtakes the answer), CLOSING. Whoever takes too
 * long in one of them goes on to the next. */
#include "live/control_socket.h"

#include <assert.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include <uv.h>

#include "live/loop_memory.h"
#include "live/sockaddr.h"
#include "live/spare.h"

#define SWEEP_MS      100
#define READ_OCTETS   ((size_t)65536)
#define SOCKET_MEMORY ((size_t)4 * 1024 * 1024)

enum state { FREE, READING, ANSWERING, LINGERING, CLOSING };

struct control_client {
    union {
        uv_handle_t handle;
        uv_stream_t stream;
        uv_pipe_t pipe;
        uv_tcp_t tcp;
    } as;
    struct control_socket *socket;
    enum state state;
    bool is_tcp;
    uint64_t due; /* when its state must end, by the monotonic clock */
    struct control_talk talk;
    uv_write_t write, write_continue;
    uv_shutdown_t shutdown;
};

struct control_socket {
    struct arena arena;
    uv_loop_t *loop;
    struct control_house house;
    char path[CONTROL_PATH_MAX + 1];
    uv_pipe_t pipe;
    uv_tcp_t tcp;
    uv_timer_t sweep;
    bool has_pipe, has_tcp, has_sweep;
    struct endpoint at;
    size_t open_handles; /* whose close callback is to come */
    uint8_t *buffer;
    struct control_client clients[CONTROL_CLIENTS_MAX];
};

static void accept_all(struct control_socket *socket);

/* --- ending --- */

static void closed(uv_handle_t *handle)
{
    struct control_client *client = handle->data;
    struct control_socket *socket = client->socket;
    control_talk_end(&client->talk);
    socket->open_handles--;
    client->state = FREE;
    accept_all(socket);
}

static void close_client(struct control_client *client)
{
    if (client->state != CLOSING && client->state != FREE) {
        client->state = CLOSING;
        uv_close(&client->as.handle, closed);
    }
}

static void linger(uv_shutdown_t *request, int status)
{
    struct control_client *client = request->data;
    if (status != 0) {
        close_client(client);
    }
}

static void answered(uv_write_t *request, int status)
{
    struct control_client *client = request->data;
    if (client->state == CLOSING) {
        return;
    }
    client->state = LINGERING;
    client->due = uv_hrtime() + CONTROL_LINGER_TIME;
    client->shutdown.data = client;
    if (status != 0 || uv_shutdown(&client->shutdown, &client->as.stream, linger) != 0) {
        close_client(client);
    }
}

/* --- answering --- */

/* What a talk has come to. */
static void go_on(struct control_client *client, enum control_outcome outcome)
{
    const struct control_talk *talk = &client->talk;
    if (outcome == CONTROL_MORE) {
        return;
    }
    const uv_buf_t buffers[2] = {
        {.base = (char *)(uintptr_t)talk->head.data, .len = talk->head.size},
        {.base = (char *)(uintptr_t)talk->body.data, .len = talk->body.size},
    };
    client->state = ANSWERING;
    client->due = uv_hrtime() + CONTROL_REQUEST_TIME;
    client->write.data = client;
    if (outcome == CONTROL_LOST ||
        uv_write(&client->write, &client->as.stream, buffers, 2, answered) != 0) {
        close_client(client);
    }
}

/* --- reading --- */

static void ignore_write(uv_write_t *request, int status)
{
    (void)request;
    (void)status;
}

static void say_continue(struct control_client *client)
{
    const uv_buf_t buffer = {.base = (char *)(uintptr_t)control_continue,
                             .len = strlen(control_continue)};
    uv_write(&client->write_continue, &client->as.stream, &buffer, 1, ignore_write);
    client->talk.owes_continue = false;
}

static void take(struct control_client *client, struct bytes octets)
{
    const enum control_outcome outcome = control_talk_take(&client->talk, octets);
    if (client->talk.owes_continue) {
        say_continue(client);
    }
    go_on(client, outcome);
}

static void offer_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *ret)
{
    const struct control_client *client = handle->data;
    (void)suggested;
    *ret = uv_buf_init((char *)client->socket->buffer, READ_OCTETS);
}

static void receive(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
    struct control_client *client = stream->data;
    if (size < 0) {
        /* Who half-closes after its request still wants the answer. */
        if (size != UV_EOF || client->state != ANSWERING) {
            close_client(client);
        }
    } else if (size > 0 && client->state == READING) {
        take(client, bytes_of(buffer->base, (size_t)size));
    }
}

/* --- accepting --- */

static struct control_client *free_client(struct control_socket *socket)
{
    for (size_t i = 0; i < CONTROL_CLIENTS_MAX; i++) {
        if (socket->clients[i].state == FREE) {
            return &socket->clients[i];
        }
    }
    return NULL;
}

static void begin_client(struct control_client *client)
{
    client->due = uv_hrtime() + CONTROL_REQUEST_TIME;
    if (!control_talk_start(&client->talk, &client->socket->house, client->is_tcp) ||
        uv_read_start(&client->as.stream, offer_buffer, receive) != 0) {
        close_client(client);
    }
}

/* True if there was one to accept. */
static bool accept_one(struct control_socket *socket, uv_stream_t *listener, bool is_tcp)
{
    struct control_client *client = free_client(socket);
    if (client == NULL) {
        return false; /* libuv keeps the connection until it is accepted */
    }
    *client = (struct control_client){.socket = socket, .is_tcp = is_tcp};
    const int error = is_tcp ? uv_tcp_init(socket->loop, &client->as.tcp)
                             : uv_pipe_init(socket->loop, &client->as.pipe, 0);
    if (error != 0) {
        return false;
    }
    client->as.handle.data = client;
    client->state = READING;
    socket->open_handles++;
    if (uv_accept(listener, &client->as.stream) != 0 || !spare_keep(socket->loop)) {
        client->state = CLOSING;
        uv_close(&client->as.handle, closed);
        spare_keep(socket->loop);
        return false;
    }
    begin_client(client);
    return true;
}

static void knocked(uv_stream_t *listener, int status)
{
    struct control_socket *socket = listener->data;
    if (status == 0) {
        accept_one(socket, listener, listener == (uv_stream_t *)&socket->tcp);
    }
}

/* Takes in those who had to wait for a place. Only a listener that waits has one pending. */
static void accept_all(struct control_socket *socket)
{
    if (socket->has_sweep && free_client(socket) != NULL) {
        if (socket->has_pipe && ((uv_stream_t *)&socket->pipe)->accepted_fd >= 0) {
            accept_one(socket, (uv_stream_t *)&socket->pipe, false);
        }
        if (socket->has_tcp && ((uv_stream_t *)&socket->tcp)->accepted_fd >= 0) {
            accept_one(socket, (uv_stream_t *)&socket->tcp, true);
        }
    }
}

static void sweep(uv_timer_t *timer)
{
    struct control_socket *socket = timer->data;
    const uint64_t now = uv_hrtime();
    for (size_t i = 0; i < CONTROL_CLIENTS_MAX; i++) {
        struct control_client *client = &socket->clients[i];
        if (client->state == FREE || client->state == CLOSING || now < client->due) {
            continue;
        }
        if (client->state == READING) {
            go_on(client, control_talk_refuse(&client->talk, 408, "the request took too long"));
        } else {
            close_client(client);
        }
    }
}

/* --- opening --- */

static bool failed(struct diag *reterr, const char *where, int error)
{
    return diag_set(reterr, (struct place){0}, "cannot be controlled at %s: %s", where,
                    uv_strerror(error));
}

/* Removes a socket whose owner is gone; leaves everything else where it is. */
static void remove_stale(const char *path)
{
    struct stat status;
    if (lstat(path, &status) != 0 || !S_ISSOCK(status.st_mode)) {
        return;
    }
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    const int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (probe >= 0) {
        if (connect(probe, (const struct sockaddr *)&address, sizeof address) != 0 &&
            errno == ECONNREFUSED) {
            unlink(path);
        }
        close(probe);
    }
}

static bool listen_pipe(struct control_socket *socket, const char *path, struct diag *reterr)
{
    if (strlen(path) > CONTROL_PATH_MAX) {
        return failed(reterr, path, UV_ENAMETOOLONG);
    }
    remove_stale(path);
    int error = uv_pipe_init(socket->loop, &socket->pipe, 0);
    if (error != 0) {
        return failed(reterr, path, error);
    }
    socket->has_pipe = true;
    socket->pipe.data = socket;
    const mode_t mask = umask(0177); /* nobody else may connect, not even for a moment */
    error = uv_pipe_bind(&socket->pipe, path);
    umask(mask);
    if (error == 0) {
        snprintf(socket->path, sizeof socket->path, "%s", path);
        loop_memory_removes(socket->path);
        error = uv_listen((uv_stream_t *)&socket->pipe, CONTROL_BACKLOG, knocked);
    }
    return error == 0 || failed(reterr, path, error);
}

static bool listen_tcp(struct control_socket *socket, const struct endpoint *at,
                       struct diag *reterr)
{
    char where[ENDPOINT_TEXT_MAX];
    struct text text = text_in(where, sizeof where);
    endpoint_put(&text, at);
    if (!address_is_loopback(&at->address)) {
        return diag_set(reterr, (struct place){0}, "%s is not on loopback", where);
    }
    struct sockaddr_storage address;
    int size = sizeof address;
    sockaddr_put(at, &address);
    int error = uv_tcp_init(socket->loop, &socket->tcp);
    if (error != 0) {
        return failed(reterr, where, error);
    }
    socket->has_tcp = true;
    socket->tcp.data = socket;
    error = uv_tcp_bind(&socket->tcp, (const struct sockaddr *)&address, 0);
    if (error == 0) {
        error = uv_listen((uv_stream_t *)&socket->tcp, CONTROL_BACKLOG, knocked);
    }
    if (error == 0) {
        error = uv_tcp_getsockname(&socket->tcp, (struct sockaddr *)&address, &size);
    }
    if (error != 0) {
        return failed(reterr, where, error);
    }
    sockaddr_get((const struct sockaddr *)&address, &socket->at);
    return true;
}

static bool start_sweep(struct control_socket *socket)
{
    socket->has_sweep = uv_timer_init(socket->loop, &socket->sweep) == 0;
    socket->sweep.data = socket;
    return socket->has_sweep && uv_timer_start(&socket->sweep, sweep, SWEEP_MS, SWEEP_MS) == 0;
}

struct control_socket *control_socket_open(struct live *live,
                                           const struct control_socket_options *options,
                                           struct diag *reterr)
{
    struct arena arena;
    arena_init(&arena, SOCKET_MEMORY);
    struct control_socket *socket = ARENA_NEW(&arena, struct control_socket);
    uint8_t *buffer = arena_alloc(&arena, READ_OCTETS);
    if (socket == NULL || buffer == NULL) {
        arena_free(&arena);
        diag_set(reterr, (struct place){0}, "there is no memory for the control socket");
        return NULL;
    }
    socket->arena = arena;
    socket->buffer = buffer;
    socket->loop = live_loop(live);
    socket->house = (struct control_house){.handle = options->handle, .context = options->context};
    if ((options->path != NULL && !listen_pipe(socket, options->path, reterr)) ||
        (options->at != NULL && !listen_tcp(socket, options->at, reterr))) {
        control_socket_close(socket);
        return NULL;
    }
    if (!start_sweep(socket)) {
        failed(reterr, "any socket", UV_ENOMEM);
        control_socket_close(socket);
        return NULL;
    }
    return socket;
}

struct endpoint control_socket_at(const struct control_socket *socket)
{
    return socket->at;
}

/* --- closing --- */

static void closed_own(uv_handle_t *handle)
{
    struct control_socket *socket = handle->data;
    socket->open_handles--;
}

static void close_own(struct control_socket *socket, uv_handle_t *handle)
{
    socket->open_handles++;
    handle->data = socket;
    uv_close(handle, closed_own);
}

void control_socket_close(struct control_socket *socket)
{
    if (socket->has_sweep) {
        close_own(socket, (uv_handle_t *)&socket->sweep);
        socket->has_sweep = false;
    }
    if (socket->has_pipe) {
        loop_memory_removes(NULL);
        close_own(socket, (uv_handle_t *)&socket->pipe); /* which unlinks what it bound */
    }
    if (socket->has_tcp) {
        close_own(socket, (uv_handle_t *)&socket->tcp);
    }
    for (size_t i = 0; i < CONTROL_CLIENTS_MAX; i++) {
        close_client(&socket->clients[i]);
    }
    while (socket->open_handles > 0) {
        uv_run(socket->loop, UV_RUN_ONCE);
    }
    struct arena arena = socket->arena;
    arena_free(&arena);
}

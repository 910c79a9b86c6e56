/* faultzone ctl: the calls of the control API from a shell. One request, its answer on standard
 * output. */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/endpoint.h"
#include "cli/commands.h"
#include "cli/control_path.h"
#include "cli/output.h"
#include "harness/control_answer.h"
#include "harness/json.h"

#define ANSWER_OCTETS_MAX ((size_t)64 * 1024 * 1024)
#define READ_OCTETS       65536
#define PATIENCE_S        30
#define BODY_OCTETS_MAX   ((size_t)256 * 1024)

/* What a verb's arguments become. */
enum body_kind {
    BODY_NONE,
    BODY_JSON,    /* the argument as it is; "-" is standard input */
    BODY_NAME,    /* {"name": argument}, where there is one */
    BODY_ADVANCE, /* {"advance": argument} */
};

struct ctl_verb {
    const char *name, *arguments, *summary;
    const char *method, *path;
    size_t least, most; /* arguments */
    bool takes_path;    /* the first argument is the end of the path */
    enum body_kind body;
};

static const struct ctl_verb verbs[] = {
    {"state", "", "the world as it is", "GET", "/v1/state", 0, 0, false, BODY_NONE},
    {"queries", "", "which queries were made", "GET", "/v1/queries", 0, 0, false, BODY_NONE},
    {"clear-queries", "", "forget them", "DELETE", "/v1/queries", 0, 0, false, BODY_NONE},
    {"zone", "APEX JSON|-", "change a zone's keys, or add a zone", "POST", "/v1/zones/", 2, 2, true,
     BODY_JSON},
    {"fault", "JSON|-", "add a fault, or a list of them", "POST", "/v1/faults", 1, 1, false,
     BODY_JSON},
    {"lift", "", "lift all faults", "DELETE", "/v1/faults", 0, 0, false, BODY_NONE},
    {"forget", "[NAME]", "let the resolver forget what it cached", "POST", "/v1/forget", 0, 1,
     false, BODY_NAME},
    {"time", "DURATION", "let time pass", "POST", "/v1/time", 1, 1, false, BODY_ADVANCE},
    {"reset", "", "back to the file's state", "POST", "/v1/reset", 0, 0, false, BODY_NONE},
    {"schema", "", "the JSON Schema of scenario files", "GET", "/v1/schema", 0, 0, false,
     BODY_NONE},
    {"post", "PATH JSON|-", "any other call", "POST", "", 2, 2, true, BODY_JSON},
};

/* --- the request --- */

static const struct ctl_verb *find_verb(const char *name)
{
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (strcmp(verbs[i].name, name) == 0) {
            return &verbs[i];
        }
    }
    complain("ctl has no verb \"%s\"; there are:", name);
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        fprintf(stderr, "  %-14s %-12s %s\n", verbs[i].name, verbs[i].arguments, verbs[i].summary);
    }
    return NULL;
}

/* All of standard input as a new string, NULL (told) if it is too long. */
static char *read_input(struct arena *arena)
{
    char *text = arena_alloc(arena, BODY_OCTETS_MAX + 1);
    const size_t size = text != NULL ? fread(text, 1, BODY_OCTETS_MAX + 1, stdin) : 0;
    if (text == NULL || size > BODY_OCTETS_MAX) {
        complain("a body may have 256 KiB at most");
        return NULL;
    }
    return text;
}

/* {"key": value} */
static char *member(struct arena *arena, const char *key, const char *value)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    if (file == NULL) {
        return NULL;
    }
    struct json json = json_to(file, true);
    json_begin_object(&json, NULL);
    json_put_string(&json, key, value);
    json_end(&json);
    char *copy = fclose(file) == 0 ? arena_copy_string(arena, text) : NULL;
    free(text);
    return copy;
}

/* The request's body; NULL (told) if there can be none. */
static const char *body_of(const struct ctl_verb *verb, const struct cli *cli, struct arena *arena)
{
    const char *last = cli->argument_count > 1 ? cli->arguments[cli->argument_count - 1] : NULL;
    if (last == NULL || verb->body == BODY_NONE) {
        return "";
    }
    if (verb->body == BODY_JSON) {
        return strcmp(last, "-") == 0 ? read_input(arena) : last;
    }
    return member(arena, verb->body == BODY_NAME ? "name" : "advance", last);
}

static bool is_plain(const char *text)
{
    for (size_t i = 0; text[i] != '\0'; i++) {
        if (text[i] <= ' ' || text[i] >= 0x7f) {
            return false;
        }
    }
    return text[0] != '\0';
}

/* --- the way there --- */

static int open_unix(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    memcpy(address.sun_path, path, strlen(path));
    const int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor >= 0 &&
        connect(descriptor, (const struct sockaddr *)&address, sizeof address) != 0) {
        close(descriptor);
        return -1;
    }
    return descriptor;
}

/* "http://127.0.0.1:8055" or "http://localhost:8055", perhaps with a slash. */
static bool read_url(const char *url, uint16_t *ret_port)
{
    static const char *const hosts[] = {"http://127.0.0.1:", "http://localhost:"};
    for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++) {
        const size_t size = strlen(hosts[i]);
        char *end;
        if (strncmp(url, hosts[i], size) == 0 && url[size] >= '0' && url[size] <= '9') {
            const unsigned long port = strtoul(url + size, &end, 10);
            *ret_port = (uint16_t)port;
            return port > 0 && port <= UINT16_MAX && (*end == '\0' || strcmp(end, "/") == 0);
        }
    }
    return false;
}

static int open_tcp(uint16_t port)
{
    const struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor >= 0 &&
        connect(descriptor, (const struct sockaddr *)&address, sizeof address) != 0) {
        close(descriptor);
        return -1;
    }
    return descriptor;
}

/* A connection to the world that the options mean; -1 after telling, with the status to end with.
 */
static int open_world(const struct cli *cli, enum cli_exit *ret_status)
{
    char path[CONTROL_PATH_ROOM];
    const char *url = cli_value(cli, OPTION_URL);
    const char *said = cli_value(cli, OPTION_SOCKET);
    uint16_t port = 0;
    *ret_status = CLI_USAGE;
    if (url != NULL && !read_url(url, &port)) {
        complain("--url wants http://127.0.0.1:PORT, not \"%s\"", url);
        return -1;
    }
    *ret_status = CLI_ENVIRONMENT;
    if (url == NULL && said == NULL && !control_path_find(path)) {
        return -1;
    }
    const char *where = url != NULL ? url : said != NULL ? said : path;
    const int descriptor = url != NULL ? open_tcp(port) : open_unix(where);
    if (descriptor < 0) {
        complain("nobody answers at %s: %s", where, strerror(errno));
    }
    return descriptor;
}

static bool send_all(int descriptor, struct bytes octets)
{
    while (octets.size > 0) {
        const ssize_t sent = send(descriptor, octets.data, octets.size, MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        octets = bytes_after(octets, (size_t)sent);
    }
    return true;
}

/* Reads until the other side ends. */
static bool receive_all(int descriptor, FILE *into)
{
    char buffer[READ_OCTETS];
    size_t total = 0;
    ssize_t size = recv(descriptor, buffer, sizeof buffer, 0);
    while (size > 0 && total < ANSWER_OCTETS_MAX) {
        fwrite(buffer, 1, (size_t)size, into);
        total += (size_t)size;
        size = recv(descriptor, buffer, sizeof buffer, 0);
    }
    return size == 0;
}

/* --- the answer --- */

/* What the answer's error says, on stderr. */
static void tell_error(const char *body)
{
    struct diag error;
    control_answer_error(body, &error);
    complain("%s%s%s", error.sentence, error.hint[0] != '\0' ? "; " : "", error.hint);
}

static enum cli_exit finish(char *answer)
{
    unsigned status = 0;
    const char *body = strstr(answer, "\r\n\r\n");
    if (sscanf(answer, "HTTP/1.%*1d %3u", &status) != 1 || body == NULL) {
        complain("this was no answer");
        return CLI_ENVIRONMENT;
    }
    body += 4;
    if (status == 200) {
        fputs(body, stdout);
        return output_finish(stdout, CLI_OK);
    }
    tell_error(body);
    return status == 409 || status >= 500 ? CLI_ENVIRONMENT : CLI_USAGE;
}

static enum cli_exit exchange(int descriptor, const char *head, const char *body)
{
    char *answer = NULL;
    size_t size = 0;
    const struct timeval patience = {.tv_sec = PATIENCE_S};
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    FILE *into = open_memstream(&answer, &size);
    if (into == NULL) {
        return CLI_ENVIRONMENT;
    }
    /* Whoever refuses may end the connection before all is sent. */
    if (send_all(descriptor, bytes_of_string(head))) {
        send_all(descriptor, bytes_of_string(body));
    }
    const bool whole = receive_all(descriptor, into);
    enum cli_exit status = CLI_ENVIRONMENT;
    if (fclose(into) == 0 && (whole || size > 0)) {
        status = finish(answer);
    } else {
        complain("the world does not answer");
    }
    free(answer);
    return status;
}

static enum cli_exit call(const struct ctl_verb *verb, const struct cli *cli, const char *body)
{
    char head[2048];
    const char *tail = verb->takes_path ? cli->arguments[1] : "";
    enum cli_exit status;
    if (verb->takes_path && (!is_plain(tail) || strlen(tail) > 1000)) {
        complain("\"%s\" cannot stand in a path", tail);
        return CLI_USAGE;
    }
    snprintf(head, sizeof head,
             "%s %s%s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
             "Content-Length: %zu\r\n\r\n",
             verb->method, verb->path, tail, strlen(body));
    const int descriptor = open_world(cli, &status);
    if (descriptor < 0) {
        return status;
    }
    status = exchange(descriptor, head, body);
    close(descriptor);
    return status;
}

enum cli_exit command_ctl(const struct cli *cli)
{
    const struct ctl_verb *verb = find_verb(cli->argument_count > 0 ? cli->arguments[0] : "");
    if (verb == NULL) {
        return CLI_USAGE;
    }
    const size_t given = cli->argument_count - 1;
    if (given < verb->least || given > verb->most) {
        complain("usage: faultzone ctl %s %s", verb->name, verb->arguments);
        return CLI_USAGE;
    }
    struct arena arena;
    arena_init(&arena, 2 * BODY_OCTETS_MAX);
    const char *body = body_of(verb, cli, &arena);
    const enum cli_exit status = body != NULL ? call(verb, cli, body) : CLI_USAGE;
    arena_free(&arena);
    return status;
}

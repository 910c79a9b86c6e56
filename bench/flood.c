/* Asks one server over UDP as fast as it answers, many datagrams a system call, with WINDOW
 * questions under way at a time. The questions of FILE (a name and a type a line) are asked in
 * turn. Every answer is held against its question: the ID and the question must be the same.
 *
 *     dns_flood ADDRESS PORT FILE
 *
 * Reads lines from stdin: a number of questions (`ask 1000`: so many) or of seconds (`for 2.5`).
 * After each it writes one line: answers, seconds, questions given up after PATIENCE_MS, datagrams
 * that answer nothing, and how many answers had which RCODE. Ends with stdin. */
#include <arpa/inet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "wire/builder.h"
#include "wire/rrtype.h"

#define WINDOW        64 /* a power of two: the low bits of an ID are the question's place */
#define PATIENCE_MS   1000
#define QUERIES_MAX   65536
#define QUERY_OCTETS  (MESSAGE_HEADER_OCTETS + NAME_OCTETS_MAX + 4 + EDNS_OPT_OCTETS)
#define ANSWER_OCTETS 4096
#define RCODES        16
#define IDS           65536

struct query {
    uint16_t size;
    uint16_t question_end; /* octets up to here come back in the answer */
    uint8_t octets[QUERY_OCTETS];
};

struct place {
    uint16_t id;
    size_t query; /* which one it holds */
    bool is_open; /* asked, not answered */
    uint8_t octets[QUERY_OCTETS];
};

struct flood {
    int descriptor;
    struct query *queries;
    size_t query_count;
    size_t next; /* to be asked */
    struct place places[WINDOW];
    uint64_t asked, answers, given_up, strange;
    uint64_t rcodes[RCODES];
    uint64_t asked_max; /* of this round */
    double until;       /* of this round, by seconds_now */
};

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

_Noreturn static void give_up(const char *what, const char *which)
{
    fprintf(stderr, "dns_flood: %s: %s\n", what, which);
    exit(2);
}

/* --- what is asked --- */

static bool make_query(const char *name_text, const char *type_text, struct query *ret)
{
    struct name name;
    struct builder builder;
    uint16_t type;
    const struct edns edns = {.present = true, .udp_size = EDNS_UDP_SIZE};
    if (!name_parse_text(bytes_of_string(name_text), name_root(), &name, NULL) ||
        !rrtype_parse(bytes_of_string(type_text), &type)) {
        return false;
    }
    builder_start(&builder, ret->octets, sizeof ret->octets, 0, MESSAGE_RD);
    builder_question(&builder, &name, type, RRCLASS_IN);
    ret->question_end = (uint16_t)(MESSAGE_HEADER_OCTETS + name.size + 4);
    builder_edns(&builder, &edns);
    ret->size = (uint16_t)builder_finish(&builder);
    return ret->size > 0;
}

static void read_queries(struct flood *flood, const char *path)
{
    char name[NAME_TEXT_MAX];
    char type[32];
    FILE *file = fopen(path, "r");
    flood->queries = calloc(QUERIES_MAX, sizeof *flood->queries);
    if (file == NULL || flood->queries == NULL) {
        give_up(path, "cannot be read");
    }
    while (flood->query_count < QUERIES_MAX && fscanf(file, "%1004s %31s", name, type) == 2) {
        if (!make_query(name, type, &flood->queries[flood->query_count++])) {
            give_up(path, name);
        }
    }
    fclose(file);
    if (flood->query_count == 0) {
        give_up(path, "holds no questions");
    }
}

/* --- asking and hearing --- */

/* Puts the next question into a place, with an ID that it did not have lately. */
static void fill(struct flood *flood, struct place *place)
{
    const struct query *query = &flood->queries[flood->next];
    place->query = flood->next;
    flood->next = (flood->next + 1) % flood->query_count;
    place->id = (uint16_t)((place->id + WINDOW) % IDS);
    place->is_open = true;
    memcpy(place->octets, query->octets, query->size);
    place->octets[0] = (uint8_t)(place->id >> 8);
    place->octets[1] = (uint8_t)place->id;
}

static bool may_ask(const struct flood *flood)
{
    return flood->asked < flood->asked_max;
}

/* Fills and sends all free places in one call. */
static void ask(struct flood *flood)
{
    struct mmsghdr messages[WINDOW];
    struct iovec vectors[WINDOW];
    unsigned count = 0;
    memset(messages, 0, sizeof messages);
    for (size_t i = 0; i < WINDOW && may_ask(flood); i++) {
        struct place *place = &flood->places[i];
        if (!place->is_open) {
            fill(flood, place);
            vectors[count] = (struct iovec){place->octets, flood->queries[place->query].size};
            messages[count].msg_hdr.msg_iov = &vectors[count];
            messages[count++].msg_hdr.msg_iovlen = 1;
            flood->asked++;
        }
    }
    unsigned sent = 0;
    while (sent < count) {
        const int taken = sendmmsg(flood->descriptor, messages + sent, count - sent, 0);
        if (taken <= 0) {
            return; /* nobody listens there yet: these are given up in time */
        }
        sent += (unsigned)taken;
    }
}

static void hear(struct flood *flood, const uint8_t *octets, size_t size)
{
    struct place *place = &flood->places[(octets[0] << 8 | octets[1]) % WINDOW];
    const struct query *query = &flood->queries[place->query];
    const size_t question = query->question_end - MESSAGE_HEADER_OCTETS;
    if (!place->is_open || size < query->question_end ||
        (octets[0] << 8 | octets[1]) != place->id || (octets[2] & 0x80) == 0 ||
        memcmp(octets + MESSAGE_HEADER_OCTETS, place->octets + MESSAGE_HEADER_OCTETS, question) !=
            0) {
        flood->strange++;
        return;
    }
    place->is_open = false;
    flood->answers++;
    flood->rcodes[octets[3] % RCODES]++;
}

/* Waits for answers and takes all there are, at most WINDOW. False if none came. */
static bool listen_once(struct flood *flood, int patience_ms)
{
    static uint8_t octets[WINDOW][ANSWER_OCTETS];
    struct mmsghdr messages[WINDOW];
    struct iovec vectors[WINDOW];
    struct pollfd watched = {.fd = flood->descriptor, .events = POLLIN};
    memset(messages, 0, sizeof messages);
    for (size_t i = 0; i < WINDOW; i++) {
        vectors[i] = (struct iovec){octets[i], ANSWER_OCTETS};
        messages[i].msg_hdr.msg_iov = &vectors[i];
        messages[i].msg_hdr.msg_iovlen = 1;
    }
    if (poll(&watched, 1, patience_ms) <= 0) {
        return false;
    }
    const int count = recvmmsg(flood->descriptor, messages, WINDOW, MSG_DONTWAIT, NULL);
    for (int i = 0; i < count; i++) {
        if (messages[i].msg_len >= MESSAGE_HEADER_OCTETS) {
            hear(flood, octets[i], messages[i].msg_len);
        }
    }
    return true;
}

static bool is_waiting(const struct flood *flood)
{
    for (size_t i = 0; i < WINDOW; i++) {
        if (flood->places[i].is_open) {
            return true;
        }
    }
    return false;
}

/* What was asked is not waited for any longer. */
static void forget(struct flood *flood)
{
    for (size_t i = 0; i < WINDOW; i++) {
        flood->given_up += flood->places[i].is_open;
        flood->places[i].is_open = false;
    }
}

static void run_round(struct flood *flood)
{
    while (may_ask(flood) || is_waiting(flood)) {
        if (seconds_now() >= flood->until) {
            flood->asked_max = 0;
        }
        ask(flood);
        if (is_waiting(flood) && !listen_once(flood, PATIENCE_MS)) {
            forget(flood);
        }
    }
}

/* --- rounds --- */

static void begin_round(struct flood *flood, uint64_t asked_max, double seconds)
{
    flood->asked = flood->answers = flood->given_up = flood->strange = 0;
    memset(flood->rcodes, 0, sizeof flood->rcodes);
    flood->asked_max = asked_max;
    flood->until = seconds_now() + seconds;
}

static void report(const struct flood *flood, double seconds)
{
    printf("%llu %.6f %llu %llu", (unsigned long long)flood->answers, seconds,
           (unsigned long long)flood->given_up, (unsigned long long)flood->strange);
    for (size_t i = 0; i < RCODES; i++) {
        if (flood->rcodes[i] > 0) {
            printf(" %zu:%llu", i, (unsigned long long)flood->rcodes[i]);
        }
    }
    putchar('\n');
    fflush(stdout);
}

static void obey(struct flood *flood, const char *line)
{
    const bool counts = strncmp(line, "ask ", 4) == 0;
    const double number = strtod(line + 4, NULL);
    if ((!counts && strncmp(line, "for ", 4) != 0) || number <= 0) {
        give_up("not `ask NUMBER` or `for SECONDS`", line);
    }
    begin_round(flood, counts ? (uint64_t)number : UINT64_MAX, counts ? 3600 : number);
    const double began = seconds_now();
    run_round(flood);
    report(flood, seconds_now() - began);
}

static int connect_to(const char *address, const char *port)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)strtoul(port, NULL, 10))};
    const int octets = 4 * 1024 * 1024;
    const int descriptor = socket(AF_INET, SOCK_DGRAM, 0);
    setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &octets, sizeof octets);
    if (inet_pton(AF_INET, address, &to.sin_addr) != 1 ||
        connect(descriptor, (struct sockaddr *)&to, sizeof to) != 0) {
        give_up(address, "cannot be asked");
    }
    return descriptor;
}

int main(int argc, char **argv)
{
    static struct flood flood;
    char line[64];
    if (argc != 4) {
        give_up("usage", "dns_flood ADDRESS PORT FILE");
    }
    flood.descriptor = connect_to(argv[1], argv[2]);
    read_queries(&flood, argv[3]);
    for (size_t i = 0; i < WINDOW; i++) {
        flood.places[i].id = (uint16_t)i;
    }
    while (fgets(line, sizeof line, stdin) != NULL) {
        obey(&flood, line);
    }
    free(flood.queries);
    close(flood.descriptor);
    return 0;
}

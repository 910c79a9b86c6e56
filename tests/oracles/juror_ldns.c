/* ldns, kept at arm's length: version 1.8.3 leaks on two TSIG records, loses count of OPT records
 * and takes a gigabyte for 64 KiB of empty strings. So it sees only what the strict parser took,
 * short, with one TSIG and one OPT at most, in a child of its own with limits; and none of its
 * functions that make text. What it takes must have the same RDATA. */
#include <ldns/ldns.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/oracles/juror.h"
#include "wire/message.h"
#include "wire/rdata.h"
#include "wire/rrtype.h"

#if defined(__has_feature)
#define IS_SANITIZED __has_feature(address_sanitizer)
#elif defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED 1
#else
#define IS_SANITIZED 0
#endif

#define OCTETS_MAX 4096
#define MEMORY_MAX (IS_SANITIZED ? RLIM_INFINITY : (rlim_t)1 << 30) /* shadows are larger */
#define SECONDS    2

/* How often the two octets of `type` stand behind the header: each record of it needs them once. */
static size_t count_type(const uint8_t *octets, size_t size, uint16_t type)
{
    size_t count = 0;
    for (size_t i = MESSAGE_HEADER_OCTETS; i + 1 < size; i++) {
        count += octets[i] == type >> 8 && octets[i + 1] == (type & 0xff);
    }
    return count;
}

/* The next record that ldns keeps among its own; false at the end. */
static bool next_plain(struct record_walk *walk, struct record *ret)
{
    while (record_next(walk, ret)) {
        if (ret->type != RRTYPE_OPT && ret->type != RRTYPE_TSIG) {
            return true;
        }
    }
    return false;
}

static bool is_same(const struct record *record, const ldns_rr *theirs)
{
    static uint8_t room[RDATA_OCTETS_MAX];
    struct bytes ours;
    size_t at = 0;
    if (!rdata_expand(record, room, sizeof room, &ours)) {
        return false;
    }
    for (size_t i = 0; i < ldns_rr_rd_count(theirs); i++) {
        const ldns_rdf *part = ldns_rr_rdf(theirs, i);
        const size_t size = ldns_rdf_size(part);
        if (ours.size - at < size ||
            (size > 0 && memcmp(ours.data + at, ldns_rdf_data(part), size) != 0)) {
            return false;
        }
        at += size;
    }
    return at == ours.size && record->type == ldns_rr_get_type(theirs);
}

static const char *compare(const struct message *message, const ldns_pkt *packet)
{
    const ldns_rr_list *lists[SECTIONS] = {NULL, ldns_pkt_answer(packet),
                                           ldns_pkt_authority(packet), ldns_pkt_additional(packet)};
    for (int section = SECTION_ANSWER; section < SECTIONS; section++) {
        struct record_walk walk = record_walk_start(message, (enum section)section);
        struct record record;
        size_t count = 0;
        while (next_plain(&walk, &record)) {
            if (count >= ldns_rr_list_rr_count(lists[section]) ||
                !is_same(&record, ldns_rr_list_rr(lists[section], count++))) {
                return "sees other RDATA";
            }
        }
        if (count != ldns_rr_list_rr_count(lists[section])) {
            return "sees more records";
        }
    }
    return JUROR_TAKES;
}

static const char *parse(const uint8_t *octets, size_t size)
{
    struct message message;
    ldns_pkt *packet = NULL;
    const ldns_status status = ldns_wire2pkt(&packet, octets, size);
    if (status != LDNS_STATUS_OK) {
        return ldns_get_errorstr_by_id(status);
    }
    return message_parse(bytes_of(octets, size), MESSAGE_STRICT, &message, NULL)
               ? compare(&message, packet)
               : "is asked of what the strict parser refuses";
}

/* In the child: says its words into the pipe. */
static void speak(int to, const uint8_t *octets, size_t size)
{
    setrlimit(RLIMIT_CPU, &(struct rlimit){SECONDS, SECONDS});
    setrlimit(RLIMIT_AS, &(struct rlimit){MEMORY_MAX, MEMORY_MAX});
    const char *words = parse(octets, size);
    _exit(write(to, words, strlen(words)) == (ssize_t)strlen(words) ? 0 : 1);
}

static void ask_child(const uint8_t *octets, size_t size, char ret[JUROR_ROOM])
{
    int ends[2], status = 0;
    if (pipe(ends) != 0) {
        snprintf(ret, JUROR_ROOM, "cannot be asked");
        return;
    }
    const pid_t child = fork();
    if (child == 0) {
        speak(ends[1], octets, size);
    }
    close(ends[1]);
    const ssize_t got = child > 0 ? read(ends[0], ret, JUROR_ROOM - 1) : 0;
    close(ends[0]);
    ret[got > 0 ? got : 0] = '\0';
    if (child <= 0 || waitpid(child, &status, 0) != child || status != 0 || got <= 0) {
        snprintf(ret, JUROR_ROOM, "does not survive it");
    }
}

void juror_judge(const uint8_t *octets, size_t size, char ret[JUROR_ROOM])
{
    if (size > OCTETS_MAX || count_type(octets, size, RRTYPE_TSIG) > 1 ||
        count_type(octets, size, RRTYPE_OPT) > 1) {
        snprintf(ret, JUROR_ROOM, "is not asked");
        return;
    }
    ask_child(octets, size, ret);
}

/* See the header. */
#include "cli/exec_resolver.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/output.h"
#include "cli/program.h"

#define FILE_OCTETS_MAX 16384

/* What the plan points at. */
struct parts {
    char path[PROGRAM_PATH_MAX];
    char configuration[FILE_OCTETS_MAX];
    char hints[FILE_OCTETS_MAX];
    struct daemon_file files[2];
    union {
        const char *borrowed[FOREIGN_ARGUMENTS_MAX + 1];
        char *words[FOREIGN_ARGUMENTS_MAX + 1]; /* execv writes to none of them */
    } command;
};

static bool has_ipv6(void)
{
    const struct sockaddr_in6 address = {.sin6_family = AF_INET6,
                                         .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    const int descriptor = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const bool fine =
        descriptor >= 0 && bind(descriptor, (const struct sockaddr *)&address, sizeof address) == 0;
    if (descriptor >= 0) {
        close(descriptor);
    }
    return fine;
}

static struct bytes written(const struct text *text)
{
    return bytes_of(text->data, text->size);
}

/* False if a file is larger than its buffer. */
static bool write_files(const struct foreign *foreign, const struct scenario *scenario,
                        struct parts *parts)
{
    const struct foreign_site site = {
        .scenario = scenario, .has_ipv6 = has_ipv6(), .is_root = geteuid() == 0};
    struct text configuration = text_in(parts->configuration, sizeof parts->configuration);
    struct text hints = text_in(parts->hints, sizeof parts->hints);
    foreign->write(&configuration, &site);
    foreign_hints_put(&hints, scenario);
    parts->files[0] = (struct daemon_file){foreign->configuration, written(&configuration)};
    parts->files[1] = (struct daemon_file){FOREIGN_HINTS, written(&hints)};
    return !configuration.overflow && !hints.overflow;
}

bool exec_resolver_plan(const struct foreign *foreign, const struct scenario *scenario,
                        struct arena *arena, struct daemon_plan *ret)
{
    struct parts *parts = arena_alloc(arena, sizeof *parts);
    if (parts == NULL || !write_files(foreign, scenario, parts)) {
        complain("%s: not enough memory for its configuration", foreign->name);
        return false;
    }
    if (!program_find(foreign->program, parts->path)) {
        complain("%s is not installed (apt-get install %s)", foreign->program, foreign->package);
        return false;
    }
    parts->command.borrowed[0] = parts->path;
    for (size_t i = 0; i < FOREIGN_ARGUMENTS_MAX; i++) {
        parts->command.borrowed[i + 1] = foreign->arguments[i];
    }
    *ret = (struct daemon_plan){
        .name = foreign->name,
        .argv = parts->command.words,
        .files = parts->files,
        .file_count = sizeof parts->files / sizeof *parts->files,
        .answers_at = {.address = address_v4((const uint8_t[]){127, 0, 0, 1}), .port = 53}};
    return true;
}

/* faultzone doctor: what works on this system, and how to get the rest. */
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/output.h"
#include "cli/program.h"
#include "harness/json.h"
#include "live/namespace.h"
#include "live/sandbox.h"

#define VERSION_OCTETS_MAX 160
#define OUTPUT_OCTETS_MAX  4096
#define PEER_TIME_MAX_MS   5000
#define ARGUMENTS_MAX      4

enum { NAME_COLUMNS = 22, DNS_PORT = 53 };

/* A program that can be run inside, and how it tells its version. */
struct peer {
    const char *name;
    const char *package; /* of Debian 12 */
    const char *arguments[ARGUMENTS_MAX];
};

static const struct peer peers[] = {
    {"dig", "bind9-dnsutils", {"-v"}},
    {"host", "bind9-host", {"-V"}},
    {"curl", "curl", {"--version"}},
    {"unbound", "unbound", {"-V"}},
    {"named", "bind9", {"-v"}},
    {"kresd", "knot-resolver", {"--version"}},
    {"pdns_recursor", "pdns-recursor", {"--version"}},
    {"dnsmasq", "dnsmasq-base", {"--version"}},
    {"opendkim", "opendkim", {"-V"}},
    {"dkimverify", "python3-dkim", {NULL}}, /* dkimpy: has no such option */
    {"rspamd", "rspamd", {"--version"}},
    {"exim4", "exim4-daemon-light", {"--version"}},
    {"faketime", "faketime", {"--version"}},
};
#define PEERS (sizeof peers / sizeof *peers)

struct doctor {
    struct json json;
    bool as_json;
    bool is_fit; /* exec can work */
};

/* --- the system --- */

static void put_check(struct doctor *doctor, const char *name, bool works, const struct diag *diag)
{
    const char *fix = !works && diag->hint[0] != '\0' ? diag->hint : NULL;
    if (!doctor->as_json) {
        printf("%-4s  %-*s", works ? "yes" : "NO", NAME_COLUMNS, name);
        printf(works ? "\n" : "  %s\n", diag->sentence);
        if (fix != NULL) {
            printf("      %-*s  fix: %s\n", NAME_COLUMNS, "", fix);
        }
        return;
    }
    json_begin_object(&doctor->json, NULL);
    json_put_string(&doctor->json, "name", name);
    json_bool(&doctor->json, "works", works);
    json_put_string(&doctor->json, "trouble", works ? NULL : diag->sentence);
    json_put_string(&doctor->json, "fix", fix);
    json_end(&doctor->json);
}

static void check_namespaces(struct doctor *doctor)
{
    static const char *const names[NEEDS] = {
        [NEED_USER] = "user namespaces",
        [NEED_NETWORK] = "network namespaces",
        [NEED_MOUNT] = "mount namespaces",
        [NEED_PID] = "PID namespaces",
    };
    for (unsigned need = 0; need < NEEDS; need++) {
        struct diag diag = {0};
        const bool works = namespace_try((enum namespace_need)need, &diag);
        doctor->is_fit = doctor->is_fit && works;
        put_check(doctor, names[need], works, &diag);
    }
}

static int try_bind(int family, const void *address, socklen_t size)
{
    const int descriptor = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    int error = descriptor < 0 ? errno : 0;
    if (error == 0 && bind(descriptor, address, size) != 0) {
        error = errno;
    }
    if (descriptor >= 0) {
        close(descriptor);
    }
    return error;
}

static void check_socket(struct doctor *doctor, const char *name, int error, const char *fix)
{
    struct diag diag = {0};
    if (error != 0) {
        diag_set(&diag, (struct place){0}, "%s", strerror(error));
        diag_hint(&diag, "%s", fix);
    }
    put_check(doctor, name, error == 0, &diag);
}

/* Neither is needed by exec, whose network is its own. */
static void check_sockets(struct doctor *doctor)
{
    const struct sockaddr_in v4 = {.sin_family = AF_INET,
                                   .sin_port = htons(DNS_PORT),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    const int error = try_bind(AF_INET, &v4, sizeof v4);
    check_socket(doctor, "port 53", error,
                 error == EADDRINUSE ? "another DNS server has it; serve takes another port, exec "
                                       "needs none"
                                     : "sysctl -w net.ipv4.ip_unprivileged_port_start=53; only "
                                       "serve --port 53 needs it");
    check_socket(doctor, "IPv6 loopback", try_bind(AF_INET6, &v6, sizeof v6),
                 "sysctl -w net.ipv6.conf.lo.disable_ipv6=0; without it IPv6 addresses are not "
                 "served");
}

/* serve works without them, less shut in. */
static void check_sandbox(struct doctor *doctor)
{
    static const char *const names[SANDBOX_PARTS] = {
        [SANDBOX_LANDLOCK] = "Landlock",
        [SANDBOX_SECCOMP] = "seccomp filters",
    };
    static const char *const fixes[SANDBOX_PARTS] = {
        [SANDBOX_LANDLOCK] = "Linux 5.13 or newer, started with `landlock` among the modules of "
                             "lsm=; serve works without, less shut in",
        [SANDBOX_SECCOMP] = "a kernel with CONFIG_SECCOMP_FILTER; serve works without, less shut "
                            "in",
    };
    for (unsigned part = 0; part < SANDBOX_PARTS; part++) {
        struct diag diag = {0};
        const bool works = sandbox_try((enum sandbox_part)part, &diag);
        if (!works) {
            diag_hint(&diag, "%s", fixes[part]);
        }
        put_check(doctor, names[part], works, &diag);
    }
}

/* --- peers --- */

_Noreturn static void ask_version(const char *path, const struct peer *peer, int output)
{
    char *const empty[] = {NULL};
    union {
        const char *borrowed[ARGUMENTS_MAX + 2];
        char *words[ARGUMENTS_MAX + 2];
    } command = {.borrowed = {path}};
    for (size_t i = 0; i < ARGUMENTS_MAX && peer->arguments[i] != NULL; i++) {
        command.borrowed[i + 1] = peer->arguments[i];
    }
    dup2(output, STDOUT_FILENO);
    dup2(output, STDERR_FILENO);
    close(STDIN_FILENO);
    execve(path, command.words, empty);
    _exit(CLI_NOT_FOUND);
}

static size_t read_output(int descriptor, char *buffer, size_t capacity)
{
    size_t size = 0;
    ssize_t got = 1;
    while (got > 0 && size < capacity) {
        struct pollfd watched = {.fd = descriptor, .events = POLLIN};
        got = poll(&watched, 1, PEER_TIME_MAX_MS) > 0
                  ? read(descriptor, buffer + size, capacity - size)
                  : 0;
        size += got > 0 ? (size_t)got : 0;
    }
    return size;
}

/* The first line with a digit in it. */
static void pick_version(const char *output, char ret[VERSION_OCTETS_MAX])
{
    struct text text = text_in(ret, VERSION_OCTETS_MAX);
    while (*output != '\0') {
        const size_t size = strcspn(output, "\n");
        if (strcspn(output, "0123456789") < size) {
            text_put_escaped(&text, bytes_of(output, size < 60 ? size : 60));
            return;
        }
        output += size + (output[size] == '\n');
    }
}

static void read_version(const char *path, const struct peer *peer, char ret[VERSION_OCTETS_MAX])
{
    char output[OUTPUT_OCTETS_MAX + 1];
    int ends[2];
    ret[0] = '\0';
    if (peer->arguments[0] == NULL || pipe(ends) != 0) {
        return;
    }
    const pid_t pid = fork();
    if (pid == 0) {
        ask_version(path, peer, ends[1]);
    }
    close(ends[1]);
    const size_t size = read_output(ends[0], output, OUTPUT_OCTETS_MAX);
    output[size] = '\0';
    close(ends[0]);
    if (pid > 0) {
        kill(pid, SIGKILL); /* it has said what it has to say, or will not */
        waitpid(pid, NULL, 0);
    }
    pick_version(output, ret);
}

static void put_peer(struct doctor *doctor, const struct peer *peer)
{
    char path[PROGRAM_PATH_MAX], version[VERSION_OCTETS_MAX];
    const bool found = program_find(peer->name, path);
    if (found) {
        read_version(path, peer, version);
    }
    if (!doctor->as_json) {
        printf("%-4s  %-*s  %s%s\n", found ? "yes" : "no", NAME_COLUMNS, peer->name,
               found ? version : "apt-get install ", found ? "" : peer->package);
        return;
    }
    json_begin_object(&doctor->json, NULL);
    json_put_string(&doctor->json, "name", peer->name);
    json_bool(&doctor->json, "found", found);
    json_put_string(&doctor->json, "path", found ? path : NULL);
    json_put_string(&doctor->json, "version", found && version[0] != '\0' ? version : NULL);
    json_put_string(&doctor->json, "package", peer->package);
    json_end(&doctor->json);
}

/* --- all --- */

static void begin(struct doctor *doctor)
{
    if (doctor->as_json) {
        doctor->json = json_to(stdout, false);
        json_begin_object(&doctor->json, NULL);
        json_put_string(&doctor->json, "schema", "faultzone/doctor/1");
        json_begin_array(&doctor->json, "system");
    } else {
        puts("This system");
    }
}

static void begin_peers(struct doctor *doctor)
{
    if (doctor->as_json) {
        json_end(&doctor->json);
        json_begin_array(&doctor->json, "programs");
    } else {
        puts("\nPrograms to run inside");
    }
}

static void end(struct doctor *doctor)
{
    if (doctor->as_json) {
        json_end(&doctor->json);
        json_bool(&doctor->json, "exec", doctor->is_fit);
        json_end(&doctor->json);
    } else {
        printf("\nexec %s here.\n", doctor->is_fit ? "works" : "does not work");
    }
}

enum cli_exit command_doctor(const struct cli *cli)
{
    struct doctor doctor = {.as_json = cli_value(cli, OPTION_JSON) != NULL, .is_fit = true};
    if (cli->argument_count > 0) {
        complain("doctor takes no arguments");
        return CLI_USAGE;
    }
    begin(&doctor);
    fflush(stdout); /* or every fork has a copy to write */
    check_namespaces(&doctor);
    check_sockets(&doctor);
    check_sandbox(&doctor);
    begin_peers(&doctor);
    for (size_t i = 0; i < PEERS; i++) {
        fflush(stdout);
        put_peer(&doctor, &peers[i]);
    }
    end(&doctor);
    return output_finish(stdout, doctor.is_fit ? CLI_OK : CLI_ENVIRONMENT);
}

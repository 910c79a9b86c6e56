/* The new files live on a tmpfs that is mounted, filled, bound from, and taken away again: what is
 * bound from it stays. */
#include "live/mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_OCTETS_MAX 16384
#define PATH_OCTETS_MAX 128

/* Where the tmpfs is mounted for a moment: the first of these that exists. */
static const char *const workshops[] = {"/tmp", "/mnt", "/var", NULL};

/* What a daemon's own directory covers for it: a place where neither it nor its libraries lie. */
static const char *const hideouts[] = {"/run", "/mnt", "/tmp", NULL};

/* Pathname sockets cross network namespaces, and behind these sits somebody who resolves names. */
static const char *const sockets[] = {
    "/run/nscd/socket",
    "/var/run/nscd/socket",
    "/run/systemd/resolve/io.systemd.Resolve",
    "/run/systemd/resolve/io.systemd.Resolve.Monitor",
    "/run/dbus/system_bus_socket",
    "/var/run/dbus/system_bus_socket",
    "/run/avahi-daemon/socket",
    "/var/lib/sss/pipes/nss",
    NULL,
};

static bool refused(struct diag *reterr, const char *what)
{
    return diag_set(reterr, (struct place){0}, "%s: %s", what, strerror(errno));
}

/* --- what the files say --- */

static void write_resolv(struct text *text, const struct address *resolver)
{
    text_put(text, "# The simulated internet's resolver.\nnameserver ");
    address_put(text, resolver);
    text_put(text, "\n");
}

static void write_hosts(struct text *text)
{
    char name[65] = "";
    text_put(text, "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n");
    if (gethostname(name, sizeof name - 1) == 0 && name[0] != '\0') {
        text_put_format(text, "127.0.1.1\t%s\n", name);
    }
}

static size_t read_file(const char *path, char *buffer, size_t capacity)
{
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    size_t size = 0;
    ssize_t got = 0;
    while (file >= 0 && size < capacity && (got = read(file, buffer + size, capacity - size)) > 0) {
        size += (size_t)got;
    }
    if (file >= 0) {
        close(file);
    }
    return size;
}

static bool is_about_hosts(const char *line)
{
    line += strspn(line, " \t");
    return strncmp(line, "hosts:", 6) == 0 || strncmp(line, "networks:", 9) == 0;
}

/* All other databases stay as they are, or CMD would not know its users. */
static void write_nsswitch(struct text *text)
{
    char old[FILE_OCTETS_MAX];
    const size_t size = read_file("/etc/nsswitch.conf", old, sizeof old - 1);
    old[size] = '\0';
    for (char *line = old; *line != '\0';) {
        const size_t length = strcspn(line, "\n");
        if (!is_about_hosts(line)) {
            text_put_bytes(text, bytes_of(line, length));
            text_put(text, "\n");
        }
        line += length + (line[length] == '\n');
    }
    text_put(text, "hosts: files dns\nnetworks: files\n");
}

/* --- putting them in place --- */

static bool write_file(const char *path, const struct text *text)
{
    const int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    const bool fine = file >= 0 && fchmod(file, 0644) == 0 &&
                      write(file, text->data, text->size) == (ssize_t)text->size;
    if (file >= 0) {
        close(file);
    }
    return fine;
}

/* What is not there, or cannot be reached, need not be hidden. */
static bool bind_over(const char *file, const char *target, struct diag *reterr)
{
    if (mount(file, target, NULL, MS_BIND, NULL) == 0 || errno == ENOENT || errno == ENOTDIR ||
        errno == EACCES) {
        return true;
    }
    return refused(reterr, target);
}

static bool replace(const char *workshop, const char *target, const struct text *text,
                    struct diag *reterr)
{
    char path[PATH_OCTETS_MAX];
    snprintf(path, sizeof path, "%s/file", workshop);
    unlink(path); /* what was bound from it stays */
    return (write_file(path, text) || refused(reterr, path)) && bind_over(path, target, reterr);
}

static bool replace_all(const char *workshop, const struct address *resolver, struct diag *reterr)
{
    char buffer[FILE_OCTETS_MAX + 256];
    struct text text = text_in(buffer, sizeof buffer);
    write_resolv(&text, resolver);
    if (!replace(workshop, "/etc/resolv.conf", &text, reterr)) {
        return false;
    }
    text = text_in(buffer, sizeof buffer);
    write_nsswitch(&text);
    if (!replace(workshop, "/etc/nsswitch.conf", &text, reterr)) {
        return false;
    }
    text = text_in(buffer, sizeof buffer);
    write_hosts(&text);
    return replace(workshop, "/etc/hosts", &text, reterr);
}

static bool mask_sockets(const char *workshop, struct diag *reterr)
{
    char path[PATH_OCTETS_MAX], session[PATH_OCTETS_MAX];
    const struct text nothing = {.data = path};
    snprintf(path, sizeof path, "%s/mask", workshop);
    if (!write_file(path, &nothing)) {
        return refused(reterr, path);
    }
    for (size_t i = 0; sockets[i] != NULL; i++) {
        if (!bind_over(path, sockets[i], reterr)) {
            return false;
        }
    }
    snprintf(session, sizeof session, "/run/user/%u/bus", (unsigned)getuid());
    return bind_over(path, session, reterr);
}

static const char *first_there(const char *const *places)
{
    while (*places != NULL && access(*places, X_OK) != 0) {
        places++;
    }
    return *places;
}

bool mounts_replace(const struct address *resolver, struct diag *reterr)
{
    const char *workshop = first_there(workshops);
    if (workshop == NULL) {
        return diag_set(reterr, (struct place){0}, "there is no /tmp");
    }
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0) {
        return refused(reterr, "the mounts cannot be made private");
    }
    if (mount("tmpfs", workshop, "tmpfs", MS_NOSUID | MS_NODEV, "size=1m,mode=0755") != 0) {
        return refused(reterr, workshop);
    }
    const bool fine = replace_all(workshop, resolver, reterr) && mask_sockets(workshop, reterr);
    if (umount2(workshop, MNT_DETACH) != 0) {
        return refused(reterr, workshop);
    }
    return fine;
}

bool mounts_own_directory(unsigned megabytes, struct diag *reterr)
{
    const char *place = first_there(hideouts);
    char options[64];
    snprintf(options, sizeof options, "size=%um,mode=0755", megabytes);
    if (place == NULL) {
        return diag_set(reterr, (struct place){0}, "there is no /run");
    }
    return (mount("tmpfs", place, "tmpfs", MS_NOSUID | MS_NODEV, options) == 0 &&
            chdir(place) == 0) ||
           refused(reterr, place);
}

void mounts_fresh_proc(void)
{
    const int error = mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
    (void)error; /* a container that hides parts of /proc does not allow it */
}

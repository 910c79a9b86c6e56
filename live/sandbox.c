/* See the header. */
#include "live/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "live/seccomp_filter.h"

/* --- Landlock: the kernel's own headers may be older than the kernel (linux/landlock.h) --- */

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444 /* the same on all architectures */
#define SYS_landlock_add_rule       445
#define SYS_landlock_restrict_self  446
#endif

struct ruleset_attributes {
    uint64_t files;   /* what may be done to them only where a rule says so */
    uint64_t network; /* since ABI 4; not ours to restrict: servers listen and connect */
    uint64_t scopes;  /* since ABI 6: what may not reach out of the sandbox */
};

struct __attribute__((packed)) path_rule {
    uint64_t allowed;
    int32_t directory;
};

#define DIRECTORY_OCTETS_MAX 256

enum {
    ASK_VERSION = 1,    /* of the ABI, instead of a ruleset */
    PATH_BENEATH = 1,   /* the kind of rule */
    FILE_RIGHTS_1 = 13, /* rights of ABI 1, bits from 0 on: execute … make a symbolic link */
    FILE_REFER = 13,    /* ABI 2: link and rename between directories */
    FILE_TRUNCATE = 14, /* ABI 3 */
    FILE_IOCTL = 15,    /* ABI 5 */
    FILE_REMOVE = 5,    /* of those of ABI 1 */
    SCOPE_ABSTRACT = 0, /* ABI 6: abstract Unix sockets of others */
    SCOPE_SIGNALS = 1,  /* likewise */
    ABI_TRUNCATE = 3,
    ABI_IOCTL = 5,
    ABI_SCOPES = 6,
};

#define BIT(number) (UINT64_C(1) << (number))

static long landlock_abi(void)
{
    return syscall(SYS_landlock_create_ruleset, NULL, 0, ASK_VERSION);
}

/* All that this kernel knows to forbid. */
static struct ruleset_attributes all_of(long abi)
{
    struct ruleset_attributes all = {.files = BIT(FILE_RIGHTS_1) - 1};
    all.files |= abi > 1 ? BIT(FILE_REFER) : 0;
    all.files |= abi >= ABI_TRUNCATE ? BIT(FILE_TRUNCATE) : 0;
    all.files |= abi >= ABI_IOCTL ? BIT(FILE_IOCTL) : 0;
    all.scopes = abi >= ABI_SCOPES ? BIT(SCOPE_ABSTRACT) | BIT(SCOPE_SIGNALS) : 0;
    return all;
}

static bool allow(int ruleset, const char *path, uint64_t rights)
{
    struct path_rule rule = {.allowed = rights, .directory = open(path, O_PATH | O_CLOEXEC)};
    const bool fine =
        rule.directory >= 0 && syscall(SYS_landlock_add_rule, ruleset, PATH_BENEATH, &rule, 0) == 0;
    const int error = errno;
    if (rule.directory >= 0) {
        close(rule.directory);
    }
    errno = error;
    return fine;
}

/* Allows to remove files beside `path`. */
static bool allow_removal(int ruleset, const char *path)
{
    char directory[DIRECTORY_OCTETS_MAX];
    const char *slash = strrchr(path, '/');
    const size_t size = slash == NULL ? 0 : slash == path ? 1 : (size_t)(slash - path);
    if (size >= sizeof directory) {
        errno = ENAMETOOLONG;
        return false;
    }
    memcpy(directory, path, size);
    directory[size] = '\0';
    return allow(ruleset, size > 0 ? directory : ".", BIT(FILE_REMOVE));
}

static bool restrict_files(const char *removable)
{
    const struct ruleset_attributes all = all_of(landlock_abi());
    const int ruleset = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
    if (ruleset < 0) {
        return false;
    }
    const bool fine = (removable == NULL || allow_removal(ruleset, removable)) &&
                      syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
    const int error = errno;
    close(ruleset);
    errno = error;
    return fine;
}

/* --- both --- */

static bool say(struct diag *ret, const char *what)
{
    return diag_set(ret, (struct place){0}, "%s: %s", what, strerror(errno));
}

const char *sandbox_part_name(enum sandbox_part part)
{
    return part == SANDBOX_LANDLOCK ? "landlock" : "seccomp";
}

bool sandbox_try(enum sandbox_part part, struct diag *reterr)
{
    if (part == SANDBOX_LANDLOCK) {
        return landlock_abi() > 0 || say(reterr, "the kernel has no Landlock");
    }
    return seccomp_filter_is_there() || say(reterr, "the kernel takes no filter of system calls");
}

static bool enter(enum sandbox_part part, const struct sandbox *sandbox, const char *removable,
                  struct diag *reterr)
{
    if (!sandbox_try(part, reterr)) {
        return false;
    }
    if (part == SANDBOX_LANDLOCK) {
        return restrict_files(removable) || say(reterr, "Landlock fails");
    }
    return seccomp_filter_install(sandbox->has[SANDBOX_LANDLOCK]) ||
           say(reterr, "the filter of system calls fails");
}

void sandbox_enter(const char *removable, struct sandbox *ret)
{
    *ret = (struct sandbox){0};
    for (unsigned part = 0; part < SANDBOX_PARTS; part++) {
#ifdef FAULTZONE_INSTRUMENTED
        (void)enter, (void)removable;
        diag_set(&ret->why[part], (struct place){0}, "sanitizers need what it forbids");
#else
        ret->has[part] = enter((enum sandbox_part)part, ret, removable, &ret->why[part]);
#endif
    }
}

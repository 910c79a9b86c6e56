/* See the header. */
#include "live/privileges.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define USER_DEFAULT "nobody"

/* In this order: without root's rights the groups cannot be changed any more. */
static bool become(const struct passwd *user)
{
    return setgroups(1, &user->pw_gid) == 0 &&
           setresgid(user->pw_gid, user->pw_gid, user->pw_gid) == 0 &&
           setresuid(user->pw_uid, user->pw_uid, user->pw_uid) == 0;
}

bool privileges_know(const char *user)
{
    return getpwnam(user) != NULL;
}

static bool change_user(const char *said, struct diag *reterr)
{
    const char *name = said != NULL ? said : USER_DEFAULT;
    errno = 0;
    const struct passwd *user = getpwnam(name);
    if (user == NULL) {
        diag_set(reterr, (struct place){0}, "there is no user \"%s\" to become", name);
        diag_hint(reterr, "%s", said == NULL ? "name one with --user" : "");
        return false;
    }
    if (become(user) || (said == NULL && errno == EINVAL)) { /* the id is not mapped here */
        return true;
    }
    diag_set(reterr, (struct place){0}, "cannot become the user \"%s\": %s", name, strerror(errno));
    diag_hint(reterr, "--user root stays what it is");
    return false;
}

bool privileges_drop(const char *user, struct diag *reterr)
{
    const struct rlimit none = {0};
    if (geteuid() == 0 && !change_user(user, reterr)) {
        return false;
    }
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || setrlimit(RLIMIT_CORE, &none) != 0) {
        return diag_set(reterr, (struct place){0}, "privileges cannot be given up: %s",
                        strerror(errno));
    }
    return true;
}

/* Waits until nobody has the lifeline's other end. */
_Noreturn static void take_care(int lifeline, const char *path)
{
    char octet;
    setsid(); /* what the terminal sends is not for us */
    signal(SIGINT, SIG_IGN);
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    ssize_t got;
    do {
        got = read(lifeline, &octet, 1);
    } while (got < 0 && errno == EINTR);
    unlink(path);
    _exit(0);
}

struct caretaker caretaker_start(const char *path)
{
    struct caretaker none = {.lifeline = -1};
    int ends[2];
    if (path == NULL || geteuid() != 0 || pipe(ends) != 0) {
        return none;
    }
    const pid_t pid = fork();
    if (pid == 0) {
        dup2(ends[0], STDIN_FILENO);
        close_range(STDOUT_FILENO, ~0U, 0); /* sockets and streams must not stay open with us */
        take_care(STDIN_FILENO, path);
    }
    close(ends[0]);
    if (pid < 0) {
        close(ends[1]);
        return none;
    }
    return (struct caretaker){.lifeline = ends[1], .pid = pid};
}

void caretaker_end(const struct caretaker *caretaker)
{
    if (caretaker->lifeline >= 0) {
        close(caretaker->lifeline);
        waitpid((pid_t)caretaker->pid, NULL, 0);
    }
}

/* faultzone: arguments in, exit code out. */
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/help.h"
#include "cli/output.h"

static enum cli_exit dispatch(const struct cli *cli)
{
    if (cli_value(cli, OPTION_VERSION) != NULL) {
        puts("faultzone " FAULTZONE_VERSION);
        return output_finish(stdout, CLI_OK);
    }
    if (cli_value(cli, OPTION_HELP) != NULL) {
        if (cli->command != NULL) {
            help_put_command(stdout, cli->command);
        } else {
            help_put_program(stdout);
        }
        return output_finish(stdout, CLI_OK);
    }
    if (cli->command == NULL) {
        help_put_program(stderr);
        return CLI_USAGE;
    }
    return cli->command->run(cli);
}

/* An arena's chunk goes back to the system when it is freed, instead of staying with the thread
 * that happened to take it: many scenarios then need little more memory than one. */
static void tame_allocator(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 64 * 1024);
    mallopt(M_ARENA_MAX, 1);
#endif
}

/* A standard stream that is closed would be the next file that is opened: a report, a socket. What
 * stands in for it fails as a closed one does, when it is read or written. */
static void occupy_standard_streams(void)
{
    for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++) {
        if (fcntl(descriptor, F_GETFD) == -1 && errno == EBADF) {
            /* the lowest that is free is this one */
            (void)open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
        }
    }
}

int main(int argc, char *argv[])
{
    struct cli cli;
    occupy_standard_streams();
    tame_allocator();
    signal(SIGPIPE, SIG_IGN); /* a reader that goes away is seen as a failed write */
    if (!cli_parse(argc, argv, &cli)) {
        fputs("\"faultzone help\" tells how it is used\n", stderr);
        return cli.command != NULL && cli.command->own_words > 0 ? CLI_TROUBLE : CLI_USAGE;
    }
    return (int)dispatch(&cli);
}

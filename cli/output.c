#include "cli/output.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/diags.h"

#define LINE_OCTETS_MAX      1024
#define COMPLAINT_OCTETS_MAX 4096

void complain(const char *format, ...)
{
    char raw[LINE_OCTETS_MAX], buffer[4 * LINE_OCTETS_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(raw, sizeof raw, format, arguments);
    va_end(arguments);
    struct text line = text_in(buffer, sizeof buffer);
    for (const char *at = raw; *at != '\0'; at++) {
        if (*at == '"') {
            text_put_char(&line, '"');
        } else {
            text_put_escaped(&line, bytes_of(at, 1));
        }
    }
    fprintf(stderr, "faultzone: %s\n", buffer);
}

void complain_of_diags(const struct diags *diags, const char *severity)
{
    char buffer[COMPLAINT_OCTETS_MAX];
    for (size_t i = 0; i < diags->count; i++) {
        struct text text = text_in(buffer, sizeof buffer);
        diag_put(&text, &diags->items[i], severity, diags->source);
        fputs(buffer, stderr);
    }
}

void complain_of_unit(const struct unit *unit, const char *severity)
{
    complain_of_diags(&unit->diags, severity);
    if (unit->diags.dropped > 0) {
        fprintf(stderr, "%s: and %zu more\n", unit->path, unit->diags.dropped);
    }
}

bool output_has_colour(const struct cli *cli, FILE *file)
{
    const char *when = cli_value(cli, OPTION_COLOR);
    if (when != NULL && strcmp(when, "auto") != 0) {
        return strcmp(when, "always") == 0;
    }
    const char *refused = getenv("NO_COLOR");
    const char *terminal = getenv("TERM");
    return (refused == NULL || refused[0] == '\0') && isatty(fileno(file)) != 0 &&
           (terminal == NULL || strcmp(terminal, "dumb") != 0);
}

enum cli_exit output_finish(FILE *file, enum cli_exit otherwise)
{
    errno = 0;
    if (fflush(file) == 0 && ferror(file) == 0) {
        return otherwise;
    }
    if (errno != EPIPE) {
        complain("cannot write the results: %s", errno != 0 ? strerror(errno) : "output failed");
    }
    return CLI_ENVIRONMENT;
}

bool output_open_log(const struct cli *cli, FILE **ret)
{
    const char *log = cli_value(cli, OPTION_LOG);
    *ret = NULL;
    if (log == NULL) {
        return true;
    }
    if (strncmp(log, "jsonl", 5) != 0 || (log[5] != '\0' && (log[5] != ':' || log[6] == '\0'))) {
        complain("--log wants jsonl or jsonl:FILE, not \"%s\"", log);
        return false;
    }
    const bool to_file = log[5] == ':' && strcmp(log + 6, "-") != 0;
    *ret = to_file ? fopen(log + 6, "we") : stderr;
    if (*ret == NULL) {
        complain("%s cannot be written", log + 6);
    }
    return *ret != NULL;
}

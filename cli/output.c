#include "cli/output.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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

bool output_open(const char *path, struct output *ret)
{
    const bool is_standard = path == NULL || strcmp(path, "-") == 0;
    *ret = (struct output){.file = is_standard ? stdout : fopen(path, "we"),
                           .path = is_standard ? NULL : path};
    if (ret->file == NULL) {
        complain("%s: %s", path, strerror(errno));
    }
    return ret->file != NULL;
}

static bool is_same(const struct output *one, const struct output *other)
{
    struct stat a, b;
    if (one->file == other->file) {
        return true;
    }
    return fstat(fileno(one->file), &a) == 0 && fstat(fileno(other->file), &b) == 0 &&
           !S_ISCHR(a.st_mode) && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

bool output_collides(const struct output *outputs, size_t count)
{
    const struct output *last = &outputs[count - 1];
    for (size_t i = 0; i + 1 < count; i++) {
        if (is_same(&outputs[i], last)) {
            complain("two reports cannot both go to %s", last->path != NULL ? last->path
                                                         : outputs[i].path != NULL
                                                             ? outputs[i].path
                                                             : "standard output");
            return true;
        }
    }
    return false;
}

void output_drop(const struct output *outputs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (outputs[i].path != NULL) {
            fclose(outputs[i].file);
        }
    }
}

bool output_note(struct output *output)
{
    if (ferror(output->file) != 0 && output->error <= 0) {
        output->error = errno > 0 ? errno : -1;
    }
    return output->error == 0;
}

enum cli_exit output_close(struct output *output, enum cli_exit otherwise)
{
    errno = 0;
    if (fflush(output->file) != 0 && output->error <= 0) {
        output->error = errno;
    }
    output_note(output);
    if (output->path != NULL && fclose(output->file) != 0 && output->error == 0) {
        output->error = errno;
    }
    const char *reason = output->error > 0 ? strerror(output->error) : "output failed";
    if (output->error == 0) {
        return otherwise;
    }
    if (output->path != NULL) {
        complain("%s: cannot be written: %s", output->path, reason);
    } else if (output->error != EPIPE) {
        complain("cannot write the results: %s", reason);
    }
    return CLI_ENVIRONMENT;
}

enum cli_exit output_finish(FILE *file, enum cli_exit otherwise)
{
    struct output output = {.file = file};
    return output_close(&output, otherwise);
}

bool output_open_log(const struct cli *cli, struct output *ret)
{
    const char *log = cli_value(cli, OPTION_LOG);
    *ret = (struct output){0};
    if (log == NULL) {
        return true;
    }
    if (strncmp(log, "jsonl", 5) != 0 || (log[5] != '\0' && (log[5] != ':' || log[6] == '\0'))) {
        complain("--log wants jsonl or jsonl:FILE, not \"%s\"", log);
        return false;
    }
    if (log[5] == ':' && strcmp(log + 6, "-") != 0) {
        return output_open(log + 6, ret);
    }
    ret->file = stderr;
    return true;
}

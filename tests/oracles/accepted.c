/* What the parser takes strictly, for other parsers to look at: from the tests' own rows, from
 * lists of names and messages, and from files of one message each (fuzz/corpus). A line each:
 * octets in hexadecimal digits, what it is, its name. First the message itself ("message"); then,
 * so that it can be told what another parser minds in it, each of its records alone behind the same
 * header and question ("A", "A in another class"). */
#include <stdio.h>
#include <string.h>

#include "tests/wire/hex.h"
#include "tests/wire/message_rows.h"
#include "wire/builder.h"
#include "wire/rrtype.h"
#include "wire/text.h"

#define LINE_OCTETS_MAX (2 * MESSAGE_OCTETS_MAX + 256)
#define WORDS_MAX       64

static void tell(struct bytes octets, const char *what, const char *name)
{
    for (size_t i = 0; i < octets.size; i++) {
        printf("%02x", octets.data[i]);
    }
    printf("\t%s\t%s\n", what, name);
}

/* A message with the one record; empty if it cannot be. */
static struct bytes alone(const struct message *message, enum section section,
                          const struct record *record)
{
    static uint8_t buffer[MESSAGE_OCTETS_MAX];
    static struct builder builder;
    struct message again;
    struct name name;
    builder_start(&builder, buffer, sizeof buffer, message->id, message->flags);
    if (message->counts[SECTION_QUESTION] > 0) {
        name_expand(message->question.name, &name);
        builder_question(&builder, &name, message->question.type, message->question.rrclass);
    }
    builder.section = section;
    builder_copy_record(&builder, record);
    const struct bytes octets = bytes_of(buffer, builder_finish(&builder));
    const bool fine = message_parse(octets, MESSAGE_STRICT, &again, NULL);
    return bytes_of(buffer, fine ? octets.size : 0);
}

static void tell_records(const struct message *message, const char *name)
{
    char buffer[WORDS_MAX];
    struct record record;
    for (int section = SECTION_ANSWER; section < SECTIONS; section++) {
        struct record_walk walk = record_walk_start(message, (enum section)section);
        while (record_next(&walk, &record)) {
            struct text what = text_in(buffer, sizeof buffer);
            rrtype_put(&what, record.type);
            if (record.type != RRTYPE_OPT && record.rrclass != message->question.rrclass) {
                text_put(&what, " in another class");
            }
            if (message->opcode != OPCODE_QUERY) {
                text_put_format(&what, ", opcode %u", message->opcode);
            }
            const struct bytes octets = alone(message, (enum section)section, &record);
            if (octets.size > 0) {
                tell(octets, buffer, name);
            }
        }
    }
}

static void tell_if_accepted(struct bytes octets, const char *name)
{
    struct message message;
    if (message_parse(octets, MESSAGE_STRICT, &message, NULL)) {
        tell(octets, "message", name);
        tell_records(&message, name);
    }
}

static void tell_rows(void)
{
    for (size_t i = 0; i < sizeof message_rows / sizeof message_rows[0]; i++) {
        tell_if_accepted(octets_of_hex(message_rows[i].hex), message_rows[i].name);
    }
}

/* A list's lines are "NAME HEX". */
static bool tell_list(const char *path)
{
    static char line[LINE_OCTETS_MAX];
    static uint8_t octets[MESSAGE_OCTETS_MAX];
    FILE *file = fopen(path, "r");
    bool fine = file != NULL;
    while (fine && fgets(line, sizeof line, file) != NULL) {
        char *hex = strchr(line, ' ');
        unsigned octet;
        size_t size = 0;
        fine = hex != NULL;
        if (fine) {
            *hex++ = '\0';
            for (; size < sizeof octets && sscanf(hex, "%2x", &octet) == 1; hex += 2) {
                octets[size++] = (uint8_t)octet;
            }
            tell_if_accepted(bytes_of(octets, size), line);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    if (!fine) {
        fprintf(stderr, "%s is no list of names and messages\n", path);
    }
    return fine;
}

static bool tell_file(const char *path)
{
    static uint8_t octets[MESSAGE_OCTETS_MAX];
    const char *slash = strrchr(path, '/');
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return false;
    }
    const size_t size = fread(octets, 1, sizeof octets, file);
    fclose(file);
    tell_if_accepted(bytes_of(octets, size), slash != NULL ? slash + 1 : path);
    return true;
}

static bool is_list(const char *path)
{
    const size_t size = strlen(path);
    return size > 4 && strcmp(path + size - 4, ".hex") == 0;
}

int main(int argc, char **argv)
{
    bool fine = true;
    tell_rows();
    for (int i = 1; i < argc; i++) {
        fine = (is_list(argv[i]) ? tell_list(argv[i]) : tell_file(argv[i])) && fine;
    }
    return fine ? 0 : 1;
}

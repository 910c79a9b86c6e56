/* A whole message in dig's layout. */
#include "wire/text.h"

#include "wire/rdata.h"
#include "wire/rrtype.h"

static const struct {
    uint16_t bit;
    const char *word;
} flag_words[] = {
    {MESSAGE_QR, " qr"}, {MESSAGE_AA, " aa"}, {MESSAGE_TC, " tc"}, {MESSAGE_RD, " rd"},
    {MESSAGE_RA, " ra"}, {MESSAGE_AD, " ad"}, {MESSAGE_CD, " cd"},
};

static void put_flags(struct text *text, uint16_t flags)
{
    text_put(text, ";; flags:");
    for (size_t i = 0; i < sizeof flag_words / sizeof flag_words[0]; i++) {
        if ((flags & flag_words[i].bit) != 0) {
            text_put(text, flag_words[i].word);
        }
    }
    if ((flags & MESSAGE_Z) != 0) {
        text_put(text, "; MBZ: 0x4");
    }
}

static void put_count(struct text *text, const char *word, uint16_t count)
{
    text_put(text, word);
    text_put_number(text, count);
}

void message_header_put(struct text *text, const struct message *message)
{
    const bool is_update = message->opcode == OPCODE_UPDATE;
    text_put(text, ";; ->>HEADER<<- opcode: ");
    opcode_put(text, message->opcode);
    text_put(text, ", status: ");
    rcode_put(text, message->rcode);
    put_count(text, ", id: ", message->id);
    text_put_char(text, '\n');
    put_flags(text, message->flags);
    put_count(text, is_update ? "; ZONE: " : "; QUERY: ", message->counts[SECTION_QUESTION]);
    put_count(text, is_update ? ", PREREQ: " : ", ANSWER: ", message->counts[SECTION_ANSWER]);
    put_count(text, is_update ? ", UPDATE: " : ", AUTHORITY: ", message->counts[SECTION_AUTHORITY]);
    put_count(text, ", ADDITIONAL: ", message->counts[SECTION_ADDITIONAL]);
    text_put_char(text, '\n');
}

static void put_option(struct text *text, const struct edns_option *option)
{
    struct extended_error error;
    struct bytes whole = option->data;
    if (option->code == EDNS_OPTION_EXTENDED_ERROR && whole.size >= 2) {
        error.code = (uint16_t)(whole.data[0] << 8 | whole.data[1]);
        error.extra = bytes_after(whole, 2);
        text_put(text, "; EDE: ");
        extended_error_put(text, &error);
    } else {
        text_put(text, option->code == EDNS_OPTION_COOKIE ? "; COOKIE: " : "; OPT=");
        if (option->code != EDNS_OPTION_COOKIE) {
            text_put_number(text, option->code);
            text_put(text, ": ");
        }
        text_put_hex(text, whole);
    }
    text_put_char(text, '\n');
}

static void put_edns(struct text *text, const struct edns *edns)
{
    struct edns_option option;
    struct bytes rest = edns->options;
    text_put(text, "\n;; OPT PSEUDOSECTION:\n; EDNS: version: ");
    text_put_number(text, edns->version);
    text_put(text, edns->dnssec_ok ? ", flags: do; udp: " : ", flags:; udp: ");
    text_put_number(text, edns->udp_size);
    text_put_char(text, '\n');
    while (edns_option_next(&rest, &option)) {
        put_option(text, &option);
    }
}

static void put_question(struct text *text, const struct question *question, const char *separator)
{
    name_ref_put(text, question->name);
    text_put(text, separator);
    rrclass_put(text, question->rrclass);
    text_put(text, separator);
    rrtype_put(text, question->type);
}

void message_question_put(struct text *text, const struct message *message)
{
    if (message->counts[SECTION_QUESTION] == 0) {
        text_put_char(text, '-');
        return;
    }
    put_question(text, &message->question, " ");
}

/* True for the OPT that is shown by itself, above the sections. */
static bool is_shown_above(const struct message *message, const struct record *record)
{
    return message->edns.present && record->rdata.data == message->edns.options.data &&
           !record->unsound;
}

static void put_section(struct text *text, const struct message *message, enum section section,
                        const char *title)
{
    struct record_walk walk = record_walk_start(message, section);
    struct record record;
    bool titled = false;
    while (record_next(&walk, &record)) {
        if (is_shown_above(message, &record)) {
            continue;
        }
        text_put(text, titled ? "" : title);
        titled = true;
        record_put(text, &record);
        text_put(text, record.unsound ? "\t; malformed\n" : "\n");
    }
}

void message_put(struct text *text, const struct message *message)
{
    message_header_put(text, message);
    if (message->forgiven != 0) {
        text_put(text, ";; WARNING: malformed: ");
        message_forgiven_put(text, message->forgiven);
        text_put_char(text, '\n');
    }
    if (message->edns.present) {
        put_edns(text, &message->edns);
    }
    if (message->counts[SECTION_QUESTION] > 0) {
        text_put(text, "\n;; QUESTION SECTION:\n;");
        put_question(text, &message->question, "\t");
        text_put_char(text, '\n');
    }
    put_section(text, message, SECTION_ANSWER, "\n;; ANSWER SECTION:\n");
    put_section(text, message, SECTION_AUTHORITY, "\n;; AUTHORITY SECTION:\n");
    put_section(text, message, SECTION_ADDITIONAL, "\n;; ADDITIONAL SECTION:\n");
}

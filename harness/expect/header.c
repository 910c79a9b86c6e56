/* What the client was told, records aside: whether there is an answer, its code, its flags and its
 * extended errors. */
#include <string.h>

#include "harness/expect/rows.h"

#define EDE_CODES_MAX 256 /* codes looked at for a word; IANA has given out 30 */

const char *const expect_rcodes[] = {
    "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP",  "REFUSED",   "YXDOMAIN",
    "YXRRSET", "NXRRSET", "NOTAUTH",  "NOTZONE",  "BADVERS", "BADCOOKIE", NULL,
};

/* In the order of the words. */
static const uint16_t rcodes[] = {
    RCODE_NOERROR, RCODE_FORMERR,  RCODE_SERVFAIL,  RCODE_NXDOMAIN, RCODE_NOTIMP,
    RCODE_REFUSED, RCODE_YXDOMAIN, RCODE_YXRRSET,   RCODE_NXRRSET,  RCODE_NOTAUTH,
    RCODE_NOTZONE, RCODE_BADVERS,  RCODE_BADCOOKIE,
};
_Static_assert(sizeof expect_rcodes / sizeof *expect_rcodes == sizeof rcodes / sizeof *rcodes + 1,
               "one number a word");

bool read_rcode(const struct step_outcome *outcome, uint64_t *ret)
{
    const struct message *reply = reply_of(outcome);
    for (size_t i = 0; reply != NULL && expect_rcodes[i] != NULL; i++) {
        if (rcodes[i] == reply->rcode) {
            *ret = i;
            return true;
        }
    }
    return false;
}

void show_rcode(const struct step_outcome *outcome, struct text *seen)
{
    if (!show_absence(outcome, seen)) {
        rcode_put(seen, reply_of(outcome)->rcode);
    }
}

bool read_timeout(const struct step_outcome *outcome, uint64_t *ret)
{
    *ret = outcome->answer.state == CLIENT_TIMED_OUT;
    return true;
}

bool read_answered(const struct step_outcome *outcome, uint64_t *ret)
{
    *ret = reply_of(outcome) != NULL;
    return true;
}

bool read_edns_size(const struct step_outcome *outcome, uint64_t *ret)
{
    const struct message *reply = reply_of(outcome);
    if (reply == NULL) {
        return false;
    }
    *ret = reply->edns.present ? reply->edns.udp_size : 0;
    return true;
}

/* --- flags --- */

static const struct flag_word {
    const char *word;
    uint16_t bit;
} flag_words[] = {
    {"qr", MESSAGE_QR}, {"aa", MESSAGE_AA}, {"tc", MESSAGE_TC}, {"rd", MESSAGE_RD},
    {"ra", MESSAGE_RA}, {"ad", MESSAGE_AD}, {"cd", MESSAGE_CD},
};
#define FLAG_WORDS (sizeof flag_words / sizeof *flag_words)

static uint16_t flag_bit(struct bytes word)
{
    for (size_t i = 0; i < FLAG_WORDS; i++) {
        if (reads_alike(word, bytes_of_string(flag_words[i].word))) {
            return flag_words[i].bit;
        }
    }
    return 0;
}

const char *refuse_flag(struct bytes text, struct spelling *spelling)
{
    for (size_t i = 0; i < FLAG_WORDS; i++) {
        spelling_offer(spelling, flag_words[i].word);
    }
    return flag_bit(text) != 0 ? NULL : "is no flag of a DNS header";
}

bool check_flags(const struct step_outcome *outcome, const struct param *wanted)
{
    const struct message *reply = reply_of(outcome);
    for (size_t i = 0; reply != NULL && i < wanted->count; i++) {
        if ((reply->flags & flag_bit(wanted->texts[i])) == 0) {
            return false;
        }
    }
    return reply != NULL;
}

void show_flags(const struct step_outcome *outcome, struct text *seen)
{
    if (show_absence(outcome, seen)) {
        return;
    }
    const char *separator = "";
    for (size_t i = 0; i < FLAG_WORDS; i++) {
        if ((reply_of(outcome)->flags & flag_words[i].bit) != 0) {
            text_put(seen, separator);
            text_put(seen, flag_words[i].word);
            separator = " ";
        }
    }
}

/* --- extended errors --- */

static uint8_t plain(uint8_t octet)
{
    if (octet >= 'A' && octet <= 'Z') {
        return (uint8_t)(octet | 0x20);
    }
    return octet == ' ' || octet == '_' ? '-' : octet;
}

/* True for the code's number and its name: "22", "No Reachable Authority",
 * "no-reachable-authority". */
static bool names_code(struct bytes wish, uint16_t code)
{
    char number[8];
    struct text digits = text_in(number, sizeof number);
    text_put_number(&digits, code);
    if (bytes_are(wish, number)) {
        return true;
    }
    const char *name = extended_error_name(code);
    if (name == NULL || strlen(name) != wish.size) {
        return false;
    }
    for (size_t i = 0; i < wish.size; i++) {
        if (plain(wish.data[i]) != plain((uint8_t)name[i])) {
            return false;
        }
    }
    return true;
}

const char *refuse_ede(struct bytes text, struct spelling *spelling)
{
    for (uint16_t code = 0; code < EDE_CODES_MAX; code++) {
        if (names_code(text, code)) {
            return NULL;
        }
        spelling_offer(spelling, extended_error_name(code));
    }
    return "is no extended error, by number or by name";
}

static struct bytes options_of(const struct step_outcome *outcome)
{
    const struct message *reply = reply_of(outcome);
    return reply != NULL && reply->edns.present ? reply->edns.options : bytes_of(NULL, 0);
}

static bool has_code(const struct step_outcome *outcome, struct bytes wish)
{
    struct bytes rest = options_of(outcome);
    struct extended_error error;
    while (extended_error_next(&rest, &error)) {
        if (names_code(wish, error.code)) {
            return true;
        }
    }
    return false;
}

bool check_ede(const struct step_outcome *outcome, const struct param *wanted)
{
    for (size_t i = 0; i < wanted->count; i++) {
        if (!has_code(outcome, wanted->texts[i])) {
            return false;
        }
    }
    return reply_of(outcome) != NULL;
}

static bool contains(struct bytes text, struct bytes part)
{
    for (; text.size >= part.size; text = bytes_after(text, 1)) {
        if (bytes_equal(bytes_of(text.data, part.size), part)) {
            return true;
        }
        if (text.size == 0) {
            break;
        }
    }
    return false;
}

bool check_ede_text(const struct step_outcome *outcome, const struct param *wanted)
{
    struct bytes rest = options_of(outcome);
    struct extended_error error;
    while (extended_error_next(&rest, &error)) {
        if (contains(error.extra, wanted->texts[0])) {
            return true;
        }
    }
    return false;
}

void show_ede(const struct step_outcome *outcome, struct text *seen)
{
    if (show_absence(outcome, seen)) {
        return;
    }
    struct bytes rest = options_of(outcome);
    struct extended_error error;
    const char *separator = "";
    while (extended_error_next(&rest, &error)) {
        text_put(seen, separator);
        extended_error_put(seen, &error);
        separator = ", ";
    }
    text_put(seen, separator[0] == '\0' ? "no extended error" : "");
}

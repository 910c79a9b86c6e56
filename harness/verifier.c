/* See the header. What the programs print was recorded from Debian 12's packages: opendkim
 * 2.11.0~beta2, python3-dkim 1.1.4 and libmail-dkim-perl 1.20230212. */
#include "harness/verifier.h"

#include <stdio.h>
#include <string.h>

static void keep(struct verifier_reading *ret, enum dkim_word word, const char *said, size_t size)
{
    ret->word = word;
    snprintf(ret->said, sizeof ret->said, "%.*s", (int)size, said);
}

/* --- dkimpy: two sentences, and no word for anything temporary --- */

static bool read_dkimpy(const char *output, struct verifier_reading *ret)
{
    static const struct {
        const char *said;
        enum dkim_word word;
    } sentences[] = {
        {"signature ok", DKIM_PASS},
        {"signature verification failed", DKIM_FAIL},
    };
    for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++) {
        if (strncmp(output, sentences[i].said, strlen(sentences[i].said)) == 0) {
            keep(ret, sentences[i].word, sentences[i].said, strlen(sentences[i].said));
            return true;
        }
    }
    return false;
}

/* --- Mail::DKIM: `result_detail`, "pass" or "invalid (public key: not available)" --- */

/* That "invalid", a word RFC 8601 does not have, means permerror is assumed. */
static bool read_mail_dkim(const char *output, struct verifier_reading *ret)
{
    const size_t size = strcspn(output, "\n");
    const size_t word_size = strcspn(output, " \n");
    const struct bytes text = {.data = (const uint8_t *)output, .size = word_size};
    enum dkim_word word;
    if (word_size == strlen("invalid") && strncmp(output, "invalid", word_size) == 0) {
        word = DKIM_PERMERROR;
    } else if (!dkim_word_parse(text, &word)) {
        return false;
    }
    keep(ret, word, output, size);
    return true;
}

/* --- OpenDKIM: the header it would add, or the refusal of the message for now --- */

static bool read_opendkim_header(const char *output, struct verifier_reading *ret)
{
    static const char tag[] = "\tdkim=";
    const char *at = strstr(output, tag);
    if (at == NULL) {
        return false;
    }
    at += sizeof tag - 1;
    enum dkim_word word;
    const struct bytes text = {.data = (const uint8_t *)at, .size = strcspn(at, " ;\n")};
    if (!dkim_word_parse(text, &word)) {
        return false;
    }
    const char *properties = strstr(at, " header.");
    const size_t line = strcspn(at, "\n");
    keep(ret, word, at,
         properties != NULL && properties < at + line ? (size_t)(properties - at) : line);
    return true;
}

/* Without a key it asks the sender to come back: nothing is decided yet. */
static bool read_opendkim(const char *output, struct verifier_reading *ret)
{
    static const char tag[] = "### SETREPLY: ";
    static const char reply[] = "replytxt='DKIM key retrieval failed'";
    const char *at = strstr(output, tag);
    if (at == NULL) {
        return read_opendkim_header(output, ret);
    }
    at += sizeof tag - 1;
    const size_t size = strcspn(at, "\n");
    const char *found = strstr(at, reply);
    if (found == NULL || found > at + size) {
        return false;
    }
    keep(ret, DKIM_TEMPERROR, at, size);
    return true;
}

/* --- rows --- */

static const char mail_dkim_program[] =
    "eval { require Mail::DKIM::Verifier } or exit 69;"
    "my $verifier = Mail::DKIM::Verifier->new;"
    "while (<STDIN>) { s/\\r?\\n$//; $verifier->PRINT(\"$_\\r\\n\") }"
    "$verifier->CLOSE;"
    "print $verifier->result_detail, \"\\n\";";

const struct verifier verifiers[] = {
    {
        .name = "opendkim",
        .program = "opendkim",
        .package = "opendkim",
        .arguments = {"-x", VERIFIER_CONFIGURATION, "-vvv", "-t", "-"},
        /* Or it resolves by itself, from the real root servers down. */
        .configuration = "Mode v\nNameservers 127.0.0.1\n",
        .read = read_opendkim,
    },
    {
        .name = "dkimpy",
        .program = "dkimverify",
        .package = "python3-dkim",
        .read = read_dkimpy,
    },
    {
        .name = "mail-dkim",
        .program = "perl",
        .package = "libmail-dkim-perl",
        .arguments = {"-e", mail_dkim_program},
        .read = read_mail_dkim,
    },
    {.name = NULL},
};

const struct verifier *verifier_find(const char *name)
{
    for (const struct verifier *row = verifiers; row->name != NULL; row++) {
        if (strcmp(row->name, name) == 0) {
            return row;
        }
    }
    return NULL;
}

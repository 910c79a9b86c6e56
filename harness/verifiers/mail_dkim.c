/* Mail::DKIM 1.2 of Perl. Its "invalid" is no word of RFC 8601; that permerror is meant is assumed,
 * also where it says that the DNS did not answer: it has no word for what is temporary. */
#include "harness/verifiers/rows.h"

static const struct verifier_phrase phrases[] = {
    {"Mail::DKIM: pass", DKIM_PASS},
    {"Mail::DKIM: fail", DKIM_FAIL},
    {"Mail::DKIM: temperror", DKIM_TEMPERROR},
    {"Mail::DKIM: invalid", DKIM_PERMERROR},
    {NULL, DKIM_PERMERROR},
};

static bool read(const char *said, enum dkim_word *ret, const char **ret_line)
{
    return verifier_read(said, "Mail::DKIM: ", phrases, ret, ret_line);
}

const struct verifier verifier_mail_dkim = {
    .name = "mail-dkim",
    .probe = "perl -MMail::DKIM::Verifier -e 1",
    .package = "libmail-dkim-perl",
    .script = "exec perl -MMail::DKIM::Verifier -e '\n"
              "my $verifier = Mail::DKIM::Verifier->new;\n"
              "while (<STDIN>) { s/\\r?\\n$//; $verifier->PRINT(\"$_\\r\\n\") }\n"
              "$verifier->CLOSE;\n"
              "print \"Mail::DKIM: \", $verifier->result_detail, \"\\n\";\n"
              "' <" VERIFIER_MESSAGE " 2>&1\n",
    .read = read,
};

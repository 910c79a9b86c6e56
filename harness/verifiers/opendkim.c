/* OpenDKIM 2.11 in its test mode, which shows the Authentication-Results field that its filter
 * would add; without a key it asks the sender to come again instead. Without Nameservers its
 * libunbound would ask the real root. */
#include "harness/verifiers/rows.h"

static const struct verifier_phrase words[] = {
    {"dkim=pass", DKIM_PASS},
    {"dkim=fail", DKIM_FAIL},
    {"dkim=policy", DKIM_POLICY},
    {"dkim=neutral", DKIM_NEUTRAL},
    {"dkim=temperror", DKIM_TEMPERROR},
    {"dkim=permerror", DKIM_PERMERROR},
    {NULL, DKIM_PERMERROR},
};

static const struct verifier_phrase replies[] = {
    {"replytxt='DKIM key retrieval failed'", DKIM_TEMPERROR},
    {NULL, DKIM_PERMERROR},
};

static bool read(const char *said, enum dkim_word *ret, const char **ret_line)
{
    return verifier_read(said, "\tdkim=", words, ret, ret_line) ||
           verifier_read(said, "### SETREPLY: ", replies, ret, ret_line);
}

const struct verifier verifier_opendkim = {
    .name = "opendkim",
    .program = "opendkim",
    .package = "opendkim",
    .script = "printf '%s\\n' 'Mode v' 'Nameservers 127.0.0.1' 'Syslog no' 'DNSTimeout 5' "
              "'TemporaryDirectory .' >opendkim.conf\n"
              "exec opendkim -x opendkim.conf -vvv -t " VERIFIER_MESSAGE " 2>&1\n",
    .read = read,
};

/* OpenDKIM 2.11 in its test mode. Without Nameservers its libunbound would ask the real root. What
 * it says is the error of libopendkim; the words are those that its filter gives these errors
 * (opendkim/opendkim.c, dkimf_ar_all_sigs): no answer and several records are temperror, a short
 * key is policy. */
#include "harness/verifiers/rows.h"

static const struct verifier_phrase phrases[] = {
    {"succeeded", DKIM_PASS},
    {"bad signature", DKIM_FAIL},
    {"signature verification failed", DKIM_FAIL},
    {"key DNS query failed", DKIM_TEMPERROR},
    {"key DNS reply corrupt", DKIM_TEMPERROR},
    {"multiple DNS replies", DKIM_TEMPERROR},
    {"too small", DKIM_POLICY},
    {"failed: ", DKIM_PERMERROR},
    {NULL, DKIM_PERMERROR},
};

static bool read(const char *said, enum dkim_word *ret, const char **ret_line)
{
    return verifier_read(said, "verification (", phrases, ret, ret_line);
}

const struct verifier verifier_opendkim = {
    .name = "opendkim",
    .program = "opendkim",
    .package = "opendkim",
    .script = "printf '%s\\n' 'Mode v' 'Nameservers 127.0.0.1' 'Syslog no' 'DNSTimeout 5' "
              "'TemporaryDirectory .' >opendkim.conf\n"
              "exec opendkim -x opendkim.conf -t " VERIFIER_MESSAGE " 2>&1\n",
    .read = read,
};

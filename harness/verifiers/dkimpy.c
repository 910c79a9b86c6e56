/* dkimpy 1.1. verify() gives true or false, and raises what cannot be judged; a missing key gives
 * false too, like a wrong signature. That what it raises means permerror is assumed, but for its
 * time-out. */
#include "harness/verifiers/rows.h"

static const struct verifier_phrase phrases[] = {
    {"dkimpy: True", DKIM_PASS},
    {"dkimpy: False", DKIM_FAIL},
    {"dkimpy: DnsTimeoutError", DKIM_TEMPERROR},
    {"dkimpy: KeyFormatError", DKIM_PERMERROR},
    {"dkimpy: ValidationError", DKIM_PERMERROR},
    {"dkimpy: UnknownKeyTypeError", DKIM_PERMERROR},
    {NULL, DKIM_PERMERROR},
};

static bool read(const char *said, enum dkim_word *ret, const char **ret_line)
{
    return verifier_read(said, "dkimpy: ", phrases, ret, ret_line);
}

const struct verifier verifier_dkimpy = {
    .name = "dkimpy",
    .probe = "/usr/bin/python3 -c 'import dkim'",
    .package = "python3-dkim",
    .script = "exec /usr/bin/python3 -c '\n"
              "import dkim\n"
              "try:\n"
              "    print(\"dkimpy:\", dkim.DKIM(open(\"" VERIFIER_MESSAGE
              "\", \"rb\").read()).verify())\n"
              "except Exception as error:\n"
              "    print(\"dkimpy:\", type(error).__name__, error)\n"
              "' 2>&1\n",
    .read = read,
};

/* rspamd 3.4, with its DKIM module alone. A list of suffixes of its own spares it compiling ten
 * thousand of them at every start. */
#include "harness/verifiers/rows.h"

static const struct verifier_phrase phrases[] = {
    {"R_DKIM_ALLOW", DKIM_PASS},
    {"R_DKIM_REJECT", DKIM_FAIL},
    {"R_DKIM_TEMPFAIL", DKIM_TEMPERROR},
    {"R_DKIM_PERMFAIL", DKIM_PERMERROR},
    {NULL, DKIM_PERMERROR},
};

static bool read(const char *said, enum dkim_word *ret, const char **ret_line)
{
    return verifier_read(said, "Symbol: ", phrases, ret, ret_line);
}

const struct verifier verifier_rspamd = {
    .name = "rspamd",
    .program = "rspamd",
    .package = "rspamd",
    .script =
        "printf 'com\\nexample\\n' >suffixes\n"
        "cat >rspamd.conf <<END\n"
        "options { pidfile = \"$PWD/pid\"; filters = \"dkim\"; url_tld = \"$PWD/suffixes\";\n"
        "  disable_hyperscan = true; hs_cache_dir = \"$PWD\"; tempdir = \"$PWD\";\n"
        "  dns { nameserver = [\"127.0.0.1:53:1\"]; timeout = 2s; retransmits = 2; } }\n"
        "logging { type = \"console\"; level = \"error\"; }\n"
        "worker \"normal\" { bind_socket = \"127.0.0.1:11333\"; count = 1; task_timeout = 20s; }\n"
        "dkim { }\n"
        "END\n"
        "rspamd -f -i -c rspamd.conf >log 2>&1 &\n"
        "tries=0\n"
        "while [ $tries -lt 100 ]; do\n"
        "  rspamc -h 127.0.0.1:11333 symbols " VERIFIER_MESSAGE " >said 2>&1\n"
        "  if grep -q '^Action' said; then cat said; exit 0; fi\n"
        "  tries=$((tries + 1))\n"
        "  sleep 0.1\n"
        "done\n"
        "cat said log\n"
        "exit 1\n",
    .read = read,
};

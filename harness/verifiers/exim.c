/* Exim 4.96, told of the message in a session that it only plays (-bh). Its ACL sees a status, and
 * a reason; the words are those that its Authentication-Results field has for them (pdkim.c,
 * authres_dkim): an unavailable key is temporary there, whatever the DNS said. */
#include "harness/verifiers/rows.h"

static const struct verifier_phrase phrases[] = {
    {"DKIM verdict: pass", DKIM_PASS},
    {"DKIM verdict: fail", DKIM_FAIL},
    {"(pubkey_unavailable)", DKIM_TEMPERROR},
    {"(pubkey_dns_syntax)", DKIM_NEUTRAL},
    {"(pubkey_der_syntax)", DKIM_NEUTRAL},
    {"DKIM verdict: invalid", DKIM_PERMERROR},
    {NULL, DKIM_PERMERROR},
};

static bool read(const char *said, enum dkim_word *ret, const char **ret_line)
{
    return verifier_read(said, "Warning: DKIM verdict: ", phrases, ret, ret_line);
}

const struct verifier verifier_exim = {
    .name = "exim",
    .program = "exim4",
    .package = "exim4-daemon-light",
    .script = "own=\n" /* an ordinary user cannot become Exim's own */
              "if [ \"$(id -u)\" -ne 0 ]; then\n"
              "  own=\"exim_user = $(id -u)\nexim_group = $(id -g)\"\n"
              "fi\n"
              "chmod 755 .; mkdir -m 777 spool\n" /* started as root it becomes a user of its own */
              "cat >exim.conf <<END\n"
              "primary_hostname = receiver.example\n"
              "domainlist local_domains = receiver.example\n"
              "acl_smtp_rcpt = accept\n"
              "acl_smtp_data = accept\n"
              "acl_smtp_dkim = verdict\n"
              "log_file_path = $PWD/spool/%slog\n"
              "spool_directory = $PWD/spool\n"
              "$own\n"
              "begin acl\n"
              "accept:\n"
              "  accept\n"
              "verdict:\n"
              "  warn log_message = DKIM verdict: \\$dkim_verify_status (\\$dkim_verify_reason)\n"
              "  accept\n"
              "begin routers\n"
              "END\n"
              "{ printf 'EHLO s.example\\r\\nMAIL FROM:<a@s.example>\\r\\n'\n"
              "  printf 'RCPT TO:<b@receiver.example>\\r\\nDATA\\r\\n'\n"
              "  cat " VERIFIER_MESSAGE "\n"
              "  printf '.\\r\\nQUIT\\r\\n'; } | exim4 -C \"$PWD/exim.conf\" -bh 192.0.2.1 2>&1\n",
    .read = read,
};

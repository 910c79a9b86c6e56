/* The functions behind the rows of expect.c: `read_…` a fact as a number, `check_…` and `show_…`
 * one that is more than a number. */
#ifndef FAULTZONE_HARNESS_EXPECT_ROWS_H
#define FAULTZONE_HARNESS_EXPECT_ROWS_H

#include "harness/run.h"

typedef bool expect_read(const struct step_outcome *outcome, uint64_t *ret);
typedef bool expect_check(const struct step_outcome *outcome, const struct param *wanted);
typedef void expect_show(const struct step_outcome *outcome, struct text *seen);
typedef const char *expect_refuse(struct bytes text, struct spelling *spelling);

/* --- header.c: whether there is an answer, its code, flags and extended errors --- */

extern const char *const expect_rcodes[]; /* choices of `rcode` */

expect_read read_rcode, read_answered, read_edns_size, read_timeout;
expect_check check_flags, check_ede, check_ede_text;
expect_show show_rcode, show_flags, show_ede;
expect_refuse refuse_flag, refuse_ede;

/* --- answer.c: its records --- */

expect_read read_answer_count, read_alias_count, read_txt_strings, read_ttl, read_negative_ttl;
expect_check check_answers, check_answers_exactly, check_aliases, check_addresses, check_txt,
    check_soa;
expect_show show_answers, show_aliases, show_addresses, show_txt, show_soa;
expect_refuse refuse_name;

/* The client's answer, NULL if it has none. */
const struct message *reply_of(const struct step_outcome *outcome);

/* Says why there is nothing to show; false if there is an answer. */
bool show_absence(const struct step_outcome *outcome, struct text *seen);

/* True if both say the same: runs of blanks are one, letters outside quotes have no case. */
bool reads_alike(struct bytes a, struct bytes b);

/* --- carriage.c: how it travelled --- */

expect_read read_time, read_queries, read_tcp, read_truncated, read_lost;
expect_check check_asked;
expect_show show_asked;

/* --- dkim.c: what a verifier makes of it --- */

extern const char *const expect_results[];   /* choices of `result` */
extern const char *const expect_reasons[];   /* of `reason` */
extern const char *const expect_keys[];      /* of `key` */
extern const char *const expect_key_types[]; /* of `key.type` */

expect_read read_reason, read_key, read_key_type, read_key_bits, read_key_records;
expect_check check_result, check_damage;
expect_show show_result, show_damage;
expect_refuse refuse_damage;

/* --- setup.c: what the set-up check says --- */

extern const char *const expect_verdicts[];
extern const char *const expect_classes[];

expect_read read_verdict, read_class;
expect_check check_cause, check_beside, check_fix, check_records;
expect_show show_decisive, show_beside, show_fix, show_records;
expect_refuse refuse_cause, refuse_record;

#endif

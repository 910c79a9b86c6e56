/* What the rows of the table of causes are written in: asking for facts, and keeping proofs. A fact
 * that is not there yet, or met with trouble, ends the row by itself: every function here then says
 * no, and the weighing remembers why. */
#ifndef FAULTZONE_INSPECT_WEIGHING_H
#define FAULTZONE_INSPECT_WEIGHING_H

#include "inspect/cause.h"

/* What a question is that may not be asked any more: trouble. Static. */
const struct fact *fact_unasked(void);

/* What came of `probe`, trouble too; NULL if it is still to be asked. */
const struct fact *ask(struct weighing *weighing, const struct probe *probe);

/* The same of the resolver; NULL too if there is none. */
const struct fact *ask_resolver(struct weighing *weighing, const struct name *name, uint16_t type);

/* What came of asking for `type` at `name`; NULL if the question is still to be asked or met with
 * trouble. */
const struct fact *need(struct weighing *weighing, const struct name *name, uint16_t type);

/* The same at the record's own name, and for the type it was asked for. */
const struct fact *need_type(struct weighing *weighing, uint16_t type);
const struct fact *need_own(struct weighing *weighing);

/* The same for `type` at a name beside the record's own that nobody has. */
const struct fact *need_sibling(struct weighing *weighing, uint16_t type);

/* True if that name gives the same TXT record. */
bool sibling_has_text(struct weighing *weighing, struct bytes rdata);

/* The answer to the record's own question if there is no such record at the name. */
const struct fact *need_absence(struct weighing *weighing);

/* The first record of the asked-for type at the name, whatever it says. */
const struct fact *need_present(struct weighing *weighing, struct record *ret);

/* Notes what stands there instead. */
void note_present(struct weighing *weighing, const struct record *record);

/* Proves that there are several records of the type asked for. */
enum weight prove_several(struct weighing *weighing);

/* Keeps what proves the row; returns WEIGHT_YES. */
enum weight prove(struct weighing *weighing, const struct fact *fact, const char *shows);

/* Keeps a further proof of the same. */
void prove_also(struct weighing *weighing, const struct fact *fact, const char *shows);

/* Notes for how long whoever answered keeps this answer. The longest counts. */
void heals_after(struct weighing *weighing, const struct fact *fact);

/* Notes a failure of the catalogue that would look the same. */
void may_be(struct weighing *weighing, const char *number);

/* True if `fact`, the answer to a question of the record's type, shows the record's value. */
bool shows_value(const struct weighing *weighing, const struct fact *fact);

/* True if there is no second record in `fact` where there must not be one: beside a CNAME (RFC 2181
 * 10.1), a key (RFC 6376 3.6.2.2) or a policy of the same kind (RFC 7208 4.5, RFC 7489 6.6.3). */
bool stands_alone(const struct weighing *weighing, const struct fact *fact);

#endif

/* A whole message as dig shows it: people paste it. Everything that came from a packet is escaped.
 */
#ifndef FAULTZONE_WIRE_TEXT_H
#define FAULTZONE_WIRE_TEXT_H

#include "base/text.h"
#include "wire/message.h"

/* Header, OPT with its extended errors, question and records, each on its lines, a newline at the
 * end. Unsound records come in \# form with a remark; what lenient mode forgave is listed. */
void message_put(struct text *text, const struct message *message);

/* ";; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1" and the flags line. */
void message_header_put(struct text *text, const struct message *message);

/* "name. class type" of the question, or "-" if there is none. */
void message_question_put(struct text *text, const struct message *message);

#endif

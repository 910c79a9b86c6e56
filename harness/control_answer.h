/* A client's side of the control API: what the answer to a failed request says. */
#ifndef FAULTZONE_HARNESS_CONTROL_ANSWER_H
#define FAULTZONE_HARNESS_CONTROL_ANSWER_H

#include "base/diag.h"

/* Fills `ret` with the message and hint in the JSON text `body`; "this was no answer" if there are
 * none. */
void control_answer_error(const char *body, struct diag *ret);

#endif

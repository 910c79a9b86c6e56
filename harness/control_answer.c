/* See the header. */
#include "harness/control_answer.h"

#include <jansson.h>

void control_answer_error(const char *body, struct diag *ret)
{
    json_t *answer = json_loads(body, 0, NULL);
    const json_t *error = json_object_get(answer, "error");
    const char *message = json_string_value(json_object_get(error, "message"));
    const char *hint = json_string_value(json_object_get(error, "hint"));
    diag_set(ret, (struct place){0}, "%s", message != NULL ? message : "this was no answer");
    if (hint != NULL) {
        diag_hint(ret, "%s", hint);
    }
    json_decref(answer);
}

/* What `check` has found out, for people and for programs. */
#ifndef FAULTZONE_CLI_CHECK_TELL_H
#define FAULTZONE_CLI_CHECK_TELL_H

#include <stdio.h>

#include "harness/errors.h"
#include "inspect/inspection.h"

/* Text: each record with verdict, what has happened, what to do and what proves it. */
void check_tell_text(FILE *file, const struct name *domain, const struct inspection *inspection);

/* A JSON document, or with `compact` a line of it. */
void check_tell_json(FILE *file, const struct name *domain, const struct inspection *inspection,
                     bool compact);

/* The same for a domain that was not checked: why not. It is shown as it was given; NULL: none
 * was. */
void check_tell_errors(FILE *file, const char *domain, const struct errors *errors, bool compact);

#endif

/* References made from the tables that the program itself works by. */
#ifndef FAULTZONE_HARNESS_REFERENCE_H
#define FAULTZONE_HARNESS_REFERENCE_H

#include <stdio.h>

/* Writes the reference of scenario files to `file` as Markdown. */
void reference_write(FILE *file);

/* The same of the resolver's limits. */
void reference_write_resolver(FILE *file);

#endif

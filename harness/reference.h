/* The reference of scenario files, made from the tables that load them. */
#ifndef FAULTZONE_HARNESS_REFERENCE_H
#define FAULTZONE_HARNESS_REFERENCE_H

#include <stdio.h>

/* Writes the reference to `file` as Markdown. */
void reference_write(FILE *file);

#endif

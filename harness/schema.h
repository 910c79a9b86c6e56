/* The JSON Schema of scenario files (draft-07, which editors' YAML servers understand), made from
 * the tables that load them. */
#ifndef FAULTZONE_HARNESS_SCHEMA_H
#define FAULTZONE_HARNESS_SCHEMA_H

#include <stdio.h>

/* Writes the schema to `file`, with a newline at the end. */
void schema_write(FILE *file);

#endif

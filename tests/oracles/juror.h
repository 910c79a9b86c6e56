/* Another parser's opinion on messages. juror.c reads them and asks; each juror is one function. */
#ifndef FAULTZONE_TESTS_ORACLES_JUROR_H
#define FAULTZONE_TESTS_ORACLES_JUROR_H

#include <stddef.h>
#include <stdint.h>

#define JUROR_TAKES "fine"
#define JUROR_ROOM  256 /* for what it says */

/* Writes JUROR_TAKES, or what it minds, into `ret`: one line. */
void juror_judge(const uint8_t *octets, size_t size, char ret[JUROR_ROOM]);

#endif

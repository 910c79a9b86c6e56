/* Durations for people: "12ms", "1.500s", "30m00s", "2h00m00s". */
#ifndef FAULTZONE_HARNESS_SPAN_H
#define FAULTZONE_HARNESS_SPAN_H

#include "base/instant.h"
#include "base/text.h"

void span_put(struct text *text, duration_ns span);

#endif

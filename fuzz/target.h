/* A fuzz target is this one function. libFuzzer and AFL++ drive it with inputs of their own;
 * standalone.c replays files, so that corpora are ordinary tests where no fuzzer is. */
#ifndef FAULTZONE_FUZZ_TARGET_H
#define FAULTZONE_FUZZ_TARGET_H

#include <stddef.h>
#include <stdint.h>

/* Tries one input and aborts if what must hold does not. Returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif

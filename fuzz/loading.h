/* Text that people write, through the loader it is for. */
#ifndef FAULTZONE_FUZZ_LOADING_H
#define FAULTZONE_FUZZ_LOADING_H

#include <stdbool.h>

#include "base/bytes.h"

/* Loads `text` as the scenario file `path` (its name tells the form), lints what loads, and frees
 * all. Aborts unless there is a scenario or a diagnostic, not both; unless every diagnostic is
 * clean and has its place inside the file; and unless loading it again says the same. */
void check_loading(struct bytes text, const char *path);

/* True if `text` asks for what a fuzzer must not do: read other files, or make keys for seconds. */
bool names_other_files(struct bytes text);

#endif

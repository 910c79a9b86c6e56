/* The scenarios that are shipped, for tests that run them all. */
#ifndef FAULTZONE_TESTS_HARNESS_SHIPPED_H
#define FAULTZONE_TESTS_HARNESS_SHIPPED_H

#include <stddef.h>

struct shipped {
    const char *name; /* the id: "proxy/article-proxied" */
    const char *path;
};

/* All scenarios below SCENARIOS_DIR, sorted; never none. Static memory. */
const struct shipped *shipped_all(size_t *ret_count);

/* The path of the scenario called `id`. Static memory, until the next call. */
const char *shipped_path(const char *id);

#endif

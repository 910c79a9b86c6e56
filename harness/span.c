#include "harness/span.h"

/* A number of `unit`, with three places behind the point where it is not whole. */
static void put_decimal(struct text *text, duration_ns span, duration_ns unit, const char *name)
{
    text_put_number(text, span / unit);
    if (span % unit >= unit / 1000) {
        text_put_format(text, ".%03u", (unsigned)(span % unit / (unit / 1000)));
    }
    text_put(text, name);
}

void span_put(struct text *text, duration_ns span)
{
    const uint64_t seconds = span / NS_PER_S;
    if (seconds >= 3600) {
        text_put_number(text, seconds / 3600);
        text_put_format(text, "h%02um%02us", (unsigned)(seconds / 60 % 60),
                        (unsigned)(seconds % 60));
    } else if (seconds >= 60) {
        text_put_format(text, "%um%02us", (unsigned)(seconds / 60), (unsigned)(seconds % 60));
    } else if (seconds > 0 || span == 0) {
        put_decimal(text, span, NS_PER_S, "s");
    } else {
        put_decimal(text, span, NS_PER_MS, "ms");
    }
}

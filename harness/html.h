/* Text in pages: what HTML means something by is written as references. */
#ifndef FAULTZONE_HARNESS_HTML_H
#define FAULTZONE_HARNESS_HTML_H

#include <stdio.h>

/* Writes `string` so that a browser shows it as it stands, between tags and inside quotes. */
void html_put(FILE *file, const char *string);

/* Begins a page, up to where its own style sheet goes; `title` is HTML already. */
void html_begin(FILE *file, const char *title);

#endif

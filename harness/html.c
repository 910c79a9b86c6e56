/* Text in pages. */
#include "harness/html.h"

void html_put(FILE *file, const char *string)
{
    for (; *string != '\0'; string++) {
        switch (*string) {
        case '<': fputs("&lt;", file); break;
        case '>': fputs("&gt;", file); break;
        case '&': fputs("&amp;", file); break;
        case '"': fputs("&quot;", file); break;
        default: putc(*string, file);
        }
    }
}

void html_begin(FILE *file, const char *title)
{
    fprintf(file,
            "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">\n<title>%s</title>\n"
            "<style>\nbody { font: 14px/1.4 sans-serif; margin: 2em; }\n"
            "table { border-collapse: collapse; }\n"
            "th, td { border: 1px solid #ccc; padding: .2em .5em; text-align: left; }\n"
            "thead th { position: sticky; top: 0; background: #fff; }\n",
            title);
}

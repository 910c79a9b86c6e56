/* Reads lines of standard input that begin with a message in hexadecimal digits; answers each with
 * a line of what the juror says. */
#include "tests/oracles/juror.h"

#include <stdio.h>
#include <string.h>

#define OCTETS_MAX ((size_t)65535)

int main(void)
{
    static char line[2 * OCTETS_MAX + 256];
    static uint8_t octets[OCTETS_MAX];
    char words[JUROR_ROOM];
    while (fgets(line, sizeof line, stdin) != NULL) {
        size_t size = 0;
        unsigned octet;
        while (size < OCTETS_MAX && sscanf(line + 2 * size, "%2x", &octet) == 1) {
            octets[size++] = (uint8_t)octet;
        }
        juror_judge(octets, size, words);
        puts(words);
        fflush(stdout);
    }
    return 0;
}

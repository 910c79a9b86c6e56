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
        const size_t size = strspn(line, "0123456789abcdef") / 2;
        for (size_t i = 0; i < size && i < OCTETS_MAX; i++) {
            unsigned octet = 0;
            sscanf(line + 2 * i, "%2x", &octet);
            octets[i] = (uint8_t)octet;
        }
        juror_judge(octets, size, words);
        puts(words);
        fflush(stdout);
    }
    return 0;
}

/* The target without a fuzzer: replays files, or tries inputs that are drawn at random.
 *
 *     ./key_lookup_replay FILE...
 *     ./key_lookup_replay --random COUNT
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INPUT_OCTETS_MAX  65536
#define RANDOM_OCTETS_MAX 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* xorshift64*: the same inputs on every machine. */
static uint64_t draw(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * UINT64_C(2685821657736338717);
}

static void try_random(unsigned long count)
{
    uint64_t state = 1;
    for (unsigned long i = 1; i <= count; i++) {
        uint8_t octets[RANDOM_OCTETS_MAX];
        for (size_t j = 0; j < sizeof octets; j++) {
            octets[j] = (uint8_t)(draw(&state) >> 56);
        }
        if (i % 1000 == 0) {
            printf("%lu inputs\n", i);
            fflush(stdout);
        }
        LLVMFuzzerTestOneInput(octets, sizeof octets);
    }
}

static int try_file(const char *path)
{
    static uint8_t octets[INPUT_OCTETS_MAX];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        perror(path);
        return 1;
    }
    const size_t size = fread(octets, 1, sizeof octets, file);
    fclose(file);
    printf("%s\n", path);
    fflush(stdout);
    LLVMFuzzerTestOneInput(octets, size);
    return 0;
}

int main(int argc, char **argv)
{
    int status = 0;
    if (argc == 3 && strcmp(argv[1], "--random") == 0) {
        try_random(strtoul(argv[2], NULL, 10));
        return 0;
    }
    for (int i = 1; i < argc; i++) {
        status |= try_file(argv[i]);
    }
    return status;
}

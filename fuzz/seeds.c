/* Writes the seed corpus of the message target into a directory: the rows that the tests judge,
 * RDATA of every type, and realistic messages. The same files every time:
 *
 *     fuzz_seeds fuzz/corpus/message */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench/corpus.h"
#include "tests/wire/hex.h"
#include "tests/wire/message_rows.h"
#include "tests/wire/rdata_samples.h"

#define COUNT_OF(array)  (sizeof(array) / sizeof((array)[0]))
#define PATH_OCTETS_MAX  4096
#define SAMPLES_A_FILE   10
#define REALISTIC_A_KIND 3
#define MESSAGE_OCTETS   4096

static void save(const char *directory, const char *family, size_t number, struct bytes octets)
{
    char path[PATH_OCTETS_MAX];
    snprintf(path, sizeof path, "%s/%s-%03zu", directory, family, number);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(octets.data, 1, octets.size, file) != octets.size ||
        fclose(file) != 0) {
        perror(path);
        exit(1);
    }
}

static void save_rows(const char *directory)
{
    for (size_t i = 0; i < COUNT_OF(message_rows); i++) {
        save(directory, "row", i, octets_of_hex(message_rows[i].hex));
    }
}

static bool add_sample(struct builder *builder, const struct rdata_sample *sample)
{
    const bool is_last = sample->type == RRTYPE_TSIG || sample->type == RRTYPE_OPT;
    const struct rr rr = rr_of("www.example.", sample->type, 60, octets_of_hex(sample->hex));
    return is_last || builder_record(builder, SECTION_ANSWER, &rr);
}

static void save_samples(const char *directory)
{
    const struct name name = name_of("www.example.");
    uint8_t buffer[MESSAGE_OCTETS];
    for (size_t first = 0; first < COUNT_OF(rdata_samples); first += SAMPLES_A_FILE) {
        struct builder builder;
        builder_start(&builder, buffer, sizeof buffer, 1, MESSAGE_QR | MESSAGE_AA);
        builder_question(&builder, &name, RRTYPE_ANY, RRCLASS_IN);
        for (size_t i = first; i < first + SAMPLES_A_FILE && i < COUNT_OF(rdata_samples); i++) {
            const bool added = add_sample(&builder, &rdata_samples[i]);
            assert(added);
            (void)added;
        }
        save(directory, "types", first / SAMPLES_A_FILE,
             bytes_of(buffer, builder_finish(&builder)));
    }
}

static void save_realistic(const char *directory)
{
    static struct sample sample;
    struct arena arena;
    struct rng rng;
    arena_init(&arena, CORPUS_ARENA_LIMIT);
    rng_seed(&rng, 1, bytes_of_string("seeds"));
    for (unsigned i = 0; i < CORPUS_KINDS * REALISTIC_A_KIND; i++) {
        sample_make(&sample, i % CORPUS_KINDS, &rng, &arena);
        save(directory, "real", i, sample.wire);
    }
    arena_free(&arena);
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: fuzz_seeds DIRECTORY\n", stderr);
        return 2;
    }
    save_rows(argv[1]);
    save_samples(argv[1]);
    save_realistic(argv[1]);
    return 0;
}

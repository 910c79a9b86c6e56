#include "tests/wire/hex.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "wire/rrtype.h"

static int digit_of(char character)
{
    static const char digits[] = "0123456789abcdef";
    const char *found = strchr(digits, character | 0x20);
    return character != '\0' && found != NULL && character != ' ' ? (int)(found - digits) : -1;
}

/* The next octet of `*hex`, or -1 at the end. */
static int next_octet(const char **hex, bool *quoted)
{
    for (; **hex != '\0'; (*hex)++) {
        if (**hex == '\'') {
            *quoted = !*quoted;
        } else if (*quoted) {
            return (unsigned char)*(*hex)++;
        } else if (digit_of(**hex) >= 0) {
            const int octet = digit_of((*hex)[0]) * 16 + digit_of((*hex)[1]);
            assert(digit_of((*hex)[1]) >= 0);
            *hex += 2;
            return octet;
        }
    }
    return -1;
}

struct bytes octets_of_hex(const char *hex)
{
    uint8_t *octets = malloc(strlen(hex) + 1);
    size_t size = 0;
    bool quoted = false;
    assert(octets != NULL);
    for (int octet = next_octet(&hex, &quoted); octet >= 0; octet = next_octet(&hex, &quoted)) {
        octets[size++] = (uint8_t)octet;
    }
    const struct bytes copy = exact_copy(bytes_of(octets, size));
    free(octets);
    return copy;
}

/* What was handed out, so that it is not taken for a leak: tests borrow it until their process
 * ends. */
struct kept {
    struct kept *next;
    void *memory;
};
static struct kept *kept_copies;

static void *keep(void *memory)
{
    struct kept *kept = malloc(sizeof *kept);
    assert(memory != NULL);
    assert(kept != NULL);
    *kept = (struct kept){.next = kept_copies, .memory = memory};
    kept_copies = kept;
    return memory;
}

struct bytes exact_copy(struct bytes octets)
{
    uint8_t *copy = keep(malloc(octets.size == 0 ? 1 : octets.size));
    if (octets.size > 0) {
        memcpy(copy, octets.data, octets.size);
    }
    return bytes_of(copy, octets.size);
}

struct name name_of(const char *text)
{
    struct name name;
    const char *error = "";
    if (!name_parse_text(bytes_of_string(text), NULL, &name, &error)) {
        fprintf(stderr, "%s: %s\n", text, error);
        abort();
    }
    return name;
}

struct rr rr_of(const char *owner, uint16_t type, uint32_t ttl, struct bytes rdata)
{
    struct name *name = keep(malloc(sizeof *name));
    *name = name_of(owner);
    return (struct rr){
        .owner = name, .type = type, .rrclass = RRCLASS_IN, .ttl = ttl, .rdata = rdata};
}

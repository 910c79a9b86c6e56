/* A borrowed view of octets: who holds one never owns or frees what it points at. */
#ifndef FAULTZONE_BASE_BYTES_H
#define FAULTZONE_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
    const uint8_t *data;
    size_t size; /* octets */
};

/* A view of `size` octets at `data`; `data` may be NULL only when `size` is 0. */
static inline struct bytes bytes_of(const void *data, size_t size)
{
    return (struct bytes){.data = data, .size = size};
}

/* A view of a C string without its final NUL. */
static inline struct bytes bytes_of_string(const char *string)
{
    return bytes_of(string, strlen(string));
}

/* True if both hold the same octets. */
static inline bool bytes_equal(struct bytes a, struct bytes b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

/* True if `view` holds exactly the characters of `string`. */
static inline bool bytes_are(struct bytes view, const char *string)
{
    return bytes_equal(view, bytes_of_string(string));
}

/* What is left of `view` after its first `count` octets; nothing if it has fewer. */
static inline struct bytes bytes_after(struct bytes view, size_t count)
{
    if (count >= view.size) {
        return bytes_of(NULL, 0);
    }
    return bytes_of(view.data + count, view.size - count);
}

/* Bytewise order, a shorter view before a longer one that starts with it. Returns <0, 0 or >0. */
int bytes_compare(struct bytes a, struct bytes b);

/* 64-bit hash of the octets, the same on every machine and in every run; not for adversaries who
 * choose their input and profit from collisions. */
uint64_t bytes_hash(struct bytes view, uint64_t seed);

#endif

/* Messages of 64 KiB that are made to be expensive, written into `octets` by `writer`. The tests
 * hold the parser to its limits with them, and bench/worst.c times it beside others. */
#ifndef FAULTZONE_TESTS_WIRE_WORST_H
#define FAULTZONE_TESTS_WIRE_WORST_H

#include "tests/wire/hex.h"
#include "wire/message.h"
#include "wire/rrtype.h"
#include "wire/writer.h"

static uint8_t octets[MESSAGE_OCTETS_MAX];
static struct writer writer;

/* A response to "www." with room for the counts. */
static void start(void)
{
    writer = writer_in(octets, sizeof octets);
    writer_bytes(&writer, octets_of_hex("1234 8180 0001 0000 0000 0000 03'www'00 0001 0001"));
}

static void put_fixed(uint16_t type, size_t size)
{
    writer_u16(&writer, type);
    writer_u16(&writer, RRCLASS_IN);
    writer_u32(&writer, 60);
    writer_u16(&writer, (uint16_t)size);
}

static void put_pointer(size_t target)
{
    writer_u16(&writer, (uint16_t)(0xc000 | target));
}

static void set_counts(size_t answers, size_t additionals)
{
    octets[6] = (uint8_t)(answers >> 8);
    octets[7] = (uint8_t)answers;
    octets[10] = (uint8_t)(additionals >> 8);
    octets[11] = (uint8_t)additionals;
}

/* Writes a record of an unknown type whose data are a chain of `hops` pointers, the first of which
 * leads to the question. Returns the offset of the last one. */
static size_t put_chain(size_t hops)
{
    put_pointer(12);
    put_fixed(65280, 2 * hops);
    size_t target = 12;
    for (size_t i = 0; i < hops; i++) {
        const size_t at = writer.size;
        put_pointer(target);
        target = at;
    }
    return target;
}

/* --- 64 KiB at their worst --- */

/* Backward pointers, one behind the other, to the end of what a pointer can reach. */
static void put_long_chain(size_t octets_of_chain)
{
    start();
    put_chain(octets_of_chain / 2);
}

static void fill_chain_refused(void)
{
    put_long_chain(16000);
    size_t count = 1;
    while (writer.size + 16 <= sizeof octets) {
        put_pointer(16001);
        put_fixed(RRTYPE_A, 4);
        writer_u32(&writer, 1);
        count++;
    }
    set_counts(count, 0);
}

/* Chains of 126 pointers that no two names share, so that nothing is known beforehand. */
static void fill_chains_of_126(void)
{
    size_t lasts[130];
    size_t chains = 0;
    size_t count = 0;
    start();
    while (writer.size < 0x3f00 && chains < sizeof lasts / sizeof lasts[0]) {
        lasts[chains++] = put_chain(125);
        count++;
    }
    for (size_t i = 0; writer.size + 16 <= sizeof octets; i++, count++) {
        put_pointer(lasts[i * 37 % chains]);
        put_fixed(RRTYPE_A, 4);
        writer_u32(&writer, 1);
    }
    set_counts(count, 0);
}

/* The same name of 127 labels, entered at every second label. */
static void fill_many_labels(void)
{
    size_t count = 1;
    start();
    put_pointer(12);
    put_fixed(65280, 16000);
    const size_t labels = writer.size;
    for (size_t i = 0; i < 16000; i += 2) {
        writer_u16(&writer, (uint16_t)(i % 254 == 252 ? 0 : 0x0161));
    }
    for (size_t i = 0; writer.size + 16 <= sizeof octets; i++, count++) {
        put_pointer(labels + i % 60 * 254 + i / 60 % 40 * 2);
        put_fixed(RRTYPE_A, 4);
        writer_u32(&writer, 1);
    }
    set_counts(count, 0);
}

static void fill_empty_strings(void)
{
    start();
    put_pointer(12);
    put_fixed(RRTYPE_TXT, 65000);
    for (size_t i = 0; i < 65000; i++) {
        writer_u8(&writer, 0);
    }
    set_counts(1, 0);
}

static void fill_smallest_records(void)
{
    size_t count = 0;
    for (start(); writer.size + 11 <= sizeof octets; count++) {
        writer_u8(&writer, 0);
        put_fixed(65280, 0);
    }
    set_counts(count, 0);
}

static void fill_distinct_names(void)
{
    size_t count = 0;
    for (start(); writer.size + 20 <= sizeof octets; count++) {
        writer_u8(&writer, 3);
        writer_u8(&writer, (uint8_t)('a' + count % 26));
        writer_u16(&writer, (uint16_t)count);
        put_pointer(12);
        put_fixed(RRTYPE_A, 4);
        writer_u32(&writer, 1);
    }
    set_counts(count, 0);
}

static void fill_labels_without_end(void)
{
    writer = writer_in(octets, sizeof octets);
    writer_bytes(&writer, octets_of_hex("1234 8180 0001 0000 0000 0000"));
    while (writer.size + 2 <= sizeof octets) {
        writer_u16(&writer, 0x0161);
    }
}

static void fill_options(void)
{
    start();
    writer_u8(&writer, 0);
    put_fixed(RRTYPE_OPT, 65000);
    memset(octets + writer.size - 6, 0, 4);
    for (size_t i = 0; i < 65000; i += 4) {
        writer_u32(&writer, 3U << 16);
    }
    set_counts(0, 1);
}

/* Names by 8 hosts' servers in 4,000 referrals: large, and nothing wrong with it. */
static void fill_zone_transfer(void)
{
    size_t count = 0;
    for (start(); writer.size + 32 <= sizeof octets; count++) {
        writer_u8(&writer, 4);
        writer_u32(&writer, (uint32_t)count);
        put_pointer(12);
        put_fixed(RRTYPE_MX, 7);
        writer_u16(&writer, 10);
        writer_u8(&writer, 2);
        writer_u16(&writer, (uint16_t)(count % 8));
        put_pointer(12);
    }
    set_counts(count, 0);
}

/* Reverse names of 34 labels, each behind its own first label: the longest that people use. */
static void fill_reverse_names(void)
{
    size_t count = 0;
    writer = writer_in(octets, sizeof octets);
    writer_bytes(&writer, octets_of_hex("1234 8180 0001 0000 0000 0000"));
    for (size_t i = 0; i < 32; i++) {
        writer_string(&writer, bytes_of("f", 1));
    }
    writer_bytes(&writer, octets_of_hex("03'ip6'04'arpa'00 000c 0001"));
    for (; writer.size + 26 <= sizeof octets; count++) {
        for (size_t i = 0; i < 3; i++) {
            writer_u16(&writer, (uint16_t)(0x0100 | "0123456789abcdef"[count >> 4 * i & 15]));
        }
        put_pointer(12 + 3 * 2);
        put_fixed(RRTYPE_PTR, 4);
        writer_u16(&writer, 0x0161);
        put_pointer(12 + 64 + 9);
    }
    set_counts(count, 0);
}

static const struct {
    const char *name;
    void (*fill)(void);
    enum message_outcome outcome;
} worst[] = {
    {"D3 chain of 8000 pointers, 3000 names at its end", fill_chain_refused, MESSAGE_POINTER_HOPS},
    {"chains of 126 pointers that no two names share", fill_chains_of_126, MESSAGE_WORK},
    {"names of up to 127 labels, no two the same", fill_many_labels, MESSAGE_WORK},
    {"D19 65000 empty strings", fill_empty_strings, MESSAGE_FINE},
    {"5955 records of 11 octets", fill_smallest_records, MESSAGE_FINE},
    {"distinct owners", fill_distinct_names, MESSAGE_FINE},
    {"labels without end", fill_labels_without_end, MESSAGE_NAME_TOO_LONG},
    {"D16 16250 options", fill_options, MESSAGE_OPT_OPTIONS_MANY},
    {"a zone transfer", fill_zone_transfer, MESSAGE_FINE},
    {"reverse names of 34 labels", fill_reverse_names, MESSAGE_FINE},
};

#endif

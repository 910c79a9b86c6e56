/* The target: a key is looked up in a small simulated internet, and the input decides what becomes
 * of the answers. One function, for libFuzzer, AFL++ and standalone.c alike. */
#include <arpa/inet.h>
#include <faultzone.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "key_lookup.h"
#include "world_sockets.h"

static const char scenario[] =
    "scenario: a customer whose key is published\n"
    "zones:\n"
    "  esp.example:\n"
    "    records: |\n"
    "      k1.dkim 3600 TXT \"v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQ"
    "EAx8l0ixrQKy1obfJNEdH1OaxO5dtgHIBH6t1B4h4pxKfbMk0+mNpSg7yebu3b6emgV8UqBhOAP51/XT"
    "Ja9s7rSqZvNhYMQLcyeBnowuqdmVNIZk5ndP4iUws3CYhem+XDYzDMTdyZsiESu8128sOtmqE01e58zo"
    "8t+BkyuIUhleoXBTJ3M2wv/GdniHBehx9MY\" "
    "\"WuNewJhAQuB7bb5C8e5Y87I5euHq8EDPqSpYB0bIwAdQ/X3Q0ytstLt960c9gtBl7SQbZ0bRkaf"
    "yTCuZiFiCDiTCAlBkQjIGIeGKE52sEjopBMx1gzqZdbKsHpiR+FeTwwhwHWNf6mQARJj/rPQLQIDAQAB\"\n"
    "  customer.example:\n"
    "    records: |\n"
    "      k1._domainkey 300 CNAME k1.dkim.esp.example.\n";

static struct faultzone *open_once(void)
{
    static struct faultzone *world;
    char error[512];
    if (world == NULL) {
        world = faultzone_open_text(scenario, 1, error, sizeof error);
    }
    if (world == NULL) {
        fprintf(stderr, "%s\n", error);
        exit(2);
    }
    return world;
}

static ares_channel open_channel(void)
{
    struct in_addr resolver = {htonl(0xc0000235)}; /* 192.0.2.53: every scenario's */
    struct ares_options options = {
        .flags = ARES_FLAG_EDNS, .tries = 2, .ednspsz = 1232, .servers = &resolver, .nservers = 1};
    ares_channel channel;
    if (ares_init_options(&channel, &options,
                          ARES_OPT_FLAGS | ARES_OPT_TRIES | ARES_OPT_EDNSPSZ | ARES_OPT_SERVERS) !=
        ARES_SUCCESS) {
        exit(2);
    }
    return channel;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct world_sockets sockets;
    struct faultzone *world = open_once();
    struct key_lookup lookup;
    ares_channel channel = open_channel();
    faultzone_fuzz(world, data, size);
    world_sockets_use(&sockets, world, channel);
    key_lookup_start(&lookup, channel, "k1._domainkey.customer.example");
    world_sockets_run(&sockets, channel);
    ares_destroy(channel); /* what was not answered ends here */
    if (lookup.state == KEY_ASKED ||
        (lookup.state == KEY_FOUND && strstr(lookup.text, "forged by the fuzzer") != NULL)) {
        abort();
    }
    return 0;
}

#include "mail/edge_ranges.h"

#include "tests/support/support.h"

static const struct sample {
    const char *name;
    const char *provider; /* NULL: none */
} samples[] = {
    /* the article's addresses */
    {"104.24.111.210", "cloudflare"},
    {"172.67.170.80", "cloudflare"},
    {"104.24.110.210", "cloudflare"},
    {"2606:4700:3034::6818:6fd2", "cloudflare"},
    {"2606:4700:3036::ac43:aa50", "cloudflare"},
    /* edges */
    {"104.16.0.0", "cloudflare"},
    {"104.15.255.255", NULL},
    {"104.27.255.255", "cloudflare"},
    {"104.28.0.0", NULL},
    {"188.114.96.0", "cloudflare"},
    {"188.114.111.255", "cloudflare"},
    {"188.114.112.0", NULL},
    {"2606:4700:ffff:ffff:ffff:ffff:ffff:ffff", "cloudflare"},
    {"2606:4701::", NULL},
    {"2a06:98c7::1", "cloudflare"},
    {"2a06:98c8::1", NULL},
    {"45.60.1.2", "imperva"},
    {"2a02:e987::1", "imperva"},
    {"192.124.249.17", "sucuri"},
    {"192.124.250.1", NULL},
    {"23.40.0.1", "akamai"},
    /* documentation and private addresses are nobody's edge */
    {"192.0.2.1", NULL},
    {"198.51.100.1", NULL},
    {"203.0.113.1", NULL},
    {"2001:db8::1", NULL},
    {"10.0.0.1", NULL},
    {"127.0.0.1", NULL},
};

START_TEST(finds_whose_edge_it_is)
{
    struct address address;
    ck_assert(address_parse(bytes_of_string(samples[_i].name), &address));
    const struct edge_range *range = edge_range_find(&address);
    if (samples[_i].provider == NULL) {
        ck_assert_ptr_null(range);
    } else {
        ck_assert_ptr_nonnull(range);
        ck_assert_str_eq(range->provider->slug, samples[_i].provider);
    }
}
END_TEST

START_TEST(no_address_is_in_no_range)
{
    const struct address none = {.family = ADDRESS_NONE};
    ck_assert_ptr_null(edge_range_find(&none));
}
END_TEST

static bool bit_of(const struct address *address, unsigned bit)
{
    return (address->octets[bit / 8] >> (7 - bit % 8) & 1) != 0;
}

START_TEST(prefixes_are_clean_and_do_not_overlap)
{
    size_t count;
    const struct edge_range *ranges = edge_range_all(&count);
    ck_assert_uint_gt(count, 30);
    for (size_t i = 0; i < count; i++) {
        const unsigned size = ranges[i].first.family == ADDRESS_V4 ? 32 : 128;
        ck_assert_uint_le(ranges[i].bits, size);
        for (unsigned bit = ranges[i].bits; bit < size; bit++) {
            ck_assert_msg(!bit_of(&ranges[i].first, bit), "row %zu has host bits", i);
        }
        ck_assert_msg(edge_range_find(&ranges[i].first) == &ranges[i], "row %zu overlaps", i);
    }
}
END_TEST

START_TEST(a_range_is_written_as_a_prefix)
{
    struct address address;
    ck_assert(address_parse(bytes_of_string("104.24.111.210"), &address));
    char buffer[64];
    struct text text = text_in(buffer, sizeof buffer);
    edge_range_put(&text, edge_range_find(&address));
    ck_assert_str_eq(buffer, "104.24.0.0/14");
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("edge_ranges");
    add_rows(suite, finds_whose_edge_it_is, samples);
    add_test(suite, no_address_is_in_no_range);
    add_test(suite, prefixes_are_clean_and_do_not_overlap);
    add_test(suite, a_range_is_written_as_a_prefix);
    return suite;
}

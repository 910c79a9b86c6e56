/* Any octets as zone text: the block of one zone's records, as it would stand in a scenario. */
#include "fuzz/loading.h"
#include "fuzz/target.h"

#define TEXT_OCTETS_MAX ((size_t)1 << 16)

struct page {
    size_t size;
    uint8_t octets[TEXT_OCTETS_MAX];
};

static void put(struct page *page, const void *octets, size_t size)
{
    if (size <= sizeof page->octets - page->size) {
        memcpy(page->octets + page->size, octets, size);
        page->size += size;
    }
}

static void put_string(struct page *page, const char *string)
{
    put(page, string, strlen(string));
}

/* Every line indented as a block wants it. */
static void put_block(struct page *page, struct bytes text)
{
    while (text.size > 0) {
        const uint8_t *end = memchr(text.data, '\n', text.size);
        const size_t size = end != NULL ? (size_t)(end - text.data) + 1 : text.size;
        put_string(page, "      ");
        put(page, text.data, size);
        text = bytes_after(text, size);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct page page;
    page.size = 0;
    put_string(&page, "scenario: zone text\nzones:\n  customer.example:\n    records: |\n");
    put_block(&page, bytes_of(data, size));
    put_string(&page, "\nsteps:\n  - lookup: customer.example NS\n");
    check_loading(bytes_of(page.octets, page.size), "fuzz.yaml");
    return 0;
}

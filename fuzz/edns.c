/* The options of an OPT record. What must hold: they are counted as they are walked; what is sound
 * is the same again when its options are put one after another, and so is a client subnet; extended
 * errors are printed clean; the size to obey lies between 512 and the most that is given. */
#include <assert.h>

#include "fuzz/input.h"
#include "fuzz/target.h"
#include "wire/edns.h"

#define OPTIONS_OCTETS_MAX ((size_t)65535)
#define TEXT_OCTETS        ((size_t)1 << 19)

static void check_options(struct bytes options)
{
    static uint8_t again[OPTIONS_OCTETS_MAX];
    struct bytes rest = options;
    struct edns_option option, found;
    size_t size = 0, walked = 0, counted = 0;
    while (edns_option_next(&rest, &option)) {
        assert(edns_option_append(again, sizeof again, &size, option.code, option.data));
        assert(edns_option_find(options, option.code, &found) && found.code == option.code);
        walked++;
    }
    const bool sound = edns_options_are_sound(options, &counted);
    assert(sound == (rest.size == 0));
    assert(!sound || counted == walked);
    assert(bytes_equal(bytes_of(again, size), bytes_of(options.data, options.size - rest.size)));
}

static void check_errors(struct bytes options)
{
    static char buffer[TEXT_OCTETS];
    struct extended_error error;
    while (extended_error_next(&options, &error)) {
        struct text text = text_in(buffer, sizeof buffer);
        extended_error_put(&text, &error);
        assert(text.size > 0);
        check_clean(&text);
    }
}

/* What is read as a subnet is written as it was. */
static void check_subnet(struct bytes options)
{
    uint8_t again[CLIENT_SUBNET_OCTETS_MAX];
    struct client_subnet subnet;
    struct edns_option option, written;
    size_t size = 0;
    if (!client_subnet_find(options, &subnet)) {
        return;
    }
    assert(client_subnet_append(again, sizeof again, &size, &subnet));
    struct bytes rest = bytes_of(again, size);
    assert(edns_option_next(&rest, &written) && rest.size == 0);
    assert(edns_option_find(options, EDNS_OPTION_CLIENT_SUBNET, &option));
    assert(bytes_equal(option.data, written.data));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = input_of(data, size);
    const uint16_t said = input_u16(&input), most = input_u16(&input);
    const struct edns edns = {.present = (said & 1) != 0, .udp_size = said};
    const struct bytes options = exact_copy(input_take(&input, OPTIONS_OCTETS_MAX));
    const uint16_t limit = edns_udp_limit(&edns, most);
    assert(limit <= most || limit == EDNS_UDP_SIZE_MIN);
    assert(limit >= EDNS_UDP_SIZE_MIN || limit == most);
    check_options(options);
    check_errors(options);
    check_subnet(options);
    exact_free(options);
    return 0;
}

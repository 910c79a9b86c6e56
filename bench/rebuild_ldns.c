/* What the speed of fuzz target `message` is held against: any octets as a message to ldns, parsed,
 * built again and parsed again. It judges nothing, and nobody fuzzes it: ldns 1.8.3 would not stand
 * it. */
#include <ldns/ldns.h>
#include <stdlib.h>

#include "fuzz/input.h"
#include "fuzz/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct bytes octets = exact_copy(bytes_of(data, size));
    ldns_pkt *packet = NULL, *again = NULL;
    uint8_t *built = NULL;
    size_t built_size = 0;
    if (ldns_wire2pkt(&packet, octets.data, octets.size) == LDNS_STATUS_OK &&
        ldns_pkt2wire(&built, packet, &built_size) == LDNS_STATUS_OK &&
        ldns_wire2pkt(&again, built, built_size) == LDNS_STATUS_OK) {
        ldns_pkt_free(again);
    }
    free(built);
    ldns_pkt_free(packet);
    exact_free(octets);
    return 0;
}

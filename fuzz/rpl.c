/* Any octets as an `.rpl` file of either dialect. */
#include "fuzz/loading.h"
#include "fuzz/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_loading(bytes_of(data, size), "fuzz.rpl");
    return 0;
}

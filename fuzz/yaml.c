/* Any octets as a scenario file: the whole loader, its limits, and lint. */
#include "fuzz/loading.h"
#include "fuzz/target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct bytes text = bytes_of(data, size);
    if (!names_other_files(text)) {
        check_loading(text, "fuzz.yaml");
    }
    return 0;
}

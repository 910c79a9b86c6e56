/* BIND's message parser, as its libraries have it. */
#include <dns/message.h>
#include <isc/buffer.h>
#include <isc/mem.h>
#include <isc/result.h>
#include <stdio.h>

#include "tests/oracles/juror.h"

void juror_judge(const uint8_t *octets, size_t size, char ret[JUROR_ROOM])
{
    static isc_mem_t *memory;
    dns_message_t *message = NULL;
    isc_buffer_t buffer;
    if (memory == NULL) {
        isc_mem_create(&memory);
    }
    dns_message_create(memory, DNS_MESSAGE_INTENTPARSE, &message);
    isc_buffer_init(&buffer, (void *)(uintptr_t)octets, (unsigned)size);
    isc_buffer_add(&buffer, (unsigned)size);
    const isc_result_t result = dns_message_parse(message, &buffer, 0);
    snprintf(ret, JUROR_ROOM, "%s",
             result == ISC_R_SUCCESS ? JUROR_TAKES : isc_result_totext(result));
    dns_message_detach(&message);
}

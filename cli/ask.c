/* faultzone ask: what the resolver inside `exec` answers, for `matrix`. */
#include <stdio.h>

#include "cli/commands.h"
#include "cli/output.h"
#include "live/stub.h"
#include "wire/builder.h"
#include "wire/rrtype.h"

enum { TRIES = 3, WAIT_S = 5, UDP_SIZE = 1232 };

/* A TXT question with EDNS; 0 if `text` is no name. */
static size_t write_query(const char *text, uint16_t id, uint8_t *query, size_t capacity)
{
    const struct edns edns = {.present = true, .udp_size = UDP_SIZE};
    struct builder builder;
    struct name name;
    if (!name_parse_text(bytes_of_string(text), NULL, &name, NULL)) {
        return 0;
    }
    builder_start(&builder, query, capacity, id, MESSAGE_RD);
    builder_question(&builder, &name, RRTYPE_TXT, RRCLASS_IN);
    builder_edns(&builder, &edns);
    return builder_finish(&builder);
}

static void put_hex(const uint8_t *octets, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        printf("%02x", octets[i]);
    }
    puts(size > 0 ? "" : "-");
}

enum cli_exit command_ask(const struct cli *cli)
{
    static uint8_t reply[65535];
    uint8_t query[512];
    const struct endpoint server = {.address = address_v4((const uint8_t[]){127, 0, 0, 1}),
                                    .port = 53};
    for (size_t i = 0; i < cli->argument_count; i++) {
        const size_t size = write_query(cli->arguments[i], (uint16_t)(i + 1), query, sizeof query);
        if (size == 0) {
            complain("\"%s\" is no domain name", cli->arguments[i]);
            return CLI_USAGE;
        }
        put_hex(reply,
                stub_ask(&server, bytes_of(query, size), TRIES, WAIT_S, reply, sizeof reply));
    }
    return output_finish(stdout, CLI_OK);
}

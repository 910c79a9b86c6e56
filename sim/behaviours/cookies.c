/* A server with DNS cookies (RFC 7873 5.2). */
#include "sim/behaviours/rows.h"

#define CLIENT_OCTETS 8
#define SERVER_OCTETS 8
#define COOKIE_OCTETS (CLIENT_OCTETS + SERVER_OCTETS)

enum cookies_mode { COOKIES_GIVEN, COOKIES_REQUIRED, COOKIES_NEVER_GOOD, COOKIES_WRONG };

struct cookies {
    enum cookies_mode mode;
};

static const char *const modes[] = {"given", "required", "never-good", "wrong", NULL};

static const struct param_spec params[] = {
    {.key = "mode",
     .type = PARAM_CHOICE,
     .choices = modes,
     .fallback = "given",
     .doc = "given: who sends a cookie gets one back; required: over UDP, BADCOOKIE for a cookie "
            "without the server's own; never-good: BADCOOKIE over UDP whatever is sent; wrong: the "
            "client's cookie comes back changed."},
    {.key = NULL},
};

static const void *configure(const struct params *given, const struct name *apex,
                             const struct provider *provider, struct arena *arena,
                             struct diag *reterr)
{
    (void)provider;
    (void)apex;
    struct cookies *cookies = ARENA_NEW(arena, struct cookies);
    if (cookies == NULL) {
        return behaviour_no_memory(reterr);
    }
    cookies->mode = (enum cookies_mode)params_number(given, "mode", COOKIES_GIVEN);
    return cookies;
}

/* The client's cookie and the server's behind it, which is made of that, of the client's address
 * and of who answers: in a simulation nobody guesses it. */
static void write_cookie(const struct behaviour_context *context, struct bytes client,
                         uint8_t ret[COOKIE_OCTETS])
{
    const uint64_t asker = address_hash(&context->client->address);
    const uint64_t seed = bytes_hash(bytes_of_string(context->server), asker);
    const uint64_t secret = bytes_hash(client, seed);
    memcpy(ret, client.data, CLIENT_OCTETS);
    for (size_t i = 0; i < SERVER_OCTETS; i++) {
        ret[CLIENT_OCTETS + i] = (uint8_t)(secret >> (8 * i));
    }
}

static bool is_good(enum cookies_mode mode, struct bytes sent, const uint8_t right[COOKIE_OCTETS])
{
    return mode == COOKIES_GIVEN || mode == COOKIES_WRONG ||
           (mode == COOKIES_REQUIRED && bytes_equal(sent, bytes_of(right, COOKIE_OCTETS)));
}

static bool finish(const void *state, const struct behaviour_context *context, struct draft *draft)
{
    const struct cookies *cookies = state;
    struct edns_option sent;
    if (!context->query->edns.present ||
        !edns_option_find(context->query->edns.options, EDNS_OPTION_COOKIE, &sent) ||
        sent.data.size < CLIENT_OCTETS) {
        return false;
    }
    uint8_t *cookie = arena_alloc(context->scratch, COOKIE_OCTETS);
    if (cookie == NULL) {
        return false;
    }
    write_cookie(context, bytes_of(sent.data.data, CLIENT_OCTETS), cookie);
    if (context->transport == TRANSPORT_UDP && !is_good(cookies->mode, sent.data, cookie)) {
        draft_fail(draft, RCODE_BADCOOKIE);
    }
    if (cookies->mode == COOKIES_WRONG) {
        cookie[0] ^= 1;
    }
    draft->cookie = bytes_of(cookie, COOKIE_OCTETS);
    return true;
}

const struct behaviour_row behaviour_cookies = {
    .name = "cookies",
    .doc = "The server knows DNS cookies; who sends none is answered as by any other.",
    .evidence = "RFC 7873 5.2; BIND require-server-cookie.",
    .params = params,
    .short_param = "mode",
    .configure = configure,
    .finish = finish,
};

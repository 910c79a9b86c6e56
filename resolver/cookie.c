/* What the cookie in a reply says. */
#include "resolver/cookie.h"

#include "resolver/servers.h"
#include "wire/edns.h"

static bool is_lawful(size_t size)
{
    return size == CLIENT_COOKIE_OCTETS ||
           (size >= CLIENT_COOKIE_OCTETS + SERVER_COOKIE_OCTETS_MIN && size <= COOKIE_OCTETS_MAX);
}

enum cookie_verdict cookie_judge(const struct message *reply, struct bytes sent,
                                 struct bytes *ret_server)
{
    struct edns_option option;
    if (!reply->edns.present ||
        !edns_option_find(reply->edns.options, EDNS_OPTION_COOKIE, &option)) {
        return COOKIE_MISSING;
    }
    if (!is_lawful(option.data.size) ||
        memcmp(option.data.data, sent.data, CLIENT_COOKIE_OCTETS) != 0) {
        return COOKIE_WRONG;
    }
    *ret_server = bytes_after(option.data, CLIENT_COOKIE_OCTETS);
    return COOKIE_FITS;
}

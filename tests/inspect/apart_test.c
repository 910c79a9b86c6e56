/* Look-alikes, each beside the other: what tells them apart, and nothing else, differs. */
#include "tests/inspect/internet.h"
#include "tests/mail/test_keys.h"
#include "tests/support/support.h"
#include "wire/rrtype.h"

#define N      "k1._domainkey.c.example. "
#define TARGET "k1.esp.example."
#define KEY    "v=DKIM1; k=rsa; p=" RSA_1024
#define OTHER  "v=DKIM1; k=rsa; p=" RSA_2048
#define SOA    "- c.example. SOA 1800\n"

#define BOTH_FAMILIES                                                                              \
    "- c.example. NS ns1.c.example.\n- c.example. NS ns2.c.example.\n"                             \
    "~ ns1.c.example. A 192.0.2.11\n~ ns2.c.example. A 192.0.2.12\n"                               \
    "~ ns1.c.example. AAAA 2001:db8::11\n~ ns2.c.example. AAAA 2001:db8::12\n"

#define ASKED_CNAME  .owner = "k1._domainkey.c.example.", .type = "CNAME", .value = "k1.esp.example"
#define ASKED_BOUNCE .owner = "bounce.c.example.", .type = "CNAME", .value = "rp.esp.example"
#define ASKED_NOBODYS                                                                              \
    .owner = "k1._domainkey.d.example.", .type = "CNAME", .value = "k1.esp.example"
#define ASKED_KEY .owner = "k1._domainkey.c.example.", .type = "TXT", .value = KEY

static const struct row {
    const char *name;
    const char *owner, *type, *value; /* what was asked for */
    const char *replies[INTERNET_REPLIES_MAX];
    const char *verdict, *cause, *number; /* NULL for none */
    const char *also;                     /* the causes beside it, in order */
    const char *may_be;                   /* what else it may be; NULL for nothing */
    const char *fix;                      /* part of the advice; NULL: whatever it is */
    enum plan_registry registry;
} rows[] = {
    {.name = "all is well", ASKED_CNAME, .verdict = "verified", .also = ""},

    /* --- the same data twice --- */
    {.name = "name servers said twice are the same name servers",
     ASKED_CNAME,
     .replies = {"ns1 c.example. NS\n+ c.example. NS ns1.c.example.\n"
                 "+ c.example. NS ns2.c.example.\n+ c.example. NS ns1.c.example.\n"},
     .verdict = "verified",
     .also = ""},
    {.name = "a third name server is another list than the parent's",
     ASKED_CNAME,
     .replies = {"ns1 c.example. NS\n+ c.example. NS ns1.c.example.\n"
                 "+ c.example. NS ns2.c.example.\n+ c.example. NS ns3.c.example.\n"},
     .verdict = "verified",
     .cause = "parent-differs",
     .number = "F89",
     .also = ""},
    {.name = "every record twice",
     ASKED_CNAME,
     .replies = {"ns1 " N "CNAME\n+ " N "CNAME " TARGET "\n+ " N "CNAME " TARGET "\n"},
     .verdict = "verified",
     .cause = "repeated-records",
     .number = "F110",
     .also = ""},

    /* --- EDNS --- */
    {.name = "no OPT in any answer",
     ASKED_CNAME,
     .replies = {"ns1 " N "any\nbare\n+ " N "CNAME " TARGET "\n",
                 "ns1 c.example. any\nbare\n+ c.example. NS ns1.c.example.\n"
                 "+ c.example. NS ns2.c.example.\n+ c.example. SOA 300\n",
                 "ns1 . any\nbare\n" SOA},
     .verdict = "verified",
     .cause = "edns-overlooked",
     .number = "F106",
     .also = ""},
    {.name = "an OPT is missing once only",
     ASKED_CNAME,
     .replies = {"ns2 " N "CNAME\n+ " N "CNAME " TARGET "\n",
                 "ns1 " N "CNAME\nbare\n+ " N "CNAME " TARGET "\n"},
     .verdict = "verified",
     .also = ""},

    /* --- the name above --- */
    {.name = "an error for the name above",
     ASKED_CNAME,
     .replies = {"ns1 _domainkey.c.example. NS\nrcode REFUSED\n"},
     .verdict = "verified",
     .cause = "stumbles-above",
     .number = "F72",
     .also = ""},
    {.name = "an error for everything by then",
     ASKED_CNAME,
     .replies = {"ns1 _domainkey.c.example. NS\nrcode REFUSED\n", "ns1/case . any\nrcode REFUSED\n",
                 "ns1/small . any\nrcode REFUSED\n"},
     .verdict = "verified",
     .cause = "rate-limited",
     .number = "F111",
     .also = ""},

    /* --- nothing is shown of an alias --- */
    {.name = "an ALIAS whose target has no addresses",
     ASKED_CNAME,
     .replies = {"ns1 " N "any\n" SOA},
     .verdict = "declined",
     .cause = "flattened",
     .number = "F06",
     .also = "",
     .fix = "Use the record type CNAME instead of ALIAS"},
    {.name = "an ALIAS whose target is gone",
     ASKED_CNAME,
     .replies = {"ns1 " N "any\n" SOA,
                 "esp " TARGET " any\nrcode NXDOMAIN\n- esp.example. SOA 60\n"},
     .verdict = "declined",
     .cause = "flattened",
     .number = "F07",
     .also = "",
     .fix = "have its target repaired"},
    {.name = "an ALIAS that shows nothing of the addresses of its target",
     ASKED_CNAME,
     .replies = {"ns1 " N "any\n" SOA, "esp " TARGET " A\n+ " TARGET " A 192.0.2.80\n"},
     .verdict = "declined",
     .cause = "flattened",
     .number = "F07",
     .also = "",
     .fix = "have its target repaired"},
    {.name = "an ALIAS to a name in the zone",
     .owner = "k1._domainkey.c.example.",
     .type = "CNAME",
     .value = "_domainkey.c.example",
     .replies = {"ns1 " N "any\n" SOA},
     .verdict = "declined",
     .cause = "flattened",
     .number = "F05",
     .also = "",
     .fix = "directly to the host outside the zone"},
    {.name = "an ALIAS at a name with nothing below it",
     ASKED_BOUNCE,
     .replies = {"ns1 bounce.c.example. any\n" SOA},
     .verdict = "declined",
     .cause = "flattened",
     .number = "F07",
     .also = ""},
    {.name = "a name that only a key below it makes exist",
     ASKED_BOUNCE,
     .replies = {"ns1 bounce.c.example. any\n" SOA, "ns1 _domainkey.bounce.c.example. any\n" SOA},
     .verdict = "declined",
     .cause = "missing",
     .number = "F23",
     .also = "",
     .may_be = "F17 F18 F91 F06",
     .fix = "Add the record"},
    {.name = "a name that only a policy below it makes exist",
     ASKED_BOUNCE,
     .replies = {"ns1 bounce.c.example. any\n" SOA, "ns1 _dmarc.bounce.c.example. any\n" SOA},
     .verdict = "declined",
     .cause = "missing",
     .number = "F23",
     .also = "",
     .may_be = "F17 F18 F91 F06"},

    /* --- a CNAME where something else was asked for --- */
    {.name = "a CNAME to a host without keys",
     ASKED_KEY,
     .replies = {"ns1 " N "any\n+ " N "CNAME old.esp.example.\n",
                 "esp old.esp.example. any\n- esp.example. SOA 60\n"},
     .verdict = "declined",
     .cause = "alias-instead",
     .number = "F13",
     .also = "",
     .fix = "Delete the CNAME"},
    {.name = "a CNAME to a host that is gone",
     ASKED_KEY,
     .replies = {"ns1 " N "any\n+ " N "CNAME old.esp.example.\n"},
     .verdict = "declined",
     .cause = "alias-instead",
     .number = "F13",
     .also = "",
     .fix = "Delete the CNAME"},
    {.name = "a CNAME where an MX was asked for",
     .owner = "bounce.c.example.",
     .type = "MX",
     .value = "mx.esp.example",
     .replies = {"ns1 bounce.c.example. any\n+ bounce.c.example. CNAME old.esp.example.\n"},
     .verdict = "declined",
     .cause = "alias-instead",
     .number = "F13",
     .also = ""},
    {.name = "a wildcard's CNAME to a host without keys",
     ASKED_KEY,
     .replies = {"ns1 " N "any\n+ " N "CNAME old.esp.example.\n",
                 "ns1 * any\n+ * CNAME old.esp.example.\n"},
     .verdict = "declined",
     .cause = "alias-instead",
     .number = "F30",
     .also = "",
     .fix = "it wins over the wildcard"},
    {.name = "a wildcard's CNAME to a host with another text",
     ASKED_KEY,
     .replies = {"ns1 " N "any\n+ " N "CNAME old.esp.example.\n",
                 "ns1 * any\n+ * CNAME old.esp.example.\n",
                 "esp old.esp.example. TXT\n+ old.esp.example. TXT v=spf1 -all\n"},
     .verdict = "declined",
     .cause = "wildcard-record",
     .number = "F30",
     .also = ""},

    /* --- there is no such domain --- */
    {.name = "nobody has the domain, as far as the DNS tells",
     ASKED_NOBODYS,
     .verdict = "declined",
     .cause = "unregistered",
     .number = "F83",
     .also = "",
     .may_be = "F82",
     .fix = "spelling"},
    {.name = "the domain is on hold",
     ASKED_NOBODYS,
     .registry = REGISTRY_HOLD,
     .verdict = "declined",
     .cause = "unregistered",
     .number = "F82",
     .also = "",
     .fix = "clear the hold"},

    /* --- two things at once --- */
    {.name = "a TXT beside a proxied CNAME",
     ASKED_CNAME,
     .replies = {"ns1 " N "TXT\n+ " N "TXT " KEY "\n", "ns1 " N "A\n+ " N "A 104.24.111.210\n",
                 "ns1 " N "any\n" SOA},
     .verdict = "declined",
     .cause = "text-instead",
     .number = "F26",
     .also = "proxied-beside"},
    {.name = "a TXT below a proxied wildcard",
     ASKED_CNAME,
     .replies = {"ns1 " N "TXT\n+ " N "TXT " KEY "\n", "ns1 " N "A\n+ " N "A 104.24.111.210\n",
                 "ns1 * A\n+ * A 104.24.111.210\n", "ns1 " N "any\n" SOA},
     .verdict = "declined",
     .cause = "text-instead",
     .number = "F26",
     .also = ""},
    {.name = "a wrong target with another key",
     ASKED_CNAME,
     .replies = {"ns1 " N "any\n+ " N "CNAME old.esp.example.\n",
                 "esp old.esp.example. TXT\n+ old.esp.example. TXT " OTHER "\n"},
     .verdict = "declined",
     .cause = "wrong-target",
     .number = "F13",
     .also = "other-key-behind"},
    {.name = "a wrong target with the same key",
     ASKED_CNAME,
     .replies = {"ns1 " N "any\n+ " N "CNAME old.esp.example.\n",
                 "esp old.esp.example. TXT\n+ old.esp.example. TXT " KEY "\n"},
     .verdict = "declined",
     .cause = "wrong-target",
     .number = "F13",
     .also = ""},
    /* --- who refuses --- */
    {.name = "everything is refused",
     ASKED_CNAME,
     .replies = {"ns1 . any\nrcode REFUSED\n", "res . any\nrcode SERVFAIL\n"},
     .verdict = "retry-later",
     .cause = "all-servers-lame",
     .number = "F84",
     .also = "",
     .may_be = "F101"},
    {.name = "everything is refused by who is not in charge",
     ASKED_CNAME,
     .replies = {"ns1 . any\nrcode REFUSED\nede 20\n", "res . any\nrcode SERVFAIL\n"},
     .verdict = "retry-later",
     .cause = "all-servers-lame",
     .number = "F84",
     .also = "",
     .may_be = "F101"},
    {.name = "everything is refused as prohibited",
     ASKED_CNAME,
     .replies = {"ns1 . any\nrcode REFUSED\nede 18\n", "res . any\nrcode SERVFAIL\n"},
     .verdict = "retry-later",
     .cause = "refused",
     .number = "F101",
     .also = ""},
    {.name = "everything is refused, but not to a resolver",
     ASKED_CNAME,
     .replies = {"ns1 . any\nrcode REFUSED\n", "res * any\nrcode NXDOMAIN\n" SOA},
     .verdict = "retry-later",
     .cause = "refused",
     .number = "F101",
     .also = ""},
    {.name = "everything is refused, and a resolver remembers what it was told before",
     ASKED_CNAME,
     .replies = {"ns1 . any\nrcode REFUSED\n", "res " N "CNAME\n+ " N "CNAME " TARGET "\n",
                 "res . any\nrcode SERVFAIL\n"},
     .verdict = "retry-later",
     .cause = "all-servers-lame",
     .number = "F84",
     .also = "",
     .may_be = "F101"},
    {.name = "the zone is not loaded",
     ASKED_CNAME,
     .replies = {"ns1 . any\nrcode SERVFAIL\n", "res . any\nrcode SERVFAIL\n"},
     .verdict = "retry-later",
     .cause = "all-servers-lame",
     .number = "F84",
     .also = "",
     .may_be = "F20 F27"},
    {.name = "one server has not loaded the zone",
     ASKED_CNAME,
     .replies = {"ns2 . any\nrcode SERVFAIL\n"},
     .verdict = "verified",
     .cause = "one-server-bad",
     .number = "F85",
     .also = "",
     .may_be = "F27"},

    {.name = "one server has not loaded the zone, which has a CNAME at its apex",
     ASKED_CNAME,
     .replies = {"ns2 . any\nrcode SERVFAIL\n",
                 "ns1 c.example. CNAME\n+ c.example. CNAME web.example.\n"},
     .verdict = "verified",
     .cause = "one-server-bad",
     .number = "F27",
     .also = "apex-cname-beside"},
    {.name = "one name fails, and the zone does not",
     ASKED_CNAME,
     .replies = {"ns1 " N "any\nrcode SERVFAIL\n"},
     .verdict = "retry-later",
     .cause = "servfail",
     .number = "F100",
     .also = "",
     .may_be = "F07"},

    /* --- where the servers are --- */
    {.name = "nobody answers",
     ASKED_CNAME,
     .replies = {"ns1 . any\nsilence\n", "res . any\nrcode SERVFAIL\n"},
     .verdict = "retry-later",
     .cause = "silent-servers",
     .number = "F103",
     .also = "",
     .may_be = "F90"},
    {.name = "nobody answers, and a resolver knows another address where somebody does",
     ASKED_CNAME,
     .replies = {"other c.example. SOA\n+ c.example. SOA 300\n",
                 "res ns1.c.example. A\n+ ns1.c.example. A 192.0.2.99\n",
                 "res " N "CNAME\n+ " N "CNAME " TARGET "\n", "ns1 . any\nsilence\n"},
     .verdict = "retry-later",
     .cause = "stale-glue",
     .number = "F90",
     .also = ""},
    {.name = "nobody answers, and nobody does at another address that a resolver knows",
     ASKED_CNAME,
     .replies = {"other . any\nsilence\n", "res ns1.c.example. A\n+ ns1.c.example. A 192.0.2.99\n",
                 "res " N "CNAME\n+ " N "CNAME " TARGET "\n", "ns1 . any\nsilence\n"},
     .verdict = "retry-later",
     .cause = "silent-servers",
     .number = "F103",
     .also = "",
     .may_be = "F90"},
    {.name = "one server is down",
     ASKED_CNAME,
     .replies = {"ns2 . any\nsilence\n"},
     .verdict = "verified",
     .cause = "one-server-bad",
     .number = "F85",
     .also = ""},
    {.name = "one server is elsewhere",
     ASKED_CNAME,
     .replies = {"ns2 . any\nsilence\n", "ns1 ns2.c.example. A\n+ ns2.c.example. A 192.0.2.99\n"},
     .verdict = "verified",
     .cause = "glue-differs",
     .number = "F90",
     .also = "one-server-bad"},

    /* --- signatures --- */
    {.name = "signed by all",
     ASKED_CNAME,
     .replies = {"cd c.example. DS\n+ c.example. DS\n",
                 "ns1 c.example. DNSKEY\n+ c.example. DNSKEY\n"},
     .verdict = "verified",
     .also = ""},
    {.name = "signed by one",
     ASKED_CNAME,
     .replies = {"cd c.example. DS\n+ c.example. DS\n", "ns2 c.example. DNSKEY\n" SOA,
                 "ns1 c.example. DNSKEY\n+ c.example. DNSKEY\n"},
     .verdict = "retry-later",
     .cause = "one-signs",
     .number = "F97",
     .also = ""},
    {.name = "signed by one, and nobody vouches for that",
     ASKED_CNAME,
     .replies = {"ns2 c.example. DNSKEY\n" SOA, "ns1 c.example. DNSKEY\n+ c.example. DNSKEY\n"},
     .verdict = "verified",
     .also = ""},
    {.name = "signed by nobody",
     ASKED_CNAME,
     .replies = {"cd c.example. DS\n+ c.example. DS\n"},
     .verdict = "retry-later",
     .cause = "unsigned-with-ds",
     .number = "F95",
     .also = ""},
    {.name = "signed by nobody who was heard",
     ASKED_CNAME,
     .replies = {"cd c.example. DS\n+ c.example. DS\n", "ns2 c.example. DNSKEY\nsilence\n"},
     .verdict = "verified",
     .also = ""},
    {.name = "a failure that does not say why, of all names of a signed zone",
     ASKED_CNAME,
     .replies = {"cd c.example. DS\n+ c.example. DS\n", "res . any\nrcode SERVFAIL\n",
                 "ns1 c.example. DNSKEY\n+ c.example. DNSKEY\n"},
     .verdict = "retry-later",
     .cause = "stale-ds",
     .number = "F95",
     .also = ""},
    {.name = "a failure that does not say why, of one name of a signed zone",
     ASKED_CNAME,
     .replies = {"cd c.example. DS\n+ c.example. DS\n", "res " N "any\nrcode SERVFAIL\n",
                 "ns1 c.example. DNSKEY\n+ c.example. DNSKEY\n"},
     .verdict = "retry-later",
     .cause = "cached-failure",
     .number = "F76",
     .also = ""},
    {.name = "a target that fails, in a signed zone where all fails",
     ASKED_CNAME,
     .replies = {"cd esp.example. DS\n+ esp.example. DS\n", "res " N "TXT\nrcode SERVFAIL\n",
                 "res * any\nrcode SERVFAIL\n"},
     .verdict = "retry-later",
     .cause = "bogus-target",
     .number = "F99",
     .also = ""},
    {.name = "a target that fails, in a signed zone where nothing else does",
     ASKED_CNAME,
     .replies = {"cd esp.example. DS\n+ esp.example. DS\n", "res " N "TXT\nrcode SERVFAIL\n"},
     .verdict = "retry-later",
     .cause = "cached-failure",
     .number = "F76",
     .also = ""},
    {.name = "a target that fails, in a zone that is not signed",
     ASKED_CNAME,
     .replies = {"res " N "TXT\nrcode SERVFAIL\n", "res * any\nrcode SERVFAIL\n"},
     .verdict = "retry-later",
     .cause = "cached-failure",
     .number = "F76",
     .also = ""},
    {.name = "nothing there, and that does not validate",
     ASKED_CNAME,
     .replies = {"ns1 " N "any\nrcode NXDOMAIN\n" SOA, "res " N "any\nrcode SERVFAIL\nede 12\n"},
     .verdict = "declined",
     .cause = "missing",
     .number = "F23",
     .also = "bogus-denial",
     .may_be = "F17 F18 F91"},
    {.name = "nothing there, and a resolver remembers a failure",
     ASKED_CNAME,
     .replies = {"ns1 " N "any\nrcode NXDOMAIN\n" SOA, "res " N "any\nrcode SERVFAIL\nede 22\n"},
     .verdict = "declined",
     .cause = "missing",
     .number = "F23",
     .also = "",
     .may_be = "F17 F18 F91"},

    /* --- by place --- */
    {.name = "another answer for who is elsewhere, of a server that goes by place",
     ASKED_CNAME,
     .replies = {"ns1/option " N "CNAME\n+ " N "CNAME " TARGET "\necs\n",
                 "ns1/south " N "CNAME\n+ " N "CNAME old.esp.example.\necs\n"},
     .verdict = "retry-later",
     .cause = "differs-by-place",
     .number = "F92",
     .also = ""},
    {.name = "the same answer everywhere, of a server that goes by place",
     ASKED_CNAME,
     .replies = {"ns1/option " N "CNAME\n+ " N "CNAME " TARGET "\necs\n"},
     .verdict = "verified",
     .also = ""},
    {.name = "silence for who is elsewhere, of a server that goes by place",
     ASKED_CNAME,
     .replies = {"ns1/option " N "CNAME\n+ " N "CNAME " TARGET "\necs\n",
                 "ns1/south " N "CNAME\nsilence\n"},
     .verdict = "verified",
     .also = ""},

    {.name = "one thing over IPv4 and another over IPv6",
     ASKED_CNAME,
     .replies = {"root " N "CNAME\n" BOTH_FAMILIES, "ns1v6 " N "any\nrcode NXDOMAIN\n" SOA,
                 "ns2v6 " N "any\nrcode NXDOMAIN\n" SOA},
     .verdict = "retry-later",
     .cause = "differing-servers",
     .number = "F91",
     .also = ""},
    {.name = "one thing at one server and another at the other",
     ASKED_CNAME,
     .replies = {"root " N "CNAME\n" BOTH_FAMILIES, "ns2 " N "any\nrcode NXDOMAIN\n" SOA,
                 "ns2v6 " N "any\nrcode NXDOMAIN\n" SOA},
     .verdict = "retry-later",
     .cause = "differing-servers",
     .number = "F87",
     .also = ""},

    /* --- who was not heard --- */
    {.name = "nothing there, and a resolver inside shows it",
     ASKED_CNAME,
     .replies = {"ns1 " N "any\nrcode NXDOMAIN\n" SOA, "res " N "CNAME\n+ " N "CNAME " TARGET "\n"},
     .verdict = "retry-later",
     .cause = "split-view",
     .number = "F91",
     .also = ""},
    {.name = "nothing there, and a resolver that might show it is silent",
     ASKED_CNAME,
     .replies = {"ns1 " N "any\nrcode NXDOMAIN\n" SOA, "res " N "CNAME\nsilence\n"},
     .verdict = "retry-later",
     .cause = "temporary",
     .also = ""},

    {.name = "the same answer everywhere, through a CNAME",
     ASKED_KEY,
     .replies = {"ns1/option " N "TXT\n+ " N "CNAME " TARGET "\necs\n",
                 "ns1 " N "any\n+ " N "CNAME " TARGET "\n"},
     .verdict = "verified",
     .also = ""},
    {.name = "another CNAME for who is elsewhere",
     ASKED_KEY,
     .replies = {"ns1/option " N "TXT\n+ " N "CNAME " TARGET "\necs\n",
                 "ns1/asia " N "TXT\n+ " N "CNAME old.esp.example.\necs\n",
                 "ns1 " N "any\n+ " N "CNAME " TARGET "\n"},
     .verdict = "retry-later",
     .cause = "differs-by-place",
     .number = "F92",
     .also = ""},

    /* --- letters of mixed case --- */
    {.name = "a denial in mixed case, of a text that is reached through a CNAME",
     ASKED_KEY,
     .replies = {"ns1/case " N "TXT\nrcode NXDOMAIN\n" SOA,
                 "ns1 " N "any\n+ " N "CNAME " TARGET "\n"},
     .verdict = "verified",
     .cause = "minds-case",
     .number = "F108",
     .also = ""},
    {.name = "no denial of it",
     ASKED_KEY,
     .replies = {"ns1 " N "any\n+ " N "CNAME " TARGET "\n"},
     .verdict = "verified",
     .also = ""},

    /* --- who says the same, and who does not --- */
    {.name = "one key, and a second one beside it at one server",
     ASKED_KEY,
     .replies = {"ns2 " N "TXT\n+ " N "TXT " KEY "\n+ " N "TXT " OTHER "\n",
                 "ns1 " N "TXT\n+ " N "TXT " KEY "\n"},
     .verdict = "retry-later",
     .cause = "differing-servers",
     .number = "F87",
     .also = ""},
    {.name = "another CNAME at one server, where a text was asked for",
     ASKED_KEY,
     .replies = {"ns2 " N "any\n+ " N "CNAME old.esp.example.\n",
                 "ns1 " N "any\n+ " N "CNAME " TARGET "\n"},
     .verdict = "retry-later",
     .cause = "differing-servers",
     .number = "F87",
     .also = ""},

    /* --- who says the record, but not so that it counts --- */
    {.name = "an SPF mechanism behind all",
     .owner = "c.example.",
     .type = "TXT",
     .value = "v=spf1 include:esp.example ~all",
     .replies = {"ns1 c.example. TXT\n+ c.example. TXT v=spf1 mx -all include:esp.example\n"},
     .verdict = "declined",
     .cause = "incomplete-policy",
     .also = ""},
    {.name = "an SPF mechanism before all",
     .owner = "c.example.",
     .type = "TXT",
     .value = "v=spf1 include:esp.example ~all",
     .replies = {"ns1 c.example. TXT\n+ c.example. TXT v=spf1 mx include:esp.example -all\n",
                 "res c.example. TXT\n+ c.example. TXT v=spf1 mx include:esp.example -all\n"},
     .verdict = "verified",
     .also = ""},

    /* --- behind a CNAME --- */
    {.name = "a key and another text behind the CNAME",
     ASKED_CNAME,
     .replies = {"esp " TARGET " TXT\n+ " TARGET " TXT " KEY "\n+ " TARGET " TXT hello\n"},
     .verdict = "retry-later",
     .cause = "several-target-keys",
     .number = "F33",
     .also = ""},
    {.name = "two halves of a key behind the CNAME",
     ASKED_CNAME,
     .replies = {"esp " TARGET " TXT\n+ " TARGET " TXT v=DKIM1; p=MIGfMA0GCSqGSIb3\n"
                 "+ " TARGET " TXT DQEBAQUAA4GNADCBiQKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7\n"},
     .verdict = "retry-later",
     .cause = "several-target-keys",
     .number = "F35",
     .also = ""},

    {.name = "quotation marks at one server",
     ASKED_KEY,
     .replies = {"ns2 " N "TXT\n+ " N "TXT \"" KEY "\"\n", "ns1 " N "TXT\n+ " N "TXT " KEY "\n"},
     .verdict = "retry-later",
     .cause = "differing-servers",
     .number = "F87",
     .also = ""},
};

static const struct inspected *judge(struct arena *arena, const struct row *row)
{
    static struct plan_record record;
    const struct name owner = name_of_text(row->owner);
    const char *why = "";
    uint16_t type = 0;
    ck_assert(rrtype_parse(bytes_of_string(row->type), &type));
    ck_assert_msg(plan_record_make(&owner, type, bytes_of_string(row->value), &record, &why), "%s",
                  why);
    record.hints.registry = row->registry;
    return internet_judge(arena, &record, row->replies);
}

START_TEST(each_by_its_own_name)
{
    const struct row *row = &rows[_i];
    struct arena arena;
    char also[256] = "";
    arena_init(&arena, 4U << 20);
    const struct inspected *inspected = judge(&arena, row);
    for (size_t i = 0; i < inspected->also_count; i++) {
        strcat(also, i > 0 ? " " : "");
        strcat(also, inspected->also[i]->slug);
    }
    char may_be[64] = "";
    for (size_t i = 0; inspected->evidence.candidates[i] != NULL; i++) {
        strcat(may_be, i > 0 ? " " : "");
        strcat(may_be, inspected->evidence.candidates[i]);
    }
    ck_assert_str_eq(may_be, row->may_be == NULL ? "" : row->may_be);
    ck_assert_pstr_eq(inspected->cause == NULL ? NULL : inspected->cause->slug, row->cause);
    ck_assert_pstr_eq(inspected_number(inspected), row->number);
    ck_assert_str_eq(setup_verdict_name(inspected->verdict), row->verdict);
    ck_assert_str_eq(also, row->also);
    char fix[1024] = "";
    struct text text = text_in(fix, sizeof fix);
    inspected_fix_put(&text, inspected);
    ck_assert_msg(row->fix == NULL || strstr(fix, row->fix) != NULL, "%s", fix);
    ck_assert_uint_gt(inspected->evidence.proof_count, 0);
    arena_free(&arena);
}
END_TEST

/* "What was asked for" is there to see: it has to be said why it does not count. */
START_TEST(a_mechanism_behind_all_is_told_in_words)
{
    struct arena arena;
    char line[8192];
    struct text text = text_in(line, sizeof line);
    size_t at = 0;
    while (strcmp(rows[at].name, "an SPF mechanism behind all") != 0) {
        at++;
    }
    arena_init(&arena, 4U << 20);
    inspected_why_put(&text, judge(&arena, &rows[at]));
    ck_assert_ptr_nonnull(strstr(line, "behind \"all\""));
    arena_free(&arena);
}
END_TEST

START_TEST(what_is_wrong_at_one_server_is_told_in_words)
{
    struct arena arena;
    char line[8192];
    struct text text = text_in(line, sizeof line);
    arena_init(&arena, 4U << 20);
    inspected_why_put(&text, judge(&arena, &rows[COUNT_OF(rows) - 1]));
    ck_assert_ptr_nonnull(strstr(line, "What is wrong: "));
    arena_free(&arena);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("apart");
    add_rows(suite, each_by_its_own_name, rows);
    add_test(suite, a_mechanism_behind_all_is_told_in_words);
    add_test(suite, what_is_wrong_at_one_server_is_told_in_words);
    return suite;
}

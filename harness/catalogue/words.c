/* The words that the catalogue's texts use, for readers who have never run a name server. */
#include "harness/catalogue/rows.h"

const struct catalogue_word catalogue_words[] = {
    {"Name, label",
     "`k1._domainkey.customer.example` is a name; the parts between its dots are labels. The last "
     "label is the most general one: `customer.example` lies below `example`. Capital and small "
     "letters are the same. A dot at the very end says that the name is complete and that nothing "
     "is to be added to it."},
    {"Record, type, TTL",
     "What the DNS holds at a name. A record has a type: A and AAAA are addresses, MX says who "
     "takes a domain's mail, NS who serves a zone, TXT is text (a DKIM key, say). Its TTL says for "
     "how many seconds whoever has asked may remember it."},
    {"Octet, hexadecimal, dig",
     "An octet is a number from 0 to 255, and a text is a row of them. Where a text has to be "
     "looked at closely, its octets are written as two signs each, 00 to ff: 22 is a quotation "
     "mark, 3b a semicolon, 5c a backslash. `dig` is the program with which most people ask the "
     "DNS; `dig TXT NAME` prints the text at a name, with marks of its own around it."},
    {"CNAME",
     "A record that says: this name is only another word for that one, its target. Who asks for "
     "the key at a name with a CNAME is led to the target and gets the key that is there. A name "
     "with a CNAME has no other records. Mail providers like it, because they can change the key "
     "at the target without asking their customer again."},
    {"Zone, apex, name server",
     "The part of the names that one customer runs is her zone, here `customer.example` and all "
     "below; its topmost name is its apex. Name servers hold the zone and answer for it with "
     "authority. Her DNS provider runs them for her, and gives her a form in which she edits the "
     "zone."},
    {"Delegation, registrar, registry",
     "The zone above (`example`) says by NS records which name servers a zone has. Only those "
     "count: a server that nobody delegates to is asked by nobody. The registry runs the zone "
     "above; the registrar is the company where the customer bought her domain, and enters for her "
     "which name servers it has. That need not be the company that runs them."},
    {"Resolver, cache",
     "Programs do not ask name servers themselves. They ask a resolver, which begins at the root "
     "of all names, follows the delegations, and remembers in its cache what it was told, for as "
     "long as the TTL says."},
    {"NXDOMAIN, NODATA",
     "The two ways to say no. NXDOMAIN: there is no such name. NODATA: the name exists, but has no "
     "record of the type asked for; it is sent as a success with nothing in it. A name exists also "
     "if only a name below it has records: that is an empty non-terminal."},
    {"SOA, negative TTL",
     "Each zone has one SOA record, and a server that says no sends it along. Its last number is "
     "called minimum and says for how long the no may be remembered, unless the SOA's own TTL is "
     "less: 1800 are half an hour. This is why a record that was added just now may still be "
     "missing for half an hour: "
     "the no from before is in a cache. A record asked for before it was added takes longest to "
     "appear. Another of its numbers is the serial, which grows with every change: a server with a "
     "smaller one has an older copy of the zone."},
    {"SERVFAIL, REFUSED, silence",
     "The server, or everybody the resolver could ask, is in trouble. That says nothing about the "
     "record, so nothing should be concluded from it but to ask again later."},
    {"Wildcard",
     "A record at `*.customer.example` answers for every name below `customer.example` that does "
     "not exist, and for none that does. A name below which something exists does exist."},
    {"Proxy",
     "A company that stands before a web server and takes its visitors. For names that it "
     "protects, the DNS has to show the proxy's own addresses, and so a CNAME at such a name is "
     "hidden. Right for web sites, wrong for a name that is there for its key."},
    {"Flattening, ALIAS, ANAME",
     "A name server follows a CNAME, or a record of its own kind called ALIAS or ANAME, itself and "
     "shows the addresses at its end as if they were the name's own. Nothing else at the target is "
     "shown. A key host has no address, and nothing is left."},
    {"DKIM, selector, key record",
     "Mail is signed; whoever receives it finds the key at SELECTOR`._domainkey.`DOMAIN as a TXT "
     "record such as `v=DKIM1; k=rsa; p=MIIB…`. It is a list of tags, `p=` is the key in base64, "
     "which writes octets as letters, digits, + and /."},
    {"SPF, DMARC, return path, tracking host",
     "What else a mail provider asks for. SPF is a TXT record that lists who may send a domain's "
     "mail, `v=spf1 …`; DMARC one at `_dmarc` that says what to do with mail that fails, "
     "`v=DMARC1; …`. The return path is the name to which undeliverable mail comes back, the "
     "tracking host the one to which links in the mail lead; both are usually CNAMEs to the "
     "provider's own hosts."},
    {"Character-string",
     "A TXT record is one or more strings of at most 255 octets. Readers of keys join them with "
     "nothing between. A 2048-bit key needs two."},
    {"Verifier; pass, fail, permerror, temperror, neutral, policy",
     "A verifier is the program of whoever receives mail that checks signatures, and this is what "
     "it says of one (RFC 8601). pass: it holds. fail: the key does not fit "
     "it. permerror: there is no usable key, and asking again will not help. temperror: the key "
     "could not be got, ask again. neutral and policy: the record or the signature is not fit to "
     "be judged, or not accepted."},
    {"Set-up check",
     "The mail provider's look at the records it asked for. It says verified, declined (something "
     "is wrong, and what), or retry-later (it could not find out, or nothing on the customer's "
     "side has "
     "to change)."},
    {.word = NULL},
};

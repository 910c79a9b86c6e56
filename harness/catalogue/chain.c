#include "harness/catalogue/rows.h"

static const struct failure failures[] = {
    {
        .number = 63,
        .slug = "chain-too-long",
        .title = "Chain too long",
        .story = "The customer's CNAME leads to a name that is a CNAME itself, and so on, link "
                 "after link. Resolvers follow only so many, lest somebody send them round for "
                 "ever: the PowerDNS recursor ten, Unbound and BIND eleven, Knot Resolver "
                 "twelve, older versions of Unbound eight. A chain of eleven works at one "
                 "receiver of her mail and not at the next.",
        .wire = "Asked for the key, the resolver says SERVFAIL, some with the part of the chain "
                "that they followed. Asked link by link, every server answers well.",
        .reports = "A verifier behind a resolver that gives up says temperror; behind one that "
                   "goes on it passes. A set-up check says retry-later where its own resolver "
                   "gives up; where that goes on, it verifies and warns of those that do not.",
        .apart = "Follow the chain one name at a time, each at its own servers, and count. A "
                 "loop (F64) comes back to a name it had before; a target whose servers fail "
                 "(F67) ends at a server that says so.",
        .fix = "Shorten the chain: let the customer's record point as near to the key as "
               "possible. Providers should need no more than one or two links of their own.",
    },
    {
        .number = 64,
        .slug = "cname-loop",
        .title = "CNAME loop",
        .story = "A name points to another that points back to it. It happens when a customer "
                 "and a provider each take the other's name for the place where the key is, or "
                 "when an old record survives a migration.",
        .wire = "The resolver says SERVFAIL. Some say success and show the links, with no key "
                "at the end. Each server by itself answers well.",
        .reports = "A verifier says temperror; some say permerror. A set-up check must not verify: "
                   "waiting does not mend a loop.",
        .apart = "Follow the chain one name at a time: a name comes twice. In a chain that is "
                 "only too long (F63) no name does.",
        .fix = "Find the link that points the wrong way, and correct it. The mail provider can "
               "tell which name the key is at.",
    },
    {
        .number = 65,
        .slug = "dangling-target",
        .title = "The target does not exist",
        .story = "The customer added what she was asked for. The name it points to does not "
                 "exist, or no longer: the provider never made it, made it under another name, "
                 "or removed it when a contract ended.",
        .wire = "The answer holds her CNAME and says NXDOMAIN all the same: her name exists, "
                "its target does not. The SOA in the answer is of the provider's zone.",
        .reports = "A verifier says permerror, no key for signature. A set-up check should say "
                   "that the record is right and the target is missing. It never declines the "
                   "customer for it.",
        .apart = "Look at the last name of the chain. If it ends in the customer's own domain, a "
                 "final dot is missing (F11). If the name exists and only the key is missing, it "
                 "is F66. If no CNAME comes at all, the record is not there (F23).",
        .fix = "Nothing for the customer to do, if her record says what she was asked for: the "
               "provider has to create the target. Otherwise copy the value again.",
    },
    {
        .number = 66,
        .slug = "target-without-key",
        .title = "The target exists and has no TXT",
        .story = "The customer's record is right and its target exists, with an address or with "
                 "something else. The key is not there: the provider forgot to publish it, or "
                 "removed it while changing keys.",
        .wire = "The answer holds her CNAME and nothing more: success without a key, NODATA. "
                "The SOA beside it is of the provider's zone, and that is the proof of whose "
                "fault it is.",
        .reports = "A verifier says permerror, no key for signature. A set-up check says that the "
                   "target has no key, and does not decline the record.",
        .apart = "The CNAME is in the answer, so nothing hides it, as a proxy would (F01). The "
                 "target's own server says NODATA; NXDOMAIN would be F65.",
        .fix = "Nothing for the customer to do: the provider has to publish the key.",
    },
    {
        .number = 67,
        .slug = "target-failing",
        .title = "The target's servers fail",
        .story = "The customer's record is right and her servers answer. The servers of the zone "
                 "it leads into fail or do not answer: the mail provider has an outage.",
        .wire = "Her own servers show the CNAME, in answer to a question for CNAME. A resolver "
                "asked for the key says SERVFAIL, or nothing for many seconds.",
        .reports = "A verifier says temperror. A set-up check says retry-later, and must not say "
                   "that the record is missing.",
        .apart = "Ask the customer's servers for the CNAME, and the target's servers for the "
                 "key: the one answers, the others do not. If the customer's servers fail too, "
                 "see F84, F100 and F103.",
        .fix = "Wait. The provider's own people have to mend it, and every customer of theirs "
               "sees the same.",
    },
    {
        .number = 68,
        .slug = "cname-not-followed",
        .title = "A reader that does not follow CNAMEs",
        .story = "Everything in the DNS is right. A program between the verifier and the "
                 "resolver, or the verifier itself, takes the CNAME for the whole answer and "
                 "does not go on to its target. Small forwarders in routers do that, and so did "
                 "several mail programs.",
        .wire = "Through that program: success, one CNAME, no key. Through any other resolver: "
                "the CNAME and the key.",
        .reports = "The verifier says permerror, no key for signature, and is wrong. Verifiers "
                   "that ask again for the target by themselves pass. A set-up check that uses a "
                   "sound resolver verifies.",
        .apart = "Other verifiers pass the same message, and another resolver shows the key. In "
                 "F66 no resolver does.",
        .fix = "Let the verifier use a full resolver, or upgrade it. The customer has nothing "
               "to change.",
    },
    {
        .number = 69,
        .slug = "dname",
        .title = "DNAME on the way",
        .story = "The mail provider moved a whole branch of names with one record, a DNAME: it "
                 "says that every name below this one is found below that one. Servers make a "
                 "CNAME out of it for each name asked for. Some readers have never met a DNAME "
                 "and stop at it.",
        .wire = "The answer holds the DNAME, the CNAME made from it, and the key. That is as it "
                "should be.",
        .reports = "Verifiers pass. OpenDKIM as Debian ships it says temperror (\"unexpected type "
                   "39\"). A set-up check verifies.",
        .apart = "A DNAME is in the answer, and only some verifiers fail. If all fail, follow "
                 "the chain on: the fault is behind it (F65, F66).",
        .fix = "Upgrade the verifier. A provider who wants peace publishes plain CNAMEs "
               "instead.",
    },
    {.number = 0},
};

const struct failure_family family_chain = {
    .slug = "chain",
    .numeral = "V",
    .title = "The CNAME chain",
    .about = "The record that a customer adds is usually a CNAME: it sends whoever asks on "
             "to a name of the mail provider's, where the key is. That name may send on "
             "again. Each link is a promise by somebody else, and a chain is as good as its "
             "worst link. In all of these failures but the loop the customer's own record is "
             "right, and telling her to change it would be wrong.",
    .failures = failures,
};

#include "harness/catalogue/rows.h"

static const struct failure failures[] = {
    {
        .number = 95,
        .slug = "stale-ds",
        .title = "DS left behind by a move",
        .story = "The customer moved to another DNS provider, who does not sign or signs with "
                 "another key. The fingerprint of the old key is still in the zone above. For "
                 "all who validate, everything that the new servers say is forged.",
        .wire = "SERVFAIL through a resolver that validates, with extended error 9 (key "
                "missing) or 10 (signatures missing). With checking off, the right record. A DS "
                "record above, and no key that fits it.",
        .reports = "A verifier says temperror, for the whole domain. A set-up check says "
                   "retry-later and names the DS record, also where its own resolver does not "
                   "validate and sees the record: others do.",
        .apart = "With checking off it works: so it is neither the servers (F84) nor the network "
                 "(F103). Signatures that are there and out of date are F96.",
        .fix = "Remove the DS record at the registrar, or replace it by the new provider's. It "
               "is remembered for as long as its TTL, often a day.",
        .waits = "DNSSEC validation",
    },
    {
        .number = 96,
        .slug = "signature-time",
        .title = "Signature expired or not yet valid",
        .story = "Signatures hold for a few weeks and are to be made anew. The job that does so "
                 "has stopped, or the clock of the machine is wrong.",
        .wire = "SERVFAIL through a resolver that validates, with extended error 7 (expired) or "
                "8 (not yet valid). The dates stand in the RRSIG records.",
        .reports =
            "A verifier says temperror. A set-up check says retry-later and names the cause.",
        .apart = "Compare the dates of the signatures with today. If there are no signatures at "
                 "all it is F95.",
        .fix = "Sign the zone anew, and mend whatever should have done it.",
        .waits = "DNSSEC validation",
    },
    {
        .number = 97,
        .slug = "one-signs",
        .title = "Two providers, one signs",
        .story = "The zone is served by two DNS providers, for safety. One signs, the other does "
                 "not, or each signs with a key that the other does not know.",
        .wire = "The servers of one give signatures and a DNSKEY record, those of the other do "
                "not. Through a resolver that validates: by turns the record and SERVFAIL.",
        .reports =
            "A verifier passes or says temperror, by turns. A set-up check asks every server "
            "for the zone's key, and says retry-later.",
        .apart = "Ask every server for DNSKEY and compare. If all agree and it fails all the "
                 "same, it is F95 or F96.",
        .fix = "Let both sign, each publishing the other's key too (the providers call it "
               "multi-signer), or let only one serve the zone, or stop signing.",
        .waits = "DNSSEC validation",
    },
    {
        .number = 98,
        .slug = "bogus-denial",
        .title = "A denial that does not hold",
        .story = "The records that prove a \"no\" are wrong: they leave out what exists, or cover "
                 "the wrong stretch of names. What exists can be proved; what does not exist "
                 "cannot be denied.",
        .wire = "Existing names: well. Names that do not exist: SERVFAIL through a resolver "
                "that validates, often with extended error 12, and NXDOMAIN with checking off.",
        .reports = "For a missing record a verifier says temperror where permerror would be right. "
                   "A set-up check that only asks such a resolver never hears that the record is "
                   "missing. This one asks the servers too, says that it is, and why nobody else "
                   "hears of it.",
        .apart = "Existing names work. In F95 and F96 nothing does.",
        .fix = "The DNS provider has to mend its signer. Adding the missing record helps the "
               "customer at once.",
        .waits = "DNSSEC validation",
    },
    {
        .number = 99,
        .slug = "bogus-target",
        .title = "CNAME signed well, target not",
        .story = "The customer's zone is in order, signed or not. Her CNAME leads into the mail "
                 "provider's zone, and that one's signatures do not hold.",
        .wire = "Her CNAME validates. Asked for the key, a resolver that validates says "
                "SERVFAIL; with checking off, the key.",
        .reports = "A verifier says temperror, for every customer of that provider. A set-up check "
                   "says retry-later and does not decline.",
        .apart = "Validate each link of the chain by itself: the customer's holds, the next one "
                 "does not. A target whose servers fail by themselves (F67) fails with checking "
                 "off as well.",
        .fix = "The mail provider has to mend its zone. The customer can only wait.",
        .waits = "DNSSEC validation",
    },
    {.number = 0},
};

const struct failure_family family_dnssec = {
    .slug = "dnssec",
    .numeral = "VIII",
    .title = "DNSSEC",
    .about = "A zone may be signed. Then the zone above holds a fingerprint of its key, the "
             "DS record, each record comes with a signature (RRSIG), and each \"no\" with a "
             "signed record (NSEC) that proves it. A resolver that validates checks all that "
             "and, where anything is wrong, throws the answer away and says SERVFAIL: better "
             "no answer than a forged one. So a small slip in the signatures makes a whole "
             "domain vanish, for those who validate and for nobody else.\n\n"
             "Two facts find every failure of this family: the same question with checking "
             "switched off (the CD flag) succeeds, and the extended error beside SERVFAIL "
             "says what did not hold.",
    .failures = failures,
};

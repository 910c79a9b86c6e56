/* The table of causes. Rows are weighed from top to bottom, and a row may rely on those above it
 * being ruled out; each says what tells it from its look-alikes. Facts of the catalogue: B2. */
#include "inspect/cause.h"
#include "inspect/cause_rows.h"

const struct cause causes[] = {
    {
        .slug = "unregistered",
        .number = "F83",
        .others = "F82",
        .verdict = SETUP_DECLINED,
        .class = CLASS_MISSING_NXDOMAIN,
        .title = "the domain is not in the DNS",
        .why = "The registry's own servers say that there is no such domain.",
        .fix = "Check the domain's spelling; if it is right, ask the registrar whether it is "
               "registered, or on hold until its owner's address is confirmed.",
        .doc = "NXDOMAIN from the servers of the zone below which domains are registered, with "
               "their own SOA. A domain on hold (F82) and one that was never registered (F83) look "
               "alike in the DNS; the registry's status tells them apart.",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_unregistered,
    },
    {
        .slug = "no-way-down",
        .number = NULL,
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "the servers above the domain give no usable answer",
        .why = "The check did not get down to the domain: none of the servers of a zone above it, "
               "the root or a registry's, gives a usable answer. Nothing is known of the domain.",
        .fix = "Check again later; nothing is to be done at the domain.",
        .doc = "No referral, no answer and no denial from any server of the root, or of a zone "
               "below which a registry registers domains. At the root that is mostly the network "
               "where the check runs: a firewall, or a resolver that answers in others' place.",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_no_way_down,
    },
    {
        .slug = "parked",
        .number = "F81",
        .verdict = SETUP_DECLINED,
        .class = CLASS_MISSING_NXDOMAIN,
        .title = "the domain is parked",
        .why = "The domain is delegated to the servers of a parking service: it has expired, "
               "or is for sale.",
        .fix = "Renew the domain at its registrar, and set its name servers back.",
        .doc = "A server of the referral is one of a parking service's, by its name. Such "
               "servers answer to every name.",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_parked,
    },
    {
        .slug = "dangling-servers",
        .number = "F88",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "the name servers do not exist",
        .why = "The domain is delegated to name servers whose own names lead nowhere.",
        .fix = "Correct the names of the domain's name servers at the registrar.",
        .doc = "The parent's referral names servers without glue, and no address is found for any "
               "of them. Whoever registers such a name takes the domain over.",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_dangling_servers,
    },
    {
        .slug = "circular-delegation",
        .number = "F90",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "the delegation leads back to itself",
        .why = "The name servers' own addresses lie in the zone that they serve, and the parent "
               "does not give them.",
        .fix = "Have the registrar enter the name servers' addresses (glue), or use name servers "
               "under another domain.",
        .doc = "The parent's referral names servers inside the zone itself and gives no address of "
               "theirs: to find it one would have to ask them.",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_circular_delegation,
    },
    {
        .slug = "stale-glue",
        .number = "F90",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "the registry has old addresses of the name servers",
        .why = "The name servers have moved to other addresses, and the registry still gives the "
               "old ones, where nobody is in charge of the zone.",
        .fix = "At the registrar, enter the name servers' new addresses (glue, or host records).",
        .doc = "No delegated address is of use, and somebody knows another one for the same name "
               "server, where the zone is answered for: a resolver that remembers, or the DNS host "
               "where the record was typed. Without them it looks like silence (F103) or a lame "
               "delegation (F84).",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_stale_glue,
    },
    {
        .slug = "delegated-away",
        .number = "F19",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "a part of the domain is delegated to nobody",
        .why =
            "The name lies in a part of the domain that the domain's own zone delegates to other "
            "name servers, and they are of no use.",
        .fix = "In the domain's own zone, take that delegation (the NS records) away and keep the "
               "record there; or have those name servers serve that part, with the record in it.",
        .doc =
            "The referral comes from servers of the domain itself and not of a registry, and the "
            "servers that it names do not exist (F88), are not in charge (F84) or are silent "
            "(F103): no registrar can help. Where they answer, and do not have the record, it is "
            "shadowed.",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_delegated_away,
    },
    {
        .slug = "all-servers-lame",
        .number = "F84",
        .others = "F90",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "no server is in charge of the zone",
        .why = "None of the name servers that the domain is delegated to knows the zone.",
        .fix = "At the registrar, enter the name servers where the zone really is; or load the "
               "zone at those that are entered.",
        .doc = "Every delegated server refuses, refers elsewhere or answers without authority, the "
               "zone's SOA included. Where the SOA is answered, where the refusal says that it is "
               "prohibited (RFC 8914), or where a resolver elsewhere gets answers of the zone, it "
               "is REFUSED (F101). SERVFAIL for everything may be a zone with an error in it.",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_all_lame,
    },
    {
        .slug = "refused",
        .number = "F101",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "the servers refuse the question",
        .why = "The zone's servers are in charge of it, and refuse to answer this question.",
        .fix = "Have whoever runs the name servers allow everybody to ask them.",
        .doc = "REFUSED to the record's question from every server, while the SOA is answered; or "
               "REFUSED to all, with extended error 18 (Prohibited), or while a resolver elsewhere "
               "gets answers to questions never asked before.",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_refused,
    },
    {
        .slug = "servfail",
        .number = "F100",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "the servers fail",
        .why = "The zone's servers say that they fail.",
        .fix = "Have whoever runs the name servers look into their logs: one record that is not "
               "well-formed can be the reason.",
        .doc = "SERVFAIL from the zone's own servers, asked directly. A resolver's SERVFAIL while "
               "they answer has other causes (F63, F76).",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_servfail,
    },
    {
        .slug = "not-understood",
        .number = "F102",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "the servers do not understand the question",
        .why = "The zone's servers call the question malformed, or not implemented.",
        .fix = "Have whoever runs the name servers repair them, or move the zone: names with "
               "underscores and TXT records are ordinary.",
        .doc = "FORMERR, NOTIMP or an unusual code from every server, with EDNS and without.",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_not_understood,
    },
    {
        .slug = "tcp-blocked",
        .number = "F104",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "the answer needs TCP, which is blocked",
        .why = "The answer is too long for a datagram, and the servers do not answer over TCP.",
        .fix = "Have whoever runs the name servers open TCP port 53.",
        .doc = "A UDP answer with TC, and then a refused, reset or silent TCP connection. Lost "
               "fragments (F107) show no TC.",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_no_tcp,
    },
    {
        .slug = "mismatched-answers",
        .number = "F109",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "answers to other questions",
        .why = "What the servers send has another ID, another question or another sender.",
        .fix = "Have whoever runs the name servers, or a firewall before them, repair it.",
        .doc = "Datagrams come back, and none of them may be taken for an answer (RFC 5452).",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_mismatched,
    },
    {
        .slug = "cut-answers",
        .number = "F105",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "answers that end in the middle",
        .why = "The answers end in the middle, and no TC bit says so.",
        .fix = "Have whoever runs the name servers, or a firewall before them, repair it.",
        .doc = "A datagram that ends inside a record, with EDNS and without.",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_cut,
    },
    {
        .slug = "malformed-answers",
        .number = "F110",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "answers that are no DNS messages",
        .why = "What the servers send cannot be read, or contradicts itself.",
        .fix = "Have whoever runs the name servers, or a firewall before them, repair it.",
        .doc = "A datagram with the right ID that is no message.",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_malformed,
    },
    {
        .slug = "silent-servers",
        .number = "F103",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "no server answers",
        .why = "None of the zone's servers answers.",
        .fix = "Check again later; if it lasts, have whoever runs the name servers see whether "
               "they can be reached.",
        .doc = "Silence from every server, asked directly several times, with EDNS and without.",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_silent,
    },
    {
        .slug = "stale-server",
        .number = "F86",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_INCONSISTENT,
        .title = "a server has an old copy of the zone",
        .why = "The zone's servers say different things, and their copies of the zone differ in "
               "age.",
        .fix = "Have whoever runs the name servers repair the transfer of the zone between them.",
        .doc = "Delegated servers answer differently, and the serial numbers in their SOA records "
               "differ too. What a verifier sees depends on which it happens to ask.",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_stale_server,
    },
    {
        .slug = "differing-servers",
        .number = "F87",
        .others = "F91",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_INCONSISTENT,
        .title = "servers say different things",
        .why = "The zone's servers say different things, though their copies of the zone have the "
               "same serial number.",
        .fix = "Have whoever runs the name servers publish the same record at all of them.",
        .doc =
            "As stale-server, with the same serial number everywhere. Where all servers say one "
            "thing over IPv4 and another over IPv6, they show different views of the zone (F91).",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_differing_servers,
    },
    {
        .slug = "circular-chain",
        .number = "F64",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "the CNAMEs lead in a circle",
        .why = "The CNAME is as it was asked for, but the way behind it leads back to itself.",
        .fix = "Nothing on the customer's side: the mail provider breaks the circle.",
        .doc = "Followed from zone to zone, a name comes twice. Resolvers say SERVFAIL.",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_circular_chain,
    },
    {
        .slug = "endless-chain",
        .number = "F63",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "CNAMEs in a row without end",
        .why =
            "The CNAME is as it was asked for, but behind it one CNAME leads to the next, far more "
            "of them than any resolver follows.",
        .fix = "Nothing on the customer's side: the mail provider shortens the chain.",
        .doc = "Followed from zone to zone, no name has come twice after 24 links, and there is no "
               "end in sight.",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_endless_chain,
    },
    {
        .slug = "target-trouble",
        .number = "F67",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "the target's servers do not answer",
        .why =
            "The CNAME is as it was asked for, but the servers of the zone that it leads to give "
            "nothing of use.",
        .fix = "Nothing on the customer's side: the mail provider's name servers have trouble.",
        .doc = "The customer's own servers show the CNAME; silence or an error code comes from "
               "those of its target.",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_target_trouble,
    },
    {
        .slug = "apex-cname",
        .number = "F20",
        .verdict = SETUP_DECLINED,
        .class = CLASS_WRONG,
        .title = "a CNAME at the domain itself",
        .why = "The domain's own name has a CNAME, which hides everything else that is there.",
        .fix = "Take the CNAME away: use an address record, or the provider's ALIAS, at the "
               "domain itself.",
        .doc = "The record's own name is the zone's, and the answer begins with a CNAME. SOA "
               "and NS must be there, and beside a CNAME nothing may be (RFC 1912 2.4).",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_apex_cname,
    },
    {
        .slug = "cname-and-text",
        .number = "F26",
        .verdict = SETUP_DECLINED,
        .class = CLASS_AMBIGUOUS,
        .title = "a CNAME and a TXT at one name",
        .why = "The name has a CNAME and a TXT record, and which of them counts is a matter of "
               "luck.",
        .fix = "Keep only the one that was asked for.",
        .doc = "Asked for CNAME the zone's server shows one, asked for TXT another record at "
               "the very same name. A resolver that knows the CNAME follows it for TXT too.",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_cname_and_text,
    },
    {
        .slug = "cname-and-mail",
        .number = "F26",
        .verdict = SETUP_DECLINED,
        .class = CLASS_AMBIGUOUS,
        .title = "a CNAME and an MX at one name",
        .why = "The name has a CNAME and an MX record of its own, and which of them mail follows "
               "is a matter of luck.",
        .fix = "Keep only the one that was asked for.",
        .doc = "As cname-and-text, where a return path or an MX was asked for: its own MX hides "
               "the one that the CNAME leads to, or the CNAME hides the MX.",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_cname_and_mail,
    },
    {
        .slug = "denied-by-type",
        .number = "F71",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_INCONSISTENT,
        .title = "the name is denied to one type of question",
        .why = "The servers say that the name does not exist when asked for one type, and that "
               "it does when asked for another.",
        .fix = "Have whoever runs the name servers, or a load balancer before them, repair it.",
        .doc = "NXDOMAIN for one type and NOERROR for another at the same name, of the same "
               "server. Caches then deny the whole name (RFC 8020).",
        .scope = CAUSE_OF_NO_VIEW,
        .weigh = weigh_denied_by_type,
    },
    {
        .slug = "letter-case",
        .number = "F108",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "a server minds letter case",
        .why = "The record is right, but a resolver fails, and a server on the way does not take "
               "questions in mixed case.",
        .fix = "Have whoever runs that name server repair it: case does not matter in the DNS.",
        .doc = "The same question is answered in lower case and not in mixed case, which resolvers "
               "use against forgery (0x20).",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_case_stumble,
    },
    {
        .slug = "unreadable-answers",
        .number = "F110",
        .others = "F109",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "a server sends what resolvers refuse",
        .why = "The record is right, but a resolver fails, and a server sends messages that "
               "are not well-formed.",
        .fix = "Have whoever runs that name server, or a firewall before it, repair it.",
        .doc = "The answer can be read with leniency: octets after its end, a broken OPT "
               "record (F110), a question that is missing (F109). Resolvers refuse it.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_sloppy_stumble,
    },
    {
        .slug = "edns-trouble",
        .number = "F106",
        .others = "F105 F110",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "a server stumbles over EDNS",
        .why = "The record is right, but a resolver fails, and a server on the way answers "
               "well only without EDNS.",
        .fix = "Have whoever runs that name server, or a firewall before it, repair it.",
        .doc = "The same question is answered without EDNS; with it comes an error (F106), a "
               "message that is cut (F105) or one that cannot be read (F110).",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_edns_stumble,
    },
    {
        .slug = "option-trouble",
        .number = "F106",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "a server stumbles over EDNS options",
        .why = "The record is right, but a resolver fails, and a server on the way does not "
               "take questions with EDNS options.",
        .fix = "Have whoever runs that name server, or a firewall before it, repair it.",
        .doc = "The same question is answered with EDNS; with an option in it comes an error, "
               "or nothing.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_option_stumble,
    },
    {
        .slug = "differs-by-place",
        .number = "F92",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_INCONSISTENT,
        .title = "another answer in another part of the world",
        .why =
            "The record is there, asked from here, but the servers answer by place, and elsewhere "
            "they have another answer.",
        .fix = "Have the DNS provider publish the same record in all its regions: a key does not "
               "depend on where one asks.",
        .doc =
            "Asked on behalf of a network (EDNS client subnet, RFC 7871) the server says that its "
            "answer holds for just that network; and asked for networks in five parts of the "
            "world it gives something else for one. Servers that go by who asks, and not by the "
            "option, differ between the check and a resolver far away only: then it looks like "
            "cached-value (F77) or split-view (F91).",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_differs_by_place,
    },
    {
        .slug = "left-out",
        .number = "F105",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_INCONSISTENT,
        .title = "an answer that does not fit is left out",
        .why = "The CNAME is right, but a resolver has no key: the server leaves out what does "
               "not fit a datagram, and does not say so.",
        .fix = "Nothing on the customer's side: the mail provider's name server has to set TC.",
        .doc = "Without EDNS the key is missing from the answer and TC is not set; with EDNS "
               "it is there.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_silent_cut,
    },
    {
        .slug = "hidden-by-empty-name",
        .number = "F70",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_INCONSISTENT,
        .title = "the name above is said not to exist",
        .why = "The record is there, but the servers say that the name above it does not "
               "exist, and resolvers believe that nothing is below.",
        .fix = "Have whoever runs the name servers repair them; until then publish some record "
               "at the name above.",
        .doc = "NXDOMAIN for an empty non-terminal, though something lies below it. Resolvers "
               "that minimise questions (RFC 9156) or cut below a denial (RFC 8020) do not "
               "find the record.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_hidden_by_nonterminal,
    },
    {
        .slug = "special-name",
        .number = "F25",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_INCONSISTENT,
        .title = "a name that resolvers set aside",
        .why = "The record is there, but resolvers answer for names below this top level "
               "themselves.",
        .fix = "Use a domain below another top level; or tell the resolver to ask (Unbound: "
               "local-zone with nodefault).",
        .doc = "Names such as .test and .invalid are never asked about (RFC 6761): the "
               "resolver says NXDOMAIN while the servers have the record.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_special_name,
    },
    {
        .slug = "alias-not-followed",
        .number = "F68",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_INCONSISTENT,
        .title = "a resolver does not follow the CNAME",
        .why = "The record is right, but a resolver gives the CNAME alone, without what it "
               "leads to.",
        .fix = "Nothing on the customer's side: the resolver, or a forwarder before it, has to "
               "follow CNAMEs.",
        .doc = "NOERROR with the CNAME, no TXT and no SOA, while server by server the key is "
               "found.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_alias_not_followed,
    },
    {
        .slug = "long-chain",
        .number = "F63",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "too many CNAMEs in a row",
        .why = "The record is right, but there are more CNAMEs behind it than resolvers follow.",
        .fix = "Nothing on the customer's side: the mail provider shortens the chain.",
        .doc = "Asked server by server the key is found, after more links than some resolvers "
               "follow (Unbound 8, later 11; BIND 11; PowerDNS 10); a resolver says SERVFAIL.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_long_chain,
    },
    {
        .slug = "tcp-refused",
        .number = "F104",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "TCP is blocked at a server",
        .why = "The record is right, but a resolver fails, and a server on the way does not answer "
               "over TCP.",
        .fix = "Have whoever runs that name server open TCP port 53.",
        .doc = "A resolver fails; the server that has the answer gives it over UDP and not over "
               "TCP, which resolvers need for answers that do not fit.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_tcp_stumble,
    },
    {
        .slug = "fragments-lost",
        .number = "F107",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "large datagrams are lost",
        .why = "The record is right, but a resolver fails, and large answers of a server on the "
               "way do not arrive.",
        .fix = "Have whoever runs that name server send at most 1232 octets in a datagram.",
        .doc = "The server answers with a payload size of 1232 octets and is silent with 4096: the "
               "fragments of its datagrams are lost on the way (RFC 9715).",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_fragments_lost,
    },
    {
        .slug = "minimisation",
        .number = "F72",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "a server stumbles over a shorter name",
        .why = "The record is right, but a resolver fails, and a server on the way does not answer "
               "for the name above the record.",
        .fix = "Have whoever runs that name server repair it: resolvers ask label by label.",
        .doc = "The full name is answered, the name above it meets an error or silence; resolvers "
               "that minimise their questions (RFC 9156) come past it.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_minimisation_stumble,
    },
    {
        .slug = "differs-by-resolver",
        .number = "F92",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_INCONSISTENT,
        .title = "the answer depends on where one asks",
        .why = "The zone's servers show the record to this check, and give a resolver elsewhere "
               "another answer.",
        .fix = "Have the DNS provider give the same record in every region and to every network.",
        .doc =
            "Every delegated server shows the record; the resolver asked has another answer, and "
            "has it anew: asked a second time (`wait`), its TTL has not run down. So no cache "
            "keeps it, unless many caches answer at the one address.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_differs_by_resolver,
    },
    {
        .slug = "cached-denial",
        .number = "F74",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_INCONSISTENT,
        .title = "a resolver still denies the record",
        .why = "The zone's servers show the record, a resolver still denies it.",
        .fix = "Wait until caches have forgotten the old answer, then check again.",
        .doc = "Every delegated server shows the record; the resolver asked has NXDOMAIN or no "
               "data, kept for the lesser of the SOA's TTL and minimum (RFC 2308 5).",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_cached_denial,
    },
    {
        .slug = "cached-value",
        .number = "F77",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_INCONSISTENT,
        .title = "a resolver still has the old record",
        .why = "The zone's servers show the record, a resolver still has another one.",
        .fix = "Wait until caches have forgotten the old record, then check again; before the next "
               "change lower its TTL.",
        .doc = "Every delegated server shows the record; the resolver asked has another, whose TTL "
               "runs down. Servers that answer by where one asks from (F92) look the same.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_cached_value,
    },
    {
        .slug = "bogus-target",
        .number = "F99",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "what the record leads to does not validate",
        .why = "The record is right, and a resolver that validates throws away what it leads to.",
        .fix = "There is nothing for the customer to do: the mail provider's zone has to be signed "
               "anew, or its DS record removed.",
        .doc = "The resolver asked shows the CNAME and says SERVFAIL for what lies behind it, with "
               "an extended error about validation (RFC 8914); asked not to validate (CD, RFC 4035 "
               "3.2.2) it shows that too. Without an extended error the target's zone has to be "
               "signed, and every other name in it to fail as well.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_bogus_target,
    },
    {
        .slug = "signature-time",
        .number = "F96",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "a signature is out of date",
        .why = "A resolver that validates throws the answer away: its signature is expired, or not "
               "valid yet.",
        .fix = "Have the DNS host sign the zone anew, and look why it was not done in time.",
        .doc =
            "SERVFAIL from the resolver asked with extended error 7, 8 or 25 (RFC 8914), and the "
            "answer when it is asked not to validate (CD, RFC 4035 3.2.2).",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_signature_time,
    },
    {
        .slug = "stale-ds",
        .number = "F95",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "the zone does not validate",
        .why =
            "A resolver that validates throws the answer away: a DS record in the zone above says "
            "that the zone is signed, and what it says does not fit.",
        .fix = "If the DNS was moved to another host, remove the old host's DS record at the "
               "registrar, or put the new host's in its place; else have the zone signed anew.",
        .doc = "SERVFAIL from the resolver asked, the answer when it is asked not to validate (CD, "
               "RFC 4035 3.2.2), and a DS record in the zone above. Receivers ask such resolvers "
               "too. Where the resolver does not say why it fails, it has to fail on a name that "
               "nobody has as well, or it is an old failure (F76). A zone of which one host signs "
               "and another does not (F97) shows the same by turns.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_stale_ds,
    },
    {
        .slug = "one-signs",
        .number = "F97",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_INCONSISTENT,
        .title = "some of the servers serve the zone unsigned",
        .why = "The record is there, but the zone is to be signed and not all of its servers have "
               "its key: receivers that validate find the record now and then.",
        .fix =
            "Have all DNS providers of the zone sign it (RFC 8901); or have one of them serve it "
            "alone; or remove the DS record at the registrar.",
        .doc = "A DS record in the zone above, and the zone's DNSKEY at one server and not at "
               "another. Where no server has it, it is unsigned-with-ds (F95).",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_one_signs,
    },
    {
        .slug = "unsigned-with-ds",
        .number = "F95",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "a DS record for a zone that is not signed",
        .why =
            "The record is there, but a DS record in the zone above says that the zone is signed, "
            "and it is not: receivers that validate throw its answers away.",
        .fix = "Remove the DS record at the registrar, or have the DNS host sign the zone and put "
               "its DS record in that one's place.",
        .doc =
            "A DS record in the zone above with an algorithm that validators know, and no DNSKEY "
            "at any server of the zone. It shows through a resolver that does not validate too, "
            "and "
            "without any: then the server that refers to the zone is asked for the DS record.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_unsigned_with_ds,
    },
    {
        .slug = "cached-failure",
        .number = "F76",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "a resolver fails",
        .why = "The zone's servers show the record, a resolver says that it fails.",
        .fix = "Check again in a few minutes: resolvers remember failures for a while.",
        .doc = "SERVFAIL from the resolver asked, while every server of the zone answers well. "
               "Resolvers keep a failure for up to five minutes (RFC 9520).",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_cached_failure,
    },
    {
        .slug = "glue-differs",
        .number = "F90",
        .verdict = SETUP_VERIFIED,
        .class = CLASS_PRESENT,
        .title = "the registry has another address of a name server",
        .why = "The record is there, but the registry sends everybody to a wrong address of a name "
               "server.",
        .fix = "At the registrar, enter the name server's address anew (glue, or host record).",
        .doc =
            "A server at an address that came with the parent's referral says nothing of use, and "
            "the zone's other servers have another address for its name. A server that is down "
            "(F85) has the same one there.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_glue_differs,
    },
    {
        .slug = "one-server-bad",
        .number = "F85",
        .others = "F27",
        .verdict = SETUP_VERIFIED,
        .class = CLASS_PRESENT,
        .title = "one of the servers does not answer",
        .why =
            "The record is there as it was asked for, but not all of the zone's servers give it.",
        .fix = "Have whoever runs the name servers repair the one that does not answer, or take it "
               "out of the delegation.",
        .doc =
            "Some delegated servers show the record, others are silent, refuse or fail. Look-ups "
            "succeed, some of them late.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_one_server_bad,
    },
    {
        .slug = "search-list",
        .number = "F24",
        .verdict = SETUP_VERIFIED,
        .class = CLASS_PRESENT,
        .title = "a verifier asks for another name",
        .why = "The record is there, but the verifier asked for its name with a search domain "
               "behind it.",
        .fix = "Have the verifier ask for absolute names, with a final dot.",
        .doc = "The name in the verifier's log is the record's own with another domain after "
               "it. Told only where that name is given.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_search_list,
    },
    {
        .slug = "verifier-cache",
        .number = "F79",
        .verdict = SETUP_VERIFIED,
        .class = CLASS_PRESENT,
        .title = "a verifier remembers its own failure",
        .why = "The record is there everywhere, but the verifier has not asked again.",
        .fix = "Have the verifier check anew, without its own cache.",
        .doc = "No question is in the verifier's log since the record was added. Told only "
               "where that is said.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_verifier_cache,
    },
    {
        .slug = "dangling-server",
        .number = "F88",
        .verdict = SETUP_VERIFIED,
        .class = CLASS_PRESENT,
        .title = "one of the name servers does not exist",
        .why = "The record is there, but the domain is delegated to a server as well whose "
               "name leads nowhere.",
        .fix = "Correct the name server's name at the registrar: whoever registers it can take "
               "the domain over.",
        .doc = "A server of the referral has no address, be it for a typing error in its name.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_dangling_server,
    },
    {
        .slug = "without-edns",
        .number = "F106",
        .verdict = SETUP_VERIFIED,
        .class = CLASS_PRESENT,
        .title = "a server does not know EDNS",
        .why = "The record is there, but a server answers only questions without EDNS.",
        .fix = "Have whoever runs the name servers, or a firewall before them, repair it: "
               "resolvers ask with EDNS first.",
        .doc = "Silence or an error to every question with EDNS, an answer to the same "
               "without.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_without_edns,
    },
    {
        .slug = "edns-overlooked",
        .number = "F106",
        .verdict = SETUP_VERIFIED,
        .class = CLASS_PRESENT,
        .title = "a server overlooks EDNS",
        .why = "The record is there, but a server answers questions with EDNS as if they had none.",
        .fix = "Nothing has to be done at once: long answers go over TCP instead. Have whoever "
               "runs the name servers bring them up to date, and keep TCP port 53 open.",
        .doc =
            "A well-formed answer without an OPT record to a question with one (RFC 6891 7), and "
            "none in any other answer of that server. A server that is silent then, or says an "
            "error, is without-edns.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_edns_overlooked,
    },
    {
        .slug = "questionless-answers",
        .number = "F109",
        .verdict = SETUP_VERIFIED,
        .class = CLASS_PRESENT,
        .title = "answers without a question",
        .why = "The record is there, but a server does not repeat the question in its answer.",
        .fix = "Have whoever runs the name servers repair it: careful resolvers take no such "
               "answer.",
        .doc = "The answer's question section is empty or has more than one question.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_questionless,
    },
    {
        .slug = "sloppy-messages",
        .number = "F110",
        .others = "F105",
        .verdict = SETUP_VERIFIED,
        .class = CLASS_PRESENT,
        .title = "messages that are not well-formed",
        .why = "The record is there, but a server sends messages that strict readers refuse.",
        .fix = "Have whoever runs the name servers repair it.",
        .doc =
            "Octets after the last record, a broken OPT record and the like, forgiven here; or "
            "what "
            "cannot be read (F110) or is cut (F105) in answer to EDNS, where the same is answered "
            "well without.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_sloppy_messages,
    },
    {
        .slug = "parent-differs",
        .number = "F89",
        .verdict = SETUP_VERIFIED,
        .class = CLASS_PRESENT,
        .title = "the parent names other servers than the zone",
        .why = "The record is there, but the zone's own name servers are not those that its "
               "parent delegates to.",
        .fix = "Make the list of name servers at the registrar the same as in the zone.",
        .doc = "The NS records of the parent's referral and those of the zone itself are "
               "different sets.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_parent_differs,
    },
    {
        .slug = "no-soa",
        .number = "F93",
        .verdict = SETUP_VERIFIED,
        .class = CLASS_PRESENT,
        .title = "the zone has no SOA record",
        .why = "The record is there, but the servers do not give the SOA record of their zone.",
        .fix = "Have whoever runs the name servers repair it.",
        .doc = "The SOA question at the zone cut has no answer.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_no_soa,
    },
    {
        .slug = "minds-options",
        .number = "F106",
        .verdict = SETUP_VERIFIED,
        .class = CLASS_PRESENT,
        .title = "a server stumbles over EDNS options",
        .why = "The record is there, but a server does not take questions with EDNS options.",
        .fix = "Have whoever runs the name servers, or a firewall before them, repair it: "
               "unknown options are to be overlooked.",
        .doc = "As option-trouble, while the resolver asked finds the record all the same. "
               "Silence is no proof.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_minds_options,
    },
    {
        .slug = "rate-limited",
        .number = "F111",
        .verdict = SETUP_VERIFIED,
        .class = CLASS_PRESENT,
        .title = "a server limits how often it answers",
        .why = "The record is there, but a server that has answered the question refuses it "
               "when it is asked again.",
        .fix = "Have whoever runs the name servers raise the limit, and let it send truncated "
               "answers instead of errors.",
        .doc = "An answer, and shortly after an error to the same question in other manners.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_rate_limited,
    },
    {
        .slug = "repeated-records",
        .number = "F110",
        .verdict = SETUP_VERIFIED,
        .class = CLASS_PRESENT,
        .title = "the same record more than once",
        .why = "The record is there, and a server gives it more than once.",
        .fix = "Have whoever runs the name servers repair it.",
        .doc = "Records of the answer that are equal in every octet count once (RFC 2181 5).",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_repeated_records,
    },
    {
        .slug = "minds-case",
        .number = "F108",
        .verdict = SETUP_VERIFIED,
        .class = CLASS_PRESENT,
        .title = "a server minds letter case",
        .why = "The record is there, but a server does not keep the letter case of questions, "
               "or minds it.",
        .fix = "Have whoever runs the name servers repair it: resolvers use letter case "
               "against forgery.",
        .doc = "As letter-case, while the resolver asked finds the record all the same.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_minds_case,
    },
    {
        .slug = "stumbles-above",
        .number = "F72",
        .verdict = SETUP_VERIFIED,
        .class = CLASS_PRESENT,
        .title = "a server stumbles over a shorter name",
        .why = "The record is there, but the servers meet the name above it with an error.",
        .fix = "Have whoever runs the name servers repair it: resolvers ask label by label.",
        .doc = "As minimisation, while the resolver asked finds the record all the same.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_trouble_above,
    },
    {
        .slug = "bare-return-path",
        .number = NULL,
        .verdict = SETUP_VERIFIED,
        .class = CLASS_PRESENT,
        .title = "no MX behind the return path",
        .why = "The CNAME is as it was asked for, but bounces cannot be delivered where it "
               "leads to.",
        .fix = "Nothing on the customer's side: the mail provider publishes an MX record at "
               "the target.",
        .doc = "The return path has no MX record behind its CNAME.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_bare_return_path,
    },
    {
        .slug = "apex-cname-beside",
        .number = "F20",
        .verdict = SETUP_VERIFIED,
        .class = CLASS_PRESENT,
        .title = "a CNAME at the domain itself",
        .why = "The domain's own name has a CNAME, which hides everything else that is there.",
        .fix = "Take that CNAME away: use an address record, or the provider's ALIAS, at the "
               "domain itself.",
        .doc = "Told beside another cause, where the domain itself was asked about.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_apex_cname_beside,
    },
    {
        .slug = "proxied-beside",
        .number = "F01",
        .verdict = SETUP_VERIFIED,
        .class = CLASS_PRESENT,
        .title = "a proxy hides a CNAME beside it",
        .why = "The name answers with addresses of a proxy too, which hides a CNAME.",
        .fix = "Turn the proxy off for this record, so that the DNS shows the CNAME itself.",
        .doc = "As proxied, told beside a TXT record of the customer's own at the same name.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_proxied_beside,
    },
    {
        .slug = "other-key-behind",
        .number = "F61",
        .verdict = SETUP_VERIFIED,
        .class = CLASS_PRESENT,
        .title = "a sound key is behind it, and another one",
        .why = "The CNAME leads to a key that works, but not to the one asked for: signatures fail "
               "instead of finding no key.",
        .fix = "Replace the record's value by the one asked for.",
        .doc =
            "Told beside wrong-target: the TXT behind the CNAME and that at the target asked for "
            "are both sound keys, and not the same one. Where they are the same, mail passes "
            "until the old name goes away.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_other_key_behind,
    },
    {
        .slug = "bogus-denial",
        .number = "F98",
        .verdict = SETUP_VERIFIED,
        .class = CLASS_PRESENT,
        .title = "that there is no such record does not validate",
        .why = "A resolver that validates throws the zone's denials away: receivers see a failure "
               "where there is simply no record.",
        .fix = "Have the DNS host repair how it signs denials (NSEC or NSEC3); records that are "
               "there are not affected.",
        .doc =
            "Told beside a record that is missing: the servers deny it, a resolver says SERVFAIL, "
            "with an extended error about validation or for every name that nobody has, and "
            "denies it too when told not to validate (CD).",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_bogus_denial,
    },
    {
        .slug = "empty-name-denied",
        .number = "F70",
        .verdict = SETUP_VERIFIED,
        .class = CLASS_PRESENT,
        .title = "the name above is said not to exist",
        .why = "The record is there, but the servers say that the name above it does not "
               "exist.",
        .fix = "Have whoever runs the name servers repair them; until then publish some record "
               "at the name above.",
        .doc = "As hidden-by-empty-name, while the resolver asked finds the record all the "
               "same.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_denied_nonterminal,
    },
    {
        .slug = "many-links",
        .number = "F63",
        .verdict = SETUP_VERIFIED,
        .class = CLASS_PRESENT,
        .title = "many CNAMEs in a row",
        .why =
            "The record is there and the resolver asked finds the key, but there are more CNAMEs "
            "behind it than every resolver follows.",
        .fix = "Nothing on the customer's side: the mail provider shortens the chain.",
        .doc = "As long-chain, while the resolver asked follows it to its end. Some receivers' "
               "resolvers give up earlier (Unbound once 8, PowerDNS 10).",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_many_links,
    },
    {
        .slug = "foreign-data",
        .number = "F94",
        .others = "F110",
        .verdict = SETUP_VERIFIED,
        .class = CLASS_PRESENT,
        .title = "records of other zones beside the answer",
        .why = "The record is there, but a server sends records of zones that are not its own "
               "beside it.",
        .fix = "Have whoever runs the name servers repair it; resolvers overlook such records.",
        .doc = "The authority or additional section has records from outside the zone (RFC "
               "5452).",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_foreign_data,
    },
    {
        .slug = "dname-on-the-way",
        .number = "F69",
        .verdict = SETUP_VERIFIED,
        .class = CLASS_PRESENT,
        .title = "a DNAME on the way to the key",
        .why = "The record is there, and the way to the key leads over a DNAME, which some "
               "verifiers stumble over.",
        .fix = "Nothing on the customer's side; old versions of OpenDKIM need an update.",
        .doc = "A DNAME record stands in the answer beside the CNAME that was made from it.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_dname,
    },
    {
        .slug = "zero-ttl",
        .number = "F78",
        .verdict = SETUP_VERIFIED,
        .class = CLASS_PRESENT,
        .title = "a TTL of 0",
        .why = "The record is there, but it may not be kept: every reader asks anew.",
        .fix = "Give the record a TTL of some minutes at least.",
        .doc = "A record of the answer has the TTL 0.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_zero_ttl,
    },
    {
        .slug = "testing-key",
        .number = "F56",
        .verdict = SETUP_VERIFIED,
        .class = CLASS_PRESENT,
        .title = "the key is still marked as a test",
        .why = "The key is there and works, and is still marked as a test (t=y).",
        .fix = "Take t=y away once the tests are over.",
        .doc = "RFC 6376 3.6.1: verifiers treat such mail as usual.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_testing_key,
    },
    {
        .slug = "strict-identity",
        .number = "F55",
        .verdict = SETUP_VERIFIED,
        .class = CLASS_PRESENT,
        .title = "the key is not for sub-domains",
        .why = "The key is there and works, but not for mail that is signed in the name of a "
               "sub-domain (t=s).",
        .fix = "Take t=s away, or sign with an i= of the very domain.",
        .doc = "RFC 6376 3.6.1: with t=s the domain of i= must be that of d=.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_strict_identity,
    },
    {
        .slug = "granularity-tag",
        .number = "F57",
        .verdict = SETUP_VERIFIED,
        .class = CLASS_PRESENT,
        .title = "a tag of DomainKeys times",
        .why = "The key is there and works, but has a tag g= from DomainKeys times, which some "
               "verifiers mind.",
        .fix = "Take g= away.",
        .doc = "RFC 6376 knows no g= any more; Mail::DKIM refuses an empty one.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_granularity,
    },
    {
        .slug = "new-algorithm",
        .number = "F60",
        .verdict = SETUP_VERIFIED,
        .class = CLASS_PRESENT,
        .title = "an Ed25519 key",
        .why = "The key is there and works; not every verifier knows Ed25519.",
        .fix = "Sign with an RSA key beside it.",
        .doc = "RFC 8463; verifiers without it say permerror or neutral.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_new_algorithm,
    },
    {
        .slug = "long-key",
        .number = "F59",
        .verdict = SETUP_VERIFIED,
        .class = CLASS_PRESENT,
        .title = "a very long key",
        .why = "The key is there and works; it is so long that its answer does not always fit "
               "a datagram.",
        .fix = "A key of 2048 bits is long enough.",
        .doc = "RSA of 4096 bits or more: the answer fits 1232 octets and not 512.",
        .scope = CAUSE_OF_RISK,
        .weigh = weigh_long_key,
    },
    {
        .slug = "several-cnames",
        .number = "F28",
        .verdict = SETUP_DECLINED,
        .class = CLASS_AMBIGUOUS,
        .title = "several CNAMEs at one name",
        .why = "There is more than one CNAME at the name, and readers choose differently.",
        .fix = "Delete all but the CNAME asked for.",
        .doc = "Two CNAMEs at a name are forbidden (RFC 2181 10.1). Told by counting.",
        .weigh = weigh_several_cnames,
    },
    {
        .slug = "several-policies",
        .number = NULL,
        .verdict = SETUP_DECLINED,
        .class = CLASS_AMBIGUOUS,
        .title = "several SPF or DMARC records",
        .why = "There is more than one record of the kind at the name, which is an error to "
               "all who read it.",
        .fix = "Make one record of them, with what each of them says.",
        .doc = "A domain may have one SPF record (RFC 7208 4.5) and one DMARC record (RFC 7489 "
               "6.6.3).",
        .weigh = weigh_several_policies,
    },
    {
        .slug = "several-keys",
        .number = "F34",
        .others = "F33 F35",
        .verdict = SETUP_DECLINED,
        .class = CLASS_AMBIGUOUS,
        .title = "several TXT records at the selector",
        .why = "There is more than one TXT record at the selector, and readers choose differently.",
        .fix = "Keep only the key asked for, and move other TXT records to other names.",
        .doc =
            "What several TXT records at a selector mean is undefined (RFC 6376 3.6.2.2), be they "
            "keys (F34), foreign text beside one (F33) or halves of one (F35). Told by counting.",
        .weigh = weigh_several_keys,
    },
    {
        .slug = "split-view",
        .number = "F91",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_INCONSISTENT,
        .title = "a resolver has it, the servers have not",
        .why = "A resolver shows the record, but the zone's servers, asked from outside, do "
               "not.",
        .fix = "Publish the record in the view of the zone that the whole internet sees.",
        .doc = "The resolver asked shows the record while every delegated server denies it: it "
               "lies inside (split horizon), its answer depends on where one asks from (F92), "
               "or it still has a record that has been taken away.",
        .weigh = weigh_split_view,
    },
    {
        .slug = "hijacked",
        .number = "F80",
        .verdict = SETUP_DECLINED,
        .class = CLASS_MISSING_NXDOMAIN,
        .title = "the record is not there, and a resolver makes answers up",
        .why = "The servers say that there is no such record; a resolver on the way gives "
               "addresses for names that nobody has.",
        .fix = "Add the record; and use another resolver for checking.",
        .doc = "NXDOMAIN from the servers; through the resolver a random name has an address.",
        .weigh = weigh_hijacked,
    },
    {
        .slug = "several-target-keys",
        .number = "F34",
        .others = "F33 F35",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_AMBIGUOUS,
        .title = "several TXT records behind the CNAME",
        .why = "The CNAME is as it was asked for, but where it leads to there is more than one TXT "
               "record, and readers choose differently.",
        .fix = "Nothing on the customer's side: the mail provider keeps one key at the target, and "
               "moves other TXT records to other names.",
        .doc = "As several-keys, at the target: some readers take two records for an error, others "
               "try each or take the first that comes (RFC 6376 3.6.2.2 leaves it open). The "
               "customer's record is right, so it is never declined.",
        .weigh = weigh_several_target_keys,
    },
    {
        .slug = "bad-target-key",
        .number = "F66",
        .others = "F14 F31 F35 F37 F38 F39 F40 F42 F44 F45 F46 F47 F48 F49 F50 F51 F52 F53 F54 F55 "
                  "F58 F62",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_PRESENT,
        .title = "the key behind the CNAME does not work",
        .why = "The CNAME is as it was asked for, but the key that it leads to is one no "
               "verifier can use.",
        .fix = "Nothing on the customer's side: the mail provider repairs its key.",
        .doc = "The number is that of what is wrong with the text (F35 to F62).",
        .weigh = weigh_bad_target_key,
    },
    {
        .slug = "dangling-target",
        .number = "F65",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_PRESENT,
        .title = "the target does not exist",
        .why = "The CNAME is as it was asked for, but the name it leads to does not exist.",
        .fix = "Nothing on the customer's side: the mail provider creates the target.",
        .doc = "NXDOMAIN with the CNAME in the answer: the owner exists, the target does not (RFC "
               "6604). The customer's record is right, so it is never declined.",
        .weigh = weigh_dangling,
    },
    {
        .slug = "target-without-key",
        .number = "F66",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_PRESENT,
        .title = "the target has no key",
        .why = "The CNAME is as it was asked for, but there is no key where it leads to.",
        .fix = "Nothing on the customer's side: the mail provider publishes the key.",
        .doc =
            "NOERROR with the CNAME and no TXT: the SOA is of the provider's zone. The customer's "
            "record is right, so it is never declined.",
        .weigh = weigh_empty_target,
    },
    {
        .slug = "cached-absence",
        .number = "F74",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_INCONSISTENT,
        .title = "an old answer is still cached",
        .why = "One answer shows the record as it was asked for, another still denies it: probably "
               "kept by a cache from before.",
        .fix = "Wait until caches have forgotten the old answer, then check again.",
        .doc =
            "The record shows in the answer to one type of question and not in that to another. A "
            "cache keeps a denial for the lesser of the SOA's TTL and minimum (RFC 2308 5). Asked "
            "through a resolver this cannot be told from servers that treat types differently, "
            "so it is not declined.",
        .weigh = weigh_cached_absence,
    },
    {
        .slug = "escaped-dot",
        .number = "F12",
        .verdict = SETUP_DECLINED,
        .class = CLASS_WRONG,
        .title = "a dot became part of the target",
        .why = "The record's target has a dot inside one of its labels: the form took a dot for "
               "an ordinary character.",
        .fix = "Enter the target without its final dot.",
        .doc = "A label of the target holds an octet 0x2e, which programs print as \\. or "
               "\\046.",
        .weigh = weigh_escaped_dot,
    },
    {
        .slug = "missing-dot",
        .number = "F11",
        .verdict = SETUP_DECLINED,
        .class = CLASS_WRONG,
        .title = "no final dot on the target",
        .why = "The record's target is the right one with the zone's own name after it.",
        .fix = "Write the target with a final dot, or without the zone's name if the form adds it.",
        .doc = "In a zone file a name without a final dot is relative to the zone. The target is "
               "exactly the one asked for, followed by an ancestor of the record's own name; a "
               "dangling target (F65) ends in the provider's zone.",
        .weigh = weigh_missing_dot,
    },
    {
        .slug = "wildcard-record",
        .number = "F30",
        .verdict = SETUP_DECLINED,
        .class = CLASS_WRONG,
        .title = "a wildcard answers instead",
        .why = "What is there comes from a wildcard: a name that nobody has gives the same.",
        .fix = "Add the record asked for; it wins over the wildcard.",
        .doc =
            "A wildcard answers for names that do not exist (RFC 4592). A random name beside the "
            "record's own gives the same target; a wrong target (F13) does not.",
        .weigh = weigh_wildcard_record,
    },
    {
        .slug = "wildcard-text",
        .number = "F31",
        .verdict = SETUP_DECLINED,
        .class = CLASS_WRONG,
        .title = "a wildcard TXT answers instead",
        .why = "The record is missing, and a wildcard TXT answers in its place.",
        .fix = "Add the record asked for; it wins over the wildcard.",
        .doc =
            "A random name beside the record's own gives the same TXT, an SPF record perhaps. The "
            "class is wrong where a TXT was asked for, missing-nodata where a CNAME was.",
        .weigh = weigh_wildcard_text,
    },
    {
        .slug = "damaged-key",
        .number = NULL, /* by its damage */
        .others = "F14 F31 F35 F37 F38 F39 F40 F42 F43 F44 F45 F46 F47 F49 F50 F51 F52 F62",
        .verdict = SETUP_DECLINED,
        .class = CLASS_WRONG,
        .title = "the key's text is damaged",
        .why = "There is a TXT record, but it is no DKIM key record.",
        .fix = "Replace the record's text by the one asked for, copied whole.",
        .doc =
            "The record breaks the syntax of RFC 6376 3.6.1; F14, F31, F35 to F47, F49 to F52 and "
            "F62 of the catalogue are told apart by the octet at which it does.",
        .weigh = weigh_damaged_key,
    },
    {
        .slug = "revoked-key",
        .number = "F48",
        .verdict = SETUP_DECLINED,
        .class = CLASS_WRONG,
        .title = "the key is revoked",
        .why = "The published key is empty, which revokes it.",
        .fix = "Publish the key asked for.",
        .doc = "An empty p= revokes a key (RFC 6376 3.6.1); a missing p= is damage (F49).",
        .weigh = weigh_revoked_key,
    },
    {
        .slug = "unsuitable-key",
        .number = "F52",
        .others = "F53 F54 F55 F58",
        .verdict = SETUP_DECLINED,
        .class = CLASS_WRONG,
        .title = "the key may not be used for this",
        .why = "A sound key is published, but ordinary mail may not use it.",
        .fix = "Replace the record's text by the one asked for.",
        .doc = "F52: k= is no kind of key that signs; F53: h= leaves out SHA-256; F54: s= "
               "leaves out e-mail; F58: fewer than 1024 bits (RFC 8301).",
        .weigh = weigh_unsuitable_key,
    },
    {
        .slug = "wrong-key",
        .number = "F61",
        .verdict = SETUP_DECLINED,
        .class = CLASS_WRONG,
        .title = "another key is published",
        .why = "A sound key is published, but not the one asked for.",
        .fix = "Replace the record's text by the one asked for.",
        .doc = "Keys are compared as numbers, so that other white space or tags are no difference.",
        .weigh = weigh_wrong_key,
    },
    {
        .slug = "included-policy",
        .number = NULL,
        .verdict = SETUP_VERIFIED,
        .class = CLASS_PRESENT,
        .title = "the record includes what was asked for",
        .why = "The SPF record does not say itself what was asked for; a record that it includes, "
               "or redirects to, does.",
        .fix = "Nothing has to be done.",
        .doc = "Includes and redirects of the customer's own are followed, as many as receivers "
               "follow (10, RFC 7208 4.6.4), and each mechanism that was asked for is in one of "
               "those records.",
        .weigh = weigh_included_policy,
    },
    {
        .slug = "incomplete-policy",
        .number = NULL,
        .verdict = SETUP_DECLINED,
        .class = CLASS_WRONG,
        .title = "the policy lacks what was asked for",
        .why = "There is an SPF or DMARC record, but not with all that was asked for.",
        .fix = "Add what is missing to the record that is there: there may be only one.",
        .doc = "SPF: a mechanism that names senders is missing, or stands behind \"all\", where no "
               "reader looks. DMARC: the policy is weaker "
               "than the one asked for, or there is none in it. Other mechanisms and tags are "
               "the customer's own business.",
        .weigh = weigh_incomplete_policy,
    },
    {
        .slug = "wrong-target",
        .number = "F13",
        .verdict = SETUP_DECLINED,
        .class = CLASS_WRONG,
        .title = "the record says something else",
        .why = "There is a record of the right type at the name, but with another value.",
        .fix = "Replace the record's value by the one asked for.",
        .doc =
            "The value is compared with the one asked for, names without regard to case. The look-"
            "alikes with a better name (F11, F30, F61) are ruled out first.",
        .weigh = weigh_wrong_target,
    },
    {
        .slug = "target-as-text",
        .number = "F14",
        .verdict = SETUP_DECLINED,
        .class = CLASS_WRONG,
        .title = "the target was typed as TXT",
        .why = "The name has a TXT record whose text is the CNAME's target.",
        .fix = "Delete the TXT record and add the same value as a CNAME.",
        .doc = "The TXT at the name holds exactly the target.",
        .weigh = weigh_target_as_text,
    },
    {
        .slug = "text-instead",
        .number = NULL,
        .others = "F26",
        .verdict = SETUP_DECLINED,
        .class = CLASS_WRONG,
        .title = "a TXT record instead of the CNAME",
        .why = "The name has a TXT record where a CNAME was asked for.",
        .fix =
            "Delete the TXT record and add the CNAME, so that the mail provider can renew its key.",
        .doc = "A TXT at the name itself, not behind a CNAME and not from a wildcard. A provider "
               "allows one beside a proxied CNAME too; the customer has to settle this first.",
        .weigh = weigh_text_instead,
    },
    {
        .slug = "alias-failure",
        .number = "F07",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_FLATTENED,
        .title = "the provider cannot follow its alias",
        .why = "The name has no CNAME, and its addresses meet with an error: an ALIAS whose "
               "target the provider cannot find.",
        .fix = "Use the record type CNAME instead of ALIAS or ANAME.",
        .doc = "CNAME is NODATA, A is SERVFAIL, from the same server (PowerDNS says SERVFAIL "
               "where the target of an ALIAS fails).",
        .weigh = weigh_alias_failure,
    },
    {
        .slug = "proxied-wildcard",
        .number = "F02",
        .verdict = SETUP_DECLINED,
        .class = CLASS_MISSING_NODATA,
        .title = "a proxied wildcard answers instead",
        .why = "The record is missing or hidden, and a proxied wildcard answers in its place.",
        .fix = "Add the record asked for, not proxied; it wins over the wildcard.",
        .doc = "Addresses of a proxy at the name, and the same at a random name beside it.",
        .weigh = weigh_proxied_wildcard,
    },
    {
        .slug = "proxied-tracking",
        .number = "F08",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_HIDDEN_BY_PROXY,
        .title = "the tracking host is proxied",
        .why = "The tracking host is behind a proxy, which hides the CNAME but may serve it well.",
        .fix = "Check the host by fetching from it over HTTPS; the DNS cannot tell.",
        .doc =
            "As proxied, for a tracking host. A proxy in front of it can be legitimate, so it is "
            "never declined for that.",
        .weigh = weigh_proxied_tracking,
    },
    {
        .slug = "proxied",
        .number = "F01",
        .others = "F03",
        .verdict = SETUP_DECLINED,
        .class = CLASS_HIDDEN_BY_PROXY,
        .title = "a proxy hides the CNAME",
        .why = "The name answers with addresses of a proxy, which hides the CNAME and everything "
               "behind it.",
        .fix = "Turn the proxy off for this record, so that the DNS shows the CNAME itself.",
        .doc =
            "CNAME and TXT are NODATA, and an address look-up at the name gives an address in a "
            "proxy's published range. NODATA alone is no proof: a flattened name (F04) has no "
            "address, an ALIAS (F06) has its target's, a wildcard (F02, F29) gives the same at a "
            "random name.",
        .weigh = weigh_proxied,
    },
    {
        .slug = "wildcard-address",
        .number = "F29",
        .verdict = SETUP_DECLINED,
        .class = CLASS_MISSING_NODATA,
        .title = "a wildcard masks that the record is missing",
        .why =
            "The record is missing; a wildcard with addresses makes the name exist all the same.",
        .fix = "Add the record asked for; it wins over the wildcard.",
        .doc = "Addresses at the name, in nobody's edge, and the same at a random name beside it.",
        .weigh = weigh_wildcard_address,
    },
    {
        .slug = "hidden-alias",
        .number = "F09",
        .others = "F05",
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_FLATTENED,
        .title = "the tracking host works, its CNAME cannot be seen",
        .why = "The tracking host has its target's addresses, and the CNAME does not show: it "
               "probably works.",
        .fix = "Check the host by fetching from it over HTTPS; the DNS cannot tell.",
        .doc = "As alias-type, for a tracking host, which needs no CNAME to work: declining it "
               "is the error.",
        .weigh = weigh_hidden_alias,
    },
    {
        .slug = "alias-type",
        .number = "F06",
        .others = "F05",
        .verdict = SETUP_DECLINED,
        .class = CLASS_FLATTENED,
        .title = "the target's addresses instead of the CNAME",
        .why = "The name gives the target's addresses but not the CNAME: an ALIAS or ANAME, or a "
               "CNAME that the DNS provider flattens.",
        .fix = "Use the record type CNAME, and turn CNAME flattening off for it.",
        .doc = "The name and the target share an address. ALIAS, ANAME and flattening of a target "
               "with addresses look alike from outside.",
        .weigh = weigh_alias_type,
    },
    {
        .slug = "address-instead",
        .number = NULL,
        .verdict = SETUP_DECLINED,
        .class = CLASS_WRONG,
        .title = "addresses instead of the CNAME",
        .why = "The name has addresses where a CNAME was asked for.",
        .fix = "Delete the address records and add the CNAME.",
        .doc = "Addresses at this very name that are neither a proxy's, a wildcard's nor the "
               "target's. A proxy whose ranges are not known looks the same.",
        .weigh = weigh_address_instead,
    },
    {
        .slug = "flattened",
        .number = "F04",
        .others = "F05 F06 F07",
        .verdict = SETUP_DECLINED,
        .class = CLASS_FLATTENED,
        .title = "the CNAME is flattened away",
        .why = "The name exists but has nothing at all: the DNS provider follows the CNAME itself "
               "and finds no address to show.",
        .fix = "Turn CNAME flattening off for this record.",
        .doc = "CNAME, TXT, A and AAAA are NODATA, while a random name beside it does not exist, "
               "and no name is known below it: one below would make it exist, and the record be "
               "missing (F23). A proxied name (F01) has addresses. Where every name seems to exist "
               "(compact denial, "
               "F73) it is called missing instead.",
        .weigh = weigh_flattened,
    },
    {
        .slug = "shadowed-wildcard",
        .number = "F32",
        .verdict = SETUP_DECLINED,
        .class = CLASS_MISSING_NXDOMAIN,
        .title = "a wildcard no longer reaches the name",
        .why = "A wildcard used to answer for the name; since another record was added beside "
               "it, it does no more.",
        .fix = "Add the record itself; a wildcard does not reach below a name that exists.",
        .doc = "A random name directly below the domain, or below a sub-domain on the way, gives "
               "the record, and the name itself does not exist: something beside it has made the "
               "name above exist (RFC 4592).",
        .weigh = weigh_shadowed_wildcard,
    },
    {
        .slug = "inherited-policy",
        .number = NULL,
        .verdict = SETUP_VERIFIED,
        .class = CLASS_PRESENT,
        .title = "the policy of a domain above counts",
        .why = "There is no DMARC record at the name itself; that of a domain above counts for "
               "it.",
        .fix = "Nothing has to be done; add the record to have a policy of its own.",
        .doc = "The organisational domain's record counts: by RFC 9989 found by walking up the "
               "DNS tree (with psd=n, a label below psd=y, else the highest), by RFC 7489 the "
               "domain below the public suffix. Where only one of the two finds it, that is told.",
        .weigh = weigh_inherited_policy,
    },
    {
        .slug = "alias-instead",
        .number = "F13",
        .others = "F30",
        .verdict = SETUP_DECLINED,
        .class = CLASS_WRONG,
        .title = "a CNAME instead of the record",
        .why =
            "The name has a CNAME where another type of record was asked for, and there is no such "
            "record where it leads to.",
        .fix = "Delete the CNAME and add the record asked for: beside a CNAME no other record may "
               "be. Or publish the record at the name that the CNAME leads to.",
        .doc = "The answer to the record's own question begins with a CNAME at its name and ends "
               "without the record, with NXDOMAIN perhaps: a CNAME to a former provider's host. A "
               "name that is not there (F23) has none. If a random name beside it gives the same "
               "CNAME, it is a wildcard's (F30).",
        .weigh = weigh_alias_instead,
    },
    {
        .slug = "doubled-zone",
        .number = "F10",
        .verdict = SETUP_DECLINED,
        .class = CLASS_MISSING_NXDOMAIN,
        .title = "the zone's name is in the name twice",
        .why = "The record is at the name asked for with the zone's name after it once more.",
        .fix = "Enter only the part of the name to the left of the zone's name.",
        .doc = "Many web forms add the zone's name to what is typed. The record answers at the "
               "doubled name; one that is not published at all (F23) does not.",
        .weigh = weigh_doubled_zone,
    },
    {
        .slug = "no-underscore",
        .number = "F16",
        .verdict = SETUP_DECLINED,
        .class = CLASS_MISSING_NXDOMAIN,
        .title = "the underscore is missing",
        .why = "The record is at the same name without its underscore.",
        .fix = "Enter the name with its underscore; if the DNS provider refuses it, delegate the "
               "name or move the zone.",
        .doc = "The record answers at the name without underscores.",
        .weigh = weigh_no_underscore,
    },
    {
        .slug = "no-domainkey",
        .number = "F15",
        .verdict = SETUP_DECLINED,
        .class = CLASS_MISSING_NXDOMAIN,
        .title = "_domainkey is missing from the name",
        .why = "The record is at the selector directly below the domain, without _domainkey.",
        .fix = "Enter the name as selector, _domainkey, domain.",
        .doc = "The record answers at the name without its _domainkey label.",
        .weigh = weigh_no_domainkey,
    },
    {
        .slug = "one-label",
        .number = "F12",
        .verdict = SETUP_DECLINED,
        .class = CLASS_MISSING_NXDOMAIN,
        .title = "the name became a single label",
        .why = "The record is at a name with a label that has a dot inside: the form took the "
               "dot for an ordinary character.",
        .fix = "Enter the name with plain dots between its parts, and none at its end.",
        .doc = "The record answers at k1\\._domainkey, a single label; or at the full name with "
               "its final dot in the last label, and the zone's name after it.",
        .weigh = weigh_one_label,
    },
    {
        .slug = "swapped-fields",
        .number = "F14",
        .verdict = SETUP_DECLINED,
        .class = CLASS_MISSING_NXDOMAIN,
        .title = "name and target are swapped",
        .why = "There is a CNAME from the target to the name: the two were entered in each "
               "other's field.",
        .fix = "Enter the name in the field for the name, and the target in the field for the "
               "value.",
        .doc = "The target with the zone's name after it has a CNAME to the record's name.",
        .weigh = weigh_swapped_fields,
    },
    {
        .slug = "wrong-depth",
        .number = "F15",
        .verdict = SETUP_DECLINED,
        .class = CLASS_MISSING_NXDOMAIN,
        .title = "the record is at another depth",
        .why = "The record is at another name of the domain: without its selector, at the "
               "domain itself, for the domain above a sub-domain, or below www.",
        .fix =
            "Enter the name as selector, _domainkey, domain, with the sub-domain if it is for one.",
        .doc = "The record answers at _domainkey, at the domain itself, at the same selector of a "
               "domain above or below www, and is no wildcard's.",
        .weigh = weigh_wrong_depth,
    },
    {
        .slug = "other-idn-form",
        .number = "F21",
        .verdict = SETUP_DECLINED,
        .class = CLASS_MISSING_NXDOMAIN,
        .title = "the international name is in the other form",
        .why = "The record is at the same name in its other form: raw letters instead of xn--, "
               "or the other way round.",
        .fix = "Enter the name in its xn-- form.",
        .doc = "The record answers at the name with A-labels and U-labels (RFC 5890) "
               "exchanged.",
        .weigh = weigh_other_idn_form,
    },
    {
        .slug = "other-host",
        .number = "F17",
        .verdict = SETUP_DECLINED,
        .class = CLASS_MISSING_NXDOMAIN,
        .title = "the record is at another DNS host",
        .why = "The record is at the DNS host where it was typed, but the domain is not "
               "delegated to that.",
        .fix = "Add the record at the name servers that the domain is delegated to.",
        .doc = "The servers given as those of the host where it was typed show it, the "
               "delegated ones do not.",
        .weigh = weigh_other_host,
    },
    {
        .slug = "lost-in-move",
        .number = "F18",
        .verdict = SETUP_DECLINED,
        .class = CLASS_MISSING_NXDOMAIN,
        .title = "the record was lost when the domain moved",
        .why = "The record is still at the name servers that the domain had earlier, and not "
               "at those it has now.",
        .fix = "Add the record at the new name servers.",
        .doc = "The servers of an earlier look show it, the delegated ones do not.",
        .weigh = weigh_lost_in_move,
    },
    {
        .slug = "shadowed",
        .number = "F19",
        .verdict = SETUP_DECLINED,
        .class = CLASS_MISSING_NXDOMAIN,
        .title = "a part of the domain is delegated elsewhere",
        .why = "The name lies in a part of the domain that is delegated to other name servers, "
               "and they do not have the record.",
        .fix = "Add the record at those servers, or take the delegation (the NS records) away.",
        .doc = "A zone cut between the domain and the record: records of the zone above do not "
               "count below it.",
        .weigh = weigh_shadowed,
    },
    {
        .slug = "missing",
        .number = "F23",
        .others = "F73 F75",
        .verdict = SETUP_DECLINED,
        .class = CLASS_MISSING_NXDOMAIN,
        .title = "the record is not there",
        .why = "The DNS says that there is no such record.",
        .fix = "Add the record at the name servers that the domain is delegated to.",
        .doc = "What is left when every look-alike is ruled out. The class says whether the name "
               "exists (missing-nodata) or not (missing-nxdomain). From outside a record not yet "
               "published (F23), typed at another DNS host (F17), lost in a move (F18) or "
               "published for "
               "an inner network only (F91) are the same.",
        .weigh = weigh_missing,
    },
    {
        .slug = "temporary",
        .number = NULL,
        .verdict = SETUP_RETRY_LATER,
        .class = CLASS_TEMPORARY,
        .title = "the DNS could not be asked",
        .why = "A question met with silence or an error, so nothing can be said.",
        .fix = "Check again later.",
        .doc = "Silence, SERVFAIL, REFUSED and the like say nothing about a record, so it is never "
               "declined for them: not even where only a question met with trouble that would have "
               "told two causes apart.",
        .weigh = NULL,
    },
    {.slug = NULL},
};

const struct cause *const cause_temporary = &causes[sizeof causes / sizeof causes[0] - 2];

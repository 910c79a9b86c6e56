/* Every number a resolver has an opinion on. One table makes the struct, the defaults, the keys a
 * scenario may set under `resolver:`, and the limits' reference in docs.
 *
 * Columns: member, key, default, (for numbers) least and most a file may say and what is counted,
 * where the default comes from, what it means, (but for switches) what happens when it is reached.
 * "Assumed" marks a choice of our own. */
#ifndef FAULTZONE_RESOLVER_POLICY_H
#define FAULTZONE_RESOLVER_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/instant.h"
#include "base/params.h"

/* Hard ceilings: arrays are as long as these say, whatever a file sets. */
#define POLICY_NESTING_MAX        6
#define POLICY_SERVERS_MAX        13
#define POLICY_SERVER_RECORDS_MAX 20
#define POLICY_ADDRESSES_MAX      6
#define POLICY_RESTARTS_MAX       16
#define POLICY_TRIES_MAX          15
#define POLICY_RRSET_MAX          1000
#define POLICY_LOOKUPS_MAX        1024
#define POLICY_CLIENTS_MAX        100
#define POLICY_WAITING_MAX        4096
#define POLICY_TCP_CLIENTS_MAX    256
#define POLICY_TCP_UPSTREAM_MAX   256
#define POLICY_SERVERS_KNOWN_MAX  65536

/* clang-format off */
#define POLICY_TABLE(GROUP, NUMBER, DURATION, SWITCH)                                              \
    GROUP("What one client's question may cost")                                                   \
    NUMBER(queries_max, "queries-max", 100, 1, 1000, "queries",                                    \
           "Knot Resolver 100 iterations; Unbound and BIND 200, PowerDNS 50",                      \
           "Queries sent upstream for one client's question, sub-queries, retries and TCP "        \
           "included.",                                                                            \
           "SERVFAIL with extended error 0, remembered for the name asked.")                       \
    NUMBER(sends_per_name_max, "sends-per-name-max", 32, 1, 1000, "queries",                       \
           "Unbound max-sent-count 32",                                                            \
           "Queries sent upstream for one name and type of one client's question.",                \
           "That name fails, with extended error 0.")                                              \
    DURATION(time_max, "time-max", "10s", 10 * NS_PER_S,                                           \
             "BIND resolver-query-timeout and Knot Resolver, both 10 s",                           \
             "How long one client's question may take.",                                           \
             "SERVFAIL with what the last servers asked said.")                                    \
    NUMBER(restarts_max, "restarts-max", 11, 0, POLICY_RESTARTS_MAX, "links",                      \
           "Unbound max-query-restarts 11; BIND 11",                                               \
           "CNAME and DNAME links followed for one question.",                                     \
           "SERVFAIL with extended error 0.")                                                      \
    NUMBER(referrals_max, "referrals-max", 32, 1, 130, "referrals",                                \
           "Assumed; Unbound 130",                                                                 \
           "Referrals followed for one question.",                                                 \
           "SERVFAIL with extended error 0.")                                                      \
    NUMBER(nesting_max, "nesting-max", 6, 0, POLICY_NESTING_MAX, "look-ups",                       \
           "Assumed; BIND max-recursion-depth 7",                                                  \
           "Depth of look-ups for addresses of name servers inside such look-ups.",                \
           "The name server counts as one without an address.")                                    \
    GROUP("What a delegation may ask of us")                                                       \
    NUMBER(servers_max, "servers-max", 13, 1, POLICY_SERVERS_MAX, "servers",                       \
           "BIND max-delegation-servers 13; PowerDNS max-ns-per-resolve 13",                       \
           "Name servers of one delegation that are considered, those with addresses first.",      \
           "The others are not considered.")                                                       \
    NUMBER(server_records_max, "server-records-max", 20, 1, POLICY_SERVER_RECORDS_MAX, "records",  \
           "Unbound iter-scrub-ns 20",                                                             \
           "NS records of one referral that are looked at, or of one answer that are kept.",       \
           "The others are overlooked.")                                                           \
    NUMBER(addresses_max, "addresses-per-server-max", 6, 1, POLICY_ADDRESSES_MAX, "addresses",     \
           "BIND, 6 addresses a name server",                                                      \
           "Addresses of one name server that are used, per address family.",                      \
           "The others are overlooked.")                                                           \
    NUMBER(glueless_per_delegation_max, "glueless-per-delegation-max", 4, 0, 64, "look-ups",       \
           "Assumed; Knot Resolver 5",                                                             \
           "Address look-ups for the servers of one delegation.",                                  \
           "The other servers are told as limit of look-ups.")                                     \
    NUMBER(glueless_max, "glueless-max", 16, 0, 64, "look-ups",                                    \
           "Unbound MAX_DP_TARGET_COUNT 16",                                                       \
           "Address look-ups for one client's question.",                                          \
           "The other servers are told as limit of look-ups.")                                     \
    NUMBER(parallel_addresses_max, "parallel-addresses-max", 2, 0, 8, "look-ups",                  \
           "BIND, 3 parallel address fetches: one and these two",                                  \
           "Address look-ups for other servers of a delegation beside one that has met a "         \
           "time-out; within the two limits above.",                                               \
           "The next begins when one of them has ended.")                                          \
    SWITCH(parent_side, "parent-side", false,                                                      \
           "Unbound's last resort; off in Knot Resolver. Off here, so that a delegation that "     \
           "needs it is told apart",                                                               \
           "Where all servers of a delegation fail, try addresses that only the parent knows: "    \
           "glue beside what the servers' own zones say, and look-ups of glue that is missing.")   \
    SWITCH(dname_ends_reply, "dname-ends-reply", false,                                            \
           "On in Unbound. Off here: what follows a DNAME in the zone is believed like a CNAME's", \
           "Ask anew for the name that a DNAME made, whatever its reply says of that name.")       \
    SWITCH(keep_dnames, "keep-dnames", false,                                                      \
           "On in Knot Resolver. Off here and in Unbound, but for DNAMEs that came over TCP",      \
           "Keep a DNAME that came over UDP, and answer for other names by it.")                   \
    SWITCH(retry_empty, "retry-empty", false,                                                      \
           "On in Unbound (EMPTY_NODATA_RETRY_COUNT 2)",                                           \
           "Ask another server where an answer is empty to its last section.")                     \
    SWITCH(loop_answers, "loop-answers", false,                                                    \
           "On in Unbound (of an alias that names itself) and Knot Resolver; RFC 1034 3.6.2 "      \
           "wants an error",                                                                       \
           "Tell clients the aliases that lead in a circle.")                                      \
    SWITCH(loop_fails, "loop-fails", true,                                                         \
           "On in Knot Resolver, off in Unbound",                                                  \
           "With SERVFAIL; else NOERROR, and only where an alias names itself.")                   \
    NUMBER(missing_max, "missing-servers-max", 5, 1, 64, "servers",                                \
           "Unbound MAX_TARGET_NX 5",                                                              \
           "Name servers found to have no address before a client's question is given up.",        \
           "No further addresses are looked up.")                                                  \
    GROUP("How long to wait, how often to try")                                                    \
    DURATION(timeout_least, "timeout-least", "400ms", 400 * NS_PER_MS,                             \
             "Unbound's 376 ms for an unknown server; Knot Resolver 400 ms",                       \
             "The shortest time a server is given to answer.",                                     \
             "What is measured of a fast server does not shorten it.")                             \
    DURATION(timeout_most, "timeout-most", "3s", 3 * NS_PER_S,                                     \
             "Assumed; PowerDNS 1.5 s, Knot Resolver 2 s, BIND 9 s",                               \
             "The longest time a server is given to answer.",                                      \
             "The wait no longer doubles.")                                                        \
    NUMBER(tries_per_server_max, "tries-per-server-max", 3, 1, POLICY_TRIES_MAX, "queries",        \
           "Assumed; Knot Resolver 4, Unbound 5",                                                  \
           "How often one address is asked one question, TCP and the fallback of EDNS included.",  \
           "The address is not asked this question again.")                                        \
    DURATION(selection_band, "selection-band", "400ms", 400 * NS_PER_MS,                           \
             "Unbound RTT_BAND 400 ms",                                                            \
             "Servers this close to the fastest are chosen among by chance.",                      \
             "Slower servers are asked only when those within have failed.")                       \
    DURATION(server_memory, "server-memory", "15m", 900 * NS_PER_S,                                \
             "Unbound infra-host-ttl 900 s",                                                       \
             "How long a server's speed and failures are remembered.",                             \
             "The server counts as never met.")                                                    \
    NUMBER(servers_known_max, "servers-known-max", 256, 16, POLICY_SERVERS_KNOWN_MAX, "addresses", \
           "Assumed; Unbound infra-cache-numhosts 10000",                                          \
           "Server addresses whose speed and failures are remembered.",                            \
           "The one unheard of for longest is forgotten.")                                         \
    NUMBER(dead_after, "dead-after", 3, 1, 255, "time-outs",                                       \
           "Unbound, 3 time-outs; PowerDNS server-down-max-fails 64",                              \
           "Time-outs in a row after which a server counts as dead: a question asks it once at "   \
           "most, and only when nobody else is left.",                                             \
           "The server is left alone for backoff-least.")                                          \
    DURATION(backoff_least, "backoff-least", "5s", 5 * NS_PER_S,                                   \
             "Assumed; as failure-ttl-least",                                                      \
             "How long a dead server is left alone before it is probed; doubles with every "       \
             "probe in vain.",                                                                     \
             "One question may ask the server, once.")                                             \
    DURATION(backoff_most, "backoff-most", "1m", 60 * NS_PER_S,                                    \
             "PowerDNS server-down-throttle-time 60 s; Unbound 120 s",                             \
             "The longest that a dead server is left alone.",                                      \
             "The spell no longer doubles.")                                                       \
    SWITCH(ipv4, "ipv4", true,                                                                     \
           "Unbound do-ip4",                                                                       \
           "Ask servers over IPv4.")                                                               \
    SWITCH(ipv6, "ipv6", true,                                                                     \
           "Unbound do-ip6",                                                                       \
           "Ask servers over IPv6.")                                                               \
    SWITCH(loopback, "loopback", false,                                                            \
           "Unbound do-not-query-localhost",                                                       \
           "Ask servers at loopback addresses.")                                                   \
    GROUP("Where to begin")                                                                        \
    SWITCH(priming, "priming", false,                                                              \
           "RFC 8109; on in Unbound, BIND, Knot Resolver and PowerDNS. Off here: the hints of a "  \
           "simulated root are right",                                                             \
           "Ask a root server of the hints for the root's name servers first.")                    \
    SWITCH(special_names, "special-names", false,                                                  \
           "RFC 6761; on in Unbound and Knot Resolver. Off here, so that a scenario may use "      \
           "test. and local.",                                                                     \
           "Answer for localhost, invalid, test, onion, local, alt, home.arpa and private "        \
           "addresses without asking anybody.")                                                    \
    GROUP("What servers learn of the question")                                                    \
    SWITCH(qname_minimisation, "qname-minimisation", false,                                        \
           "RFC 9156; on in Unbound, BIND, Knot Resolver and PowerDNS. Off here, so that a "       \
           "scenario's walk is as short as its delegations",                                       \
           "Ask servers for ancestors of the name until its zone is found, relaxed: with the "     \
           "whole question after an odd answer.")                                                  \
    SWITCH(minimise_by_ns, "minimise-by-ns", false,                                                \
           "RFC 9156 2.1 leaves the type open and advises A, as Unbound asks; Knot Resolver "      \
           "asks for NS",                                                                          \
           "Ask for the NS records of ancestors instead of their addresses.")                      \
    SWITCH(minimise_type, "minimise-type", false,                                                  \
           "RFC 9156 2.1; on in Unbound",                                                          \
           "Ask for the whole name with the type of the steps before its own type.")               \
    SWITCH(minimise_on, "minimise-on", true,                                                       \
           "RFC 9156 2.3; on in Unbound, off in Knot Resolver",                                    \
           "Go on with a label more where an ancestor has no records of the type; else with the "  \
           "whole question.")                                                                      \
    NUMBER(minimise_steps_max, "minimise-steps-max", 10, 1, 127, "questions",                      \
           "RFC 9156 2.3 MAX_MINIMISE_COUNT 10",                                                   \
           "Questions for ancestors of one name and of those its aliases lead to.",                                               \
           "The whole question is asked.")                                                         \
    NUMBER(minimise_single_labels, "minimise-single-labels", 4, 0, 127, "questions",               \
           "RFC 9156 2.3 MINIMISE_ONE_LAB 4",                                                      \
           "Of these, how many add a single label; the others share the labels that are left.",    \
           "Each further one adds several labels.")                                                \
    NUMBER(minimise_timeouts_max, "minimise-timeouts-max", 2, 1, 100, "time-outs",                 \
           "Assumed, below tries-per-server-max; Unbound 3",                                       \
           "Time-outs of questions for ancestors before the whole question is asked.",             \
           "The whole question is asked.")                                                         \
    GROUP("The message")                                                                           \
    SWITCH(edns, "edns", true,                                                                     \
           "RFC 6891",                                                                             \
           "Ask with EDNS.")                                                                       \
    SWITCH(cookies, "cookies", false,                                                              \
           "RFC 7873; on in BIND (send-cookie). Off here, so that packets show no random octets",  \
           "Ask with DNS cookies: a reply that lacks the cookie of a server known to have one is " \
           "asked for over TCP, one with a wrong cookie overlooked.")                              \
    NUMBER(edns_size, "edns-size", 1232, 512, 65535, "octets",                                     \
           "DNS Flag Day 2020; Unbound, BIND, Knot Resolver and PowerDNS 1232; RFC 9715",          \
           "The UDP size advertised to servers.",                                                  \
           "A server sets TC, and is asked over TCP.")                                             \
    NUMBER(client_udp_max, "client-udp-max", 1232, 512, 65535, "octets",                           \
           "As edns-size",                                                                         \
           "The largest UDP answer to a client, whatever it advertises.",                          \
           "The client is told TC, and may ask over TCP.")                                         \
    NUMBER(near_miss_max, "near-miss-max", 1, 1, 1000, "replies",                                  \
           "PowerDNS spoof-nearmiss-max 1; BIND 9.21",                                             \
           "Replies with a wrong ID to a query before it is asked again over TCP.",                \
           "The query is asked over TCP.")                                                         \
    SWITCH(dnssec_ok, "dnssec-ok", true,                                                           \
           "RFC 4035 3.2.1",                                                                       \
           "Ask with DO where the client does, and give it the signatures and proofs that come. "  \
           "Nothing is validated.")                                                                \
    SWITCH(case_randomisation, "case-randomisation", false,                                        \
           "draft-vixie-dnsext-dns0x20; on in Knot Resolver, off in Unbound. Off here, so that "   \
           "packets show names as they are written",                                               \
           "Ask in random letter case, and believe only UDP replies that repeat it; over TCP "     \
           "and without it where a server cannot.")                                                \
    SWITCH(require_authoritative, "require-authoritative", true,                                   \
           "RFC 1034 5.3.3 with RFC 2181 5.4.1; assumed as strict as this",                        \
           "Take answers without the AA bit for those of a lame server.")                          \
    NUMBER(rrset_records_max, "rrset-records-max", 100, 1, 1000, "records",                        \
           "BIND max-records-per-type 100",                                                        \
           "Records of one RRset; a larger one is refused.",                                       \
           "The reply is one of no use; another server is asked.")                                 \
    GROUP("TCP")                                                                                   \
    DURATION(tcp_time_max, "tcp-time-max", "3s", 3 * NS_PER_S,                                     \
             "Unbound tcp-auth-query-timeout 3000 ms",                                             \
             "How long a question over TCP may take, counted from its first octet sent.",          \
             "The connection is closed, the address is not asked again.")                          \
    DURATION(tcp_idle_max, "tcp-idle-max", "10s", 10 * NS_PER_S,                                   \
             "Assumed; Knot Resolver 12 s, BIND and Unbound 30 s, PowerDNS 2 s",                   \
             "How long a client's connection may be silent.",                                      \
             "The connection is closed.")                                                          \
    NUMBER(tcp_clients_max, "tcp-clients-max", 64, 1, POLICY_TCP_CLIENTS_MAX, "connections",       \
           "Assumed; Unbound 10, BIND 150, PowerDNS 128",                                          \
           "Clients' connections at a time; the oldest silent one makes room.",                    \
           "The one silent for longest is closed.")                                                \
    NUMBER(tcp_upstream_max, "tcp-upstream-max", 10, 1, POLICY_TCP_UPSTREAM_MAX, "connections",    \
           "Unbound outgoing-num-tcp 10",                                                          \
           "Connections to servers at a time, those that wait for the next query included; the "   \
           "one idle for longest makes room.",                                                     \
           "The server is not asked over TCP, and told so.")                                       \
    NUMBER(tcp_reuse_max, "tcp-reuse-max", 200, 1, 65535, "queries",                               \
           "Unbound max-reuse-tcp-queries 200",                                                    \
           "Queries asked over one connection to a server (RFC 7766 6.2); 1 opens one for each.",  \
           "The connection is closed with the last reply.")                                        \
    DURATION(tcp_reuse_idle, "tcp-reuse-idle", "10s", 10 * NS_PER_S,                               \
             "PowerDNS tcp-out-max-idle-ms 10 s; Unbound tcp-reuse-timeout 60 s",                  \
             "How long a connection to a server waits for the next query.",                        \
             "The connection is closed.")                                                          \
    GROUP("The cache")                                                                             \
    NUMBER(cache_octets, "cache-octets", 1048576, 131072, 1073741824, "octets",                    \
           "Assumed; Unbound 4 MiB a cache",                                                       \
           "Octets of the cache; the oldest entries make room.",                                   \
           "The oldest entries are overwritten.")                                                  \
    DURATION(ttl_max, "ttl-max", "1d", 86400 * NS_PER_S,                                           \
             "Unbound, Knot Resolver and PowerDNS 86400 s",                                        \
             "The longest an answer is kept.",                                                     \
             "The TTL is cut to it.")                                                              \
    DURATION(ttl_min, "ttl-min", "0s", 0,                                                          \
             "Unbound cache-min-ttl 0",                                                            \
             "The shortest an answer is kept, whatever its TTL says.",                             \
             "The TTL is raised to it.")                                                           \
    DURATION(negative_ttl_min, "negative-ttl-min", "0s", 0,                                        \
             "Unbound cache-min-negative-ttl 0",                                                   \
             "The shortest a denial is kept, whatever its SOA says.",                              \
             "The TTL is raised to it.")                                                           \
    DURATION(negative_ttl_max, "negative-ttl-max", "1h", 3600 * NS_PER_S,                          \
             "Unbound and PowerDNS 3600 s; RFC 2308 5 allows 3 h",                                 \
             "The longest a denial is kept.",                                                      \
             "The TTL is cut to it.")                                                              \
    DURATION(failure_ttl_least, "failure-ttl-least", "5s", 5 * NS_PER_S,                           \
             "RFC 9520 3.2: 1 s to 300 s; Unbound 5 s",                                            \
             "How long a first failure is kept.",                                                  \
             "Servers are asked again; a failure within the same spell doubles it.")               \
    DURATION(failure_ttl_most, "failure-ttl-most", "5m", 300 * NS_PER_S,                           \
             "RFC 9520 3.2: no longer than 300 s",                                                 \
             "How long a failure that repeats is kept; the time doubles from the least to this.",  \
             "The spell no longer doubles.")                                                       \
    SWITCH(serve_stale, "serve-stale", false,                                                      \
           "RFC 8767; off in Unbound, BIND, Knot Resolver and PowerDNS too",                       \
           "Answer with what was known before where a question cannot be resolved.")               \
    DURATION(stale_ttl, "stale-ttl", "30s", 30 * NS_PER_S,                                         \
             "RFC 8767 4; Unbound and BIND 30 s",                                                  \
             "The TTL of such an answer.",                                                         \
             "The client asks again.")                                                             \
    DURATION(stale_max, "stale-max", "1d", 86400 * NS_PER_S,                                       \
             "RFC 8767 5, 1 to 3 days; Unbound and BIND 1 day",                                    \
             "How long after its time an answer may still be given.",                              \
             "SERVFAIL.")                                                                          \
    SWITCH(nxdomain_cut, "nxdomain-cut", true,                                                     \
           "RFC 8020 2; Unbound harden-below-nxdomain",                                            \
           "A name that does not exist has no names below it: the cache answers for them.")        \
    GROUP("Serving clients")                                                                       \
    SWITCH(full_answers, "full-answers", false,                                                    \
           "Unbound minimal-responses, the other way round; minimal in Unbound, BIND and Knot "    \
           "Resolver too",                                                                         \
           "Give clients the authority and additional sections that came with an answer.")         \
    SWITCH(scrub_promiscuous, "scrub-promiscuous", true,                                           \
           "Unbound iter-scrub-promiscuous, on",                                                   \
           "Leave the NS records that came with an answer out of full answers.")                   \
    SWITCH(snooping, "snooping", false,                                                            \
           "Unbound access-control allow_snoop, off",                                              \
           "Answer from the cache who does not ask for recursion; else REFUSED.")                  \
    NUMBER(lookups_max, "lookups-max", 16, 1, POLICY_LOOKUPS_MAX, "look-ups",                      \
           "Assumed; Unbound num-queries-per-thread 2048",                                         \
           "Questions resolved at a time; the oldest fails to make room. For `serve` and `exec` "  \
           "the default is 256.",                                                                  \
           "The oldest is told SERVFAIL, which is not remembered.")                                \
    NUMBER(waiting_max, "clients-waiting-max", 64, 1, POLICY_WAITING_MAX, "clients",               \
           "Assumed; limits of peers are per zone or per address",                                 \
           "Clients that may wait for answers at a time; more are told SERVFAIL. For `serve` and " \
           "`exec` the default is 1024.",                                                          \
           "SERVFAIL at once.")                                                                    \
    NUMBER(clients_max, "clients-per-question-max", 16, 1, POLICY_CLIENTS_MAX, "clients",          \
           "BIND clients-per-query 10 to 100",                                                     \
           "Clients that may wait for one question's answer.",                                     \
           "SERVFAIL at once.")
/* clang-format on */

#define POLICY_NO_MEMBER(title)
#define POLICY_NUMBER_MEMBER(member, ...)   uint32_t member;
#define POLICY_DURATION_MEMBER(member, ...) duration_ns member;
#define POLICY_SWITCH_MEMBER(member, ...)   bool member;

struct policy {
    POLICY_TABLE(POLICY_NO_MEMBER, POLICY_NUMBER_MEMBER, POLICY_DURATION_MEMBER,
                 POLICY_SWITCH_MEMBER)
};

/* The defaults of the table. */
extern const struct policy policy_default;

/* The keys, ended by one whose `key` is NULL; `policy_param_count` does not count that one. */
extern const struct param_spec policy_params[];
extern const size_t policy_param_count;

/* What the documents say of policy_params[index] beside its own words. All static. */
struct policy_row {
    const char *group;   /* the title under which it stands */
    const char *source;  /* where the default comes from */
    const char *unit;    /* what a number counts; NULL for others */
    const char *reached; /* what happens then; NULL for a switch */
};

struct policy_row policy_row(size_t index);

/* Fills `policy` with the defaults and what `params` says over them. False with `diag` set where
 * two values contradict each other. */
bool policy_configure(const struct params *params, struct policy *policy, struct diag *diag);

#endif

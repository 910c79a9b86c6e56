/* Every behaviour but `proxied`, answer by answer. */
#include "sim/behaviour.h"

#include <string.h>

#include "tests/sim/stage.h"
#include "tests/support/support.h"
#include "wire/message.h"
#include "wire/rrtype.h"

#define SOA  "\nNS a.test. 900 IN SOA n.a.test. h.a.test. 1 2 3 4 900"
#define ROOT "\nNS . 518400 IN NS a.root-servers.net."

static const char customer[] = "@ 3600 SOA n h 1 2 3 4 900\n"
                               "@ 600 CNAME web.host.test.\n"
                               "@ 600 TXT apex text\n"
                               "www 600 CNAME web.host.test.\n"
                               "far 600 CNAME hop.host.test.\n"
                               "dname 600 CNAME x.moved.host.test.\n"
                               "k1._domainkey 600 CNAME k1.dkim.host.test.\n"
                               "gone 600 CNAME gone.host.test.\n"
                               "loop 600 CNAME loop.host.test.\n"
                               "nowhere 600 CNAME x.unknown.\n"
                               "inner 600 CNAME plain\n"
                               "plain 600 A 192.0.2.10\n"
                               "plain 600 AAAA 2001:db8::10\n"
                               "plain 600 TXT plain text\n"
                               "both 600 CNAME web.host.test.\n"
                               "both 600 TXT own text\n"
                               "*.w 600 CNAME web.host.test.\n"
                               "deep.sub 600 TXT below\n";

static const char host[] = "@ 60 SOA n h 1 2 3 4 5\n"
                           "web 120 A 192.0.2.80\n"
                           "web 120 AAAA 2001:db8::80\n"
                           "hop 30 CNAME web\n"
                           "moved 40 DNAME old\n"
                           "x.old 120 A 192.0.2.81\n"
                           "k1.dkim 60 TXT v=DKIM1; p=KEY\n"
                           "loop 60 CNAME loop\n"
                           "cut 60 NS ns.elsewhere.\n";

static const struct row {
    const char *name;
    const char *behaviour;
    const char *params;
    const char *question;
    const char *reply;
} rows[] = {
    /* flattened */
    {"flattened_shows_a_of_the_target", "flattened", "names: www", "www.a.test. A",
     "NOERROR aa opt\nAN www.a.test. 120 IN A 192.0.2.80"},
    {"flattened_shows_aaaa_of_the_target", "flattened", "names: www", "www.a.test. AAAA",
     "NOERROR aa opt\nAN www.a.test. 120 IN AAAA 2001:db8::80"},
    {"flattened_ttl_is_the_least_of_all", "flattened", "names: far", "far.a.test. A",
     "NOERROR aa opt\nAN far.a.test. 30 IN A 192.0.2.80"},
    {"flattened_follows_dname", "flattened", "names: dname", "dname.a.test. A",
     "NOERROR aa opt\nAN dname.a.test. 40 IN A 192.0.2.81"},
    {"flattened_key_host_has_no_a", "flattened", "names: k1._domainkey", "k1._domainkey.a.test. A",
     "NOERROR aa opt" SOA},
    {"flattened_hides_txt", "flattened", "names: k1._domainkey", "k1._domainkey.a.test. TXT",
     "NOERROR aa opt" SOA},
    {"flattened_hides_cname", "flattened", "names: k1._domainkey", "k1._domainkey.a.test. CNAME",
     "NOERROR aa opt" SOA},
    {"flattened_shows_own_txt", "flattened", "names: both", "both.a.test. TXT",
     "NOERROR aa opt\nAN both.a.test. 600 IN TXT \"own text\""},
    {"flattened_any_is_the_rest", "flattened", "names: both", "both.a.test. ANY",
     "NOERROR aa opt\nAN both.a.test. 600 IN TXT \"own text\""},
    {"flattened_target_nxdomain_is_nodata", "flattened", "names: gone", "gone.a.test. A",
     "NOERROR aa opt" SOA},
    {"flattened_loop_is_servfail", "flattened", "names: loop", "loop.a.test. A", "SERVFAIL opt"},
    {"flattened_unknown_is_servfail", "flattened", "names: nowhere", "nowhere.a.test. A",
     "SERVFAIL opt"},
    {"flattened_leaves_other_names", "flattened", "names: www", "k1._domainkey.a.test. CNAME",
     "NOERROR aa opt\nAN k1._domainkey.a.test. 600 IN CNAME k1.dkim.host.test."},
    {"flattened_all_by_word", "flattened", "names: all", "k1._domainkey.a.test. TXT",
     "NOERROR aa opt" SOA},
    {"flattened_all_by_key", "flattened", "all: true", "k1._domainkey.a.test. TXT",
     "NOERROR aa opt" SOA},
    {"flattened_all_leaves_plain_names", "flattened", "all: true", "plain.a.test. TXT",
     "NOERROR aa opt\nAN plain.a.test. 600 IN TXT \"plain text\""},
    {"flattened_wildcard", "flattened", "names: *.w", "x.w.a.test. A",
     "NOERROR aa opt\nAN x.w.a.test. 120 IN A 192.0.2.80"},
    {"flattened_apex_without_being_asked", "flattened", "", "a.test. A",
     "NOERROR aa opt\nAN a.test. 120 IN A 192.0.2.80"},
    {"flattened_apex_shows_own_txt", "flattened", "", "a.test. TXT",
     "NOERROR aa opt\nAN a.test. 600 IN TXT \"apex text\""},
    {"flattened_apex_can_be_turned_off", "flattened", "apex: false", "a.test. CNAME",
     "NOERROR aa opt\nAN a.test. 600 IN CNAME web.host.test."},
    {"flattened_by_default_is_the_apex_only", "flattened", "", "www.a.test. CNAME",
     "NOERROR aa opt\nAN www.a.test. 600 IN CNAME web.host.test."},
    {"flattened_in_zone_only_if_asked", "flattened", "", "inner.a.test. CNAME",
     "NOERROR aa opt\nAN inner.a.test. 600 IN CNAME plain.a.test."},
    {"flattened_in_zone", "flattened", "in-zone: true", "inner.a.test. CNAME",
     "NOERROR aa opt" SOA},
    {"flattened_in_zone_shows_a", "flattened", "in-zone: true", "inner.a.test. A",
     "NOERROR aa opt\nAN inner.a.test. 600 IN A 192.0.2.10"},
    {"flattened_in_zone_leaves_external", "flattened", "in-zone: true", "www.a.test. CNAME",
     "NOERROR aa opt\nAN www.a.test. 600 IN CNAME web.host.test."},
    /* alias */
    {"alias_shows_a_of_the_target", "alias", "records: new web.host.test.", "new.a.test. A",
     "NOERROR aa opt\nAN new.a.test. 120 IN A 192.0.2.80"},
    {"alias_target_is_relative_too", "alias", "records: new plain", "new.a.test. A",
     "NOERROR aa opt\nAN new.a.test. 600 IN A 192.0.2.10"},
    {"alias_hides_txt_of_the_target", "alias", "records: new k1.dkim.host.test.", "new.a.test. TXT",
     "NOERROR aa opt" SOA},
    {"alias_to_a_key_host_has_no_a", "alias", "records: new k1.dkim.host.test.", "new.a.test. A",
     "NOERROR aa opt" SOA},
    {"alias_hides_cname", "alias", "records: www web.host.test.", "www.a.test. CNAME",
     "NOERROR aa opt" SOA},
    {"alias_goes_before_cname", "alias", "records: www x.old.host.test.", "www.a.test. A",
     "NOERROR aa opt\nAN www.a.test. 120 IN A 192.0.2.81"},
    {"alias_shows_own_txt", "alias", "records: plain web.host.test.", "plain.a.test. TXT",
     "NOERROR aa opt\nAN plain.a.test. 600 IN TXT \"plain text\""},
    {"own_a_goes_before_alias", "alias", "records: plain web.host.test.", "plain.a.test. A",
     "NOERROR aa opt\nAN plain.a.test. 600 IN A 192.0.2.10"},
    {"alias_to_nothing_is_servfail", "alias", "records: new gone.host.test.", "new.a.test. A",
     "SERVFAIL opt"},
    {"alias_to_nothing_leaves_txt", "alias", "records: new gone.host.test.", "new.a.test. TXT",
     "NOERROR aa opt" SOA},
    {"alias_to_nothing_may_be_empty", "alias", "records: new gone.host.test.; failure: empty",
     "new.a.test. A", "NOERROR aa opt" SOA},
    {"alias_into_a_cut_fails", "alias", "records: new x.cut.host.test.", "new.a.test. A",
     "SERVFAIL opt"},
    {"alias_second_of_two", "alias", "records: one gone.host.test., two web.host.test.",
     "two.a.test. A", "NOERROR aa opt\nAN two.a.test. 120 IN A 192.0.2.80"},
    {"alias_makes_its_ancestors_exist", "alias", "records: k._new web.host.test.", "_new.a.test. A",
     "NOERROR aa opt" SOA},
    /* address-only */
    {"address_only_shows_given_a", "address-only", "names: plain; ipv4: 192.0.2.99",
     "plain.a.test. A", "NOERROR aa opt\nAN plain.a.test. 300 IN A 192.0.2.99"},
    {"address_only_shows_given_aaaa", "address-only", "names: plain; ipv6: 2001:db8::99; ttl: 7",
     "plain.a.test. AAAA", "NOERROR aa opt\nAN plain.a.test. 7 IN AAAA 2001:db8::99"},
    {"address_only_shows_own_a_by_default", "address-only", "names: plain", "plain.a.test. A",
     "NOERROR aa opt\nAN plain.a.test. 600 IN A 192.0.2.10"},
    {"address_only_hides_own_txt", "address-only", "names: plain", "plain.a.test. TXT",
     "NOERROR aa opt" SOA},
    {"address_only_hides_cname", "address-only", "names: www; ipv4: 192.0.2.99",
     "www.a.test. CNAME", "NOERROR aa opt" SOA},
    {"address_only_cname_has_no_a_of_its_own", "address-only", "names: www", "www.a.test. A",
     "NOERROR aa opt" SOA},
    {"address_only_wildcard", "address-only", "names: *; ipv4: 192.0.2.99", "zz.a.test. A",
     "NOERROR aa opt\nAN zz.a.test. 300 IN A 192.0.2.99"},
    /* missing-txt */
    {"missing_txt_is_nodata", "missing-txt", "names: plain", "plain.a.test. TXT",
     "NOERROR aa opt" SOA},
    {"missing_txt_leaves_a", "missing-txt", "names: plain", "plain.a.test. A",
     "NOERROR aa opt\nAN plain.a.test. 600 IN A 192.0.2.10"},
    {"missing_txt_leaves_other_names", "missing-txt", "names: plain", "deep.sub.a.test. TXT",
     "NOERROR aa opt\nAN deep.sub.a.test. 600 IN TXT \"below\""},
    {"missing_txt_everywhere", "missing-txt", "names: all", "deep.sub.a.test. TXT",
     "NOERROR aa opt" SOA},
    /* any */
    {"any_hinfo", "any", "", "plain.a.test. ANY",
     "NOERROR aa opt ede=21\nAN plain.a.test. 3600 IN HINFO \"RFC8482\" \"\""},
    {"any_hinfo_ttl", "any", "ttl: 3789", "plain.a.test. ANY",
     "NOERROR aa opt ede=21\nAN plain.a.test. 3789 IN HINFO \"RFC8482\" \"\""},
    {"any_one", "any", "answer: one", "plain.a.test. ANY",
     "NOERROR aa opt\nAN plain.a.test. 600 IN A 192.0.2.10"},
    {"any_all", "any", "answer: all", "both.a.test. ANY",
     "NOERROR aa opt\nAN both.a.test. 600 IN CNAME web.host.test.\n"
     "AN both.a.test. 600 IN TXT \"own text\""},
    {"any_refused", "any", "answer: refused", "plain.a.test. ANY", "REFUSED opt"},
    {"any_notimp", "any", "answer: notimp", "plain.a.test. ANY", "NOTIMP opt"},
    {"any_empty", "any", "answer: empty", "plain.a.test. ANY", "NOERROR aa opt" SOA},
    {"any_leaves_nxdomain", "any", "", "nope.a.test. ANY", "NXDOMAIN aa opt" SOA},
    {"any_leaves_other_types", "any", "", "plain.a.test. A",
     "NOERROR aa opt\nAN plain.a.test. 600 IN A 192.0.2.10"},
    /* rcode */
    {"rcode_for_all", "rcode", "rcode: SERVFAIL", "plain.a.test. A", "SERVFAIL opt"},
    {"rcode_for_missing_names_too", "rcode", "rcode: REFUSED", "nope.a.test. A", "REFUSED opt"},
    {"rcode_spares_who_is_listed", "rcode", "rcode: REFUSED; spares: 192.0.2.0/24",
     "plain.a.test. A", "NOERROR aa opt\nAN plain.a.test. 600 IN A 192.0.2.10"},
    {"rcode_spares_nobody_else", "rcode", "rcode: REFUSED; spares: 198.51.100.7", "plain.a.test. A",
     "REFUSED opt"},
    {"rcode_nxdomain_is_authoritative_without_soa", "rcode", "rcode: NXDOMAIN; types: TXT",
     "plain.a.test. TXT", "NXDOMAIN aa opt"},
    {"rcode_by_type", "rcode", "rcode: SERVFAIL; types: TXT, MX", "plain.a.test. A",
     "NOERROR aa opt\nAN plain.a.test. 600 IN A 192.0.2.10"},
    {"rcode_by_name", "rcode", "rcode: FORMERR; names: plain", "deep.sub.a.test. TXT",
     "NOERROR aa opt\nAN deep.sub.a.test. 600 IN TXT \"below\""},
    {"rcode_by_wildcard_means_all_below", "rcode", "rcode: FORMERR; names: *.sub",
     "deep.sub.a.test. TXT", "FORMERR opt"},
    {"rcode_by_wildcard_spares_the_parent", "rcode", "rcode: FORMERR; names: *.sub",
     "sub.a.test. TXT", "NOERROR aa opt" SOA},
    {"rcode_by_other_transport", "rcode", "rcode: FORMERR; transport: tcp", "deep.sub.a.test. TXT",
     "NOERROR aa opt\nAN deep.sub.a.test. 600 IN TXT \"below\""},
    {"rcode_by_this_transport", "rcode", "rcode: FORMERR; transport: udp", "deep.sub.a.test. TXT",
     "FORMERR opt"},
    {"rcode_behind_a_cname_keeps_the_cname", "rcode", "rcode: SERVFAIL; names: plain",
     "inner.a.test. A", "SERVFAIL aa opt\nAN inner.a.test. 600 IN CNAME plain.a.test."},
    {"rcode_above_15", "rcode", "rcode: BADCOOKIE; names: plain", "plain.a.test. A",
     "BADCOOKIE opt"},
    /* endless-referrals */
    {"endless_referrals_delegate_unknown_names", "endless-referrals", "", "x.a.test. A",
     "NOERROR opt\nNS x.a.test. 300 IN NS n0-5db361b9.a.test."},
    {"endless_referrals_as_many_as_told", "endless-referrals", "servers: 2; below: v.test.",
     "x.a.test. A",
     "NOERROR opt\nNS x.a.test. 300 IN NS n0-5db361b9.v.test.\n"
     "NS x.a.test. 300 IN NS n1-5db361b9.v.test."},
    {"endless_referrals_leave_known_names", "endless-referrals", "", "plain.a.test. A",
     "NOERROR aa opt\nAN plain.a.test. 600 IN A 192.0.2.10"},
    {"endless_referrals_leave_nodata", "endless-referrals", "", "plain.a.test. MX",
     "NOERROR aa opt" SOA},
    /* never-content */
    {"never_content_wants_no_edns", "never-content", "", "plain.a.test. A", "FORMERR"},
    /* lame */
    {"lame_refuses", "lame", "", "plain.a.test. A", "REFUSED opt"},
    {"lame_servfail", "lame", "mode: servfail", "plain.a.test. A", "SERVFAIL opt"},
    {"lame_points_upward", "lame", "mode: upward-referral", "plain.a.test. A", "NOERROR opt" ROOT},
    {"lame_without_authority", "lame", "mode: non-authoritative", "plain.a.test. A",
     "NOERROR opt\nAN plain.a.test. 600 IN A 192.0.2.10"},
    {"lame_without_authority_for_nodata", "lame", "mode: non-authoritative", "plain.a.test. MX",
     "NOERROR opt" SOA},
    /* zone-refused: this zone has a CNAME beside its apex's SOA */
    {"zone_refused", "zone-refused", "", "plain.a.test. A", "SERVFAIL opt"},
    {"zone_refused_with_refused", "zone-refused", "answer: refused", "plain.a.test. A",
     "REFUSED opt"},
    {"zone_refused_speaks_for_no_other_zone", "zone-refused", "", "web.host.test. A",
     "NOERROR aa opt\nAN web.host.test. 120 IN A 192.0.2.80"},
    /* no-edns */
    {"no_edns_formerr", "no-edns", "", "plain.a.test. A", "FORMERR"},
    {"no_edns_header_only", "no-edns", "mode: formerr-header", "plain.a.test. A",
     "FORMERR no-question"},
    {"no_edns_notimp", "no-edns", "mode: notimp", "plain.a.test. A", "NOTIMP"},
    {"no_edns_ignored", "no-edns", "mode: ignored", "plain.a.test. A",
     "NOERROR aa\nAN plain.a.test. 600 IN A 192.0.2.10"},
    {"no_edns_badvers", "no-edns", "mode: badvers", "plain.a.test. A", "BADVERS opt"},
    {"no_edns_silent", "no-edns", "mode: silent", "plain.a.test. A", "silence"},
    /* letter-case */
    {"letter_case_refused", "letter-case", "mode: refused", "PLAIN.a.test. A", "REFUSED aa opt"},
    {"letter_case_nxdomain", "letter-case", "mode: nxdomain", "PLAIN.a.test. A",
     "NXDOMAIN aa opt" SOA},
    {"letter_case_of_small_letters", "letter-case", "mode: refused", "plain.a.test. A",
     "NOERROR aa opt\nAN plain.a.test. 600 IN A 192.0.2.10"},
    /* cookies */
    {"cookies_who_sends_none_is_answered", "cookies", "mode: never-good", "plain.a.test. A",
     "NOERROR aa opt\nAN plain.a.test. 600 IN A 192.0.2.10"},
    /* silent */
    {"silent", "silent", "", "plain.a.test. A", "silence"},
    {"silent_even_to_nonsense", "silent", "", "plain.a.test. AXFR", "silence"},
    {"silent_by_name", "silent", "names: www", "plain.a.test. A",
     "NOERROR aa opt\nAN plain.a.test. 600 IN A 192.0.2.10"},
    {"silent_by_type", "silent", "types: TXT", "plain.a.test. TXT", "silence"},
    {"silent_over_tcp_only", "silent", "transport: tcp", "plain.a.test. A",
     "NOERROR aa opt\nAN plain.a.test. 600 IN A 192.0.2.10"},
    /* by-source: the stage asks from 192.0.2.1 */
    {"by_source_shows_the_view", "by-source", "from: 192.0.2.0/24; zone: host.test.",
     "web.a.test. A", "NOERROR aa opt\nAN web.a.test. 120 IN A 192.0.2.80"},
    {"by_source_shows_an_alias_of_the_view", "by-source", "from: 192.0.2.0/24; zone: host.test.",
     "hop.a.test. CNAME", "NOERROR aa opt\nAN hop.a.test. 30 IN CNAME web.host.test."},
    {"by_source_follows_an_alias_of_the_view", "by-source", "from: 192.0.2.1; zone: host.test.",
     "hop.a.test. A",
     "NOERROR aa opt\nAN hop.a.test. 30 IN CNAME web.host.test.\n"
     "AN web.host.test. 120 IN A 192.0.2.80"},
    {"by_source_hides_what_the_view_lacks", "by-source", "from: 192.0.2.1; zone: host.test.",
     "plain.a.test. A", "NXDOMAIN aa opt" SOA},
    {"by_source_has_types_of_the_view_only", "by-source", "from: 192.0.2.1; zone: host.test.",
     "web.a.test. TXT", "NOERROR aa opt" SOA},
    {"by_source_leaves_other_sources", "by-source", "from: 192.0.3.0/24; zone: host.test.",
     "plain.a.test. A", "NOERROR aa opt\nAN plain.a.test. 600 IN A 192.0.2.10"},
    {"by_source_leaves_other_names", "by-source", "from: 192.0.2.1; zone: host.test.; names: www",
     "plain.a.test. A", "NOERROR aa opt\nAN plain.a.test. 600 IN A 192.0.2.10"},
    {"by_source_leaves_the_apex", "by-source", "from: 192.0.2.1; zone: host.test.", "a.test. TXT",
     "NOERROR aa opt\nAN a.test. 600 IN TXT \"apex text\""},
    {"by_source_without_its_zone_fails", "by-source", "from: 192.0.2.1; zone: other.test.",
     "plain.a.test. A", "SERVFAIL opt"},
    /* ns-anywhere */
    {"ns_anywhere_needs_own_name_servers", "ns-anywhere", "", "plain.a.test. NS",
     "NOERROR aa opt" SOA},
    {"ns_anywhere_leaves_other_types", "ns-anywhere", "", "plain.a.test. A",
     "NOERROR aa opt\nAN plain.a.test. 600 IN A 192.0.2.10"},
    /* ent-nxdomain */
    {"ent_nxdomain", "ent-nxdomain", "", "sub.a.test. TXT", "NXDOMAIN aa opt" SOA},
    {"ent_nxdomain_leaves_what_is_below", "ent-nxdomain", "", "deep.sub.a.test. TXT",
     "NOERROR aa opt\nAN deep.sub.a.test. 600 IN TXT \"below\""},
    {"ent_nxdomain_leaves_nodata", "ent-nxdomain", "", "plain.a.test. MX", "NOERROR aa opt" SOA},
    {"ent_nxdomain_by_type", "ent-nxdomain", "types: TXT", "sub.a.test. A", "NOERROR aa opt" SOA},
    /* compact-denial */
    {"compact_denial_makes_nodata", "compact-denial", "", "nope.a.test. A", "NOERROR aa opt" SOA},
    {"compact_denial_leaves_data", "compact-denial", "", "plain.a.test. A",
     "NOERROR aa opt\nAN plain.a.test. 600 IN A 192.0.2.10"},
    {"compact_denial_by_name", "compact-denial", "names: *.sub", "nope.a.test. A",
     "NXDOMAIN aa opt" SOA},
    /* no-underscores */
    {"no_underscores_header_only", "no-underscores", "", "k1._domainkey.a.test. TXT",
     "FORMERR no-question"},
    {"no_underscores_in_the_first_label", "no-underscores", "mode: refused", "_dmarc.a.test. TXT",
     "REFUSED opt"},
    {"no_underscores_notimp", "no-underscores", "mode: notimp", "_x.a.test. A", "NOTIMP opt"},
    {"no_underscores_formerr", "no-underscores", "mode: formerr", "_x.a.test. A", "FORMERR opt"},
    {"no_underscores_nxdomain", "no-underscores", "mode: nxdomain", "k1._domainkey.a.test. TXT",
     "NXDOMAIN aa opt"},
    {"no_underscores_silent", "no-underscores", "mode: silent", "_x.a.test. A", "silence"},
    {"no_underscores_inside_a_label", "no-underscores", "", "a_b.a.test. A", "NXDOMAIN aa opt" SOA},
    /* address-always */
    {"address_always_for_aaaa", "address-always", "address: 192.0.2.99", "plain.a.test. AAAA",
     "NOERROR\nAN plain.a.test. 3600 IN A 192.0.2.99"},
    {"address_always_for_nobody", "address-always", "address: 192.0.2.99; ttl: 60",
     "nope.a.test. TXT", "NOERROR\nAN nope.a.test. 60 IN A 192.0.2.99"},
    {"address_always_by_type", "address-always", "address: 192.0.2.99; types: TXT",
     "plain.a.test. A", "NOERROR aa opt\nAN plain.a.test. 600 IN A 192.0.2.10"},
    /* stray-records */
    {"stray_records_in_additional", "stray-records", "owners: www.b.test.; address: 192.0.2.99",
     "plain.a.test. A",
     "NOERROR aa opt\nAN plain.a.test. 600 IN A 192.0.2.10\n"
     "AR www.b.test. 3600 IN A 192.0.2.99"},
    {"stray_records_in_answer", "stray-records",
     "owners: www.b.test.; address: 192.0.2.99; section: answer; ttl: 5", "plain.a.test. A",
     "NOERROR aa opt\nAN plain.a.test. 600 IN A 192.0.2.10\n"
     "AN www.b.test. 5 IN A 192.0.2.99"},
    {"stray_records_in_authority", "stray-records",
     "owners: x.b.test., y.b.test.; address: 192.0.2.99; section: authority", "plain.a.test. A",
     "NOERROR aa opt\nAN plain.a.test. 600 IN A 192.0.2.10\n"
     "NS x.b.test. 3600 IN A 192.0.2.99\nNS y.b.test. 3600 IN A 192.0.2.99"},
    /* duplicated */
    {"duplicated_three_times", "duplicated", "", "plain.a.test. A",
     "NOERROR aa opt\nAN plain.a.test. 600 IN A 192.0.2.10\n"
     "AN plain.a.test. 600 IN A 192.0.2.10\nAN plain.a.test. 600 IN A 192.0.2.10"},
    {"duplicated_leaves_the_empty", "duplicated", "", "plain.a.test. MX", "NOERROR aa opt" SOA},
    {"duplicated_by_type", "duplicated", "types: TXT", "plain.a.test. A",
     "NOERROR aa opt\nAN plain.a.test. 600 IN A 192.0.2.10"},
    /* broken-opt */
    {"broken_opt_of_zeros", "broken-opt", "", "plain.a.test. A",
     "NOERROR aa\nAN plain.a.test. 600 IN A 192.0.2.10\nAR . 0 CLASS0 TYPE0 \\# 0"},
    {"broken_opt_before_the_answer", "broken-opt", "mode: zeros-first", "plain.a.test. A",
     "NOERROR aa\nAN . 0 CLASS0 TYPE0 \\# 0"},
    /* large-udp, and what a query does not ask for */
    {"large_udp_says_so", "edns-intolerant", "of: dnssec-ok", "plain.a.test. A",
     "NOERROR aa opt\nAN plain.a.test. 600 IN A 192.0.2.10"},
    /* mismatched */
    {"mismatched_without_a_question", "mismatched", "mode: no-question", "plain.a.test. A",
     "NOERROR aa opt no-question\nAN plain.a.test. 600 IN A 192.0.2.10"},
    {"mismatched_by_name", "mismatched", "mode: no-question; names: www", "plain.a.test. A",
     "NOERROR aa opt\nAN plain.a.test. 600 IN A 192.0.2.10"},
    {"silent_speaks_for_other_zones", "silent", "", "web.host.test. A",
     "NOERROR aa opt\nAN web.host.test. 120 IN A 192.0.2.80"},
};

/* A server says that a behaviour acted if, and only if, the reply is another than without it. */
static void check_decisions(const struct row *row, const char *reply, uint64_t decisions)
{
    static struct stage stage;
    stage_open(&stage);
    stage_serve(&stage, "a.test.", customer);
    stage_serve(&stage, "host.test.", host);
    const bool changed = strcmp(stage_ask(&stage, row->question), reply) != 0;
    ck_assert_msg((decisions > 0) == changed, "%s %s", row->question, changed ? "" : "not changed");
    stage_close(&stage);
}

START_TEST(behaves)
{
    static struct stage stage;
    const struct row *row = &rows[_i];
    stage_open(&stage);
    struct stage_zone *zone = stage_serve(&stage, "a.test.", customer);
    stage_serve(&stage, "host.test.", host);
    stage_behave(&stage, zone, NULL, row->behaviour, row->params);
    const char *reply = stage_ask(&stage, row->question);
    const size_t size = strlen(row->reply);
    const bool is_root = strstr(row->reply, ROOT) != NULL; /* thirteen, one shown here */
    ck_assert_msg(strncmp(reply, row->reply, size) == 0 && (is_root || reply[size] == '\0'),
                  "expected %s\ngot %s", row->reply, reply);
    check_decisions(row, reply, stage.trace.count);
    stage_close(&stage);
}
END_TEST

/* A strict server answers for a zone without a clash, and for none with two CNAMEs at a name. */
START_TEST(zone_refused_looks_at_the_zone)
{
    static struct stage stage;
    stage_open(&stage);
    struct stage_zone *clean = stage_serve(&stage, "b.test.", "x 60 CNAME y\ny 60 A 192.0.2.1\n");
    struct stage_zone *twice = stage_serve(&stage, "c.test.", "x 60 CNAME y\nx 60 CNAME z\n");
    stage_behave(&stage, clean, NULL, "zone-refused", "");
    stage_behave(&stage, twice, NULL, "zone-refused", "");
    ck_assert_str_eq(stage_ask(&stage, "y.b.test. A"),
                     "NOERROR aa opt\nAN y.b.test. 60 IN A 192.0.2.1");
    ck_assert_str_eq(stage_ask(&stage, "y.c.test. A"), "SERVFAIL opt");
    stage_close(&stage);
}
END_TEST

/* What an ALIAS to nothing gives is the provider's to say, where the file does not. */
START_TEST(alias_fails_as_the_provider_does)
{
    static struct stage stage;
    static const char *const providers_and_answers[][2] = {
        {NULL, "SERVFAIL opt"}, {"powerdns", "SERVFAIL opt"}, {"dnsimple", "NOERROR aa opt"}};
    for (size_t i = 0; i < COUNT_OF(providers_and_answers); i++) {
        stage_open(&stage);
        struct stage_zone *zone = stage_serve(&stage, "a.test.", customer);
        stage_serve(&stage, "host.test.", host);
        stage_behave(&stage, zone, providers_and_answers[i][0], "alias",
                     "records: new gone.host.test.");
        const char *answer = providers_and_answers[i][1];
        ck_assert_msg(strncmp(stage_ask(&stage, "new.a.test. A"), answer, strlen(answer)) == 0,
                      "%zu", i);
        stage_close(&stage);
    }
}
END_TEST

/* --- without EDNS, over TCP --- */

static const struct rung {
    const char *name;
    enum transport transport;
    uint16_t udp_size;
    const char *reply;
} rungs[] = {
    {"EDNS over UDP", TRANSPORT_UDP, 1232, "FORMERR"},
    {"plain over UDP", TRANSPORT_UDP, 0, "NOERROR tc"},
    {"plain over TCP", TRANSPORT_TCP, 0, "NOTIMP"},
    {"EDNS over TCP", TRANSPORT_TCP, 1232, "BADCOOKIE opt"},
};

START_TEST(never_content_asks_for_something_else)
{
    static struct stage stage;
    const struct rung *rung = &rungs[_i];
    const struct stage_query how = {.transport = rung->transport, .udp_size = rung->udp_size};
    stage_open(&stage);
    struct stage_zone *zone = stage_serve(&stage, "a.test.", customer);
    stage_behave(&stage, zone, NULL, "never-content", "");
    ck_assert_str_eq(stage_ask_as(&stage, "plain.a.test. A", &how), rung->reply);
    stage_close(&stage);
}
END_TEST

START_TEST(never_content_at_random_never_answers)
{
    static struct stage stage;
    stage_open(&stage);
    struct stage_zone *zone = stage_serve(&stage, "a.test.", customer);
    stage_behave(&stage, zone, NULL, "never-content", "mode: at-random");
    for (unsigned i = 0; i < 100; i++) {
        const char *reply = stage_ask(&stage, "plain.a.test. A");
        ck_assert_ptr_null(strstr(reply, "192.0.2.10"));
        ck_assert(strncmp(reply, "NOERROR", 7) != 0 || strncmp(reply, "NOERROR tc", 10) == 0);
    }
    stage_close(&stage);
}
END_TEST

START_TEST(endless_referrals_never_repeat_themselves)
{
    static struct stage stage;
    static char first[STAGE_TEXT_MAX];
    stage_open(&stage);
    struct stage_zone *zone = stage_serve(&stage, "a.test.", customer);
    stage_behave(&stage, zone, NULL, "endless-referrals", "");
    strcpy(first, strstr(stage_ask(&stage, "n0-5db361b9.a.test. A"), " NS "));
    ck_assert_str_ne(strstr(stage_ask(&stage, "x.a.test. A"), " NS "), first);
    ck_assert_str_eq(strstr(stage_ask(&stage, "N0-5DB361B9.a.test. AAAA"), " NS "), first);
    stage_close(&stage);
}
END_TEST

START_TEST(endless_referrals_fit_their_memory)
{
    static struct stage stage;
    const struct stage_query how = {.transport = TRANSPORT_TCP};
    stage_open(&stage);
    struct stage_zone *zone = stage_serve(&stage, "a.test.", customer);
    stage_behave(&stage, zone, NULL, "endless-referrals", "servers: 300");
    const char *reply = stage_ask_as(&stage, "x.a.test. A", &how);
    size_t count = 0;
    while ((reply = strstr(reply, "\nNS ")) != NULL) {
        reply++;
        count++;
    }
    ck_assert_uint_eq(count, 300);
    stage_close(&stage);
}
END_TEST

START_TEST(no_edns_answers_plain_queries)
{
    static struct stage stage;
    stage_open(&stage);
    struct stage_zone *zone = stage_serve(&stage, "a.test.", customer);
    stage_behave(&stage, zone, NULL, "no-edns", "mode: silent");
    const struct stage_query plain = {.udp_size = 0};
    ck_assert_str_eq(stage_ask_as(&stage, "plain.a.test. A", &plain),
                     "NOERROR aa\nAN plain.a.test. 600 IN A 192.0.2.10");
    stage_close(&stage);
}
END_TEST

START_TEST(rcode_above_15_without_edns_is_formerr)
{
    static struct stage stage;
    stage_open(&stage);
    struct stage_zone *zone = stage_serve(&stage, "a.test.", customer);
    stage_behave(&stage, zone, NULL, "rcode", "rcode: BADVERS");
    const struct stage_query plain = {.udp_size = 0};
    ck_assert_str_eq(stage_ask_as(&stage, "plain.a.test. A", &plain), "FORMERR");
    stage_close(&stage);
}
END_TEST

START_TEST(silent_over_tcp_keeps_the_connection)
{
    static struct stage stage;
    stage_open(&stage);
    struct stage_zone *zone = stage_serve(&stage, "a.test.", customer);
    stage_behave(&stage, zone, NULL, "silent", "transport: tcp");
    const struct stage_query tcp = {.transport = TRANSPORT_TCP};
    ck_assert_str_eq(stage_ask_as(&stage, "plain.a.test. A", &tcp), "silence");
    stage_close(&stage);
}
END_TEST

/* --- what is said of the query, and what is sent beside a message --- */

/* A stage with one behaviour over the customer's zone. */
static struct stage_zone *open_with(struct stage *stage, const char *behaviour, const char *params)
{
    stage_open(stage);
    struct stage_zone *zone = stage_serve(stage, "a.test.", customer);
    stage_behave(stage, zone, NULL, behaviour, params);
    return zone;
}

/* The octets of the reply to "plain.a.test. A", and the message they hold, taken leniently. */
static struct bytes ask_raw(struct stage *stage, const struct stage_query *how, struct message *ret)
{
    uint8_t query[600];
    const size_t size = stage_build("plain.a.test. A", how, query, sizeof query);
    stage_send(stage, TRANSPORT_UDP, 40000, bytes_of(query, size));
    ck_assert_uint_eq(stage->outbox->count, 1);
    const struct bytes reply = stage->outbox->packets[0].payload;
    ck_assert(message_parse(reply, MESSAGE_LENIENT, ret, NULL));
    return reply;
}

static const struct stage_query with_edns = {.udp_size = 1232};

START_TEST(mismatched_id_is_another)
{
    static struct stage stage;
    struct message reply;
    open_with(&stage, "mismatched", "mode: wrong-id");
    ask_raw(&stage, &with_edns, &reply);
    ck_assert_uint_ne(reply.id, 0x1234);
    ck_assert_uint_eq(reply.counts[SECTION_ANSWER], 1);
    stage_close(&stage);
}
END_TEST

START_TEST(mismatched_name_is_the_apex)
{
    static struct stage stage;
    struct message reply;
    open_with(&stage, "mismatched", "mode: wrong-name");
    ask_raw(&stage, &with_edns, &reply);
    const struct name apex = stage_name("a.test.");
    ck_assert(name_ref_equal(reply.question.name, &apex));
    ck_assert_uint_eq(reply.id, 0x1234);
    stage_close(&stage);
}
END_TEST

START_TEST(trailing_octets_follow_the_message)
{
    static struct stage stage;
    struct message reply;
    open_with(&stage, "trailing", "octets: 5");
    const struct bytes octets = ask_raw(&stage, &with_edns, &reply);
    ck_assert_uint_eq(octets.size, reply.end + 5);
    ck_assert_uint_eq(reply.forgiven, MESSAGE_BIT(MESSAGE_TRAILING));
    stage_close(&stage);
}
END_TEST

START_TEST(uncounted_opt_trails)
{
    static struct stage stage;
    struct message reply;
    open_with(&stage, "broken-opt", "mode: uncounted");
    const struct bytes octets = ask_raw(&stage, &with_edns, &reply);
    ck_assert(!reply.edns.present);
    ck_assert_uint_eq(octets.size, reply.end + EDNS_OPT_OCTETS);
    ck_assert_uint_eq(octets.data[reply.end + 2], RRTYPE_OPT);
    stage_close(&stage);
}
END_TEST

START_TEST(answer_behind_an_opt_of_zeros_trails)
{
    static const uint8_t record[] = {0xc0, 0x0c, 0, RRTYPE_A, 0,   1, 0, 0,
                                     2,    88,   0, 4,        192, 0, 2, 10};
    static struct stage stage;
    struct message reply;
    open_with(&stage, "broken-opt", "mode: zeros-first");
    const struct bytes octets = ask_raw(&stage, &with_edns, &reply);
    ck_assert(bytes_equal(bytes_after(octets, reply.end), bytes_of(record, sizeof record)));
    stage_close(&stage);
}
END_TEST

START_TEST(echoed_opt_is_the_querys)
{
    static struct stage stage;
    struct message reply;
    open_with(&stage, "broken-opt", "mode: echoed");
    ask_raw(&stage, &(struct stage_query){.udp_size = 4000, .dnssec_ok = true}, &reply);
    ck_assert_uint_eq(reply.edns.udp_size, 4000);
    ck_assert(reply.edns.dnssec_ok);
    ask_raw(&stage, &(struct stage_query){.udp_size = 0}, &reply);
    ck_assert(!reply.edns.present);
    stage_close(&stage);
}
END_TEST

START_TEST(large_udp_offers_another_size)
{
    static struct stage stage;
    struct message reply;
    open_with(&stage, "large-udp", "octets: 4096");
    ask_raw(&stage, &with_edns, &reply);
    ck_assert_uint_eq(reply.edns.udp_size, 4096);
    stage_close(&stage);
}
END_TEST

static const struct intolerance {
    const char *name;
    const char *params;
    struct stage_query how;
    const char *reply;
} intolerances[] = {
    {"do_is_formerr", "of: dnssec-ok", {.udp_size = 1232, .dnssec_ok = true}, "FORMERR"},
    {"do_is_badvers",
     "of: dnssec-ok; mode: badvers",
     {.udp_size = 1232, .dnssec_ok = true},
     "BADVERS opt do"},
    {"version_is_silence",
     "of: version; mode: silent",
     {.udp_size = 1232, .version = 1},
     "silence"},
    {"version_is_badvers_without_question",
     "of: version; mode: badvers-header",
     {.udp_size = 1232, .version = 1},
     "BADVERS opt no-question"},
    {"version_0_is_borne",
     "of: version; mode: silent",
     {.udp_size = 1232},
     "NOERROR aa opt\nAN plain.a.test. 600 IN A 192.0.2.10"},
    {"no_edns_is_borne",
     "of: version; mode: silent",
     {.udp_size = 0},
     "NOERROR aa\nAN plain.a.test. 600 IN A 192.0.2.10"},
};

START_TEST(edns_is_borne_or_not)
{
    static struct stage stage;
    const struct intolerance *row = &intolerances[_i];
    open_with(&stage, "edns-intolerant", row->params);
    ck_assert_str_eq(stage_ask_as(&stage, "plain.a.test. A", &row->how), row->reply);
    stage_close(&stage);
}
END_TEST

/* A zone with a TXT of about 800 octets, which 512 cannot hold. */
static void serve_long_text(struct stage *stage, const char *behaviour)
{
    char lines[1024] = "@ 60 SOA n h 1 2 3 4 5\nlong 60 TXT ";
    for (size_t i = 0; i < 80; i++) {
        strcat(lines, i % 20 == 19 ? "0123456|" : "0123456789");
    }
    stage_open(stage);
    struct stage_zone *zone = stage_serve(stage, "a.test.", lines);
    if (behaviour != NULL) {
        stage_behave(stage, zone, NULL, behaviour, "");
    }
}

START_TEST(no_tc_leaves_out_without_a_word)
{
    static struct stage stage;
    const struct stage_query plain = {.udp_size = 0};
    serve_long_text(&stage, NULL);
    ck_assert_str_eq(stage_ask_as(&stage, "long.a.test. TXT", &plain), "NOERROR aa tc");
    stage_close(&stage);
    serve_long_text(&stage, "no-tc");
    ck_assert_str_eq(stage_ask_as(&stage, "long.a.test. TXT", &plain), "NOERROR aa");
    stage_close(&stage);
}
END_TEST

START_TEST(lame_refers_to_itself)
{
    static struct stage stage;
    stage_open(&stage);
    struct stage_zone *zone =
        stage_serve(&stage, "a.test.", "@ 60 SOA n h 1 2 3 4 5\n@ 60 NS n.b.\nwww 60 A 192.0.2.1");
    stage_behave(&stage, zone, NULL, "lame", "mode: self-referral");
    ck_assert_str_eq(stage_ask(&stage, "www.a.test. A"), "NOERROR opt\nNS a.test. 60 IN NS n.b.");
    stage_close(&stage);
}
END_TEST

START_TEST(ns_anywhere_gives_the_apex)
{
    static struct stage stage;
    stage_open(&stage);
    struct stage_zone *zone =
        stage_serve(&stage, "a.test.", "@ 60 SOA n h 1 2 3 4 5\n@ 60 NS n.b.");
    stage_behave(&stage, zone, NULL, "ns-anywhere", "");
    ck_assert_str_eq(stage_ask(&stage, "nobody.a.test. NS"),
                     "NOERROR aa opt\nAN nobody.a.test. 60 IN NS n.b.");
    stage_close(&stage);
}
END_TEST

/* --- counting --- */

/* The replies to `count` questions in a row: "A" for an answer, "T" truncated, "R" refused, "-"
 * for none. */
static const char *replies(struct stage *stage, const struct stage_query *how, size_t count)
{
    static char text[32];
    for (size_t i = 0; i < count; i++) {
        const char *reply = stage_ask_as(stage, "plain.a.test. A", how);
        text[i] = strcmp(reply, "silence") == 0           ? '-'
                  : strstr(reply, " tc") != NULL          ? 'T'
                  : strncmp(reply, "REFUSED", 7) == 0     ? 'R'
                  : strncmp(reply, "NOERROR aa", 10) == 0 ? 'A'
                                                          : '?';
    }
    text[count] = '\0';
    return text;
}

static const struct limit_row {
    const char *name;
    const char *params;
    const char *replies;
} limit_rows[] = {
    {"every_second_slips", "responses-per-second: 3", "AAA-T-T-"},
    {"none_slips", "responses-per-second: 2; slip: 0", "AA------"},
    {"all_slip", "responses-per-second: 2; slip: 1", "AATTTTTT"},
    {"the_rest_is_refused", "responses-per-second: 2; slip: 3; mode: refused", "AARRTRRT"},
};

START_TEST(rate_is_limited)
{
    static struct stage stage;
    const struct limit_row *row = &limit_rows[_i];
    open_with(&stage, "rate-limit", row->params);
    ck_assert_str_eq(replies(&stage, &with_edns, 8), row->replies);
    stage_close(&stage);
}
END_TEST

START_TEST(rate_begins_anew_each_second_and_spares_tcp)
{
    static struct stage stage;
    open_with(&stage, "rate-limit", "responses-per-second: 1; slip: 0");
    ck_assert_str_eq(replies(&stage, &with_edns, 2), "A-");
    ck_assert_str_eq(
        replies(&stage, &(struct stage_query){.transport = TRANSPORT_TCP, .udp_size = 1232}, 2),
        "AA");
    stage.now += NS_PER_S;
    ck_assert_str_eq(replies(&stage, &with_edns, 2), "A-");
    server_reset(stage.server, 1);
    ck_assert_str_eq(replies(&stage, &with_edns, 1), "A");
    stage_close(&stage);
}
END_TEST

/* --- together --- */

START_TEST(proxied_name_is_not_flattened_as_well)
{
    static struct stage stage;
    stage_open(&stage);
    struct stage_zone *zone = stage_serve(&stage, "a.test.", customer);
    stage_know(&stage, "host.test.", host);
    stage_behave(&stage, zone, "cloudflare", "proxied", "names: www; ipv4: 104.21.0.1");
    stage_behave(&stage, zone, "cloudflare", "flattened", "names: all");
    ck_assert_str_eq(stage_ask(&stage, "www.a.test. A"),
                     "NOERROR aa opt\nAN www.a.test. 300 IN A 104.21.0.1");
    ck_assert_str_eq(stage_ask(&stage, "far.a.test. A"),
                     "NOERROR aa opt\nAN far.a.test. 30 IN A 192.0.2.80");
    stage_close(&stage);
}
END_TEST

START_TEST(behaviour_of_the_targets_zone_edits_the_target)
{
    static struct stage stage;
    stage_open(&stage);
    stage_serve(&stage, "a.test.", customer);
    struct stage_zone *zone = stage_serve(&stage, "host.test.", host);
    stage_behave(&stage, zone, NULL, "missing-txt", "names: k1.dkim");
    ck_assert_str_eq(stage_ask(&stage, "k1._domainkey.a.test. TXT"),
                     "NOERROR aa opt\nAN k1._domainkey.a.test. 600 IN CNAME k1.dkim.host.test.\n"
                     "NS host.test. 5 IN SOA n.host.test. h.host.test. 1 2 3 4 5");
    stage_close(&stage);
}
END_TEST

START_TEST(decision_names_the_behaviour)
{
    static struct stage stage;
    stage_open(&stage);
    struct stage_zone *zone = stage_serve(&stage, "a.test.", customer);
    stage_behave(&stage, zone, NULL, "missing-txt", "names: plain");
    stage_behave(&stage, zone, NULL, "no-edns", "mode: silent");
    const struct stage_query plain = {.udp_size = 0};
    stage_ask_as(&stage, "plain.a.test. A", &plain);
    ck_assert_uint_eq(stage.trace.count, 0);
    stage_ask_as(&stage, "plain.a.test. TXT", &plain);
    ck_assert_uint_eq(stage.trace.count, 1);
    struct trace_cursor cursor = {0};
    const struct trace_entry *entry = trace_next(&stage.trace, &cursor);
    ck_assert_int_eq(entry->kind, TRACE_DECISION);
    ck_assert_str_eq(entry->who, "ns1");
    ck_assert_str_eq(entry->what, "missing-txt");
    const struct name name = stage_name("plain.a.test.");
    ck_assert(name_wire_equal(entry->name, name_bytes(&name)));
    stage_close(&stage);
}
END_TEST

/* --- the table --- */

START_TEST(every_row_is_whole)
{
    size_t count = 0;
    for (; behaviour_rows[count]->name != NULL; count++) {
        const struct behaviour_row *row = behaviour_rows[count];
        ck_assert_ptr_nonnull(row->doc);
        ck_assert_ptr_nonnull(row->evidence);
        ck_assert_ptr_nonnull(row->params);
        ck_assert(row->edit != NULL || row->finish != NULL);
        ck_assert_ptr_eq(behaviour_find(bytes_of_string(row->name)), row);
        bool has_short = row->short_param == NULL;
        for (const struct param_spec *spec = row->params; spec->key != NULL; spec++) {
            ck_assert_msg(spec->doc != NULL, "%s.%s", row->name, spec->key);
            ck_assert(spec->type != PARAM_CHOICE || spec->choices != NULL);
            has_short = has_short || strcmp(spec->key, row->short_param) == 0;
        }
        ck_assert_msg(has_short, "%s", row->name);
    }
    ck_assert_uint_ge(count, 10);
    ck_assert_ptr_null(behaviour_find(bytes_of_string("nonsense")));
}
END_TEST

static const struct mistake {
    const char *name;
    const char *behaviour;
    const char *params;
    const char *sentence;
} mistakes[] = {
    {"rcode_that_is_none", "rcode", "rcode: SERVFIAL", "this is not an RCODE"},
    {"alias_without_target", "alias", "records: www", "an alias is written \"name target\""},
    {"alias_with_too_much", "alias", "records: a b c", "an alias is written \"name target\""},
    {"alias_of_a_foreign_name", "alias", "records: x.b.test. y",
     "\"x.b.test.\" lies outside the zone"},
    {"alias_with_bad_target", "alias", "records: x y..z", "\"y..z\" is not a name"},
    {"flattened_foreign_name", "flattened", "names: b.test.", "\"b.test.\" lies outside the zone"},
    {"endless_referrals_below_nothing", "endless-referrals", "below: a..b", "not a domain name"},
    {"silent_foreign_name", "silent", "names: b.test.", "\"b.test.\" lies outside the zone"},
    {"rcode_sparing_no_address", "rcode", "rcode: REFUSED; spares: 192.0.2.0/33",
     "\"192.0.2.0/33\" is neither an address nor a range of them"},
    {"by_source_of_no_address", "by-source", "from: 192.0.2.0/33; zone: b.test.",
     "\"192.0.2.0/33\" is neither an address nor a range of them"},
    {"by_source_with_a_bad_zone", "by-source", "from: 192.0.2.1; zone: b..test.",
     "\"b..test.\" is not a name"},
    {"stray_records_of_no_name", "stray-records", "owners: x..y; address: 192.0.2.1",
     "\"x..y\" is not a name"},
};

START_TEST(mistake_is_told)
{
    const struct mistake *row = &mistakes[_i];
    struct arena arena;
    arena_init(&arena, 1 << 20);
    struct diag diag = {.sentence = ""};
    ck_assert_ptr_null(
        stage_configure(&arena, &arena, "a.test.", NULL, row->behaviour, row->params, &diag));
    ck_assert_msg(strstr(diag.sentence, row->sentence) != NULL, "%s", diag.sentence);
    ck_assert_uint_eq(diag.place.line, 1);
    arena_free(&arena);
}
END_TEST

/* Parameters to configure a behaviour with, where none is not enough. */
static const char *some_params(const char *behaviour)
{
    static const char *const known[][2] = {
        {"by-source", "from: 192.0.2.0/24; zone: b.test.; names: k"},
        {"proxied", "names: k; ech: true"},
        {"flattened", "names: k"},
        {"alias", "records: a b"},
        {"address-only", "names: k; ipv4: 192.0.2.1"},
        {"missing-txt", "names: k"},
        {"ns-anywhere", "names: k"},
        {"ent-nxdomain", "names: k"},
        {"compact-denial", "names: k"},
        {"rcode", "rcode: SERVFAIL; names: k"},
        {"no-underscores", "names: k"},
        {"address-always", "address: 192.0.2.1; names: k"},
        {"stray-records", "owners: x.b.test.; address: 192.0.2.1"},
        {"duplicated", "names: k"},
        {"edns-intolerant", "of: options"},
        {"large-udp", "octets: 4096"},
        {"no-tc", "names: k"},
        {"trailing", "octets: 8"},
        {"cookies", "mode: required"},
        {"mismatched", "mode: wrong-id; names: k"},
        {"rate-limit", "responses-per-second: 1"},
        {"silent", "names: k"},
        {"endless-referrals", "servers: 2"},
    };
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        if (strcmp(known[i][0], behaviour) == 0) {
            return known[i][1];
        }
    }
    return "";
}

/* Whatever memory there is, configuring ends in a state or in a sentence. */
START_TEST(exhausted_arena_is_told)
{
    for (size_t i = 0; behaviour_rows[i]->name != NULL; i++) {
        const char *name = behaviour_rows[i]->name;
        const char *params = some_params(name);
        struct arena given;
        arena_init(&given, 64 << 20);
        struct arena plenty;
        arena_init(&plenty, 1 << 20);
        struct diag diag = {.sentence = ""};
        ck_assert_ptr_nonnull(
            stage_configure(&given, &plenty, "a.test.", NULL, name, params, &diag));
        const size_t used = plenty.used;
        arena_free(&plenty);
        for (size_t spare = 16; spare < used + 64; spare += 16) {
            struct arena scarce;
            arena_init(&scarce, spare);
            diag.sentence[0] = '\0';
            const bool fits =
                stage_configure(&given, &scarce, "a.test.", NULL, name, params, &diag) != NULL;
            ck_assert(fits || diag.sentence[0] != '\0');
            arena_free(&scarce);
        }
        arena_free(&given);
    }
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("behaviours");
    add_rows(suite, behaves, rows);
    add_test(suite, zone_refused_looks_at_the_zone);
    add_test(suite, alias_fails_as_the_provider_does);
    add_rows(suite, mistake_is_told, mistakes);
    add_rows(suite, never_content_asks_for_something_else, rungs);
    add_test(suite, never_content_at_random_never_answers);
    add_test(suite, endless_referrals_never_repeat_themselves);
    add_test(suite, endless_referrals_fit_their_memory);
    add_test(suite, no_edns_answers_plain_queries);
    add_test(suite, rcode_above_15_without_edns_is_formerr);
    add_test(suite, silent_over_tcp_keeps_the_connection);
    add_test(suite, mismatched_id_is_another);
    add_test(suite, mismatched_name_is_the_apex);
    add_test(suite, trailing_octets_follow_the_message);
    add_test(suite, uncounted_opt_trails);
    add_test(suite, answer_behind_an_opt_of_zeros_trails);
    add_test(suite, echoed_opt_is_the_querys);
    add_test(suite, large_udp_offers_another_size);
    add_rows(suite, edns_is_borne_or_not, intolerances);
    add_test(suite, no_tc_leaves_out_without_a_word);
    add_test(suite, lame_refers_to_itself);
    add_test(suite, ns_anywhere_gives_the_apex);
    add_rows(suite, rate_is_limited, limit_rows);
    add_test(suite, rate_begins_anew_each_second_and_spares_tcp);
    add_test(suite, proxied_name_is_not_flattened_as_well);
    add_test(suite, behaviour_of_the_targets_zone_edits_the_target);
    add_test(suite, decision_names_the_behaviour);
    add_test(suite, every_row_is_whole);
    add_test(suite, exhausted_arena_is_told);
    return suite;
}

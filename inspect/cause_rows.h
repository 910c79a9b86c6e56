/* How the rows of the table of causes are weighed. Each is one row's `weigh`. */
#ifndef FAULTZONE_INSPECT_CAUSE_ROWS_H
#define FAULTZONE_INSPECT_CAUSE_ROWS_H

#include "inspect/cause.h"

typedef enum weight cause_weigh(struct weighing *weighing);

/* --- cause_servers.c: what the servers of the record's zone do --- */

cause_weigh weigh_unregistered, weigh_no_way_down, weigh_dangling_servers,
    weigh_circular_delegation;
cause_weigh weigh_stale_glue, weigh_glue_differs, weigh_delegated_away;
cause_weigh weigh_parked, weigh_cut;
cause_weigh weigh_all_lame, weigh_refused, weigh_servfail, weigh_not_understood, weigh_no_tcp,
    weigh_mismatched, weigh_malformed, weigh_silent;
cause_weigh weigh_stale_server, weigh_differing_servers;
cause_weigh weigh_one_server_bad;

/* --- cause_resolver.c: what lies behind a CNAME, and what a resolver makes of it --- */

cause_weigh weigh_circular_chain, weigh_endless_chain, weigh_target_trouble;
cause_weigh weigh_cname_and_text, weigh_cname_and_mail, weigh_denied_by_type;
cause_weigh weigh_cached_denial, weigh_cached_value, weigh_cached_failure,
    weigh_differs_by_resolver;
cause_weigh weigh_stale_ds, weigh_signature_time, weigh_bogus_target, weigh_one_signs,
    weigh_unsigned_with_ds, weigh_bogus_denial;
cause_weigh weigh_long_chain, weigh_many_links, weigh_tcp_stumble, weigh_fragments_lost,
    weigh_case_stumble, weigh_minimisation_stumble;
cause_weigh weigh_minds_case, weigh_rate_limited, weigh_edns_stumble, weigh_option_stumble,
    weigh_minds_options, weigh_differs_by_place, weigh_sloppy_stumble, weigh_silent_cut,
    weigh_trouble_above;
cause_weigh weigh_hidden_by_nonterminal, weigh_denied_nonterminal, weigh_special_name,
    weigh_alias_not_followed;
cause_weigh weigh_split_view, weigh_hijacked;

/* Asks a resolver that fails what weigh_bogus_denial has to know. */
void ask_about_denial(struct weighing *weighing);

/* --- cause.c: what is at the name itself --- */

cause_weigh weigh_several_cnames, weigh_dangling, weigh_empty_target, weigh_cached_absence;
cause_weigh weigh_apex_cname_beside;
cause_weigh weigh_apex_cname, weigh_missing_dot, weigh_wildcard_record, weigh_wildcard_text,
    weigh_wrong_target, weigh_target_as_text, weigh_text_instead;
cause_weigh weigh_proxied_wildcard, weigh_proxied_tracking, weigh_proxied, weigh_proxied_beside,
    weigh_wildcard_address;
cause_weigh weigh_hidden_alias, weigh_alias_failure, weigh_alias_type, weigh_address_instead,
    weigh_flattened;
cause_weigh weigh_alias_instead, weigh_missing;

/* --- cause_key.c: what is in the text of a key --- */

cause_weigh weigh_several_keys, weigh_damaged_key, weigh_revoked_key, weigh_unsuitable_key,
    weigh_wrong_key, weigh_several_target_keys, weigh_bad_target_key;
cause_weigh weigh_other_key_behind;
cause_weigh weigh_testing_key, weigh_strict_identity, weigh_granularity, weigh_new_algorithm,
    weigh_long_key;

/* --- cause_policy.c: SPF, DMARC and return paths --- */

/* True if there is more than one record of the kind asked for, SPF or DMARC. */
bool has_several_policies(const struct weighing *weighing, const struct fact *fact);

cause_weigh weigh_several_policies, weigh_included_policy, weigh_incomplete_policy,
    weigh_inherited_policy, weigh_bare_return_path;

/* --- cause_entry.c: how it was typed in --- */

cause_weigh weigh_doubled_zone, weigh_no_underscore, weigh_no_domainkey, weigh_one_label,
    weigh_escaped_dot, weigh_swapped_fields, weigh_wrong_depth, weigh_other_idn_form;
cause_weigh weigh_shadowed_wildcard, weigh_shadowed, weigh_other_host, weigh_lost_in_move;

/* --- cause_remarks.c: what may go wrong for others --- */

cause_weigh weigh_dangling_server, weigh_parent_differs, weigh_no_soa, weigh_foreign_data,
    weigh_sloppy_messages, weigh_repeated_records, weigh_questionless, weigh_without_edns,
    weigh_edns_overlooked, weigh_dname, weigh_zero_ttl;
cause_weigh weigh_search_list, weigh_verifier_cache;

#endif

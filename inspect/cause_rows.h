/* How the rows of the table of causes that need more than one view are weighed. Each is one row's
 * `weigh`. */
#ifndef FAULTZONE_INSPECT_CAUSE_ROWS_H
#define FAULTZONE_INSPECT_CAUSE_ROWS_H

#include "inspect/cause.h"

typedef enum weight cause_weigh(struct weighing *weighing);

/* --- cause_servers.c: what the servers of the record's zone do --- */

cause_weigh weigh_unregistered, weigh_dangling_servers, weigh_circular_delegation;
cause_weigh weigh_all_lame, weigh_refused, weigh_servfail, weigh_not_understood, weigh_no_tcp,
    weigh_mismatched, weigh_malformed, weigh_silent;
cause_weigh weigh_stale_server, weigh_differing_servers;
cause_weigh weigh_one_server_bad;

/* --- cause_resolver.c: what a resolver makes of it --- */

cause_weigh weigh_circular_chain, weigh_target_trouble;
cause_weigh weigh_cached_denial, weigh_cached_value, weigh_cached_failure;
cause_weigh weigh_long_chain, weigh_tcp_stumble, weigh_fragments_lost, weigh_case_stumble,
    weigh_minimisation_stumble;

#endif

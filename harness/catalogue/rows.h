/* The families: one file each. */
#ifndef FAULTZONE_HARNESS_CATALOGUE_ROWS_H
#define FAULTZONE_HARNESS_CATALOGUE_ROWS_H

#include "harness/catalogue.h"

extern const struct failure_family family_provider_synthesis;
extern const struct failure_family family_entry;
extern const struct failure_family family_coexistence;
extern const struct failure_family family_key_text;
extern const struct failure_family family_chain;
extern const struct failure_family family_negative_and_caches;
extern const struct failure_family family_delegation;
extern const struct failure_family family_dnssec;
extern const struct failure_family family_transport;

#endif

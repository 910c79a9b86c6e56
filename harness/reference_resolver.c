/* The resolver's limits, made from its policy's table. */
#include "harness/reference.h"

#include <string.h>

#include "resolver/delegation.h"
#include "resolver/failure.h"
#include "resolver/policy.h"
#include "resolver/proof.h"
#include "wire/builder.h"
#include "wire/message.h"

/* "100 queries", "10s" */
static void put_default(FILE *file, const struct param_spec *spec, const struct policy_row *row)
{
    fprintf(file, "%s", spec->fallback);
    if (row->unit != NULL) {
        fprintf(file, " %s", row->unit);
    }
}

static void put_range(FILE *file, const struct param_spec *spec)
{
    if (spec->type == PARAM_INTEGER) {
        fprintf(file, "%llu to %llu", (unsigned long long)spec->least,
                (unsigned long long)spec->most);
    }
}

static void put_limit(FILE *file, const struct param_spec *spec, const struct policy_row *row)
{
    fprintf(file, "| `%s` | ", spec->key);
    put_default(file, spec, row);
    fputs(" | ", file);
    put_range(file, spec);
    fprintf(file, " | %s | %s | %s |\n", spec->doc, row->reached, row->source);
}

/* True if the group has a row of this kind. */
static bool has(const char *group, bool limits)
{
    for (size_t i = 0; i < policy_param_count; i++) {
        const struct policy_row row = policy_row(i);
        if (strcmp(row.group, group) == 0 && (row.reached != NULL) == limits) {
            return true;
        }
    }
    return false;
}

static void put_limits(FILE *file, const char *group)
{
    if (!has(group, true)) {
        return;
    }
    fputs("| limit | default | range | what it bounds | when it is reached | source of the default "
          "|\n|---|---|---|---|---|---|\n",
          file);
    for (size_t i = 0; i < policy_param_count; i++) {
        const struct policy_row row = policy_row(i);
        if (strcmp(row.group, group) == 0 && row.reached != NULL) {
            put_limit(file, &policy_params[i], &row);
        }
    }
    putc('\n', file);
}

static void put_switches(FILE *file, const char *group)
{
    if (!has(group, false)) {
        return;
    }
    fputs("| switch | default | what it does | source of the default |\n|---|---|---|---|\n", file);
    for (size_t i = 0; i < policy_param_count; i++) {
        const struct policy_row row = policy_row(i);
        const struct param_spec *spec = &policy_params[i];
        if (strcmp(row.group, group) == 0 && row.reached == NULL) {
            fprintf(file, "| `%s` | %s | %s | %s |\n", spec->key, spec->fallback, spec->doc,
                    row.source);
        }
    }
    putc('\n', file);
}

/* --- what no file can change --- */

static const struct fixed {
    const char *what;
    unsigned limit;
    const char *unit, *reached, *source;
} fixed_limits[] = {
    {"Compression pointers of one name", MESSAGE_POINTER_HOPS_MAX, "hops",
     "The message is malformed.", "RFC 1035 4.1.4: a name has no more labels; Unbound 256"},
    {"EDNS options of one message", EDNS_OPTIONS_MAX, "options", "The message is malformed.",
     "Assumed; Unbound 100"},
    {"Names remembered while a message is compressed", BUILDER_SUFFIXES_MAX, "suffixes",
     "Further names are written in full.", "Unbound MAX_COMPRESSION_PER_MESSAGE 120"},
    {"Addresses of one delegation", DELEGATION_ADDRESSES_MAX, "addresses",
     "The others are overlooked.", "Assumed"},
    {"Signatures and proofs beside one answer", PROOF_OCTETS_MAX, "octets",
     "None of them is given.", "Assumed"},
    {"Signatures of one RRset", PROOF_SIGNATURES_MAX, "signatures", "The others are left out.",
     "Unbound, 8 RRSIG records (iter-scrub-rrsig)"},
    {"Extended errors of one answer", FAILURE_OCTETS_MAX, "octets",
     "The servers that have no room are counted.", "Fits 1232 with the longest question"},
};

static void put_fixed(FILE *file)
{
    fputs("## Fixed\n\n| limit | | what it bounds | when it is reached | source |\n"
          "|---|---|---|---|---|\n",
          file);
    for (size_t i = 0; i < sizeof fixed_limits / sizeof fixed_limits[0]; i++) {
        const struct fixed *row = &fixed_limits[i];
        fprintf(file, "| fixed | %u %s | %s. | %s | %s |\n", row->limit, row->unit, row->what,
                row->reached, row->source);
    }
}

void reference_write_resolver(FILE *file)
{
    const char *group = "";
    fputs("# The resolver's limits\n\n"
          "<!-- made by `faultzone reference resolver`; edit resolver/policy.h instead -->\n\n"
          "Every number that faultzone's resolver has an opinion on, where its default comes from, "
          "and what happens when it is reached. A scenario sets them under `resolver:` "
          "([scenario files](scenario.md)), an `.rpl` file by its head "
          "([`.rpl` files](rpl.md)). \"Assumed\" marks a choice of our own.\n\n",
          file);
    for (size_t i = 0; i < policy_param_count; i++) {
        const struct policy_row row = policy_row(i);
        if (strcmp(row.group, group) != 0) {
            group = row.group;
            fprintf(file, "## %s\n\n", group);
            put_limits(file, group);
            put_switches(file, group);
        }
    }
    put_fixed(file);
}

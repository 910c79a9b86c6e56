/* See the header. */
#include "harness/deviation.h"

#include <assert.h>

#include "harness/params_load.h"

/* In the order of enum dkim_word. */
static const char *const words[] = {"temperror", "pass",      "fail", "policy",
                                    "neutral",   "permerror", NULL};

#define PEER(name)                                                                                 \
    {                                                                                              \
        .key = (name), .type = PARAM_CHOICE, .choices = words, .doc = "What " name " says."        \
    }

const struct param_spec deviation_params[] = {
    PEER("builtin"),
    PEER("unbound"),
    PEER("named"),
    PEER("kresd"),
    PEER("pdns-recursor"),
    PEER("dnsmasq"),
    PEER("opendkim"),
    PEER("dkimpy"),
    PEER("mail-dkim"),
    PEER("rspamd"),
    PEER("exim"),
    {.key = "source",
     .type = PARAM_TEXT,
     .doc = "Where that is told or measured.",
     .required = true},
    {.key = NULL},
};

bool deviations_load(struct loader *loader, const struct yaml_node *node, struct step *step)
{
    const struct param_form form = {"deviations", deviation_params, NULL};
    if (step->kind != STEP_DKIM) {
        diags_add(loader->diags, node->key_place, "only a dkim step has deviations");
        return false;
    }
    return loader_need_mapping(loader, node, "deviations") &&
           params_load(loader, &form, node, &step->as.dkim.deviations);
}

bool deviation_of(const struct step *step, const char *peer, enum dkim_word *ret)
{
    assert(step->kind == STEP_DKIM);
    const struct param *param = params_find(&step->as.dkim.deviations, peer);
    if (param == NULL) {
        return false;
    }
    *ret = (enum dkim_word)param->number;
    return true;
}

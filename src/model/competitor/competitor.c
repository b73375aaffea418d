/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/competitor/competitor.h"

static const ps_kind *const kinds[] = {
#define PS_REACTION(kind) &ps_reaction_##kind.head,
#include "model/competitor/competitor.def"
#undef PS_REACTION
    NULL,
};

const ps_family ps_reaction_family = {.name = "reaction", .kinds = kinds};

const double *ps_reaction_followed(const ps_rule_view *view, const ps_ref *offer, bool public_price,
                                   int period)
{
    const int own = view->own_list.items;

    if (offer->index >= own) {
        return ps_history_at(&view->rivals, period, offer->index - own);
    }
    return ps_history_at(public_price ? &view->own_public : &view->own_list, period, offer->index);
}

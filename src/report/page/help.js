// SPDX-License-Identifier: GPL-3.0-or-later
// What hovering over a headline figure explains; docs/glossary.md says more.

export const HELP = {
    revenue: 'Revenue: what is recognised in the horizon, over the term of each contract.',
    contribution: 'Contribution: the money left after everything variable and promotional.',
    margin_frac: 'Contribution margin: contribution as a part of revenue.',
    booked: 'Booked: the value of what is signed in the horizon.',
    collected: 'Collected cash: what customers pay in the horizon.',
    customers_signed: 'Customers signed: new customers who sign in the horizon.',
    units: 'Units sold in the horizon.',
    win_rate: 'Win rate: of the deals that reach the choice, the part that we win in the end.',
    share: 'Share: of all purchases of these buyers, the part that is ours.',
    pocket_price: 'Pocket price: list price less every discount, fee and promotion, per unit.',
};

// SPDX-License-Identifier: GPL-3.0-or-later
// Us against the rivals over time: blocks that one chart shows together.
import { fill, t, valueOf } from './format.js';

function seriesAt(doc, path) {
    return doc.blocks.find((block) => block.path === path && block.type === 'series' && block.lines.length > 0);
}

// Who wins the sales: us, each rival, nobody.
export function sharesOf(doc) {
    const ours = seriesAt(doc, 'shares'), rivals = seriesAt(doc, 'shares/rivals');
    const [us, nobody] = ours.lines;
    return { ...ours, lines: [{ ...us, name: t('us'), ours: true }, ...(rivals ? rivals.lines : []), { ...nobody, name: t('nobody') }] };
}

// What buyers see of all offers; our list prices, where they are others.
export function pricesOf(doc) {
    const lists = seriesAt(doc, 'prices/offers'), shown = seriesAt(doc, 'prices/shown'), rivals = seriesAt(doc, 'prices/rivals');
    const lines = lists.lines.flatMap((list, i) => {
        const seen = shown.lines[i], same = seen.values.every((v, at) => Math.abs(v - list.values[at]) <= 1e-9 * Math.abs(v));
        return [{ ...seen, ours: true }, ...(same ? [] : [{ ...list, name: fill('{=1}: list price', list.key), quiet: true }])];
    });
    return { ...lists, note: shown.note, close: true, lines: [...lines, ...(rivals ? rivals.lines : [])] };
}

// Ours and theirs to choose from; ours the best seller first.
export function gapChoices(doc) {
    const shown = seriesAt(doc, 'prices/shown'), rivals = seriesAt(doc, 'prices/rivals');
    if (!shown || !rivals) {
        return null;
    }
    const sold = doc.blocks.find((block) => block.path === 'by/offer' && block.type === 'table');
    const revenue = (key) => {
        const row = sold && sold.rows.find((each) => each.id === key), at = sold ? sold.columns.findIndex((column) => column.key === 'revenue') : -1;
        return row && at >= 0 ? valueOf(row.cells[at]) : 0;
    };
    const ours = [...shown.lines].sort((a, b) => revenue(b.key) - revenue(a.key));
    return { ours, theirs: rivals.lines, dates: shown.dates };
}

// Our price less each chosen rival's, as a part of the rival's.
export function gapOf({ dates }, own, rivals) {
    return {
        type: 'series', path: `price_gap/${own.key}`, unit: 'frac', dates, sign: true, zero: true,
        title: t('Price against each rival\'s'),
        note: t('Our price less the rival\'s, as a part of the rival\'s: both as buyers see them, means of each period. Above zero we are dearer.'),
        lines: rivals.map((rival) => ({
            key: rival.key, values: own.values.map((v, i) => (rival.values[i] > 0 ? v / rival.values[i] - 1 : null)),
        })),
    };
}

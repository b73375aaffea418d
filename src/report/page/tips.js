// SPDX-License-Identifier: GPL-3.0-or-later
// What hovering over a figure, or reaching it by the keyboard, explains: what it is, exactly, and in which unit.
import { human, isoDate, labelOf, t, valueOf } from './format.js';

// {key: [English, 中文]}, of terms.def.
let terms = {}, chinese = false, currency = '';

export function explainIn(language, document) {
    terms = document.terms;
    chinese = language === 'zh';
    currency = document.currency || '';
}

export function term(key) {
    return Object.hasOwn(terms, key) ? terms[key][chinese ? 1 : 0] : null;
}

// Tables whose rows are ours to name; elsewhere a row's id, and a plan's over its column, is somebody's name.
const OUR_ROWS = new Set(['summary', 'headline', 'waterfall', 'promotions', 'bridge']);
const THEIR_COLUMNS = /^(headline|chances|funnel\/|payoff|revenue|share$|best_frac|regret|rival)/;

// What a figure of a block is, in sentences.
export function meaning(block, row, column) {
    const family = block.path.split('/')[0], first = (...keys) => keys.map(term).find(Boolean) || null;
    const ofRow = row && OUR_ROWS.has(family)
        ? first(`${family}/${row.id}`, row.id, family === 'promotions' && row.id.startsWith('from_') ? 'promotions/from_' : '') : null;
    const ofColumn = column && !THEIR_COLUMNS.test(block.path) ? first(`${family}/${column.key}`, column.key) : null;
    const ofBlock = block.type === 'series' ? first(family === 'series' ? block.path.slice(7) : `${family}/`) : null;
    const said = [ofRow, ofBlock, ofColumn].filter(Boolean);
    return said.length > 0 ? said : [first(`${family}/`, block.path.split('/')[1] || '') || t(block.note)].filter(Boolean);
}

function unitOf(unit) {
    return { money: currency, frac: t('part of one hundred (%)'), count: t('number'), days: t('days'), ratio: t('ratio'), date: t('date'), number: t('number') }[unit];
}

// The whole explanation of a cell.
export function explanation(block, row, column, cell) {
    const value = valueOf(cell), name = [row && (row.label || labelOf(row)), column && (column.title || column.key)].filter(Boolean).join(' \u00b7 ');
    const exact = !Number.isFinite(value) ? t('n/a') : cell.unit === 'date' ? isoDate(value) : cell.unit === 'frac' ? `${Number((100 * value).toPrecision(6))}%`
        : Number(value.toPrecision(9)).toLocaleString('en-US', { maximumFractionDigits: 9 });
    return [`${name}: ${human(cell.unit, value, column && column.sign)}`, ...meaning(block, row, column), `${exact} (${unitOf(cell.unit)})`].join('\n');
}

// ---- the box

let box = null;

function show(target, text) {
    if (!box) {
        box = document.createElement('div');
        box.id = 'tip';
        box.setAttribute('role', 'tooltip');
        box.setAttribute('aria-live', 'polite');
        document.body.append(box);
        addEventListener('keydown', (e) => e.key === 'Escape' && hide());
        addEventListener('scroll', hide, { passive: true, capture: true });
    }
    box.textContent = text; // never as markup
    box.hidden = false;
    const at = target.getBoundingClientRect(), size = box.getBoundingClientRect();
    const below = at.bottom + 6 + size.height <= innerHeight || at.top < size.height + 6;
    box.style.left = `${Math.max(4, Math.min(at.left, innerWidth - size.width - 4))}px`;
    box.style.top = `${below ? at.bottom + 6 : at.top - size.height - 6}px`;
}

function hide() {
    if (box) {
        box.hidden = true;
    }
}

// Properties of an element that `text()` explains.
export function explained(text) {
    const on = (e) => show(e.currentTarget, text());
    return { onMouseEnter: on, onMouseLeave: hide, onFocus: on, onBlur: hide };
}

// Arrow keys go from cell to cell of a table that has the focus.
export function walkCells(e) {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[e.key];
    if (!step || e.target !== e.currentTarget && !e.target.matches('td')) {
        return;
    }
    const rows = [...e.currentTarget.querySelectorAll('tbody tr')].map((row) => [...row.querySelectorAll('td')]);
    const at = rows.findIndex((row) => row.includes(document.activeElement)), column = at < 0 ? 0 : rows[at].indexOf(document.activeElement);
    const next = at < 0 ? rows[0] && rows[0][0] : (rows[at + step[0]] || [])[column + step[1]];
    if (next) {
        e.preventDefault();
        next.focus();
    }
}

// SPDX-License-Identifier: GPL-3.0-or-later
// Tables that sort, copy and, where they are matrices, show the size of their cells as a colour.
import { html, useState } from './preact.js';
import { cellText, t, valueOf } from './format.js';
import { copyText, gridOf, tsvOf } from './export.js';
import { BLUE, VERMILLION } from './charts.js';
import { explained, explanation, meaning, walkCells } from './tips.js';

export function CopyButton({ grid }) {
    const [done, setDone] = useState(false);
    const copy = async () => {
        await copyText(tsvOf(grid()));
        setDone(true);
        setTimeout(() => setDone(false), 1500);
    };
    return html`<button type="button" class="small copy" onClick=${copy} aria-live="polite">${t(done ? 'Copied' : 'Copy as TSV')}</button>`;
}

function compare(a, b) {
    const [x, y] = [a, b].map((cell) => (typeof cell === 'string' ? cell : valueOf(cell)));
    if (x === null || y === null) {
        return (x === null) - (y === null);
    }
    return typeof x === 'string' ? String(x).localeCompare(String(y)) : x - y;
}

// Blue above the middle of the matrix's numbers, vermillion below it; the number stays readable.
function heatOf(grid) {
    const values = grid.rows.flatMap((row) => row.cells.map(valueOf)).filter(Number.isFinite);
    const low = Math.min(...values), high = Math.max(...values);
    return (cell) => {
        const value = valueOf(cell);
        if (!Number.isFinite(value) || !(high > low)) {
            return null;
        }
        const x = (2 * (value - low)) / (high - low) - 1;
        return `background: color-mix(in srgb, ${x < 0 ? VERMILLION : BLUE} ${Math.round(Math.abs(x) * 40)}%, transparent)`;
    };
}

export function Table({ block, sortable, matrix }) {
    const grid = gridOf(block);
    const [by, setBy] = useState(null);
    const heat = matrix ? heatOf(grid) : () => null;
    let rows = grid.rows;
    if (by !== null) {
        const key = (row) => (by.column < 0 ? row.label : row.cells[by.column]);
        rows = [...rows].sort((a, b) => (by.down ? -1 : 1) * compare(key(a), key(b)));
    }
    const sort = (column) => setBy(by === null || by.column !== column ? { column, down: column >= 0 }
        : by.down === (column >= 0) ? { column, down: !by.down } : null);
    const order = (column) => (by === null || by.column !== column ? 'none' : by.down ? 'descending' : 'ascending');
    const head = (title, column, kind) => html`<th scope="col" class=${kind} aria-sort=${sortable ? order(column) : null}
        ...${column < 0 ? {} : explained(() => [title, ...meaning(block, null, grid.columns[column])].join('\n'))}>
        ${sortable ? html`<button type="button" onClick=${() => sort(column)}>${title || t('Name')}</button>` : title}</th>`;
    const textual = (column) => grid.rows.some((row) => typeof row.cells[column] === 'string');
    return html`<div class="scroll" tabindex="0" role="group" aria-label=${t(block.title || 'Table')} onKeyDown=${walkCells}><table>
        <thead><tr>${head(grid.heading, -1, 'name')}
            ${grid.columns.map((column, c) => head(column.title || column.key, c, textual(c) ? 'name' : 'number'))}</tr></thead>
        <tbody>${rows.map((row) => html`<tr class=${row.total ? 'total' : ''}><th scope="row">${row.label}</th>
            ${row.cells.map((cell, c) => html`<td class=${typeof cell === 'string' ? 'name' : 'number'} style=${heat(cell)} tabindex="-1"
                ...${cell !== null && typeof cell === 'object' ? explained(() => explanation(block, row, grid.columns[c], cell)) : {}}>
                ${cellText(cell, grid.columns[c])}</td>`)}</tr>`)}</tbody>
    </table></div>`;
}

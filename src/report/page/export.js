// SPDX-License-Identifier: GPL-3.0-or-later
// A block as a grid of cells, for tables and for copies.
import { cellExact, isoDate, labelOf, nameOfLine, plainText, t } from './format.js';

const FIGURE = [['p10', 'P10'], ['p50', 'median'], ['p90', 'P90'], ['mean', 'mean'], ['se', 'sim. error']];

function isFigure(cell) {
    return cell !== null && typeof cell === 'object' && cell.mean !== undefined;
}

// In a waterfall what is no level reduces it: people read it with a minus.
function shownCell(block, row, cell) {
    const reduces = block.shape === 'waterfall' && !row.total && cell !== null && Number.isFinite(cell.value);
    return reduces ? { ...cell, value: -cell.value } : cell;
}

// {columns: [{title, unit, sign}], rows: [{label, total, cells}]}; a record of figures has a column for each part.
export function gridOf(block) {
    if (block.type === 'series') {
        return {
            heading: t('Period'),
            columns: block.lines.map((line) => ({ title: nameOfLine(line), key: line.key, unit: block.unit })),
            rows: block.lines.length === 0 ? [] : block.lines[0].values.map((_, t) => ({
                label: block.dates ? isoDate(block.dates[t]) : String(t + 1),
                cells: block.lines.map((line) => ({ unit: block.unit, value: line.values[t] })),
            })),
        };
    }
    if (block.record && block.rows.some((row) => isFigure(row.cells[0]))) {
        return {
            heading: '',
            columns: FIGURE.map(([key, title]) => ({ key, title: t(title), unit: 'number' })),
            rows: block.rows.filter((row) => isFigure(row.cells[0])).map((row) => ({
                label: labelOf(row), id: row.id, total: row.total,
                cells: FIGURE.map(([key]) => ({ unit: row.cells[0].unit, value: row.cells[0][key] })),
            })),
        };
    }
    const shown = block.columns.map((column, c) => c).filter((c) => !block.columns[c].hidden);
    return {
        heading: t(block.heading || ''),
        columns: shown.map((c) => ({ ...block.columns[c], title: t(block.columns[c].title) })),
        rows: block.rows.map((row) => ({
            label: labelOf(row) || '', id: row.id, total: row.total,
            cells: shown.map((c) => shownCell(block, row, row.cells[c])),
        })),
    };
}

export function tsvOf(grid) {
    const lines = [[grid.heading, ...grid.columns.map((column) => column.title || column.key || '')].map(plainText)];
    for (const row of grid.rows) {
        lines.push([plainText(row.label), ...row.cells.map(cellExact)]);
    }
    return lines.map((line) => line.join('\t')).join('\n') + '\n';
}

// The clipboard is closed to pages from file:// in some browsers: then through a selection.
export async function copyText(text) {
    try {
        await navigator.clipboard.writeText(text);
    } catch {
        const area = document.createElement('textarea');
        area.value = text;
        document.body.append(area);
        area.select();
        document.execCommand('copy');
        area.remove();
    }
}

export function saveAs(name, url) {
    const link = document.createElement('a');
    link.href = url;
    link.download = name;
    link.click();
}

// A drawn chart as a picture of twice its size, for slides.
export function savePng(name, svgUrl, width, height, background) {
    const image = new Image();
    image.onload = () => {
        const canvas = document.createElement('canvas');
        canvas.width = width * 2;
        canvas.height = height * 2;
        const context = canvas.getContext('2d');
        context.fillStyle = background;
        context.fillRect(0, 0, canvas.width, canvas.height);
        context.drawImage(image, 0, 0, canvas.width, canvas.height);
        saveAs(name, canvas.toDataURL('image/png'));
    };
    image.src = svgUrl;
}

// SPDX-License-Identifier: GPL-3.0-or-later
// What is drawn of a block, as an option of ECharts. Labels of users are only ever plain text: tooltips are escaped.
import { fill, human, isoDate, labelOf, nameOfLine, scaleOf, t, valueOf, write } from './format.js';
import { meaning } from './tips.js';

// Okabe and Ito's colours; gains are blue and losses vermillion, and the sign is in the label.
export const BLUE = '#0072B2', VERMILLION = '#D55E00';
// Without their yellow, which is lost on white; blue is lost on black.
const OTHERS = [BLUE, '#E69F00', '#009E73', '#CC79A7', '#56B4E9', '#D55E00'];
const ON_DARK = ['#56B4E9', '#E69F00', '#009E73', '#CC79A7', '#F0E442', '#D55E00'];

function escaped(text) {
    return String(text).replace(/[&<>"']/g, (c) => '&#' + c.charCodeAt(0) + ';');
}

function css(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function short(text) {
    const label = String(text);
    return label.length > 34 ? label.slice(0, 33) + '\u2026' : label;
}

function base() {
    return {
        animation: false,
        color: css('--gain') === '#0072b2' ? OTHERS : ON_DARK,
        textStyle: { color: css('--text'), fontFamily: 'system-ui, Noto Sans CJK SC, sans-serif', fontSize: 13 },
        grid: { left: 8, right: 16, top: 36, bottom: 8, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
        tooltip: {
            trigger: 'axis', confine: true, axisPointer: { type: 'shadow' },
            extraCssText: 'max-width: 340px; white-space: normal', backgroundColor: css('--panel'), borderColor: css('--line'), textStyle: { color: css('--text') },
        },
    };
}

function valueAxis(unit, largest) {
    const scale = scaleOf(unit, largest);
    return {
        type: 'value', splitLine: { lineStyle: { color: css('--line') } },
        axisLabel: { color: css('--muted'), hideOverlap: true,
                     formatter: (v) => (v === 0 ? '0' : write({ ...scale, decimals: Math.max(0, scale.decimals - 1) }, v)) },
    };
}

function nameAxis(names) {
    return {
        type: 'category', data: names, axisTick: { show: false }, axisLine: { lineStyle: { color: css('--line') } },
        axisLabel: { color: css('--text'), formatter: short },
    };
}

function largestOf(values) {
    return values.reduce((most, v) => (Number.isFinite(v) ? Math.max(most, Math.abs(v)) : most), 0);
}

function tip(lines) {
    return lines.filter((line) => line !== null).map(escaped).join('<br>');
}

// ---- over the periods

function fan(block) {
    const line = (key) => block.lines.find((each) => each.key === key).values;
    const low = line('p10'), mid = line('p50'), high = line('p90');
    const names = low.map((_, i) => (block.dates ? isoDate(block.dates[i]) : String(i + 1)));
    const band = { type: 'line', symbol: 'none', lineStyle: { opacity: 0 }, stack: 'band', stackStrategy: 'all', silent: true };
    return {
        ...base(),
        tooltip: {
            ...base().tooltip, axisPointer: { type: 'line' },
            formatter: ([{ dataIndex: i }]) => tip([
                names[i], `P90  ${human(block.unit, high[i])}`, `${t('median')}  ${human(block.unit, mid[i])}`,
                `P10  ${human(block.unit, low[i])}`, ...meaning(block),
            ]),
        },
        legend: { top: 0, left: 0, selectedMode: false, textStyle: { color: css('--muted') },
                  data: [{ name: t('P10 to P90'), icon: 'rect' }, { name: t('median') }] },
        xAxis: { ...nameAxis(names), boundaryGap: false, axisLabel: { color: css('--muted'), hideOverlap: true } },
        yAxis: valueAxis(block.unit, largestOf(high)),
        series: [
            { ...band, name: 'low', data: low },
            { ...band, name: t('P10 to P90'), data: high.map((v, i) => v - low[i]), color: css('--gain'),
              areaStyle: { color: css('--gain'), opacity: 0.22 } },
            { type: 'line', name: t('median'), data: mid, symbol: 'none', color: css('--gain'), lineStyle: { width: 2.5 } },
        ],
    };
}

// Lines differ in colour, in their dashes and, where there is room, by their name at the end.
const DASHES = ['solid', [7, 4], [2, 3], [10, 3, 2, 3], [14, 4]];

function lines(block) {
    const names = block.lines[0].values.map((_, i) => (block.dates ? isoDate(block.dates[i]) : String(i + 1)));
    const named = block.lines.length > 1 && block.lines.length <= 8 && innerWidth >= 700, longest = Math.max(...block.lines.filter((each) => !each.quiet).map((each) => nameOfLine(each).length));
    return {
        ...base(),
        grid: { ...base().grid, right: named ? Math.min(130, 24 + 8 * longest) : 16 },
        tooltip: {
            ...base().tooltip, axisPointer: { type: 'line' },
            formatter: (items) => tip([names[items[0].dataIndex],
                ...items.map((item) => `${item.seriesName}  ${human(block.unit, item.value, block.sign)}`), ...meaning(block)]),
        },
        legend: { top: 0, left: 0, type: 'scroll', itemWidth: 34, textStyle: { color: css('--muted') } },
        xAxis: { ...nameAxis(names), boundaryGap: false, axisLabel: { color: css('--muted'), hideOverlap: true } },
        yAxis: { ...valueAxis(block.unit, largestOf(block.lines.flatMap((each) => each.values))), scale: Boolean(block.close) },
        series: block.lines.map((each, i) => ({
            type: 'line', lineStyle: { type: DASHES[i % DASHES.length], width: each.ours ? 3 : each.quiet ? 1.5 : 2 }, step: block.close ? 'start' : undefined,
            name: nameOfLine(each), data: each.values, symbol: 'none',
            endLabel: { show: named && !each.quiet, color: css('--text'), width: 105, overflow: 'truncate', formatter: ({ seriesName }) => seriesName }, labelLayout: { moveOverlap: 'shiftY' },
        })),
    };
}

// ---- rows of one column

function rowsOf(block) {
    return block.rows.map((row) => ({
        id: row.id, name: labelOf(row), total: row.total, cells: row.cells,
        value: valueOf(row.cells[block.bar]), unit: (row.cells[block.bar] || {}).unit,
    })).filter((row) => Number.isFinite(row.value));
}

function reduces(block, row) {
    return block.shape === 'waterfall' && !row.total;
}

function rowTip(block, rows) {
    return ([item]) => {
        const row = rows[item.dataIndex];
        return tip([row.name, ...block.columns.map((column, c) => {
            const value = reduces(block, row) ? -valueOf(row.cells[c]) : valueOf(row.cells[c]);
            return column.hidden || row.cells[c] === null || !Number.isFinite(value) ? null : `${t(column.title)}  ${human(row.cells[c].unit, value, column.sign)}`;
        }), ...meaning(block, row, block.columns[block.bar])]);
    };
}

// Totals stand on zero, each step hangs from the level that it reduces by its value.
function waterfall(block) {
    const rows = rowsOf(block), bottom = [], height = [];
    let level = 0;
    for (const row of rows) {
        const from = row.total ? 0 : level;
        level = row.total ? row.value : level - row.value;
        bottom.push(Math.min(from, level));
        height.push(Math.abs(level - from));
    }
    const scale = scaleOf('money', largestOf(rows.map((row) => row.value)));
    return {
        ...base(),
        tooltip: { ...base().tooltip, formatter: rowTip(block, rows) },
        xAxis: { ...nameAxis(rows.map((row) => row.name)),
                 axisLabel: { color: css('--text'), interval: 0, width: 88, overflow: 'break' } },
        yAxis: valueAxis('money', largestOf(rows.map((row) => row.value))),
        series: [
            { type: 'bar', stack: 'all', data: bottom, silent: true, itemStyle: { color: 'transparent' } },
            { type: 'bar', stack: 'all', barMaxWidth: 70,
              data: height.map((v, i) => ({
                  value: v, itemStyle: { color: rows[i].total ? BLUE : rows[i].value > 0 ? VERMILLION : '#56B4E9' },
              })),
              label: { show: true, position: 'top', color: css('--text'),
                       formatter: ({ dataIndex: i }) => write(scale, rows[i].total ? rows[i].value : -rows[i].value, !rows[i].total) } },
        ],
    };
}

// A line from P10 to P90 across each bar.
function whiskers(rows, low, high) {
    return {
        type: 'custom', silent: true, z: 3,
        renderItem: (_, api) => {
            const i = api.value(1);
            const a = api.coord([api.value(0), i]), b = api.coord([api.value(2), i]);
            return { type: 'line', shape: { x1: a[0], y1: a[1], x2: b[0], y2: b[1] },
                     style: { stroke: css('--text'), lineWidth: 1.5 } };
        },
        encode: { x: [0, 2], y: 1 },
        data: rows.map((row, i) => [valueOf(row.cells[low]), i, valueOf(row.cells[high])]),
    };
}

function bridge(block) {
    const rows = rowsOf(block), at = (key) => block.columns.findIndex((column) => column.key === key);
    const low = at('p10'), high = at('p90'), spread = low >= 0 && high >= 0;
    const unit = rows.length > 0 ? rows[0].unit : 'number';
    const scale = scaleOf(unit, largestOf(rows.map((row) => row.value)));
    const ends = (i) => (spread ? valueOf(rows[i].cells[rows[i].value < 0 ? low : high]) : null);
    return {
        ...base(),
        grid: { ...base().grid, top: 8, left: 8, right: 64 },
        tooltip: { ...base().tooltip, formatter: rowTip(block, rows) },
        xAxis: { ...valueAxis(unit, largestOf(rows.map((row) => row.value))), // room for the labels of losses
                 boundaryGap: [rows.some((row) => row.value < 0) ? '15%' : 0, '5%'] },
        yAxis: { ...nameAxis(rows.map((row) => row.name)), inverse: true, axisLine: { show: false },
                 axisLabel: { color: css('--text'), interval: 0, formatter: short } },
        series: [
            { type: 'bar', barMaxWidth: 20,
              data: rows.map((row) => ({
                  value: row.value, itemStyle: { color: row.value < 0 ? VERMILLION : BLUE, opacity: row.total ? 1 : 0.8 },
              })) },
            ...(spread ? [whiskers(rows, low, high)] : []),
            // The label stands beyond the bar and its whisker.
            { type: 'scatter', symbolSize: 0, silent: true, itemStyle: { opacity: 1 },
              data: rows.map((row, i) => [row.value < 0 ? Math.min(row.value, ends(i)) : Math.max(row.value, ends(i)), i]),
              label: { show: true, color: css('--text'), formatter: ({ dataIndex: i }) => write(scale, rows[i].value, true) },
              labelLayout: ({ dataIndex: i, rect }) => ({
                  x: rect.x + (rows[i].value < 0 ? -6 : 6), y: rect.y, verticalAlign: 'middle',
                  align: rows[i].value < 0 ? 'right' : 'left',
              }) },
        ],
    };
}

// Each stage's bar says what entered, which part passed, and the narrowest is the bottleneck.
function funnel(block) {
    const rows = rowsOf(block), at = (key) => block.columns.findIndex((column) => column.key === key);
    const rate = at('conversion'), days = at('mean_days'), open = at('value_open');
    const rates = rows.map((row) => valueOf(row.cells[rate]));
    const least = rates.indexOf(Math.min(...rates.filter(Number.isFinite)));
    const narrow = innerWidth < 700; // a telephone: the table has the rest
    const about = (i) => (narrow ? '' :
        (days >= 0 && rows[i].cells[days] ? `, ${fill('{1} days', human('days', valueOf(rows[i].cells[days])))}` : '') +
        (open >= 0 && valueOf(rows[i].cells[open]) > 0 ? `, ${fill('{#1} open', human('money', valueOf(rows[i].cells[open])))}` : ''));
    return {
        ...base(),
        grid: { ...base().grid, top: 8, right: narrow ? 130 : 330 },
        tooltip: { ...base().tooltip, formatter: rowTip(block, rows) },
        xAxis: { type: 'value', show: false },
        yAxis: { ...nameAxis(rows.map((row) => row.name)), inverse: true },
        series: [{
            type: 'bar', barMaxWidth: 34,
            data: rows.map((row, i) => ({ value: row.value, itemStyle: { color: i === least ? VERMILLION : BLUE } })),
            label: { show: true, position: 'right', color: css('--text'), formatter: ({ dataIndex: i }) =>
                `${human('count', rows[i].value)}  \u2192  ${human('frac', rates[i])}` +
                about(i) +
                (i === least ? (narrow ? ' !' : ` (${t('lowest rate')})`) : '') },
        }],
    };
}

function chances(block) {
    const p = block.columns.findIndex((column) => column.key === 'p');
    return bars({ ...block, columns: [block.columns[p]], rows: block.rows.map((row) => ({ ...row, cells: [row.cells[p]] })) });
}

// Columns side by side, a group of bars for each row.
function bars(block) {
    const rows = block.rows, unit = block.columns[0].unit, several = block.columns.length > 1;
    const all = rows.flatMap((row) => row.cells.map(valueOf)), scale = scaleOf(unit, largestOf(all));
    return {
        ...base(),
        grid: { ...base().grid, top: several ? 36 : 8, right: 64 },
        tooltip: { ...base().tooltip, formatter: (items) => tip([labelOf(rows[items[0].dataIndex]),
            ...items.map((item) => `${item.seriesName}  ${human(unit, item.value)}`), ...meaning(block, rows[items[0].dataIndex], block.columns[0])]) },
        legend: several ? { top: 0, left: 0, type: 'scroll', textStyle: { color: css('--muted') } } : undefined,
        xAxis: { ...valueAxis(unit, largestOf(all)), ...(unit === 'frac' ? { max: 1 } : {}) },
        yAxis: { ...nameAxis(rows.map(labelOf)), inverse: true },
        series: block.columns.map((column, c) => ({
            type: 'bar', name: column.title, barMaxWidth: 22, data: rows.map((row) => valueOf(row.cells[c])),
            label: { show: block.columns.length <= 4, position: 'right', color: css('--text'),
                     formatter: ({ value }) => (Number.isFinite(value) ? write(scale, value) : '') },
        })),
    };
}

const DAY = 86400000;

// A bar from the first to the last day of each window, a line of bars for each promotion.
function calendar(block) {
    const from = block.columns.findIndex((column) => column.key === 'from'), to = from + 1;
    const ids = [...new Set(block.rows.map((row) => row.id))];
    const names = ids.map((id) => block.rows.find((row) => row.id === id).label);
    return {
        ...base(),
        grid: { ...base().grid, top: 8, right: 24 },
        tooltip: { ...base().tooltip, trigger: 'item', formatter: ({ dataIndex: i }) => {
            const row = block.rows[i];
            return tip([row.label, fill('{#1} to {#2}', isoDate(valueOf(row.cells[from])), isoDate(valueOf(row.cells[to])))]);
        } },
        useUTC: true,
        xAxis: { type: 'time', min: block.span[0] * DAY, max: block.span[1] * DAY, splitLine: { show: true, lineStyle: { color: css('--line') } },
                 axisLabel: { color: css('--muted'), hideOverlap: true, formatter: (time) => isoDate(time / DAY) } },
        yAxis: { ...nameAxis(names), inverse: true },
        series: [{
            type: 'custom', encode: { x: [0, 1], y: 2 },
            data: block.rows.map((row) => [valueOf(row.cells[from]) * DAY, (valueOf(row.cells[to]) + 1) * DAY, ids.indexOf(row.id)]),
            renderItem: (_, api) => {
                const a = api.coord([api.value(0), api.value(2)]), b = api.coord([api.value(1), api.value(2)]);
                return { type: 'rect', style: { fill: BLUE },
                         shape: { x: a[0], y: a[1] - 9, width: Math.max(2, b[0] - a[0]), height: 18, r: 3 } };
            },
        }],
    };
}

// ---- which chart a block has

const BARS = /^(waterfall|chances|funnel\/)/;

// {height, option()} of a block, or null when its table says it best.
export function chartOf(block) {
    if (block.type === 'series' && block.lines.length > 0) {
        const has = (key) => block.lines.some((line) => line.key === key);
        return { height: 280, option: () => (has('p10') && has('p50') && has('p90') ? fan(block) : lines(block)) };
    }
    if (block.type !== 'table' || block.rows.length === 0) {
        return null;
    }
    const many = block.rows.length;
    if (block.path === 'promotion_windows') {
        return { height: 40 + 34 * new Set(block.rows.map((row) => row.id)).size, option: () => calendar(block) };
    }
    switch (block.shape) {
    case 'waterfall': return { height: 340, option: () => waterfall(block) };
    case 'bridge': return { height: 50 + 30 * many, option: () => bridge(block) };
    case 'funnel': return { height: 30 + 46 * many, option: () => funnel(block) };
    }
    if (block.path === 'goals' && block.columns.some((column) => column.key === 'p')) {
        return { height: 40 + 40 * many, option: () => chances(block) };
    }
    if (BARS.test(block.path)) {
        return { height: 60 + many * (14 + 18 * block.columns.length), option: () => bars(block) };
    }
    return null;
}

// SPDX-License-Identifier: GPL-3.0-or-later
// The page: the answer in words, its headline figures, then every block of the document in its order.
import { html, render, useEffect, useRef, useState } from './preact.js';
import { human, valueOf } from './format.js';
import { gridOf, savePng, saveAs } from './export.js';
import { chartOf } from './charts.js';
import { CopyButton, Table } from './tables.js';

const doc = JSON.parse(document.getElementById('document').textContent);
const CARDS = ['revenue', 'contribution', 'margin_frac', 'collected', 'customers_signed', 'units', 'win_rate', 'share', 'pocket_price'];
const SERIES = { revenue: 'Revenue by period', contribution: 'Contribution by period', collected: 'Collected cash by period' };
const MATRICES = /^(payoff|revenue|share|best_frac|regret|rival)(\/|$)/;

// ECharts is packed: the browser unpacks it once the words are on the screen.
const echartsReady = (async () => {
    const packed = Uint8Array.from(atob(document.getElementById('echarts').textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
    const script = document.createElement('script');
    script.textContent = await new Response(stream).text();
    document.head.append(script);
    return globalThis.echarts;
})();

// ---- the parts of a section

function Chart({ block, look }) {
    const place = useRef(), chart = useRef();
    const { height, option } = chartOf(block);
    useEffect(() => {
        let gone = false, observer;
        // Paper is white: the chart takes the colours that the style of the medium has now.
        const paper = matchMedia('print'), recolour = () => chart.current && chart.current.setOption(option(), true);
        paper.addEventListener('change', recolour);
        echartsReady.then((echarts) => {
            if (gone) {
                return;
            }
            chart.current = echarts.init(place.current, null, { renderer: 'svg' });
            chart.current.setOption(option());
            place.current.dataset.drawn = 'yes';
            observer = new ResizeObserver(() => chart.current.resize());
            observer.observe(place.current);
        }).catch(() => { place.current.textContent = 'This browser cannot draw the chart; its table has the numbers.'; });
        return () => {
            gone = true;
            paper.removeEventListener('change', recolour);
            if (observer) {
                observer.disconnect();
                chart.current.dispose();
            }
        };
    }, [block, look]);
    const name = block.path.replace(/[^\w-]+/g, '-');
    const url = () => chart.current.getDataURL({ type: 'svg' });
    const png = () => savePng(`${name}.png`, url(), place.current.clientWidth, height,
        getComputedStyle(document.documentElement).getPropertyValue('--panel').trim());
    return html`<figure>
        <div class="chart" ref=${place} style=${`height:${height}px`} role="img"
            aria-label=${`Chart: ${block.title || block.path}. The table below holds its numbers.`}></div>
        <div class="tools"><button type="button" class="small" onClick=${() => saveAs(`${name}.svg`, url())}>SVG</button>
            <button type="button" class="small" onClick=${png}>PNG</button></div>
    </figure>`;
}

function Sentences({ block }) {
    return block.sentences.map((s) => (s.command ? html`<pre><code>${s.text}</code></pre>` : html`<p>${s.text}</p>`));
}

function Section({ block, look }) {
    if (block.type === 'sentences') {
        return html`<section><h2>${block.title}</h2><${Sentences} block=${block} /></section>`;
    }
    const chart = chartOf(block), matrix = MATRICES.test(block.path);
    const table = html`<${Table} block=${block} sortable=${!matrix && block.type === 'table'} matrix=${matrix} />`;
    return html`<section>
        <div class="head"><h2>${block.title}</h2><${CopyButton} grid=${() => gridOf(block)} /></div>
        ${chart ? html`<${Chart} block=${block} look=${look} /><details><summary>Table</summary>${table}</details>` : table}
        ${block.note ? html`<p class="note">${block.note}</p>` : null}
    </section>`;
}

// Any dimension of the breakdowns, one at a time.
function Breakdown({ blocks }) {
    const [at, setAt] = useState(0);
    const nameOf = (block) => block.path.slice(3).replace(/_/g, ' ');
    return html`<section>
        <div class="head"><h2>Broken down by <select aria-label="Dimension" value=${at} onChange=${(e) => setAt(Number(e.target.value))}>
            ${blocks.map((block, i) => html`<option value=${i}>${nameOf(block)}</option>`)}</select></h2>
            <${CopyButton} grid=${() => gridOf(blocks[at])} /></div>
        <${Table} key=${at} block=${blocks[at]} sortable />
        ${blocks[at].note ? html`<p class="note">${blocks[at].note}</p>` : null}
    </section>`;
}

// ---- headline cards

function Range({ low, mid, high }) {
    const width = high - low;
    if (!(width > 0)) {
        return null;
    }
    return html`<svg class="range" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
        <rect x="0" y="3" width="100" height="4" rx="2" /><rect class="mid" x=${(96 * (mid - low)) / width} y="0" width="4" height="10" rx="1" /></svg>`;
}

function FigureCard({ row }) {
    const f = row.cells[0], show = (v) => human(f.unit, v);
    return html`<div class="card" title=${`P10, median and P90 over the futures. Mean ${show(f.mean)}, known to ${show(f.se)}.`}>
        <div class="label">${row.label}</div><div class="value">${show(f.p50)}</div>
        <${Range} low=${f.p10} mid=${f.p50} high=${f.p90} />
        <div class="likely">${show(f.p10)} to ${show(f.p90)}</div>
        <div class="error">mean ${show(f.mean)}, sim. error ${show(f.se)}</div></div>`;
}

// A plan against the base.
function DifferenceCard({ block, row }) {
    const cell = (key) => row.cells[block.columns.findIndex((column) => column.key === key)];
    const show = (key, sign) => (cell(key) ? human(cell(key).unit, valueOf(cell(key)), sign) : 'n/a');
    return html`<div class="card"><div class="label">${row.label || row.id}</div>
        <div class=${valueOf(cell('difference')) < 0 ? 'value loss' : 'value gain'}>${show('difference', true)}</div>
        <div class="likely">${show('p10', true)} to ${show('p90', true)}</div>
        <div class="error">better in ${show('better_frac')} of the futures, sim. error ${show('se')}</div></div>`;
}

function Cards() {
    const summary = doc.blocks.find((block) => block.path === 'summary' && block.people);
    const ranking = doc.blocks.find((block) => block.path === 'ranking');
    if (summary) {
        const rows = summary.rows.filter((row) => row.cells[0] && row.cells[0].mean !== undefined);
        const wanted = CARDS.map((id) => rows.find((row) => row.id === id)).filter(Boolean).slice(0, 6);
        return html`<div class="cards">${wanted.map((row) => html`<${FigureCard} row=${row} />`)}</div>`;
    }
    if (ranking) {
        const at = ranking.columns.findIndex((column) => column.key === 'difference');
        const rows = ranking.rows.filter((row) => row.cells[at] && Number.isFinite(valueOf(row.cells[at])));
        return html`<p class="subtitle">${ranking.title}</p><div class="cards">${rows.slice(0, 6).map((row) => html`<${DifferenceCard} block=${ranking} row=${row} />`)}</div>`;
    }
    return null;
}

// ---- the inputs, with their P5 to P95 drawn

function Inputs({ block }) {
    const at = (key) => block.columns.findIndex((column) => column.key === key);
    const drawn = (row) => {
        const [low, mid, high] = ['p5', 'p50', 'p95'].map((key) => valueOf(row.cells[at(key)]));
        return Number.isFinite(low) && Number.isFinite(high) ? html`<${Range} low=${low} mid=${mid} high=${high} />` : null;
    };
    const text = (row, key) => {
        const cell = row.cells[at(key)];
        return typeof cell === 'string' ? cell : cell ? human(cell.unit, valueOf(cell)) : '';
    };
    const uncertain = block.rows.filter((row) => Number.isFinite(valueOf(row.cells[at('p5')]))).length;
    return html`<section>
        <div class="head"><h2>Assumptions as understood</h2><${CopyButton} grid=${() => gridOf(block)} /></div>
        <details><summary>${block.rows.length} inputs, ${uncertain} of them uncertain or spread</summary>
        <div class="scroll" tabindex="0" role="group" aria-label="Assumptions"><table><thead><tr>
            <th scope="col" class="name">Input</th><th scope="col" class="name">kind</th><th scope="col" class="name">value or law</th>
            <th scope="col">P5</th><th scope="col">median</th><th scope="col">P95</th><th scope="col" class="name">P5 to P95</th></tr></thead>
        <tbody>${block.rows.map((row) => html`<tr><th scope="row">${row.id}</th><td class="name">${text(row, 'kind')}</td>
            <td class="name">${text(row, 'law')}</td><td class="number">${text(row, 'p5')}</td><td class="number">${text(row, 'p50')}</td>
            <td class="number">${text(row, 'p95')}</td><td class="law">${drawn(row)}</td></tr>`)}</tbody></table></div></details>
    </section>`;
}

// ---- the whole

// What people read, and the series that a page has room for. Empty tables say nothing.
function sectionsOf() {
    const list = [], seen = new Set();
    const breakdowns = doc.blocks.filter((block) => block.path.startsWith('by/') && block.rows.length > 0);
    for (const block of doc.blocks) {
        const series = block.type === 'series' ? SERIES[block.path.replace('series/', '')] : undefined;
        if (block.path === 'verdict') {
            continue;
        }
        if (block.type === 'table' && block.rows.length === 0 || block.type === 'sentences' && block.sentences.length === 0) {
            continue;
        }
        if (block.path.startsWith('by/')) {
            if (!seen.has('by')) {
                seen.add('by');
                list.push({ kind: 'by', blocks: breakdowns });
            }
        } else if (block.path === 'inputs' && !block.people) {
            list.push({ kind: 'inputs', block });
        } else if (block.type === 'series') {
            // A comparison has a block for each plan: one chart of all of them.
            const known = list.find((each) => each.block && each.block.type === 'series' && each.block.path === block.path);
            if (known) {
                known.block.lines.push(...block.lines);
            } else if (block.people || series) {
                list.push({ kind: 'block', block: { ...block, lines: [...block.lines], title: block.title || titleOf(block, series) } });
            }
        } else if (block.path === 'promotion_windows') {
            list.push({ kind: 'block', block: { ...block, span: spanOf() } });
        } else if (block.people) {
            list.push({ kind: 'block', block });
        }
    }
    return list;
}

// First day of the first and about the last of the last period.
function spanOf() {
    const { dates } = doc.blocks.find((block) => block.type === 'series' && block.dates);
    const last = dates.length - 1;
    return [dates[0], dates[last] + (last > 0 ? dates[last] - dates[last - 1] : 1)];
}

function titleOf(block, series) {
    return block.lines.some((line) => line.key === 'p50') ? series : `${series}: difference from the base`;
}

function Page() {
    const [theme, setTheme] = useState(''), [look, setLook] = useState(0);
    const verdict = doc.blocks.find((block) => block.path === 'verdict');
    useEffect(() => {
        document.documentElement.dataset.theme = theme;
        setLook((n) => n + 1);
    }, [theme]);
    useEffect(() => {
        const redraw = () => setLook((n) => n + 1), query = matchMedia('(prefers-color-scheme: dark)');
        query.addEventListener('change', redraw);
        return () => query.removeEventListener('change', redraw);
    }, []);
    return html`<header><div class="bar"><span class="brand">pricesim</span>
            <span class="tools"><button type="button" onClick=${() => setTheme(theme === 'dark' || theme === '' && matchMedia('(prefers-color-scheme: dark)').matches ? 'light' : 'dark')}>Light or dark</button>
            <button type="button" onClick=${() => print()}>Print</button></span></div>
        <h1>${doc.title}</h1><p class="subtitle">${doc.subtitle}</p></header>
    <main>
        ${verdict ? html`<section class="verdict" aria-label="Verdict"><${Sentences} block=${verdict} /></section>` : null}
        <${Cards} />
        ${sectionsOf().map((each) => (each.kind === 'by' ? html`<${Breakdown} blocks=${each.blocks} />`
            : each.kind === 'inputs' ? html`<${Inputs} block=${each.block} />`
            : html`<${Section} block=${each.block} look=${look} />`))}
    </main>`;
}

render(html`<${Page} />`, document.getElementById('page'));

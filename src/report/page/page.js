// SPDX-License-Identifier: GPL-3.0-or-later
// The page: the answer in words, its headline figures, then every block of the document in its order.
import { html, render, useEffect, useRef, useState } from './preact.js';
import { cellText, fill, human, labelOf, speak, t, valueOf } from './format.js';
import { gridOf, savePng, saveAs } from './export.js';
import { chartOf } from './charts.js';
import { CopyButton, Table } from './tables.js';
import { explainIn, explained, explanation, term, walkCells } from './tips.js';
import { Law } from './laws.js';
import { gapChoices, gapOf, pricesOf, sharesOf } from './rivals.js';

const doc = JSON.parse(document.getElementById('document').textContent);
const LANGUAGES = { en: 'EN', zh: '中文' };
const CARDS = ['revenue', 'contribution', 'margin_frac', 'collected', 'customers_signed', 'units', 'win_rate', 'share', 'pocket_price'];
const SERIES = {
    'series/revenue': 'Revenue by period', 'series/contribution': 'Contribution by period', 'series/collected': 'Collected cash by period',
    'series/share': 'Share of purchases by period', 'series/win_rate_closed': 'Win rate of closed deals by period',
    'prices/offers': 'Prices, ours and rivals\'',
};
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
        const paper = matchMedia('print'), recolour = () => {
            if (chart.current) {
                chart.current.setOption(option(), true);
                chart.current.getZr().flush(); // the paper does not wait for the next frame
            }
        };
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
        }).catch(() => { place.current.textContent = t('This browser cannot draw the chart; its table has the numbers.'); });
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
            aria-label=${fill('Chart: {1}. The table below holds its numbers.', t(block.title || block.path))}></div>
        <div class="tools"><button type="button" class="small" title=${t('Save as SVG')} onClick=${() => saveAs(`${name}.svg`, url())}>SVG</button>
            <button type="button" class="small" title=${t('Save as PNG')} onClick=${png}>PNG</button></div>
    </figure>`;
}

function Sentences({ block }) {
    return block.sentences.map((s) => (s.command ? html`<pre><code>${s.text}</code></pre>` : html`<p>${t(s.text)}</p>`));
}

function Section({ block, look, id, folded }) {
    if (block.type === 'sentences') {
        return html`<section id=${id}><h2>${t(block.title)}</h2><${Sentences} block=${block} /></section>`;
    }
    const chart = chartOf(block), matrix = MATRICES.test(block.path);
    const table = html`<${Table} block=${block} sortable=${!matrix && block.type === 'table'} matrix=${matrix} />`;
    const note = block.note ? html`<p class="note">${t(block.note)}</p>` : null;
    const copy = html`<${CopyButton} grid=${() => gridOf(block)} />`;
    if (folded) {
        return html`<section id=${id}><details><summary><h2>${t(block.title)}</h2></summary>${copy}${table}${note}</details></section>`;
    }
    return html`<section id=${id}>
        <div class="head"><h2>${t(block.title)}</h2>${copy}</div>
        ${chart ? html`<${Chart} block=${block} look=${look} /><details><summary>${t('Table')}</summary>${table}</details>` : table}
        ${note}
    </section>`;
}

// Any dimension of the breakdowns, one at a time.
function Breakdown({ blocks, id }) {
    const [at, setAt] = useState(0);
    const nameOf = (block) => t(block.path.slice(3).replace(/_/g, ' '));
    return html`<section id=${id}>
        <div class="head"><h2>${t('Broken down by')} <select aria-label=${t('Dimension')} value=${at} onChange=${(e) => setAt(Number(e.target.value))}>
            ${blocks.map((block, i) => html`<option value=${i}>${nameOf(block)}</option>`)}</select></h2>
            <${CopyButton} grid=${() => gridOf(blocks[at])} /></div>
        <${Table} key=${at} block=${blocks[at]} sortable />
        ${blocks[at].note ? html`<p class="note">${t(blocks[at].note)}</p>` : null}
    </section>`;
}

// Our price against the rivals': of which offer, and against whom, is chosen above it.
function Gap({ choices, id, look }) {
    const [own, setOwn] = useState(0), [rival, setRival] = useState(-1), made = useRef({});
    const key = `${own}/${rival}/${look}`;
    if (made.current.key !== key) { // the chart is drawn anew for another block
        made.current = { key, block: gapOf(choices, choices.ours[own], rival < 0 ? choices.theirs : [choices.theirs[rival]]) };
    }
    const { block } = made.current;
    const choose = (label, value, set, options) => html`<select aria-label=${label} value=${value} onChange=${(e) => set(Number(e.target.value))}>${options}</select>`;
    const option = (line, i) => html`<option value=${i}>${line.key}</option>`;
    return html`<section id=${id}>
        <div class="head"><h2>${block.title}</h2><span class="tools">
            ${choices.ours.length > 1 ? choose(t('Our offer'), own, setOwn, choices.ours.map(option)) : null}
            ${choices.theirs.length > 1 ? choose(t('Rival'), rival, setRival, [html`<option value="-1">${t('every rival')}</option>`, ...choices.theirs.map(option)]) : null}
            <${CopyButton} grid=${() => gridOf(block)} /></span></div>
        <${Chart} block=${block} look=${look} /><details><summary>${t('Table')}</summary><${Table} block=${block} /></details>
        <p class="note">${block.note}</p>
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
    const help = () => [explanation({ path: 'summary' }, row, null, { unit: f.unit, value: f.p50 }),
        fill('Median, and P10 to P90: in eight of ten futures it lies there. Mean {1}, known to ± {2} (simulation error).', show(f.mean), show(f.se))].join('\n');
    return html`<div class="card" tabindex="0" ...${explained(help)}>
        <div class="label">${labelOf(row)}</div><div class="value">${show(f.p50)}</div>
        <${Range} low=${f.p10} mid=${f.p50} high=${f.p90} />
        <div class="likely">${fill('{#1} to {#2}', show(f.p10), show(f.p90))}</div>
        <div class="error">${fill('mean {1} ± {2}', show(f.mean), show(f.se))}</div></div>`;
}

// A plan against the base.
function DifferenceCard({ block, row }) {
    const cell = (key) => row.cells[block.columns.findIndex((column) => column.key === key)];
    const show = (key, sign) => (cell(key) ? human(cell(key).unit, valueOf(cell(key)), sign) : t('n/a'));
    const help = () => [labelOf(row), ...['difference', 'p10', 'p90', 'better_frac', 'se'].map(term)].filter(Boolean).join('\n');
    return html`<div class="card" tabindex="0" ...${explained(help)}><div class="label">${labelOf(row)}</div>
        <div class=${valueOf(cell('difference')) < 0 ? 'value loss' : 'value gain'}>${show('difference', true)}</div>
        <div class="likely">${fill('{#1} to {#2}', show('p10', true), show('p90', true))}</div>
        <div class="error">${fill('better in {1} of the futures, sim. error {2}', show('better_frac'), show('se'))}</div></div>`;
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
        return html`<p class="subtitle">${t(ranking.title)}</p><div class="cards">${rows.slice(0, 6).map((row) => html`<${DifferenceCard} block=${ranking} row=${row} />`)}</div>`;
    }
    return null;
}

// ---- the inputs, with their laws drawn

function Inputs({ block, id }) {
    const at = (key) => block.columns.findIndex((column) => column.key === key);
    const number = (row, key) => valueOf(row.cells[at(key)]);
    const law = (row) => (Number.isFinite(number(row, 'p5')) && Number.isFinite(number(row, 'p95'))
        ? html`<${Law} law=${row.cells[at('law')]} low=${number(row, 'p5')} mid=${number(row, 'p50')} high=${number(row, 'p95')} />` : null);
    const text = (row, key) => cellText(row.cells[at(key)]);
    const uncertain = block.rows.filter((row) => Number.isFinite(number(row, 'p5')));
    const [all, setAll] = useState(false);
    const figure = (row, key) => {
        const cell = row.cells[at(key)], help = () => [explanation(block, { label: row.id }, block.columns[at(key)], cell), text(row, 'unit')].filter(Boolean).join('\n');
        return html`<td class="number" tabindex="-1" ...${cell ? explained(help) : {}}>${cellText(cell)}</td>`;
    };
    const line = (row) => html`<tr><th scope="row">${row.id}</th><td class="name" tabindex="-1">${text(row, 'kind')}</td>
            <td class="law" tabindex="-1">${law(row)}</td>${['p5', 'p50', 'p95'].map((key) => figure(row, key))}<td class="name" tabindex="-1">${text(row, 'law')}</td></tr>`;
    return html`<section id=${id}>
        <div class="head"><h2>${t('Assumptions as understood')}</h2><${CopyButton} grid=${() => gridOf(block)} /></div>
        <p class="note"><label><input type="checkbox" checked=${all} onChange=${(e) => setAll(e.target.checked)} />
            ${fill('{1} inputs, {2} of them uncertain or spread: show all', block.rows.length, uncertain.length)}</label></p>
        <div class="scroll" tabindex="0" role="group" aria-label=${t('Assumptions as understood')} onKeyDown=${walkCells}><table class="inputs"><thead><tr>
            <th scope="col" class="name">${t('Input')}</th><th scope="col" class="name">${t('kind')}</th><th scope="col" class="name">${t('how likely')}</th>
            <th scope="col">P5</th><th scope="col">${t('median')}</th><th scope="col">P95</th><th scope="col" class="name">${t('value or law')}</th></tr></thead>
        <tbody>${(all ? block.rows : uncertain).map(line)}</tbody></table></div>
    </section>`;
}

// ---- the whole

// What people read, and the series that a page has room for. Empty tables say nothing.
function sectionsOf() {
    const list = [], seen = new Set(), shared = doc.blocks.some((block) => block.path === 'series/share');
    const breakdowns = doc.blocks.filter((block) => block.path.startsWith('by/') && block.rows.length > 0);
    for (const block of doc.blocks) {
        const series = block.type === 'series' ? SERIES[block.path] : undefined;
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
        } else if (block.path === 'prices/offers' && block.lines.length > 0) {
            list.push({ kind: 'block', block: { ...pricesOf(doc), title: t(SERIES['prices/offers']) } });
            if (gapChoices(doc)) {
                list.push({ kind: 'gap', choices: gapChoices(doc) });
            }
        } else if (block.path === 'shares' && block.lines.length > 0) {
            list.push({ kind: 'block', block: sharesOf(doc) });
        } else if (/^(prices|shares)/.test(block.path)) {
            continue; // stands there
        } else if (block.type === 'series' && block.lines.length === 0 || block.path === 'series/win_rate_closed' && shared) {
            continue;
        } else if (block.type === 'series') {
            // A comparison has a block for each plan: one chart of all of them.
            const known = list.find((each) => each.block && each.block.type === 'series' && each.block.path === block.path);
            if (known) {
                known.block.lines.push(...block.lines);
            } else if (block.people || series) {
                list.push({ kind: 'block', block: { ...block, lines: [...block.lines], sign: true, title: block.title || titleOf(block, series) } });
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

// Made of words, so it is said in the reader's language at once.
function titleOf(block, series) {
    return !block.path.startsWith('series/') || block.lines.some((line) => line.key === 'p50') ? t(series) : fill('{1}: difference from the base', t(series));
}

// Sections side by side where there is room: what goes over time.
function rowsOfSections(list) {
    const rows = [];
    for (const each of list) {
        const half = each.kind === 'gap' || each.kind === 'block' && each.block.type === 'series', last = rows[rows.length - 1];
        if (half && last && last.half) {
            last.sections.push(each);
        } else {
            rows.push({ half, sections: [each] });
        }
    }
    return rows;
}

function titled(each) {
    return each.kind === 'gap' ? t('Price against each rival\'s') : each.kind === 'by' ? t('Broken down by').replace(/[:：]$/, '') : each.kind === 'inputs' ? t('Assumptions as understood') : t(each.block.title);
}

function Page() {
    const [theme, setTheme] = useState(''), [look, setLook] = useState(0);
    const [language, setLanguage] = useState(doc.language || (navigator.language.startsWith('zh') ? 'zh' : 'en'));
    const verdict = doc.blocks.find((block) => block.path === 'verdict');
    speak(language, doc.zh);
    explainIn(language, doc);
    useEffect(() => {
        document.documentElement.dataset.theme = theme;
        document.documentElement.lang = language === 'zh' ? 'zh-Hans' : 'en';
        setLook((n) => n + 1);
    }, [theme, language]);
    useEffect(() => {
        const redraw = () => setLook((n) => n + 1), query = matchMedia('(prefers-color-scheme: dark)');
        query.addEventListener('change', redraw);
        // Paper cannot be unfolded.
        const unfold = () => document.querySelectorAll('main > section > details').forEach((each) => { each.open = true; });
        addEventListener('beforeprint', unfold);
        return () => { query.removeEventListener('change', redraw); removeEventListener('beforeprint', unfold); };
    }, []);
    const list = sectionsOf().map((each, i) => ({ ...each, id: `part-${i + 1}` }));
    const dark = theme === 'dark' || theme === '' && matchMedia('(prefers-color-scheme: dark)').matches;
    const section = (each) => (each.kind === 'by' ? html`<${Breakdown} blocks=${each.blocks} id=${each.id} />`
        : each.kind === 'inputs' ? html`<${Inputs} block=${each.block} id=${each.id} />`
        : each.kind === 'gap' ? html`<${Gap} choices=${each.choices} id=${each.id} look=${look} />`
        : html`<${Section} block=${each.block} id=${each.id} look=${look} folded=${each.block.path === 'summary'} />`);
    return html`<header><div class="bar"><span class="brand">pricesim</span>
            <span class="tools"><span role="group" aria-label="Language 语言">${Object.entries(LANGUAGES).map(([code, name]) => html`<button type="button"
                lang=${code} aria-pressed=${language === code} onClick=${() => setLanguage(code)}>${name}</button>`)}</span>
            <button type="button" onClick=${() => setTheme(dark ? 'light' : 'dark')}>${t('Light or dark')}</button>
            <button type="button" onClick=${() => print()}>${t('Print')}</button></span></div>
        <h1>${t(doc.title)}</h1><p class="subtitle">${t(doc.subtitle)}</p></header>
    <main>
        ${verdict ? html`<section class="verdict" aria-label=${t('Verdict')}><${Sentences} block=${verdict} /></section>` : null}
        <${Cards} />
        ${list.length > 4 ? html`<nav aria-label=${t('Parts')}>${list.map((each) => html`<a href=${`#${each.id}`}>${titled(each)}</a>`)}</nav>` : null}
        ${rowsOfSections(list).map((row) => (row.half ? html`<div class="pair">${row.sections.map(section)}</div>` : row.sections.map(section)))}
    </main>`;
}

render(html`<${Page} />`, document.getElementById('page'));

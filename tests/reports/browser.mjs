// SPDX-License-Identifier: GPL-3.0-or-later
// Reports in a browser: they draw, sort, copy, print, ask nobody for anything, and what users write in them stays text.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPORTS, launch, npm, open, report, root, work } from './browser_support.mjs';

let passed = 0, failed = 0;

function check(fact, holds, seen) {
    if (holds) {
        passed++;
    } else {
        failed++;
        console.log(`not so: ${fact}${seen === undefined ? '' : `: ${JSON.stringify(seen)}`}`);
    }
}

// ---- facts of every report

async function alone(name, file, { said, asked }) {
    check(`${name}: at most 1 MB`, statSync(file).size <= 1e6, statSync(file).size);
    check(`${name}: nothing on the console`, said.length === 0, said);
    const outside = asked.filter((url) => url !== `file://${file}` && !/^(data|blob):/.test(url));
    check(`${name}: asks nobody for anything`, outside.length === 0, outside);
}

// [title, shapes that are drawn, rows of its table] of each chart.
async function charts(name, page, least) {
    const all = await page.$$eval('section:has(.chart)', (sections) => sections.map((section) => [
        section.querySelector('h2').textContent, section.querySelectorAll('.chart svg path').length,
        section.querySelectorAll('tbody tr').length]));
    check(`${name}: has its charts`, all.length >= least, all.length);
    check(`${name}: every chart draws its data`, all.every(([, shapes]) => shapes >= 3), all);
    check(`${name}: every chart has its table`, all.every(([, , rows]) => rows > 0), all);
    const words = await page.$eval('.verdict p', (p) => p.textContent);
    check(`${name}: the verdict comes first`, words.length > 10, words);
    return all.map(([title]) => title);
}

// What each figure of the page says when it is hovered over; it has to say what it is, and its unit.
async function every_figure(name, page) {
    const silent = await page.evaluate(() => {
        const found = [];
        for (const element of document.querySelectorAll('td.number, .card')) {
            if (element.textContent.trim() === '') {
                continue;
            }
            element.dispatchEvent(new MouseEvent('mouseenter'));
            const text = document.getElementById('tip') ? document.getElementById('tip').textContent : '';
            const lines = text.split('\n');
            element.dispatchEvent(new MouseEvent('mouseleave'));
            const section = element.closest('section');
            if (lines.length < 3 || !lines.slice(1, -1).some((line) => /[.\u3002]$/.test(line)) || /undefined|NaN|null/.test(text) || !element.matches('.card') && !/\([^)]+\)/.test(text)) {
                found.push([section ? section.querySelector('h2').textContent : 'card', element.parentNode.firstChild.textContent, text].join(' | '));
            }
        }
        return found;
    });
    check(`${name}: hovering explains every figure`, silent.length === 0, silent.slice(0, 6));
}

// ---- the report of a run

async function numbers(page, result) {
    const value = await page.$eval('.card .value', (card) => card.textContent);
    check('the first card is the median revenue', value === `${(result.summary.revenue.p50 / 1e6).toFixed(1)}M`, value);
    const windows = await page.$$eval('section', (all) => [...all.find((s) => s.querySelector('h2') && s.querySelector('h2').textContent === 'Promotion calendar')
        .querySelectorAll('tbody td')].map((cell) => cell.textContent.trim()));
    check('the calendar has the windows of the result', windows.join() === result.promotion_windows.flatMap((w) => [w.from, w.to]).join(), windows);
    const steps = await page.$$eval('section', (all) => [...all.find((s) => s.querySelector('h2') && s.querySelector('h2').textContent === 'Price waterfall')
        .querySelectorAll('.chart svg text')].map((text) => text.textContent));
    check('a deduction is drawn with a minus', steps.some((text) => text.startsWith('\u2212')), steps);
}

async function over_time(page, result) {
    const tsv = async (title) => {
        await page.locator('section', { has: page.getByRole('heading', { name: title, exact: true }) }).getByRole('button', { name: 'Copy as TSV' }).click();
        return (await page.evaluate(() => globalThis.copied)).trimEnd().split('\n').map((line) => line.split('\t'));
    };
    const prices = await tsv('Prices, ours and rivals\''), gaps = await tsv('Price against each rival\'s');
    check('prices of all offers by period', prices[0].slice(1).join() === 'standard,standard: list price,rival_a,rival_b' && prices.length === 53, prices[0]);
    check('the gap is that of the prices', gaps.slice(1).every((row, i) => Math.abs(Number(row[1]) - (prices[i + 1][1] / prices[i + 1][3] - 1)) < 1e-9), gaps[1]);
    check('the gap is that of the result', gaps.slice(1).every((row, i) => Number(row[2]) === result.price_gap.standard.rival_b[i]), gaps[1]);
    await page.getByLabel('Rival', { exact: true }).selectOption({ label: 'rival_b' });
    const one = await tsv('Price against each rival\'s');
    check('the gap to a rival of choice', one[0].join() === 'Period,rival_b' && one.slice(1).every((row, i) => row[1] === gaps[i + 1][2]), one[1]);
    await page.waitForFunction(() => [...document.querySelectorAll('.chart')].every((chart) => chart.dataset.drawn === 'yes' && chart.querySelector('svg')));
    const shares = await tsv('Who wins the deals');
    check('shares of us, each rival, nobody', shares[0].join() === 'Period,us,rival_a,rival_b,nobody' &&
        shares.slice(1).every((row, i) => Number(row[3]) === result.shares.rivals.rival_b[i] && Math.abs(row.slice(1).reduce((sum, x) => sum + Number(x), 0) - 1) < 1e-12), shares[1]);
    check('the win rate over time', (await tsv('Win rate of closed deals by week')).length === 1 + result.calendar.starts.length);
}

async function sorts(page) {
    const table = page.locator('section', { has: page.getByLabel('Dimension') });
    const names = () => table.locator('tbody th').allTextContents();
    const before = await names(), button = table.locator('thead button').first();
    await button.focus();
    await page.keyboard.press('Enter');
    const up = await names();
    await page.keyboard.press('Enter');
    const down = await names();
    check('sorts by name, by keyboard', [...before].sort((a, b) => a.localeCompare(b)).join() === up.join(), up);
    check('sorts the other way', [...up].reverse().join() === down.join(), down);
    await table.locator('select').selectOption({ label: 'rival' });
    check('another dimension is shown', (await names()).join() === 'rival_a,rival_b', await names());
}

async function hovers(page) {
    const chart = page.locator('.chart').first();
    await chart.scrollIntoViewIfNeeded();
    await chart.hover();
    const tip = await chart.evaluate((place) => place.innerText);
    check('hovering tells the figure', /median\s+\d/.test(tip) && /P90\s+\d/.test(tip), tip);
}

async function copies(page, result) {
    await page.evaluate(() => {
        navigator.clipboard.writeText = async (text) => { globalThis.copied = text; };
    });
    await page.locator('section', { hasText: 'Revenue by' }).first().getByRole('button', { name: 'Copy as TSV' }).click();
    const rows = (await page.evaluate(() => globalThis.copied)).trimEnd().split('\n').map((line) => line.split('\t'));
    check('a copy has a row for each period', rows.length === 1 + result.calendar.starts.length, rows.length);
    check('a copy is exact', Number(rows[1][rows[0].indexOf('p90')]) === result.series.revenue.p90[0], rows[1]);
}

function wellFormed(page, svg) {
    return page.evaluate((text) => new DOMParser().parseFromString(text, 'image/svg+xml').querySelector('parsererror') === null, svg);
}

function scriptless(page, svg) {
    return page.evaluate((text) => [...new DOMParser().parseFromString(text, 'image/svg+xml').querySelectorAll('*')].every((element) =>
        !/^(script|image|foreignObject|a|use)$/i.test(element.localName) && [...element.attributes].every((each) => !/^on|href/i.test(each.name))), svg);
}

async function saves(page) {
    const funnel = page.locator('section', { has: page.getByRole('heading', { name: 'Funnel', exact: true }) });
    const save = async (name) => {
        const [download] = await Promise.all([page.waitForEvent('download'), funnel.getByRole('button', { name }).click()]);
        return [download.suggestedFilename(), readFileSync(await download.path())];
    };
    const [svgName, svg] = await save('SVG'), [pngName, png] = await save('PNG');
    check('a saved SVG is well-formed', await wellFormed(page, svg.toString()));
    check('a chart is saved as SVG, with its words', svgName === 'funnel.svg' && /^<svg[\s\S]*lowest rate/.test(svg.toString()), svgName);
    check('a chart is saved as PNG, twice as large as it is drawn', pngName === 'funnel.png' && png.subarray(1, 4).toString() === 'PNG' &&
        png.readUInt32BE(16) === 2 * await funnel.locator('.chart').evaluate((place) => place.clientWidth), pngName);
}

async function speaks(page, browser, file) {
    const chart = () => page.locator('.chart').first().evaluate((place) => place.querySelector('svg').textContent);
    const words = async () => [await page.$eval('.verdict p', (p) => p.textContent), await page.$eval('.card .value', (card) => card.textContent), await chart(),
        await page.$eval('.subtitle', (p) => p.textContent)];
    const english = await words();
    await page.getByRole('button', { name: '中文' }).focus();
    await page.keyboard.press('Enter');
    const [verdict, value, drawn, subtitle] = await words();
    check('Chinese: the verdict', /^全年收入很可能在 [\d.]+万 至 [\d.]+万 CNY 之间/.test(verdict), verdict);
    check('Chinese: ten thousands', /^[\d,]+万$/.test(value), value);
    check('Chinese: the charts, too', drawn.includes('中位数') && drawn.includes('万'), drawn);
    check('Chinese: the head', subtitle.startsWith('自 2026-01-05 起 52 周'), subtitle);
    check('Chinese: said to readers', await page.$eval('html', (root) => root.lang) === 'zh-Hans');
    const all = await page.evaluate(() => document.querySelector('main').innerText);
    const left = all.split('\n').filter((line) => /\b(the|of|is|and|than|which)\b/.test(line) && !/pricesim run/.test(line));
    check('Chinese: no English sentence is left', left.length === 0, left);
    await page.getByRole('button', { name: 'EN' }).click();
    check('English again', (await words()).join() === english.join(), await words());
    const there = await open(browser, file, { locale: 'zh-CN' });
    check('Chinese for a Chinese browser', (await there.page.$eval('.verdict p', (p) => p.textContent)).startsWith('全年'));
    await there.page.close();
    const asked = await open(browser, report('zh', [...REPORTS.run, '--lang', 'zh']));
    check('Chinese where --lang asked for it', (await asked.page.$eval('.verdict p', (p) => p.textContent)).startsWith('全年'));
    await asked.page.close();
}

async function explains(page, result) {
    await page.locator('.card').first().hover();
    const tip = await page.locator('#tip').innerText();
    check('hovering explains a headline figure', /^Revenue.*\nRevenue: what is recognised[^\n]*\n[\d,.]+ \(CNY\)\n.*simulation error/s.test(tip), tip);
    const table = page.locator('section', { has: page.getByRole('heading', { name: 'Goals', exact: true }) });
    await table.locator('summary').click();
    await table.locator('.scroll').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    check('the keyboard explains a figure of a table', (await page.locator('#tip').innerText()).includes('\n'), await page.locator('#tip').innerText());
    await page.keyboard.press('Escape');
    check('and lets go of it', await page.locator('#tip').isHidden());
    await table.locator('summary').click();
    const laws = await page.$$eval('.inputs .density', (all) => all.map((svg) => svg.querySelectorAll('path, rect').length));
    const uncertain = result.inputs.filter((input) => input.p5 !== undefined).length;
    check('each uncertain input has its law drawn', laws.length === uncertain && laws.every((shapes) => shapes >= 1), laws);
    const peak = await page.$$eval('.inputs tbody tr', (rows) => rows.filter((row) => /lognormal/.test(row.textContent)).every((row) => {
        const points = row.querySelector('.curve').getAttribute('d').split(/[ML]/).slice(1).map((each) => each.split(' ').map(Number));
        const top = points.reduce((best, each) => (each[1] < best[1] ? each : best)), median = Number(row.querySelector('line').getAttribute('x1'));
        return top[0] <= median; // the mode of a lognormal law lies below its median
    }));
    check('laws have their shape', peak);
}

async function themes(page, browser, file) {
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const before = await background();
    await page.getByRole('button', { name: 'Light or dark' }).click();
    check('light and dark differ', before !== await background());
    const dark = await open(browser, file, { colorScheme: 'dark' });
    const first = await dark.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    check('dark where the reader wants it', first === 'rgb(20, 23, 26)', first);
    await dark.page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const paper = await dark.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    check('paper is white', paper === 'rgb(255, 255, 255)', paper);
    await dark.page.waitForFunction(() => document.querySelector('.chart svg [stroke="#e8eaed"], .chart svg [fill="#e8eaed"]') === null,
        null, { timeout: 10000 }).catch(() => {}); // the check below says what is left
    const pale = await dark.page.$$eval('.chart svg [stroke="#e8eaed"], .chart svg [fill="#e8eaed"]', (all) => all.length);
    check('nothing in a printed chart is as pale as in the dark', pale === 0, pale);
    check('prints', (await dark.page.pdf({ format: 'A4' })).length > 50000);
    await dark.page.close();
}

// ---- hostile names

const HOSTILE = ['<script>globalThis.hacked = 1</script>', '</script><img src=x onerror="globalThis.hacked = 2">',
    '=HYPERLINK("http://evil.invalid","x")', '"><svg onload=globalThis.hacked=3>', '{{constructor.constructor("hacked=4")()}}',
    '&lt;b&gt;', '\u202Etxt.exe', '<!--<script>'];

function hostile() {
    let next = 0;
    const spoil = (value) => {
        if (Array.isArray(value)) {
            return value.map(spoil);
        }
        if (value === null || typeof value !== 'object') {
            return value;
        }
        return Object.fromEntries(Object.entries(value).map(([key, v]) =>
            [key, (key === 'label' || key === 'name') && typeof v === 'string' ? HOSTILE[next++ % HOSTILE.length] : spoil(v)]));
    };
    const file = join(work, 'hostile.json');
    writeFileSync(file, JSON.stringify(spoil(JSON.parse(readFileSync(join(root, 'scenarios/default.json'), 'utf8')))));
    return file;
}

async function inert(browser) {
    const file = report('hostile', ['run', hostile(), '--paths', '500']);
    const seen = await open(browser, file), { page } = seen;
    await alone('hostile', file, seen);
    for (const chart of await page.locator('.chart').all()) {
        await chart.scrollIntoViewIfNeeded();
        await chart.hover({ position: { x: 300, y: 30 } });
    }
    check('hostile: nothing of it ran', await page.evaluate(() => globalThis.hacked === undefined));
    check('hostile: no element of it is in the page', await page.$$eval('#page img, #page iframe, #page script', (all) => all.length === 0));
    check('hostile: scripts are ours', await page.$$eval('script', (all) => all.length) === 5, await page.$$eval('script', (all) => all.length));
    const names = await page.evaluate(() => document.body.innerText);
    check('hostile: the title is what the user wrote', await page.title() === HOSTILE[0], await page.title());
    check('hostile: names are shown as written', names.includes(HOSTILE[1]) && names.includes(HOSTILE[2]));
    await page.evaluate(() => { // what a link would save; real downloads, of which browsers allow a page a few, are tested in saves()
        HTMLAnchorElement.prototype.click = function click() { globalThis.saved = this.href; };
    });
    for (const button of await page.getByRole('button', { name: 'SVG' }).all()) {
        await page.evaluate(() => { globalThis.saved = ''; });
        await button.click();
        const url = await page.evaluate(() => globalThis.saved), svg = decodeURIComponent(url.slice(url.indexOf(',') + 1));
        check('hostile: an SVG is saved', url.startsWith('data:image/svg+xml'), url.slice(0, 40));
        check('hostile: a saved SVG is well-formed, without scripts', await wellFormed(page, svg) && await scriptless(page, svg));
    }
    await page.evaluate(() => {
        navigator.clipboard.writeText = async (text) => { globalThis.copied = text; };
    });
    for (const button of await page.getByRole('button', { name: 'Copy as TSV' }).all()) {
        await button.click();
        const text = await page.evaluate(() => globalThis.copied);
        check('hostile: no cell of a copy is a formula', !/(^|\t)\s*[=@+]/m.test(text), text);
    }
    await page.close();
}

// ---- what ships is what npm has

function vendored() {
    const same = (ours, theirs) => readFileSync(join(root, 'src/report/page/vendor', ours)).equals(readFileSync(join(npm, 'node_modules', theirs)));
    check('vendor/echarts.min.js is the package\'s', same('echarts.min.js', 'echarts/dist/echarts.min.js'));
    check('vendor/htm-preact.js is the package\'s', same('htm-preact.js', 'htm/preact/standalone.umd.js'));
}

const browser = await launch();
const least = { run: 8, compare: 8, respond: 0, check: 0 };
for (const [name, command] of Object.entries(REPORTS)) {
    const file = report(name, command), seen = await open(browser, file);
    const titles = await charts(name, seen.page, least[name]);
    if (name === 'run') {
        const result = join(work, 'run.json');
        report('run', command);
        const { execFileSync } = await import('node:child_process');
        execFileSync(process.env.PRICESIM || join(root, 'build/pricesim'), [...command, '-o', result], { cwd: root, stdio: 'ignore' });
        const stored = JSON.parse(readFileSync(result, 'utf8'));
        for (const title of ['Revenue by week', 'Contribution by week', 'Funnel', 'Price waterfall', 'What the promotions earn', 'Goals', 'Promotion calendar',
            'What contribution hangs on']) {
            check(`run: ${title} is drawn`, titles.includes(title), titles);
        }
        await numbers(seen.page, stored);
        await hovers(seen.page);
        await sorts(seen.page);
        await copies(seen.page, stored);
        await over_time(seen.page, stored);
        await saves(seen.page);
        await explains(seen.page, stored);
        await speaks(seen.page, browser, file);
        await themes(seen.page, browser, file);
    }
    await every_figure(name, seen.page);
    await alone(name, file, seen);
    await seen.page.close();
}
for (const scenario of ['channel_partner', 'subscription', 'double_eleven', 'bundle', 'clearance']) {
    for (const command of ['run', 'compare']) {
        const { page } = await open(browser, report(`${command}_${scenario}`, [command, `scenarios/${scenario}.json`, '--paths', '200']));
        await every_figure(`${command} ${scenario}`, page);
        await page.getByRole('button', { name: '中文' }).click();
        await every_figure(`${command} ${scenario}, Chinese`, page);
        await page.close();
    }
}
await inert(browser);
vendored();
await browser.close();
console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exit(failed === 0 ? 0 : 1);

// SPDX-License-Identifier: GPL-3.0-or-later
// The pictures of reports in docs/images: make screenshots.
import { execFileSync } from 'node:child_process';
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { REPORTS, launch, open, report, root, work } from './browser_support.mjs';

const SCREEN = { width: 1120, height: 900 }, PHONE = { width: 390, height: 844 };
const SHOTS = [ // name, report, how it is opened, heading of the section alone (null: the first screen)
    ['report-run', 'run', {}, null],
    ['report-zh', 'run', { locale: 'zh-CN' }, null],
    ['report-phone', 'run', { viewport: PHONE, colorScheme: 'dark' }, null],
    ['report-promotions', 'run', {}, 'What the promotions earn'],
    ['report-funnel', 'run', {}, 'Funnel'],
    ['report-waterfall', 'run', {}, 'Price waterfall'],
    ['report-gap', 'run', {}, 'Price against each rival\'s'],
    ['report-assumptions', 'run', {}, 'Assumptions as understood'],
    ['report-compare', 'compare', {}, null],
    ['report-respond', 'respond', {}, null],
];
const path = (name) => join(root, 'docs/images', `${name}.png`);

const browser = await launch();
for (const [name, which, options, title] of SHOTS) {
    const { page } = await open(browser, report(which, REPORTS[which]), { viewport: SCREEN, ...options });
    if (title === null) {
        await page.screenshot({ path: path(name) });
    } else {
        const section = page.locator('section', { has: page.getByRole('heading', { name: title, exact: true }) });
        const { x, y, width, height } = await section.boundingBox();
        await page.screenshot({ path: path(name), fullPage: true, clip: { x, y, width, height: Math.min(height, 520) } });
    }
    await page.close();
}
const { page } = await open(browser, report('run', REPORTS.run), { viewport: { width: 794, height: 1123 } });
await page.emulateMedia({ media: 'print' });
await page.screenshot({ path: path('report-print') });
await browser.close();

// Sheets of the workbook, as LibreOffice prints them.
execFileSync(process.env.PRICESIM || join(root, 'build/pricesim'), [...REPORTS.run, '-q', '-o', join(work, 'run.xlsx')], { cwd: root });
execFileSync('soffice', [`-env:UserInstallation=file://${work}/profile`, '--headless', '--convert-to', 'pdf', '--outdir', work, join(work, 'run.xlsx')], { stdio: 'ignore' });
const words = execFileSync('pdftotext', ['-layout', join(work, 'run.pdf'), '-'], { maxBuffer: 1 << 26 }).toString().split('\f');
for (const [name, wanted] of [['workbook-waterfall', /^\s*Price waterfall/], ['workbook-inputs', /pricesim import xlsx/]]) {
    const at = words.findIndex((each) => wanted.test(each)) + 1;
    execFileSync('pdftoppm', ['-png', '-r', '105', '-x', '60', '-y', '60', '-W', '1060', '-H', '560', '-f', at, '-l', at, '-singlefile', join(work, 'run.pdf'), join(work, name)]);
    copyFileSync(join(work, `${name}.png`), path(name));
}
rmSync(join(work, 'profile'), { recursive: true, force: true });

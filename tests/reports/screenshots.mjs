// SPDX-License-Identifier: GPL-3.0-or-later
// The pictures of reports in docs/images: make screenshots.
import { join } from 'node:path';
import { REPORTS, launch, open, report, root } from './browser_support.mjs';

const SHOTS = [
    ['report-run', 'run', {}, null],
    ['report-promotions', 'run', {}, 'What the promotions earn'],
    ['report-waterfall', 'run', {}, 'Funnel'],
    ['report-dark', 'run', { colorScheme: 'dark' }, 'Revenue by week'],
    ['report-compare', 'compare', {}, null],
    ['report-respond', 'respond', {}, null],
];

const browser = await launch();
for (const [name, which, options, title] of SHOTS) {
    const { page } = await open(browser, report(which, REPORTS[which]), { viewport: { width: 1120, height: 900 }, ...options });
    if (title !== null) {
        await page.getByRole('heading', { name: title, exact: true }).evaluate((heading) => scrollTo(0, heading.closest('section').offsetTop - 12));
    }
    await page.screenshot({ path: join(root, 'docs/images', `${name}.png`) });
    await page.close();
}
const { page } = await open(browser, report('run', REPORTS.run), { viewport: { width: 794, height: 1123 } });
await page.emulateMedia({ media: 'print' });
await page.screenshot({ path: join(root, 'docs/images', 'report-print.png') });
await browser.close();

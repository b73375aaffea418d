// SPDX-License-Identifier: GPL-3.0-or-later
// A browser, and the reports that it looks at.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const npm = join(root, 'build/npm');
export const work = join(root, 'build/reports');
const program = process.env.PRICESIM || join(root, 'build/pricesim');
const { chromium } = createRequire(join(npm, 'package.json'))('playwright-core');

export const REPORTS = {
    run: ['run', 'scenarios/default.json', '--paths', '2000'],
    compare: ['compare', 'scenarios/default.json', '--paths', '2000'],
    respond: ['respond', 'scenarios/price_cut.json', '--paths', '2000'],
    check: ['check', 'scenarios/minimal.json'],
};

export function report(name, command) {
    mkdirSync(work, { recursive: true });
    const file = join(work, `${name}.html`);
    execFileSync(program, [...command, '-o', file], { cwd: root, stdio: ['ignore', 'inherit', 'ignore'] });
    return file;
}

// As root (in a container) Chromium has no sandbox; the pages are our own.
export function launch() {
    return chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] });
}

// A page of a report once its charts are drawn; what it complained of and asked for is in `said` and `asked`.
export async function open(browser, file, options = {}) {
    const page = await browser.newPage({ viewport: { width: 1280, height: 960 }, locale: 'en-GB', ...options });
    const said = [], asked = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(`file://${file}`);
    await page.waitForFunction(() => document.querySelector('h1') &&
        [...document.querySelectorAll('.chart')].every((chart) => chart.dataset.drawn === 'yes'), null, { timeout: 30000 });
    return { page, said, asked };
}

// SPDX-License-Identifier: GPL-3.0-or-later
// The density of an input, small enough for a line of a table. The law comes as explain writes it: "lognormal (median 2, sdlog 0.3)".
import { html } from './preact.js';

const WIDTH = 110, HEIGHT = 24, POINTS = 64;

const bell = (z) => Math.exp(-z * z / 2);

// Densities up to a constant factor.
const DENSITIES = {
    'normal': (x, [mean, sd]) => bell((x - mean) / sd),
    'lognormal': (x, [median, sdlog]) => (x > 0 ? bell(Math.log(x / median) / sdlog) / x : 0),
    'logit-normal': (x, [mean, sd]) => (x > 0 && x < 1 ? bell((Math.log(x / (1 - x)) - mean) / sd) / (x * (1 - x)) : 0),
    'beta': (x, [a, b]) => (x > 0 && x < 1 ? x ** (a - 1) * (1 - x) ** (b - 1) : 0),
    'gamma': (x, [mean, sd]) => {
        const shape = (mean / sd) ** 2;
        return x > 0 ? Math.exp((shape - 1) * Math.log(x / mean) - shape * x / mean) : 0;
    },
    'weibull': (x, [shape, scale]) => (x > 0 ? (x / scale) ** (shape - 1) * Math.exp(-((x / scale) ** shape)) : 0),
    'exponential': (x, [mean]) => (x >= 0 ? Math.exp(-x / mean) : 0),
    'triangular': (x, [min, mode, max]) => (x < min || x > max ? 0 : x < mode ? (x - min) / (mode - min) : (max - x) / Math.max(max - mode, 1e-300)),
    'pert': (x, [min, mode, max]) => {
        const a = 4 * (mode - min) / (max - min), b = 4 * (max - mode) / (max - min);
        return x < min || x > max ? 0 : (x - min) ** a * (max - x) ** b;
    },
    'uniform': (x, [min, max]) => Number(x >= min && x <= max),
};

function densityOf(text) {
    const [, name, inside] = /^([a-z-]+) \((.*)\)$/.exec(text || '') || [];
    if (!DENSITIES[name]) {
        return null;
    }
    const parts = inside.split(', '), number = (part) => Number(part.split(' ').pop());
    const bound = (word, none) => { const part = parts.find((each) => each.startsWith(word)); return part ? number(part) : none; };
    const least = bound('at least', -Infinity), most = bound('at most', Infinity), mirrored = parts.includes('mirrored at zero') ? -1 : 1;
    const parameters = parts.filter((part) => /^[a-z]+ -?[\d.e+-]+$/.test(part)).map(number);
    return (x) => (mirrored * x < least || mirrored * x > most ? 0 : DENSITIES[name](mirrored * x, parameters));
}

// From beyond P5 to beyond P95; the part between them is filled, a line marks the median. Laws of lists have no curve.
export function Law({ law, low, mid, high }) {
    const density = densityOf(law), reach = high - low;
    if (!(reach > 0)) {
        return null;
    }
    const from = low - 0.45 * reach, to = high + 0.45 * reach, at = (x) => (WIDTH * (x - from)) / (to - from);
    const heights = (a, b) => {
        const xs = Array.from({ length: POINTS + 1 }, (_, i) => a + ((b - a) * i) / POINTS);
        return xs.map((x) => [x, density ? density(x) : 1]);
    };
    const whole = density ? heights(from, to) : [], most = Math.max(...whole.map(([, y]) => y).filter(Number.isFinite), 1e-300);
    const y = (value) => HEIGHT - 2 - (HEIGHT - 5) * Math.min(1, Number.isFinite(value) ? value / most : 1);
    const path = (points) => points.map(([x, value], i) => `${i ? 'L' : 'M'}${at(x).toFixed(1)} ${y(value).toFixed(1)}`).join('');
    const bottom = HEIGHT - 2;
    return html`<svg class="density" viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} width=${WIDTH} height=${HEIGHT} role="img" aria-label="P5 to P95">
        ${density ? html`<path class="likely" d=${`${path(heights(low, high))}L${at(high)} ${bottom}L${at(low)} ${bottom}Z`} /><path class="curve" d=${path(whole)} />`
            : html`<rect class="likely" x=${at(low)} y="8" width=${at(high) - at(low)} height="10" />`}
        <line x1=${at(mid)} x2=${at(mid)} y1="2" y2=${bottom} /></svg>`;
}

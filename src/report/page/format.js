// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers for people. Data keep full precision; what is rounded is rounded here.

const STEPS = { en: [[1e12, 'T'], [1e9, 'B'], [1e6, 'M'], [1e3, 'k']], zh: [[1e12, '万亿'], [1e8, '亿'], [1e4, '万']] };

// The reader's language; the document brings what it says in the other one, by the English text.
let language = 'en', dictionary = new Map();

export function speak(wanted, words) {
    language = wanted;
    dictionary = new Map(Object.entries(words));
}

export function t(text) {
    return language === 'zh' && dictionary.has(text) ? dictionary.get(text) : text;
}

// "{1} days" with its holes filled.
export function fill(pattern, ...parts) {
    return t(pattern).replace(/\{[#=,?]?(\d)\}/g, (_, i) => parts[i - 1]);
}

// A label that is an id is a name.
export function labelOf(row) {
    return row.label === row.id ? row.label : t(row.label || row.id);
}

// The key of other lines than these is somebody's name.
export function nameOfLine(line) {
    return line.name || (line.key === 'p50' ? t('median') : line.key === 'mean' ? t('mean') : line.key);
}

// How a number is written whose neighbours are at most `largest`.
export function scaleOf(unit, largest) {
    const size = Math.abs(Number.isFinite(largest) ? largest : 0);
    let factor = 1, suffix = '', decimals;
    if (unit === 'frac') {
        factor = 0.01;
        suffix = '%';
    } else if (unit === 'money' || unit === 'number' || unit === 'count') {
        const from = unit === 'count' ? 99999.5 : 9999.5;
        for (const [step, letter] of STEPS[language]) {
            if (size >= step && size >= from) {
                factor = step;
                suffix = letter;
                break;
            }
        }
    }
    const shown = size / factor;
    decimals = shown > 0 ? 2 - Math.floor(Math.log10(shown * 1.0005)) : 0;
    if (unit === 'frac') {
        decimals = Math.min(decimals, 1);
    }
    if (unit === 'count' && factor === 1 && (size >= 99.5 || size === Math.floor(size))) {
        decimals = 0;
    }
    return { unit, factor, suffix, decimals: Math.min(Math.max(decimals, 0), 6) };
}

export function isoDate(day) {
    return new Date(day * 86400000).toISOString().slice(0, 10);
}

// A true minus sign, as long as a plus; nothing that rounds to zero has a sign.
export function write(scale, value, sign) {
    if (value === null || value === undefined || !Number.isFinite(value)) {
        return t('n/a');
    }
    if (scale.unit === 'date') {
        return isoDate(value);
    }
    const digits = Math.abs(value / scale.factor).toLocaleString('en-US', {
        minimumFractionDigits: scale.decimals, maximumFractionDigits: scale.decimals,
    });
    const zero = !/[1-9]/.test(digits);
    return (zero ? '' : value < 0 ? '\u2212' : sign ? '+' : '') + digits + scale.suffix;
}

export function human(unit, value, sign) {
    return write(scaleOf(unit, value), value, sign);
}

// What a cell is drawn and sorted by: a number, or a figure's mean.
export function valueOf(cell) {
    if (cell === null || typeof cell !== 'object') {
        return typeof cell === 'boolean' ? Number(cell) : null;
    }
    return cell.mean !== undefined ? cell.mean : cell.value;
}

export function cellText(cell, column) {
    if (cell === null || cell === undefined) {
        return '';
    }
    if (typeof cell === 'boolean') {
        return t(cell ? 'yes' : 'no');
    }
    if (typeof cell === 'string') {
        return language === 'zh' && dictionary.has(`|${cell}`) ? dictionary.get(`|${cell}`) : cell;
    }
    return human(cell.unit, valueOf(cell), column && column.sign);
}

// For copies: exact, and safe in a spreadsheet, where a text that begins like a formula would be one.
export function cellExact(cell) {
    if (cell === null || cell === undefined) {
        return '';
    }
    if (typeof cell === 'string') {
        return plainText(cell);
    }
    if (typeof cell === 'boolean') {
        return t(cell ? 'yes' : 'no');
    }
    const value = valueOf(cell);
    return value === null ? '' : cell.unit === 'date' ? isoDate(value) : String(value);
}

export function plainText(text) {
    const line = String(text).replace(/[\t\r\n]+/g, ' ');
    return /^\s*[=+\-@]/.test(line) ? "'" + line : line;
}

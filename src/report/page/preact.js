// SPDX-License-Identifier: GPL-3.0-or-later
// Preact with htm, which a script before this one brings (vendor/htm-preact.js).
export const { html, render, useState, useEffect, useRef } = globalThis.htmPreact;

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Draws docs/images/run.svg: sections of what `pricesim run scenarios/default.json` shows on a terminal of 80 columns.

Texts have fixed places and lengths, so that columns hold with any font; blocks and lines are rectangles.
"""
import itertools
import os
import pty
import re
import subprocess
import unicodedata
from xml.sax.saxutils import escape

COMMAND = ["run", "scenarios/default.json"]
SHOWN = ["Headline figures", "Revenue by week", "What the promotions earn"]  # after the head
CELL, LINE, SIZE, MARGIN = 8.4, 18, 14, 16
GROUND, INK = "#15181c", "#d8dbdf"
COLORS = {"243": "#767676", "32": "#3d9bd9", "166": "#e0703a", "67": "#4f78a6", "231": "#ffffff"}
# character: x, y, width, height of its ink in parts of the cell
BLOCKS = {"█": (0, 0, 1, 1), "▌": (0, 0, .5, 1), "▐": (.5, 0, .5, 1), "▁": (0, .82, 1, .12), "▔": (0, .06, 1, .12),
          "━": (0, .44, 1, .12), "─": (0, .47, 1, .06), "│": (.45, 0, .1, 1), "┤": (.45, 0, .1, 1), "└": (.45, 0, .1, .5)}


def on_terminal(program, root):
    """The output with its colours."""
    reader, writer = pty.openpty()
    environment = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS")}
    environment["TERM"] = "xterm-256color"
    child = subprocess.Popen([program, *COMMAND, "--width", "80", "--quiet"], cwd=root, env=environment, stdout=writer)
    os.close(writer)
    text = b""
    while True:
        try:
            piece = os.read(reader, 65536)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        text += piece
    os.close(reader)
    if child.wait() != 0:
        raise SystemExit(f"{program} failed")
    return text.decode("utf-8").replace("\r", "")


def chosen(text):
    """Lines of the head and of the sections shown; ⋯ where others are left out."""
    parts = text.rstrip("\n").split("\n\n")
    keep = [True, True] + [any(re.sub(r"\033\[[\d;]*m", "", p).startswith(s) for s in SHOWN) for p in parts[2:]]
    lines, gap = [], False
    for part, kept in zip(parts, keep):
        if kept:
            lines += (["\033[38;5;243m⋯\033[0m", ""] if gap else []) + part.split("\n") + [""]
        gap = not kept
    return lines + ["\033[38;5;243m⋯\033[0m"] if gap else lines[:-1]


def runs(line):
    """(style, text) of a line."""
    style = ""
    for code, text in re.findall(r"(?:\033\[([\d;]*)m)?([^\033]*)", line):
        style = code if code else style
        style = "" if style == "0" else style
        if text:
            yield style, text


def width(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def ink(style):
    """Colour, ground, bold."""
    codes = style.split(";")
    color = ground = None
    for i, code in enumerate(codes):
        if code == "38":
            color = COLORS[codes[i + 2]]
        if code == "48":
            ground = COLORS[codes[i + 2]]
    return color or (INK if "1" not in codes[:1] else "#ffffff"), ground, codes[0] == "1"


def rectangle(column, row, block, columns, color):
    x, y, w, h = block
    return (f'<rect x="{MARGIN + (column + x) * CELL:.1f}" y="{MARGIN + (row + y) * LINE:.1f}" '
            f'width="{(columns - 1 + w) * CELL:.1f}" height="{h * LINE:.1f}" fill="{color}"/>')


def words(row, column, text, color, bold):
    """Latin words of fixed length; each Chinese sign at its place, as fonts differ about its width."""
    for piece in re.finditer(r"[\u2e80-\uffef]+|[^\s\u2e80-\uffef]+(?: [^\s\u2e80-\uffef]+)*", text):
        x = MARGIN + (column + width(text[:piece.start()])) * CELL
        signs = piece.group()
        style = f'y="{MARGIN + row * LINE + 13.5:.1f}" fill="{color}"' + (' font-weight="bold"' if bold else "")
        if unicodedata.east_asian_width(signs[0]) in "WF":
            yield "".join(f'<text x="{x + 2 * i * CELL:.1f}" {style}>{sign}</text>' for i, sign in enumerate(signs))
        else:
            yield (f'<text x="{x:.1f}" textLength="{len(signs) * CELL:.1f}" lengthAdjust="spacingAndGlyphs" '
                   f'{style}>{escape(signs)}</text>')


def draw_line(row, line):
    column = 0
    for style, pieces in itertools.groupby(runs(line), key=lambda run: run[0]):
        text = "".join(piece for _, piece in pieces)
        color, ground, bold = ink(style)
        for piece in re.findall(r"([█▌▐▁▔━─│┤└])(\1*)|([^█▌▐▁▔━─│┤└]+)", text):
            if piece[0]:
                count = 1 + len(piece[1])
                if ground:
                    yield rectangle(column, row, (0, 0, 1, 1), count, ground)
                if piece[0] in "▌▐" and count > 1:
                    raise SystemExit("half blocks in a row")
                yield rectangle(column, row, BLOCKS[piece[0]], count, color)
                if piece[0] in "┤└":
                    yield rectangle(column, row, (0 if piece[0] == "┤" else .45, .47, .5, .06), 1, color)
                column += count
            else:
                yield from words(row, column, piece[2], color, bold)
                column += width(piece[2])


def draw(program, root):
    lines = ["\033[38;5;243m$\033[0m pricesim " + " ".join(COMMAND), ""] + chosen(on_terminal(program, root))
    wide, high = 80 * CELL + 2 * MARGIN, len(lines) * LINE + 2 * MARGIN
    body = "\n".join(element for row, line in enumerate(lines) for element in draw_line(row, line))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:.0f}" height="{high:.0f}" '
            f'viewBox="0 0 {wide:.0f} {high:.0f}" font-family="ui-monospace, \'DejaVu Sans Mono\', Menlo, Consolas, '
            f'\'Noto Sans Mono CJK SC\', monospace" font-size="{SIZE}" xml:space="preserve" '
            f'shape-rendering="crispEdges">\n'
            f'<title>What pricesim run scenarios/default.json shows</title>\n'
            f'<rect width="100%" height="100%" rx="8" fill="{GROUND}"/>\n{body}\n</svg>\n')

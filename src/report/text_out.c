/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Terminal output by columns, not bytes: Chinese characters take two. Line breaks follow Unicode
 * (UAX 14). */
#include "report/text_out.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unilbrk.h>
#include <unistr.h>
#include <uniwidth.h>

/* 256-colour codes that stay readable on dark and on light grounds; blue against vermillion,
 * because green against red fails for one man in twelve and means the opposite in China. */
static const char *const style_codes[PS_STYLES] = {
    [PS_STYLE_PLAIN] = "",
    [PS_STYLE_BOLD] = "\033[1m",
    [PS_STYLE_DIM] = "\033[38;5;243m",
    [PS_STYLE_BAR] = "\033[38;5;32m",
    [PS_STYLE_LOSS] = "\033[38;5;166m",
    [PS_STYLE_BAND] = "\033[38;5;67m",
    [PS_STYLE_MEDIAN] = "\033[1;38;5;231;48;5;67m",
};

static const uint8_t *bytes_of(const char *text)
{
    return (const uint8_t *)text;
}

int ps_out_width(const char *text)
{
    const int width = u8_strwidth(bytes_of(text), "UTF-8");

    return width > 0 ? width : 0;
}

/* Our own signs beyond ASCII, and what stands for them; each is as wide as its sign or the layout
 * breaks. */
static const char *ascii_for(ucs4_t c)
{
    switch (c) {
    case 0x2014: /* em dash */
    case 0x2013:
    case 0x2500: /* rules */
        return "-";
    case 0x2502:
    case 0x2524:
        return "|";
    case 0x2514:
        return "+";
    case 0xb7: /* middle dot */
        return ",";
    case 0x2022: /* bullet */
        return "*";
    case 0x2026: /* ellipsis */
        return "~";
    default:
        return NULL;
    }
}

static bool unsafe(ucs4_t c)
{
    return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x200e || c == 0x200f ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

void ps_out_text(const ps_out *out, ps_style style, const char *text)
{
    const uint8_t *s = bytes_of(text);
    size_t left = strlen(text);
    const bool styled = out->color && style != PS_STYLE_PLAIN && left > 0;

    if (styled) {
        ps_string_format(out->out, "%s", style_codes[style]);
    }
    while (left > 0) {
        ucs4_t c;
        const int step = u8_mbtouc(&c, s, left);
        const char *plain = out->ascii ? ascii_for(c) : NULL;

        if (plain != NULL) {
            ps_string_format(out->out, "%s", plain);
        } else if (!unsafe(c)) {
            ps_string_append(out->out, (const char *)s, (size_t)step);
        }
        s += step;
        left -= (size_t)step;
    }
    if (styled) {
        ps_string_format(out->out, "\033[0m");
    }
}

void ps_out_format(const ps_out *out, const char *format, ...)
{
    char text[256];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    ps_out_text(out, PS_STYLE_PLAIN, text);
}

void ps_out_spaces(const ps_out *out, int count)
{
    for (int i = 0; i < count; i++) {
        ps_string_append(out->out, " ", 1);
    }
}

void ps_out_repeat(const ps_out *out, ps_style style, const char *text, int count)
{
    char run[4 * 256];
    size_t used = 0;
    const size_t length = strlen(text);

    for (int i = 0; i < count && used + length < sizeof run; i++) {
        memcpy(run + used, text, length);
        used += length;
    }
    run[used] = '\0';
    ps_out_text(out, style, run);
}

void ps_out_line(const ps_out *out)
{
    ps_string *string = out->out;

    while (string->length > 0 && string->data[string->length - 1] == ' ') {
        string->length--;
    }
    ps_string_append(string, "\n", 1);
}

/* Bytes of the beginning of `text` that fit into `width` columns; `*used` is what they take. */
static size_t fitting(const char *text, int width, int *used)
{
    const uint8_t *s = bytes_of(text);
    size_t left = strlen(text), bytes = 0;

    *used = 0;
    while (left > 0) {
        ucs4_t c;
        const int step = u8_mbtouc(&c, s + bytes, left);
        const int columns = uc_width(c, "UTF-8");

        if (*used + (columns > 0 ? columns : 0) > width) {
            break;
        }
        *used += columns > 0 ? columns : 0;
        bytes += (size_t)step;
        left -= (size_t)step;
    }
    return bytes;
}

void ps_out_padded(const ps_out *out, ps_style style, const char *text, int width, bool right)
{
    char cut[512];
    int used = ps_out_width(text);

    if (used > width) {
        const size_t bytes = fitting(text, width - 1, &used);

        snprintf(cut, sizeof cut, "%.*s\xe2\x80\xa6", (int)(bytes < 500 ? bytes : 500), text);
        text = cut;
        used++;
    }
    if (right) {
        ps_out_spaces(out, width - used);
    }
    ps_out_text(out, style, text);
    if (!right) {
        ps_out_spaces(out, width - used);
    }
}

const char *ps_out_tail(const char *text, int width, char out[512])
{
    const char *end = text;

    if (ps_out_width(text) <= width) {
        return text;
    }
    while (*end != '\0' && (ps_out_width(end) > width - 1 || strlen(end) > 500 ||
                            ((unsigned char)*end & 0xc0) == 0x80)) {
        end++;
    }
    snprintf(out, 512, "\xe2\x80\xa6%s", end);
    return out;
}

/* One line of a paragraph: text[from..to) without the spaces at its end. */
static void paragraph_line(const ps_out *out, ps_style style, const char *text, size_t from,
                           size_t to)
{
    while (to > from && text[to - 1] == ' ') {
        to--;
    }
    while (from < to) { /* ps_out_text wants NUL-terminated text */
        char piece[400];
        size_t bytes = to - from < sizeof piece - 1 ? to - from : sizeof piece - 1;

        while (from + bytes < to && ((unsigned char)text[from + bytes] & 0xc0) == 0x80) {
            bytes--; /* not inside a character */
        }
        memcpy(piece, text + from, bytes);
        piece[bytes] = '\0';
        ps_out_text(out, style, piece);
        from += bytes;
    }
    ps_out_line(out);
}

/* Whether a Chinese ten thousand or hundred million (万, 亿) stands at `i`, behind its number. */
static bool is_unit(const char *text, size_t i)
{
    return i > 0 && text[i - 1] >= '0' && text[i - 1] <= '9' &&
           (strncmp(text + i, "\xe4\xb8\x87", 3) == 0 || strncmp(text + i, "\xe4\xba\xbf", 3) == 0);
}

/* Words that begin with '/' or "--" are not broken, up to the next space; but before them, which
 * UAX 14 forbids for a '/'. Nor is a number from its unit. */
static void keep_whole(const char *text, size_t length, char *override)
{
    bool whole = false;

    for (size_t i = 0; i < length; i++) {
        const bool begins = (i == 0 || strchr(" (\"'", text[i - 1]) != NULL) &&
                            (text[i] == '/' || strncmp(text + i, "--", 2) == 0);

        whole = whole && text[i] > ' '; /* nor beyond ASCII */
        override[i] = (char)(whole || is_unit(text, i)               ? UC_BREAK_PROHIBITED
                             : begins && i > 0 && text[i - 1] == ' ' ? UC_BREAK_POSSIBLE
                                                                     : UC_BREAK_UNDEFINED);
        whole = whole || begins;
    }
}

void ps_out_paragraph(const ps_out *out, ps_style style, const char *lead, const char *text)
{
    const size_t length = strlen(text);
    const int indent = ps_out_width(lead);
    char *breaks = malloc(2 * length + 1);
    size_t from = 0;

    if (breaks == NULL) {
        out->out->failed = 1;
        return;
    }
    char *override = breaks + length;

    keep_whole(text, length, override);
    u8_width_linebreaks(bytes_of(text), length, out->width - indent, 0, 0, override, "UTF-8",
                        breaks);
    ps_out_text(out, PS_STYLE_PLAIN, lead);
    for (size_t i = 1; i < length; i++) {
        if (breaks[i] == UC_BREAK_POSSIBLE || breaks[i] == UC_BREAK_MANDATORY) {
            paragraph_line(out, style, text, from, i);
            ps_out_spaces(out, indent);
            from = i;
        }
    }
    paragraph_line(out, style, text, from, length);
    free(breaks);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "analysis/expect.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"

enum { TEXT = 256, TOKENS = 8 };
static const double z95 = 1.96;

typedef struct {
    char plan[PS_EXPECT_NAME];
    char text[TEXT];
} figure;

typedef struct {
    bool number;
    double value;
    figure figure;
} operand;

typedef enum { LESS, LESS_EQUAL, MORE, MORE_EQUAL } comparator;

typedef struct {
    bool chance;  /* P(condition) outer want */
    bool reached; /* P(goals.ID.reached) */
    figure left;
    comparator inner; /* of the condition, or of the rule itself */
    operand right;
    comparator outer;
    double want;
} rule;

/* ---- grammar ---- */

static void trim(const char *from, size_t length, char to[TEXT])
{
    while (length > 0 && *from == ' ') {
        from++;
        length--;
    }
    while (length > 0 && from[length - 1] == ' ') {
        length--;
    }
    snprintf(to, TEXT, "%.*s", (int)(length < TEXT ? length : TEXT - 1), from);
}

static comparator read_comparator(const char **at)
{
    const bool less = **at == '<', equal = (*at)[1] == '=';

    *at += equal ? 2 : 1;
    return less ? equal ? LESS_EQUAL : LESS : equal ? MORE_EQUAL : MORE;
}

/* "28%", "7.0M", "300k", "-5" */
static bool read_value(const char *text, double *value)
{
    const size_t length = strlen(text), digits = ps_text_number_length(text, length);
    const char *rest = text + digits;
    const double factor = strcmp(rest, "") == 0 || strcmp(rest, "%") == 0 ? 1.0
                          : strcmp(rest, "k") == 0                        ? 1e3
                          : strcmp(rest, "M") == 0                        ? 1e6
                          : strcmp(rest, "B") == 0                        ? 1e9
                                                                          : 0.0;

    if (digits == 0 || factor == 0.0 || !ps_text_read_number(text, digits, value)) {
        return false;
    }
    *value = *rest == '%' ? *value / 100.0 : *value * factor;
    return true;
}

static void read_figure(const char *text, figure *out)
{
    const char *colon = strchr(text, ':');

    snprintf(out->plan, sizeof out->plan, "%.*s",
             colon == NULL ? 0 : (int)(colon - text < 60 ? colon - text : 60), text);
    trim(colon == NULL ? text : colon + 1, strlen(colon == NULL ? text : colon + 1), out->text);
}

/* NULL, or what is wrong. */
static const char *read_comparison(const char *text, rule *out)
{
    const char *at = text + strcspn(text, "<>");
    char left[TEXT], right[TEXT];

    if (*at == '\0') {
        return "a comparison with <, <=, > or >= expected";
    }
    trim(text, (size_t)(at - text), left);
    out->inner = read_comparator(&at);
    trim(at, strlen(at), right);
    read_figure(left, &out->left);
    if (left[0] == '\0' || out->left.plan[0] != '\0') {
        return "a figure of this scenario expected on the left";
    }
    out->right.number = read_value(right, &out->right.value);
    if (!out->right.number) {
        read_figure(right, &out->right.figure);
        if (out->right.figure.plan[0] == '\0' || out->right.figure.text[0] == '\0') {
            return "a number like 28%, 7.0M, 300k or a figure of a plan like PLAN:contribution "
                   "expected on the right";
        }
    }
    return NULL;
}

static const char *read_chance(const char *text, rule *out)
{
    const char *close = strrchr(text, ')');
    char inner[TEXT], want[TEXT];

    out->chance = true;
    if (close == NULL) {
        return "a ')' is missing";
    }
    trim(text + 2, (size_t)(close - text - 2), inner);
    const char *at = close + 1 + strspn(close + 1, " ");

    if (*at != '<' && *at != '>') {
        return "P(...) is compared with a chance, like P(contribution > 0) >= 95%";
    }
    out->outer = read_comparator(&at);
    trim(at, strlen(at), want);
    if (!read_value(want, &out->want) || out->want < 0 || out->want > 1) {
        return "a chance between 0% and 100% expected behind P(...)";
    }
    const char *dot = strrchr(inner, '.');

    out->reached = strncmp(inner, "goals.", 6) == 0 && dot != NULL && strcmp(dot, ".reached") == 0;
    if (out->reached) {
        read_figure(inner, &out->left);
        return NULL;
    }
    return read_comparison(inner, out);
}

static const char *read_rule(const char *text, rule *out)
{
    char whole[TEXT];

    *out = (rule){0};
    if (strlen(text) >= TEXT) {
        return "longer than 255 characters";
    }
    trim(text, strlen(text), whole);
    return strncmp(whole, "P(", 2) == 0 ? read_chance(whole, out) : read_comparison(whole, out);
}

static ps_status fault(const ps_expectation *e, ps_faults *faults, const char *hint,
                       const char *what, const char *name)
{
    return ps_fault_add(faults, "EXPECT", "/expect", e->file, e->line, e->column, hint,
                        "'%s': %s%s", e->rule, what, name);
}

/* ---- names that can be known before a run ---- */

static int split(char *text, char *tokens[TOKENS])
{
    int n = 0;

    for (char *at = text; at != NULL && n < TOKENS; n++) {
        char *dot = n == TOKENS - 1 ? NULL : strchr(at, '.');

        tokens[n] = at;
        if (dot != NULL) {
            *dot++ = '\0';
        }
        at = dot;
    }
    return n;
}

static bool is_path(const char *word)
{
    static const char *const heads[] = {"by", "series", "goals", "promotions", "funnel"};

    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        if (strcmp(word, heads[i]) == 0) {
            return true;
        }
    }
    return false;
}

static const char *nearest_metric(const char *name)
{
    const char *names[PS_METRICS];
    size_t count = 0;

    for (int m = 0; m < PS_METRICS; m++) {
        if (ps_metric_table[m].label != NULL) {
            names[count++] = ps_metric_table[m].id;
        }
    }
    return ps_text_suggest(name, names, count);
}

static ps_status unknown(const ps_expectation *e, const char *name, const char *nearest,
                         ps_faults *faults)
{
    char hint[TEXT];

    snprintf(hint, sizeof hint, "did you mean '%.60s'?", nearest == NULL ? "" : nearest);
    return fault(e, faults, nearest == NULL ? NULL : hint, "unknown figure ", name);
}

static ps_status check_figure(const ps_expectation *e, const figure *f, bool metric_only,
                              ps_faults *faults)
{
    char text[TEXT], *tokens[TOKENS];

    memcpy(text, f->text, sizeof text);
    split(text, tokens);
    if (!is_path(tokens[0]) && ps_metric_find(tokens[0]) < 0) {
        return unknown(e, tokens[0], nearest_metric(tokens[0]), faults);
    }
    if (metric_only && (is_path(tokens[0]) || strchr(f->text, '.') != NULL)) {
        return fault(e, faults, NULL, "P() takes a headline metric or goals.ID.reached, not ",
                     f->text);
    }
    return PS_OK;
}

ps_status ps_expect_check(const ps_scenario *scenario, ps_faults *faults)
{
    const ps_expectation *items = scenario->expect.items;
    ps_status status = PS_OK;

    for (int i = 0; i < scenario->expect.count; i++) {
        rule r;
        const char *wrong = read_rule(items[i].rule, &r);
        ps_status one = wrong == NULL ? PS_OK : fault(&items[i], faults, NULL, wrong, "");

        if (one == PS_OK && !r.reached) {
            one = check_figure(&items[i], &r.left, r.chance, faults);
        }
        if (one == PS_OK && !r.reached && !r.right.number) {
            one = check_figure(&items[i], &r.right.figure, r.chance, faults);
        }
        status = one == PS_OK ? status : one;
    }
    return status;
}

int ps_expect_plans(const ps_scenario *scenario, char plans[PS_EXPECT_PLANS][PS_EXPECT_NAME])
{
    const ps_expectation *items = scenario->expect.items;
    int count = 0;

    for (int i = 0; i < scenario->expect.count; i++) {
        rule r;
        bool known = read_rule(items[i].rule, &r) != NULL || r.reached || r.right.number;

        for (int k = 0; k < count && !known; k++) {
            known = strcmp(plans[k], r.right.figure.plan) == 0;
        }
        if (!known && count < PS_EXPECT_PLANS) {
            memcpy(plans[count++], r.right.figure.plan, PS_EXPECT_NAME);
        }
    }
    return count;
}

/* ---- figures of a result ---- */

typedef struct {
    double value, se; /* se NAN: not known */
} known;

static const char *nearest_key(const ps_node *object, const char *key)
{
    const char *names[256];
    size_t count = 0;

    for (const ps_node *n = object == NULL ? NULL : ps_node_first(object); n != NULL && count < 256;
         n = ps_node_next(n)) {
        const char *name = ps_node_key(n);

        name = name != NULL ? name : ps_node_text(ps_node_find(n, "id"));
        if (name != NULL) {
            names[count++] = name;
        }
    }
    return ps_text_suggest(key, names, count);
}

/* A member of an object, or the element whose "id" it is. */
static const ps_node *step(const ps_node *node, const char *key)
{
    if (node == NULL || ps_node_kind(node) == PS_NODE_OBJECT) {
        return node == NULL ? NULL : ps_node_find(node, key);
    }
    for (const ps_node *n = ps_node_first(node); n != NULL; n = ps_node_next(n)) {
        const ps_node *id = ps_node_find(n, "id");

        if (id != NULL && ps_node_text(id) != NULL && strcmp(ps_node_text(id), key) == 0) {
            return n;
        }
    }
    return NULL;
}

/* Error of a percentile: sqrt(p (1 - p)/n) over the density, which its neighbours give. */
static double percentile_error(const ps_node *object, const char *stat, double paths)
{
    static const int levels[] = {5, 10, 25, 50, 75, 90, 95};
    const int level = stat[0] == 'p' ? (int)strtol(stat + 1, NULL, 10) : 0;

    for (int i = 0; i < 7; i++) {
        const int low = i == 0 ? 0 : i - 1, high = i == 6 ? 6 : i + 1;
        char name[2][8];

        if (levels[i] != level) {
            continue;
        }
        snprintf(name[0], sizeof name[0], "p%d", levels[low]);
        snprintf(name[1], sizeof name[1], "p%d", levels[high]);
        const ps_node *a = ps_node_find(object, name[0]), *b = ps_node_find(object, name[1]);
        const double p = level / 100.0, width = (levels[high] - levels[low]) / 100.0;

        return a == NULL || b == NULL
                   ? NAN
                   : sqrt(p * (1.0 - p) / paths) * (ps_node_number(b) - ps_node_number(a)) / width;
    }
    return NAN;
}

static double error_of(const ps_node *object, const char *stat, double paths)
{
    const ps_node *se = ps_node_find(object, "se");

    if (strcmp(stat, "mean") == 0 || strcmp(stat, "p") == 0) {
        return se == NULL ? NAN : ps_node_number(se);
    }
    if (strcmp(stat, "sd") == 0) { /* of a nearly normal figure */
        const ps_node *sd = ps_node_find(object, "sd");

        return sd == NULL ? NAN : ps_node_number(sd) / sqrt(2.0 * paths);
    }
    return percentile_error(object, stat, paths);
}

/* Index of the period in which a date lies, -1 when outside. */
static int period_of(const ps_node *tree, const char *date)
{
    const ps_node *starts = ps_node_at(tree, "/calendar/starts");
    int t = -1;

    for (const ps_node *n = starts == NULL ? NULL : ps_node_first(starts); n != NULL;
         n = ps_node_next(n)) {
        if (strcmp(ps_node_text(n), date) > 0) { /* ISO dates sort as texts */
            break;
        }
        t++;
    }
    return t;
}

static ps_status series_value(const ps_expectation *e, const ps_expect_side *side, char **tokens,
                              int count, known *out, ps_faults *faults)
{
    char *at = count < 2 ? NULL : strchr(tokens[1], '@');
    char pointer[TEXT];

    if (at == NULL) {
        return fault(e, faults, NULL, "write series.METRIC@DATE", "");
    }
    *at++ = '\0';
    const int t = period_of(side->tree, at);

    snprintf(pointer, sizeof pointer, "/series/%.60s/%.20s/%d", tokens[1],
             count > 2 ? tokens[2] : "mean", t);
    const ps_node *node = t < 0 ? NULL : ps_node_at(side->tree, pointer);

    if (node == NULL) {
        return unknown(e, tokens[1], nearest_key(ps_node_at(side->tree, "/series"), tokens[1]),
                       faults);
    }
    *out = (known){ps_node_number(node), NAN};
    return PS_OK;
}

static ps_status figure_value(const ps_expectation *e, const ps_expect_side *side, const figure *f,
                              known *out, ps_faults *faults)
{
    char text[TEXT], *tokens[TOKENS];
    int count, i = 0;

    memcpy(text, f->text, sizeof text);
    count = split(text, tokens);
    if (strcmp(tokens[0], "series") == 0) {
        return series_value(e, side, tokens, count, out, faults);
    }
    const bool headline = !is_path(tokens[0]);
    const ps_node *node = ps_node_find(side->tree, headline ? "summary" : tokens[0]);
    const ps_node *holder = NULL;
    const char *stat = "";

    for (i = headline ? 0 : 1; i < count; i++) {
        const char *key =
            strcmp(tokens[0], "goals") == 0 && strcmp(tokens[i], "reached") == 0 ? "p" : tokens[i];
        const ps_node *next = step(node, key);

        if (next == NULL) {
            return unknown(e, tokens[i], nearest_key(node, key), faults);
        }
        holder = node;
        node = next;
        stat = key;
    }
    static const char *const defaults[] = {"p", "net", "mean"};

    for (size_t k = 0; k < sizeof defaults / sizeof *defaults; k++) {
        const ps_node *inner =
            ps_node_kind(node) == PS_NODE_OBJECT ? ps_node_find(node, defaults[k]) : NULL;

        if (inner != NULL) {
            holder = node;
            node = inner;
            stat = defaults[k];
            k = (size_t)-1; /* net has a mean */
        }
    }
    if (ps_node_kind(node) != PS_NODE_NUMBER) {
        return fault(e, faults, NULL,
                     ps_node_kind(node) == PS_NODE_NULL ? "not known in this scenario: "
                                                        : "no figure, name one of its parts: ",
                     f->text);
    }
    *out = (known){ps_node_number(node), holder != NULL && ps_node_kind(holder) == PS_NODE_OBJECT
                                             ? error_of(holder, stat, (double)side->result->paths)
                                             : NAN};
    return PS_OK;
}

/* ---- decisions ---- */

static bool holds(double a, comparator c, double b)
{
    return c == LESS ? a < b : c == LESS_EQUAL ? a <= b : c == MORE ? a > b : a >= b;
}

static const ps_expect_side *side_of(const ps_expect_side *sides, int count, const char *plan)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(sides[i].plan, plan) == 0) {
            return &sides[i];
        }
    }
    return NULL;
}

/* Value of a metric in one future; NAN where a ratio has no denominator. */
static double path_value(const ps_result *result, int metric, int64_t i)
{
    const ps_metric_info *info = &ps_metric_table[metric];

    if (info->kind != PS_METRIC_IS_RATIO) {
        return result->path[metric] == NULL ? NAN : result->path[metric][i];
    }
    const double *a = result->path[info->numerator], *b = result->path[info->denominator];

    return a == NULL || b == NULL || b[i] == 0.0 ? NAN : a[i] / b[i];
}

/* Part of the futures in which the condition holds; the two sides meet the same futures. */
static ps_status chance_value(const ps_expectation *e, const rule *r, const ps_expect_side *sides,
                              int count, known *out, ps_faults *faults)
{
    const ps_expect_side *other =
        r->right.number ? NULL : side_of(sides, count, r->right.figure.plan);
    const int left = ps_metric_find(r->left.text),
              right = r->right.number ? -1 : ps_metric_find(r->right.figure.text);
    double n = 0, true_ones = 0;

    for (int64_t i = 0; i < sides[0].result->paths; i++) {
        const double a = path_value(sides[0].result, left, i);
        const double b = r->right.number ? r->right.value : path_value(other->result, right, i);

        n += !isnan(a) && !isnan(b);
        true_ones += holds(a, r->inner, b);
    }
    if (n == 0) {
        return fault(e, faults, NULL, "not known in this scenario: ", r->left.text);
    }
    const double p = true_ones / n;

    *out = (known){p, sqrt(fmax(p * (1 - p), 1.0 / n) / n)};
    return PS_OK;
}

/* Error of the difference of two plans' means: they share their luck, so by their batch means. */
static double paired_error(const ps_expect_side *a, const ps_expect_side *b, const figure *f)
{
    const int metric = ps_metric_find(f->text);
    double sum = 0, square = 0;

    if (metric < 0) {
        return NAN;
    }
    for (int k = 0; k < PS_BATCHES; k++) {
        const double d = a->result->batch_means[metric * PS_BATCHES + k] -
                         b->result->batch_means[metric * PS_BATCHES + k];

        sum += d;
        square += d * d;
    }
    const double variance = (square - sum * sum / PS_BATCHES) / (PS_BATCHES - 1);

    return sqrt(fmax(variance, 0.0) / PS_BATCHES);
}

static ps_status compare_value(const ps_expectation *e, const rule *r, const ps_expect_side *sides,
                               int count, ps_expect_outcome *out, ps_faults *faults)
{
    known left, right = {r->right.value, 0};
    ps_status status = figure_value(e, &sides[0], &r->left, &left, faults);
    double error = left.se;

    if (status == PS_OK && !r->right.number) {
        const ps_expect_side *other = side_of(sides, count, r->right.figure.plan);

        status = figure_value(e, other, &r->right.figure, &right, faults);
        error = sqrt(left.se * left.se + right.se * right.se);
        if (strcmp(r->left.text, r->right.figure.text) == 0) {
            const double paired = paired_error(&sides[0], other, &r->left);

            error = isnan(paired) ? error : paired;
        }
    }
    *out = (ps_expect_outcome){PS_VERDICT_PASS, left.value, right.value, z95 * error};
    return status;
}

ps_status ps_expect_decide(const ps_expectation *e, const ps_expect_side *sides, int count,
                           ps_expect_outcome *out, ps_faults *faults)
{
    rule r;
    comparator c;
    ps_status status;

    read_rule(e->rule, &r);
    c = r.chance ? r.outer : r.inner;
    if (!r.reached && !r.right.number && side_of(sides, count, r.right.figure.plan) == NULL) {
        return fault(e, faults, NULL, "more plans than a check can hold: ", r.right.figure.plan);
    }
    if (r.chance) {
        known chance = {NAN, NAN};

        status = r.reached ? figure_value(e, &sides[0], &r.left, &chance, faults)
                           : chance_value(e, &r, sides, count, &chance, faults);
        *out = (ps_expect_outcome){PS_VERDICT_PASS, chance.value, r.want, z95 * chance.se};
    } else {
        status = compare_value(e, &r, sides, count, out, faults);
    }
    if (status == PS_OK) {
        out->verdict = fabs(out->got - out->want) < out->error ? PS_VERDICT_CANNOT_TELL
                       : holds(out->got, c, out->want)         ? PS_VERDICT_PASS
                                                               : PS_VERDICT_FAIL;
    }
    return status;
}

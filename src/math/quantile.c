/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quantiles, a reproducible sum, ranks, a mergeable sketch and Wilson's interval.
 *
 * Type 7 of Hyndman and Fan (1996): with h = (n - 1) p, x_(floor h) + (h - floor h) (x_(floor h +
 * 1) - x_(floor h)), order statistics counted from 0. Exact selection: one histogram over [min,
 * max] tells in which narrow buckets the wanted order statistics lie; those values are moved to the
 * front and sorted. Where that leaves many (ties, long tails), a three-way quickselect over several
 * ranks does the rest. Nothing depends on anything but the values and their order. */
#include "math/quantile.h"

#include <string.h>

#include "math/vmath.h"

enum { BUCKETS = 2048, MOST_QUANTILES = 64, SMALL = 24 };

static void swap(double *a, double *b)
{
    const double t = *a;
    *a = *b;
    *b = t;
}

static void sort_small(double *x, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        const double value = x[i];
        size_t j = i;
        for (; j > 0 && x[j - 1] > value; j--)
            x[j] = x[j - 1];
        x[j] = value;
    }
}

static double median_of_three(double a, double b, double c)
{
    const double low = a < b ? a : b, high = a < b ? b : a;
    return c < low ? low : c > high ? high : c;
}

/* Median of nine values spread over the range: a pivot that sorted or organ-pipe data do not spoil.
 */
static double pivot_of(const double *x, size_t n)
{
    const size_t step = (n - 1) / 8;
    const double a = median_of_three(x[0], x[step], x[2 * step]);
    const double b = median_of_three(x[3 * step], x[4 * step], x[5 * step]);
    const double c = median_of_three(x[6 * step], x[7 * step], x[n - 1]);
    return median_of_three(a, b, c);
}

/* Afterwards x[rank[i] - offset] is the order statistic rank[i], for the `ranks` ascending ranks,
 * all within [offset, offset + n). */
static void select_ranks(double *x, size_t n, size_t offset, const size_t *rank, int ranks)
{
    if (ranks == 0)
        return;
    if (n <= SMALL) {
        sort_small(x, n);
        return;
    }
    const double pivot = pivot_of(x, n);
    size_t low = 0, high = n; /* x[0..low) < pivot, x[low..i) == pivot, x[high..n) > pivot */
    for (size_t i = 0; i < high;) {
        if (x[i] < pivot)
            swap(&x[i++], &x[low++]);
        else if (x[i] > pivot)
            swap(&x[i], &x[--high]);
        else
            i++;
    }
    int left = 0, done = 0;
    while (left < ranks && rank[left] < offset + low)
        left++;
    for (done = left; done < ranks && rank[done] < offset + high;)
        done++;
    select_ranks(x, low, offset, rank, left);
    select_ranks(x + high, n - high, offset + high, rank + done, ranks - done);
}

typedef struct {
    double low, scale; /* bucket = (x - low) * scale */
    uint32_t count[BUCKETS];
    bool wanted[BUCKETS];
} value_histogram;

static int bucket_of(const value_histogram *histogram, double x)
{
    const int bucket = (int)((x - histogram->low) * histogram->scale);
    return bucket < BUCKETS ? bucket : BUCKETS - 1;
}

/* False when the values' range does not allow buckets (all equal, or it overflows). */
static bool histogram_fill(value_histogram *histogram, const double *x, size_t n)
{
    double low = x[0], high = x[0];
#pragma omp simd reduction(min : low) reduction(max : high)
    for (size_t i = 0; i < n; i++) {
        low = x[i] < low ? x[i] : low;
        high = x[i] > high ? x[i] : high;
    }
    histogram->low = low;
    histogram->scale = BUCKETS / (high - low);
    if (!(histogram->scale > 0.0 && histogram->scale < DBL_MAX))
        return false;
    memset(histogram->count, 0, sizeof histogram->count);
    memset(histogram->wanted, 0, sizeof histogram->wanted);
    for (size_t i = 0; i < n; i++)
        histogram->count[bucket_of(histogram, x[i])]++;
    return true;
}

/* Marks the buckets of the ranks and turns each rank into its place among the values of marked
 * buckets. Returns how many those are. */
static size_t mark_buckets(value_histogram *histogram, size_t *rank, int ranks)
{
    size_t before = 0, kept = 0;
    int next = 0;
    for (int b = 0; b < BUCKETS && next < ranks; b++) {
        const size_t count = histogram->count[b];
        const int first = next;
        for (; next < ranks && rank[next] < before + count; next++)
            rank[next] = rank[next] - before + kept;
        histogram->wanted[b] = next > first;
        before += count;
        kept += next > first ? count : 0;
    }
    return kept;
}

/* Moves the values of marked buckets to the front. */
static void gather_marked(const value_histogram *histogram, double *x, size_t n)
{
    size_t front = 0;
    for (size_t i = 0; i < n; i++)
        if (histogram->wanted[bucket_of(histogram, x[i])])
            swap(&x[i], &x[front++]);
}

/* Order statistics floor(h) and floor(h) + 1 of each quantile, ascending. */
static void list_ranks(size_t n, const double *p, int k, size_t *rank)
{
    int count = 0;
    for (int j = 0; j < k; j++) {
        const size_t low = (size_t)((double)(n - 1) * p[j]);
        rank[count++] = low;
        rank[count++] = low + 1 < n ? low + 1 : low;
    }
    for (int i = 1; i < count; i++) /* almost in order: neighbouring quantiles may overlap by one */
        for (int j = i; j > 0 && rank[j - 1] > rank[j]; j--) {
            const size_t t = rank[j];
            rank[j] = rank[j - 1];
            rank[j - 1] = t;
        }
}

static double order_statistic(const double *x, size_t wanted, const size_t *rank,
                              const size_t *place)
{
    while (*rank != wanted) {
        rank++;
        place++;
    }
    return x[*place];
}

void ps_quantile_exact(double *x, size_t n, const double *p, int k, double *q)
{
    for (; k > MOST_QUANTILES; k -= MOST_QUANTILES, p += MOST_QUANTILES, q += MOST_QUANTILES)
        ps_quantile_exact(x, n, p, MOST_QUANTILES, q);
    size_t rank[2 * MOST_QUANTILES], place[2 * MOST_QUANTILES], kept = n;
    list_ranks(n, p, k, rank);
    memcpy(place, rank, sizeof place[0] * 2 * (size_t)k);
    value_histogram histogram;
    if (n > BUCKETS / 4 && histogram_fill(&histogram, x, n)) {
        kept = mark_buckets(&histogram, place, 2 * k);
        gather_marked(&histogram, x, n);
    }
    select_ranks(x, kept, 0, place, 2 * k);
    for (int j = 0; j < k; j++) {
        const double h = (double)(n - 1) * p[j];
        const size_t low = (size_t)h;
        const double below = order_statistic(x, low, rank, place);
        const double above = order_statistic(x, low + 1 < n ? low + 1 : low, rank, place);
        q[j] = ps_fma(h - (double)low, above - below, below);
    }
}

/* Eight values as a tree. */
static double sum_of_eight(const double *x)
{
    return ((x[0] + x[1]) + (x[2] + x[3])) + ((x[4] + x[5]) + (x[6] + x[7]));
}

double ps_sum_pairwise(const double *x, size_t n)
{
    if (n == 64) { /* the same tree without calls */
        double part[8];
        for (int k = 0; k < 8; k++)
            part[k] = sum_of_eight(x + 8 * k);
        return sum_of_eight(part);
    }
    if (n == 8)
        return sum_of_eight(x);
    if (n <= 1)
        return n ? x[0] : 0.0;
    size_t half = 1; /* the largest power of two below n: the left part is a full tree */
    while (2 * half < n)
        half *= 2;
    return ps_sum_pairwise(x, half) + ps_sum_pairwise(x + half, n - half);
}

/* Whole numbers in the order of the values; all NaN are one number, above every other. */
static uint64_t ordered_key(double x)
{
    const uint64_t bits = ps_bits_of(x + 0.0); /* -0 becomes 0 */
    const uint64_t flip = bits >> 63 ? UINT64_MAX : (uint64_t)1 << 63;
    return x == x ? bits ^ flip : UINT64_MAX;
}

/* Sorts by the key, a byte at a time from the last; `list` holds n entries and room for n more. */
static const ps_ranked *sort_ranked(ps_ranked *list, size_t n)
{
    ps_ranked *from = list, *to = list + n;
    size_t place[8][256] = {{0}};
    for (size_t i = 0; i < n; i++)
        for (int byte = 0; byte < 8; byte++)
            place[byte][from[i].key >> 8 * byte & 255]++;
    for (int byte = 0; byte < 8; byte++) {
        size_t before = 0;
        for (int digit = 0; digit < 256; digit++) {
            const size_t count = place[byte][digit];
            place[byte][digit] = before;
            before += count;
        }
        for (size_t i = 0; i < n; i++)
            to[place[byte][from[i].key >> 8 * byte & 255]++] = from[i];
        ps_ranked *t = from;
        from = to;
        to = t;
    }
    return from;
}

void ps_ranks(const double *x, size_t n, ps_ranked *scratch, double *rank)
{
    for (size_t i = 0; i < n; i++)
        scratch[i] = (ps_ranked){ordered_key(x[i]), i};
    const ps_ranked *order = sort_ranked(scratch, n);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && order[end].key == order[i].key;)
            end++;
        for (size_t k = i; k < end; k++)
            rank[order[k].index] = 0.5 * (double)(i + end - 1) - 0.5 * (double)(n - 1);
    }
}

/* Buckets 0 .. 2047 hold negative values (largest size first), 2048 zero, 2049 .. 4096 positive
 * ones. */
enum {
    SKETCH_SIDE = PS_SKETCH_BUCKETS / 2,
    MANTISSA_BITS = 5,
    SHIFT = 52 - MANTISSA_BITS,
    FIRST_KEY = (1023 - 20) << MANTISSA_BITS, /* of 2^-20 */
};

/* Buckets of n <= AT_ONCE values, by lanes; widens [low, high]. */
enum { AT_ONCE = 32 };
static void buckets(const double *restrict x, int n, int32_t *restrict bucket, double *low,
                    double *high)
{
    double least = *low, most = *high;
#pragma omp simd reduction(min : least) reduction(max : most)
    for (int i = 0; i < n; i++) {
        const int64_t bits = (int64_t)ps_bits_of(x[i]);
        const int32_t key = (int32_t)((bits & INT64_MAX) >> SHIFT) - FIRST_KEY + 1;
        const int32_t size = key < 0 ? 0 : key > SKETCH_SIDE ? SKETCH_SIDE : key;
        const int32_t negative = (int32_t)(bits >> 63); /* -1 or 0 */
        bucket[i] = SKETCH_SIDE + ((size ^ negative) - negative);
        least = x[i] < least ? x[i] : least;
        most = x[i] > most ? x[i] : most;
    }
    *low = least;
    *high = most;
}

int ps_sketch_bucket(double x)
{
    double low = x, high = x;
    int32_t bucket;
    buckets(&x, 1, &bucket, &low, &high);
    return bucket;
}

void ps_sketch_add(ps_sketch *sketch, const double *x, int n)
{
    if (n > 0 && sketch->total == 0)
        sketch->low = sketch->high = x[0];
    sketch->total += (uint64_t)n;
    for (int i = 0; i < n; i += AT_ONCE) {
        const int m = n - i < AT_ONCE ? n - i : AT_ONCE;
        int32_t bucket[AT_ONCE];
        buckets(x + i, m, bucket, &sketch->low, &sketch->high);
        for (int k = 0; k < m; k++)
            sketch->count[bucket[k]]++;
    }
}

void ps_sketch_merge(ps_sketch *into, const ps_sketch *from)
{
    if (from->total == 0)
        return;
    into->low = into->total > 0 && into->low < from->low ? into->low : from->low;
    into->high = into->total > 0 && into->high > from->high ? into->high : from->high;
    into->total += from->total;
    for (int b = 0; b < PS_SKETCH_BUCKETS; b++)
        into->count[b] += from->count[b];
}

/* The point a part of the way (0..1) through a bucket. */
static double sketch_value(int bucket, double part)
{
    if (bucket == SKETCH_SIDE)
        return 0.0;
    const bool negative = bucket < SKETCH_SIDE;
    const int size = negative ? SKETCH_SIDE - bucket : bucket - SKETCH_SIDE;
    const double near = ps_double_of((uint64_t)(size - 1 + FIRST_KEY) << SHIFT);
    const double far = ps_double_of((uint64_t)(size + FIRST_KEY) << SHIFT);
    return negative ? ps_fma(part, far - near, -far) : ps_fma(part, far - near, near);
}

void ps_sketch_quantiles(const ps_sketch *sketch, const double *p, int k, double *q)
{
    const uint64_t total = sketch->total;
    uint64_t before = 0;
    /* Buckets below the least value's hold nothing. */
    int b = total > 0 && sketch->low == sketch->low ? ps_sketch_bucket(sketch->low) : 0;
    for (int j = 0; j < k; j++) {
        if (total == 0) {
            q[j] = 0.0;
            continue;
        }
        /* The i-th of c values in a bucket stands (i + 1/2) / c of the way through it. */
        const double h = (double)(total - 1) * p[j];
        while ((double)(before + sketch->count[b]) <= h + 0.5 && before + sketch->count[b] < total)
            before += sketch->count[b++];
        const double part = (h - (double)before + 0.5) / sketch->count[b];
        const double value = sketch_value(b, part < 0.0 ? 0.0 : part > 1.0 ? 1.0 : part);
        q[j] = value < sketch->low ? sketch->low : value > sketch->high ? sketch->high : value;
    }
}

double ps_sketch_quantile(const ps_sketch *sketch, double p)
{
    double q;

    ps_sketch_quantiles(sketch, &p, 1, &q);
    return q;
}

void ps_wilson(double x, double n, double z, double *low, double *high)
{
    *low = 0.0;
    *high = 1.0;
    if (!(n > 0.0))
        return;
    const double p = x / n, z2 = z * z;
    const double centre = (p + z2 / (2.0 * n)) / (1.0 + z2 / n);
    const double half = z * __builtin_sqrt(p * (1.0 - p) / n + z2 / (4.0 * n * n)) / (1.0 + z2 / n);
    /* At the ends the formula gives 0 and 1 but for rounding. */
    *low = x > 0.0 && centre > half ? centre - half : 0.0;
    *high = x < n && centre + half < 1.0 ? centre + half : 1.0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* exp2, exp, log, cosine and the inverse normal from + - * / sqrt, fma and integer operations
 * alone: the same bits on every machine and instruction set, and inlined so that loops over lanes
 * vectorise. No other file on the result path may call libm's transcendental functions per path.
 *
 * Fused multiply-adds are written out; contraction by the compiler must be off. exp2 and exp: round
 * to the nearest whole power of two, then a degree 11 polynomial (weighted minimax, own
 * coefficients), at most 0.9 and 1.1 ulp. log: the kernel of fdlibm's e_log.c without its special
 * cases, at most 0.9 ulp. Cosine: the kernels of fdlibm's k_sin.c and k_cos.c. Inverse normal:
 * Wichura (1988), Algorithm AS 241 (PPND16), relative error about 1e-15. */
#ifndef PS_MATH_VMATH_H
#define PS_MATH_VMATH_H

#if defined(__FAST_MATH__)
#error "pricesim's arithmetic must not be built with -ffast-math"
#endif

#include <float.h>
#include <stdint.h>

#if FLT_EVAL_METHOD != 0
#error "pricesim's arithmetic needs plain double evaluation (SSE2, not x87)"
#endif

/* a * b + c, rounded once. */
static inline double ps_fma(double a, double b, double c)
{
    return __builtin_fma(a, b, c);
}

static inline uint64_t ps_bits_of(double x)
{
    union {
        double x;
        uint64_t bits;
    } pun = {.x = x};
    return pun.bits;
}

static inline double ps_double_of(uint64_t bits)
{
    union {
        uint64_t bits;
        double x;
    } pun = {.bits = bits};
    return pun.x;
}

/* Adding it rounds a small number to a whole one and leaves that in the low bits. */
#define PS_ROUNDER 0x1.8p52

/* p * 2^k, k given as the sum k + PS_ROUNDER; the result must be a normal number. */
static inline double ps_scale_bits(double p, double rounded)
{
    return ps_double_of(ps_bits_of(p) + (ps_bits_of(rounded) << 52));
}

/* x, or the end of [-limit, limit] that it is beyond. By size and sign: with two comparisons,
 * compilers carry the two constants through all that follows, under masks. */
static inline double ps_clamp(double x, double limit)
{
    const double size = __builtin_fabs(x);
    return __builtin_copysign(size < limit ? size : limit, x);
}

/* 2^x; x is clamped to [-1020, 1020]. */
static inline double ps_exp2(double x)
{
    x = ps_clamp(x, 1020.0);
    const double rounded = x + PS_ROUNDER;
    const double f = x - (rounded - PS_ROUNDER);
    const double f2 = f * f, f4 = f2 * f2;
    const double c23 = ps_fma(0x1.c6b08d704a0d4p-5, f, 0x1.ebfbdff82c59cp-3);
    const double c45 = ps_fma(0x1.5d87fe78b3ba7p-10, f, 0x1.3b2ab6fba110ap-7);
    const double c67 = ps_fma(0x1.ffcbfbf911c8dp-17, f, 0x1.4309130c29528p-13);
    const double c89 = ps_fma(0x1.b5260c85c7589p-24, f, 0x1.62bfcd8551833p-20);
    const double c1011 = ps_fma(0x1.e81121242f2f3p-32, f, 0x1.e6122b09d0845p-28);
    const double low = ps_fma(c45, f2, c23), high = ps_fma(c89, f2, c67);
    const double q = ps_fma(ps_fma(c1011, f4, high), f4, low);
    const double p = ps_fma(f, ps_fma(q, f, 0x1.62e42fefa39efp-1), 1.0);
    return ps_scale_bits(p, rounded);
}

/* log 2 in two pieces: the first has 33 bits, so that whole multiples of it are exact. */
#define PS_LN2_HIGH 6.93147180369123816490e-01
#define PS_LN2_LOW 1.90821492927058770002e-10
#define PS_LOG2_E 1.4426950408889634074

/* e^x; x is clamped to [-707, 707]. */
static inline double ps_exp(double x)
{
    x = ps_clamp(x, 707.0);
    const double rounded = ps_fma(x, PS_LOG2_E, PS_ROUNDER);
    const double k = rounded - PS_ROUNDER;
    const double f = ps_fma(k, -PS_LN2_LOW, ps_fma(k, -PS_LN2_HIGH, x));
    const double f2 = f * f, f4 = f2 * f2;
    const double c23 = ps_fma(0x1.55555555554fap-3, f, 0x1.000000000000ap-1);
    const double c45 = ps_fma(0x1.1111111127be7p-7, f, 0x1.555555555087bp-5);
    const double c67 = ps_fma(0x1.a01a012a57af1p-13, f, 0x1.6c16c1842a428p-10);
    const double c89 = ps_fma(0x1.71df25516f2f0p-19, f, 0x1.a0199a0bf0ec9p-16);
    const double c1011 = ps_fma(0x1.ad7f71389e84ep-26, f, 0x1.28ad732fc117ep-22);
    const double low = ps_fma(c45, f2, c23), high = ps_fma(c89, f2, c67);
    const double q = ps_fma(ps_fma(c1011, f4, high), f4, low);
    return ps_scale_bits(ps_fma(f2, q, f) + 1.0, rounded);
}

/* x = m 2^k with m in [sqrt 1/2, sqrt 2); returns m - 1. x is a positive normal number. */
static inline double ps_log_reduce(double x, double *k)
{
    const uint64_t bits = ps_bits_of(x);
    const int64_t whole = (int64_t)(bits - 0x3fe6a09e667f3bcdu) >> 52;
    *k = ps_double_of((uint64_t)whole + 0x4338000000000000u) - PS_ROUNDER;
    return ps_double_of(bits - ((uint64_t)whole << 52)) - 1.0;
}

/* log(1 + f) = f - (half - s * (half + R(s))), s = f / (2 + f): returns s * (half + R), fdlibm's R.
 */
static inline double ps_log_tail(double f, double half)
{
    const double s = f / (2.0 + f);
    const double z = s * s, w = z * z;
    const double odd = ps_fma(w, 1.531383769920937332e-01, 2.222219843214978396e-01);
    const double even = ps_fma(w, 1.479819860511658591e-01, 1.818357216161805012e-01);
    const double t1 = w * ps_fma(w, odd, 3.999999999940941908e-01);
    const double t2 =
        z * ps_fma(w, ps_fma(w, even, 2.857142874366239149e-01), 6.666666666666735130e-01);
    return s * (half + (t2 + t1));
}

/* Natural logarithm of a positive normal number. */
static inline double ps_log(double x)
{
    double k;
    const double f = ps_log_reduce(x, &k);
    const double half = 0.5 * f * f;
    const double tail = ps_fma(k, PS_LN2_LOW, ps_log_tail(f, half));
    return ps_fma(k, PS_LN2_HIGH, f - (half - tail));
}

/* Logarithm to base 2 of a positive normal number, at most 2 ulp. */
static inline double ps_log2(double x)
{
    double k;
    const double f = ps_log_reduce(x, &k);
    const double half = 0.5 * f * f;
    return ps_fma(f - (half - ps_log_tail(f, half)), PS_LOG2_E, k);
}

/* log(1 + x) for x > -1, accurate near zero. */
static inline double ps_log1p(double x)
{
    const double sum = 1.0 + x;
    const double lost = x - (sum - 1.0);
    return ps_log(sum) + lost / sum;
}

/* 2 pi in two pieces. */
#define PS_TURN_HIGH 0x1.921fb54442d18p+2
#define PS_TURN_LOW 0x1.1a62633145c07p-52

/* cos(2 pi x), absolute error below 2e-16; exact at multiples of a quarter. Whole turns go without
 * an error; from 2^51 on, where a double has no parts of a turn left to speak of, it is 1. */
static inline double ps_cos_turns(double x)
{
    const double rounded = x + PS_ROUNDER;
    const double r = x > -0x1p51 && x < 0x1p51 ? x - (rounded - PS_ROUNDER) : 0.0;
    const double half = r < 0.0 ? -r : r;                   /* 0 .. 1/2: cos is even */
    const double quarter = half > 0.25 ? 0.5 - half : half; /* 0 .. 1/4: cos(pi - a) = -cos a */
    const double c = quarter > 0.125 ? 0.25 - quarter : quarter; /* cos(pi/2 - a) = sin a */
    const double a = ps_fma(c, PS_TURN_HIGH, c * PS_TURN_LOW), z = a * a;
    double s = ps_fma(z, 1.58969099521155010221e-10, -2.50507602534068634195e-08);
    s = ps_fma(z, s, 2.75573137070700676789e-06);
    s = ps_fma(z, s, -1.98412698298579493134e-04);
    s = ps_fma(z, s, 8.33333333332248946124e-03);
    s = ps_fma(z, s, -1.66666666666666324348e-01);
    double k = ps_fma(z, -1.13596475577881948265e-11, 2.08757232129817482790e-09);
    k = ps_fma(z, k, -2.75573143513906633035e-07);
    k = ps_fma(z, k, 2.48015872894767294178e-05);
    k = ps_fma(z, k, -1.38888888888741095749e-03);
    k = ps_fma(z, k, 4.16666666666666019037e-02);
    const double sine = ps_fma(a * z, s, a), cosine = ps_fma(z * z, k, ps_fma(-0.5, z, 1.0));
    const double size = quarter > 0.125 ? sine : cosine;
    return half > 0.25 ? -size : size;
}

/* c[0] + c[1] x + ... + c[7] x^7. */
static inline double ps_horner7(const double c[8], double x)
{
    double sum = c[7];
    sum = ps_fma(sum, x, c[6]);
    sum = ps_fma(sum, x, c[5]);
    sum = ps_fma(sum, x, c[4]);
    sum = ps_fma(sum, x, c[3]);
    sum = ps_fma(sum, x, c[2]);
    sum = ps_fma(sum, x, c[1]);
    return ps_fma(sum, x, c[0]);
}

/* AS 241, |u - 1/2| <= 0.425; q = u - 1/2. */
static inline double ps_normal_inverse_central(double q)
{
    static const double a[8] = {3.3871328727963666080e0,  1.3314166789178437745e+2,
                                1.9715909503065514427e+3, 1.3731693765509461125e+4,
                                4.5921953931549871457e+4, 6.7265770927008700853e+4,
                                3.3430575583588128105e+4, 2.5090809287301226727e+3};
    static const double b[8] = {1.0,
                                4.2313330701600911252e+1,
                                6.8718700749205790830e+2,
                                5.3941960214247511077e+3,
                                2.1213794301586595867e+4,
                                3.9307895800092710610e+4,
                                2.8729085735721942674e+4,
                                5.2264952788528545610e+3};
    const double r = ps_fma(-q, q, 0.180625);
    return q * ps_horner7(a, r) / ps_horner7(b, r);
}

/* AS 241, r = sqrt(-log(min(u, 1-u))) <= 5: the size of the score. */
static inline double ps_normal_inverse_near(double r)
{
    static const double c[8] = {1.42343711074968357734e0,  4.63033784615654529590e0,
                                5.76949722146069140550e0,  3.64784832476320460504e0,
                                1.27045825245236838258e0,  2.41780725177450611770e-1,
                                2.27238449892691845833e-2, 7.74545014278341407640e-4};
    static const double d[8] = {1.0,
                                2.05319162663775882187e0,
                                1.67638483018380384940e0,
                                6.89767334985100004550e-1,
                                1.48103976427480074590e-1,
                                1.51986665636164571966e-2,
                                5.47593808499534494600e-4,
                                1.05075007164441684324e-9};
    return ps_horner7(c, r - 1.6) / ps_horner7(d, r - 1.6);
}

/* AS 241, r > 5. */
static inline double ps_normal_inverse_far(double r)
{
    static const double e[8] = {6.65790464350110377720e0,  5.46378491116411436990e0,
                                1.78482653991729133580e0,  2.96560571828504891230e-1,
                                2.65321895265761230930e-2, 1.24266094738807843860e-3,
                                2.71155556874348757815e-5, 2.01033439929228813265e-7};
    static const double f[8] = {1.0,
                                5.99832206555887937690e-1,
                                1.36929880922735805310e-1,
                                1.48753612908506148525e-2,
                                7.86869131145613259100e-4,
                                1.84631831751005468180e-5,
                                1.42151175831644588870e-7,
                                2.04426310338993978564e-15};
    return ps_horner7(e, r - 5.0) / ps_horner7(f, r - 5.0);
}

/* Distance of u from its nearer end on AS 241's scale. */
static inline double ps_normal_inverse_radius(double u)
{
    return __builtin_sqrt(-ps_log(u < 0.5 ? u : 1.0 - u));
}

/* The standard normal score z with P(Z < z) = u, u in (0,1). */
static inline double ps_normal_inverse(double u)
{
    const double q = u - 0.5;
    if (q >= -0.425 && q <= 0.425)
        return ps_normal_inverse_central(q);
    const double r = ps_normal_inverse_radius(u);
    const double z = r > 5.0 ? ps_normal_inverse_far(r) : ps_normal_inverse_near(r);
    return q < 0.0 ? -z : z;
}

/* z[i] = ps_normal_inverse(u[i]), the same bits, for i < n. `z` may be `u`; any n. */
void ps_normal_inverse_lanes(int n, const double *u, double *z);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Special functions for tables and kernels made once; not for the per-path loops. Most are private
 * to math/.
 */
#ifndef PS_MATH_SPECIAL_H
#define PS_MATH_SPECIAL_H

/* log Gamma(a), a > 0; relative error below 1e-13 (absolute near a = 1 and 2). */
double ps_log_gamma(double a);

/* tail[0] = P(Gamma(a) <= y), tail[1] = P(> y); the smaller is accurate. Any y; 1e-6 <= a <= 1e14.
 */
void ps_gamma_tails(double a, double y, double tail[2]);

/* P(logit Y <= score), Y ~ Beta(a, b); the upper tail is ps_beta_lower(-score, b, a). a, b as
 * above. */
double ps_beta_lower(double score, double a, double b);

/* Logarithms of the densities with respect to the score: log y of a gamma, logit y of a beta
 * variable. */
double ps_gamma_log_density(double score, double a);
double ps_beta_log_density(double score, double a, double b);

/* t with P(Student's t with `freedom` >= 1 degrees > t) = tail, 0 < tail < 1/2. */
double ps_student_upper(double tail, double freedom);

#endif

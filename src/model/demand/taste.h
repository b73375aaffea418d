/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How buyers differ within a segment, and which offers are close substitutes: nests and tastes of a
 * choice. */
#ifndef PS_MODEL_TASTE_H
#define PS_MODEL_TASTE_H

#include "math/number.h"

/* Offers that replace each other more easily than others do. */
typedef struct {
    ps_entry entry;
    ps_refs members;                 /* ANY_OFFER */
    ps_number rho;                   /* or: */
    ps_number lost_buyers_who_leave; /* of the buyers a member loses, which part leaves the nest */
} ps_nest;

enum { PS_TASTE_LOGNORMAL, PS_TASTE_NORMAL, PS_TASTE_CENSORED };

typedef struct {
    int law;
    ps_number sd;
} ps_price_taste;

/* A property of offers that some buyers like more than others: utility sd z x_j, z standard normal.
 */
typedef struct {
    ps_entry entry;
    ps_number sd;
    ps_number_map of; /* ANY_OFFER: level x_j */
} ps_attribute_taste;

/* A type of buyer, written out. */
typedef struct {
    ps_entry entry;
    double weight;
    ps_number relative_sensitivity;
    ps_number_map utility; /* ANY_OFFER */
} ps_taste_type;

typedef struct {
    ps_price_taste *price;
    ps_map attributes; /* ps_attribute_taste */
    ps_map types;      /* ps_taste_type; instead of the two above */
    int64_t points;
} ps_tastes;

extern const ps_shape ps_nest_shape, ps_tastes_shape;

/* Nodes of a choice's tastes, made once: points of a Gauss-Hermite product rule, or the types.
 * Dimension 0 is the price when `price` is given, then the attributes by id. */
typedef struct {
    int nodes, dims;
    double *weight; /* [nodes], sum 1 */
    double *z;      /* [nodes][dims] standard normal scores; NULL for types */
} ps_taste_nodes;

/* Number of nodes of the tastes (NULL: 1); more than an int for too many. */
double ps_taste_count(const ps_tastes *tastes);

/* False when memory runs out. */
bool ps_taste_nodes_make(const ps_tastes *tastes, ps_arena *arena, ps_taste_nodes *nodes);

/* Points and weights of the n-point Gauss-Hermite rule for the standard normal, ascending. n >= 1.
 */
void ps_gauss_hermite(int n, double *point, double *weight);

/* Relative sensitivity of the nodes of a normal taste for prices, in place of their scores; the
 * weighted mean is 1 but for the censored law, which is cut at 0. */
void ps_price_taste_ratio(int law, double sd, int nodes, const double *weight, double *ratio);

#endif

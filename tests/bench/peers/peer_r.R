#!/usr/bin/env Rscript
# SPDX-License-Identifier: GPL-3.0-or-later
# R peer of PS-BENCH-1: vectors over paths, loops over weeks, segments and alternatives.
# usage: Rscript peer_r.R --paths N [--segments S] [--alts J] [--weeks T] [--seed n] [--noise] [--det] [--repeat k] [--procs p]
av <- commandArgs(TRUE)
opt <- function(name, def) { i <- match(paste0("--", name), av); if (is.na(i)) def else as.numeric(av[i + 1]) }
flag <- function(name) paste0("--", name) %in% av
N <- opt("paths", 10000); S <- opt("segments", 3); J <- opt("alts", 4); T <- opt("weeks", 52)
seed <- opt("seed", 1); rep_n <- opt("repeat", 1); procs <- opt("procs", 1)
noise <- flag("noise"); det <- flag("det")

K <- 5; HAZ <- c(.8, .6, .5, .4, 1); CONV_M <- c(.4, .2, 0, .3, .6)
own <- max(1, J %/% 2); comp <- J - own
j0 <- 0:(J - 1); s0 <- 0:(S - 1)
base <- 100 + 10 * ((7 * j0) %% 5); cost <- 0.4 * base
asc <- outer(s0, j0, function(s, j) 1 + 0.3 * ((s + 2 * j) %% 3))
beta_mu <- log(0.03 / (1 + 0.25 * (s0 %% 3))); lead_mu <- log(1000 / (1 + s0)); shift <- 0.1 * ((s0 %% 3) - 1)
season <- 1 + 0.15 * sin(2 * pi * (0:(T - 1)) / 52)
on <- (1:T) >= 10 & (1:T) <= 14
disc <- c(0.20, rep(0.10, own))[1:own]

qtri <- function(v, a, m, b) { f <- (m - a) / (b - a)
  ifelse(v < f, a + sqrt(v * (b - a) * (m - a)), b - sqrt((1 - v) * (b - a) * (b - m))) }

simulate <- function(n, seed) {
  set.seed(seed)
  z <- if (det) function() numeric(n) else function() rnorm(n)
  beta <- lapply(1:S, function(s) exp(beta_mu[s] + 0.25 * z()))
  lead <- lapply(1:S, function(s) exp(lead_mu[s] + 0.20 * z()))
  zc <- lapply(1:K, function(k) z())
  conv <- lapply(1:S, function(s) lapply(1:K, function(k) plogis(CONV_M[k] + 0.3 * zc[[k]] + shift[s])))
  lam <- lapply(1:S, function(s) if (det) rep(0.75, n) else runif(n, 0.6, 0.9))
  cut <- lapply(seq_len(comp), function(c) if (det) rep(0.10, n) else qtri(runif(n), 0, 0.10, 0.30))
  price <- lapply(1:J, function(j) rep(base[j], n))
  ref <- lapply(1:S, function(s) lapply(1:J, function(j) rep(base[j], n)))
  pipe <- lapply(1:S, function(s) lapply(1:K, function(k) numeric(n)))
  rt <- numeric(n); mt <- numeric(n); rw <- numeric(T); mw <- numeric(T); e <- vector("list", J)
  for (t in 1:T) {
    react <- t > 1 && on[t - 1]
    for (j in 1:own) price[[j]] <- rep(base[j] * (1 - if (on[t]) disc[j] else 0), n)
    for (c in seq_len(comp)) { j <- own + c
      target <- if (react) base[j] * (1 - cut[[c]]) else base[j]
      price[[j]] <- price[[j]] + 0.5 * (target - price[[j]]) }
    rev <- numeric(n); mar <- numeric(n)
    for (s in 1:S) {
      den <- rep(1, n); b <- beta[[s]]; la <- lam[[s]]
      for (j in 1:J) {
        p <- price[[j]]; gap <- ref[[s]][[j]] - p
        # gain*max(gap,0) + loss*min(gap,0), without ifelse/pmax (both slow in R)
        u <- asc[s, j] + b * (0.65 * gap - 0.25 * abs(gap) - p)
        if (on[t] && j <= own) u <- u + 0.25
        e[[j]] <- exp(u); den <- den + e[[j]]
        ref[[s]][[j]] <- p + la * gap
      }
      pp <- pipe[[s]]; cv <- conv[[s]]
      buy <- cv[[K]] * HAZ[K] * pp[[K]] / den
      leads <- lead[[s]] * season[t]
      if (noise) leads <- leads * exp(0.1 * z() - 0.005)
      for (k in K:2) pp[[k]] <- (1 - HAZ[k]) * pp[[k]] + cv[[k - 1]] * (HAZ[k - 1] * pp[[k - 1]])
      pp[[1]] <- (1 - HAZ[1]) * pp[[1]] + leads
      pipe[[s]] <- pp
      for (j in 1:own) { q <- buy * e[[j]]; rev <- rev + q * price[[j]]; mar <- mar + q * (price[[j]] - cost[j]) }
    }
    if (on[t]) mar <- mar - 5 * own
    rt <- rt + rev; mt <- mt + mar; rw[t] <- sum(rev); mw[t] <- sum(mar)
  }
  list(rt = rt, mt = mt, rw = rw, mw = mw)
}

once <- function() {
  if (procs > 1) {
    n <- diff(floor((0:procs) * N / procs))
    parts <- parallel::mclapply(seq_len(procs), function(i) simulate(n[i], seed + 1000 * i), mc.cores = procs)
  } else parts <- list(simulate(N, seed))
  rt <- unlist(lapply(parts, `[[`, "rt")); mt <- unlist(lapply(parts, `[[`, "mt"))
  rw <- Reduce(`+`, lapply(parts, `[[`, "rw")); mw <- Reduce(`+`, lapply(parts, `[[`, "mw"))
  c(rev_mean = mean(rt), rev_p = quantile(rt, c(.1, .5, .9), names = FALSE), rev_sd = sd(rt), mar_mean = mean(mt),
    mar_p = quantile(mt, c(.1, .5, .9), names = FALSE), rev_w12 = rw[min(12, T)] / N, mar_w52 = mw[T] / N)
}
tm <- numeric(rep_n)
for (i in seq_len(rep_n)) { t0 <- proc.time()[["elapsed"]]; r <- once(); tm[i] <- proc.time()[["elapsed"]] - t0 }
med <- median(tm)
rss <- tryCatch(as.numeric(gsub("[^0-9]", "", grep("VmHWM", readLines("/proc/self/status"), value = TRUE))) / 1024, error = function(e) NA)
cat(sprintf('{"impl": "R-%s", "threads": %d, "paths": %d, "S": %d, "J": %d, "T": %d, "noise": %s, "seconds": %.4f, "best": %.4f, "ns_per_cell": %.4f, "us_per_path": %.4f, "peak_rss_mb": %.1f, "rev_mean": %.6f, "rev_p10": %.6f, "rev_p50": %.6f, "rev_p90": %.6f, "rev_sd": %.6f, "mar_mean": %.6f, "mar_p10": %.6f, "mar_p50": %.6f, "mar_p90": %.6f, "rev_w12": %.6f, "mar_w52": %.6f}\n',
  getRversion(), procs, N, S, J, T, tolower(noise), med, min(tm), med * 1e9 / (N * T * S * (J + 1)), med * 1e6 / N, rss,
  r[1], r[2], r[3], r[4], r[5], r[6], r[7], r[8], r[9], r[10], r[11]))

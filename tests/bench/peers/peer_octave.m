#!/usr/bin/env octave-cli
% SPDX-License-Identifier: GPL-3.0-or-later
% Octave peer of PS-BENCH-1: (paths x alternatives) matrices, loops over weeks and segments.
% usage: octave-cli --no-gui peer_octave.m --paths N [--segments S] [--alts J] [--weeks T] [--seed n] [--noise] [--det] [--repeat k]
1;
function v = opt(av, name, def)
  i = find(strcmp(av, ["--" name])); if isempty(i) v = def; else v = str2double(av{i + 1}); end
end
function x = qtri(v, a, m, b)
  f = (m - a) / (b - a); x = a + sqrt(v * (b - a) * (m - a)); k = v >= f; x(k) = b - sqrt((1 - v(k)) * (b - a) * (b - m));
end
function [rt, mt, rw, mw] = simulate(N, S, J, T, noise, det)
  K = 5; HAZ = [.8 .6 .5 .4 1]; CM = [.4 .2 0 .3 .6]; own = max(1, floor(J / 2)); comp = J - own;
  j0 = 0:J-1; base = 100 + 10 * mod(7 * j0, 5); cost = 0.4 * base;
  if det z = @(m) zeros(N, m); else z = @(m) randn(N, m); end
  for s = 1:S
    beta{s} = log(0.03 / (1 + 0.25 * mod(s - 1, 3))); lead{s} = log(1000 / s);
    beta{s} = exp(beta{s} + 0.25 * z(1)); lead{s} = exp(lead{s} + 0.2 * z(1));
  end
  zc = z(K);
  for s = 1:S
    conv{s} = 1 ./ (1 + exp(-(CM + 0.3 * zc + 0.1 * (mod(s - 1, 3) - 1))));
    if det lam{s} = 0.75 * ones(N, 1); else lam{s} = 0.6 + 0.3 * rand(N, 1); end
    ref{s} = repmat(base, N, 1); pipe{s} = zeros(N, K); asc{s} = 1 + 0.3 * mod(s - 1 + 2 * j0, 3);
  end
  if det cut = 0.1 * ones(N, comp); else cut = qtri(rand(N, comp), 0, 0.1, 0.3); end
  price = repmat(base, N, 1); rt = zeros(N, 1); mt = zeros(N, 1); rw = zeros(T, 1); mw = zeros(T, 1);
  dsc = [0.2, 0.1 * ones(1, own)](1:own);
  for t = 1:T
    on = t >= 10 && t <= 14; react = t - 1 >= 10 && t - 1 <= 14;
    price(:, 1:own) = repmat(base(1:own) .* (1 - on * dsc), N, 1);
    if react target = base(own+1:end) .* (1 - cut); else target = base(own+1:end); end
    price(:, own+1:end) += 0.5 * (target - price(:, own+1:end));
    rev = zeros(N, 1); mar = zeros(N, 1);
    for s = 1:S
      gap = ref{s} - price;
      u = asc{s} + beta{s} .* (0.4 * max(gap, 0) + 0.9 * min(gap, 0) - price);
      if on u(:, 1:own) += 0.25; end
      e = exp(u);
      out = HAZ .* pipe{s}; moved = conv{s} .* out; leads = lead{s} * (1 + 0.15 * sin(2 * pi * (t - 1) / 52));
      if noise leads .*= exp(0.1 * z(1) - 0.005); end
      buy = moved(:, K) ./ (1 + sum(e, 2));
      pipe{s} += [leads, moved(:, 1:K-1)] - out;
      q = buy .* e(:, 1:own);
      rev += sum(q .* price(:, 1:own), 2); mar += sum(q .* (price(:, 1:own) - cost(1:own)), 2);
      ref{s} = price + lam{s} .* gap;
    end
    if on mar -= 5 * own; end
    rt += rev; mt += mar; rw(t) = sum(rev); mw(t) = sum(mar);
  end
end
av = argv(); N = opt(av, "paths", 10000); S = opt(av, "segments", 3); J = opt(av, "alts", 4); T = opt(av, "weeks", 52);
seed = opt(av, "seed", 1); R = opt(av, "repeat", 1); noise = any(strcmp(av, "--noise")); det = any(strcmp(av, "--det"));
rand("twister", seed); randn("twister", seed + 1); tm = zeros(R, 1);
for i = 1:R
  tic; [rt, mt, rw, mw] = simulate(N, S, J, T, noise, det);
  q = quantile(rt, [.1; .5; .9], 1, 7); qm = quantile(mt, [.1; .5; .9], 1, 7); tm(i) = toc;
end
tx = fileread("/proc/self/status"); tok = regexp(tx, 'VmHWM:\s+(\d+)', 'tokens'); rss = str2double(tok{1}{1}) / 1024;
t = median(tm); B = {"false", "true"};
printf(['{"impl": "octave-%s", "threads": 1, "paths": %d, "S": %d, "J": %d, "T": %d, "noise": %s, "seconds": %.4f, "best": %.4f, "ns_per_cell": %.4f, "us_per_path": %.4f, "peak_rss_mb": %.1f, "rev_mean": %.6f, "rev_p10": %.6f, "rev_p50": %.6f, "rev_p90": %.6f, "rev_sd": %.6f, "mar_mean": %.6f, "mar_p10": %.6f, "mar_p50": %.6f, "mar_p90": %.6f, "rev_w12": %.6f, "mar_w52": %.6f}' "\n"], ...
  version(), N, S, J, T, B{noise + 1}, t, min(tm), t * 1e9 / (N * T * S * (J + 1)), t * 1e6 / N, rss, mean(rt), q(1), q(2), q(3), std(rt, 1), mean(mt), qm(1), qm(2), qm(3), rw(min(12, T)) / N, mw(T) / N);

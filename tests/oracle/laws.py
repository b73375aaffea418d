# SPDX-License-Identifier: GPL-3.0-or-later
"""Random numbers, special functions and laws of docs/model/random.md and delays.md. Standard library only."""
import math
import os

M32, M64 = 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF


def philox(seed, path, stream, index):
    c = [path & M32, path >> 32 & M32, stream, index]
    k0, k1 = seed & M32, seed >> 32 & M32
    for _ in range(10):
        p, q = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(q >> 32) ^ c[1] ^ k0, q & M32, (p >> 32) ^ c[3] ^ k1, p & M32]
        k0, k1 = (k0 + 0x9E3779B9) & M32, (k1 + 0xBB67AE85) & M32
    return c


def uniform(seed, path, stream, index):
    w = philox(seed, path, stream, index)
    return ((w[0] << 32 | w[1]) >> 12) * 2.0 ** -52 + 2.0 ** -53


def directions(dimension):
    """Direction numbers of a dimension from 0, from the file of Joe and Kuo's table."""
    if dimension == 0:
        return [1 << 31 - k for k in range(32)]
    file = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "src", "math", "sobol_directions.def")
    with open(file, encoding="utf-8") as table:
        lines = [line for line in table if line.startswith("PS_SOBOL(")]
    s, a, *m = [int(x) for x in lines[dimension - 1][len("PS_SOBOL("):].strip(" )\n").split(",")]
    v = [m[k] << 31 - k for k in range(s)]
    for k in range(s, 32):
        x = v[k - s] ^ v[k - s] >> s
        for j in range(1, s):
            x ^= (a >> s - 1 - j & 1) * v[k - j]
        v.append(x)
    return v


class Sobol:
    """One input's coordinate of 16 scrambled Sobol sequences."""

    def __init__(self, dimension, seed, stream):
        self.v = directions(dimension)
        self.keys = [philox(seed, k, stream, M32)[0] for k in range(16)]

    def uniform(self, path):
        index, key, x = path // 16, self.keys[path % 16], 0
        for k in range(32):
            x ^= (index >> k & 1) * self.v[k]
        x = int("{:032b}".format(x)[::-1], 2)
        x ^= x * 0x3D20ADEA & M32
        x = (x + key) & M32
        x = x * (key >> 16 | 1) & M32
        x ^= x * 0x05526C56 & M32
        x ^= x * 0x53A22864 & M32
        return (int("{:032b}".format(x)[::-1], 2) + 0.5) * 2.0 ** -32


def stream_of(purpose, name):
    h = 0xCBF29CE484222325
    for byte in purpose.encode() + name.encode() + b"\0":
        h = ((h ^ byte) * 0x100000001B3) & M64
    return (h ^ h >> 32) & M32


def poly(c, x):
    total = 0.0
    for a in reversed(c):
        total = total * x + a
    return total


AS241 = [
    ([3.3871328727963666080e0, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
      4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3],
     [1.0, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3,
      2.1213794301586595867e4, 3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3]),
    ([1.42343711074968357734e0, 4.63033784615654529590e0, 5.76949722146069140550e0, 3.64784832476320460504e0,
      1.27045825245236838258e0, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4],
     [1.0, 2.05319162663775882187e0, 1.67638483018380384940e0, 6.89767334985100004550e-1,
      1.48103976427480074590e-1, 1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9]),
    ([6.65790464350110377720e0, 5.46378491116411436990e0, 1.78482653991729133580e0, 2.96560571828504891230e-1,
      2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7],
     [1.0, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
      7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15])]


def normal_score(u):
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * poly(AS241[0][0], r) / poly(AS241[0][1], r)
    r = math.sqrt(-math.log(min(u, 1.0 - u)))
    part, shift = (AS241[1], 1.6) if r <= 5.0 else (AS241[2], 5.0)
    z = poly(part[0], r - shift) / poly(part[1], r - shift)
    return -z if q < 0 else z


def normal_cdf(z):
    return 0.5 * math.erfc(-z / math.sqrt(2.0))


def gamma_upper(a, x):
    """Regularised upper incomplete gamma function."""
    if x <= 0:
        return 1.0
    front = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1:
        term = total = 1.0 / a
        n = a
        while abs(term) > 1e-17 * abs(total):
            n += 1
            term *= x / n
            total += term
        return 1.0 - front * total
    b, c = x + 1 - a, 1e300
    d = 1.0 / b
    h = d
    for i in range(1, 100000):
        an = -i * (i - a)
        b += 2
        d = an * d + b
        d = 1.0 / (d if abs(d) > 1e-300 else 1e-300)
        c = b + an / c
        c = c if abs(c) > 1e-300 else 1e-300
        h *= d * c
        if abs(d * c - 1) < 1e-16:
            break
    return front * h


def beta_lower(a, b, x):
    """Regularised incomplete beta function I_x(a, b)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):
        return 1.0 - beta_lower(b, a, 1.0 - x)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)) / a
    c, d = 1.0, 1.0 - (a + b) * x / (a + 1)
    d = 1.0 / d
    h = d
    for m in range(1, 100000):
        for numerator in (m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
                          -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))):
            d = 1.0 + numerator * d
            d = 1.0 / (d if abs(d) > 1e-300 else 1e-300)
            c = 1.0 + numerator / c
            c = c if abs(c) > 1e-300 else 1e-300
            h *= d * c
        if abs(d * c - 1) < 1e-16:
            break
    return front * h


def logistic(x):
    return 1.0 / (1.0 + math.exp(-x))


def logit(x):
    return math.log(x / (1.0 - x))


def solve(cdf, u, low, high):
    """Smallest x in (low, high) with cdf(x) >= u, by bisection to the last bit."""
    for _ in range(200):
        mid = 0.5 * (low + high)
        if mid in (low, high):
            break
        if cdf(mid) < u:
            low = mid
        else:
            high = mid
    return 0.5 * (low + high)


class Law:
    """name, parameters p, sign -1 for the mirror image, cut (lo, hi) or None."""

    def __init__(self, name, p, sign=1, cut=None):
        self.name, self.p, self.sign, self.cut = name, p, sign, cut

    def known(self):
        return self.name == "constant"

    # ---- the plain law, not mirrored, not cut
    def _plain_cdf(self, x):
        n, p = self.name, self.p
        if n == "constant":
            return float(x >= p[0])
        if n == "normal":
            return normal_cdf((x - p[0]) / p[1])
        if n == "lognormal":
            return normal_cdf(math.log(x / p[0]) / p[1]) if x > 0 else 0.0
        if n == "logit_normal":
            return 0.0 if x <= 0 else 1.0 if x >= 1 else normal_cdf((logit(x) - p[0]) / p[1])
        if n == "beta":
            return beta_lower(p[0], p[1], x)
        if n == "gamma":
            shape = (p[0] / p[1]) ** 2
            return 1.0 - gamma_upper(shape, x * shape / p[0])
        if n == "weibull":
            return -math.expm1(-(x / p[1]) ** p[0]) if x > 0 else 0.0
        if n == "exponential":
            return -math.expm1(-x / p[0]) if x > 0 else 0.0
        if n == "uniform":
            return min(1.0, max(0.0, (x - p[0]) / (p[1] - p[0])))
        raise ValueError(n)

    def _plain_quantile(self, u):
        n, p = self.name, self.p
        if n == "normal":
            return p[0] + p[1] * normal_score(u)
        if n == "lognormal":
            return p[0] * math.exp(p[1] * normal_score(u))
        if n == "logit_normal":
            return logistic(p[0] + p[1] * normal_score(u))
        if n == "beta":
            return logistic(solve(lambda s: beta_lower(p[0], p[1], logistic(s)), u, -700.0, 700.0))
        if n == "gamma":
            shape = (p[0] / p[1]) ** 2
            return p[0] / shape * math.exp(solve(lambda s: 1.0 - gamma_upper(shape, math.exp(s)), u, -600.0, 600.0))
        if n == "weibull":
            return p[1] * (-math.log1p(-u)) ** (1.0 / p[0])
        if n == "exponential":
            return -p[0] * math.log1p(-u)
        if n == "triangular":
            width = p[2] - p[0]
            if width <= 0:
                return p[0]
            c = (p[1] - p[0]) / width
            return p[0] + width * math.sqrt(u * c) if u < c else p[2] - width * math.sqrt((1 - u) * (1 - c))
        if n == "pert":
            width = p[2] - p[0]
            if width <= 0:
                return p[0]
            c = (p[1] - p[0]) / width
            return p[0] + width * Law("beta", [1 + 4 * c, 5 - 4 * c]).quantile(u)
        if n == "uniform":
            return p[0] + (p[1] - p[0]) * u
        if n == "discrete":
            total = 0.0
            for x, w in sorted(p):
                total += w
                if total >= u:
                    return x
            return max(p)[0]
        if n == "empirical":
            h = (len(p) - 1) * u
            i = int(h)
            return p[i] + (h - i) * (p[min(i + 1, len(p) - 1)] - p[i])
        return p[0]

    # ---- with mirror and cut
    def cdf(self, x):
        return self._plain_cdf(x) if self.sign > 0 else 1.0 - self._plain_cdf(-x)

    def quantile(self, u):
        if self.name == "constant":
            return self.p[0]
        if self.cut:
            lo, hi = self.cut
            a = self.cdf(lo) if lo > -math.inf else 0.0
            b = self.cdf(hi) if hi < math.inf else 1.0
            u = a + u * (b - a)
        if self.sign > 0:
            x = self._plain_quantile(u)
        elif self.name == "lognormal":
            x = -self.p[0] * math.exp(-self.p[1] * normal_score(u))
        else:
            x = -self._plain_quantile(min(1.0 - u, 1.0 - 2.0 ** -53))
        return min(max(x, self.cut[0]), self.cut[1]) if self.cut else x

    def centre(self):
        if self.name in ("triangular", "pert"):
            return min(max(self.p[1], self.cut[0]), self.cut[1]) if self.cut else self.p[1]
        if self.name == "beta":
            (a, b), (lo, hi) = self.p, self.cut or (0.0, 1.0)
            part = lambda c: beta_lower(c, b, hi) - beta_lower(c, b, lo)  # noqa: E731
            return a / (a + b) * part(a + 1) / part(a)
        return self.quantile(0.5)

    def shifted(self, x, d):
        if d == 0:
            return x
        if self.name in ("logit_normal", "beta"):
            return logistic(logit(x) + d)
        if self.name in ("lognormal", "gamma", "weibull", "exponential"):
            return x * math.exp(d)
        return x + d

    # ---- as a delay or a size
    def mean(self):
        n, p = self.name, self.p
        if self.cut:  # of what is larger than the lower end
            lo, plain = self.cut[0], Law(n, p)
            return lo + plain.excess(lo) / (1 - plain.cdf(lo))
        if n in ("constant", "exponential", "gamma"):
            return p[0]
        if n == "lognormal":
            return p[0] * math.exp(0.5 * p[1] ** 2)
        if n == "weibull":
            return p[1] * math.exp(math.lgamma(1 + 1 / p[0]))
        if n == "uniform":
            return 0.5 * (p[0] + p[1])
        if n == "triangular":
            return sum(p) / 3.0
        if n == "pert":
            return (p[0] + 4 * p[1] + p[2]) / 6.0
        raise ValueError(n)

    def excess(self, x):
        """E[(X - x)+], x >= 0, of a positive law."""
        n, p = self.name, self.p
        if n == "constant":
            return max(p[0] - x, 0.0)
        if n == "exponential":
            return p[0] * math.exp(-x / p[0])
        if x <= 0:
            return self.mean() - x
        if n == "lognormal":
            y = math.log(x / p[0]) / p[1]
            return self.mean() * normal_cdf(p[1] - y) - x * normal_cdf(-y)
        if n == "weibull":
            t = (x / p[1]) ** p[0]
            return self.mean() * gamma_upper(1 + 1 / p[0], t) - x * math.exp(-t)
        if n == "gamma":
            shape = (p[0] / p[1]) ** 2
            y = x * shape / p[0]
            return p[0] * gamma_upper(shape + 1, y) - x * gamma_upper(shape, y)
        if n == "uniform":
            a, b = p
            if x <= a or b <= a:
                return max(self.mean() - x, 0.0)
            return (b - x) ** 2 / (2 * (b - a)) if x < b else 0.0
        if n == "triangular":
            a, m, b = p
            if x >= b:
                return 0.0
            if x <= a:
                return self.mean() - x
            if x >= m:
                return (b - x) ** 3 / (3 * (b - a) * (b - m))
            return self.mean() - x + (x - a) ** 3 / (3 * (b - a) * (m - a))
        if n == "pert":
            a, m, b = p
            if x <= a or x >= b:
                return max(self.mean() - x, 0.0)
            s, t, y = 1 + 4 * (m - a) / (b - a), 1 + 4 * (b - m) / (b - a), (x - a) / (b - a)
            upper = 1 - beta_lower(s, t, y)
            return (b - a) * (s / (s + t) * (1 - beta_lower(s + 1, t, y)) - y * upper)
        raise ValueError(n)


def below(law, x):
    """P(D < x)"""
    return float(law.p[0] < x) if law.name == "constant" else law.cdf(x)


def tails(law, step, n, begin="as_signed"):
    """P(lag >= 0 .. n) of the mean-exact discretisation, or from the start or the end of a period."""
    if begin == "period_start":
        return [1.0] + [1.0 - below(law, (lag + 1) * step) for lag in range(n)]
    if begin == "period_end":
        return [1.0] + [1.0 - law.cdf(lag * step) for lag in range(n)]
    out, before = [1.0], law.excess(0.0)
    for lag in range(n):
        after = law.excess((lag + 1) * step)
        out.append(min(max((before - after) / step, 0.0), out[-1]))
        before = after
    return out

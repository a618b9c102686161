"""Prints the coefficients of VectorMath, rounded to F32, lowest degree first, with their errors
against double precision. Needs numpy: python3 fit_polynomials.py"""

import math

import numpy as np
from numpy.polynomial import chebyshev, polynomial


def fit(title, f, low, high, degree, nodes=2000):
    t = np.cos((np.arange(nodes) + 0.5) * np.pi / nodes)
    x = (low + high) / 2 + (high - low) / 2 * t
    series = chebyshev.cheb2poly(chebyshev.chebfit(t, [f(v) for v in x], degree))
    line = np.array([-(low + high) / (high - low), 2 / (high - low)])
    result, power = np.zeros(1), np.ones(1)
    for c in series:
        result = polynomial.polyadd(result, c * power)
        power = polynomial.polymul(power, line)
    rounded = result.astype(np.float32)
    xs = np.linspace(low, high, 20001)
    error = np.abs(polynomial.polyval(xs, rounded.astype(float)) - [f(v) for v in xs]).max()
    print(f"{title}, degree {degree}, error {error:.1e}")
    for c in rounded:
        print(f"  {c!s}f")


def exp_rest(r):
    return 0.5 + r / 6 + r * r / 24 + r**3 / 120 if abs(r) < 1e-3 else (math.expm1(r) - r) / (r * r)


def tanh_rest(z):
    x = math.sqrt(z)
    return (math.tanh(x) / x - 1) / z if z > 1e-5 else -1 / 3 + 2 * z / 15


def fit_normal_tail(place, degree):
    """1 - Phi(x) = e^(-x^2/2) (c_1 t + c_2 t^2 + ...), t = 1 / (1 + place x), 0 <= x <= 6: least
    squares, weighted again where the error is large (Lawson 1961) until it is the same all over."""
    x = np.linspace(0, 6, 12001)
    tail = np.array([math.erfc(v / math.sqrt(2)) / 2 for v in x])
    t = 1 / (1 + float(np.float32(place)) * x)
    terms = np.stack([np.exp(-x * x / 2) * t**k for k in range(1, degree + 1)], 1)
    weights = np.ones_like(x)
    best = None
    for _ in range(200):
        root = np.sqrt(weights)
        c = np.linalg.lstsq(terms * root[:, None], tail * root, rcond=None)[0]
        error = np.abs(terms @ c - tail)
        if best is None or error.max() < best[0]:
            best = (error.max(), c)
        weights *= error
        weights /= weights.sum()
    print(f"(1 - Phi(x)) e^(x^2/2) over t = 1 / (1 + {place} x), error {best[0]:.1e}, from t^1 on")
    for c in best[1].astype(np.float32):
        print(f"  {c!s}f")


fit("(e^r - 1 - r) / r^2 for |r| < 0.3475", exp_rest, -0.3475, 0.3475, 4)
fit("(tanh x - x) / x^3 over z = x^2, |x| < 0.625", tanh_rest, 0, 0.625**2, 4)
fit_normal_tail(0.276, 6)

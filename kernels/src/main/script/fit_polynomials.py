"""Prints the coefficients of VectorMath: Chebyshev fits, rounded to F32, lowest degree first, with
their errors against double precision. Needs numpy: python3 fit_polynomials.py"""

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


def erf_over_x(z):
    x = math.sqrt(z)
    return math.erf(x) / x if z > 1e-12 else 2 / math.sqrt(math.pi)


fit("(e^r - 1 - r) / r^2 for |r| < 0.3475", exp_rest, -0.3475, 0.3475, 4)
fit("(tanh x - x) / x^3 over z = x^2, |x| < 0.625", tanh_rest, 0, 0.625**2, 4)
fit("erf(x) / x over z = x^2, |x| < 1", erf_over_x, 0, 1, 5)
fit("ln erfc(x) for 1 < x < 4", lambda x: math.log(math.erfc(x)), 1, 4, 7)

"""Densities of Optuna's Parzen estimator (5.0.0): writes parzen.json beside this script.

A case has ranges (as RangeText writes them), observations, and for some points the logarithm of
the density: Optuna's, whose normal distribution is inexact far from the mean, and the same formula
in 40 digits by mpmath. Choices are numbered.
"""

import json
import pathlib
import random

import mpmath as mp
import numpy as np
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.samplers._tpe.parzen_estimator import _ParzenEstimator, _ParzenEstimatorParameters
from optuna.samplers._tpe.sampler import default_weights

RANGES = {
    "float:-5.0:5.0": FloatDistribution(-5, 5),
    "float:1.0E-5:0.1:log": FloatDistribution(1e-5, 0.1, log=True),
    "float:-1.0:2.0:step=0.25": FloatDistribution(-1, 2, step=0.25),
    "int:-3:20": IntDistribution(-3, 20),
    "int:8:128:step=8": IntDistribution(8, 128, step=8),
    "int:1:512:log": IntDistribution(1, 512, log=True),
    'choice:["a","b","c","d"]': CategoricalDistribution(["a", "b", "c", "d"]),
}


def draw(rng, name, distribution):
    if isinstance(distribution, CategoricalDistribution):
        return rng.randrange(4)
    if isinstance(distribution, IntDistribution):
        if distribution.log:
            return round(2 ** rng.uniform(0, 9))
        return rng.randrange(distribution.low, distribution.high + 1, distribution.step)
    if distribution.log:
        return 10 ** rng.uniform(-5, -1)
    if distribution.step:
        return distribution.low + distribution.step * rng.randrange(13)
    return rng.uniform(distribution.low, distribution.high)


def below(z):
    return mp.erfc(-z / mp.sqrt(2)) / 2


def kernels(text, observed):
    """Each kernel's logarithm of a density at a value, as a function of both."""
    n = len(observed)
    if text.startswith("choice"):
        share = mp.mpf(1) / (n + 1)

        def choice(k, x):
            if k == n:
                return -mp.log(4)
            return mp.log((share + (observed[k] == x)) / (4 * share + 1))

        return choice
    words = text.split(":")
    step = mp.mpf(next((w[5:] for w in words if w.startswith("step=")), words[0] == "int"))
    place = mp.log if "log" in words else mp.mpf
    low, high = place(mp.mpf(words[1]) - step / 2), place(mp.mpf(words[2]) + step / 2)
    mus = [place(mp.mpf(x)) for x in observed]
    order = sorted(range(n), key=lambda i: mus[i])
    sigmas = [mp.mpf(0)] * n
    for at, i in enumerate(order):
        left = mus[i] - (low if at == 0 else mus[order[at - 1]])
        right = (high if at == n - 1 else mus[order[at + 1]]) - mus[i]
        wide = max(left, right)
        if n > 1 and at in (0, n - 1):
            wide = right if at == 0 else left
        sigmas[i] = min(max(wide, (high - low) / min(100, n + 2)), high - low)
    mus.append((low + high) / 2)
    sigmas.append(high - low)

    def number(k, x):
        def z(value):
            return (value - mus[k]) / sigmas[k]

        mass = below(z(high)) - below(z(low))
        if step:
            x = mp.mpf(x)
            return mp.log((below(z(place(x + step / 2))) - below(z(place(x - step / 2)))) / mass)
        return -z(place(mp.mpf(x))) ** 2 / 2 - mp.log(sigmas[k] * mp.sqrt(2 * mp.pi) * mass)

    return number


def exact(names, rows, point):
    n = len(rows)
    weights = [mp.mpf(w) for w in default_weights(n)] + [mp.mpf(1)]
    dimensions = [kernels(name, [row[i] for row in rows]) for i, name in enumerate(names)]
    density = sum(
        w * mp.exp(sum(d(k, x) for d, x in zip(dimensions, point)))
        for k, w in enumerate(weights)
    )
    return float(mp.log(density / sum(weights)))


def case(rng, names, observed):
    space = {f"p{i}": RANGES[name] for i, name in enumerate(names)}
    rows = [[draw(rng, n, RANGES[n]) for n in names] for _ in range(observed)]
    points = [[draw(rng, n, RANGES[n]) for n in names] for _ in range(6)]
    parameters = _ParzenEstimatorParameters(1.0, True, False, default_weights, True)
    columns = {
        key: np.asarray([row[i] for row in rows], dtype=float) for i, key in enumerate(space)
    }
    estimator = _ParzenEstimator(columns, space, parameters)
    at = {key: np.asarray([p[i] for p in points], dtype=float) for i, key in enumerate(space)}
    return {
        "ranges": names,
        "observed": rows,
        "points": points,
        "optuna": estimator.log_pdf(at).tolist(),
        "exact": [exact(names, rows, point) for point in points],
    }


def main():
    mp.mp.dps = 40
    rng = random.Random(5)
    names = list(RANGES)
    cases = [case(rng, [name], n) for name in names for n in (0, 1, 2, 7)]
    cases += [case(rng, names, n) for n in (0, 1, 3, 24, 25, 26, 27, 60)]
    text = json.dumps(cases)
    pathlib.Path(__file__).with_name("parzen.json").write_text(text + "\n")


if __name__ == "__main__":
    main()

"""Regrets of Optuna's default sampler (TPE, multivariate, as of Optuna 5.0.0).

Writes regrets.json beside this script: for each function the regret of 30 seeds, which is the
objective without noise at the best trial's point, less the least value there is. RegretFunctions
of the tests has the same functions in Java. Run with

    OMP_NUM_THREADS=1 python regrets.py
"""

import json
import math
import pathlib
import random

import optuna

SEEDS = 30


def floats(trial, n, low, high):
    return [trial.suggest_float(f"x{i}", low, high) for i in range(n)]


def sphere(trial):
    return sum((x - 1.3) ** 2 for x in floats(trial, 4, -5, 5))


def rosenbrock(trial):
    x, y = floats(trial, 2, -2.048, 2.048)
    return 100 * (y - x * x) ** 2 + (1 - x) ** 2


def branin(trial):
    x = trial.suggest_float("x", -5, 10)
    y = trial.suggest_float("y", 0, 15)
    b = 5.1 / (4 * math.pi**2)
    c = 5 / math.pi
    return (y - b * x * x + c * x - 6) ** 2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10


ALPHA = [1.0, 1.2, 3.0, 3.2]
A = [
    [10, 3, 17, 3.5, 1.7, 8],
    [0.05, 10, 17, 0.1, 8, 14],
    [3, 3.5, 1.7, 10, 17, 8],
    [17, 8, 0.05, 10, 0.1, 14],
]
P = [
    [1312, 1696, 5569, 124, 8283, 5886],
    [2329, 4135, 8307, 3736, 1004, 9991],
    [2348, 1451, 3522, 2883, 3047, 6650],
    [4047, 8828, 8732, 5743, 1091, 381],
]


def hartmann6(trial):
    x = floats(trial, 6, 0, 1)
    return -sum(
        ALPHA[i] * math.exp(-sum(A[i][j] * (x[j] - 1e-4 * P[i][j]) ** 2 for j in range(6)))
        for i in range(4)
    )


def ackley(trial):
    x = floats(trial, 3, -15, 30)
    root = math.sqrt(sum(v * v for v in x) / 3)
    waves = sum(math.cos(2 * math.pi * v) for v in x) / 3
    return -20 * math.exp(-0.2 * root) - math.exp(waves) + 20 + math.e


def rastrigin(trial):
    return sum(x * x - 10 * math.cos(2 * math.pi * x) + 10 for x in floats(trial, 2, -4, 6))


def styblinski(trial):
    return sum((x**4 - 16 * x * x + 5 * x) / 2 for x in floats(trial, 4, -5, 5))


def rate(trial):
    rate = math.log10(trial.suggest_float("rate", 1e-6, 1, log=True))
    decay = math.log10(trial.suggest_float("decay", 1e-6, 0.1, log=True))
    slow = (rate + 3.2) ** 2 + 0.3 * (decay + 2.7 - 0.4 * (rate + 3.2)) ** 2
    return slow + (5 if rate > -1 else 0)


def mixed(trial):
    optimizer = trial.suggest_categorical("optimizer", ["sgd", "adam", "lion"])
    activation = trial.suggest_categorical("activation", ["relu", "gelu", "silu", "tanh"])
    rate = math.log10(trial.suggest_float("rate", 1e-5, 1, log=True))
    dropout = trial.suggest_float("dropout", 0, 0.6)
    wanted = {"sgd": -1.2, "adam": -3.1, "lion": -3.9}[optimizer]
    offset = {"sgd": 0.4, "adam": 0.0, "lion": 0.1}[optimizer]
    offset += {"relu": 0.2, "gelu": 0.0, "silu": 0.05, "tanh": 0.5}[activation]
    return offset + 0.5 * (rate - wanted) ** 2 + 4 * (dropout - 0.13) ** 2


def integers(trial):
    width = trial.suggest_int("width", 16, 1024, log=True)
    layers = trial.suggest_int("layers", 1, 24)
    batch = trial.suggest_int("batch", 8, 128, step=8)
    return (
        (math.log2(width) - 7.6) ** 2
        + 0.05 * (layers - 9) ** 2
        + 0.001 * (batch - 40) ** 2
        + 0.02 * abs(layers - 9) * abs(math.log2(width) - 7.6)
    )


def stepped(trial):
    return sum(
        (trial.suggest_float(f"x{i}", -4, 6, step=0.25) - 1.75) ** 2 * (1 + i) for i in range(3)
    )


def conditional(trial):
    if trial.suggest_categorical("kind", ["line", "plane"]) == "line":
        return 0.3 + (trial.suggest_float("x", -5, 5) - 2) ** 2
    y = trial.suggest_float("y", -5, 5)
    z = trial.suggest_float("z", 1e-3, 10, log=True)
    return (y + 1) ** 2 + math.log10(z) ** 2


def noisy(trial):
    return sum((x - 0.7) ** 2 for x in floats(trial, 2, -5, 5))


# name: function, trials, least value, deviation of the noise
FUNCTIONS = {
    "sphere": (sphere, 100, 0, 0),
    "rosenbrock": (rosenbrock, 100, 0, 0),
    "branin": (branin, 80, 0.39788735772973816, 0),
    "hartmann6": (hartmann6, 100, -3.322368011415515, 0),
    "ackley": (ackley, 100, 0, 0),
    "rastrigin": (rastrigin, 100, 0, 0),
    "styblinski": (styblinski, 100, -4 * 39.16616570377142, 0),
    "rate": (rate, 60, 0, 0),
    "mixed": (mixed, 100, 0, 0),
    "integers": (integers, 80, 0, 0),
    "stepped": (stepped, 80, 0, 0),
    "conditional": (conditional, 80, 0, 0),
    "noisy": (noisy, 60, 0, 0.5),
}


def regret(name, seed):
    function, trials, least, deviation = FUNCTIONS[name]
    noise = random.Random(1000 + seed)
    clean = {}

    def objective(trial):
        clean[trial.number] = function(trial)
        return clean[trial.number] + (noise.gauss(0, deviation) if deviation else 0)

    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
    study.optimize(objective, n_trials=trials)
    return clean[study.best_trial.number] - least


def main():
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    results = {}
    for name in FUNCTIONS:
        regrets = [regret(name, seed) for seed in range(SEEDS)]
        results[name] = regrets
        print(name, sorted(regrets)[SEEDS // 2], flush=True)
    text = json.dumps({"optuna": optuna.__version__, "regrets": results}, indent=1)
    pathlib.Path(__file__).with_name("regrets.json").write_text(text + "\n")


if __name__ == "__main__":
    main()

"""What Optuna's pruners (5.0.0) end: writes pruners.json beside this script.

A case is a pruner, a direction, and the curves of trials one after the other: each reports a value
after every step until its pruner ends it. `ended` has the step at which it did, or 0.
"""

import json
import pathlib
import random

import optuna

STEPS = 20


def curves(rng, trials, interval):
    made = []
    for _ in range(trials):
        floor = rng.uniform(0, 1)
        speed = rng.uniform(0.05, 1)
        steps = range(interval, STEPS * interval + 1, interval)
        made.append({s: round(floor + 2 / (1 + speed * s) + rng.gauss(0, 0.05), 6) for s in steps})
    return made


def run(pruner, direction, trials):
    study = optuna.create_study(direction=direction, pruner=pruner)
    sign = 1 if direction == "minimize" else -1
    ended = []
    for curve in trials:
        trial = study.ask()
        at = 0
        for step, value in curve.items():
            trial.report(sign * value, step)
            if trial.should_prune():
                at = step
                break
        if at:
            study.tell(trial, state=optuna.trial.TrialState.PRUNED)
        else:
            study.tell(trial, sign * list(curve.values())[-1])
        ended.append(at)
    return ended


def main():
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    rng = random.Random(3)
    cases = []
    for direction in ("minimize", "maximize"):
        for first, reduction, interval in ((1, 4, 1), (1, 2, 1), (3, 3, 1), (5, 2, 5)):
            trials = curves(rng, 40, interval)
            pruner = optuna.pruners.SuccessiveHalvingPruner(
                min_resource=first, reduction_factor=reduction
            )
            cases.append(
                {
                    "pruner": "asha",
                    "numbers": [first, reduction],
                    "direction": direction,
                    "trials": trials,
                    "ended": run(pruner, direction, trials),
                }
            )
        for startup, warmup in ((5, 0), (2, 6)):
            trials = curves(rng, 30, 1)
            pruner = optuna.pruners.MedianPruner(n_startup_trials=startup, n_warmup_steps=warmup)
            cases.append(
                {
                    "pruner": "median",
                    "numbers": [startup, warmup],
                    "direction": direction,
                    "trials": trials,
                    "ended": run(pruner, direction, trials),
                }
            )
    pathlib.Path(__file__).with_name("pruners.json").write_text(json.dumps(cases) + "\n")


if __name__ == "__main__":
    main()

"""Makes schedules.json beside it: the rates of transformers' schedules and of OneCycleLR, a few settings of each.

    python3 -m venv v && v/bin/pip install torch==2.13.0 transformers==5.18.0
    v/bin/python schedules.py

Element i of "used" is the rate of update i. A run of 27 updates goes on past its end, to 36.
"""

import json
import math
import pathlib

import torch
import transformers

UPDATES = 36
RATE = 2e-3
CASES = [
    ("linear", 4, 27, {}),
    ("cosine", 4, 27, {}),
    ("cosine", 0, 27, {"num_cycles": 1.25}),
    ("constant_with_warmup", 7, 27, {}),
    ("cosine_with_restarts", 3, 27, {"num_cycles": 4}),
    ("polynomial", 2, 27, {"lr_end": 3e-5, "power": 1.7}),
    ("inverse_sqrt", 6, 27, {"timescale": 11}),
    ("inverse_sqrt", 0, 27, {}),
    ("cosine_with_min_lr", 5, 27, {"min_lr": 4e-4}),
    ("cosine_warmup_with_min_lr", 5, 27, {"min_lr_rate": 0.2, "warmup_lr_rate": 0.15}),
    ("cosine_warmup_with_min_lr", 1, 27, {"min_lr": 1e-4, "num_cycles": 1.0}),
    ("warmup_stable_decay", 5, 27, {"num_decay_steps": 9, "warmup_type": "1-sqrt", "min_lr_ratio": 0.1}),
    ("warmup_stable_decay", 5, 27, {"num_decay_steps": 9, "num_stable_steps": 6, "decay_type": "1-sqrt"}),
    ("warmup_stable_decay", 20, 27, {"num_decay_steps": 12, "decay_type": "linear", "warmup_type": "cosine"}),
]
ONE_CYCLE = [{}, {"three_phase": True, "pct_start": 0.35}, {"anneal_strategy": "linear", "pct_start": 0.2},
             {"div_factor": 4.0, "final_div_factor": 50.0}]
METRIC = [
    ("reduce_lr_on_plateau", {"factor": 0.6, "patience": 1, "cooldown": 2}),
    ("reduce_lr_on_plateau", {"factor": 0.5, "patience": 2, "mode": "max", "threshold": 0.05, "threshold_mode": "abs"}),
    ("greedy", {"patience": 1, "factor": 0.9, "min_lr": 1.5e-3, "max_lr": 3e-3, "cooldown": 1, "warmup": 2}),
    ("greedy", {"patience": 1, "factor": 0.7, "min_lr": 1e-3, "reset_start": 2, "smooth": True, "window_size": 3}),
]


def optimizer():
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=RATE, momentum=0.9)


def rates(made, schedule, metrics=None):
    used = []
    for i in range(UPDATES):
        used.append(made.param_groups[0]["lr"])
        made.step()
        schedule.step(*(() if metrics is None else (metrics[i],)))
    return used


def main():
    cases = []
    for name, warmup, total, settings in CASES:
        made = optimizer()
        schedule = transformers.get_scheduler(name, made, warmup, total, scheduler_specific_kwargs=settings)
        cases.append({"id": f"{name} {warmup} {settings}", "type": name, "lr": RATE, "warmup": warmup, "total": total,
                      "settings": settings, "used": rates(made, schedule)})
    for settings in ONE_CYCLE:
        made = optimizer()
        schedule = torch.optim.lr_scheduler.OneCycleLR(made, RATE, total_steps=UPDATES + 1, **settings)
        cases.append({"id": f"OneCycleLR {settings}", "type": "OneCycleLR", "lr": RATE, "total_steps": UPDATES + 1,
                      "settings": settings, "used": rates(made, schedule)})
    metrics = [round(2 + math.cos(i / 3) / (1 + i / 9), 4) for i in range(UPDATES)]
    for name, settings in METRIC:
        made = optimizer()
        schedule = transformers.get_scheduler(name, made, scheduler_specific_kwargs=settings)
        cases.append({"id": f"{name} {settings}", "type": name, "lr": RATE, "settings": settings,
                      "metric_after_each_update": metrics, "used": rates(made, schedule, metrics)})
    versions = {"torch": torch.__version__, "transformers": transformers.__version__}
    text = '{\n "versions": ' + json.dumps(versions) + ',\n "cases": [\n'
    text += ",\n".join("  " + json.dumps(case) for case in cases) + "\n ]\n}\n"
    (pathlib.Path(__file__).parent / "schedules.json").write_text(text)


main()

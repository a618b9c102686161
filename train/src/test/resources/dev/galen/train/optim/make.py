"""Makes optim.json beside it: torch.optim.AdamW and SGD on awkward shapes, and transformers' schedules.

    python3 -m venv v && v/bin/pip install torch==2.13.0 transformers==5.18.0
    v/bin/python make.py

Element i of parameter p starts as sin(i + p); its gradient before update s is 3 cos(i + 2 p + 5 s), and 0 for every
fourth element. All in float64; the test runs in F32.
"""

import json
import pathlib

import torch
import transformers

HERE = pathlib.Path(__file__).parent
SHAPES = [[3], [5, 7], [1], [1, 1], [2, 3, 4], [17], [33, 2]]
SETTINGS = [
    {"learningRate": 0.01, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0.0, "clip": 0.0},
    {"learningRate": 0.01, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weightDecay": 0.3, "clip": 1.0},
    {"learningRate": 0.5, "beta1": 0.5, "beta2": 0.6, "epsilon": 0.1, "weightDecay": 0.1, "clip": 1000.0},
]
SGD_SETTINGS = [
    {"learningRate": 0.1, "momentum": 0.9, "weightDecay": 0.3, "clip": 1.0},
    {"learningRate": 0.01, "momentum": 0.0, "weightDecay": 0.0, "clip": 0.0},
]


def adamw(groups, settings):
    return torch.optim.AdamW(groups, lr=settings["learningRate"], betas=(settings["beta1"], settings["beta2"]),
                             eps=settings["epsilon"])


def sgd(groups, settings):
    return torch.optim.SGD(groups, lr=settings["learningRate"], momentum=settings["momentum"])


def run(make, settings):
    parameters = []
    for p, shape in enumerate(SHAPES):
        size = torch.Size(shape).numel()
        values = torch.sin(torch.arange(size, dtype=torch.float64) + p).reshape(shape)
        parameters.append(torch.nn.Parameter(values))
    decay = settings["weightDecay"]
    optimizer = make([{"params": [p for p in parameters if p.dim() >= 2], "weight_decay": decay},
                      {"params": [p for p in parameters if p.dim() < 2], "weight_decay": 0.0}], settings)
    steps = []
    for step in range(5):
        for p, parameter in enumerate(parameters):
            at = torch.arange(parameter.numel(), dtype=torch.float64)
            gradient = 3 * torch.cos(at + 2 * p + 5 * step)
            gradient[at % 4 == 3] = 0
            parameter.grad = gradient.reshape(parameter.shape)
        norm = None
        if settings["clip"] > 0:
            norm = torch.nn.utils.clip_grad_norm_(parameters, settings["clip"]).item()
        optimizer.step()
        # Sums weighted by position: one number holds a whole tensor.
        sums = [(p.detach().flatten() * torch.cos(torch.arange(p.numel(), dtype=torch.float64))).sum().item()
                for p in parameters]
        steps.append({"norm": norm, "sums": sums})
    return {**settings, "steps": steps}


def schedules():
    from transformers import get_constant_schedule_with_warmup as constant
    from transformers import get_cosine_schedule_with_warmup as cosine
    from transformers import get_linear_schedule_with_warmup as linear

    rows = []
    for warmup, total in ((0, 10), (3, 10), (9, 10), (10, 10), (15, 10), (1, 2), (0, 1)):
        for kind, make in (("CONSTANT", constant), ("LINEAR", linear), ("COSINE", cosine)):
            optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.25)
            more = () if kind == "CONSTANT" else (total,)
            schedule = make(optimizer, warmup, *more)
            rates = []
            for _ in range(total + 1):
                rates.append(schedule.get_last_lr()[0])
                optimizer.step()
                schedule.step()
            rows.append({"kind": kind, "warmup": warmup, "total": total, "rates": rates})
    return rows


def main():
    expected = {"versions": {"torch": torch.__version__, "transformers": transformers.__version__},
                "shapes": SHAPES}
    text = "{\n" + ",\n".join(f" {json.dumps(key)}: {json.dumps(value)}" for key, value in expected.items())
    for name, rows in (("adamw", [run(adamw, settings) for settings in SETTINGS]),
                       ("sgd", [run(sgd, settings) for settings in SGD_SETTINGS]), ("schedules", schedules())):
        text += f',\n "{name}": [\n' + ",\n".join("  " + json.dumps(row) for row in rows) + "\n ]"
    (HERE / "optim.json").write_text(text + "\n}\n")


main()

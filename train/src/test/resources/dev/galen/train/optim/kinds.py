"""Makes kinds.json beside it: five updates by each optimizer but AdamW and SGD's plain forms, on awkward shapes.

    python3 -m venv v && v/bin/pip install torch==2.13.0 transformers==5.18.0
    v/bin/python kinds.py

Element i of parameter p starts as sin(i + p); its gradient before update s is 3 cos(i + 2 p + 5 s), and 0 for every
fourth element. Decay is on tensors of two or more dimensions. All in float64, Muon's Newton-Schulz too (torch's own code
without its cast); the test runs in F32. Lion is written out by the paper's rule, which torch does not have.
"""

import json
import pathlib

import torch
import transformers.optimization
from torch.optim import _muon

SHAPES = [[3], [5, 7], [1], [1, 1], [2, 3, 4], [17], [33, 2]]
HERE = pathlib.Path(__file__).parent


class Lion(torch.optim.Optimizer):
    def __init__(self, groups, lr, betas):
        super().__init__(groups, {"lr": lr, "betas": betas, "weight_decay": 0.0})

    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                mean = self.state[p].setdefault("mean", torch.zeros_like(p))
                mixed = group["betas"][0] * mean + (1 - group["betas"][0]) * p.grad
                p.data -= group["lr"] * (torch.sign(mixed) + group["weight_decay"] * p.data)
                mean.mul_(group["betas"][1]).add_(p.grad, alpha=1 - group["betas"][1])


class Both:
    """Muon for matrices, AdamW for the rest."""

    def __init__(self, parameters, lr, decay, scale, nesterov):
        matrices = [p for p in parameters if p.dim() == 2]
        self.muon = torch.optim.Muon(matrices, lr=lr, weight_decay=decay, adjust_lr_fn=scale, nesterov=nesterov)
        self.rest = torch.optim.AdamW([p for p in parameters if p.dim() != 2], lr=0.5 * lr, weight_decay=0)

    def step(self):
        self.muon.step()
        self.rest.step()


def exact(grad, coefficients, steps, eps):
    a, b, c = coefficients
    x = grad.T if grad.size(0) > grad.size(1) else grad
    x = x / x.norm().clamp(min=eps)
    for _ in range(steps):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.T if grad.size(0) > grad.size(1) else x


ROUNDED = _muon._zeropower_via_newtonschulz
_muon._zeropower_via_newtonschulz = exact


def rounded(rows, cols):
    """torch's own Newton-Schulz, in bfloat16, of sin(i) + cos(i i / 7) in float32."""
    at = torch.arange(rows * cols, dtype=torch.float64)
    matrix = (torch.sin(at) + torch.cos(at * at / 7)).float().reshape(rows, cols)
    made = ROUNDED(matrix, (3.4445, -4.775, 2.0315), 5, 1e-7)
    return {"rows": rows, "cols": cols, "values": made.double().flatten().tolist()}


def groups(parameters, decay):
    return [{"params": [p for p in parameters if p.dim() >= 2], "weight_decay": decay},
            {"params": [p for p in parameters if p.dim() < 2], "weight_decay": 0.0}]


torch_optim = torch.optim
hf = transformers.optimization.Adafactor
CASES = [
    ("AdamW", 0.02, {"weight_decay": 0.2, "amsgrad": True, "beta2": 0.6},
     lambda p: torch_optim.AdamW(groups(p, 0.2), lr=0.02, betas=(0.9, 0.6), amsgrad=True)),
    ("Adam", 0.02, {"weight_decay": 0.3, "epsilon": 0.01},
     lambda p: torch_optim.Adam(groups(p, 0.3), lr=0.02, eps=0.01)),
    ("Adam", 0.02, {"amsgrad": True, "beta1": 0.8, "beta2": 0.7, "weight_decay": 0.1},
     lambda p: torch_optim.Adam(groups(p, 0.1), lr=0.02, betas=(0.8, 0.7), amsgrad=True)),
    ("SGD", 0.05, {"momentum": 0.8, "nesterov": True, "weight_decay": 0.3},
     lambda p: torch_optim.SGD(groups(p, 0.3), lr=0.05, momentum=0.8, nesterov=True)),
    ("SGD", 0.05, {"momentum": 0.8, "dampening": 0.4, "weight_decay": 0.3},
     lambda p: torch_optim.SGD(groups(p, 0.3), lr=0.05, momentum=0.8, dampening=0.4)),
    ("Lion", 0.01, {"weight_decay": 0.4, "beta1": 0.85}, lambda p: Lion(groups(p, 0.4), 0.01, (0.85, 0.99))),
    ("Adafactor", 0.6, {"weight_decay": 0.1, "eps1": 1e-4, "eps2": 0.01, "d": 1.2, "beta2_decay": -0.6},
     lambda p: torch_optim.Adafactor(groups(p, 0.1), lr=0.6, eps=(1e-4, 0.01), d=1.2, beta2_decay=-0.6)),
    ("HfAdafactor", 0.03, {"weight_decay": 0.2, "clip_threshold": 0.8, "beta1": 0.7, "scale_parameter": True},
     lambda p: hf(groups(p, 0.2), lr=0.03, clip_threshold=0.8, beta1=0.7, relative_step=False)),
    ("HfAdafactor", 1.0, {"relative_step": True, "eps1": 1e-6, "decay_rate": -0.7},
     lambda p: hf(p, eps=(1e-6, 1e-3), decay_rate=-0.7, scale_parameter=False)),
    ("Muon", 0.04, {"weight_decay": 0.3, "adamw_rate": 0.5, "bfloat16": False},
     lambda p: Both(p, 0.04, 0.3, "original", True)),
    ("Muon", 0.04, {"weight_decay": 0.3, "adamw_rate": 0.5, "bfloat16": False, "nesterov": False,
                    "adjust_lr_fn": "match_rms_adamw"}, lambda p: Both(p, 0.04, 0.3, "match_rms_adamw", False)),
]


def run(make):
    parameters = []
    for p, shape in enumerate(SHAPES):
        size = torch.Size(shape).numel()
        values = torch.sin(torch.arange(size, dtype=torch.float64) + p).reshape(shape)
        parameters.append(torch.nn.Parameter(values))
    optimizer = make(parameters)
    steps = []
    for step in range(5):
        for p, parameter in enumerate(parameters):
            at = torch.arange(parameter.numel(), dtype=torch.float64)
            gradient = 3 * torch.cos(at + 2 * p + 5 * step)
            gradient[at % 4 == 3] = 0
            parameter.grad = gradient.reshape(parameter.shape)
        optimizer.step()
        steps.append([(p.detach().flatten() * torch.cos(torch.arange(p.numel(), dtype=torch.float64))).sum().item()
                      for p in parameters])
    return steps


def main():
    rows = [json.dumps({"optimizer": name, "rate": rate, "settings": settings, "steps": run(make)})
            for name, rate, settings, make in CASES]
    versions = {"torch": torch.__version__, "transformers": transformers.__version__}
    text = f'{{\n "versions": {json.dumps(versions)},\n "shapes": {json.dumps(SHAPES)},\n "newtonSchulz": '
    text += json.dumps([rounded(6, 11), rounded(9, 4)]) + ',\n "cases": [\n'
    (HERE / "kinds.json").write_text(text + ",\n".join("  " + row for row in rows) + "\n ]\n}\n")


main()

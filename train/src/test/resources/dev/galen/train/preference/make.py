"""Writes losses.json: what TRL's DPOTrainer._compute_loss (trl 1.13.0, torch 2.13.0) makes of given
log-probabilities in float64, with its derivatives by them, for every kind of loss and some sums;
and ORPOTrainer.odds_ratio_loss. Run: python make.py
"""
import json
import os
import random
from collections import defaultdict
from types import SimpleNamespace

import torch
from trl.experimental.orpo.orpo_trainer import ORPOTrainer
from trl.trainer import dpo_trainer

torch.set_default_dtype(torch.float64)
random.seed(3)
torch.manual_seed(3)
PAIRS = 5
TIME = 9
lengths = [random.randint(1, TIME - 2) for _ in range(2 * PAIRS)]
mask = torch.zeros(2 * PAIRS, TIME + 1, dtype=torch.long)
for row, length in enumerate(lengths):
    mask[row, 2 : 2 + length] = 1
policy = -3 * torch.rand(2 * PAIRS, TIME) - 0.1
reference = policy + 0.8 * torch.randn(2 * PAIRS, TIME)
reference = torch.minimum(reference, torch.tensor(-0.05))
TABLE = {}
dpo_trainer.selective_log_softmax = lambda logits, labels: TABLE[int(logits[0, 0, 0])]


class Model:
    """Says which table of log-probabilities is meant."""

    training = True

    def __init__(self, which):
        self.which = which

    def __call__(self, **kwargs):
        return SimpleNamespace(logits=torch.full((2 * PAIRS, TIME + 1, 3), float(self.which)))

    def is_gradient_checkpointing(self):
        return False


def case(types, weights=None, beta=0.1, smoothing=0.0, tau=0.05):
    rows = policy.clone().requires_grad_()
    TABLE[0] = rows * 1
    TABLE[1] = reference.clone()
    trainer = SimpleNamespace(
        loss_types=types,
        loss_weights=weights or [1.0] * len(types),
        beta=beta,
        label_smoothing=smoothing,
        ld_alpha=None,
        f_divergence_type="reverse_kl",
        use_weighting=False,
        precompute_ref_logps=True,
        aux_loss_enabled=False,
        args=SimpleNamespace(discopop_tau=tau, gradient_checkpointing_kwargs=None,
                             gradient_checkpointing=False),
        accelerator=SimpleNamespace(
            device=torch.device("cpu"), gather=lambda x: x, gather_for_metrics=lambda x: x
        ),
        model=Model(0),
        _metrics=defaultdict(lambda: defaultdict(list)),
        _total_train_tokens=0,
        _tp_size=1,
        model_accepts_loss_kwargs=False,
        state=SimpleNamespace(global_step=0),
    )
    logps = (reference * mask[:, 1:]).sum(1)
    inputs = {
        "input_ids": torch.zeros(2 * PAIRS, TIME + 1, dtype=torch.long),
        "attention_mask": torch.ones(2 * PAIRS, TIME + 1, dtype=torch.long),
        "completion_mask": mask,
        "ref_chosen_logps": logps[:PAIRS],
        "ref_rejected_logps": logps[PAIRS:],
    }
    loss = dpo_trainer.DPOTrainer._compute_loss(trainer, Model(0), inputs, return_outputs=False)
    loss.backward()
    # A completion's tokens all have the same derivative.
    by_row = (rows.grad * mask[:, 1:]).sum(1) / mask[:, 1:].sum(1)
    return {
        "kinds": types,
        "weights": weights,
        "beta": beta,
        "label_smoothing": smoothing,
        "tau": tau,
        "loss": loss.item(),
        "by_chosen": by_row[:PAIRS].tolist(),
        "by_rejected": by_row[PAIRS:].tolist(),
    }


cases = []
for kind in ["sigmoid", "hinge", "ipo", "nca_pair", "bco_pair", "sppo_hard", "aot",
             "aot_unpaired", "apo_zero", "apo_down", "discopop", "sigmoid_norm"]:
    for beta in [0.1, 0.6]:
        cases.append(case([kind], beta=beta))
for kind in ["robust", "exo_pair", "aot", "aot_unpaired"]:
    cases.append(case([kind], smoothing=0.1, beta=0.3))
cases.append(case(["discopop"], tau=0.4))
cases.append(case(["sigmoid", "bco_pair", "aot"], [0.8, 0.2, 1.5], beta=0.2))
means = (policy * mask[:, 1:]).sum(1) / mask[:, 1:].sum(1)
chosen = means[:PAIRS].clone().requires_grad_()
rejected = means[PAIRS:].clone().requires_grad_()
torch.Tensor.float = lambda self: self  # TRL rounds to float32 here
odds = ORPOTrainer.odds_ratio_loss(
    SimpleNamespace(beta=0.25, accelerator=SimpleNamespace(device="cpu")), chosen, rejected
)
(-odds[0].mean()).backward()
sums = mask[:, 1:].sum(1)
orpo = {
    "beta": 0.25,
    "odds_loss": -odds[0].mean().item(),
    "log_odds_ratio": odds[3].item(),
    "log_odds_chosen": odds[4].item(),
    "by_chosen": (chosen.grad / sums[:PAIRS]).tolist(),
    "by_rejected": (rejected.grad / sums[PAIRS:]).tolist(),
}
table = {
    "lengths": lengths,
    "policy": (policy * mask[:, 1:]).sum(1).tolist(),
    "reference": (reference * mask[:, 1:]).sum(1).tolist(),
    "cases": cases,
    "orpo": orpo,
}
with open(os.path.join(os.path.dirname(__file__), "losses.json"), "w") as file:
    json.dump(table, file, indent=1)
    file.write("\n")

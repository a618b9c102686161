"""Loads directories with transformers and prints a line of JSON for each: what is missing or
unexpected, and all logits of the batch in its expected.json.

transformers 5.18.0, torch 2.13.0:  OMP_NUM_THREADS=1 python load.py directory...
"""

import json
import sys
from pathlib import Path

import torch
import transformers

for folder in map(Path, sys.argv[1:]):
    architecture = json.loads((folder / "config.json").read_text())["architectures"][0]
    expected = json.loads((folder / "expected.json").read_text())
    attention = "sdpa" if "attention_mask" in expected else "eager"  # see make.py
    extra = dict(experts_implementation="eager") if "Mixtral" in architecture else {}
    model, report = getattr(transformers, architecture).from_pretrained(
        folder, output_loading_info=True, attn_implementation=attention, **extra)
    model = model.double().eval()
    keys = [k for k in ("input_ids", "attention_mask", "token_type_ids", "position_ids", "labels")
            if k in expected]
    with torch.no_grad():
        out = model(**{k: torch.tensor(expected[k]) for k in keys})
    print(json.dumps({
        "directory": str(folder),
        "wrong": {k: sorted(map(str, v)) for k, v in report.items() if v},
        "logits": out.logits.tolist()}), flush=True)

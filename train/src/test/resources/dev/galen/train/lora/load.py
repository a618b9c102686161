"""Loads adapters with PEFT and prints a line of JSON for each: what PEFT warns of, and the logits of the
batch in the expected.json of the model's directory.

peft 0.21.0, transformers 5.18.0, torch 2.13.0:  OMP_NUM_THREADS=1 python load.py (model adapter)...
"""

import json
import sys
import warnings
from pathlib import Path

import torch
import transformers
from peft import PeftModel

for model, adapter in zip(sys.argv[1::2], sys.argv[2::2]):
    folder = Path(model)
    architecture = json.loads((folder / "config.json").read_text())["architectures"][0]
    expected = json.loads((folder / "expected.json").read_text())
    extra = dict(experts_implementation="eager") if "Mixtral" in architecture else {}
    base = getattr(transformers, architecture).from_pretrained(folder, attn_implementation="sdpa", **extra)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        loaded = PeftModel.from_pretrained(base, adapter).double().eval()
    told = [str(w.message) for w in caught if "adapter keys" in str(w.message)]
    keys = [k for k in ("input_ids", "attention_mask", "position_ids", "labels") if k in expected]
    with torch.no_grad():
        out = loaded(**{k: torch.tensor(expected[k]) for k in keys})
    print(json.dumps({"adapter": adapter, "wrong": told, "logits": out.logits.tolist()}), flush=True)

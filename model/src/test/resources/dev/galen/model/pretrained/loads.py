"""Loads directories with transformers and says what it makes of them, for TransformersLoadsTest.

python loads.py DIR...: each has inputs.json, what its model is given. Prints a line of JSON for
each: the keys that are missing or unexpected, and the outputs in float64.
"""
import json
import pathlib
import sys

import torch
import transformers

for name in sys.argv[1:]:
    folder = pathlib.Path(name)
    config = json.loads((folder / "config.json").read_text())
    kind = getattr(transformers, config["architectures"][0])
    model, info = kind.from_pretrained(folder, output_loading_info=True)
    model = model.double().eval()
    inputs = {key: torch.tensor(value) for key, value in
              json.loads((folder / "inputs.json").read_text()).items()}
    with torch.no_grad():
        outputs = model(**inputs)
    values = outputs["logits"] if "logits" in outputs else outputs["last_hidden_state"]
    keys = [key for field in ("missing_keys", "unexpected_keys", "mismatched_keys")
            for key in info[field]]
    print(json.dumps(dict(keys=[str(key) for key in keys], values=values.flatten().tolist())))

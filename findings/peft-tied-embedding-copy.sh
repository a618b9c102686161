#!/usr/bin/env bash
# PEFT: training the token embedding beside LoRA (modules_to_save) unties it from GPT-2's head.
#
# Expected: where the config ties embedding and head, the copy that is trained is tied as well, or
# get_peft_model says that it is not.
# Seen: the embedding's copy learns alone, the head keeps the old matrix, and the first to say so is
# merge_and_unload, after training.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q torch==2.13.0 transformers==5.18.0 peft==0.21.0 2>"$dir/pip.log" ||
  { cat "$dir/pip.log"; exit 2; }
HF_HUB_OFFLINE=1 "$dir/venv/bin/python" - <<'PYTHON'
import warnings

import peft
import torch
import transformers
from transformers import GPT2Config, GPT2LMHeadModel

print("peft", peft.__version__, "transformers", transformers.__version__)
torch.manual_seed(0)
config = GPT2Config(
    vocab_size=300, n_positions=32, n_embd=8, n_layer=1, n_head=2, bos_token_id=0, eos_token_id=0
)
base = GPT2LMHeadModel(config)
assert base.lm_head.weight is base.transformer.wte.weight
with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    model = peft.get_peft_model(
        base,
        peft.LoraConfig(
            r=2,
            task_type="CAUSAL_LM",
            target_modules=["c_attn"],
            fan_in_fan_out=True,
            modules_to_save=["wte"],
        ),
    )
print("said when it was made:", [str(w.message)[:90] for w in said])
assert not any("tie" in str(w.message) for w in said)

copy = model.base_model.model.transformer.wte.modules_to_save["default"].weight
head = model.base_model.model.lm_head.weight
before = (copy.detach().clone(), head.detach().clone())
ids = torch.arange(10, 30).reshape(1, -1)
optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.1)
model(input_ids=ids, labels=ids).loss.backward()
optimizer.step()
moved = [not torch.equal(a, b) for a, b in zip(before, (copy, head))]
print("one step moved the embedding's copy:", moved[0], "and the head:", moved[1])
assert moved == [True, False], moved

with warnings.catch_warnings(record=True) as said:
    warnings.simplefilter("always")
    model.merge_and_unload()
print("said when it was merged:", [str(w.message)[:90] for w in said])
assert any("no longer tied" in str(w.message) for w in said)
print("as recorded: the head stays behind")
PYTHON

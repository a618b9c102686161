#!/usr/bin/env bash
# transformers: generate fails for a T5 whose decoder has more layers than its encoder.
#
# Expected: num_decoder_layers is a setting of its own, so whatever trains also generates, with the
# key-value cache that generate uses by default as without it.
# Seen: the loss is computed, generate without a cache works, generate as it is called by default
# raises an IndexError. With a deeper encoder all three work.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q torch==2.13.0 transformers==5.18.0 2>"$dir/pip.log" ||
  { cat "$dir/pip.log"; exit 2; }
HF_HUB_OFFLINE=1 "$dir/venv/bin/python" - <<'PYTHON'
import torch
import transformers
from transformers import T5Config, T5ForConditionalGeneration

print("transformers", transformers.__version__)
ids = torch.tensor([[5, 6, 7]])


def tries(encoder, decoder):
    torch.manual_seed(0)
    config = T5Config(
        vocab_size=40, d_model=16, d_kv=8, d_ff=32, num_heads=2,
        num_layers=encoder, num_decoder_layers=decoder,
        decoder_start_token_id=0, pad_token_id=0, eos_token_id=1,
    )
    model = T5ForConditionalGeneration(config).eval()
    seen = [torch.isfinite(model(input_ids=ids, labels=ids).loss).item()]
    for cache in (False, True):
        try:
            model.generate(ids, max_new_tokens=3, do_sample=False, use_cache=cache)
            seen.append("generates")
        except IndexError as e:
            seen.append(f"IndexError: {e}")
    print(f"{encoder} encoder and {decoder} decoder layers: loss, without a cache, with one: {seen}")
    return seen


assert tries(4, 2) == [True, "generates", "generates"]
assert tries(2, 4) == [True, "generates", "IndexError: list index out of range"]
print("as recorded: a deeper decoder generates only with use_cache=False")
PYTHON

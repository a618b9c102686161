#!/usr/bin/env bash
# transformers: a Mistral with a sliding window of one token sees every token once it has a cache.
#
# Expected: with sliding_window W a token looks at itself and the W - 1 tokens before it, with the
# key-value cache as without it; with W = 1 each token sees itself alone, so that the next token's
# logits depend on the last token only.
# Seen: without a cache that is so. With the cache that generate uses by default, a window of 1
# keeps all keys and not none, and the logits depend on the whole text; windows of 2 and 3 agree.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q torch==2.13.0 transformers==5.18.0 2>"$dir/pip.log" ||
  { cat "$dir/pip.log"; exit 2; }
HF_HUB_OFFLINE=1 "$dir/venv/bin/python" - <<'PYTHON'
import torch
import transformers
from transformers import MistralConfig, MistralForCausalLM

print("transformers", transformers.__version__)
ids = torch.tensor([[5, 6, 7, 8, 9, 10]])


def differs(window):
    """Largest difference of the last logits, cached and uncached."""
    torch.manual_seed(0)
    config = MistralConfig(
        vocab_size=40, hidden_size=32, intermediate_size=64, num_hidden_layers=2,
        num_attention_heads=4, num_key_value_heads=2, sliding_window=window,
        initializer_range=0.5, attn_implementation="eager",
    )
    model = MistralForCausalLM(config).eval()
    with torch.no_grad():
        whole = model(ids, use_cache=False).logits[0, -1]
        cache = None
        for i in range(ids.shape[1]):
            out = model(ids[:, i:i + 1], past_key_values=cache, use_cache=True)
            cache = out.past_key_values
    difference = (whole - out.logits[0, -1]).abs().max().item()
    kept = cache.layers[0].keys.shape[-2]
    print(f"window {window}: cached and uncached logits differ by {difference:.1e}; the cache keeps {kept} keys of 6")
    return difference


assert differs(2) < 1e-4 and differs(3) < 1e-4
assert differs(1) > 1e-2
print("as recorded: a window of 1 is not the same with a cache")
PYTHON

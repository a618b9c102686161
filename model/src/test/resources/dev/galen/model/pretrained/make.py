"""Makes variants.json beside it: the scores of small GPT-2s of every kind of config, by transformers in float64 (one in float32).

    python3 -m venv v && v/bin/pip install torch==2.13.0 transformers==5.18.0
    v/bin/python make.py

No weights are stored: element i of the tensor called NAME is 0.4 sin(0.7 i + crc32(NAME) mod 97), plus 1 for the
gains of layer norms, rounded to float32. The test computes them by the same rule.
"""

import json
import pathlib
import zlib

import torch
import transformers
from transformers import GPT2Config, GPT2ForSequenceClassification, GPT2LMHeadModel

HERE = pathlib.Path(__file__).parent
BASE = {"vocab_size": 19, "n_positions": 12, "n_embd": 8, "n_layer": 2, "n_head": 2,
        "bos_token_id": 18, "eos_token_id": 18}
VARIANTS = [
    {},
    {"n_inner": 20},
    {"scale_attn_by_inverse_layer_idx": True},
    {"scale_attn_weights": False},
    {"activation_function": "gelu"},
    {"activation_function": "gelu_pytorch_tanh"},
    {"activation_function": "relu"},
    {"activation_function": "silu"},
    {"activation_function": "tanh"},
    {"layer_norm_epsilon": 0.1},
    {"reorder_and_upcast_attn": True},
    {"tie_word_embeddings": False},
    {"n_layer": 1, "n_head": 1},
]
IDS = [[3, 1, 4, 1, 5, 9, 2], [6, 5, 3, 5, 8, 18, 7]]
PADDED = [[3, 1, 4, 1, 5, 9, 2], [6, 5, 3, 0, 0, 0, 0]]


def fill(model):
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            steps = torch.arange(parameter.numel(), dtype=torch.float64)
            values = 0.4 * torch.sin(0.7 * steps + zlib.crc32(name.encode()) % 97)
            if ".ln_" in name and name.endswith("weight"):
                values += 1
            parameter.copy_(values.float().double().reshape(parameter.shape))
    return model.eval()


def main():
    cases = []
    for variant in VARIANTS:
        config = GPT2Config(**BASE, **{k: v for k, v in variant.items() if k not in BASE})
        for key, value in variant.items():
            setattr(config, key, value)
        config._attn_implementation = "eager"
        # transformers insists on float32 where attention is to be upcast to it.
        dtype = torch.float32 if variant.get("reorder_and_upcast_attn") else torch.float64
        model = fill(GPT2LMHeadModel(config).to(dtype))
        with torch.no_grad():
            logits = model(torch.tensor(IDS)).logits[:, -1]
        cases.append({"config": {**BASE, **variant}, "logits": logits.tolist()})

    labels = {"id2label": {"0": "no", "1": "maybe", "2": "yes"}, "label2id": {"no": 0, "maybe": 1, "yes": 2}}
    config = GPT2Config(**BASE, **labels, pad_token_id=0)
    model = fill(GPT2ForSequenceClassification(config).double())
    with torch.no_grad():
        scores = model(torch.tensor(PADDED), attention_mask=(torch.tensor(PADDED) != 0).long()).logits
    expected = {
        "versions": {"torch": torch.__version__, "transformers": transformers.__version__},
        "ids": IDS,
        "variants": cases,
        "classifier": {"config": {**BASE, **labels, "pad_token_id": 0}, "ids": PADDED, "lengths": [7, 3],
                       "logits": scores.tolist()},
    }
    rows = [f' {json.dumps(key)}: {json.dumps(value)}' for key, value in expected.items() if key != "variants"]
    rows.append(' "variants": [\n' + ",\n".join("  " + json.dumps(case) for case in cases) + "\n ]")
    (HERE / "variants.json").write_text("{\n" + ",\n".join(rows) + "\n}\n")


main()

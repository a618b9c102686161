"""Writes the folders beside this file: tiny models and what transformers computes with them in F64,
as shared/data/hf-tiny/SOURCE.md describes it, at sizes and with settings of our own.

transformers 5.18.0, torch 2.13.0:  OMP_NUM_THREADS=1 python make.py [name...]
"""

import json
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from transformers import (
    AutoModelForCausalLM, AutoModelForSequenceClassification, LlamaConfig, MistralConfig,
    MixtralConfig, OPTConfig, Qwen2Config)

HERE = Path(__file__).parent
V = 41
COMMON = dict(vocab_size=V, hidden_size=16, num_hidden_layers=2, num_attention_heads=4,
              initializer_range=0.2, bos_token_id=1, eos_token_id=2)
ROPE = dict(COMMON, intermediate_size=24, num_key_value_heads=2, max_position_embeddings=16)


def rope(kind, **more):
    return dict(rope_type=kind, rope_theta=100.0, **more)


def llama(**more):
    return LlamaConfig(**{**ROPE, **more})


# name: (config, padding side or "", time, options)
CASES = {
    "llama-biases": (llama(attention_bias=True, mlp_bias=True, head_dim=6, tie_word_embeddings=True,
                           max_position_embeddings=32), "left", 13, dict(positions=True)),
    "llama-classifier": (llama(num_labels=3, pad_token_id=0, max_position_embeddings=32), "right", 9,
                         dict(classifies=True)),
    "llama-linear": (llama(rope_parameters=rope("linear", factor=4.0)), "", 37, {}),
    "llama-dynamic": (llama(rope_parameters=rope("dynamic", factor=4.0)), "", 37, dict(cache=False)),
    "llama-yarn": (llama(head_dim=10, rope_parameters=rope(
        "yarn", factor=4.0, original_max_position_embeddings=16, beta_fast=4, mscale=1.2,
        mscale_all_dim=0.7)), "left", 37, {}),
    "llama-yarn-plain": (llama(max_position_embeddings=64, rope_parameters=rope(
        "yarn", factor=4.0, original_max_position_embeddings=16, truncate=False)), "", 31, {}),
    "llama3": (llama(head_dim=12, max_position_embeddings=64, rope_parameters=rope(
        "llama3", factor=5.0, low_freq_factor=1.0, high_freq_factor=3.0,
        original_max_position_embeddings=16)), "", 37, {}),
    "llama-longrope": (llama(max_position_embeddings=64, head_dim=8, rope_parameters=rope(
        "longrope", short_factor=[1.0, 1.1, 1.3, 1.5], long_factor=[1.0, 2.0, 3.5, 7.0],
        original_max_position_embeddings=16)), "", 37, dict(cache=False)),
    "mistral-left": (MistralConfig(**{**ROPE, "max_position_embeddings": 32}, sliding_window=5), "left", 15, {}),
    "qwen2-windows": (Qwen2Config(**{**ROPE, "num_hidden_layers": 3, "max_position_embeddings": 32},
                                  use_sliding_window=True, sliding_window=4, max_window_layers=2),
                      "right", 14, {}),
    "mixtral-router": (MixtralConfig(**{**ROPE, "max_position_embeddings": 32}, num_local_experts=5,
                                     num_experts_per_tok=2, output_router_logits=True,
                                     router_aux_loss_coef=0.3), "right", 11, {}),
    "mixtral-starved": (MixtralConfig(**{**ROPE, "max_position_embeddings": 32}, head_dim=6,
                                      num_local_experts=8, num_experts_per_tok=1, sliding_window=3,
                                      tie_word_embeddings=True), "left", 5, dict(rows=1)),
    "mixtral-classifier": (MixtralConfig(**{**ROPE, "max_position_embeddings": 32}, num_labels=3,
                                         pad_token_id=0, num_local_experts=4), "right", 9,
                           dict(classifies=True)),
    "opt-classifier": (OPTConfig(**COMMON, ffn_dim=24, init_std=0.2, max_position_embeddings=32,
                                 num_labels=3, pad_token_id=0, do_layer_norm_before=False,
                                 word_embed_proj_dim=12), "right", 9, dict(classifies=True)),
    "opt-projected": (OPTConfig(**{**COMMON, "initializer_range": 0.02}, ffn_dim=24, init_std=0.2,
                                max_position_embeddings=32, do_layer_norm_before=False,
                                word_embed_proj_dim=12), "left", 12, {}),
    "opt-bare": (OPTConfig(**COMMON, ffn_dim=24, init_std=0.2, max_position_embeddings=32,
                           enable_bias=False, tie_word_embeddings=False,
                           activation_function="gelu"), "right", 12, {}),
}


def load(folder, classifies, side=""):
    # Eager attention casts the mask of a hidden row to F32, where it is -inf: NaN in F64.
    attention = "sdpa" if side else "eager"
    kind = AutoModelForSequenceClassification if classifies else AutoModelForCausalLM
    extra = dict(experts_implementation="eager") if "mixtral" in folder.name else {}
    return kind.from_pretrained(folder, attn_implementation=attention, **extra).double().eval()


def make(name, config, side, time, rows=3, classifies=False, positions=False, cache=True):
    folder = HERE / name
    torch.manual_seed(sum(map(ord, name)))
    kind = AutoModelForSequenceClassification if classifies else AutoModelForCausalLM
    if name == "opt-bare":
        config._remove_final_layer_norm = True
    model = kind.from_config(config)
    with torch.no_grad():
        for path, weight in model.named_parameters():
            if "norm" in path and path.endswith("weight"):
                weight.uniform_(0.5, 1.5)
            elif path.endswith("bias"):
                weight.normal_(0, 0.2)
    model.save_pretrained(folder)
    model = load(folder, classifies, side)

    ids = torch.randint(3, V, (rows, time))
    mask = torch.ones_like(ids)
    if side:
        for row, pad in enumerate([0, 4, 2][:rows] if rows > 1 else [1]):
            if side == "left":
                mask[row, :pad] = 0
            else:
                mask[row, time - pad:] = 0
        ids[mask == 0] = 0
    labels = torch.tensor([0, 2, 1]) if classifies else ids.masked_fill(mask == 0, -100)
    inputs = dict(input_ids=ids, labels=labels)
    if side:
        inputs["attention_mask"] = mask
    if positions:
        inputs["position_ids"] = (mask.cumsum(1) - 1).clamp(min=0)

    out = model(**inputs)
    out.loss.backward()
    grads = {path: p.grad.float().contiguous() for path, p in model.named_parameters()}
    save_file(grads, folder / "grads.safetensors")
    expected = dict(
        architecture=type(model).__name__,
        **{key: value.tolist() for key, value in inputs.items()},
        loss=out.loss.item(),
        logits_last_row=(out.logits if classifies else out.logits[:, -1]).tolist(),
        grad_norm=torch.cat([p.grad.flatten() for p in model.parameters()]).norm().item())

    if not classifies:
        model = load(folder, classifies, side)
        prompt = torch.randint(3, V, (1, 7))
        for key, new, beams in (("greedy", 20, 1), ("beam4", 12, 4)):
            text = model.generate(prompt, max_new_tokens=new, do_sample=False, num_beams=beams,
                                  use_cache=cache, attention_mask=torch.ones_like(prompt))[0]
            expected[key] = dict(prompt=prompt[0].tolist(), ids=text.tolist())

    model = load(folder, classifies, side)
    matrices = [p for p in model.parameters() if p.dim() >= 2]
    vectors = [p for p in model.parameters() if p.dim() < 2]
    optimizer = torch.optim.AdamW(
        [{"params": matrices}, {"params": vectors, "weight_decay": 0.0}], lr=1e-3, weight_decay=0.01)
    losses = []
    for _ in range(20):
        optimizer.zero_grad()
        loss = model(**inputs).loss
        loss.backward()
        losses.append(loss.item())
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    expected["adamw20"] = dict(lr=1e-3, weight_decay_on_matrices=0.01, clip_grad_norm=1.0,
                               losses=losses)
    (folder / "expected.json").write_text(json.dumps(expected) + "\n")
    print(name, expected["loss"], expected.get("greedy", {}).get("ids"))


for name, (config, side, time, options) in CASES.items():
    if len(sys.argv) < 2 or name in sys.argv[1:]:
        make(name, config, side, time, **options)

"""Tiny T5s of awkward sizes with what transformers makes of them, and the buckets of distances.

Run with torch 2.13 and transformers 5.18: python make.py. Writes a directory for each model beside
this file, and buckets.json. All is computed in float64.
"""
import json
import pathlib

import torch
from safetensors.torch import load_file, save_file
from transformers import T5Config, T5ForConditionalGeneration
from transformers.models.t5.modeling_t5 import T5Attention

HERE = pathlib.Path(__file__).parent
SIZES = dict(vocab_size=29, d_model=10, d_kv=3, num_heads=2, d_ff=7, num_layers=3,
             num_decoder_layers=2, relative_attention_num_buckets=6,
             relative_attention_max_distance=9)


def make(name, seed, extra=None, drop=(), **more):
    torch.manual_seed(seed)
    model = T5ForConditionalGeneration(T5Config(**{**SIZES, **more}, decoder_start_token_id=5))
    model.eval()
    with torch.no_grad():
        for parameter, p in model.named_parameters():
            scale = 0.1 if "layer_norm" in parameter else 0.4
            p.copy_(torch.randn_like(p) * scale + (1.0 if "layer_norm" in parameter else 0.0))
    folder = HERE / name
    model.save_pretrained(folder)
    file = folder / "model.safetensors"
    tensors = load_file(file)
    tensors.update(extra(model) if extra else {})
    save_file({k: v.clone() for k, v in tensors.items()}, file, metadata={"format": "pt"})
    cfg = json.loads((folder / "config.json").read_text())
    for key in drop:
        cfg.pop(key, None)
    (folder / "config.json").write_text(json.dumps(cfg, indent=1, sort_keys=True) + "\n")
    model = T5ForConditionalGeneration.from_pretrained(folder).double().eval()
    g = torch.Generator().manual_seed(seed)
    ids = torch.randint(2, 29, (3, 14), generator=g)
    mask = torch.ones(3, 14, dtype=torch.long)
    mask[0, :5] = 0
    mask[2, 11:] = 0
    labels = torch.randint(2, 29, (3, 12), generator=g)
    labels[1, 4] = -100  # in the middle
    labels[2, 9:] = -100
    batch = dict(input_ids=ids, attention_mask=mask, labels=labels)
    out = model(**batch)
    out.loss.backward()
    norms = {}
    for parameter, p in model.named_parameters():
        if p.grad is not None:
            norms[parameter] = p.grad.norm().item()
    greedy = model.generate(input_ids=ids, attention_mask=mask, max_new_tokens=12, do_sample=False,
                            eos_token_id=None)
    expected = {k: v.tolist() for k, v in batch.items()}
    expected.update(loss=out.loss.item(), logits=out.logits.tolist(), grad_norms=norms,
                    greedy=greedy.tolist())
    (folder / "expected.json").write_text(json.dumps(expected) + "\n")


make("own-head", 1, feed_forward_proj="gated-silu", pad_token_id=3,
     extra=lambda m: {"lm_head.weight": torch.randn(29, 10),
                      "decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight":
                          torch.randn(6, 2)})
# As version 4 wrote the first version: the embedding under all its names.
make("all-names", 2, drop=("dtype", "scale_decoder_outputs", "dense_act_fn", "is_gated_act",
                           "tie_word_embeddings"),
     extra=lambda m: {"encoder.embed_tokens.weight": m.shared.weight.detach(),
                      "decoder.embed_tokens.weight": m.shared.weight.detach(),
                      "lm_head.weight": m.shared.weight.detach()})

tables = []
reach = torch.arange(-260, 261)
for buckets, distance in ((32, 128), (8, 20), (6, 9), (64, 256), (32, 100), (4, 3), (20, 77)):
    for both in (True, False):
        table = T5Attention._relative_position_bucket(reach, both, buckets, distance)
        # As runs: bucket and how many distances in a row fall into it.
        values, counts = torch.unique_consecutive(table, return_counts=True)
        tables.append(dict(buckets=buckets, max_distance=distance, both=both,
                           runs=[list(run) for run in zip(values.tolist(), counts.tolist())]))
(HERE / "buckets.json").write_text(json.dumps(dict(first=-260, tables=tables)) + "\n")

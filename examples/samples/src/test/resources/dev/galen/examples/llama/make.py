"""Writes the tiny LLaMA beside this file, and expected.json: what transformers computes with it.

transformers 5.18.0, torch 2.13.0:  python make.py
"""

import json
from pathlib import Path

import torch
from transformers import LlamaConfig, LlamaForCausalLM

HERE = Path(__file__).parent

torch.manual_seed(7)
config = LlamaConfig(
    vocab_size=40, hidden_size=16, intermediate_size=24, num_hidden_layers=2, num_attention_heads=4,
    num_key_value_heads=2, head_dim=4, max_position_embeddings=32, rms_norm_eps=1e-5,
    rope_theta=500.0, tie_word_embeddings=True, initializer_range=0.3, bos_token_id=1, eos_token_id=2)
model = LlamaForCausalLM(config).eval()
with torch.no_grad():
    for name, weight in model.named_parameters():
        if "norm" in name:
            weight.uniform_(0.5, 1.5)
model.save_pretrained(HERE)
(HERE / "generation_config.json").unlink()
model = LlamaForCausalLM.from_pretrained(HERE, attn_implementation="eager").double().eval()

ids = torch.randint(3, 40, (2, 9))
labels = ids.clone()
labels[0, :3] = -100
prompt = ids[0, :4]
end = model.generate(prompt[None], max_new_tokens=12, do_sample=False)[0]
beams = model.generate(prompt[None], max_new_tokens=10, do_sample=False, num_beams=4)[0]

expected = {
    "input_ids": ids.tolist(),
    "labels": labels.tolist(),
    "loss": model(ids, labels=labels).loss.item(),
    "greedy": {"prompt": prompt.tolist(), "ids": end.tolist()},
    "beam4": {"prompt": prompt.tolist(), "ids": beams.tolist()},
}


def losses(optimizer, clip):
    out = []
    for _ in range(20):
        optimizer.zero_grad()
        loss = model(ids, labels=labels).loss
        loss.backward()
        out.append(loss.item())
        if clip:
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    return out


def fresh():
    return LlamaForCausalLM.from_pretrained(HERE, attn_implementation="eager").double().eval()


matrices = [p for p in model.parameters() if p.dim() >= 2]
vectors = [p for p in model.parameters() if p.dim() < 2]
expected["adamw20"] = {"losses": losses(torch.optim.AdamW(
    [{"params": matrices}, {"params": vectors, "weight_decay": 0.0}], lr=1e-3, weight_decay=0.01), True)}
model = fresh()
expected["sgd20"] = {"losses": losses(torch.optim.SGD(model.parameters(), lr=0.01), False)}
(HERE / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")

"""Writes llama-trunk: a LLaMA that AutoModel saved, without a head and untied, with the hidden states of a text behind
its last layer, in F64.

transformers 5.18.0, torch 2.13.0:  OMP_NUM_THREADS=1 python make_trunks.py
"""

import json
from pathlib import Path

import torch
from transformers import AutoModel, LlamaConfig

folder = Path(__file__).parent / "llama-trunk"
torch.manual_seed(7)
config = LlamaConfig(
    vocab_size=31, hidden_size=12, intermediate_size=18, num_hidden_layers=2, num_attention_heads=3,
    num_key_value_heads=1, max_position_embeddings=6, initializer_range=0.3)
AutoModel.from_config(config).save_pretrained(folder)
model = AutoModel.from_pretrained(folder).double().eval()
ids = torch.randint(0, 31, (1, 11))
states = model(ids).last_hidden_state[0]
made = {"ids": ids[0].tolist(), "mean": states.mean(0).tolist(), "last": states[-1].tolist()}
(folder / "expected.json").write_text(json.dumps(made) + "\n")

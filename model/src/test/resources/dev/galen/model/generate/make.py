"""Writes processors.json: what transformers makes of given scores (5.18.0, torch 2.13.0, F64)."""
import json, math, pathlib
import torch
from transformers import GPT2Config, GPT2LMHeadModel, GenerationConfig

torch.manual_seed(7)
MODEL = GPT2LMHeadModel(GPT2Config(vocab_size=16, n_positions=32, n_embd=8, n_layer=1, n_head=1))
IDS = torch.tensor([[2, 4, 6, 4, 6, 3], [1, 1, 1, 8, 1, 1]])
SCORES = torch.randn(2, 16, dtype=torch.float64) * 2
CASES = [
    {"do_sample": True, "min_p": 0.2},
    {"do_sample": True, "typical_p": 0.5},
    {"do_sample": True, "epsilon_cutoff": 0.04},
    {"do_sample": True, "eta_cutoff": 0.2},
    {"do_sample": True, "top_h": 0.5},
    {"do_sample": True, "top_k": 50, "temperature": 1.5, "top_p": 0.9, "typical_p": 0.9, "min_p": 0.01},
    {"do_sample": True, "temperature": 0.6, "top_h": 0.8, "top_k": 6, "top_p": 0.95},
    {"repetition_penalty": 1.4, "no_repeat_ngram_size": 2, "suppress_tokens": [0, 15], "min_length": 7},
    {"no_repeat_ngram_size": 1},
    {"encoder_no_repeat_ngram_size": 2, "encoder_repetition_penalty": 1.3, "repetition_penalty": 1.1},
    {"bad_words_ids": [[5], [6, 3, 1], [1, 1, 7], [9]]},
    {"sequence_bias": [[[5], 1.5], [[6, 3, 1], -2.0], [[1, 2], 0.5]], "repetition_penalty": 0.8},
    {"min_new_tokens": 3}, {"min_new_tokens": 2}, {"min_length": 6},
    {"forced_eos_token_id": [9, 4], "max_length": 7},
    {"forced_eos_token_id": 9, "max_length": 8},
    {"forced_bos_token_id": 4},
    {"exponential_decay_length_penalty": [1, 1.7]},
    {"suppress_tokens": [3], "begin_suppress_tokens": [4]},
]


def shown(x):
    return [str(v) if math.isinf(v) else v for v in x]


out = []
for settings in CASES:
    config = GenerationConfig(eos_token_id=[9, 10], **settings)
    config.max_length = config.max_length or 32
    MODEL._prepare_special_tokens(config, True, device="cpu")
    # What generate fills in where nothing is said.
    config.update(**GenerationConfig._get_default_generation_params(), defaults_only=True)
    chain = MODEL._get_logits_processor(config, 4, IDS[:, :4], None, None, "cpu", {})
    out.append({"settings": settings, "scores": [shown(r) for r in chain(IDS, SCORES.clone()).tolist()]})
path = pathlib.Path(__file__).with_name("processors.json")
path.write_text(json.dumps({"ids": IDS.tolist(), "promptLength": 4, "ends": [9, 10],
                            "given": SCORES.tolist(), "cases": out}) + "\n")

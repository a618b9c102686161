"""What transformers says of the inside of small models: hidden states and attention weights.

Run with transformers 5.18.0 and torch 2.13.0: python make.py SHARED_DATA > inside.json
The first model is the fixture ../tiny-gpt2, the others are those of SHARED_DATA/hf-tiny.
"""

import json
import pathlib
import sys

import torch
import transformers

HERE = pathlib.Path(__file__).parent
SHARED = pathlib.Path(sys.argv[1]) / "hf-tiny"
CLASSES = {
    "gpt2-lm": transformers.AutoModelForCausalLM,
    "llama": transformers.AutoModelForCausalLM,
    "llama-rope-scaled": transformers.AutoModelForCausalLM,
    "mistral-window": transformers.AutoModelForCausalLM,
    "mixtral": transformers.AutoModelForCausalLM,
    "qwen2": transformers.AutoModelForCausalLM,
    "opt": transformers.AutoModelForCausalLM,
    "bert-mlm": transformers.AutoModelForMaskedLM,
    "t5": transformers.AutoModelForSeq2SeqLM,
    "t5-gated": transformers.AutoModelForSeq2SeqLM,
}


def flat(tensors):
    return [[float("%.7g" % x) for x in t.flatten().tolist()] for t in tensors]


def case(name, directory, model_class):
    dtype = torch.float32 if name == "mixtral" else torch.float64  # its experts have no float64
    model = model_class.from_pretrained(
        directory, dtype=dtype, attn_implementation="eager"
    ).eval()
    ids = torch.tensor([[3, 17, 5, 44, 9, 28, 12]])
    decoder = torch.tensor([[0, 7, 21, 7]])
    given = {"input_ids": ids, "output_hidden_states": True, "output_attentions": True}
    encodes = model.config.is_encoder_decoder
    if encodes:
        given["decoder_input_ids"] = decoder
    with torch.no_grad():
        out = model(**given)
    made = {"model": name, "ids": ids[0].tolist()}
    if encodes:
        made["decoder_ids"] = decoder[0].tolist()
        made["encoder_states"] = flat(out.encoder_hidden_states)
        made["decoder_states"] = flat(out.decoder_hidden_states)
        made["encoder_attentions"] = flat(out.encoder_attentions)
        made["decoder_attentions"] = flat(out.decoder_attentions)
        made["cross_attentions"] = flat(out.cross_attentions)
    else:
        made["states"] = flat(out.hidden_states)
        made["attentions"] = flat(out.attentions)
    return made


cases = [case("fixture", HERE.parent / "tiny-gpt2", transformers.AutoModelForCausalLM)]
for name, model_class in CLASSES.items():
    cases.append(case(name, SHARED / name, model_class))
print("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]")

"""Tiny BERTs in the spellings that are found in the wild, with what transformers makes of them.

Run with torch 2.13 and transformers 5.18: python make.py. Writes a directory for each model beside
this file; expected.json has the inputs, the loss, the outputs and, of trained heads, the gradients'
norm. All is computed in float64.
"""
import json
import pathlib

import torch
from safetensors.torch import load_file, save_file
from transformers import (BertConfig, BertForMaskedLM, BertForPreTraining,
                          BertForSequenceClassification, BertForTokenClassification, BertModel)

HERE = pathlib.Path(__file__).parent
SIZES = dict(vocab_size=31, hidden_size=12, num_hidden_layers=2, num_attention_heads=3,
             intermediate_size=20, max_position_embeddings=11, type_vocab_size=3)


def config(**more):
    return BertConfig(**{**SIZES, **more})


def inputs(seed):
    g = torch.Generator().manual_seed(seed)
    ids = torch.randint(1, 31, (3, 9), generator=g)
    types = torch.randint(0, 3, (3, 9), generator=g)
    mask = torch.ones(3, 9, dtype=torch.long)
    mask[0, :4] = 0  # on the left
    mask[1, 6:] = 0  # on the right
    return dict(input_ids=ids, attention_mask=mask, token_type_ids=types)


def spread(model, seed):
    """Larger weights than a fresh model has, so that every part shows in the outputs."""
    torch.manual_seed(seed)
    with torch.no_grad():
        for name, p in model.named_parameters():
            p.copy_(torch.randn_like(p) * 0.3 + (1.0 if "LayerNorm.weight" in name else 0.0))
    return model.eval()


def write(name, model, batch, outputs, loss=None, drop=(), rename=None, extra=None):
    folder = HERE / name
    model.float().save_pretrained(folder)
    file = folder / "model.safetensors"
    tensors = load_file(file)
    if rename:
        tensors = {rename(k): v for k, v in tensors.items()}
    tensors.update(extra or {})
    save_file({k: v.clone() for k, v in tensors.items()}, file, metadata={"format": "pt"})
    (folder / "generation_config.json").unlink(missing_ok=True)
    cfg = json.loads((folder / "config.json").read_text())
    for key in drop:
        cfg.pop(key, None)
    (folder / "config.json").write_text(json.dumps(cfg, indent=1, sort_keys=True) + "\n")
    expected = {k: v.tolist() for k, v in batch.items()}
    expected.update({k: v.tolist() for k, v in outputs.items()})
    if loss is not None:
        expected["loss"] = loss.item()
        expected["grad_norm"] = torch.sqrt(sum((p.grad ** 2).sum() for p in model.parameters()
                                               if p.grad is not None)).item()
    (folder / "expected.json").write_text(json.dumps(expected) + "\n")


def trained(name, model, batch, **more):
    model = model.double()
    out = model(**batch)
    out.loss.backward()
    write(name, model, batch, {"logits": out.logits}, out.loss, **more)


def old_names(name):
    return (name.replace("LayerNorm.weight", "LayerNorm.gamma")
            .replace("LayerNorm.bias", "LayerNorm.beta"))


# Pretrained as its authors did, converted from TensorFlow, with the buffer of old versions.
pretraining = spread(BertForPreTraining(config()), 1)
masked = BertForMaskedLM(config()).eval()
masked.load_state_dict(pretraining.state_dict(), strict=False)
masked = masked.double()
batch = inputs(1)
labels = torch.full((3, 9), -100)
labels[:, 4:6] = batch["input_ids"][:, 4:6]
out = masked(**batch, labels=labels)
out.loss.backward()
gradient = torch.sqrt(sum((p.grad ** 2).sum() for p in masked.parameters() if p.grad is not None))
write("old-names", pretraining, {**batch, "labels": labels}, {"logits": out.logits},
      rename=old_names,
      extra={"bert.embeddings.position_ids": torch.arange(11).reshape(1, 11),
             "cls.predictions.decoder.weight":
                 pretraining.bert.embeddings.word_embeddings.weight.detach().clone()},
      drop=("dtype", "tie_word_embeddings", "pad_token_id", "bos_token_id", "eos_token_id"))
file = HERE / "old-names" / "expected.json"
expected = json.loads(file.read_text())
expected["loss"] = out.loss.item()
expected["grad_norm"] = gradient.item()
file.write_text(json.dumps(expected) + "\n")

# The encoder alone, whose tensors have no prefix; with and without pooler.
encoder = spread(BertModel(config(hidden_act="gelu_new")), 2).double()
batch = inputs(2)
out = encoder(**batch)
write("encoder", encoder, batch,
      {"hidden": out.last_hidden_state, "pooled": out.pooler_output})
encoder = spread(BertModel(config(num_hidden_layers=1), add_pooling_layer=False), 3).double()
batch = {"input_ids": inputs(3)["input_ids"]}
out = encoder(**batch)
write("no-pooler", encoder, batch, {"hidden": out.last_hidden_state})

# A head of its own, with values that differ from the embedding.
untied = spread(BertForMaskedLM(config(tie_word_embeddings=False, num_hidden_layers=1)), 4)
batch = inputs(4)
trained("untied", untied, {**batch, "labels": batch["input_ids"]})

# What classifiers predict.
labels = torch.tensor([[0.0, 1, 1, 0], [1, 1, 0, 0], [0, 0, 0, 1]], dtype=torch.float64)
several = config(num_labels=4, problem_type="multi_label_classification", classifier_dropout=0.3)
trained("multi-label", spread(BertForSequenceClassification(several), 5),
        {**inputs(5), "labels": labels})
number = config(num_labels=1, hidden_act="relu", num_hidden_layers=1)
trained("regression", spread(BertForSequenceClassification(number), 6),
        {**inputs(6), "labels": torch.tensor([0.5, -2.0, 3.25], dtype=torch.float64)})
labels = torch.randint(0, 5, (3, 9), generator=torch.Generator().manual_seed(7))
labels[0, :5] = -100
labels[2, 8] = -100
trained("tagger", spread(BertForTokenClassification(config(num_labels=5)), 7),
        {**inputs(7), "labels": labels})

"""Writes the folders beside this file: adapters that PEFT saved beside the models of ../hf, and what it
computes with them in F64 (expected.json, of the form of shared/data/recipe-cases/lora/expected.json).

peft 0.21.0, transformers 5.18.0, torch 2.13.0:  OMP_NUM_THREADS=1 python make.py [name...]
"""

import json
import shutil
import sys
import warnings
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoModelForSequenceClassification

warnings.filterwarnings("ignore")
HERE = Path(__file__).parent

# name: (model, settings)
CASES = {
    "dora-embedding": ("llama-biases", dict(
        r=3, lora_alpha=5, target_modules=["q_proj", "up_proj", "embed_tokens"], use_dora=True,
        bias="lora_only")),
    "layers-and-norms": ("llama-biases", dict(
        r=2, target_modules=["q_proj", "k_proj", "down_proj"], exclude_modules=["k_proj"],
        layers_to_transform=[1], layers_pattern="layers", modules_to_save=["norm"])),
    "tied-saved": ("llama-biases", dict(
        r=2, target_modules=["v_proj"], modules_to_save=["embed_tokens", "lm_head"])),
    "tied-head": ("llama-biases", dict(r=2, target_modules=["v_proj", "lm_head"], lora_bias=False)),
    "classifier": ("llama-classifier", dict(
        r=2, target_modules="all-linear", use_rslora=True, bias="all", task_type="SEQ_CLS")),
    "projected": ("opt-projected", dict(
        r=3, target_modules=r".*(fc1|project_in|layers\.1\.self_attn\.[qv]_proj)",
        rank_pattern={"fc1": 2}, alpha_pattern={r"layers\.1\.fc1": 9, "project_in": 2.5},
        lora_dropout=0.2)),
    "experts": ("mixtral-router", dict(r=2, lora_alpha=3, target_modules=["k_proj", "w1", "w2", "w3"])),
}


def load(folder, classifies):
    kind = AutoModelForSequenceClassification if classifies else AutoModelForCausalLM
    extra = dict(experts_implementation="eager") if "mixtral" in folder.name else {}
    return kind.from_pretrained(folder, attn_implementation="sdpa", **extra)


def last(model, batch):
    logits = model(**{k: v for k, v in batch.items() if k != "labels"}).logits
    return (logits if logits.dim() == 2 else logits[:, -1]).tolist()


def make(name, base, settings):
    folder, source = HERE / name, HERE.parent / "hf" / base
    shutil.rmtree(folder, ignore_errors=True)
    torch.manual_seed(sum(map(ord, name)))
    classifies = "task_type" in settings
    settings = {"task_type": "CAUSAL_LM", "init_lora_weights": False, **settings}
    model = get_peft_model(load(source, classifies), LoraConfig(**settings))
    with torch.no_grad():
        for key, parameter in model.named_parameters():
            if parameter.requires_grad and "lora_A" not in key and "lora_embedding_A" not in key:
                parameter += 0.1 * torch.randn_like(parameter)
    model.save_pretrained(folder)
    (folder / "README.md").unlink(missing_ok=True)
    path = folder / "adapter_config.json"
    config = json.loads(path.read_text())
    config["base_model_name_or_path"] = base
    for key in ("target_modules", "exclude_modules", "modules_to_save"):
        if isinstance(config[key], list):
            config[key] = sorted(config[key])
    config["init_lora_weights"] = True
    path.write_text(json.dumps(config, indent=2, sort_keys=True))

    def again():
        # The configs' dropout is off in either mode, so that what is trained is what is measured.
        return PeftModel.from_pretrained(load(source, classifies), folder, is_trainable=True).double().eval()

    model = again()
    given = json.loads((source / "expected.json").read_text())
    inputs = {k: given[k] for k in ("input_ids", "attention_mask", "position_ids", "labels") if k in given}
    batch = {k: torch.tensor(v) for k, v in inputs.items()}
    loss = model(**batch).loss
    loss.backward()
    norms = {k: p.grad.norm().item() if p.grad is not None else 0.0
             for k, p in model.named_parameters() if p.requires_grad}
    case = dict(
        id=name, folder=name, checkpoint=base, inputs=inputs,
        trainable_parameters=sum(p.numel() for p in model.parameters() if p.requires_grad),
        loss=loss.item(), logits=last(model, batch), grad_norm_by_parameter=norms,
        grad_norm=sum(n * n for n in norms.values()) ** 0.5)
    with torch.no_grad(), model.disable_adapter():
        case["loss_adapter_off"] = model(**batch).loss.item()
    trained = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW([
        dict(params=[p for p in trained if p.dim() >= 2], weight_decay=0.01),
        dict(params=[p for p in trained if p.dim() < 2], weight_decay=0.0)], lr=2e-3)
    losses = []
    for _ in range(20):
        optimizer.zero_grad()
        loss = model(**batch).loss
        loss.backward()
        losses.append(loss.item())
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
    case["adamw20"] = dict(lr=2e-3, weight_decay_on_2_or_more_dimensions=0.01, losses=losses)
    merged = again().merge_and_unload()
    with torch.no_grad():
        case["logits_merged"] = last(merged, batch)
        case["loss_merged"] = merged(**batch).loss.item()
    print(name, case["loss"], case["loss_merged"], sorted(load_file(folder / "adapter_model.safetensors"))[:6])
    return case


chosen = sys.argv[1:] or list(CASES)
file = HERE / "expected.json"
cases = {c["id"]: c for c in json.loads(file.read_text())["cases"]} if file.exists() else {}
for name in chosen:
    cases[name] = make(name, *CASES[name])
file.write_text(json.dumps(dict(cases=[cases[n] for n in CASES if n in cases])))

"""Makes the files beside it: a random GPT-2 and what PyTorch and transformers compute from it.

    python3 -m venv v && v/bin/pip install torch==2.13.0 transformers==5.18.0
    v/bin/python make.py

The model is random, sharpened so that its texts vary, and was kept small (V 61, T 40, C 16, L 2, H 2).
Forward, loss and training run in float64 with dropout off. Generation runs in float32 as users have it, and again
in float64: only where both agree is a continuation written down, since a near tie may fall either way elsewhere.
"""

import json
import pathlib

import torch
import transformers
from transformers import GenerationConfig, GPT2Config, GPT2LMHeadModel
from transformers.generation import logits_process as processors

HERE = pathlib.Path(__file__).parent
VOCABULARY = 61
END = 31


def build():
    torch.manual_seed(20250)
    config = GPT2Config(
        vocab_size=VOCABULARY,
        n_positions=40,
        n_embd=16,
        n_layer=2,
        n_head=2,
        bos_token_id=END,
        eos_token_id=END,
    )
    model = GPT2LMHeadModel(config).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            # No bias may stay 0 and no gain 1, or a mistake with them would not show.
            noise = torch.randn_like(parameter)
            if name.endswith("ln_1.weight") or name.endswith("ln_2.weight") or name.endswith("ln_f.weight"):
                parameter.copy_(1 + 0.2 * noise)
            elif name.endswith("bias"):
                parameter.copy_(0.05 * noise)
            elif "wte" in name:
                parameter.copy_(0.5 * noise)
            elif "wpe" in name:
                parameter.copy_(1.0 * noise)
            else:
                parameter.copy_(0.35 * noise)
    model.save_pretrained(HERE)
    (HERE / "generation_config.json").unlink()


def load(dtype):
    return GPT2LMHeadModel.from_pretrained(HERE, dtype=dtype, attn_implementation="eager").eval()


def generate(model, prompt, new, **settings):
    settings.setdefault("eos_token_id", END)
    config = GenerationConfig(max_new_tokens=new, do_sample=False, pad_token_id=0, **settings)
    with torch.no_grad():
        ids = torch.tensor([prompt])
        # Without a mask transformers would hide prompt tokens that equal the padding id.
        return model.generate(ids, attention_mask=torch.ones_like(ids), generation_config=config)[0].tolist()


def generation(generator):
    names = {"beams": "num_beams", "repetitionPenalty": "repetition_penalty",
             "lengthPenalty": "length_penalty", "endOfTextId": "eos_token_id"}
    models = [load(torch.float32), load(torch.float64)]
    for model in models:
        # Else the end that a case leaves out would come back from the model's own settings.
        model.generation_config = GenerationConfig()
    cases = []
    kinds = [{}, {"endOfTextId": -1}, {"repetitionPenalty": 1.3}]
    for beams in (2, 3, 5):
        kinds += [{"beams": beams, **more} for more in (
            {}, {"endOfTextId": -1}, {"lengthPenalty": 2.0}, {"lengthPenalty": 0.0}, {"lengthPenalty": -1.0},
            {"repetitionPenalty": 1.4})]
    for settings in kinds:
        translated = {names[key]: value for key, value in settings.items()}
        if settings.get("endOfTextId") == -1:
            translated["eos_token_id"] = None
        for length in (1, 3, 5, 8):
            prompt = torch.randint(0, VOCABULARY, (length,), generator=generator).tolist()
            single, double = (generate(model, prompt, 16, **translated) for model in models)
            if single == double:
                cases.append({"prompt": prompt, "maxNewTokens": 16, **settings, "ids": single})
    return cases


def processed(generator):
    """Scores after each processor, and after all of them; None stands for minus infinity.

    Which of several equal scores top-p keeps depends on PyTorch's sort, which is not stable: hold those rows
    against the sorted scores only.
    """
    rows = {
        "normal": (3 * torch.randn(24, generator=generator)).tolist(),
        "tied": torch.randint(-2, 3, (24,), generator=generator).float().tolist(),
        "uniform": [0.0] * 16,
        "peaked": [20.0] + [0.0] * 15,
        "negative": (-5 - torch.rand(24, generator=generator)).tolist(),
    }
    seen = [3, 3, 0, 11]
    cases = []
    for name, row in rows.items():
        for settings in (
            {"temperature": 0.7}, {"temperature": 1.9},
            {"topK": 1}, {"topK": 5}, {"topK": 100},
            {"topP": 0.01}, {"topP": 0.25}, {"topP": 0.5}, {"topP": 0.9}, {"topP": 0.999},
            {"repetitionPenalty": 1.2}, {"repetitionPenalty": 0.8},
            {"repetitionPenalty": 1.2, "temperature": 0.8, "topK": 12, "topP": 0.85},
        ):
            scores = torch.tensor([row])
            ids = torch.tensor([seen])
            make = {"repetitionPenalty": processors.RepetitionPenaltyLogitsProcessor,
                    "temperature": processors.TemperatureLogitsWarper,
                    "topK": processors.TopKLogitsWarper,
                    "topP": processors.TopPLogitsWarper}
            for key, value in settings.items():
                scores = make[key](value)(ids, scores)
            values = [None if value == float("-inf") else value for value in scores[0].tolist()]
            cases.append({"row": name, "settings": settings, "scores": values})
    return {"rows": rows, "seen": seen, "cases": cases}


def training(generator):
    """Loss, scores, and the losses before each of five AdamW steps on one batch."""
    model = load(torch.float64)
    ids = torch.randint(0, VOCABULARY, (3, 11), generator=generator)
    labels = ids.clone()
    labels[0, :4] = -100
    labels[2, 8:] = -100
    output = model(ids, labels=labels)
    learning_rate, decay, clip = 0.01, 0.1, 1.0
    parameters = list(model.parameters())
    optimizer = torch.optim.AdamW(
        [{"params": [p for p in parameters if p.dim() >= 2], "weight_decay": decay},
         {"params": [p for p in parameters if p.dim() < 2], "weight_decay": 0.0}],
        lr=learning_rate, betas=(0.9, 0.999), eps=1e-8)
    losses, norms = [], []
    for _ in range(5):
        optimizer.zero_grad()
        loss = model(ids, labels=labels).loss
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(parameters, clip).item())
        losses.append(loss.item())
        optimizer.step()
    return {
        "ids": ids.tolist(), "labels": labels.tolist(), "loss": output.loss.item(),
        "lastLogits": output.logits[:, -1].tolist(),
        "adamw": {"learningRate": learning_rate, "betas": [0.9, 0.999], "epsilon": 1e-8,
                  "weightDecayOnMatrices": decay, "clipByGlobalNorm": clip,
                  "losses": losses, "gradNorms": norms},
    }


def lines(value, indent=""):
    """JSON with a line for each case and each row of numbers."""
    inner = indent + " "
    if isinstance(value, dict) and indent.count(" ") < 3:
        parts = [f"{inner}{json.dumps(key)}: {lines(part, inner)}" for key, part in value.items()]
        return "{\n" + ",\n".join(parts) + "\n" + indent + "}"
    if isinstance(value, list) and value and isinstance(value[0], (dict, list)):
        return "[\n" + ",\n".join(inner + json.dumps(part) for part in value) + "\n" + indent + "]"
    return json.dumps(value)


def main():
    generator = torch.Generator().manual_seed(7)
    build()
    expected = {
        "versions": {"torch": torch.__version__, "transformers": transformers.__version__},
        "generation": generation(generator),
        "processed": processed(generator),
        "training": training(generator),
    }
    (HERE / "expected.json").write_text(lines(expected) + "\n")
    ended = [case for case in expected["generation"] if case["ids"][-1] == END]
    print(len(expected["generation"]), "continuations,", len(ended), "of which end")


main()

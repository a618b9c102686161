"""BERT, T5 and LLaMA for `peer.py`: transformers' own models with sdpa, which trains and runs them.

A request has the model's config.json, so that both sides have one shape; weights are random.
"""

import time


def made(config, train):
    """The model; dropout is off in the config.

    For inference weights lie [in, out], as in peer.py's GPT-2: MKL multiplies a single row faster so.
    """
    import torch
    import transformers

    kinds = {
        "bert": (transformers.BertConfig, transformers.BertForMaskedLM),
        "t5": (transformers.T5Config, transformers.T5ForConditionalGeneration),
        "llama": (transformers.LlamaConfig, transformers.LlamaForCausalLM),
    }
    shape, kind = kinds[config["model_type"]]
    model = kind._from_config(shape(**config), attn_implementation="sdpa").train(train)
    if not train:
        with torch.no_grad():
            for layer in model.modules():
                if isinstance(layer, torch.nn.Linear):
                    layer.weight.data = layer.weight.data.t().contiguous().t()
    return model


def family_train_step(config, batch, time):
    """Forward, backward and fused AdamW; every token has a label."""
    import torch

    model = made(config, train=True)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=0.01, fused=True)
    ids = torch.randint(3, config["vocab_size"], (batch, time))
    mask = torch.ones_like(ids) if config["model_type"] != "llama" else None

    def step():
        loss = model(input_ids=ids, attention_mask=mask, labels=ids).loss
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss.item()

    step()
    return lambda times: clocked(step, times)


def family_prefill(config, time):
    """The logits behind a prompt: the last token's, the decoder's first for T5, all of BERT's."""
    import torch

    model = made(config, train=False)
    ids = torch.randint(3, config["vocab_size"], (1, time))
    more = {
        "bert": {},
        "t5": {"decoder_input_ids": torch.zeros(1, 1, dtype=torch.long), "use_cache": True},
        "llama": {"use_cache": True, "logits_to_keep": 1},
    }[config["model_type"]]

    def once():
        with torch.inference_mode():
            return int(model(input_ids=ids, **more).logits[0, -1].argmax())

    return lambda times: clocked(once, times)


def family_decode(config, prompt, new):
    """Greedy tokens one by one; the prompt does not count."""
    import torch

    model = made(config, train=False)
    ids = torch.randint(3, config["vocab_size"], (1, prompt))

    def run(times):
        seconds = 0.0
        with torch.inference_mode():
            for _ in range(times):
                out = model(ids, use_cache=True, logits_to_keep=1)
                start = time.perf_counter()
                for _ in range(new):
                    token = out.logits[:, -1:].argmax(-1)
                    int(token)
                    out = model(token, past_key_values=out.past_key_values, use_cache=True)
                seconds += time.perf_counter() - start
        return seconds

    return run


def clocked(once, times):
    start = time.perf_counter()
    for _ in range(times):
        once()
    return time.perf_counter() - start

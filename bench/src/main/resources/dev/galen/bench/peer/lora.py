"""LoRA on a LLaMA for `peer.py`: PEFT on transformers' own model with sdpa."""

import families


def update(model, rank, alpha, batch, time):
    """Forward, backward and fused AdamW of an adapter on all matrices; every token has a label."""
    import peft
    import torch

    vocabulary = model.config.vocab_size
    config = peft.LoraConfig(
        r=rank, lora_alpha=alpha, target_modules="all-linear", task_type="CAUSAL_LM"
    )
    model = peft.get_peft_model(model, config).train()
    learned = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(learned, lr=1e-4, weight_decay=0.01, fused=True)
    ids = torch.randint(3, vocabulary, (batch, time))

    def step():
        loss = model(input_ids=ids, labels=ids).loss
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def lora_train_step(config, rank, alpha, batch, time):
    """Updates of an adapter on a model of random weights."""
    step = update(families.made(config, train=True), rank, alpha, batch, time)
    step()
    return lambda times: families.clocked(step, times)


def memory(directory, shape):
    """Loads a model, trains its adapter for some updates, prints the most memory it needed."""
    import torch
    import transformers

    rank, alpha, batch, time, updates = map(int, shape.split())
    torch.manual_seed(1)
    model = transformers.AutoModelForCausalLM.from_pretrained(
        directory, attn_implementation="sdpa", dtype=torch.float32
    )
    step = update(model, rank, alpha, batch, time)
    for _ in range(updates):
        step()
    with open("/proc/self/status") as status:
        line = next(line for line in status if line.startswith("VmHWM:"))
    print(1024 * int(line.split()[1]))

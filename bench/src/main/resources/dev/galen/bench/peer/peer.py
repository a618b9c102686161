"""The python side of `galen bench --peers`: PyTorch, transformers, PEFT and tiktoken at their best.

Reads one JSON object per line on standard input and answers each with one on standard output:

  {"do": "hello", "threads": 2}               -> versions of the libraries that are here
  {"do": "prepare", "work": NAME, ...}        -> {"id": 1}; NAME below makes something to run
  {"do": "run", "id": 1, "times": 3}          -> {"seconds": what it took}
  {"do": "drop", "id": 1}                     -> {}; forgets it

`peer.py first-token DIR PROMPT` loads a model, prints one new token and ends;
`peer.py lora-memory DIR SHAPE` loads one, trains an adapter and prints the most memory it needed.
"""

import gc
import importlib
import json
import math
import os
import signal
import sys
import time

import families
import lora

CHANNELS, LAYERS, HEADS, VOCABULARY, CONTEXT = 768, 12, 12, 50257, 1024


def timed(once):
    """Something to run, all of which counts."""

    def run(times):
        start = time.perf_counter()
        for _ in range(times):
            once()
        return time.perf_counter() - start

    return run


def gpt2(train):
    """GPT-2 124M with random weights, written for PyTorch: fused projections, sdpa, tied head.

    Weights lie [in, out], which MKL multiplies faster than nn.Linear's [out, in]: slightly in
    training, by a fifth a single row. For inference the head is a copy that lies so as well.
    """
    import torch
    from torch import nn
    from torch.nn import functional as F

    class Projection(nn.Module):
        def __init__(self, inputs, outputs):
            super().__init__()
            self.weight = nn.Parameter(torch.empty(inputs, outputs))
            self.bias = nn.Parameter(torch.zeros(outputs))

        def forward(self, x):
            y = torch.addmm(self.bias, x.view(-1, x.shape[-1]), self.weight)
            return y.view(*x.shape[:-1], -1)

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.ln_1 = nn.LayerNorm(CHANNELS)
            self.c_attn = Projection(CHANNELS, 3 * CHANNELS)
            self.c_proj = Projection(CHANNELS, CHANNELS)
            self.ln_2 = nn.LayerNorm(CHANNELS)
            self.c_fc = Projection(CHANNELS, 4 * CHANNELS)
            self.mlp_proj = Projection(4 * CHANNELS, CHANNELS)

        def forward(self, x, cache, past):
            b, t, c = x.shape
            q, k, v = (
                part.view(b, t, HEADS, c // HEADS).transpose(1, 2)
                for part in self.c_attn(self.ln_1(x)).split(c, dim=2)
            )
            if cache is not None:
                cache[0][:, :, past : past + t] = k
                cache[1][:, :, past : past + t] = v
                k, v = cache[0][:, :, : past + t], cache[1][:, :, : past + t]
            y = F.scaled_dot_product_attention(q, k, v, is_causal=t > 1)
            x = x + self.c_proj(y.transpose(1, 2).reshape(b, t, c))
            return x + self.mlp_proj(F.gelu(self.c_fc(self.ln_2(x)), approximate="tanh"))

    class Gpt2(nn.Module):
        def __init__(self):
            super().__init__()
            self.wte = nn.Embedding(VOCABULARY, CHANNELS)
            self.wpe = nn.Embedding(CONTEXT, CHANNELS)
            self.h = nn.ModuleList([Block() for _ in range(LAYERS)])
            self.ln_f = nn.LayerNorm(CHANNELS)
            for name, p in self.named_parameters():
                if p.dim() == 2:
                    nn.init.normal_(p, std=0.02)

        def forward(self, ids, caches=None, past=0, last=False):
            positions = torch.arange(past, past + ids.shape[1])
            x = self.wte(ids) + self.wpe(positions)
            for i, block in enumerate(self.h):
                x = block(x, caches[i] if caches else None, past)
            x = self.ln_f(x[:, -1:] if last else x)
            return F.linear(x, self.wte.weight) if train else x @ self.head

    model = Gpt2().train(train)
    if not train:
        model.head = model.wte.weight.detach().t().contiguous()
    return model


def caches(capacity):
    import torch

    size = CHANNELS // HEADS
    return [
        (torch.zeros(1, HEADS, capacity, size), torch.zeros(1, HEADS, capacity, size))
        for _ in range(LAYERS)
    ]


def train_step(batch, time):
    """Forward, backward and fused AdamW; no clipping, which ours has."""
    import torch
    from torch.nn import functional as F

    model = gpt2(train=True)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=0.01, fused=True)
    ids = torch.randint(VOCABULARY, (batch, time))

    def step():
        logits = model(ids)[:, :-1]
        loss = F.cross_entropy(logits.reshape(-1, VOCABULARY), ids[:, 1:].reshape(-1))
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss.item()

    first = step()
    if abs(first - math.log(VOCABULARY)) > 0.5:
        raise ValueError(f"first loss {first}")
    return timed(step)


def prefill(time):
    """The scores of the token after a prompt, with keys and values kept."""
    import torch

    model = gpt2(train=False)
    ids = torch.randint(VOCABULARY, (1, time))
    kept = caches(time)

    def once():
        with torch.inference_mode():
            return int(model(ids, kept, last=True).argmax())

    return timed(once)


def decode(prompt, new):
    """Greedy tokens one by one; the prompt does not count."""
    import torch

    model = gpt2(train=False)
    ids = torch.randint(VOCABULARY, (1, prompt))
    kept = caches(prompt + new)

    def run(times):
        seconds = 0.0
        with torch.inference_mode():
            for _ in range(times):
                token = model(ids, kept, last=True).argmax(-1)
                start = time.perf_counter()
                for i in range(new):
                    token = model(token, kept, past=prompt + i, last=True).argmax(-1)
                    int(token)
                seconds += time.perf_counter() - start
        return seconds

    return run


def transformers_decode(prompt, new):
    """The same by transformers' own model and cache."""
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    model = GPT2LMHeadModel._from_config(GPT2Config(), attn_implementation="sdpa").eval()
    ids = torch.randint(VOCABULARY, (1, prompt))

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


def matmul(m, n, k, ta, tb):
    """C[m, n] = op(A) op(B) into memory that is there."""
    import torch

    a = torch.randn(k, m).t() if ta else torch.randn(m, k)
    b = torch.randn(n, k).t() if tb else torch.randn(k, n)
    c = torch.empty(m, n)

    def once():
        with torch.inference_mode():
            torch.matmul(a, b, out=c)

    return timed(once)


def attention(heads, time, size):
    """scaled_dot_product_attention, causal, forward and backward."""
    import torch
    from torch.nn import functional as F

    q, k, v = (torch.randn(1, heads, time, size, requires_grad=True) for _ in range(3))
    d_out = torch.randn(1, heads, time, size)

    def once():
        q.grad = k.grad = v.grad = None
        F.scaled_dot_product_attention(q, k, v, is_causal=True).backward(d_out)

    return timed(once)


def tiktoken_encode(ranks, text, ids):
    """tiktoken's encode_ordinary of each page, on one thread."""
    import tiktoken
    from tiktoken.load import load_tiktoken_bpe

    pattern = r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s"""
    encoding = tiktoken.Encoding(
        "r50k_base",
        pat_str=pattern,
        mergeable_ranks=load_tiktoken_bpe(ranks),
        special_tokens={"<|endoftext|>": 50256},
    )
    with open(text, encoding="utf-8") as file:
        documents = json.load(file)

    def once():
        return sum(len(encoding.encode_ordinary(document)) for document in documents)

    if once() != ids:
        raise ValueError(f"tiktoken has {once()} ids for this text, Galen {ids}")
    return timed(once)


def load(directory):
    """transformers' from_pretrained, model and tokenizer."""
    from transformers import GPT2LMHeadModel, GPT2TokenizerFast

    def once():
        GPT2LMHeadModel.from_pretrained(directory)
        GPT2TokenizerFast.from_pretrained(directory)

    return timed(once)


def first_token(directory, prompt):
    """What a user waits for: imports, loading, one forward pass."""
    import torch
    from transformers import GPT2LMHeadModel, GPT2TokenizerFast

    tokenizer = GPT2TokenizerFast.from_pretrained(directory)
    model = GPT2LMHeadModel.from_pretrained(directory).eval()
    ids = tokenizer(prompt, return_tensors="pt").input_ids
    with torch.inference_mode():
        print(tokenizer.decode(model(ids).logits[0, -1].argmax()), flush=True)


WORKS = {
    f.__name__: f
    for f in (
        train_step,
        prefill,
        decode,
        transformers_decode,
        matmul,
        attention,
        tiktoken_encode,
        load,
        families.family_train_step,
        families.family_prefill,
        families.family_decode,
        lora.lora_train_step,
    )
}


def hello(threads):
    versions = {}
    for name in ("torch", "transformers", "peft", "tiktoken"):
        try:
            versions[name] = importlib.import_module(name).__version__
        except ImportError:
            pass
    if "torch" in versions:
        import torch

        torch.manual_seed(1)
        torch.set_num_threads(threads)
    return versions


def serve(requests, answers, works, hello, release):
    runs, count = {}, 0
    for line in requests:
        request = json.loads(line)
        do = request.pop("do")
        answer = {}
        try:
            if do == "hello":
                answer = hello(**request)
            elif do == "prepare":
                count += 1
                runs[count] = works[request.pop("work")](**request)
                answer = {"id": count}
            elif do == "run":
                answer = {"seconds": runs[request["id"]](request["times"])}
            elif do == "drop":
                del runs[request["id"]]
                release()
        except Exception as e:  # the other side names what failed, and goes on
            answer = {"error": f"{type(e).__name__}: {e}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def main(works, hello, release):
    # Standard output belongs to the answers; whatever a library prints goes to standard error.
    channel = os.fdopen(os.dup(1), "w")
    # Ctrl-C reaches this process too; the one that asks ends it by closing its input.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.dup2(2, 1)
    serve(sys.stdin, channel, works, hello, release)


if __name__ == "__main__":
    if sys.argv[1:2] == ["first-token"]:
        first_token(*sys.argv[2:])
    elif sys.argv[1:2] == ["lora-memory"]:
        lora.memory(*sys.argv[2:])
    else:
        main(WORKS, hello, gc.collect)

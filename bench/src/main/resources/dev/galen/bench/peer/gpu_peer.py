"""The PyTorch side of bench/gpu: the same work on the same GPU. peer.py has the protocol.

Every work takes "compile": False runs PyTorch's own kernels one after the other, True goes through
torch.compile. A run launches its calls one behind the other and waits for the GPU at the end, as
Galen's side does.
"""

import gc
import math
import time

import peer

TYPES = {}
DEVICE = "cuda"


def hello(device):
    global DEVICE
    import torch

    if device == "cuda" and not torch.cuda.is_available():
        raise RuntimeError("its torch sees no CUDA GPU")
    DEVICE = device
    TYPES.update(f32=torch.float32, tf32=torch.float32, bf16=torch.bfloat16)
    torch.manual_seed(1)
    # F32 products in TF32, as Galen's rows of that name; inductor asks for it by this call.
    torch.set_float32_matmul_precision("high")
    return {"torch": torch.__version__}


def wait():
    import torch

    if DEVICE == "cuda":
        torch.cuda.synchronize()


def release():
    """Gives the GPU's memory back, so that the other side can have it."""
    import torch

    gc.collect()
    torch.compiler.reset()
    if DEVICE == "cuda":
        torch.cuda.empty_cache()


def timed(once):
    def run(times):
        wait()
        start = time.perf_counter()
        for _ in range(times):
            once()
        wait()
        return time.perf_counter() - start

    return run


def compiled(function, wanted, **options):
    """Off a GPU only the tracing is tried out: inductor would want a C++ compiler."""
    import torch

    if not wanted:
        return function
    if DEVICE == "cpu":
        return torch.compile(function, backend="eager")
    return torch.compile(function, **options)


def uniform(dtype, *shape, low=-1.0):
    import torch

    return torch.empty(*shape, device=DEVICE, dtype=TYPES[dtype]).uniform_(low, 1)


def copy(dtype, compile, n):
    a, b = uniform(dtype, n), uniform(dtype, n)
    return timed(lambda: b.copy_(a))


def matmul(dtype, compile, m, n, k, ta, tb):
    """Into memory that is there."""
    import torch

    a = uniform(dtype, k, m).t() if ta else uniform(dtype, m, k)
    b = uniform(dtype, n, k).t() if tb else uniform(dtype, k, n)
    c = uniform(dtype, m, n)

    def once():
        with torch.inference_mode():
            torch.matmul(a, b, out=c)

    return timed(once)


def attention(dtype, compile, batch, heads, time, size, backward):
    """scaled_dot_product_attention, FlashAttention-2 on a GPU, heads before time as it likes."""
    import contextlib

    import torch
    from torch.nn import attention as kinds
    from torch.nn import functional as F

    shape = batch, heads, time, size
    q, k, v, d_out = (uniform(dtype, *shape) for _ in range(4))
    for x in (q, k, v):
        x.requires_grad_(backward)

    def flash():
        if DEVICE == "cpu":
            return contextlib.nullcontext()
        return kinds.sdpa_kernel(kinds.SDPBackend.FLASH_ATTENTION)

    def once():
        with flash():
            out = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        if backward:
            torch.autograd.grad(out, (q, k, v), d_out)

    return timed(once)


def layer_norm(dtype, compile, rows, channels):
    import torch
    from torch.nn import functional as F

    x, weight, bias = (uniform(dtype, *s) for s in ((rows, channels), (channels,), (channels,)))
    norm = compiled(lambda x: F.layer_norm(x, (channels,), weight, bias, 1e-5), compile)

    def once():
        with torch.no_grad():
            norm(x)

    return timed(once)


def layer_norm_backward(dtype, compile, rows, channels):
    """The kernel itself, without autograd's own time."""
    import torch

    x, d_y = uniform(dtype, rows, channels), uniform(dtype, rows, channels)
    weight, bias = uniform(dtype, channels), uniform(dtype, channels)
    _, mean, rstd = torch.native_layer_norm(x, (channels,), weight, bias, 1e-5)
    backward = torch.ops.aten.native_layer_norm_backward
    return timed(
        lambda: backward(d_y, x, (channels,), mean, rstd, weight, bias, (True, True, True))
    )


def cross_entropy(dtype, compile, rows, classes):
    """Loss and gradient of the logits."""
    import torch
    from torch.nn import functional as F

    logits = uniform(dtype, rows, classes).requires_grad_()
    labels = torch.randint(classes, (rows,), device=DEVICE)
    loss = compiled(lambda x: F.cross_entropy(x, labels), compile)
    return timed(lambda: torch.autograd.grad(loss(logits), logits))


def adamw(dtype, compile, n):
    import torch

    weight = torch.nn.Parameter(uniform(dtype, n))
    weight.grad = uniform(dtype, n)
    return timed(torch.optim.AdamW([weight], lr=1e-4, weight_decay=0.01, fused=True).step)


def gpt2(channels, inner, layers, heads, vocabulary, context):
    """GPT-2 with random weights: nn.Linear, sdpa, tied head; a cache of fixed size to decode."""
    import torch
    from torch import nn
    from torch.nn import functional as F

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.ln_1 = nn.LayerNorm(channels)
            self.c_attn = nn.Linear(channels, 3 * channels)
            self.c_proj = nn.Linear(channels, channels)
            self.ln_2 = nn.LayerNorm(channels)
            self.c_fc = nn.Linear(channels, inner)
            self.mlp_proj = nn.Linear(inner, channels)

        def forward(self, x, cache, positions, mask):
            b, t, c = x.shape
            q, k, v = (
                part.view(b, t, heads, c // heads).transpose(1, 2)
                for part in self.c_attn(self.ln_1(x)).split(c, dim=2)
            )
            if cache is None:
                y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
            else:
                cache[0].index_copy_(2, positions, k)
                cache[1].index_copy_(2, positions, v)
                y = F.scaled_dot_product_attention(q, *cache, attn_mask=mask)
            x = x + self.c_proj(y.transpose(1, 2).reshape(b, t, c))
            return x + self.mlp_proj(F.gelu(self.c_fc(self.ln_2(x)), approximate="tanh"))

    class Gpt2(nn.Module):
        def __init__(self):
            super().__init__()
            self.wte = nn.Embedding(vocabulary, channels)
            self.wpe = nn.Embedding(context, channels)
            self.h = nn.ModuleList([Block() for _ in range(layers)])
            self.ln_f = nn.LayerNorm(channels)
            for p in self.parameters():
                if p.dim() == 2:
                    nn.init.normal_(p, std=0.02)

        def forward(self, ids, positions, caches=None):
            mask = None
            if caches is not None:
                kept = torch.arange(caches[0][0].shape[2], device=ids.device)
                mask = kept[None, :] <= positions[:, None]
            x = self.wte(ids) + self.wpe(positions)
            for i, block in enumerate(self.h):
                x = block(x, None if caches is None else caches[i], positions, mask)
            x = self.ln_f(x if caches is None else x[:, -1:])
            return F.linear(x, self.wte.weight)

    return Gpt2().to(DEVICE)


def train_step(dtype, compile, model, batch, time):
    """Forward, backward, the gradient's norm, clipping and fused AdamW; autocast for BF16."""
    import torch
    from torch.nn import functional as F

    network = gpt2(**model).train()
    vocabulary = model["vocabulary"]
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-4, weight_decay=0.01, fused=True)
    ids = torch.randint(vocabulary, (batch, time), device=DEVICE)
    labels = torch.cat([ids[:, 1:], torch.full_like(ids[:, :1], -100)], dim=1)
    positions = torch.arange(time, device=DEVICE)

    def loss_of():
        logits = network(ids, positions)
        return F.cross_entropy(logits.view(-1, vocabulary), labels.view(-1))

    forward = compiled(loss_of, compile)

    def step():
        with torch.autocast(DEVICE, torch.bfloat16, enabled=dtype == "bf16"):
            loss = forward()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        return loss.item()

    first = step()
    if abs(first - math.log(vocabulary)) > 0.5:
        raise ValueError(f"first loss {first}")
    return timed(step)


def decode(dtype, compile, model, batch, prompt, new):
    """Greedy tokens one by one over a cache of fixed size; compiled into CUDA graphs."""
    import torch

    network = gpt2(**model).eval().to(TYPES[dtype])
    size = model["channels"] // model["heads"]
    shape = batch, model["heads"], prompt + new, size
    caches = [tuple(uniform(dtype, *shape) for _ in range(2)) for _ in range(model["layers"])]
    ids = torch.randint(model["vocabulary"], (batch, prompt), device=DEVICE)
    first = torch.arange(prompt, device=DEVICE)
    places = [torch.tensor([prompt + i], device=DEVICE) for i in range(new)]

    def following(ids, position):
        return network(ids, position, caches)[:, -1].argmax(-1, keepdim=True)

    forward = compiled(following, compile, mode="reduce-overhead", fullgraph=True)

    def run(times):
        seconds = 0.0
        with torch.inference_mode():
            for _ in range(times):
                token = following(ids, first)
                token.tolist()
                start = time.perf_counter()
                for place in places:
                    token = forward(token, place).clone()
                    token.tolist()  # a stream of text needs each token
                seconds += time.perf_counter() - start
        return seconds

    return run


WORKS = {
    f.__name__: f
    for f in (
        copy,
        matmul,
        attention,
        layer_norm,
        layer_norm_backward,
        cross_entropy,
        adamw,
        train_step,
        decode,
    )
}

if __name__ == "__main__":
    peer.main(WORKS, hello, release)

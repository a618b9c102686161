"""Writes pytorch.txt: inputs and what PyTorch computes from them in float64.

Run `python make_pytorch.py > pytorch.txt` with torch 2.13 (CPU). Each line is a name and the values
of one array in row-major order.
"""

import torch
import torch.nn.functional as F

torch.manual_seed(1337)
torch.set_default_dtype(torch.float64)


def show(name, tensor):
    values = tensor.detach().flatten().tolist()
    print(name, *(repr(v) if isinstance(v, float) else str(v) for v in values))


def differentiate(name, output, inputs):
    weight = torch.randn_like(output)
    show(f"{name}.out", output)
    show(f"{name}.dOut", weight)
    gradients = torch.autograd.grad(output, list(inputs.values()), weight)
    for (key, value), gradient in zip(inputs.items(), gradients):
        show(f"{name}.{key}", value)
        show(f"{name}.d_{key}", gradient)


def leaf(*shape):
    return torch.randn(*shape, requires_grad=True)


for name, function in {
    "gelu_tanh": lambda x: F.gelu(x, approximate="tanh"),
    "gelu_erf": F.gelu,
    "silu": F.silu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
}.items():
    x = torch.tensor([-6.0, -2.5, -0.75, -1e-3, 0.0, 0.3, 1.0, 2.0, 7.5], requires_grad=True)
    differentiate(name, function(x), {"x": x})

for name, function in {"softmax": F.softmax, "log_softmax": F.log_softmax}.items():
    x = leaf(3, 5)
    differentiate(name, function(x, dim=-1), {"x": x})

x, weight, bias = leaf(4, 7), leaf(7), leaf(7)
differentiate(
    "layer_norm",
    F.layer_norm(x, (7,), weight, bias, eps=1e-5),
    {"x": x, "weight": weight, "bias": bias},
)

logits = leaf(5, 6)
labels = torch.tensor([3, -100, 0, 5, 3])
show("cross_entropy.labels", labels)
differentiate(
    "cross_entropy", F.cross_entropy(logits, labels, reduction="none"), {"logits": logits}
)

# Two batches, two heads of size 4, three queries over five keys; a mask of ones and zeros for keys.
q, k, v = leaf(2, 2, 3, 4), leaf(2, 2, 5, 4), leaf(2, 2, 5, 4)
key_mask = torch.tensor([[1, 1, 0, 1, 1], [1, 0, 1, 1, 0]])
show("attention.mask", key_mask)
causal = torch.ones(3, 5, dtype=torch.bool).tril(diagonal=2)
seen = causal & key_mask.bool()[:, None, None, :]
out = F.scaled_dot_product_attention(q, k, v, attn_mask=seen)
differentiate("attention", out.transpose(1, 2).reshape(2, 3, 8), {"q": q, "k": k, "v": v})

parameter = torch.nn.Parameter(torch.randn(6))
show("adamw.start", parameter)
optimizer = torch.optim.AdamW([parameter], lr=0.01, betas=(0.9, 0.95), eps=1e-8, weight_decay=0.1)
for step in (1, 2, 3):
    parameter.grad = torch.randn(6)
    show(f"adamw.gradient{step}", parameter.grad)
    optimizer.step()
    show(f"adamw.step{step}", parameter)

# Behind the others, whose numbers were drawn before it was added.
x, weight = leaf(4, 7), leaf(7)
differentiate("rms_norm", F.rms_norm(x, (7,), weight, eps=1e-5), {"x": x, "weight": weight})

parameter = torch.nn.Parameter(torch.randn(6))
show("sgd.start", parameter)
optimizer = torch.optim.SGD([parameter], lr=0.01, momentum=0.9, weight_decay=0.1)
for step in (1, 2, 3):
    parameter.grad = torch.randn(6)
    show(f"sgd.gradient{step}", parameter.grad)
    optimizer.step()
    show(f"sgd.step{step}", parameter)

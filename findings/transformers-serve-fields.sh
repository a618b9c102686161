#!/usr/bin/env bash
# transformers serve: fields of OpenAI's interface are taken and change nothing.
#
# Expected: max_completion_tokens (OpenAI's present name of max_tokens) limits the answer, a
# temperature samples, n gives so many choices and logprobs gives log-probabilities; or the server
# refuses what it does not have, as it does for an unknown model.
# Seen: all four are answered with status 200. max_completion_tokens is no limit: 1,024 tokens come,
# here from a model of 256 positions; the temperature does nothing while the model's
# generation_config.json does not say do_sample, so that every seed gets the greedy answer; n = 2
# gives one choice; logprobs stays empty. max_tokens does work.
set -euo pipefail
dir=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q torch==2.13.0 'transformers[serving]==5.18.0' openai==3.22.1 \
  requests 2>"$dir/pip.log" || { cat "$dir/pip.log"; exit 2; }
export HF_HUB_OFFLINE=1 HF_HOME=$dir/home OMP_NUM_THREADS=1
"$dir/venv/bin/python" - "$dir/model" <<'PYTHON' 2>"$dir/make.log" || { cat "$dir/make.log"; exit 2; }
import sys
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

vocabulary = {c: i for i, c in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
tokenizer = Tokenizer(models.BPE(vocab=vocabulary | {"<end>": 256}, merges=[]))
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
tokenizer.decoder = decoders.ByteLevel()
fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<end>", pad_token="<end>")
fast.chat_template = "{% for m in messages %}{{ m['content'] }}{% endfor %}"
torch.manual_seed(0)
config = LlamaConfig(
    vocab_size=257, hidden_size=32, intermediate_size=64, num_hidden_layers=2,
    num_attention_heads=4, initializer_range=0.5, max_position_embeddings=256,
    eos_token_id=256, pad_token_id=256,
)
LlamaForCausalLM(config).save_pretrained(sys.argv[1])
fast.save_pretrained(sys.argv[1])
PYTHON
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("localhost", 0)); print(s.getsockname()[1])')
"$dir/venv/bin/transformers" serve "$dir/model" --device cpu --port "$port" >"$dir/serve.log" 2>&1 &
server=$!
for _ in $(seq 120); do
  python3 -c "import urllib.request as u; u.urlopen('http://localhost:$port/health')" 2>/dev/null && break
  sleep 1
done
"$dir/venv/bin/python" - "$dir/model" "$port" <<'PYTHON'
import sys
import transformers
from openai import OpenAI

client = OpenAI(base_url=f"http://localhost:{sys.argv[2]}/v1", api_key="none", max_retries=0)
print("transformers", transformers.__version__)


def ask(**fields):
    answer = client.chat.completions.create(
        model=sys.argv[1], messages=[{"role": "user", "content": "hi"}], **fields)
    first = answer.choices[0]
    print(f"{fields}: {len(answer.choices)} choice, {answer.usage.completion_tokens} tokens, "
          f"logprobs {first.logprobs}, text {first.message.content[:12]!r}")
    return answer


greedy = ask(max_tokens=12)
assert greedy.usage.completion_tokens == 12
assert ask(max_completion_tokens=12).usage.completion_tokens > 12
for seed in range(5):
    sampled = ask(max_tokens=12, temperature=1.9, seed=seed)
    assert sampled.choices[0].message.content == greedy.choices[0].message.content
assert len(ask(max_tokens=12, n=2).choices) == 1
assert ask(max_tokens=12, logprobs=True, top_logprobs=2).choices[0].logprobs is None
print("as recorded: max_completion_tokens, temperature, n and logprobs change nothing")
PYTHON

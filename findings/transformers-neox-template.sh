#!/usr/bin/env bash
# transformers 5: GPTNeoXTokenizer leaves out the special tokens that tokenizer.json puts around a text.
#
# Expected: AutoTokenizer gives the ids that tokenizer.json gives, whichever class of a byte-level BPE
# tokenizer_config.json names; GPT2Tokenizer and Qwen2Tokenizer do.
# Seen: under GPTNeoXTokenizer the same file's template is gone without a word, so that a model which
# was trained with <bos> in front of each text is given texts without it.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q tokenizers==0.23.2 transformers==5.18.0 2>"$dir/pip.log" ||
  { cat "$dir/pip.log"; exit 2; }
HF_HUB_OFFLINE=1 TRANSFORMERS_VERBOSITY=error "$dir/venv/bin/python" - "$dir" <<'PYTHON'
import json
import pathlib
import sys

import transformers
from tokenizers import Tokenizer, models, pre_tokenizers, processors

print("transformers", transformers.__version__)
letters = sorted(pre_tokenizers.ByteLevel.alphabet())
vocabulary = {token: id for id, token in enumerate([*letters, "<bos>", "<eos>"])}
tokenizer = Tokenizer(models.BPE(vocabulary, []))
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
tokenizer.add_special_tokens(["<bos>", "<eos>"])
tokenizer.post_processor = processors.TemplateProcessing(
    "<bos> $A <eos>", special_tokens=[(t, vocabulary[t]) for t in ("<bos>", "<eos>")]
)


def tokens(kind):
    folder = pathlib.Path(sys.argv[1], kind)
    folder.mkdir()
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {"tokenizer_class": kind, "bos_token": "<bos>", "eos_token": "<eos>"}
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    read = transformers.AutoTokenizer.from_pretrained(folder)
    found = read.convert_ids_to_tokens(read("mg").input_ids)
    print(f"{kind}: {found}")
    return found


file = tokenizer.encode("mg").tokens
print("tokenizer.json itself:", file)
assert file == ["<bos>", "m", "g", "<eos>"]
assert tokens("GPT2Tokenizer") == file and tokens("Qwen2Tokenizer") == file
assert tokens("GPTNeoXTokenizer") == ["m", "g"]
print("as recorded: only GPTNeoXTokenizer drops the template of the file")
PYTHON

#!/usr/bin/env bash
# tokenizers gives an added token another id than tokenizer.json says, where ids leave a gap.
#
# Expected: the id of the file, whose row of the embedding was learned for it, or an error.
# Seen: the token gets the first id behind the model's vocabulary, without a word; a post-processor
# of the same file goes on adding the id that the file says; saving writes the new id. The file's
# added_tokens_decoder does not help AutoTokenizer either.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q tokenizers==0.23.2 transformers==5.18.0 2>"$dir/pip.log" ||
  { cat "$dir/pip.log"; exit 2; }
cd "$dir"
HF_HUB_OFFLINE=1 "$dir/venv/bin/python" - <<'PYTHON'
import json
import os

import tokenizers
import transformers
from transformers import AutoTokenizer

print("tokenizers", tokenizers.__version__, "transformers", transformers.__version__)
note = {
    "id": 9,
    "content": "<|note|>",
    "single_word": False,
    "lstrip": False,
    "rstrip": False,
    "normalized": False,
    "special": True,
}
level = {
    "type": "ByteLevel",
    "add_prefix_space": False,
    "trim_offsets": True,
    "use_regex": True,
}
file = {
    "version": "1.0",
    "added_tokens": [note],
    "pre_tokenizer": level,
    "decoder": level,
    "post_processor": {
        "type": "TemplateProcessing",
        "single": [
            {"SpecialToken": {"id": "<|note|>", "type_id": 0}},
            {"Sequence": {"id": "A", "type_id": 0}},
        ],
        "pair": [],
        "special_tokens": {
            "<|note|>": {"id": "<|note|>", "ids": [9], "tokens": ["<|note|>"]}
        },
    },
    "model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "c": 2}, "merges": []},
}
tokenizer = tokenizers.Tokenizer.from_str(json.dumps(file))
written = tokenizer.encode("a<|note|>b", add_special_tokens=False).ids
framed = tokenizer.encode("ab").ids
saved = json.loads(tokenizer.to_str())["added_tokens"][0]["id"]
print("the file says 9; in a text it is", written, "before a text", framed, "saved as", saved)
assert written == [0, 3, 1], written
assert framed == [9, 0, 1], framed
assert saved == 3, saved

os.mkdir("model")
with open("model/tokenizer.json", "w") as out:
    json.dump(file, out)
with open("model/tokenizer_config.json", "w") as out:
    decoder = {"9": {"content": "<|note|>", "special": True}}
    json.dump(
        {"tokenizer_class": "PreTrainedTokenizerFast", "added_tokens_decoder": decoder}, out
    )
ids = AutoTokenizer.from_pretrained("model")("a<|note|>b", add_special_tokens=False).input_ids
print("AutoTokenizer with added_tokens_decoder 9 gives", ids)
assert ids == [0, 3, 1], ids
print("as recorded: 9 became 3")
PYTHON

#!/usr/bin/env bash
# tokenizers applies only the first of two TemplateProcessings in a Sequence.
#
# Expected: the second puts its token around what the first made, as a Sequence of normalizers or
# pre-tokenizers works, or the file is refused.
# Seen: the first adds its token, the second adds nothing, in either order and without a word.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q tokenizers==0.23.2 2>"$dir/pip.log" || { cat "$dir/pip.log"; exit 2; }
HF_HUB_OFFLINE=1 "$dir/venv/bin/python" - <<'PYTHON'
import tokenizers
from tokenizers import Tokenizer, models, pre_tokenizers, processors

print("tokenizers", tokenizers.__version__)
vocabulary = {"[CLS]": 0, "[DOC]": 1, "fever": 2}


def ids(*tokens):
    tokenizer = Tokenizer(models.WordLevel(vocabulary))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    templates = [
        processors.TemplateProcessing(f"{t} $A", special_tokens=[(t, vocabulary[t])])
        for t in tokens
    ]
    tokenizer.post_processor = processors.Sequence(templates)
    return tokenizer.encode("fever").ids


one, both, turned = ids("[CLS]"), ids("[CLS]", "[DOC]"), ids("[DOC]", "[CLS]")
print("[CLS] alone", one, "; [CLS] then [DOC]", both, "; [DOC] then [CLS]", turned)
assert one == [0, 2] and both == [0, 2] and turned == [1, 2]
print("as recorded: the second template adds nothing")
PYTHON

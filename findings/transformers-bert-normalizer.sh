#!/usr/bin/env bash
# transformers 5: BertTokenizer lower-cases and strips accents though tokenizer.json says not to.
#
# Expected: AutoTokenizer normalizes as tokenizer.json does; the class is only a name for what the
# file holds, as it is with the generic class.
# Seen: the class makes a normalizer of its own from do_lower_case, which is true where
# tokenizer_config.json does not have it, and the file's is not read. A cased model whose directory
# has no do_lower_case is given other ids than those it was trained with, without a word.
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
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

print("transformers", transformers.__version__)
special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
words = ["MG", "mg", "Ménière", "meniere"]
tokenizer = Tokenizer(models.WordPiece({t: i for i, t in enumerate(special + words)}, unk_token="[UNK]"))
tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False, strip_accents=False)
tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()


def tokens(kind, **more):
    folder = pathlib.Path(sys.argv[1], kind + "".join(more))
    folder.mkdir()
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": kind, **more}))
    found = transformers.AutoTokenizer.from_pretrained(folder).tokenize("MG Ménière")
    print(f"{kind} {more}: {found}")
    return found


file = tokenizer.encode("MG Ménière", add_special_tokens=False).tokens
print("tokenizer.json itself:", file)
assert file == ["MG", "Ménière"]
assert tokens("PreTrainedTokenizerFast", unk_token="[UNK]") == file
assert tokens("BertTokenizer", do_lower_case=False) == file
assert tokens("BertTokenizer") == ["mg", "meniere"]
print("as recorded: without do_lower_case the file's normalizer is not read")
PYTHON

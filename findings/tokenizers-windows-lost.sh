#!/usr/bin/env bash
# tokenizers cuts a long text into overlapping windows, and the windows do not reach the text's end.
#
# Expected: truncation with a stride gives windows that cover the whole text, the later ones as
# `overflowing`: that is how long documents are read by models of short context.
# Seen: encoding stops behind the word with which one window is full. Of the rest of the text there
# is no window, and nothing says so; a word that is cut over the edge brings back its own pieces
# alone. The same tokenizer without truncation gives all tokens.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q tokenizers==0.23.2 2>"$dir/pip.log" || { cat "$dir/pip.log"; exit 2; }
cd "$dir"
HF_HUB_OFFLINE=1 "$dir/venv/bin/python" - <<'PYTHON'
import tokenizers
from tokenizers import Tokenizer, models, pre_tokenizers

print("tokenizers", tokenizers.__version__)
words = ["[UNK]", "no", "chest", "pain", "today", "fever", "since", "hyper", "##tens", "##ion"]
vocabulary = {word: i for i, word in enumerate(words)}
tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()


def windows(text):
    tokenizer.no_truncation()
    everything = tokenizer.encode(text).tokens
    tokenizer.enable_truncation(3, stride=1)
    first = tokenizer.encode(text)
    found = [first.tokens] + [more.tokens for more in first.overflowing]
    print(f"{text!r}: {len(everything)} tokens, windows {found}")
    return everything, found


everything, found = windows("no chest pain today fever since")
assert len(everything) == 6 and found == [["no", "chest", "pain"]], found

everything, found = windows("no chest hypertension today fever since")
assert len(everything) == 8, everything
assert found == [["no", "chest", "hyper"], ["hyper", "##tens", "##ion"]], found
print("as recorded: behind the word that fills a window the text is left out without a word")
PYTHON

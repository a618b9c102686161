#!/usr/bin/env bash
# sacrebleu's tokenizer zh takes arrows, quotes and subscripts for Chinese, and rare ideographs not.
#
# Expected: tokenize="zh" sets Chinese characters apart, those of the extensions beyond the first
# 65,536 included, which its source lists by code points of five digits.
# Seen: Python reads four digits behind \u, so that the range of extension B has become U+2001 to
# U+2A6D, with a stray digit: thin spaces, typographic quotes, arrows and subscripts of any text are
# set apart, and characters of extension B stay where they are. BLEU changes with them.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q sacrebleu==2.6.0 2>"$dir/pip.log" || { cat "$dir/pip.log"; exit 2; }
"$dir/venv/bin/python" - <<'PYTHON'
import sacrebleu
from sacrebleu.tokenizers.tokenizer_zh import TokenizerZh

print("sacrebleu", sacrebleu.__version__)
apart = TokenizerZh()


def tokens(text):
    found = apart(text).split()
    print(f"{text!r}: {found}")
    return found


assert tokens("\u80ba\u708ex") == ["\u80ba", "\u708e", "x"], "common characters are apart"
assert tokens("H\u2082O") == ["H", "\u2082", "O"], "no Chinese, yet apart"
assert tokens("5\u219210") == ["5", "\u2192", "10"], "no Chinese, yet apart"
assert tokens("H\u00b2O") == ["H\u00b2O"], "a superscript below U+2001 is not"
assert tokens("\U00020000\U00020001x") == ["\U00020000\U00020001x"], "extension B stays together"

english = dict(tokenize="13a", smooth_method="exp")
chinese = dict(tokenize="zh", smooth_method="exp")
pair = (["CO\u2082 retention was noted"], [["CO\u2082 retention was seen today"]])
scores = [sacrebleu.corpus_bleu(*pair, **kind).score for kind in (english, chinese)]
print(f"one pair without a Chinese character: 13a {scores[0]:.2f}, zh {scores[1]:.2f}")
assert scores[0] != scores[1], scores
print("as recorded: the ranges beyond U+FFFF are read as others")
PYTHON

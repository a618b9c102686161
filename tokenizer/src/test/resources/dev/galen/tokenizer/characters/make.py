"""Makes classes.json: what HuggingFace's tokenizers library takes every character of Unicode for.

    pip install tokenizers==0.23.2
    python make.py

A class is a list of ranges such as "7fd 897-89f"; surrogates are in none. "lower" has the
characters that have another small letter: "41-5a/1:32" are 26, with letters 32 further on, and
"100-12e/2:1" every other one; of a small letter of several characters it has the first.
"""

import json
from pathlib import Path

from tokenizers import Regex, normalizers, pre_tokenizers

ALL = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]


def ranges(chosen):
    out = []
    for c in chosen:
        if out and out[-1][1] == c - 1:
            out[-1][1] = c
        else:
            out.append([c, c])
    return " ".join(f"{a:x}" if a == b else f"{a:x}-{b:x}" for a, b in out)


def rewritten(normalizer, test):
    return ranges(c for c in ALL if test(chr(c), normalizer.normalize_str(chr(c))))


def cut(splitter, words):
    """Characters that the splitter cuts into so many words between two letters."""
    return ranges(c for c in ALL if len(splitter.pre_tokenize_str(f"a{chr(c)}a")) == words)


def bert(**on):
    options = dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False)
    return normalizers.BertNormalizer(**{**options, **on})


def lower():
    small = [(c, ord(normalizers.Lowercase().normalize_str(chr(c))[0]) - c) for c in ALL]
    out = []  # first, last, step, difference
    for c, difference in small:
        if not difference:
            continue
        last = out[-1] if out else None
        step = c - last[1] if last else 0
        if last and last[3] == difference and step <= 2 and last[2] in (0, step):
            last[1:3] = c, step
        else:
            out.append([c, c, 0, difference])
    return " ".join(f"{a:x}-{b:x}/{step or 1}:{difference}" for a, b, step, difference in out)


classes = {
    "whitespace": cut(pre_tokenizers.WhitespaceSplit(), 2),
    "numeric": cut(pre_tokenizers.Digits(individual_digits=True), 3),
    "punctuation": cut(pre_tokenizers.Punctuation(), 3),
    # Together with U+FFFD, which is none.
    "control": rewritten(bert(clean_text=True), lambda c, made: made == "" and c != "\ufffd"),
    "chinese": rewritten(bert(handle_chinese_chars=True), lambda c, made: made != c),
    "nonspacing": rewritten(bert(strip_accents=True), lambda c, made: made == ""),
    "mark": rewritten(normalizers.StripAccents(), lambda c, made: made == ""),
    "decomposed": rewritten(normalizers.NFKD(), lambda c, made: made != c),
    "word": cut(pre_tokenizers.Whitespace(), 1),
    "lower": lower(),
}
with (Path(__file__).parent / "classes.json").open("w") as out:
    out.write("{\n" + ",\n".join(json.dumps(k) + ": " + json.dumps(v) for k, v in classes.items()) + "\n}\n")

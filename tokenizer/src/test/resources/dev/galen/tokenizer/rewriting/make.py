"""Makes cases.json: where the characters come from that normalizers write.

    pip install tokenizers==0.23.2
    python make.py

A case is a normalizer of HuggingFace's tokenizers library with texts, each [text, normalized text,
places], two numbers a character that is written: where it starts and ends in the text, in code
points. The test's tokenizer makes a token of every character, as this one.
"""

import json
from pathlib import Path

from tokenizers import Tokenizer, models, pre_tokenizers

TEXTS = [
    "",
    "a",
    "  a b  ",
    "ÀéA\u0301e\u0301\u0302x",
    "\u0301\u0302a",
    "a\u0323\u0307\u0301中",
    "ﬁ½㎏ﬃ İIıß",
    "각\u1100\u1161\u11a8 \uac00\u11a8",
    "🙂\u0301𝟙𝒳 𝔸\U0001d15e",
    "患者 は\tx\u0000\u200d\ufffd y\u00a0",
    "aab aaab ba",
    "é é",
    "\u0344\u1e9b\u0323ş̌ ǖ",
    "한국어 ÅΩ ＡＢ１",
]
STRIP = lambda left, right: {"type": "Strip", "strip_left": left, "strip_right": right}
REPLACE = lambda pattern, content: {"type": "Replace", "pattern": pattern, "content": content}
SEQUENCE = lambda *normalizers: {"type": "Sequence", "normalizers": list(normalizers)}
FORMS = [{"type": name} for name in ("NFC", "NFD", "NFKC", "NFKD")]
LOWER, ACCENTS = {"type": "Lowercase"}, {"type": "StripAccents"}


def bert(clean, chinese, accents, lower):
    return {"type": "BertNormalizer", "clean_text": clean, "handle_chinese_chars": chinese, "strip_accents": accents, "lowercase": lower}


NORMALIZERS = [
    *FORMS,
    LOWER,
    ACCENTS,
    {"type": "Nmt"},
    STRIP(True, True),
    STRIP(False, True),
    STRIP(True, False),
    {"type": "Prepend", "prepend": "▁é🙂"},
    REPLACE({"String": " "}, "▁"),
    REPLACE({"String": "a"}, ""),
    REPLACE({"String": "aa"}, "x🙂"),
    REPLACE({"Regex": "a+b?"}, "é"),
    bert(True, True, None, True),
    bert(True, False, False, False),
    bert(False, True, True, False),
    SEQUENCE(FORMS[1], ACCENTS, LOWER, FORMS[2]),
    SEQUENCE(FORMS[3], {"type": "Prepend", "prepend": "▁"}, REPLACE({"String": "e"}, ""), FORMS[0]),
    SEQUENCE(STRIP(True, True), FORMS[1], REPLACE({"Regex": "\\p{M}"}, ""), LOWER),
]


def case(normalizer):
    # The characters have no token, so that each is an unknown one with its own place.
    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.FixedLength(length=1)
    root = json.loads(tokenizer.to_str())
    root["normalizer"] = normalizer
    tokenizer = Tokenizer.from_str(json.dumps(root))
    rows = []
    for text in TEXTS:
        made = tokenizer.normalizer.normalize_str(text)
        places = [n for at in tokenizer.encode(text).offsets for n in at]
        assert len(places) == 2 * len(made), (normalizer, text)
        rows.append([text, made, places])
    return {"normalizer": normalizer, "texts": rows}


with (Path(__file__).parent / "cases.json").open("w") as out:
    out.write("[\n" + ",\n".join(json.dumps(case(n), separators=(",", ":")) for n in NORMALIZERS) + "\n]\n")

"""Makes normalizers.json, cuts.json and models.json: what each component does to short texts.

    pip install tokenizers==0.23.2
    python make.py

Rows of normalizers.json are [text, normalized text, places], two numbers a character that is
written; of cuts.json [text, [[word, start, end], ...]]; of models.json [text, [[id, start, end],
...]], with places in bytes there and in code points elsewhere. The texts have the characters at
which something changes: ends of ranges, lengths in UTF-8, neighbours of every kind.
"""

import base64
import json
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers

here = Path(__file__).parent
EDGES = [0, 1, 8, 9, 0xA, 0xB, 0xC, 0xD, 0xE, 0x1F, 0x20, 0x21, 0x2F, 0x30, 0x39, 0x3A, 0x40, 0x41, 0x5A, 0x5B, 0x60, 0x61, 0x7A, 0x7B, 0x7E, 0x7F, 0x80, 0x85, 0x8F, 0x90, 0x9F, 0xA0, 0xAD, 0xB2, 0xBC, 0x130, 0x131, 0x17F, 0x300, 0x345, 0x7FF, 0x800, 0x890, 0x8E2, 0x953, 0x61C, 0x589, 0x11A7, 0x11A8, 0x11C2, 0x11C3, 0x1680, 0x180E, 0x200A, 0x200B, 0x200C, 0x200D, 0x200F, 0x2010, 0x2028, 0x2029, 0x202F, 0x2030, 0x203F, 0x20BF, 0x2160, 0x2581, 0x3000, 0x3007, 0x3042, 0x30A2, 0x30FC, 0x33FF, 0x3400, 0x4DBF, 0x4DC0, 0x4DFF, 0x4E00, 0x9FFF, 0xA000, 0xABFF, 0xAC00, 0xAC01, 0xD7A3, 0xD7A4, 0xE000, 0xF8FF, 0xF900, 0xFAFF, 0xFB00, 0xFEFF, 0xFFFC, 0xFFFD, 0xFFFF, 0x10000, 0x110CD, 0x13430, 0x1D7D8, 0x1F642, 0x20000, 0x2A6DF, 0x2A6E0, 0x2A700, 0x2B73F, 0x2B740, 0x2B81F, 0x2B820, 0x2B91F, 0x2B920, 0x2CEAF, 0x2CEB0, 0x2F800, 0x2FA1F, 0x2FA20, 0xE0000, 0xF0000, 0x10FFFF]
CHARACTERS = [chr(c) for c in EDGES]
HANGUL = "\u1100\u1161\u11a7 \u1100\u1161\u11a8\u11a8 \uac00\u11a7 \uac00\u11c2 \uac00\u11c3 \uac01\u11a8 \ud788\u11c2 \ud7a3\u11a8 \u1112\u1175\u11c2"
MARKS = [
    "e\u0301", "e\u0323\u0301", "e\u0301\u0323", "e\u0301\u0302", "e\u0302\u0301", "a\u0345\u0301\u0315\u0334", "\u0301e", "x\u0301\u0301", "ea\u0301",
    "\u00e9\u0323", "\u1e69\u0307", "s\u0323\u0307", "s\u0307\u0323", "\u0344", "\u0f73\u0f71", "q\u0307\u0323a\u0301", "ab\u0301c", "\u0301\u0323\u0300",
    "\u05d0\u05b7\u05bc\u05b0", "\u0915\u093c\u094d", "\u304b\u3099", "a\u0321\u0328\u0345", "A\u030aB\u212b\u2126", "c\u0338\u0327", "=\u0338", "\u0663\u065f\u0655\u064b", "x\u1dce\u1dca", "\u0e01\u0e38\u0e48",
]
COMMON = [
    "", "a", " ", "  ", " a", "a ", " a b ", "  a  b  ", "ABC xyz", "aab aaab ba", "aa", "aaa", "HeLLo WÖRLD", "café CAFÉ", "患者 は\tx\u0000\u200d\ufffd y\u00a0",
    "中文 a中b 中", "ﬁ½㎏ﬃ İIıß", "🙂\u0301𝟙𝒳 𝔸\U0001d15e", "é é", "\u0344\u1e9b\u0323ş̌ ǖ", "한국어 ÅΩ ＡＢ１", "a\r\nb\n\rc\r\r\n", "e\u0301\u200d\u0301x", "👩\u200d👩\u200d👧 🇩🇪🇫",
    "x" * 40 + "é" + "y" * 40, "é" * 30, "\u00a0a\u3000b\u2003", "Σίσυφος ΣΣ", "ABCDEFGHIJKLMNOPQRSTUVWXYZ[`{@", "\u0301\u0302a", "naïve  façade",
]
# For cuts: contractions, numbers, signs, line ends, and what stands at the ends.
CUT_TEXTS = [
    "a", " ", "  ", " a", "a ", "a  b", "a   b", "  a", "a\n", "\n\na", "a \n b", " \n", "\n ", "a\r\n\r\nb", "a. \r\nb", ".\n\n", "..\r\nx", " .\n", " ..a", "a..b", "a ..b", "a .. b", "!\n a", "-\r",
    "don't", "they're", "I've I'm you'll he'd it's", "'s", "'S", "'RE 'Ve 'LL 'lL 'M 'D 'T", "'", "a'", "'r", "'re", "'rx", "'l", "'lx", "'ll", "'v", "'ve", "'x", "' s", "'\u017f", "''s", "x'tx", "'e", "'te", "'de", "'me",
    "'\u017fa", "'reb", "'veb", "'llb", "'rab", "'vab", "'lab", "'lmb", "'eeb", "'REb", "'LLb", "'reveb", "'xll",
    "1", "12", "123", "1234", "1234567", "a1b22c333d4444", " 12", "x 1", "½²Ⅳ", "1.5", "1,234.5", "٣٤٥٦", "1a", "a1",
    "Hello, World! 12/34", "a_b c-d", "(a)(b)", "en ten tenen", "enen", "xenx", "en", "aXbX", "XaX", "XX", "banana", "aba",
    "ÉcoleÉ Été", "中文字 a中", "日本ーご カナ 漢字", "abcдеё 12 αβ", "a\u0301b", "a\u00a0b", "a\u3000b", "\u2003", "a\u2028b", "a\tb", "a\u0085b", "😀 a😀b", "a\u200db c", "\u0301x", "ab\u061c\u0589c", "ก\u0e38ข", "\u0953a", "\u0301\u0301", "\u30fcア", "\u20bfa", "\u20bf", " \u20bf",
    "\u2581a", "a\u2581b", "a \u2581 b", "\u2581\u2581", "\u2581 ", "e\u2580", "abc", "abcd", "abcdefg", "éàü€", "ABcDEf GhI", "A", "AA", "Aa", "aA",
]
STRIP = lambda left, right: {"type": "Strip", "strip_left": left, "strip_right": right}
REPLACE = lambda pattern, content: {"type": "Replace", "pattern": pattern, "content": content}
SEQUENCE = lambda *parts: {"type": "Sequence", "normalizers": list(parts)}
BERT = lambda clean, chinese, accents, lower: {"type": "BertNormalizer", "clean_text": clean, "handle_chinese_chars": chinese, "strip_accents": accents, "lowercase": lower}
FORMS = [{"type": name} for name in ("NFC", "NFD", "NFKC", "NFKD")]


def charsmap():
    """The map of spm-unigram.model: field 2 of field 3, by hand, for there is no other way to it."""
    def fields(data):
        at = 0
        def varint():
            nonlocal at
            value = shift = 0
            while True:
                b = data[at]
                at += 1
                value |= (b & 127) << shift
                shift += 7
                if b < 128:
                    return value
        while at < len(data):
            key = varint()
            if key & 7 == 2:
                size = varint()
                yield key >> 3, data[at:at + size]
                at += size
            elif key & 7 == 5:
                at += 4
            elif key & 7 == 0:
                varint()
            else:
                raise ValueError(key)
    model = (here.parent / "random-texts/spm-unigram.model").read_bytes()
    return next(v for f, spec in fields(model) if f == 3 for g, v in fields(spec) if g == 2)


NORMALIZERS = [
    *FORMS, {"type": "Lowercase"}, {"type": "StripAccents"}, {"type": "Nmt"}, {"type": "ByteLevel"}, STRIP(True, True), STRIP(False, True), STRIP(True, False), STRIP(False, False),
    {"type": "Prepend", "prepend": "▁é🙂"}, REPLACE({"String": " "}, "▁"), REPLACE({"String": "a"}, ""), REPLACE({"String": "aa"}, "x🙂"), REPLACE({"Regex": "a+b?"}, "é"),
    *[BERT(clean, chinese, accents, lower) for clean in (True, False) for chinese in (True, False) for accents, lower in ((None, True), (False, True), (True, False), (False, False))],
    {"type": "Precompiled", "precompiled_charsmap": base64.b64encode(charsmap()).decode()},
    SEQUENCE(FORMS[1], {"type": "StripAccents"}, {"type": "Lowercase"}, FORMS[2]), SEQUENCE(FORMS[3], {"type": "Prepend", "prepend": "▁"}, REPLACE({"String": "e"}, ""), FORMS[0]),
]
PRECOMPILED = ["A", "xAy", "Ae\u0301", "e\u0301", "e\u0301\u0301", "e\u0301A", "\u2460", "x\u2460y\u2460", "\ufb01n", "a\u00a0b", "a\tb\r\nc\n", "a\u00adb", "\u33a1", "--", "---", "a-b", "\ufdfa", "\u0301", "x\u0301", "<A>", "A\u200bA", "👩\u200d👩", "\u00b5g"]
BEHAVIORS = ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"]
LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
SPLIT = lambda pattern, behavior, invert: {"type": "Split", "pattern": pattern, "behavior": behavior, "invert": invert}
CUTS = [{"type": t} for t in ("Whitespace", "WhitespaceSplit", "BertPreTokenizer", "UnicodeScripts")]
CUTS += [{"type": "Digits", "individual_digits": each} for each in (True, False)] + [{"type": "CharDelimiterSplit", "delimiter": d} for d in "a-"] + [{"type": "FixedLength", "length": n} for n in (1, 3)]
CUTS += [{"type": "ByteLevel", "add_prefix_space": space, "trim_offsets": True, "use_regex": regex} for space in (True, False) for regex in (True, False)]
CUTS += [{"type": "Metaspace", "replacement": r, "prepend_scheme": s, "split": b} for s in ("first", "never", "always") for b in (True, False) for r in "\u2581_"]
CUTS += [{"type": "Punctuation", "behavior": b} for b in BEHAVIORS]
CUTS += [SPLIT(p, b, i) for b in BEHAVIORS for i in (False, True) for p in ({"String": "en"}, {"Regex": r"\w+|[^\w\s]+"}, {"Regex": r"a*"})[:1 if i else 3]]
CUTS += [SPLIT({"Regex": LLAMA3}, "Isolated", False), SPLIT({"Regex": LLAMA3.replace("{1,3}", "")}, "Isolated", False)]
CUTS += [{"type": "Sequence", "pretokenizers": [{"type": "WhitespaceSplit"}, {"type": "Digits", "individual_digits": True}, {"type": "Punctuation", "behavior": "Isolated"}]}, {"type": "Sequence", "pretokenizers": [{"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "first", "split": True}, {"type": "CharDelimiterSplit", "delimiter": "a"}]}]


def with_stages(**stages):
    tokenizer = Tokenizer(models.WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.FixedLength(length=1)
    return Tokenizer.from_str(json.dumps({**json.loads(tokenizer.to_str()), **stages}))


def normalized(normalizer):
    tokenizer = with_stages(normalizer=normalizer)
    special = PRECOMPILED if normalizer["type"] == "Precompiled" else []
    hangul = [HANGUL] if normalizer["type"].startswith("NF") else []
    rows = []
    for text in COMMON + MARKS + special + hangul + ["".join(f"{c}x" for c in CHARACTERS[i:i + 8]) for i in range(0, len(CHARACTERS), 8)] + CHARACTERS[:12]:
        made = tokenizer.normalizer.normalize_str(text)
        places = [n for at in tokenizer.encode(text).offsets for n in at]
        assert len(places) == 2 * len(made), (normalizer, text)
        rows.append([text, made, places])
    return {"normalizer": normalizer, "texts": rows}


def cut(pre_tokenizer):
    tokenizer = with_stages(pre_tokenizer=pre_tokenizer)
    texts = CUT_TEXTS
    if pre_tokenizer["type"] not in ("Split", "Metaspace", "Sequence"):
        texts = texts + ["".join(f"{c}x" for c in CHARACTERS[i:i + 8]) for i in range(0, len(CHARACTERS), 8)] + ["".join(CHARACTERS[i:i + 5]) for i in range(0, len(CHARACTERS), 5)]
    return {"cut": pre_tokenizer, "texts": [[text, [[word, *at] for word, at in tokenizer.pre_tokenizer.pre_tokenize_str(text)]] for text in texts]}


def unigram(unknown, fallback, pieces):
    if fallback:
        pieces = pieces + [(f"<0x{b:02X}>", -9.0) for b in range(256)]
    return {"type": "Unigram", "unk_id": unknown, "byte_fallback": fallback, "vocab": [list(p) for p in pieces]}


def bpe(vocabulary, merges, **options):
    ids = {token: i for i, token in enumerate(vocabulary)}
    return {"type": "BPE", "vocab": ids, "merges": [m.split(" ") for m in merges], "dropout": None, "unk_token": None, "continuing_subword_prefix": None, "end_of_word_suffix": None, "fuse_unk": False, "byte_fallback": False, "ignore_merges": False, **options}


PIECES = [("<unk>", 0.0), ("a", -2.0), ("b", -2.5), ("ab", -3.0), ("abab", -6.5), ("ba", -4.0), ("é", -3.0), ("aa", -4.0), ("c", -5.0), ("bc", -5.5), ("日", -3.5), ("日本", -3.6), ("", -1.0), ("😀", -4.0), ("abc", -5.4)]
LETTERS = ["<unk>", "a", "b", "c", "é", "ab", "abc", "bc", "aa", "ca", "cab"]
MERGES = ["a b", "ab c", "b c", "a a", "c a", "ca b"]
AFFIXED = ["<unk>", "a", "##a", "a</w>", "##a</w>", "b", "##b", "b</w>", "##b</w>", "a##b", "ab", "ab</w>", "##ab", "##ab</w>"]
BYTES = [f"<0x{b:02X}>" for b in range(256)]
MODELS = [
    unigram(0, False, PIECES), unigram(0, True, PIECES), unigram(2, False, PIECES[1:]), unigram(0, False, [p for p in PIECES if p[0] != ""]), unigram(0, True, [p for p in PIECES if p[0] not in ("", "é")]),
    bpe(LETTERS, MERGES, unk_token="<unk>"), bpe(LETTERS, MERGES, unk_token="<unk>", fuse_unk=True), bpe(LETTERS, MERGES), bpe(LETTERS, MERGES, unk_token="<unk>", ignore_merges=True), bpe(LETTERS + ["cc", "ccc"], MERGES, ignore_merges=True, unk_token="<unk>"),
    bpe(LETTERS + BYTES, MERGES, unk_token="<unk>", byte_fallback=True), bpe(LETTERS + BYTES[:0x90], MERGES, unk_token="<unk>", byte_fallback=True), bpe(LETTERS + BYTES, MERGES, unk_token="<unk>", byte_fallback=True, fuse_unk=True),
    bpe(AFFIXED, ["##a ##b", "a ##b", "a ##b</w>", "##a ##b</w>"], unk_token="<unk>", continuing_subword_prefix="##", end_of_word_suffix="</w>"),
    bpe(["<unk>", "a", "b", "a</w>", "b</w>", "ab</w>", "ab"], ["a b", "a b</w>"], unk_token="<unk>", end_of_word_suffix="</w>"),
    {"type": "WordPiece", "unk_token": "<unk>", "continuing_subword_prefix": "##", "max_input_chars_per_word": 5, "vocab": {t: i for i, t in enumerate(["a", "##a", "ab", "##b", "<unk>", "é", "##é", "abc", "##ca", "日"])}},
    {"type": "WordLevel", "unk_token": "<unk>", "vocab": {"a": 0, "<unk>": 1, "ab": 2}},
]
MODEL_TEXTS = ["a", "b", "ab", "ba", "aa", "aaa", "aaaa", "aaaaa", "abab", "ababab", "abc", "abca", "abcab", "cab", "cabc", "cc", "ccc", "cccc", "acb", "x", "xx", "axb", "xaxx", "xxa", "é", "éé", "aéb", "日", "日本", "日本語", "本", "本語a", "😀", "a😀😁b", "abcabcabcab", "aabaab", "bca", "aaab", "caab", "éa", "x日y", "\u0001", "a" * 40 + "b", "ab" * 25, "z" * 30, "abbbb", "abab" * 3 + "c", "bbb", "abcde", "aaaaaa"]


def modelled(model):
    tokenizer = with_stages(model=model)
    rows = []
    for text in MODEL_TEXTS:
        try:
            rows.append([text, [[t.id, *t.offsets] for t in tokenizer.model.tokenize(text)]])
        except BaseException as e:
            rows.append([text, "error"])
    return {"model": model, "texts": rows}


def write(name, cases):
    with (here / f"{name}.json").open("w", encoding="utf-8") as out:
        out.write("[\n" + ",\n".join(json.dumps(case, separators=(",", ":"), ensure_ascii=False) for case in cases) + "\n]\n")


if __name__ == "__main__":
    write("normalizers", map(normalized, NORMALIZERS))
    write("cuts", map(cut, CUTS))
    write("models", map(modelled, MODELS))

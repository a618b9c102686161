"""Makes kinds.json and hashes.json: what tokenizers and sentencepiece make of 20,000 texts.

    pip install tokenizers==0.23.2 sentencepiece==0.2.2
    python make.py               # both files, and the .model files
    python make.py --only KIND...  # the hashes of some kinds, of the tokenizers that are there
    python make.py --dump FOLDER [KIND...]  # every text with what is expected of it, for a look

For every kind each block of 200 texts has one hash of all tokens, places (in code points) and the
decoded text. The pipelines of random components have 1,000 texts each. ties.json has the numbers
of texts that are left out: there pieces of equal sums stand in another order in sentencepiece
0.2.2, which rounds before it compares, than in 0.1.97, which gave ../shared/data/tokenizer-vectors
("---" is "--" "-" there and "-" "--" here). Galen does as 0.1.97; the pieces are the same.
"""

import copy
import hashlib
import json
import random
import sys
from pathlib import Path

import sentencepiece
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers

from texts import PARTS, text

here = Path(__file__).parent
TEXTS, BLOCK, PIPELINES = 20_000, 200, 40
LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
QWEN2 = LLAMA3.replace("{1,3}", "")
corpus = [text(seed) for seed in range(1_000_000, 1_003_000)]
picks = random.Random(3)
# Few characters, so that a small vocabulary has room for pieces.
plain = [" ".join(picks.choice(PARTS[picks.choice(("words", "words", "words", "foreign"))]) for _ in range(12)) for _ in range(3000)]


def added(id, content, **flags):
    return {"id": id, "content": content, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True, **flags}


def with_added(root, size):
    root["added_tokens"] += [
        added(size, "<mask>", lstrip=True),
        added(size + 1, "<user>", special=False, normalized=True),
        added(size + 2, "<sym>", rstrip=True),
        added(size + 3, "sYm", special=False, single_word=True, normalized=True),
    ]
    return root


def trained(model, trainer, normalizer=None, cut=None, lines=corpus):
    tokenizer = Tokenizer(model)
    if normalizer:
        tokenizer.normalizer = normalizer
    if cut:
        tokenizer.pre_tokenizer = cut
    tokenizer.train_from_iterator(lines, trainer)
    return json.loads(tokenizer.to_str())


def kinds():
    made = {}
    base = json.loads((here.parent / "huggingface/tokenizer.json").read_text())
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    split = lambda regex: {"type": "Sequence", "pretokenizers": [{"type": "Split", "pattern": {"Regex": regex}, "behavior": "Isolated", "invert": False}, {**byte_level, "use_regex": False}]}
    for name, normalizer, cut in (("gpt2", None, byte_level), ("llama3", None, split(LLAMA3)), ("qwen2", {"type": "NFC"}, split(QWEN2)), ("neox", {"type": "NFC"}, byte_level)):
        made[name] = {"base": "huggingface", "normalizer": normalizer, "pre_tokenizer": cut, "post_processor": byte_level if name != "neox" else None}
    wordpiece = lambda **o: trained(models.WordPiece(unk_token="[UNK]"), trainers.WordPieceTrainer(vocab_size=900, special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], limit_alphabet=260, show_progress=False), normalizers.BertNormalizer(**o), pre_tokenizers.BertPreTokenizer())
    for name, options in (("bert-uncased", {}), ("bert-cased", {"lowercase": False})):
        root = wordpiece(**options)
        root["post_processor"] = {"type": "BertProcessing", "sep": ["[SEP]", 3], "cls": ["[CLS]", 2]}
        root["decoder"] = {"type": "WordPiece", "prefix": "##", "cleanup": True}
        made[name] = with_added(root, len(root["model"]["vocab"]))
    spaced = {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": "always", "split": True}
    root = trained(models.Unigram(), trainers.UnigramTrainer(vocab_size=800, unk_token="<unk>", special_tokens=["<pad>", "</s>", "<unk>"], show_progress=False), normalizers.NFKC(), pre_tokenizers.Metaspace(), plain)
    # Rare characters would be most of the file.
    root["model"]["vocab"] = [p for i, p in enumerate(root["model"]["vocab"]) if i < 420 or ord(p[0][0]) < 128]
    root["decoder"] = spaced
    root["post_processor"] = {"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}], "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}], "special_tokens": {"</s>": {"id": "</s>", "ids": [1], "tokens": ["</s>"]}}}
    made["unigram"] = with_added(root, len(root["model"]["vocab"]))
    fallback = copy.deepcopy(root)
    fallback["added_tokens"] = fallback["added_tokens"][:3]
    fallback["model"]["vocab"] = fallback["model"]["vocab"][:300] + [[f"<0x{b:02X}>", -20.0] for b in range(256)]
    fallback["model"]["byte_fallback"] = True
    fallback["normalizer"] = None
    fallback["pre_tokenizer"] = {**spaced, "prepend_scheme": "first", "split": False}
    fallback["decoder"] = {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}
    made["unigram-bytes"] = with_added(fallback, len(fallback["model"]["vocab"]))
    bpe = lambda **o: trained(models.BPE(unk_token="<unk>", **o), trainers.BpeTrainer(vocab_size=700, special_tokens=["<unk>", "<s>", "</s>"], limit_alphabet=200, show_progress=False, **{k: v for k, v in o.items() if k not in ("fuse_unk",)}), None, pre_tokenizers.Metaspace())
    llama = bpe(fuse_unk=True)
    size = len(llama["model"]["vocab"])
    llama["model"]["vocab"].update({f"<0x{b:02X}>": size + b for b in range(256)})
    llama["model"].update(byte_fallback=True, unk_token=None)
    llama["pre_tokenizer"] = {**spaced, "prepend_scheme": "first", "split": False}
    llama["decoder"] = fallback["decoder"]
    made["llama"] = with_added(llama, size + 256)
    made["bpe-affixes"] = bpe(continuing_subword_prefix="##", end_of_word_suffix="</w>")
    made["bpe-affixes"]["pre_tokenizer"] = {"type": "Whitespace"}
    made["bpe-affixes"]["decoder"] = {"type": "BPEDecoder", "suffix": "</w>"}
    return made


NORMALIZERS = [{"type": t} for t in ("NFC", "NFD", "NFKC", "NFKD", "Lowercase", "StripAccents", "Nmt", "ByteLevel")] + [
    {"type": "Strip", "strip_left": True, "strip_right": False},
    {"type": "Strip", "strip_left": True, "strip_right": True},
    {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"},
    {"type": "Replace", "pattern": {"Regex": " {2,}"}, "content": " "},
    {"type": "Replace", "pattern": {"Regex": r"[\w&&[^aeiou]]\d+"}, "content": "xy"} if False else {"type": "Replace", "pattern": {"Regex": r"\d+"}, "content": "00"},
    {"type": "Prepend", "prepend": "\u2581"},
    {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True},
    {"type": "BertNormalizer", "clean_text": False, "handle_chinese_chars": True, "strip_accents": True, "lowercase": False},
]
BEHAVIORS = ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"]
CUTS = [{"type": t} for t in ("Whitespace", "WhitespaceSplit", "BertPreTokenizer", "UnicodeScripts")] + [
    {"type": "Digits", "individual_digits": True},
    {"type": "Digits", "individual_digits": False},
    {"type": "CharDelimiterSplit", "delimiter": "a"},
    {"type": "FixedLength", "length": 3},
    {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True},
    {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False},
] + [{"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": s, "split": b} for s in ("first", "never", "always") for b in (True, False)]
CUTS += [{"type": "Punctuation", "behavior": b} for b in BEHAVIORS]
CUTS += [{"type": "Split", "pattern": p, "behavior": b, "invert": i} for b in BEHAVIORS for i in (False, True) for p in ({"String": "en"}, {"Regex": r"\w+|[^\w\s]+"}, {"Regex": r"\p{Lu}\p{Ll}*|\p{N}{1,3}|\s+(?!\S)"})]
POST = [None, {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}]


def pipelines(made):
    r = random.Random(7)
    models = [k for k in ("bert-uncased", "bert-cased", "unigram", "unigram-bytes", "llama", "bpe-affixes", "gpt2")]
    some = {}
    for i in range(PIPELINES):
        name = r.choice(models)
        normalizer = [r.choice(NORMALIZERS) for _ in range(r.randrange(4))]
        cuts = [r.choice(CUTS) for _ in range(r.randrange(4))]
        some[f"pipeline-{i}"] = {
            "base": name,
            "normalizer": {"type": "Sequence", "normalizers": normalizer} if normalizer else None,
            "pre_tokenizer": {"type": "Sequence", "pretokenizers": cuts} if cuts else None,
            "post_processor": r.choice(POST) if name != "unigram" else None,
        }
    return some


def resolve(made, kind):
    root = made[kind]
    if "base" not in root:
        return root
    if root["base"] == "huggingface":
        base = json.loads((here.parent / "huggingface/tokenizer.json").read_text())
    else:
        base = copy.deepcopy(resolve(made, root["base"]))
    if kind.startswith("pipeline") and root["base"] == "gpt2":
        base["model"]["unk_token"] = "<pad>"
    return {**base, **{k: v for k, v in root.items() if k != "base"}}


def expected(tokenizer, line):
    try:
        e = tokenizer.encode(line)
    except BaseException:
        return "error"
    tokens = " ".join(f"{i}:{s}:{t}" for i, (s, t) in zip(e.ids, e.offsets))
    return tokens + "|" + (tokenizer.decode(e.ids, skip_special_tokens=False) if e.ids else "")


def spm_expected(model, line):
    proto = model.encode(line, return_type="proto")
    ids = [p.id for p in proto.pieces]
    utf8 = line.encode()
    at = lambda byte: len(utf8[:byte].decode())
    return " ".join(f"{p.id}:{at(p.begin)}:{at(p.end)}" for p in proto.pieces) + "|" + model.decode(ids)


def train_spm(name, **options):
    sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(plain), model_prefix=str(here / name), num_threads=1, minloglevel=2, character_coverage=0.99, user_defined_symbols=["<sym>", "<user>"], **options)
    (here / f"{name}.vocab").unlink()


def main():
    only = sys.argv[sys.argv.index("--only") + 1:] if "--only" in sys.argv else None
    if only:
        made = json.loads((here / "kinds.json").read_text())
    else:
        made = kinds()
        made.update(pipelines(made))
    tsv = here / "rules.tsv"
    lines = {"1": "31", "2": "32"}
    rules = ["41\t61", "65 301\tE9", "301\t", "2460\t31 20", "FB01\t66 69", "A0\t20", "3000\t20", "9\t20", "A\t20", "D\t20", "AD\t", "200B\t20", "3C\t3C", "2D 2D\t2014", "33A1\t6D 32", "FDFA\t635 644 649 20 627", "B5\t3BC"]
    tsv.write_text("\n".join(r for r in rules if r.split("\t")[0] != r.split("\t")[-1]) + "\n")
    if "--keep" not in sys.argv and not only:
        train_spm("spm-unigram", vocab_size=350, model_type="unigram", normalization_rule_tsv=str(tsv))
        train_spm("spm-bpe", vocab_size=640, model_type="bpe", byte_fallback=True, split_digits=True, normalization_rule_name="identity", remove_extra_whitespaces=False)
        train_spm("spm-suffix", vocab_size=560, model_type="unigram", normalization_rule_tsv=str(tsv), treat_whitespace_as_suffix=True, byte_fallback=True)
    tsv.unlink()
    all_kinds = only or list(made) + ["spm-unigram", "spm-bpe", "spm-suffix"]
    dump = None
    if "--dump" in sys.argv:
        at = sys.argv.index("--dump")
        dump = Path(sys.argv[at + 1])
        all_kinds = [k for k in sys.argv[at + 2:] if k in all_kinds] or all_kinds
        made_file = dump / "kinds.json"
    else:
        made_file = here / "kinds.json"
    if not only:
        made_file.write_text(json.dumps(made, ensure_ascii=True, separators=(",", ":")).replace('},"', '},\n"'))
    hashes = json.loads((here / "hashes.json").read_text()) if only else {}
    ties = {} if dump else json.loads((here / "ties.json").read_text())
    count = int(sys.argv[sys.argv.index("--texts") + 1]) if "--texts" in sys.argv else TEXTS
    texts = [text(seed) for seed in range(count)]
    for kind in all_kinds:
        if kind.startswith("spm"):
            model = sentencepiece.SentencePieceProcessor(model_file=str(here / f"{kind}.model"))
            results = [spm_expected(model, t) for t in texts]
        else:
            tokenizer = Tokenizer.from_str(json.dumps(resolve(made, kind)))
            results = [expected(tokenizer, t) for t in (texts[:1000] if kind.startswith("pipeline") else texts)]
        if dump:
            with (dump / f"{kind}.txt").open("w") as out:
                for i, r in enumerate(results):
                    out.write(json.dumps([i, texts[i], r]) + "\n")
        for i in ties.get(kind, []):
            if i < len(results):
                results[i] = "tie"
        hashes[kind] = [hashlib.sha256("\n".join(results[i:i + BLOCK]).encode()).hexdigest()[:12] for i in range(0, len(results), BLOCK)]
    if not dump:
        (here / "hashes.json").write_text(json.dumps(hashes).replace('], "', '],\n"') + "\n")


if __name__ == "__main__":
    main()

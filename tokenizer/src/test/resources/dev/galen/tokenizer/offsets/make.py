"""Makes cases.json: where tokens stand in their texts, by HuggingFace's tokenizers library.

    pip install tokenizers==0.23.2
    python make.py

Every case is ../huggingface/tokenizer.json with a patch (RFC 7396, but a null is set). Offsets are
counted in code points; the test turns them into indexes of Java's strings. "plain" is without the
special tokens that the post-processor adds, where that differs.
"""

import json
import random
from pathlib import Path

from tokenizers import Tokenizer

here = Path(__file__).parent
base = json.loads((here.parent / "huggingface/tokenizer.json").read_text())
random.seed(12)
END, PAD = "<|endoftext|>", "<pad>"
PIECES = ["the", " patient", " ", "  ", "\n", "é", "中", "🙂", "👩‍⚕️", "a\u0301", "\u3000", "Ġ", "'s", "12", "mmHg", "<mask>", " <mask> ", "<|end|>", "<|end|>  ", "🙃", "x", END]
texts = [
    "",
    " ",
    "the patient",
    " the  patient ",
    "naïve 中文 발열",
    "🙂 x🙃🙃 y",
    "👩‍⚕️🏥 is",
    "fill  <mask>  it <|end|>   now",
    "  <mask>",
    "é<mask> é",
    "🙃<mask>🙃 🙃",
    "a\u3000b\u00a0 c\n\nd\t",
    "Ġ Ġx",
    "150mmHg 🙂lisinopril 10 mg ",
    "\U0001d7d9\U0001d7da \U00010348",
    f"one {END} two",
] + ["".join(random.choices(PIECES, k=random.randint(1, 9))) for _ in range(10)]
pairs = [("the patient", " 🙃 is"), ("", "x"), ("a <mask>", ""), (" é", " 中 "), ("🙂🙃", "🙃 <|end|> ")]


def byte_level(trim, space):
    return {"type": "ByteLevel", "trim_offsets": trim, "add_prefix_space": space, "use_regex": True}


def roberta(trim, space):
    return {"type": "RobertaProcessing", "sep": [PAD, 1], "cls": [END, 0], "trim_offsets": trim, "add_prefix_space": space}


def template(single, pair):
    def part(text):
        name, type_id = text.split(":")
        return {"Sequence": {"id": name[1:], "type_id": int(type_id)}} if name[0] == "$" else {"SpecialToken": {"id": name, "type_id": int(type_id)}}

    special = {END: {"id": END, "ids": [0], "tokens": [END]}, "both": {"id": "both", "ids": [1, 0], "tokens": [PAD, END]}}
    return {"type": "TemplateProcessing", "single": [part(p) for p in single.split()], "pair": [part(p) for p in pair.split()], "special_tokens": special}


def sequence(*processors):
    return {"type": "Sequence", "processors": list(processors)}


def encoded(e, counted):
    # Behind a template, ByteLevel counts the special tokens as texts.
    text = lambda q, special: -1 if special else q // 2 if counted else q
    tokens = zip(e.offsets, e.ids, e.type_ids, e.sequence_ids, e.special_tokens_mask)
    return [[*at, id, type_id, text(q, special), special] for at, id, type_id, q, special in tokens]


def case(name, processor, space=False, counted=False):
    root = json.loads(json.dumps(base))
    patch = {"post_processor": processor, "pre_tokenizer": {"add_prefix_space": space}}
    root["post_processor"] = processor
    root["pre_tokenizer"]["add_prefix_space"] = space
    tokenizer = Tokenizer.from_str(json.dumps(root))
    def made(*text):
        added, plain = (encoded(tokenizer.encode(*text, add_special_tokens=add), counted and add) for add in (True, False))
        return {"text": text, "added": added, **({"plain": plain} if plain != added else {})}

    return {"name": name, "patch": patch, "texts": [made(t) for t in texts] + [made(*p) for p in pairs]}


T = template(f"{END}:0 $A:0", f"{END}:0 $A:0 both:1 $B:1")
cases = [
    case("none", None),
    case("not trimmed", byte_level(False, False)),
    case("trimmed", byte_level(True, False)),
    case("space in front, not trimmed", byte_level(False, True), True),
    case("space in front, trimmed", byte_level(True, True), True),
    case("space in front, trimmed as if not", byte_level(True, False), True),
    case("no space in front, trimmed as if", byte_level(True, True)),
    case("template", T),
    case("template of types", template(f"$A:3 {END}:4", f"$B:2 {END}:1 $A:5")),
    case("trimmed, then template", sequence(byte_level(True, False), T)),
    case("template, then trimmed", sequence(T, byte_level(True, True)), counted=True),
    case("bert", {"type": "BertProcessing", "sep": [PAD, 1], "cls": [END, 0]}),
    case("roberta", roberta(True, True), True),
    case("roberta, not trimmed", roberta(False, False)),
]
with (here / "cases.json").open("w") as out:
    out.write("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")

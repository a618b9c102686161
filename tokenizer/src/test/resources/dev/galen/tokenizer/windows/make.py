"""Makes cases.json: windows that HuggingFace's tokenizers library cuts one text or two into.

    pip install tokenizers==0.23.2
    python make.py

Every tokenizer is ../huggingface/tokenizer.json with another post-processor. A case is
[first, second or null, added, maxLength, strategy, stride, left, padding or null, windows], a
padding [length, multipleOf, left, id, typeId], and a window six numbers a token: id, start, end
(in code points), type id, text (-1 if put around texts, or padding), attention mask. The windows
are null where the library raises or panics.
"""

import json
import random
from pathlib import Path

from tokenizers import Tokenizer

here = Path(__file__).parent
base = json.loads((here.parent / "huggingface/tokenizer.json").read_text())
random.seed(23)
END, PAD = "<|endoftext|>", "<pad>"
STRATEGIES = ["longest_first", "only_first", "only_second"]
TEXTS = [
    "",
    "x",
    "the patient",
    "🙂🙃 y",
    "naïve 中文 the",
    "is <mask> it <|end|>   now",
    "150mmHg 🙂 lisinopril 10 mg ",
    "the patient denies chest pain",
    "a <mask><mask> 👩‍⚕️ x",
]


def template(single, pair):
    def part(text):
        name, type_id = text.split(":")
        return {"Sequence": {"id": name[1:], "type_id": int(type_id)}} if name[0] == "$" else {"SpecialToken": {"id": name, "type_id": int(type_id)}}

    special = {name: {"id": name, "ids": [id], "tokens": [name]} for name, id in ((END, 0), (PAD, 1))}
    return {"type": "TemplateProcessing", "single": [part(p) for p in single.split()], "pair": [part(p) for p in pair.split()], "special_tokens": special}


PROCESSORS = [
    None,
    template(f"{END}:0 $A:0 {PAD}:0", f"{END}:0 $A:0 {PAD}:0 $B:1 {PAD}:1"),
    template(f"$A:3 {END}:4", f"$B:2 {END}:1 $A:5"),
    {"type": "RobertaProcessing", "sep": [PAD, 1], "cls": [END, 0], "trim_offsets": True, "add_prefix_space": False},
]


def window(e, processed):
    # Without a post-processor the library forgets which text a token is of; its type id says it.
    texts = e.sequence_ids if processed else [None if m else t for t, m in zip(e.type_ids, e.special_tokens_mask)]
    assert all((text is None) == bool(special) for text, special in zip(texts, e.special_tokens_mask))
    tokens = zip(e.ids, e.offsets, e.type_ids, texts, e.attention_mask)
    return [n for id, at, type_id, text, mask in tokens for n in (id, *at, type_id, -1 if text is None else text, mask)]


def windows(tokenizer, first, second, added, length, strategy, stride, left, padding):
    tokenizer.no_padding()
    try:
        tokenizer.enable_truncation(length, stride=stride, strategy=strategy, direction="left" if left else "right")
        if padding:
            to, multiple, front, id, type_id = padding
            tokenizer.enable_padding(length=to or None, pad_to_multiple_of=multiple or None, direction="left" if front else "right", pad_id=id, pad_type_id=type_id, pad_token=PAD)
        made = tokenizer.encode(first, second, add_special_tokens=added)
    except BaseException:  # a panic is no Exception
        return None
    return [window(e, tokenizer.post_processor is not None) for e in [made, *made.overflowing]]


def cases(tokenizer, count):
    made, failed = [], 0
    while len(made) < count:
        first, second = random.choice(TEXTS), random.choice(TEXTS) if random.random() < 0.65 else None
        padding = None
        if random.random() < 0.25:
            padding = [random.choice([0, 5, 9]), random.choice([0, 1, 4]), random.random() < 0.5, random.choice([0, 1]), random.choice([0, 3])]
        settings = [random.random() < 0.8, random.choice([0, 1, 2, 3, 4, 5, 5, 6, 6, 7, 8, 9, 11]), random.choice(STRATEGIES), random.choice([0, 0, 1, 1, 2, 3]), random.random() < 0.5, padding]
        pair = second is not None and settings[0]
        if settings[1] < max(tokenizer.num_special_tokens_to_add(False), tokenizer.num_special_tokens_to_add(pair)):
            continue  # there the library's subtraction wraps around, and it cuts nothing
        cut = windows(tokenizer, first, second, *settings)
        if cut and padding and not padding[0] and len(cut[0]) < max(map(len, cut)):
            continue  # it takes the first window for the longest, which it is but for a length of 0
        failed += cut is None
        if cut is None and failed > count // 6:
            continue
        if cut is not None and (len(cut) > 9 or len(cut) == 1 and random.random() < 0.6):
            continue
        made.append([first, second, *settings, cut])
    return made


out = []
for processor in PROCESSORS:
    tokenizer = Tokenizer.from_str(json.dumps({**base, "post_processor": processor}))
    rows = ",\n".join(json.dumps(c, separators=(",", ":"), ensure_ascii=False) for c in cases(tokenizer, 44))
    out.append('{"post_processor":%s,"cases":[\n%s\n]}' % (json.dumps(processor), rows))
(here / "cases.json").write_text("[\n" + ",\n".join(out) + "\n]\n")

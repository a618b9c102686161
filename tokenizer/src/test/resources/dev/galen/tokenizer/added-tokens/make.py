"""Makes cases.json: random sets of added tokens, random texts, and tokenizers' ids for them.

    pip install tokenizers==0.23.2
    python make.py [SETS]      # 60 are committed; of 4000 every text agreed

The vocabulary is the 256 bytes without merges, so that an id is a byte or an added token. Every
text has the ids with special tokens parsed ("parse") and taken as text ("text"); null where the
library panics, which it does where one token strips what lies inside of what another has stripped.
"""

import json
import random
import sys
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

here = Path(__file__).parent
random.seed(11)
PIECES = ["a", "b", "<", ">", " ", " ", "  ", "\t", "\n", "_", "1", "é", "中", "\u0301", "\u00a0", "\u3000", "\u200d", "-", "½", "🙂"]
SHAPES = ["<a>", "<|a|>", "a", "ab", " <b>", "b>", "<", "  ", " ", "\t", "a b", "<a> ", "é", "中", "1", "_", "|a", "aa"]
alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())


def token():
    content = random.choice(SHAPES) if random.random() < 0.8 else "".join(random.choices(PIECES, k=random.randint(1, 3)))
    flag = lambda p: random.random() < p
    return dict(
        content=content, single_word=flag(0.2), lstrip=flag(0.3), rstrip=flag(0.3), normalized=flag(0.4), special=flag(0.4)
    )


def ids(tokenizer, text, as_text):
    tokenizer.encode_special_tokens = as_text
    try:
        return tokenizer.encode(text, add_special_tokens=False).ids
    except BaseException:  # a panic is no Exception
        return None


def case():
    tokens = {t["content"]: t for t in (token() for _ in range(random.randint(1, 6)))}
    tokenizer = Tokenizer(models.BPE(vocab={c: i for i, c in enumerate(alphabet)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    for t in tokens.values():
        add = tokenizer.add_special_tokens if t["special"] else tokenizer.add_tokens
        add([AddedToken(t["content"], **{k: v for k, v in t.items() if k not in ("content", "special")})])
    listed = json.loads(tokenizer.to_str())["added_tokens"]
    parts = PIECES + 3 * list(tokens)
    texts = ["".join(random.choices(parts, k=random.randint(1, 8))) for _ in range(12)]
    return {
        "added_tokens": listed,
        "texts": [{"text": t, "parse": ids(tokenizer, t, False), "text_ids": ids(tokenizer, t, True)} for t in texts],
    }


sets = int(sys.argv[1]) if len(sys.argv) > 1 else 60
cases = [case() for _ in range(sets)]
with (here / "cases.json").open("w") as out:
    out.write("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")

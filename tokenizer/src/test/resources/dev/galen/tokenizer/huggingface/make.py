"""Makes tokenizer.json and cases.json, what HuggingFace's tokenizers library makes of corpus.txt.

    pip install tokenizers==0.23.2
    python make.py

The tests train on the same corpus and encode the same texts. Every case has the ids with special
tokens parsed ("ids") and taken as text ("text_ids"), and the same for variants of the tokenizer
with add_prefix_space ("prefix_ids") and ignore_merges ("whole_ids").
"""

import json
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, processors, trainers

here = Path(__file__).parent
corpus = (here / "corpus.txt").read_text(encoding="utf-8").splitlines(keepends=True)

tokenizer = Tokenizer(models.BPE())
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
tokenizer.decoder = decoders.ByteLevel()
tokenizer.post_processor = processors.ByteLevel(trim_offsets=False)
trainer = trainers.BpeTrainer(
    vocab_size=500,
    special_tokens=["<|endoftext|>", "<pad>"],
    initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
    show_progress=False,
)
tokenizer.train_from_iterator(corpus, trainer)
tokenizer.add_special_tokens([AddedToken("<mask>", lstrip=True), AddedToken("<|end|>", rstrip=True)])
tokenizer.add_tokens(["<|endo", "mmHg", "lisinopril 10 mg", "🙂"])
tokenizer.save(str(here / "tokenizer.json"))


def variant(change):
    root = json.loads(tokenizer.to_str())
    change(root)
    return Tokenizer.from_str(json.dumps(root))


prefix = variant(lambda root: root["pre_tokenizer"].update(add_prefix_space=True))
# A word that is a token, but that no merge makes.
whole = variant(lambda root: (root["model"].update(ignore_merges=True), root["model"]["merges"].clear()))

texts = [
    "",
    " ",
    "   ",
    "The patient's blood pressure",
    " the  patient   \n\n treated\t\tpatients ",
    "they'll they've THEY'LL ' 's 'x don't''re '",
    "환자는 두통과 発熱 Müdigkeit боль",
    "naïve cafe\u0301 Ａ１２ ½ ² ٣٤٥ Ⅷ ㊿ 𝟙𝟚 𐍈",
    "a\u00a0b\u2003\u2003c\u3000\u3000\u3000d\u0085e\u2028f\u200bg\u180eh\x1ci\x1f j\ufeffk",
    "🙂🙂 👩‍⚕️🏥 🇩🇪 ✓",
    "<|endoftext|>",
    "one<|endoftext|>two <|endoftext|> three<pad>",
    "<|endo <|endoftext|> <|endoftex <|end|>   <|end|>\n\nx",
    "fill   the <mask> and the<mask>   too<mask>",
    "150mmHg lisinopril 10 mg lisinopril 10 m",
    "aaaaaaaaaaaaaaaaaaaaaaaaa --------------------- a----a",
    "x\x00y\x7fz\u00ad\u0378\ue000\U0010ffff",
]


def as_text(t, text):
    t.encode_special_tokens = True
    ids = t.encode(text, add_special_tokens=False).ids
    t.encode_special_tokens = False
    return ids


def case(text):
    def ids(t):
        return t.encode(text, add_special_tokens=False).ids

    return {
        "text": text,
        "ids": ids(tokenizer),
        "text_ids": as_text(tokenizer, text),
        "prefix_ids": ids(prefix),
        "whole_ids": ids(whole),
        "decoded": tokenizer.decode(ids(tokenizer), skip_special_tokens=False),
    }


# Bytes that are not UTF-8: cut off, overlong, surrogates, out of range, in between other characters.
spoilt = """80 bf c0 c1bf c280 c2 c241 e08080 e0a080 e0a0 e08041 eda080 edbfbf ed9fbf efbfbf f0808080
f0908080 f09080 f090 f0 f0908041 f48fbfbf f4908080 f5808080 ff fe ffff 41c242 e28882e288 e2e28882
f09f9982f09f99 f09f41 f09f9941 80c3a9 c3c3a9 f8888080 eda0bdedb882 e1 e180e1 f1808041f2""".split()

json.dump(
    {
        "cases": [case(text) for text in texts],
        "spoilt": [[b, bytes.fromhex(b).decode("utf-8", errors="replace")] for b in spoilt],
    },
    (here / "cases.json").open("w", encoding="utf-8"),
    ensure_ascii=True,
    indent=1,
)

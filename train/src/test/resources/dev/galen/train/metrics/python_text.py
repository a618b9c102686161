"""Writes python_text.json beside itself: how Python cuts text, and what BLEU and ROUGE make of it.

    python3 -m venv venv && venv/bin/pip install nltk sacrebleu
    venv/bin/python python_text.py

Each character that Python or Java takes for white space, and some that neither does, stands inside
of, before and behind words. ROUGE's words are those of rouge_score's tokenizer, whose four lines
stand below; its stems are nltk's.
"""

import json
import re
from pathlib import Path

import sacrebleu
from nltk.stem.porter import PorterStemmer
from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu

SPACES = [c for c in range(0x110000) if chr(c).isspace()]
# What some other language trims, joins or breaks at: controls, joiners, marks of byte order.
OTHERS = [0x00, 0x08, 0x1B, 0x7F, 0x180E, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x0301, 0x1F600]
# Capitals whose lower case is, or begins with, an ASCII letter; Greek's final sigma; digits.
LETTERS = ["\u0130ct", "5 \u212Aelvin", "\u039F\u0394\u039F\u03A3", "x\u00B2 \u0663 \uFF15 \u00BD"]
stemmer = PorterStemmer()


def rouge_words(text, stem):
    words = re.split(r"\s+", re.sub(r"[^a-z0-9]+", " ", text.lower()))
    if stem:
        words = [stemmer.stem(word) if len(word) > 3 else word for word in words]
    return [word for word in words if re.match(r"^[a-z0-9]+$", word)]


def case(text, reference):
    tokens = sacrebleu.metrics.bleu.BLEU()._preprocess_segment(text)
    score = sacrebleu.sentence_bleu(text, [reference])
    return {
        "text": text,
        "reference": reference,
        "split": text.split(),
        "strip": text.strip(),
        "rstrip": text.rstrip(),
        "bleu": sentence_bleu(
            [reference.split()], text.split(), smoothing_function=SmoothingFunction().method1
        ),
        "tokens13a": tokens.split(),
        "sacrebleu": score.score,
        "rouge": rouge_words(text, False),
        "rougeStemmed": rouge_words(text, True),
    }


def cases():
    for c in SPACES + OTHERS:
        space = chr(c)
        yield case(
            space + "give 5" + space + "mg of" + space * 2 + "aspirin-" + space + "daily." + space,
            "give 5 mg of aspirin- daily.",
        )
        yield case("pain -" + "\n" + space, "pain - \n" + space)
    for text in LETTERS:
        yield case(text, text.lower())
    yield case("", "a word")
    yield case("\u00A0\u2007", "a word")


path = Path(__file__).with_suffix(".json")
result = {"spaces": SPACES, "cases": list(cases())}
path.write_text(json.dumps(result, ensure_ascii=True, indent=0) + "\n")

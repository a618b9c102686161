"""Writes metric_cases.json beside itself: what reference implementations say of random inputs.

    python3 -m venv venv && venv/bin/pip install nltk scikit-learn sacrebleu
    venv/bin/python metric_cases.py

BLEU and the stems are computed by nltk, sacrebleu's BLEU by sacrebleu, the classification scores by
scikit-learn; the versions stand in the file. ROUGE is computed by the independent implementation
below, from the published formulas (Lin 2004) with full tables and nltk's stemmer, since Google's
package could not be installed where this ran.
"""

import json
import random
import re
import warnings
from collections import Counter
from pathlib import Path

import nltk
import numpy
import sacrebleu
import sklearn
from nltk.stem.porter import PorterStemmer
from nltk.translate.bleu_score import SmoothingFunction, corpus_bleu
from sklearn import metrics

warnings.simplefilter("ignore")
rng = random.Random(1980)

WORDS = "the a patient pain fever dose was with of chest cough acute".split()
WEIGHTS = [[0.25] * 4, [1.0], [0.5, 0.5], [0.2, 0.3, 0.5], [0.1, 0.2, 0.3, 0.2, 0.2]]


def sentence(shortest, longest, words=WORDS):
    return [rng.choice(words) for _ in range(rng.randint(shortest, longest))]


def noisy(tokens):
    """A copy with some words replaced, dropped or doubled, so that long n-grams match too."""
    out = []
    for token in tokens:
        roll = rng.random()
        if roll < 0.1:
            out.append(rng.choice(WORDS))
        elif roll < 0.9:
            out += [token] if roll > 0.15 else [token, token]
    return out


def bleu_corpora():
    word, phrase = ["pain"], "acute chest pain with fever".split()
    fixed = [
        ([[phrase]], [phrase]),
        ([[phrase]], [[]]),
        ([[[]]], [[]]),
        ([[[]]], [phrase]),
        ([[word]], [word]),
        ([[phrase]], [word]),
        ([[phrase]], [["cough"]]),
        ([[phrase]], ["cough was a dose".split()]),
        ([[phrase[:2], phrase[:4]]], [phrase[:3]]),
        ([[phrase[:4], phrase[:2]]], [phrase[:3]]),
        ([[phrase], [word]], [phrase[:3], []]),
    ]
    for _ in range(40):
        references = [sentence(1, 14) for _ in range(rng.randint(1, 3))]
        hypothesis = noisy(rng.choice(references)) if rng.random() < 0.8 else sentence(1, 14)
        fixed.append(([references], [hypothesis]))
    for _ in range(12):
        references = [[sentence(3, 16) for _ in range(rng.randint(1, 2))] for _ in range(4)]
        fixed.append((references, [noisy(refs[0]) for refs in references]))
    return fixed


def bleu():
    smoother = SmoothingFunction()
    methods = [getattr(smoother, "method%d" % m) for m in range(8)]
    cases = []
    for references, hypotheses in bleu_corpora():
        weights = rng.choice(WEIGHTS) if len(cases) % 2 else WEIGHTS[0]
        scores = []
        for method in methods:
            try:
                scores.append(float(corpus_bleu(references, hypotheses, tuple(weights), method)))
            except (AssertionError, IndexError):
                scores.append(None)  # method 6 refuses
        cases.append(
            {
                "references": [[" ".join(r) for r in refs] for refs in references],
                "hypotheses": [" ".join(h) for h in hypotheses],
                "weights": weights,
                "scores": scores,
            }
        )
    return cases


PIECES = WORDS + [
    "Fever,", "b.i.d.", "140/90", "1,234", "p<0.05", "3-4", "-", "x-ray", "&amp;", "&quot;no&quot;",
    "don't", "(mild)", "..", ".,", "5.", ".5", "a.b", "Ménière", "98.6°F", "\t", "\u00a0", "<skipped>",
    "[1]", "{x}", "~", "@", "a_b", "β", "😀", "12-\n", "\n", "7-day", "1.,2", ";", "100%",
]  # fmt: skip


def text(shortest, longest):
    return " ".join(sentence(shortest, longest, PIECES))


def sacre():
    cases = []
    for size in [1] * 25 + [3] * 10:
        references = [[text(1, 14) for _ in range(size)] for _ in range(rng.randint(1, 2))]
        hypotheses = [" ".join(noisy(r.split(" "))) for r in references[0]]
        if size == 1:
            score = sacrebleu.sentence_bleu(hypotheses[0], [r[0] for r in references])
        else:
            score = sacrebleu.corpus_bleu(hypotheses, references)
        cases.append(
            {
                "references": [list(refs) for refs in zip(*references)],
                "hypotheses": hypotheses,
                "score": score.score,
                "precisions": score.precisions,
                "bp": score.bp,
                "lengths": [score.sys_len, score.ref_len],
                "counts": score.counts,
                "totals": score.totals,
            }
        )
    return cases


def tokens13a():
    tokenize = sacrebleu.BLEU(tokenize="13a")._preprocess_segment
    return [[t, tokenize(t)] for t in ["", " ", "."] + [text(1, 12) for _ in range(60)]]


def rouge_tokens(line, stemmer):
    words = re.findall("[a-z0-9]+", line.lower())
    return [stemmer.stem(w) if stemmer and len(w) > 3 else w for w in words]


def rouge_score(common, target, prediction):
    p = common / prediction if prediction else 0.0
    r = common / target if target else 0.0
    return [p, r, 2 * p * r / (p + r) if common else 0.0]


def rouge_n(target, prediction, n):
    grams = [Counter(tuple(s[i : i + n]) for i in range(len(s) - n + 1)) for s in (target, prediction)]
    return rouge_score(sum((grams[0] & grams[1]).values()), *(sum(g.values()) for g in grams))


def lcs(target, prediction):
    """The indices of one longest common subsequence in the target, as ROUGE reads it out."""
    table = [[0] * (len(prediction) + 1)]
    for word in target:
        row = [0]
        for j, other in enumerate(prediction):
            row.append(table[-1][j] + 1 if word == other else max(table[-1][j + 1], row[j]))
        table.append(row)
    found, i, j = [], len(target), len(prediction)
    while i and j:
        if target[i - 1] == prediction[j - 1]:
            i, j = i - 1, j - 1
            found.append(i)
        elif table[i][j - 1] > table[i - 1][j]:
            j -= 1
        else:
            i -= 1
    return found


def rouge_lsum(targets, predictions):
    budget = Counter(sum(targets, [])) & Counter(sum(predictions, []))
    common = Counter()
    for target in targets:
        union = set().union(*(lcs(target, prediction) for prediction in predictions))
        common.update(target[i] for i in union)
    sizes = [sum(map(len, side)) for side in (targets, predictions)]
    return rouge_score(sum((common & budget).values()), *sizes)


ROUGE_WORDS = WORDS + [
    "Relations", "relational", "related", "dying", "dies", "Diagnoses,", "diagnosis;", "diagnosed",
    "140/90", "SpO₂", "Ménière's", "(inflamed)", "INFLAMMATION", "studies.", "study", "İ", "K",
]  # fmt: skip


def rouge():
    pairs = [("", ""), ("a", ""), ("", "a"), ("a", "a"), ("a", "b"), ("é ü", "é"), ("a\n\nb", "\nb\n")]
    pairs += [("pain", "pain in the chest"), ("acute chest pain", "acute chest pain")]
    for _ in range(50):
        lines = [sentence(0, 9, ROUGE_WORDS) for _ in range(rng.randint(1, 4))]
        others = [noisy(line) for line in lines]
        rng.shuffle(others)
        pairs.append(tuple("\n".join(map(" ".join, side)) for side in (lines, others)))
    cases = []
    for target, prediction in pairs:
        for stemmer in (None, PorterStemmer()):
            flat = [rouge_tokens(side, stemmer) for side in (target, prediction)]
            split = [[rouge_tokens(x, stemmer) for x in s.split("\n")] for s in (target, prediction)]
            cases.append(
                {
                    "target": target,
                    "prediction": prediction,
                    "stem": stemmer is not None,
                    "rouge1": rouge_n(*flat, 1),
                    "rouge2": rouge_n(*flat, 2),
                    "rouge3": rouge_n(*flat, 3),
                    "rougeL": rouge_score(len(lcs(*flat)), *map(len, flat)),
                    "rougeLsum": rouge_lsum(*split),
                }
            )
    return cases


STEMS = """act adopt agre allow ang apolog b bio by cardi caress cl communic conform conflat control
 creat d decis depend die differ digit effect electr enjoy equal fail feed fil fizz form fr geo
 hesit hiss hop hopp hospit inflamm internat l log m motor nat oper orrer path pl play predic prob
 r radic rat relat replac respir roll sens siz sk sp spr st str syzyg tann theo therap toy tr
 tripl troubl typ val veh vietnam vil w x y yy""".split()
SUFFIXES = """ a able ables abli ably al ali alism aliti ality alize alli ally ance anci ancy ant at
 ate ated ates ating ation ational ations ative ator ators bl bli bly e ed eed eeds eli ely ement
 ements ence enci ency ent entli ently er ers es fulli fully fulness ful ial ibilities ibility ible
 ic ical icate ication icities iciti icity ied ier ies ing ings ion ions ious ism iti ity ive
 iveness iviti ivity iz ization ize ized izer izing less ll lle lly logi logical logies logy ly ment
 ments ness nesses ou ous ously ousli ousness s ss sses tion tional ual ve wed xed y yed ying
 y's ys""".split(" ")
IRREGULAR = """sky skies dying lying tying news innings inning outings outing cannings canning howe
 proceed exceed succeed Dying SKIES News dies flies spied died by say Y A I is as ed ing eed ied ies
 s es e ll y yyyy yyyyed oed aing café naïve 2nd 140s x-ray don't""".split()


def porter():
    words = [""] + IRREGULAR
    for _ in range(900):
        words.append(rng.choice(STEMS) + rng.choice(SUFFIXES).strip() + rng.choice(["", "", "", "s", "ly"]))
    words = list(dict.fromkeys(words))
    modes = ["NLTK_EXTENSIONS", "MARTIN_EXTENSIONS", "ORIGINAL_ALGORITHM"]
    stems = {mode: [PorterStemmer(mode).stem(w) for w in words] for mode in modes}
    return {"words": words, **stems}


def scores(truth, predicted, average, zero_division, labels):
    arguments = dict(average=average, zero_division=zero_division, labels=labels)
    found = metrics.precision_recall_fscore_support(truth, predicted, **arguments)
    return numpy.array(found[:3], dtype=float).T.tolist()


def confusion():
    cases = []
    for classes in [2] * 6 + [3] * 8 + [5] * 6:
        size = rng.randint(1, 30)
        truth = [rng.randrange(classes) for _ in range(size)]
        predicted = [t if rng.random() < 0.5 else rng.randrange(classes - 1) for t in truth]
        labels = list(range(classes))
        case = {
            "truth": truth,
            "predicted": predicted,
            "classes": classes,
            "accuracy": metrics.accuracy_score(truth, predicted),
            "matrix": metrics.confusion_matrix(truth, predicted, labels=labels).tolist(),
        }
        for name, zero in [("0", 0), ("1", 1), ("NaN", numpy.nan)]:
            case["zero " + name] = {
                "classes": scores(truth, predicted, None, zero, labels),
                "macro": scores(truth, predicted, "macro", zero, labels),
                "weighted": scores(truth, predicted, "weighted", zero, labels),
            }
        cases.append(case)
    return json.loads(json.dumps(cases).replace("NaN,", "null,").replace("NaN]", "null]"))


def auc():
    cases = []
    for _ in range(20):
        size = rng.randint(2, 25)
        truth = [0, 1] + [rng.randrange(2) for _ in range(size - 2)]
        values = [rng.choice([0.0, -0.0, 0.1, 0.5, 0.7, rng.random()]) for _ in truth]
        fpr, tpr, _ = metrics.roc_curve(truth, values, drop_intermediate=False)
        area = metrics.roc_auc_score(truth, values)
        cases.append(
            {"truth": truth, "scores": values, "fpr": fpr.tolist(), "tpr": tpr.tolist(), "area": area}
        )
    return cases


def auc_multiclass():
    cases = []
    for classes in [3] * 6 + [4] * 6:
        truth = list(range(classes)) + [rng.randrange(classes) for _ in range(rng.randint(0, 12))]
        rows = []
        for t in truth:  # multiples of 1/16 that sum to 1: exact, and with ties
            row = [0] * classes
            for _ in range(16):
                row[t if rng.random() < 0.2 else rng.randrange(classes)] += 1
            rows.append([count / 16 for count in row])
        case = {"truth": truth, "scores": rows}
        for way in ("ovr", "ovo"):
            for average in ("macro", "weighted"):
                case[way + " " + average] = metrics.roc_auc_score(
                    truth, rows, multi_class=way, average=average
                )
        cases.append(case)
    return cases


if __name__ == "__main__":
    made = {
        "bleu": bleu(),
        "sacrebleu": sacre(),
        "tokens13a": tokens13a(),
        "rouge": rouge(),
        "porter": porter(),
        "confusion": confusion(),
        "auc": auc(),
        "auc multiclass": auc_multiclass(),
    }
    modules = {"nltk": nltk, "sacrebleu": sacrebleu, "scikit-learn": sklearn}
    versions = {name: module.__version__ for name, module in modules.items()}
    lines = ["{", '"made with": ' + json.dumps(versions)]
    for name, cases in made.items():
        dump = lambda value: json.dumps(value, separators=(",", ":"))
        if isinstance(cases, list):
            body = "[\n" + ",\n".join(map(dump, cases)) + "\n]"
        else:
            body = dump(cases)
        lines[-1] += ","
        lines.append(json.dumps(name) + ": " + body)
    target = Path(__file__).with_name("metric_cases.json")
    target.write_text("\n".join(lines + ["}"]) + "\n", encoding="ascii")

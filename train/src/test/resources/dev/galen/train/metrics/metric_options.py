"""Writes metric_options.json beside itself: what the references say with each of their options.

    python3 -m venv venv && venv/bin/pip install nltk==3.10.3 scikit-learn==1.9.1 sacrebleu==2.6.0 scipy
    venv/bin/python metric_options.py

Texts are random: words that repeat, Unicode, empty lines, empty references, and sentences that are
longer than TER's beam and its limits of shifts. "reference_lists" are sacrebleu's streams, null
where a sentence has fewer references. Numbers that JSON does not have are strings.
"""

import json
import math
import random
import warnings
from pathlib import Path

import numpy as np
from nltk.translate.bleu_score import SmoothingFunction, corpus_bleu
from sacrebleu.metrics import BLEU, CHRF, TER
from scipy import stats
from sklearn import metrics

warnings.simplefilter("ignore")
rng = random.Random(2026)
draw = np.random.default_rng(2026)

WORDS = "the a patient's pain, fever; dose 5 3.5 mg was 1,000 (mild) chest-pain 10-20 &amp; U.S. Dr.".split()
STRANGE = ["naïve", "Übelkeit", "Straße", "患者は", "頭痛", "を訴える。", "（急）", "€5", "10°C", "–", "😀", "👩‍⚕️",
           "İstanbul", "ΟΔΟΣ", "x\u00a0y", "\u3000", "½", "a\u2003b", "𠀀", "ｶﾅ", "「薬」", "'s", "it's", "don't"]


def text(longest, words=WORDS + STRANGE):
    return " ".join(rng.choice(words) for _ in range(rng.randint(0, longest)))


def noisy(line):
    out = []
    for token in line.split(" "):
        roll = rng.random()
        if roll < 0.15:
            out.append(rng.choice(WORDS))
        elif roll < 0.9:
            out.append(token.swapcase() if roll < 0.2 else token)
    if len(out) > 6 and rng.random() < 0.7:
        at, to = rng.randrange(len(out) - 3), rng.randrange(len(out) - 3)
        run = out[at:at + 3]
        del out[at:at + 3]
        out[to:to] = run
    return " ".join(out)


def corpus(lines, longest, streams):
    references = [[text(longest) for _ in range(lines)]]
    for _ in range(streams - 1):
        references.append([noisy(line) for line in references[0]])
    if streams > 2:
        references[2] = [None if i % 3 == 0 else line for i, line in enumerate(references[2])]
    return [noisy(line) for line in references[0]], references


def plain(value):
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(v) for v in value]
    if isinstance(value, (bool, np.bool_)) or value is None or isinstance(value, str):
        return value
    if isinstance(value, (int, np.integer)):
        return int(value)
    value = float(value)
    return value if math.isfinite(value) else str(value)


CORPORA = [corpus(4, 20, 1), corpus(4, 25, 2), corpus(6, 12, 3),
           (["", "pain", "", "  "], [["", "", "pain", " "]]),
           (["the the the the the the the"], [["the cat is on the mat the the"]])]
LONG = [
    ([" ".join(rng.choice("abcdefgh") for _ in range(120))], [[" ".join(rng.choice("abcdefgh") for _ in range(130))]]),
    ([" ".join(f"w{i}" for i in list(range(60, 120)) + list(range(60)))], [[" ".join(f"w{i}" for i in range(120))]]),
    ([" ".join(rng.choice("ab") for _ in range(10))], [[" ".join(rng.choice("abc") for _ in range(150))]]),
    ([" ".join(rng.choice("abc") for _ in range(150))], [[" ".join(rng.choice("ab") for _ in range(8))]]),
    ([" ".join(f"w{i % 40}" for i in range(20, 100))], [[" ".join(f"w{i % 40}" for i in range(80))]]),
]


def sacrebleu_cases():
    out = []

    def add(metric, settings, data, sentences=True):
        hypotheses, references = data
        scorer = {"BLEU": BLEU, "CHRF": CHRF, "TER": TER}[metric](**settings)
        score = scorer.corpus_score(hypotheses, references)
        case = {"metric": metric, "settings": settings, "hypotheses": hypotheses,
                "reference_lists": references, "signature": str(scorer.get_signature()),
                "corpus": score.score}
        if metric == "BLEU":
            case |= {"precisions": score.precisions, "bp": score.bp, "sys_len": score.sys_len,
                     "ref_len": score.ref_len, "counts": score.counts, "totals": score.totals}
        if metric == "TER":
            case |= {"edits": score.num_edits, "ref_length": score.ref_length}
        if sentences:
            each = {"BLEU": BLEU, "CHRF": CHRF, "TER": TER}[metric](**settings)
            case["sentences"] = [each.sentence_score(h, [s[i] for s in references if s[i] is not None]).score
                                 for i, h in enumerate(hypotheses)]
        out.append(case)

    for i, data in enumerate(CORPORA):
        for tokenize in ["13a", "none", "char", "intl", "zh"]:
            add("BLEU", {"tokenize": tokenize, "lowercase": i % 2 == 0}, data, i == 2)
        for method, value in [("none", None), ("floor", None), ("floor", 0.03), ("floor", 0.0), ("add-k", None),
                              ("add-k", 0.25), ("exp", None)]:
            add("BLEU", {"smooth_method": method, "smooth_value": value, "effective_order": i % 2 == 1,
                         "max_ngram_order": [4, 4, 6, 3, 4][i]}, data, True)
        for settings in [{}, {"word_order": 2}, {"word_order": 1, "beta": 3, "lowercase": True},
                         {"char_order": 3, "whitespace": True}, {"eps_smoothing": True, "word_order": 2},
                         {"char_order": 1, "beta": 1, "whitespace": True, "eps_smoothing": True}]:
            add("CHRF", settings, data)
        for settings in [{}, {"normalized": True}, {"no_punct": True, "case_sensitive": True},
                         {"normalized": True, "no_punct": True}, {"normalized": True, "asian_support": True},
                         {"no_punct": True, "asian_support": True},
                         {"normalized": True, "no_punct": True, "asian_support": True, "case_sensitive": True}]:
            add("TER", settings, data)
    for data in LONG:
        add("TER", {}, data, False)
    return out


def nltk_cases():
    out = []
    for i in range(24):
        hypotheses, references = [], []
        for _ in range(rng.choice([1, 1, 3])):
            line = text(rng.choice([3, 8, 15]), WORDS[:8]) + " pain fever dose"
            references.append([line.split(), noisy(line).split() or ["a"]][: rng.choice([1, 2])])
            hypotheses.append(noisy(line).split())
        weights = [[0.25] * 4, [0.25] * 4, [0.5, 0.5], [0.2, 0.3, 0.4, 0.05, 0.05], [1.0], [0.1, 0.2, 0.3]][i % 6]
        epsilon, alpha, k = [(0.1, 5, 5), (0.3, 2, 3), (0.01, 10, 7.5)][i % 3]
        scores = {}
        for method in range(8):
            try:
                smoothing = getattr(SmoothingFunction(epsilon, alpha, k), f"method{method}")
                scores[f"method{method}"] = plain(corpus_bleu(references, hypotheses, tuple(weights), smoothing,
                                                              auto_reweigh=i % 2 == 1))
            except (AssertionError, IndexError, ZeroDivisionError):
                pass
        out.append({"references": references, "hypotheses": hypotheses, "weights": weights, "epsilon": epsilon,
                    "alpha": alpha, "k": k, "auto_reweigh": i % 2 == 1, "scores": scores})
    out.append({"references": [[["left", "right"]]], "hypotheses": [["left", "right"]], "weights": [0.25] * 4,
                "epsilon": 0.1, "alpha": 5, "k": 5, "auto_reweigh": True,
                "scores": {"method0": corpus_bleu([[["left", "right"]]], [["left", "right"]], auto_reweigh=True)}})
    return out


def class_cases():
    out = []
    for i in range(10):
        n, classes = rng.choice([1, 5, 30]), rng.choice([2, 3, 5])
        y = [rng.randrange(classes) for _ in range(n)]
        p = [t if rng.random() < 0.5 else rng.randrange(classes) for t in y]
        weights = None if i % 2 else [round(rng.random(), 3) for _ in range(n)]
        labels = None if i % 3 else [0, 7, 1]
        beta = [1.0, 0.5, 2.0, 0.0][i % 4]
        case = {"y": y, "p": p, "weights": weights, "labels": labels, "beta": beta, "scores": []}
        for zero in [0, 1, float("nan")]:
            for average in [None, "micro", "macro", "weighted"]:
                prf = metrics.precision_recall_fscore_support(
                    y, p, beta=beta, labels=labels, average=average, zero_division=zero, sample_weight=weights)
                jaccard = None if math.isnan(zero) else metrics.jaccard_score(
                    y, p, labels=labels, average=average, zero_division=zero, sample_weight=weights)
                case["scores"].append({"zero_division": plain(zero), "average": average, "prf": plain(prf),
                                       "jaccard": plain(jaccard)})
        if 0 in y or labels is None:
            case["confusion"] = {str(mode).lower(): plain(metrics.confusion_matrix(
                y, p, labels=labels, sample_weight=weights, normalize=mode)) for mode in [None, "true", "pred", "all"]}
            case["kappa"] = {str(w).lower(): plain(metrics.cohen_kappa_score(
                y, p, labels=labels, weights=w, sample_weight=weights)) for w in [None, "linear", "quadratic"]}
        case["mcc"] = plain(metrics.matthews_corrcoef(y, p, sample_weight=weights))
        case["balanced"] = plain(metrics.balanced_accuracy_score(y, p, sample_weight=weights))
        case["adjusted"] = plain(metrics.balanced_accuracy_score(y, p, sample_weight=weights, adjusted=True))
        case["accuracy"] = plain(metrics.accuracy_score(y, p, sample_weight=weights))
        out.append(case)
    return out


def multilabel_cases():
    out = []
    for i in range(6):
        n, classes = rng.choice([2, 8, 20]), rng.choice([2, 3, 5])
        y = draw.integers(0, 2, (n, classes))
        y[0] = 0
        p = np.where(draw.random((n, classes)) < 0.6, y, 1 - y)
        if i == 2:
            p[0] = 0
        s = np.round(draw.random((n, classes)), 1 if i % 2 else 4)
        weights = None if i % 2 else np.round(draw.random(n), 3)
        case = {"y": plain(y), "p": plain(p), "scores": plain(s), "weights": plain(weights), "prf": []}
        for average in ["micro", "macro", "weighted", "samples"]:
            for zero in [0, 1]:
                prf = metrics.precision_recall_fscore_support(
                    y, p, beta=0.5, average=average, zero_division=zero, sample_weight=weights)
                case["prf"].append({"average": average, "zero_division": zero, "prf": plain(prf),
                                    "jaccard": plain(metrics.jaccard_score(
                                        y, p, average=average, zero_division=zero, sample_weight=weights))})
        case["accuracy"] = plain(metrics.accuracy_score(y, p, sample_weight=weights))
        case["hamming"] = plain(metrics.hamming_loss(y, p, sample_weight=weights))
        case["ranking"] = plain(metrics.label_ranking_average_precision_score(y, s, sample_weight=weights))
        averages = ["micro", "macro", "weighted", "samples"]
        case["average_precision"] = {a: plain(metrics.average_precision_score(
            y, s, average=a, sample_weight=weights)) for a in averages}
        case["roc_auc"] = {a: plain(metrics.roc_auc_score(y, s, average=a, sample_weight=weights)) for a in averages}
        out.append(case)
    return out


def curve_cases():
    out = []
    for i in range(6):
        n = rng.choice([6, 20, 60])
        y = [0, 1] + [rng.randrange(2) for _ in range(n)]
        s = [round(rng.random(), 1 if i % 2 else 5) for _ in y]
        weights = None if i % 3 else [round(rng.random() + 0.01, 3) for _ in y]
        out.append({
            "y": y, "scores": s, "weights": weights,
            "roc": plain(metrics.roc_curve(y, s, sample_weight=weights)),
            "roc_all": plain(metrics.roc_curve(y, s, sample_weight=weights, drop_intermediate=False)),
            "pr": plain(metrics.precision_recall_curve(y, s, sample_weight=weights)),
            "pr_dropped": plain(metrics.precision_recall_curve(y, s, sample_weight=weights, drop_intermediate=True)),
            "auc": plain(metrics.roc_auc_score(y, s, sample_weight=weights)),
            "partial": {str(m): plain(metrics.roc_auc_score(y, s, sample_weight=weights, max_fpr=m))
                        for m in [0.05, 0.3, 0.5, 1.0]},
            "average_precision": plain(metrics.average_precision_score(y, s, sample_weight=weights)),
            "brier": plain(metrics.brier_score_loss(y, s, sample_weight=weights)),
            "log_loss": plain(metrics.log_loss(y, s, sample_weight=weights)),
        })
    return out


def regression_cases():
    out = []
    for i in range(5):
        n = [1, 2, 15, 15, 40][i]
        y = np.round(draw.normal(size=n), 1 if i == 3 else 5)
        p = np.round(y + draw.normal(size=n), 1 if i == 3 else 5)
        if i == 2:
            y[:] = 2.0
        weights = None if i % 2 else np.round(draw.random(n) + 0.01, 3)
        both = n > 1
        out.append({
            "y": plain(y), "p": plain(p), "weights": plain(weights),
            "mse": plain(metrics.mean_squared_error(y, p, sample_weight=weights)),
            "rmse": plain(metrics.root_mean_squared_error(y, p, sample_weight=weights)),
            "mae": plain(metrics.mean_absolute_error(y, p, sample_weight=weights)),
            "medae": plain(metrics.median_absolute_error(y, p)), "max": plain(metrics.max_error(y, p)),
            "r2": plain(metrics.r2_score(y, p, sample_weight=weights)),
            "explained": plain(metrics.explained_variance_score(y, p, sample_weight=weights)),
            "pearson": plain(stats.pearsonr(y, p).statistic) if both else None,
            "spearman": plain(stats.spearmanr(y, p).statistic) if both else None,
        })
    return out


def significance_cases():
    wilson = []
    for k, n, confidence in [(0, 5, 0.95), (5, 5, 0.95), (3, 10, 0.9), (271, 500, 0.99), (1, 1, 0.5)]:
        interval = stats.binomtest(k, n).proportion_ci(confidence, method="wilson")
        wilson.append([k, n, confidence, plain(interval.low), plain(interval.high)])
    mcnemar = []
    for b, c in [(0, 0), (1, 0), (5, 5), (3, 12), (40, 71), (0, 30)]:
        exact = min(1.0, 2 * stats.binom.cdf(min(b, c), b + c, 0.5))
        plainly = (b - c) ** 2 / (b + c) if b + c else math.nan
        corrected = (abs(b - c) - 1) ** 2 / (b + c) if b + c else math.nan
        mcnemar.append([b, c, plain(exact), plain(plainly), plain(stats.chi2.sf(plainly, 1)) if b + c else 1,
                        plain(corrected), plain(stats.chi2.sf(corrected, 1)) if b + c else 1])
    return {"wilson": wilson, "mcnemar": mcnemar}


cases = {"sacrebleu": sacrebleu_cases(), "nltk": nltk_cases(), "classes": class_cases(),
         "multilabel": multilabel_cases(), "curves": curve_cases(), "regression": regression_cases(),
         "significance": significance_cases()}
lines = []
for name, value in cases.items():
    if isinstance(value, list):
        lines.append(json.dumps(name) + ": [\n" + ",\n".join(json.dumps(c) for c in value) + "]")
    else:
        lines.append(json.dumps(name) + ": " + json.dumps(value))
Path(__file__).with_suffix(".json").write_text("{\n" + ",\n".join(lines) + "}\n")

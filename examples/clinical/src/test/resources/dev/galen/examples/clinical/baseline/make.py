"""Writes cases.json beside this script: what scikit-learn 1.9.1 makes of texts of our own.

Run with scikit-learn installed: python make.py
"""

import json
import pathlib

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

TRAIN = [
    ("no", "The drug did not lower blood pressure; no effect at all."),
    ("yes", "Walking lowers blood pressure and improves sleep."),
    ("maybe", "The effect on sleep may depend on the dose; more studies are needed."),
    ("no", "Vitamin C does not prevent colds, and zinc did not either."),
    ("yes", "Hand washing prevents colds: a clear effect."),
    ("yes", "The vaccine prevents severe disease and improves survival."),
    ("maybe", "Whether zinc shortens colds remains unclear; it may."),
    ("no", "There was no difference in survival, and sleep did not improve."),
    ("yes", "Naïve T-cells x2 rose by 5² µg, as β_2 blockers improve Sleep."),
    ("no", "Sleep was not better: pressure, pressure and pressure again."),
]
TEST = [
    "The drug may lower pressure.",
    "It did not improve survival.",
    "Blood pressure and sleep improve, a clear effect.",
    "NAÏVE β_2 5² survival",
    "Nothing that was ever seen",
    "",
]


def probabilities(train, words, least, sublinear, c):
    vectors = TfidfVectorizer(ngram_range=(1, words), min_df=least, sublinear_tf=sublinear)
    x = vectors.fit_transform([text for _, text in train])
    model = LogisticRegression(C=c, max_iter=10000, tol=1e-10)
    model.fit(x, [label for label, _ in train])
    t = vectors.transform(TEST)
    return {
        "words": words,
        "least": least,
        "sublinear": sublinear,
        "c": c,
        "features": x.shape[1],
        "classes": list(model.classes_),
        "sums": [float(t[i].sum()) for i in range(t.shape[0])],
        "probabilities": model.predict_proba(t).tolist(),
    }


two = [(label, text) for label, text in TRAIN if label != "maybe"]
cases = {
    "train": TRAIN,
    "test": TEST,
    "three": [
        probabilities(TRAIN, 1, 1, False, 1.0),
        probabilities(TRAIN, 1, 1, False, 10.0),
        probabilities(TRAIN, 2, 2, True, 3.0),
    ],
    "two": [probabilities(two, 1, 1, False, 10.0)],
}
path = pathlib.Path(__file__).with_name("cases.json")
path.write_text(json.dumps(cases, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

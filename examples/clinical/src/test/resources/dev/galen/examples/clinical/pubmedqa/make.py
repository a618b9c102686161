"""Writes split.json beside this script: what Python's random gives for invented ids.

The procedure is written anew after the description in PubMedQA's paper and repository: seed 0,
class by class shuffled and cut into equal parts, a smaller last part filled up by chance.
"""

import json
import math
import pathlib
import random


def cut(ids, count):
    random.shuffle(ids)
    size = math.ceil(len(ids) / count)
    ends = [size * (i + 1) for i in range(count - 1)] + [len(ids)]
    return [ids[start:end] for start, end in zip([0] + ends[:-1], ends)]


def parts(labels, count):
    by_class = {"yes": [], "no": [], "maybe": []}
    for name, label in labels.items():
        by_class[label].append(name)
    pieces = [cut(ids, count) for ids in by_class.values()]
    made = [[name for piece in pieces for name in piece[i]] for i in range(count)]
    if len(made[-1]) != len(made[0]):
        for part in made[:-1]:
            picked = random.choice(part)
            part.remove(picked)
            made[-1].append(picked)
    return made


random.seed(0)
first = {"bits": [random.getrandbits(32) for _ in range(3)], "below": [random.randrange(10) for _ in range(5)]}
sizes = {"yes": 552, "no": 338, "maybe": 110}
left = dict(sizes)
names = random.Random(7)
labels = {}
for number in range(1000):
    label = names.choice([k for k in left for _ in range(left[k])])
    left[label] -= 1
    labels[f"q{number}"] = label
random.seed(0)
learned, tested = parts(labels, 2)
where = {name: -1 for name in labels}
folds = parts({name: labels[name] for name in learned}, 10)
for fold, ids in enumerate(folds):
    for name in ids:
        where[name] = fold
out = {
    "random": first,
    "labels": "".join({"yes": "y", "no": "n", "maybe": "m"}[label] for label in labels.values()),
    "parts": "".join("t" if part < 0 else str(part) for part in where.values()),
}
path = pathlib.Path(__file__).with_name("split.json")
path.write_text(json.dumps(out) + "\n", encoding="utf-8")

"""Writes packing.json: what TRL's pack_dataset (trl 1.13.0, datasets 5.0.1) makes of documents of
random lengths, and of awkward ones; ids count up from 10 over all documents. Run: python make.py
"""
import json
import os
import random

from datasets import Dataset, disable_progress_bars
from trl.data_utils import pack_dataset

disable_progress_bars()
random.seed(14)


def documents(lengths):
    ids = iter(range(10, 10 + sum(lengths)))
    return [[next(ids) for _ in range(length)] for length in lengths]


cases = []
for lengths, row in [
    ([1], 1),
    ([3, 3, 3], 3),
    ([1, 1, 1, 1, 1], 2),
    ([9, 1, 8, 2, 7, 3], 10),
    ([5, 5, 5, 4, 4, 4, 1, 1], 9),
    ([25, 24, 7], 6),
    ([random.randint(1, 30) for _ in range(40)], 16),
    ([random.randint(1, 12) for _ in range(60)], 31),
    ([random.randint(1, 6) for _ in range(50)], 7),
]:
    rows = documents(lengths)
    for strategy in ["bfd", "bfd_split", "wrapped"]:
        packed = pack_dataset(Dataset.from_dict({"input_ids": rows}), row, strategy)
        cases.append(
            {
                "strategy": strategy,
                "length": row,
                "documents": lengths,
                "input_ids": packed["input_ids"][:],
                "seq_lengths": packed["seq_lengths"][:] if strategy != "wrapped" else None,
            }
        )
with open(os.path.join(os.path.dirname(__file__), "packing.json"), "w") as file:
    file.write("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")

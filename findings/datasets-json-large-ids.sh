#!/usr/bin/env bash
# datasets reads whole numbers of JSON as float64 where one of the column is 2^63 or more.
#
# Expected: identifiers stay exact, or loading fails, as it does for other values that have no type.
# Seen: every identifier of the column is rounded to 53 bits, the small ones included, and to_json
# writes the large one with nine digits. Nothing is said.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" install -q datasets==5.0.1 2>"$dir/pip.log" || { cat "$dir/pip.log"; exit 2; }
cd "$dir"
HF_HUB_OFFLINE=1 HF_DATASETS_OFFLINE=1 HF_HOME="$dir/home" "$dir/venv/bin/python" - <<'PYTHON'
import json

import datasets

datasets.disable_progress_bars()
print("datasets", datasets.__version__)


def read(name, ids):
    with open(name, "w") as file:
        file.writelines(json.dumps({"id": number}) + "\n" for number in ids)
    data = datasets.load_dataset("json", data_files=name, split="train")
    data.to_json("again-" + name)
    with open("again-" + name) as file:
        again = file.read().split()
    print(f"{name}: {ids} as {data.features['id'].dtype}: {data['id'][:]}, written again {again}")
    return data, again


data, again = read("small.jsonl", [9007199254740993, 7])
assert data["id"][0] == 9007199254740993, data["id"][:]

data, again = read("large.jsonl", [9007199254740993, 12345678901234567890])
assert data.features["id"].dtype == "float64", data.features
assert data["id"][0] == 9007199254740992.0, data["id"][:]  # another patient
assert again[1] == '{"id":1.23456789e+19}', again
print("as recorded: one large identifier rounds its whole column")
PYTHON

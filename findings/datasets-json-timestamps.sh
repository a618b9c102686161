#!/usr/bin/env bash
# datasets reads JSON strings as points in time where every row of a column looks like one.
#
# Expected: a JSON string stays a string, as it does one date short of a full column.
# Seen: a column of "2024-01-02" becomes timestamp[s], also deep inside of chat messages; times with
# an offset lose it; to_json then writes milliseconds since 1970 where the file had text. Whether it
# happens depends on the data: one row of prose keeps the whole column text.
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


def read(name, rows):
    with open(name, "w") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)
    data = datasets.load_dataset("json", data_files=name, split="train")
    data.to_json("again-" + name)
    with open("again-" + name) as file:
        again = [json.loads(line) for line in file]
    print(f"{name}: wrote {rows}\n  type {data.features}\n  written again {again}")
    return data.features, again


features, again = read("dates.jsonl", [{"text": "2024-01-02"}, {"text": "2024-01-03"}])
assert features["text"].dtype == "timestamp[s]", features
assert again == [{"text": 1704153600000}, {"text": 1704240000000}], again

features, again = read("prose.jsonl", [{"text": "2024-01-02"}, {"text": "seen on 2024-01-03"}])
assert features["text"].dtype == "string", features
assert again[0] == {"text": "2024-01-02"}, again

features, again = read("chat.jsonl", [{"turns": [{"role": "user", "content": "2024-01-02"}]}])
assert again == [{"turns": [{"role": "user", "content": 1704153600000}]}], again

features, again = read("offsets.jsonl", [{"at": "2024-01-02T12:00:00+02:00"}])
assert again == [{"at": 1704189600000}], again  # 10:00 in UTC; that it was noon there is gone
print("as recorded: dates became numbers, and the offset is lost")
PYTHON

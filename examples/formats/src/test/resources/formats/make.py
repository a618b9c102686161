"""Writes the fixtures of this folder: one table, by pyarrow, pandas and datasets, in every form that they have.

    python make.py        # pyarrow 25.0.1, pandas 3.0.6, datasets 5.0.1

Rows are in rows.jsonl as Python has them: nulls of structs are left out, as ArrowFormat says, and columns that have no
form in a row are not there.
"""
import json
import os
import random
import shutil
from datetime import date, datetime
from decimal import Decimal

import datasets
import pyarrow as pa
import pyarrow.parquet as pq
from datasets import ClassLabel, Dataset, DatasetDict, Features, Json, List, Value

HERE = os.path.dirname(os.path.abspath(__file__))
random.seed(14)
datasets.disable_progress_bars()
ROWS = 36
WORDS = ["fever", "cough", "Überweisung", "38.5 °C", "", "😀", "a\nb", "x" * 40]


def maybe(value):
    return None if random.random() < 0.25 else value


def word():
    return random.choice(WORDS)


def message():
    m = {"role": random.choice(["user", "assistant"]), "content": maybe(word())}
    m["tool_calls"] = maybe([{"name": word(), "ids": maybe([random.randrange(9) for _ in range(random.randrange(3))])}
                             for _ in range(random.randrange(3))])
    return maybe(m)


def column(make):
    return [maybe(make()) for _ in range(ROWS)]


ids = lambda: [random.randrange(50257) for _ in range(random.randrange(6))]
struct = pa.struct([("role", pa.string()), ("content", pa.string()),
                    ("tool_calls", pa.list_(pa.struct([("name", pa.large_string()), ("ids", pa.list_(pa.int16()))])))])
readable = {
    "text": pa.array([word() + str(i) for i in range(ROWS)], pa.string()),
    "large": pa.array(column(word), pa.large_string()),
    "category": pa.array(column(word), pa.string()).dictionary_encode(),
    "label": pa.array(column(lambda: random.randrange(3)), pa.int64()),
    "i8": pa.array(column(lambda: random.randrange(-128, 128)), pa.int8()),
    "i16": pa.array(column(lambda: random.randrange(-2**15, 2**15)), pa.int16()),
    "i32": pa.array(column(lambda: random.randrange(-2**31, 2**31)), pa.int32()),
    "u8": pa.array(column(lambda: random.randrange(2**8)), pa.uint8()),
    "u16": pa.array(column(lambda: random.randrange(2**16)), pa.uint16()),
    "u32": pa.array(column(lambda: random.randrange(2**32)), pa.uint32()),
    "u64": pa.array(column(lambda: random.randrange(2**64)), pa.uint64()),
    "f32": pa.array(column(lambda: random.randrange(1000) / 8), pa.float32()),
    "f64": pa.array(column(lambda: random.random()), pa.float64()),
    "flag": pa.array(column(lambda: random.random() < 0.5), pa.bool_()),
    "nothing": pa.nulls(ROWS),
    "input_ids": pa.array([ids() for _ in range(ROWS)], pa.list_(pa.int32())),
    "holes": pa.array(column(lambda: [maybe(random.randrange(9)) for _ in range(random.randrange(4))]),
                      pa.large_list(pa.int64())),
    "nested": pa.array(column(lambda: [maybe([maybe(word()) for _ in range(random.randrange(3))])
                                       for _ in range(random.randrange(3))]), pa.list_(pa.list_(pa.string()))),
    "pair": pa.array(column(lambda: [random.random(), random.random()]), pa.list_(pa.float64(), 2)),
    "messages": pa.array(column(lambda: [message() for _ in range(random.randrange(4))]), pa.list_(struct)),
    "meta": pa.array(column(lambda: {"role": maybe(word()), "content": maybe(word()), "tool_calls": None}), struct),
}
refused = {
    "seen": pa.array([datetime(2026, 11, 30, 12, i) for i in range(ROWS)], pa.timestamp("us")),
    "day": pa.array([date(2026, 11, 1)] * ROWS, pa.date32()),
    "price": pa.array([Decimal("1.25")] * ROWS, pa.decimal128(9, 2)),
    "blob": pa.array([b"\x00\xff"] * ROWS, pa.binary()),
    "map": pa.array([[("a", 1)]] * ROWS, pa.map_(pa.string(), pa.int64())),
}
half = {"f16": pa.array(column(lambda: random.randrange(64) / 4), pa.float16())}
view = {"view": pa.array(column(lambda: random.choice(["short", "longer than twelve bytes", ""])), pa.string_view())}


def plain(value):
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items() if v is not None}
    return [plain(v) for v in value] if isinstance(value, list) else value


def write_rows(name, table):
    with open(os.path.join(HERE, name), "w", encoding="utf-8") as out:
        for row in table.to_pylist():
            out.write(json.dumps({k: plain(v) for k, v in row.items()}, ensure_ascii=False) + "\n")


def path(name):
    return os.path.join(HERE, name)


for name in os.listdir(HERE):
    if name != "make.py":
        (shutil.rmtree if os.path.isdir(path(name)) else os.remove)(path(name))

table = pa.table({**readable, **half})
everything = pa.table({**readable, **half, **refused})
write_rows("rows.jsonl", table)

# Parquet: codecs, row groups, pages of both versions, encodings.
pq.write_table(everything, path("snappy.parquet"))  # pyarrow's own settings
for codec in ["none", "gzip"]:
    pq.write_table(table, path(codec + ".parquet"), compression=codec, write_statistics=False, store_schema=False)
pq.write_table(table, path("zstd.parquet"), compression="zstd", row_group_size=17, write_statistics=False)
for codec in ["brotli", "lz4"]:
    pq.write_table(table.select(["text"]), path(codec + ".parquet"), compression=codec)
pq.write_table(table, path("pages-v2.parquet"), data_page_version="2.0", data_page_size=64, write_page_checksum=True)
pq.write_table(table, path("encodings.parquet"), use_dictionary=False, version="2.6", column_encoding={
    "text": "DELTA_BYTE_ARRAY", "large": "DELTA_LENGTH_BYTE_ARRAY", "label": "DELTA_BINARY_PACKED",
    "i32": "DELTA_BINARY_PACKED", "f64": "BYTE_STREAM_SPLIT"})
table.to_pandas().to_parquet(path("pandas.parquet"))
Dataset(table.drop_columns(["nothing", "pair", "f16"])).to_parquet(path("datasets.parquet"))

# Arrow: as a stream of several batches, with a footer, and what has no form in Parquet.
arrow = pa.table({**readable, **view, **half, **refused})
with pa.ipc.new_stream(path("stream.arrow"), arrow.schema) as out:
    out.write_table(arrow, max_chunksize=17)
with pa.ipc.new_file(path("file.arrow"), table.schema) as out:
    out.write_table(table, max_chunksize=25)
write_rows("view.jsonl", pa.table(view))
deltas = pa.schema([("category", pa.dictionary(pa.int8(), pa.string()))])
with pa.ipc.new_stream(path("deltas.arrow"), deltas, options=pa.ipc.IpcWriteOptions(emit_dictionary_deltas=True)) as out:
    for words in (["a", "b"], ["a", "b", "c"], ["a", "b", "c", "d"]):
        values = pa.DictionaryArray.from_arrays(pa.array([len(words) - 1, 0, None], pa.int8()), pa.array(words))
        out.write_batch(pa.record_batch([values], schema=deltas))
with pa.ipc.new_stream(path("compressed.arrow"), pa.schema([("text", pa.string())]),
                       options=pa.ipc.IpcWriteOptions(compression="lz4")) as out:
    out.write_table(table.select(["text"]))

# Folders of datasets.
questions = Dataset.from_dict(
    {"text": [f"note {i}" for i in range(30)], "label": [i % 2 for i in range(30)], "line": list(range(30))},
    features=Features({"text": Value("string"), "label": ClassLabel(names=["no", "yes"]), "line": Value("int32")}))
questions.shuffle(seed=1).save_to_disk(path("folder"), num_shards=3)
questions.with_format("numpy", columns=["text"]).save_to_disk(path("formatted"))
DatasetDict(train=questions.select(range(20)), validation=questions.select(range(20, 30)),
            test=questions.select(range(5))).save_to_disk(path("dict"))
chats = [{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": None, "tool_calls": [
    {"type": "function", "function": {"name": "f", "arguments": a}}]}]} for a in ({"a": 1}, {"b": [1, None]}, "text")]
chat = Dataset.from_list(chats, features=Features({"messages": List({
    "role": Value("string"), "content": Value("string"),
    "tool_calls": List({"type": Value("string"), "function": {"name": Value("string"), "arguments": Json()}})})}))
chat.save_to_disk(path("json"))
chat.to_parquet(path("json.parquet"))
with open(path("json.jsonl"), "w") as out:
    for row in chats:
        for m in row["messages"]:
            m.pop("content") if m["content"] is None else None
        out.write(json.dumps(row) + "\n")
with open(path("folder.jsonl"), "w") as out:
    for row in datasets.load_from_disk(path("folder")):
        out.write(json.dumps(row) + "\n")
pq.write_table(pa.table({"label": ["a", "b", "a", "b"], "prediction": ["a", "b", "b", "b"], "weight": pa.nulls(4, pa.float64())}),
               path("scores.parquet"))
pq.write_table(pa.table({"text": [f"{i:5d}" * 20 for i in range(1000)]}), path("repeated.parquet"), compression="zstd",
               use_dictionary=False)

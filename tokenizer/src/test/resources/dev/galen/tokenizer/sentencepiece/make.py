"""Makes cases.json: small SentencePiece models, and what Google's library does with them.

    pip install sentencepiece==0.2.2
    python make.py

A case has the model's file (base64), rows [text, [[id, start, end], ...], decoded text], places in
code points, and [ids, decoded text]. The files are written by hand, so that every setting and every
type of piece is there, and no two ways to cut a text are equally likely.
"""

import base64
import itertools
import json
import struct
from pathlib import Path

import sentencepiece

here = Path(__file__).parent
NORMAL, UNKNOWN, CONTROL, USER, UNUSED, BYTE = 1, 2, 3, 4, 5, 6


def varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while True:
        out.append(value & 127 | (128 if value > 127 else 0))
        value >>= 7
        if not value:
            return bytes(out)


def field(number, value):
    if isinstance(value, float):
        return varint(number << 3 | 5) + struct.pack("<f", value)
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def model(pieces, bpe=False, suffix=False, fallback=False, surface=None, dummy=None, extra=None, escape=None, ids=(), map_=None):
    if fallback:
        pieces = pieces + [(f"<0x{b:02X}>", 0.0, BYTE) for b in range(256)]
    data = b"".join(field(1, field(1, text) + field(2, score) + (field(3, kind) if kind != NORMAL else b"")) for text, score, kind in pieces)
    training = field(3, 2 if bpe else 1)
    training += field(24, 1) if suffix else b""
    training += field(35, 1) if fallback else b""
    for number, id in zip((40, 41, 42, 43), ids):
        training += field(number, id)
    training += field(44, surface) if surface is not None else b""
    normalization = field(1, "made by hand") + (field(2, map_) if map_ else b"")
    for number, value in ((3, dummy), (4, extra), (5, escape)):
        normalization += field(number, int(value)) if value is not None else b""
    return data + field(2, training) + field(3, normalization)


S = "\u2581"
BASE = [("<unk>", 0.0, UNKNOWN), ("<s>", 0.0, CONTROL), ("</s>", 0.0, CONTROL)]
UNIGRAM = BASE + [(S, -2.1, NORMAL), ("a", -2.3, NORMAL), ("b", -2.9, NORMAL), ("ab", -3.3, NORMAL), (S + "a", -3.05, NORMAL), (S + "ab", -3.6, NORMAL), ("ba", -4.7, NORMAL), ("a" + S, -3.21, NORMAL), ("b" + S, -3.45, NORMAL), ("é", -5.1, NORMAL), ("日本", -6.3, NORMAL), ("<x>", 0.0, USER), ("<xx>", 0.0, USER), ("b b", 0.0, USER), ("aaa", -1.0, UNUSED), (S + S, -4.9, NORMAL), ("c", -7.7, NORMAL), (" ", -3.9, NORMAL)]
BPE = BASE + [("<x>", 0.0, USER), ("<xx>", 0.0, USER), (S + "a", -0.0, NORMAL), ("ab", -1.0, NORMAL), (S + "ab", -2.0, NORMAL), ("ba", -3.0, NORMAL), ("abc", -4.0, UNUSED), ("abcab", -5.0, NORMAL), ("aa", -6.0, UNUSED), ("aaaa", -7.0, UNUSED), (S, -8.0, NORMAL), ("a", -9.0, NORMAL), ("b", -10.0, NORMAL), ("c", -11.0, NORMAL), ("é", -12.0, NORMAL), ("日", -13.0, NORMAL), (S + S, -14.0, NORMAL), ("a" + S, -15.0, NORMAL), ("cc", -16.0, NORMAL), (" ", -17.0, NORMAL)]
TEXTS = [
    "a", "ab", " ab", "  ab", "ab ", "ab  ", " a  b ", "a b", "a   b", "aba", "abab", "ababab", "bab", "aaa", "aaaa", "aaaaa", "aaaaaaaa", "abc", "abcab", "abcabc", "abca", "cc", "ccc", "caca",
    "x", "xx", "axb", "xa", "ax", "x x", "xyz a", "é", "aéb", "éé", "日", "日本", "日本語", "語日", "<x>", "a<x>b", "<x>a", "a<x>", "<xx>", "<x><xx>", "<x", "<x >", "<xxx>", " <x> ", "ab b", "b b", "b b b", "a b ba",
    " ", "   ", "", "\t", "a\tb", "a\nb", "\u2581a", "a\u2581b", "\u2581\u2581", "<s>", "</s>a", "<unk>", "😀", "a😀b", "\u00a0a", "A", "aA", "e\u0301", "\u2460", "--", "a\u00adb", "\ufb01", "a\u200bb", "ab ab ba  a b c",
]
IDS = [[], [4], [7], [7, 7], [3, 4], [1, 7, 2], [7, 1, 7], [0], [7, 0, 7], [3], [3, 3], [3, 3, 4], [1, 3, 4], [14], [14, 7], [7, 14, 7], [18, 4], [5, 0, 0, 5], [2, 2]]
BYTES = lambda size: [[size + b for b in "é".encode()], [size + 0xC3], [7, size + 0xC3, 7], [size + 0xE2, size + 0x82, 4], [size + 0x20, 4], [size + 0xC3, size + 0xA9, 7], [7, size + 0xFF, size + 0x41], [3, size + 0x41], [size + 0x41, 3, 4]]


def cases():
    for dummy, extra, escape in itertools.product((True, False), repeat=3):
        yield model(UNIGRAM, dummy=dummy, extra=extra, escape=escape), []
    for dummy, extra in itertools.product((True, False), repeat=2):
        yield model(UNIGRAM, suffix=True, dummy=dummy, extra=extra), []
    yield model(UNIGRAM, fallback=True), BYTES(len(UNIGRAM))
    yield model(UNIGRAM, fallback=True, suffix=True, extra=False, dummy=False), BYTES(len(UNIGRAM))
    yield model(UNIGRAM, surface="??", ids=(0, 1, 2, -1)), []
    # The map of random-texts/spm-unigram.model.
    map_ = base64.b64decode(json.loads((here.parent / "stages/normalizers.json").read_text().split('"precompiled_charsmap":')[1].split("}")[0]))
    yield model(UNIGRAM, map_=map_), []
    yield model(UNIGRAM, map_=map_, extra=False, suffix=True), []
    yield model(BPE, bpe=True), []
    yield model(BPE, bpe=True, dummy=False, extra=False), []
    yield model(BPE, bpe=True, fallback=True), BYTES(len(BPE))
    yield model(BPE, bpe=True, suffix=True), []
    yield model(BPE, bpe=True, escape=False), []


def case(data, more):
    processor = sentencepiece.SentencePieceProcessor(model_proto=data)
    rows = []
    for text in TEXTS:
        proto = processor.encode(text, return_type="proto")
        utf8 = text.encode()
        at = lambda byte: len(utf8[:byte].decode())
        ids = [p.id for p in proto.pieces]
        rows.append([text, [[p.id, at(p.begin), at(p.end)] for p in proto.pieces], processor.decode(ids)])
    return {"model": base64.b64encode(data).decode(), "texts": rows, "ids": [[ids, processor.decode(ids)] for ids in IDS + more]}


with (here / "cases.json").open("w", encoding="utf-8") as out:
    out.write("[\n" + ",\n".join(json.dumps(case(*c), separators=(",", ":"), ensure_ascii=False) for c in cases()) + "\n]\n")

"""The texts of random-texts, the same as those of RandomParts.java."""

import json
from pathlib import Path

PARTS = json.loads((Path(__file__).parent / "parts.json").read_text())
KINDS = ["words"] * 8 + ["foreign"] * 2 + ["marks", "emoji", "odd", "spaces", "literals"]


class Random:
    def __init__(self, seed):
        self.state = seed & (1 << 64) - 1

    def below(self, n):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) & (1 << 64) - 1
        return (self.state >> 33) % n


def text(seed):
    r = Random(seed * 2654435761 + 12345)
    out = []
    for _ in range(1 + r.below(24)):
        kind = r.below(len(KINDS) + 3)
        if kind < len(KINDS):
            parts = PARTS[KINDS[kind]]
            part = parts[r.below(len(parts))]
        elif kind == len(KINDS):
            c = r.below(0x10000)
            part = chr(c) if not 0xD800 <= c < 0xE000 else "\ufffc"
        elif kind == len(KINDS) + 1:
            c = r.below(0x110000)
            part = chr(c) if not 0xD800 <= c < 0xE000 else "x"
        else:
            part = chr(0x20 + r.below(0x160))
        if r.below(40) == 0:
            part *= 2 + r.below(60)
        out.append(part)
        if r.below(3) > 0:
            out.append(" ")
    return "".join(out)

"""Makes learned.json: the pieces that a unigram language model learns, by the book.

    python make.py

Written from section 3.2 of Kudo 2018, "Subword Regularization", and from what SentencePiece says of
its own trainer, without any library: substrings that occur more than once and that no single longer
one stands for; twice expectation and maximization over all ways to cut; the pieces whose loss is
least go, a quarter at a time, until few enough are left or none can go: a piece with a character
that is none itself cannot be spelled in another way. Slow and plain, for a small corpus.
"""

import json
import math
from pathlib import Path

here = Path(__file__).parent


def digamma(x):
    result = 0.0
    while x < 7:
        result -= 1 / x
        x += 1
    inverse = 1 / (x * x)
    return result + math.log(x) - 0.5 / x - inverse * (1 / 12 - inverse * (1 / 120 - inverse / 252))


def seeds(words):
    first, counts = {}, {}
    at = 0
    for word, count in words.items():
        for begin in range(len(word)):
            for end in range(begin + 1, min(len(word), begin + 16) + 1):
                piece = word[begin:end]
                counts[piece] = counts.get(piece, 0) + count
                first.setdefault(piece, at + begin)
        at += len(word) + 1
    longer = {}
    for piece, count in counts.items():
        longer.setdefault(piece[:-1], set()).add(count)
    kept = [p for p, n in counts.items() if len(p) == 1 or (n > 1 and (len(p) == 16 or n not in longer.get(p, ())))]
    kept.sort(key=lambda p: (len(p) > 1, -counts[p] * len(p), first[p], len(p)))
    total = sum(counts[p] * len(p) for p in kept)
    return [(p, math.log(counts[p] * len(p) / total)) for p in kept]


def cuts_at(word, at, scores, unknown, without=None):
    """The pieces that begin at a place, with their scores; an unknown character where none is one."""
    found = [(word[at:end], scores[word[at:end]]) for end in range(at + 1, len(word) + 1) if word[at:end] in scores and word[at:end] != without]
    if not any(len(p) == 1 for p, _ in found):
        found.append((None, unknown))
    return found


def expected(words, pieces):
    scores = dict(pieces)
    unknown = min(0.0, *scores.values()) - 10
    result = {p: 0.0 for p in scores}
    for word, count in words.items():
        n = len(word)
        alpha, beta = [1.0] + [0.0] * n, [0.0] * n + [1.0]
        for at in range(n):
            for piece, score in cuts_at(word, at, scores, unknown):
                alpha[at + len(piece or "x")] += alpha[at] * math.exp(score)
        for at in reversed(range(n)):
            for piece, score in cuts_at(word, at, scores, unknown):
                beta[at] += math.exp(score) * beta[at + len(piece or "x")]
        for at in range(n):
            for piece, score in cuts_at(word, at, scores, unknown):
                if piece:
                    result[piece] += count * alpha[at] * math.exp(score) * beta[at + len(piece)] / alpha[n]
    return result


def maximized(pieces, counts):
    kept = [p for p, _ in pieces if counts[p] >= 0.5]
    log_sum = digamma(sum(counts[p] for p in kept))
    return [(p, digamma(counts[p]) - log_sum) for p in kept]


def best(word, scores, unknown, without=None):
    """The likeliest way to cut; of equals the one that is found first stays."""
    score, back = [0.0] + [None] * len(word), [None] * (len(word) + 1)
    for at in range(len(word)):
        for piece, more in cuts_at(word, at, scores, unknown, without):
            end = at + len(piece or "x")
            if score[end] is None or more + score[at] > score[end]:
                score[end], back[end] = more + score[at], (at, piece)
    way, at = [], len(word)
    while at > 0:
        at, piece = back[at]
        way.append(piece)
    return way


def pruned(words, pieces, wanted):
    scores = dict(pieces)
    unknown = min(0.0, *scores.values()) - 10
    frequency = {p: 0.0 for p in scores}
    for word, count in words.items():
        for piece in best(word, scores, unknown):
            if piece:
                frequency[piece] += count
    total, texts = sum(frequency.values()), sum(words.values())
    kept, candidates = [], []
    for place, (piece, _) in enumerate(pieces):
        other = best(piece, scores, unknown, piece)
        if None in other:
            kept.append(pieces[place])
        elif frequency[piece] > 0:
            f = frequency[piece]
            log_sum = math.log(total + f * (len(other) - 1))
            loss = f / texts * (math.log(f) - math.log(total) - sum(math.log(frequency[p] + f) - log_sum for p in other))
            candidates.append((-loss, place))
    for _, place in sorted(candidates):
        if len(kept) >= wanted:
            break
        kept.append(pieces[place])
    return kept


def learned(words, size):
    words = dict(sorted(words.items()))
    characters = sorted({c for w in words for c in w})
    pieces = seeds(words)
    rounds, before = 0, None
    enough = size // 10 * 11 + size % 10
    while True:
        for _ in range(2):
            pieces = maximized(pieces, expected(words, pieces))
        if len(pieces) <= enough or len(pieces) == before:
            break
        before = len(pieces)
        pieces = pruned(words, pieces, max(enough, int(len(pieces) * 0.75)))
        rounds += 1
    scores = dict(pieces)
    worst = min(0.0, *scores.values())
    finished = []
    for c in characters:
        if c not in scores:
            finished.append((c, worst))
            worst += 0.0001
    finished += [p for p in pieces if p[0] in characters]
    order = lambda p: (-p[1], p[0])
    finished += sorted((p for p in pieces if p[0] not in characters), key=order)[:max(0, size - len(finished))]
    print(size, "pieces after", rounds, "rounds")
    return sorted(finished, key=order)


words = {}
for n, word in enumerate((here.parent / "huggingface/corpus.txt").read_text().split()):
    word = "\u2581" + word
    words[word] = words.get(word, 0) + 1 + n % 3
plain = {word: count for word, count in words.items() if word[1:].isalpha() and word[1:].isascii()}
plain["\u2581" + "na" * 12] = 3
cases = [{"words": w, "size": size, "pieces": learned(w, size)} for w, size in ((words, 140), (words, 187), (plain, 45), (plain, 50), (plain, 61))]
(here / "learned.json").write_text("[\n" + ",\n".join(json.dumps(case, separators=(",", ":"), ensure_ascii=False) for case in cases) + "\n]\n", encoding="utf-8")

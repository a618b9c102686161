package dev.galen.tokenizer.unigram;

import dev.galen.tokenizer.text.ByteTrie;
import dev.galen.tokenizer.text.Utf8;

/** All ways to cut a word, and how likely each piece is among them. */
final class Lattice {

  private final Viterbi model;

  Lattice(Viterbi model) {
    this.model = model;
  }

  /** Adds how often each piece is expected in a word that occurs so often. */
  void addExpected(byte[] word, long count, double[] expected) {
    int size = word.length;
    var forward = new double[size + 1];
    var backward = new double[size + 1];
    for (int i = 1; i <= size; i++) {
      forward[i] = Double.NEGATIVE_INFINITY;
      backward[i - 1] = Double.NEGATIVE_INFINITY;
    }
    for (int at = 0; at < size; at += Utf8.length(word[at])) {
      walk(word, at, forward, backward, Step.FORWARD, 0, null);
    }
    for (int at = Utf8.previous(word, size); ; at = Utf8.previous(word, at)) {
      walk(word, at, forward, backward, Step.BACKWARD, 0, null);
      if (at == 0) {
        break;
      }
    }
    for (int at = 0; at < size; at += Utf8.length(word[at])) {
      walk(word, at, forward, backward, Step.EXPECT, count, expected);
    }
  }

  private enum Step {
    FORWARD,
    BACKWARD,
    EXPECT
  }

  private void walk(
      byte[] word,
      int at,
      double[] forward,
      double[] backward,
      Step step,
      long count,
      double[] expected) {
    int size = word.length;
    int character = at + Utf8.length(word[at]);
    boolean single = false;
    int node = ByteTrie.ROOT;
    for (int i = at; i < size; ) {
      node = model.pieces().step(node, word[i++]);
      if (node == ByteTrie.NONE) {
        break;
      }
      int id = model.pieces().value(node);
      if (id < 0) {
        continue;
      }
      single |= i == character;
      double score = model.scores()[id];
      switch (step) {
        case FORWARD -> forward[i] = logAdd(forward[i], forward[at] + score);
        case BACKWARD -> backward[at] = logAdd(backward[at], backward[i] + score);
        default ->
            expected[id] += count * Math.exp(forward[at] + score + backward[i] - forward[size]);
      }
    }
    if (!single && step == Step.FORWARD) {
      forward[character] = logAdd(forward[character], forward[at] + model.unknownScore());
    } else if (!single && step == Step.BACKWARD) {
      backward[at] = logAdd(backward[at], backward[character] + model.unknownScore());
    }
  }

  /** ln(e^a + e^b). */
  private static double logAdd(double a, double b) {
    double more = Math.max(a, b);
    return more == Double.NEGATIVE_INFINITY ? more : more + Math.log1p(Math.exp(-Math.abs(a - b)));
  }

  /** The derivative of ln Γ(x), by its asymptotic series (Abramowitz and Stegun, 6.3.18). */
  static double digamma(double x) {
    double result = 0;
    while (x < 7) {
      result -= 1 / x;
      x++;
    }
    double inverse = 1 / (x * x);
    return result
        + Math.log(x)
        - 0.5 / x
        - inverse * (1.0 / 12 - inverse * (1.0 / 120 - inverse * (1.0 / 252)));
  }
}

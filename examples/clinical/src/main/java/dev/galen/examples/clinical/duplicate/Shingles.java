package dev.galen.examples.clinical.duplicate;

import dev.galen.examples.clinical.text.Word;
import dev.galen.examples.clinical.text.Words;
import java.util.Arrays;
import java.util.List;

/**
 * The runs of some words of a text, each as a hash of 64 bits. Case and signs do not count, so that
 * "Pain, mild." and "pain mild" have the same; a text of fewer words has one run of all of them.
 */
final class Shingles {
  private static final long PRIME = 0x9E3779B97F4A7C15L;

  private Shingles() {}

  /**
   * The hashes of all runs of {@code size} words, ascending and each once; none of an empty text.
   */
  static long[] of(String text, int size) {
    List<Word> words = Words.of(text);
    var hashes = new long[words.size()];
    int count = 0;
    for (Word word : words) {
      if (word.kind() != Word.Kind.SIGN) {
        hashes[count++] = hash(text, word.start(), word.end());
      }
    }
    if (count == 0) {
      return new long[0];
    }
    int length = Math.min(size, count);
    var runs = new long[count - length + 1];
    for (int i = 0; i < runs.length; i++) {
      long run = length;
      for (int k = 0; k < length; k++) {
        run = mix(run * PRIME + hashes[i + k]);
      }
      runs[i] = run;
    }
    Arrays.sort(runs);
    int distinct = 1;
    for (int i = 1; i < runs.length; i++) {
      if (runs[i] != runs[i - 1]) {
        runs[distinct++] = runs[i];
      }
    }
    return Arrays.copyOf(runs, distinct);
  }

  /** A hash of a text in which a run of white space counts as one space. */
  static long exact(String text) {
    long hash = 1;
    boolean space = false;
    boolean any = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Words.isSpace(c)) {
        space = any;
        continue;
      }
      if (space) {
        hash = mix(hash * PRIME + ' ');
        space = false;
      }
      any = true;
      hash = mix(hash * PRIME + c);
    }
    return hash;
  }

  /** How much two sets have in common: what is in both, of what is in either (Jaccard's index). */
  static double jaccard(long[] a, long[] b) {
    int both = 0;
    for (int i = 0, j = 0; i < a.length && j < b.length; ) {
      int order = Long.compare(a[i], b[j]);
      both += order == 0 ? 1 : 0;
      i += order <= 0 ? 1 : 0;
      j += order >= 0 ? 1 : 0;
    }
    int either = a.length + b.length - both;
    return either == 0 ? 1 : (double) both / either;
  }

  private static long hash(String text, int from, int to) {
    long hash = to - from;
    for (int i = from; i < to; i++) {
      hash = hash * 31 + Character.toLowerCase(text.charAt(i));
    }
    return mix(hash);
  }

  /** Spreads the bits of a number over all of it (the finalizer of SplitMix64). */
  static long mix(long z) {
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}

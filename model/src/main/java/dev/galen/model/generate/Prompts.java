package dev.galen.model.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The beginnings of several texts as one batch: padded on the right, where causal attention does
 * not look, so that no model has to know of it.
 */
final class Prompts {
  private final List<int[]> sources = new ArrayList<>();
  private final int[] lengths;
  private final int[] ids;
  private int capacity;

  Prompts(List<Draft> texts) {
    lengths = new int[texts.size()];
    int longest = 0;
    for (int row = 0; row < lengths.length; row++) {
      Draft text = texts.get(row);
      sources.add(text.source());
      lengths[row] = text.length();
      longest = Math.max(longest, lengths[row]);
      capacity = Math.max(capacity, text.limit());
    }
    ids = new int[lengths.length * longest];
    for (int row = 0; row < lengths.length; row++) {
      int[] own = texts.get(row).ids();
      int from = row * longest;
      System.arraycopy(own, 0, ids, from, own.length);
      // Any id will do; one that the row has is one that the model knows.
      Arrays.fill(ids, from + own.length, from + longest, own[0]);
    }
  }

  /** The rows of a batch that have {@code least} to {@code most} tokens. */
  static int[] rows(int[] lengths, int least, int most) {
    var rows = new int[lengths.length];
    int count = 0;
    for (int row = 0; row < lengths.length; row++) {
      if (lengths[row] >= least && lengths[row] <= most) {
        rows[count++] = row;
      }
    }
    return Arrays.copyOf(rows, count);
  }

  /** What the texts were asked for. */
  List<int[]> sources() {
    return sources;
  }

  /** {@code [B, T]} in row-major order. */
  int[] ids() {
    return ids;
  }

  /** How many of the T each row has. */
  int[] lengths() {
    return lengths;
  }

  /** The most tokens that one of the texts may have. */
  int capacity() {
    return capacity;
  }
}

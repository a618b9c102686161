package dev.galen.tokenizer.sentencepiece;

import dev.galen.tokenizer.stage.TokenList;
import dev.galen.tokenizer.text.ByteTrie;
import dev.galen.tokenizer.text.Utf8;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * BPE as SentencePiece does it: of all neighbours that make a piece, the two with the greatest
 * score merge, the leftmost first. A piece that is not used is taken apart again.
 */
final class BpeModel implements Segmenter {

  private final ModelFile model;
  private final ByteTrie pieces;
  private final ByteTrie userDefined;
  private final int unknown;

  BpeModel(ModelFile model) {
    this.model = model;
    this.pieces = model.spelled();
    this.userDefined = model.userDefined();
    this.unknown = model.training().unknown();
  }

  @Override
  public void segment(byte[] utf8, int start, int end, TokenList tokens) {
    new Run(utf8, start, end).run(tokens);
  }

  /** The id of the piece that a text spells, or -1. */
  private int id(byte[] utf8, int start, int end) {
    int node = ByteTrie.ROOT;
    for (int i = start; i < end && node != ByteTrie.NONE; i++) {
      node = pieces.step(node, utf8[i]);
    }
    return node == ByteTrie.NONE ? -1 : pieces.value(node);
  }

  /** Two neighbours that make a piece. */
  private record Pair(int left, int right, float score, int size) implements Comparable<Pair> {
    @Override
    public int compareTo(Pair other) {
      int byScore = Float.compare(other.score, score);
      return byScore != 0 ? byScore : Integer.compare(left, other.left);
    }
  }

  /** One text. */
  private final class Run {

    private final byte[] utf8;
    private final int start;
    private final int end;

    /** The symbols by number: where each starts and how long it is, 0 if it has merged. */
    private final int[] starts;

    private final int[] sizes;
    private final int[] previous;
    private final int[] next;
    private final boolean[] frozen;
    private int count;

    private final PriorityQueue<Pair> agenda = new PriorityQueue<>();

    /** How an unused piece was made: by its start and size, the size of its left part. */
    private final Map<Long, Integer> made = new HashMap<>();

    Run(byte[] utf8, int start, int end) {
      this.utf8 = utf8;
      this.start = start;
      this.end = end;
      starts = new int[end - start];
      sizes = new int[end - start];
      previous = new int[end - start];
      next = new int[end - start];
      frozen = new boolean[end - start];
    }

    void run(TokenList tokens) {
      for (int at = start; at < end; count++) {
        int known = SpaceNormalizer.userDefined(userDefined, utf8, at, end);
        starts[count] = at;
        sizes[count] = known > 0 ? known : Utf8.length(utf8[at]);
        frozen[count] = known > 0;
        previous[count] = count - 1;
        at += sizes[count];
        next[count] = at < end ? count + 1 : -1;
      }
      for (int i = 1; i < count; i++) {
        offer(i - 1, i);
      }
      while (!agenda.isEmpty()) {
        merge(agenda.poll());
      }
      for (int i = 0; i != -1; i = next[i]) {
        emit(starts[i], starts[i] + sizes[i], tokens);
      }
    }

    private void offer(int left, int right) {
      if (left < 0 || right < 0 || frozen[left] || frozen[right]) {
        return;
      }
      int size = sizes[left] + sizes[right];
      int id = id(utf8, starts[left], starts[left] + size);
      if (id < 0) {
        return;
      }
      agenda.add(new Pair(left, right, model.pieces().get(id).score(), size));
      if (model.pieces().get(id).type() == PieceType.UNUSED) {
        made.put(key(starts[left], size), sizes[left]);
      }
    }

    private static long key(int start, int size) {
      return (long) start << 32 | size;
    }

    private void merge(Pair pair) {
      int left = pair.left;
      int right = pair.right;
      if (sizes[left] == 0 || sizes[right] == 0 || sizes[left] + sizes[right] != pair.size) {
        return;
      }
      sizes[left] = pair.size;
      sizes[right] = 0;
      next[left] = next[right];
      if (next[right] >= 0) {
        previous[next[right]] = left;
      }
      offer(previous[left], left);
      offer(left, next[left]);
    }

    private void emit(int from, int to, TokenList tokens) {
      int id = id(utf8, from, to);
      var split = id < 0 ? null : made.get(key(from, to - from));
      if (split != null && model.pieces().get(id).type() == PieceType.UNUSED) {
        emit(from, from + split, tokens);
        emit(from + split, to, tokens);
      } else {
        tokens.add(id < 0 ? unknown : id, from, to);
      }
    }
  }
}

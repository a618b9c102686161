package dev.galen.train.metrics;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;

/**
 * Longest common subsequences by the recurrence L(i, j) = L(i-1, j-1) + 1 where the tokens agree,
 * else max(L(i-1, j), L(i, j-1)): time in the product of the two lengths.
 */
final class Subsequence {

  private Subsequence() {}

  /** The length of the longest common subsequence; one row of the table is kept. */
  static int length(List<String> left, List<String> right) {
    var ids = ids(left, right);
    var row = new int[ids[1].length + 1];
    for (int token : ids[0]) {
      advance(row, token, ids[1], null);
    }
    return row[ids[1].length];
  }

  /**
   * Where in {@code reference} one longest common subsequence with {@code candidate} lies. Of
   * several it is the one that rouge_score finds, since a union of them depends on the choice: read
   * from the end, agreeing tokens are taken, and on a tie the reference's token is given up. The
   * table is kept as one bit per cell.
   */
  static BitSet positions(List<String> reference, List<String> candidate) {
    var ids = ids(reference, candidate);
    var row = new int[candidate.size() + 1];
    var leftIsLonger = new ArrayList<BitSet>();
    for (int token : ids[0]) {
      var bits = new BitSet();
      advance(row, token, ids[1], bits);
      leftIsLonger.add(bits);
    }
    var positions = new BitSet();
    int i = reference.size();
    int j = candidate.size();
    while (i > 0 && j > 0) {
      if (ids[0][i - 1] == ids[1][j - 1]) {
        positions.set(i - 1);
        i--;
        j--;
      } else if (leftIsLonger.get(i - 1).get(j)) {
        j--;
      } else {
        i--;
      }
    }
    return positions;
  }

  /** Turns row i-1 of the table into row i; the bits say where L(i, j-1) &gt; L(i-1, j). */
  private static void advance(int[] row, int token, int[] others, BitSet leftIsLonger) {
    int diagonal = 0;
    for (int j = 1; j < row.length; j++) {
      int above = row[j];
      if (token == others[j - 1]) {
        row[j] = diagonal + 1;
      } else if (row[j - 1] > above) {
        row[j] = row[j - 1];
        if (leftIsLonger != null) {
          leftIsLonger.set(j);
        }
      }
      diagonal = above;
    }
  }

  /** Both sequences with a number for each different token: ints compare faster than strings. */
  private static int[][] ids(List<String> left, List<String> right) {
    var numbers = new HashMap<String, Integer>();
    var ids = new int[2][];
    for (int side = 0; side < 2; side++) {
      ids[side] =
          (side == 0 ? left : right)
              .stream()
                  .mapToInt(token -> numbers.computeIfAbsent(token, t -> numbers.size()))
                  .toArray();
    }
    return ids;
  }
}

package dev.galen.train.data;

import java.util.TreeMap;

/**
 * What a greatest length costs: the sequences that had to be shortened to it, and the length that
 * would have kept them whole. Documents that are cut into blocks lose nothing and count as whole.
 *
 * @param sequences all of them
 * @param shortened of these, how many lost tokens
 * @param median tokens lost by the middle one of the shortened; 0 where there is none
 * @param most tokens lost by the one that lost most
 * @param fitsMost the least length at which 99 % of all sequences are whole
 * @param fitsAll the least length at which all are
 */
public record LengthSummary(
    int sequences, int shortened, int median, int most, int fitsMost, int fitsAll) {

  private static final double MOST = 0.99;

  /** Counts {@code sequences}. */
  public static LengthSummary of(TokenSequences sequences) {
    var whole =
        new TreeMap<Integer, Integer>(); // how many have a length: few lengths, many of each
    var lost = new TreeMap<Integer, Integer>();
    int shortened = 0;
    for (int i = 0; i < sequences.size(); i++) {
      int leftOut = sequences.leftOut(i);
      whole.merge(sequences.length(i) + leftOut, 1, Integer::sum);
      if (leftOut > 0) {
        lost.merge(leftOut, 1, Integer::sum);
        shortened++;
      }
    }
    return new LengthSummary(
        sequences.size(),
        shortened,
        at(lost, shortened / 2),
        shortened == 0 ? 0 : lost.lastKey(),
        at(whole, (int) Math.ceil(sequences.size() * MOST) - 1),
        whole.isEmpty() ? 0 : whole.lastKey());
  }

  /** The value at a place in the order of size; 0 where there is none. */
  private static int at(TreeMap<Integer, Integer> counts, int place) {
    int before = 0;
    for (var entry : counts.entrySet()) {
      before += entry.getValue();
      if (before > place) {
        return entry.getKey();
      }
    }
    return 0;
  }
}

package dev.galen.train.data;

import java.util.Arrays;

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
    int size = sequences.size();
    var whole = new int[size];
    var lost = new int[size];
    int shortened = 0;
    for (int i = 0; i < size; i++) {
      whole[i] = sequences.length(i) + sequences.leftOut(i);
      if (sequences.leftOut(i) > 0) {
        lost[shortened++] = sequences.leftOut(i);
      }
    }
    Arrays.sort(whole);
    Arrays.sort(lost, 0, shortened);
    return new LengthSummary(
        size,
        shortened,
        shortened == 0 ? 0 : lost[shortened / 2],
        shortened == 0 ? 0 : lost[shortened - 1],
        size == 0 ? 0 : whole[(int) Math.ceil(size * MOST) - 1],
        size == 0 ? 0 : whole[size - 1]);
  }
}

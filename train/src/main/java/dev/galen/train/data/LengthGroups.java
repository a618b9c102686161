package dev.galen.train.data;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntUnaryOperator;

/**
 * Sequences of about one length side by side, which have little padding: an order at random is cut
 * into large batches of some updates, each of these is sorted, long ones first, and the longest of
 * all comes to the front, so that memory that does not suffice shows at once. The rule is that of
 * transformers' {@code get_length_grouped_indices}.
 */
final class LengthGroups {
  /** Updates of a large batch at most, and how many large batches there are at least. */
  private static final int MOST_UPDATES = 50;

  private static final int LEAST_LARGE = 4;

  private LengthGroups() {}

  /**
   * Rearranges an order.
   *
   * @param lengthOf the length of the sequence at a place of the data
   * @param perUpdate sequences of an update
   */
  static void arrange(int[] order, IntUnaryOperator lengthOf, int perUpdate) {
    long updates = order.length / Math.max(1, (long) perUpdate * LEAST_LARGE);
    int large =
        (int) Math.min(Math.clamp(updates, 1, MOST_UPDATES) * (long) perUpdate, order.length);
    int longest = 0;
    for (int from = 0; from < order.length; from += large) {
      int to = Math.min(order.length - from, large) + from;
      sort(order, from, to, lengthOf);
      longest =
          lengthOf.applyAsInt(order[from]) > lengthOf.applyAsInt(order[longest]) ? from : longest;
      if (to == order.length) {
        break; // the next start might not be an int
      }
    }
    int first = order[0];
    order[0] = order[longest];
    order[longest] = first;
  }

  private static void sort(int[] order, int from, int to, IntUnaryOperator lengthOf) {
    var sorted = new Integer[to - from];
    Arrays.setAll(sorted, i -> order[from + i]);
    Comparator<Integer> byLength = Comparator.comparingInt(lengthOf::applyAsInt);
    Arrays.sort(sorted, byLength.reversed()); // stable
    for (int i = 0; i < sorted.length; i++) {
      order[from + i] = sorted[i];
    }
  }
}

package dev.galen.examples.clinical.clean;

/**
 * How many letters have to be put in, taken out, exchanged or swapped with their neighbour to make
 * one word of another, no place being changed twice: the optimal string alignment distance
 * (Boytsov, "Indexing methods for approximate dictionary searching", 2011, section 2.1).
 */
final class EditDistance {
  private EditDistance() {}

  /** The distance if it is {@code most} or less; else {@code most + 1}. */
  static int of(String a, String b, int most) {
    if (Math.abs(a.length() - b.length()) > most) {
      return most + 1;
    }
    int[] before = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    int[] next = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      next[0] = i;
      int least = i;
      for (int j = 1; j <= b.length(); j++) {
        boolean same = a.charAt(i - 1) == b.charAt(j - 1);
        int cost = Math.min(row[j - 1] + (same ? 0 : 1), Math.min(row[j], next[j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          cost = Math.min(cost, before[j - 2] + 1);
        }
        next[j] = cost;
        least = Math.min(least, cost);
      }
      if (least > most) {
        return most + 1;
      }
      int[] free = before;
      before = row;
      row = next;
      next = free;
    }
    return Math.min(row[b.length()], most + 1);
  }
}

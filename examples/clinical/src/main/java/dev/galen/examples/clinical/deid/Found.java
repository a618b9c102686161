package dev.galen.examples.clinical.deid;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What the rules have found in a text so far, overlaps and all. */
final class Found {
  private final String text;
  private final List<Identifier> all = new ArrayList<>();
  private final BitSet covered = new BitSet();

  Found(String text) {
    this.text = text;
  }

  void add(int start, int end, Category category, String rule, double confidence) {
    all.add(new Identifier(start, end, category, rule, confidence));
    covered.set(start, end);
  }

  /** Whether something found has a character of the place. */
  boolean covers(int start, int end) {
    int first = covered.nextSetBit(start);
    return first >= 0 && first < end;
  }

  /**
   * Forgets names, places and organisations that lie within one of some parts of the text.
   *
   * @param parts the end of each by its start; they do not overlap
   */
  void takeBack(NavigableMap<Integer, Integer> parts) {
    all.removeIf(
        one -> {
          var part = parts.floorEntry(one.start());
          return !one.category().structured() && part != null && one.end() <= part.getValue();
        });
  }

  /** Copies what was found so far. */
  List<Identifier> all() {
    return List.copyOf(all);
  }

  /**
   * What was found, in the text's order and without overlaps: where two overlap the surer one has
   * the characters of both, and the other one what is left of it.
   */
  List<Identifier> resolved() {
    var order = new ArrayList<>(all);
    order.sort(
        Comparator.comparingDouble(Identifier::confidence)
            .reversed()
            .thenComparingInt(one -> one.start() - one.end())
            .thenComparingInt(Identifier::start));
    var taken = new TreeMap<Integer, Identifier>();
    for (Identifier one : order) {
      int from = one.start();
      while (from < one.end()) {
        var before = taken.floorEntry(from);
        if (before != null && before.getValue().end() > from) {
          from = before.getValue().end();
          continue;
        }
        var after = taken.ceilingEntry(from);
        int to = after == null ? one.end() : Math.min(one.end(), after.getKey());
        keep(one, from, to, taken);
        from = to;
      }
    }
    return List.copyOf(taken.values());
  }

  private void keep(Identifier one, int from, int to, TreeMap<Integer, Identifier> taken) {
    boolean whole = from == one.start() && to == one.end();
    while (!whole && from < to && !Character.isLetterOrDigit(text.charAt(from))) {
      from++;
    }
    while (!whole && from < to && !Character.isLetterOrDigit(text.charAt(to - 1))) {
      to--;
    }
    if (from < to) {
      taken.put(from, new Identifier(from, to, one.category(), one.rule(), one.confidence()));
    }
  }
}

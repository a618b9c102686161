package dev.galen.examples.clinical.deid;

import dev.galen.examples.clinical.document.Annotation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Found places against the true ones. A true place counts as found if a found one has a character
 * of it, whatever the categories; a found one is right if it has a character of a true one. {@code
 * F2 = 5PR / (4P + R)} (van Rijsbergen, 1979, with β = 2): a place that was missed is worse than
 * one too many. Tokens are runs of characters without blanks.
 */
public final class DeidScore {
  private final Map<String, long[]> byCategory = new TreeMap<>();
  private long gold;
  private long goldFound;
  private long found;
  private long foundRight;
  private long structured;
  private long structuredFound;
  private long tokens;
  private long tokensFound;
  private long tokensMarked;
  private long tokensRight;
  private long traps;
  private long trapsRemoved;

  /** Nothing yet. */
  public DeidScore() {}

  /**
   * Counts a text.
   *
   * @param truth its true places; those of category {@link DeidCorpus#TRAP} have to stay
   * @param places what was found
   */
  public void add(String text, List<Annotation> truth, List<Annotation> places) {
    List<Annotation> real = new ArrayList<>();
    for (Annotation one : truth) {
      if (one.category().equals(DeidCorpus.TRAP)) {
        traps++;
        trapsRemoved += touched(one, places) ? 1 : 0;
      } else {
        real.add(one);
      }
    }
    for (Annotation one : real) {
      boolean hit = touched(one, places);
      gold++;
      goldFound += hit ? 1 : 0;
      long[] counts = byCategory.computeIfAbsent(one.category(), name -> new long[2]);
      counts[0]++;
      counts[1] += hit ? 1 : 0;
      if (structured(one.category())) {
        structured++;
        structuredFound += hit ? 1 : 0;
      }
    }
    for (Annotation one : places) {
      found++;
      foundRight += touched(one, real) ? 1 : 0;
    }
    tokens(text, real, places);
  }

  private static boolean structured(String category) {
    for (Category one : Category.values()) {
      if (one.name().equals(category)) {
        return one.structured();
      }
    }
    return false;
  }

  private static boolean touched(Annotation one, List<Annotation> others) {
    for (Annotation other : others) {
      if (one.overlaps(other)) {
        return true;
      }
    }
    return false;
  }

  private void tokens(String text, List<Annotation> truth, List<Annotation> places) {
    int at = 0;
    while (at < text.length()) {
      if (Character.isWhitespace(text.charAt(at))) {
        at++;
        continue;
      }
      int end = at;
      while (end < text.length() && !Character.isWhitespace(text.charAt(end))) {
        end++;
      }
      var token = new Annotation(at, end, "token");
      boolean own = touched(token, truth);
      boolean marked = touched(token, places);
      tokens += own ? 1 : 0;
      tokensFound += own && marked ? 1 : 0;
      tokensMarked += marked ? 1 : 0;
      tokensRight += own && marked ? 1 : 0;
      at = end;
    }
  }

  private static double share(long part, long whole) {
    return whole == 0 ? Double.NaN : (double) part / whole;
  }

  /** Found places that are right; NaN if none was found. */
  public double precision() {
    return share(foundRight, found);
  }

  /** True places that were found; NaN if there is none. */
  public double recall() {
    return share(goldFound, gold);
  }

  /** True places of numbers, codes and dates that were found. */
  public double structuredRecall() {
    return share(structuredFound, structured);
  }

  /** {@code 5PR / (4P + R)}. */
  public double f2() {
    return 5 * precision() * recall() / (4 * precision() + recall());
  }

  /** Tokens of true places that were found. */
  public double tokenRecall() {
    return share(tokensFound, tokens);
  }

  /** Marked tokens that are of true places. */
  public double tokenPrecision() {
    return share(tokensRight, tokensMarked);
  }

  /** Traps of which something was found; NaN if there is none. */
  public double trapsRemoved() {
    return share(trapsRemoved, traps);
  }

  /** A table for people. */
  public String table() {
    var out = new StringBuilder();
    line(out, "precision", precision(), foundRight, found);
    line(out, "recall", recall(), goldFound, gold);
    out.append(String.format(Locale.ROOT, "%-24s %.4f%n", "F2", f2()));
    line(out, "recall, structured", structuredRecall(), structuredFound, structured);
    line(out, "token recall", tokenRecall(), tokensFound, tokens);
    line(out, "token precision", tokenPrecision(), tokensRight, tokensMarked);
    line(out, "traps removed", trapsRemoved(), trapsRemoved, traps);
    for (Map.Entry<String, long[]> one : byCategory.entrySet()) {
      long[] counts = one.getValue();
      line(out, "  " + one.getKey(), share(counts[1], counts[0]), counts[1], counts[0]);
    }
    return out.toString();
  }

  private static void line(StringBuilder out, String name, double share, long part, long whole) {
    out.append(String.format(Locale.ROOT, "%-24s %.4f  %d of %d%n", name, share, part, whole));
  }
}

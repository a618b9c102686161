package dev.galen.examples.clinical.pairs;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.examples.clinical.document.Document;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/** How long the texts of pairs are, in words or in tokens of a tokenizer. */
public final class PairLengths {
  private static final double[] SHARES = {0.5, 0.9, 0.95, 0.99};

  private final String unit;
  private final ToIntFunction<String> length;

  /** Of each part of a pair: how many have each length. */
  private final Map<String, TreeMap<Integer, Long>> parts = new LinkedHashMap<>();

  /**
   * @param unit what is counted, such as {@code words}
   * @param length how many of them a text has
   */
  public PairLengths(String unit, ToIntFunction<String> length) {
    this.unit = unit;
    this.length = length;
    for (String part : new String[] {"instruction", "input", "output", "all"}) {
      parts.put(part, new TreeMap<>());
    }
  }

  /** Counts a pair that a {@link PairStep} made. */
  public void add(Document pair) {
    int all = 0;
    for (Map.Entry<String, TreeMap<Integer, Long>> part : parts.entrySet()) {
      boolean sum = part.getKey().equals("all");
      int count = sum ? all : length.applyAsInt(pair.field(part.getKey()));
      all += count;
      part.getValue().merge(count, 1L, Long::sum);
    }
  }

  /** {@code {"unit", "pairs", "input": {"mean", "min", "p50", "p90", "p95", "p99", "max"}, ..}}. */
  public ObjectNode json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("unit", unit);
    json.put("pairs", count(parts.get("all")));
    parts.forEach(
        (name, counts) -> {
          ObjectNode part = json.putObject(name);
          if (!counts.isEmpty()) {
            part.put("mean", mean(counts));
            part.put("min", counts.firstKey());
            for (double share : SHARES) {
              part.put("p" + Math.round(100 * share), quantile(counts, share));
            }
            part.put("max", counts.lastKey());
          }
        });
    return json;
  }

  /** The same for people, a line for each part. */
  public String table() {
    var table = new StringBuilder();
    table.append(
        String.format(
            Locale.ROOT,
            "%-12s%9s%8s%8s%8s%8s%8s%n",
            unit,
            "mean",
            "min",
            "p50",
            "p90",
            "p99",
            "max"));
    parts.forEach(
        (name, counts) -> {
          if (!counts.isEmpty()) {
            table.append(
                String.format(
                    Locale.ROOT,
                    "%-12s%9.1f%8d%8d%8d%8d%8d%n",
                    name,
                    mean(counts),
                    counts.firstKey(),
                    quantile(counts, 0.5),
                    quantile(counts, 0.9),
                    quantile(counts, 0.99),
                    counts.lastKey()));
          }
        });
    return table.toString();
  }

  private static long count(TreeMap<Integer, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  private static double mean(TreeMap<Integer, Long> counts) {
    double sum = 0;
    for (Map.Entry<Integer, Long> one : counts.entrySet()) {
      sum += (double) one.getKey() * one.getValue();
    }
    return sum / count(counts);
  }

  /** The least length that at least the share of all does not exceed. */
  private static int quantile(TreeMap<Integer, Long> counts, double share) {
    long rank = (long) Math.ceil(share * count(counts));
    long seen = 0;
    for (Map.Entry<Integer, Long> one : counts.entrySet()) {
      seen += one.getValue();
      if (seen >= rank) {
        return one.getKey();
      }
    }
    return counts.lastKey();
  }
}

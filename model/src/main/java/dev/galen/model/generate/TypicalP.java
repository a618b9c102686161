package dev.galen.model.generate;

import java.util.stream.IntStream;

/**
 * Keeps the tokens whose surprise is nearest to the entropy, as many as hold probability {@code p}
 * (Meister, Pimentel, Wiher, Cotterell: "Locally typical sampling", 2022, arXiv 2202.00666).
 *
 * @param p in (0, 1)
 */
public record TypicalP(double p) implements LogitsProcessor {
  /** Checks the probability. */
  public TypicalP {
    SampleCuts.require(p > 0 && p < 1, "typical_p", p, "(0, 1)");
  }

  @Override
  public float[] apply(float[] logits, int[] ids) {
    double[] probabilities = Logits.softmax(logits);
    double entropy = SampleCuts.entropy(probabilities);
    var distance = new double[logits.length];
    for (int id = 0; id < logits.length; id++) {
      distance[id] = Math.abs(-Math.log(probabilities[id]) - entropy);
    }
    int[] nearest =
        IntStream.range(0, logits.length)
            .boxed()
            .sorted((a, b) -> Double.compare(distance[a], distance[b]))
            .mapToInt(Integer::intValue)
            .toArray();
    int last = 0;
    double sum = 0;
    for (; last < nearest.length - 1; last++) {
      sum += probabilities[nearest[last]];
      if ((float) sum >= (float) p) {
        break;
      }
    }
    var processed = logits.clone();
    for (int id : nearest) {
      if (id != nearest[0] && distance[id] > distance[nearest[last]]) {
        processed[id] = Float.NEGATIVE_INFINITY;
      }
    }
    return processed;
  }
}

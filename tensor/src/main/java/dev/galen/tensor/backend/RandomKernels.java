package dev.galen.tensor.backend;

/**
 * Random numbers by Philox4x32-10 (Salmon et al. 2011): element i uses word {@code i mod 4} of
 * counter {@code offset + i / 4} under the key {@code seed}, so that every backend draws the same
 * numbers. See {@link dev.galen.tensor.random.Philox} for the mapping of words to floats.
 */
public interface RandomKernels {
  /** Uniform in [low, high). */
  void uniform(Span y, double low, double high, long seed, long offset);

  /** Normal, by Box and Muller over pairs of words: elements 2i and 2i+1 share a pair. */
  void normal(Span y, double mean, double deviation, long seed, long offset);

  /**
   * {@code y = x / (1 - p)} where the element's uniform number is at least p, else 0 (Srivastava et
   * al. 2014). {@code y} may be {@code x}.
   */
  void dropout(Span x, Span y, double p, long seed, long offset);

  /**
   * Draws an index from each row of logits {@code x [rows, cols]} into {@code index [rows]}, I32.
   *
   * <p>Logits are divided by {@code temperature}, in F32 unless they are F64. The {@code topK}
   * highest stay and all that equal the lowest of these (Fan, Lewis, Dauphin 2018, arXiv
   * 1805.04833). Of what is left stay the fewest, the likeliest first, whose probabilities {@code p
   * = softmax(x / temperature)} add up to {@code topP}, of equals the lower indices first, and at
   * least one (Holtzman et al. 2020, arXiv 1904.09751). Drawn is the first j with {@code sum_(i <=
   * j) p_i > u} over what stays, where u is word 0 of counter {@code offset + row}, the number of
   * {@link dev.galen.tensor.random.Philox#nextUniform} there.
   *
   * <p>A logit of negative infinity excludes its index. A row with NaN or infinity, or with
   * negative infinity alone, has no distribution and gets -1.
   *
   * @param temperature positive
   * @param topK at least 1; from {@code cols} on it keeps all
   * @param topP in (0, 1]; 1 keeps all
   */
  void sample(
      Span x,
      Span index,
      int rows,
      int cols,
      double temperature,
      int topK,
      double topP,
      long seed,
      long offset);
}

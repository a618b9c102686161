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
}

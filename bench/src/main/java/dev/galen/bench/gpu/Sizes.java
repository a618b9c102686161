package dev.galen.bench.gpu;

import dev.galen.bench.book.Interleaved;
import dev.galen.model.SpecialIds;
import dev.galen.model.gpt2.Gpt2Config;

/**
 * How large the work is.
 *
 * @param timer how often each row is run
 * @param model that is trained and decodes
 * @param trainBatches B of the training steps
 * @param time T of the training steps
 * @param tokens rows of the products and of the loss, B T of the smaller training step
 * @param normRows rows of the norms, so many that no cache holds them
 * @param copyFloats elements of the copy
 * @param square m, n and k of the product that stands for the GPU's peak
 * @param attentionTimes T of attention
 * @param decodeBatches texts that are continued together
 * @param prompt tokens before the first that counts
 * @param newTokens tokens that count
 */
record Sizes(
    Interleaved timer,
    Gpt2Config model,
    int[] trainBatches,
    int time,
    int tokens,
    int normRows,
    int copyFloats,
    int square,
    int[] attentionTimes,
    int[] decodeBatches,
    int prompt,
    int newTokens) {
  /** For a GPU. */
  static final Sizes FULL =
      new Sizes(
          new Interleaved(7, 0.4, 0.05),
          Gpt2Config.gpt2().withDropout(0),
          new int[] {16, 64},
          1024,
          16 * 1024,
          64 * 1024,
          1 << 28,
          8192,
          new int[] {1024, 4096},
          new int[] {1, 64},
          32,
          64);

  /** Lets a test run every path on the software GPU; its figures mean nothing. */
  static final Sizes TINY =
      new Sizes(
          new Interleaved(2, 0, 0),
          tinyModel(),
          new int[] {2, 4},
          16,
          32,
          20,
          1 << 12,
          64,
          new int[] {16, 64},
          new int[] {1, 2},
          4,
          3);

  private static Gpt2Config tinyModel() {
    Gpt2Config g = Gpt2Config.tiny(97).withVocabulary(97, SpecialIds.NONE).withDropout(0);
    return new Gpt2Config(
        g.vocabularySize(),
        64,
        128,
        1,
        2,
        256,
        g.activation(),
        0,
        0,
        0,
        g.layerNormEpsilon(),
        g.initializerRange(),
        true,
        false,
        true,
        g.special(),
        g.classes());
  }

  /** Those that the system property {@code galen.gpu.sizes} asks for. */
  static Sizes asked() {
    return "tiny".equals(System.getProperty("galen.gpu.sizes")) ? TINY : FULL;
  }
}

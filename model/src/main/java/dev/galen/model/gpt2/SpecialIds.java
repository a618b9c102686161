package dev.galen.model.gpt2;

/**
 * Token ids with a meaning, -1 where there is none.
 *
 * @param beginning starts a text
 * @param end ends a text
 * @param padding fills a batch
 */
public record SpecialIds(int beginning, int end, int padding) {
  /** No special ids. */
  public static final SpecialIds NONE = new SpecialIds(-1, -1, -1);
}

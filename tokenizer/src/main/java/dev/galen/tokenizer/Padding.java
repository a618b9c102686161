package dev.galen.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How encodings are filled up to a length, as HuggingFace's tokenizers does it.
 *
 * @param length how many tokens each has at least; 0 for as many as the longest of them
 * @param multipleOf the length is rounded up to a multiple of this; 0 or 1 for any
 * @param side where tokens are added
 * @param id the token that is added
 * @param typeId its segment
 */
public record Padding(int length, int multipleOf, Side side, int id, int typeId) {

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if a number is negative
   */
  public Padding {
    if (length < 0 || multipleOf < 0 || id < 0 || typeId < 0) {
      throw new IllegalArgumentException(
          "length %d, multipleOf %d, id %d, typeId %d: none may be negative"
              .formatted(length, multipleOf, id, typeId));
    }
  }

  /** Fills up on the right to the longest, with the padding token of a tokenizer. */
  public static Padding toLongest(Tokenizer tokenizer) {
    return to(0, tokenizer);
  }

  /**
   * Fills up on the right to a length, with the padding token of a tokenizer.
   *
   * @throws IllegalArgumentException if the tokenizer has none
   */
  public static Padding to(int length, Tokenizer tokenizer) {
    int id =
        tokenizer
            .paddingId()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "the tokenizer has no padding token; name an id to fill up with"));
    return new Padding(length, 0, Side.RIGHT, id, 0);
  }

  /** This on another side. */
  public Padding on(Side side) {
    return new Padding(length, multipleOf, side, id, typeId);
  }

  /** This to a multiple of a number. */
  public Padding toMultipleOf(int multipleOf) {
    return new Padding(length, multipleOf, side, id, typeId);
  }

  /** The encodings, each filled up; one that is longer stays as it is. */
  public List<Encoding> pad(List<Encoding> encodings) {
    int to = length;
    if (to == 0) {
      for (var encoding : encodings) {
        to = Math.max(to, encoding.size());
      }
    }
    if (multipleOf > 1 && to % multipleOf > 0) {
      to += multipleOf - to % multipleOf;
    }
    var padded = new ArrayList<Encoding>(encodings.size());
    for (var encoding : encodings) {
      padded.add(encoding.size() >= to ? encoding : pad(encoding, to));
    }
    return padded;
  }

  private Encoding pad(Encoding encoding, int to) {
    var special = new boolean[to];
    Arrays.fill(special, true);
    int at = side == Side.LEFT ? to - encoding.size() : 0;
    System.arraycopy(encoding.special(), 0, special, at, encoding.size());
    return new Encoding(
        fill(encoding.ids(), to, at, id),
        fill(encoding.starts(), to, at, 0),
        fill(encoding.ends(), to, at, 0),
        fill(encoding.typeIds(), to, at, typeId),
        fill(encoding.texts(), to, at, -1),
        special,
        fill(encoding.attentionMask(), to, at, 0));
  }

  private static int[] fill(int[] values, int to, int at, int with) {
    var filled = new int[to];
    Arrays.fill(filled, with);
    System.arraycopy(values, 0, filled, at, values.length);
    return filled;
  }
}

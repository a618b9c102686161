package dev.galen.tokenizer;

import dev.galen.tokenizer.text.Utf8;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Decodes ids whose text depends on their neighbours: a few are decoded again with every new one,
 * and what they add to the text before is told. Text that ends in U+FFFD is held back, as a
 * character may be on its way.
 */
final class TokenStreamingDecoder implements StreamingDecoder {

  private final Function<int[], String> decode;

  /** The ids that are decoded again. */
  private int[] ids = {};

  /** How many of them were told already. */
  private int told;

  /**
   * A decoder.
   *
   * @param decode the text of ids
   */
  TokenStreamingDecoder(Function<int[], String> decode) {
    this.decode = decode;
  }

  @Override
  public String push(int id) {
    ids = Arrays.copyOf(ids, ids.length + 1);
    ids[ids.length - 1] = id;
    var text = decode.apply(ids);
    if (!text.isEmpty() && text.charAt(text.length() - 1) == Utf8.REPLACEMENT) {
      return "";
    }
    return tell(text);
  }

  private String tell(String text) {
    var before = decode.apply(Arrays.copyOf(ids, told));
    if (text.length() <= before.length()) {
      return "";
    }
    var added = text.substring(before.length());
    ids = Arrays.copyOfRange(ids, told, ids.length);
    told = ids.length;
    return added;
  }

  @Override
  public String finish() {
    var added = ids.length == told ? "" : tell(decode.apply(ids));
    ids = new int[0];
    told = 0;
    return added;
  }
}

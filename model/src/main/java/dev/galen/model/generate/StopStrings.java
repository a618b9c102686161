package dev.galen.model.generate;

import dev.galen.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Ends a text with the token in which one of some strings ends, as HuggingFace's {@code
 * stop_strings} do: the string may begin in earlier tokens, the prompt's too, and the token may go
 * on behind it. What it ends with stays in the text.
 */
public final class StopStrings implements StoppingRule {
  private final List<byte[]> strings;
  private final Tokenizer tokenizer;
  private final int longest;

  /**
   * Stops at any of {@code strings}.
   *
   * @param strings at least one, none of them empty
   * @param tokenizer of the model
   */
  public StopStrings(List<String> strings, Tokenizer tokenizer) {
    if (strings.isEmpty() || strings.contains("")) {
      throw new IllegalArgumentException(
          "stop strings are %s, must be at least one, and none empty".formatted(strings));
    }
    this.strings = strings.stream().map(s -> s.getBytes(StandardCharsets.UTF_8)).toList();
    this.tokenizer = tokenizer;
    this.longest = this.strings.stream().mapToInt(s -> s.length).max().orElseThrow();
  }

  @Override
  public boolean stops(int[] ids) {
    int last = ids.length - 1;
    int from = last;
    // The token before those that matter comes along: a decoder may treat a text's first one
    // differently, such as leave its space out.
    for (int bytes = 0; from > 0 && bytes < longest; ) {
      from--;
      bytes += tokenizer.decodeBytes(ids[from]).length;
    }
    int start = Math.max(0, from - 1);
    byte[] tail = tokenizer.decodeBytes(Arrays.copyOfRange(ids, start, ids.length));
    int old = tokenizer.decodeBytes(Arrays.copyOfRange(ids, start, last)).length;
    for (byte[] string : strings) {
      for (int end = Math.max(old + 1, string.length); end <= tail.length; end++) {
        if (Arrays.equals(tail, end - string.length, end, string, 0, string.length)) {
          return true;
        }
      }
    }
    return false;
  }
}

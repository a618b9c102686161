package dev.galen.train.data;

import java.util.Arrays;

/**
 * A prompt with two completions of it that are tokenised already. The arrays are not copied.
 *
 * @param prompt token ids, at least one
 * @param chosen those of the better completion, at least one
 * @param rejected those of the worse one, at least one
 * @param origin where the record comes from
 */
@SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
public record PreferenceIds(int[] prompt, int[] chosen, int[] rejected, Origin origin)
    implements Example {

  /** Checks that there are ids. */
  public PreferenceIds {
    requireIds("prompt", prompt, origin);
    requireIds("chosen", chosen, origin);
    requireIds("rejected", rejected, origin);
  }

  private static void requireIds(String name, int[] ids, Origin origin) {
    if (ids.length == 0) {
      throw new IllegalArgumentException(origin + ": " + name + " is empty; expected token ids");
    }
  }

  /** The prompt: all its pairs stay in one part. */
  @Override
  public String key() {
    return Arrays.toString(prompt);
  }

  @Override
  public boolean tokenised() {
    return true;
  }

  @Override
  public String text() {
    throw new IllegalArgumentException(
        origin + ": is tokenised already; a tokenizer learns from text");
  }
}

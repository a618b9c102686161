package dev.galen.train.data;

import static dev.galen.train.data.Ids.join;

import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.Tokenizer;
import java.util.Arrays;

/**
 * Makes {@link PreferenceTokens} of pairs. A text's prompt and completion are tokenised together,
 * as TRL does, where the prompt's tokens are the first of them, else apart; end of text stands
 * behind each completion. A pair that is longer than the greatest length is refused.
 */
public final class PreferenceEncoder implements ExampleEncoder {
  private final Tokenizer tokenizer;
  private final int vocabularySize;
  private final int maxLength;

  /**
   * An encoder.
   *
   * @param tokenizer the model's; null for pairs that are tokenised
   * @param vocabularySize ids lie below it
   * @param maxLength the greatest length of a prompt with a completion
   */
  public PreferenceEncoder(Tokenizer tokenizer, int vocabularySize, int maxLength) {
    this.tokenizer = tokenizer;
    this.vocabularySize = vocabularySize;
    this.maxLength = maxLength;
  }

  @Override
  public void encode(Example example, SequenceEncoding into) {
    into.add(
        switch (example) {
          case PreferenceIds row -> ids(row);
          case PreferenceExample row -> text(row);
          default ->
              throw new IllegalArgumentException(
                  example.origin() + ": expected prompt, chosen and rejected");
        });
  }

  private TokenSequence ids(PreferenceIds row) {
    requireInVocabulary("prompt", row.prompt(), row.origin());
    requireInVocabulary("chosen", row.chosen(), row.origin());
    requireInVocabulary("rejected", row.rejected(), row.origin());
    return sequence(row.prompt(), row.chosen(), row.rejected(), row.origin());
  }

  private void requireInVocabulary(String name, int[] ids, Origin origin) {
    for (int id : ids) {
      if (id < 0 || id >= vocabularySize) {
        throw new IllegalArgumentException(
            "%s: %s holds %d; the model has 0 to %d"
                .formatted(origin, name, id, vocabularySize - 1));
      }
    }
  }

  private TokenSequence text(PreferenceExample row) {
    if (tokenizer == null) {
      throw new IllegalArgumentException(
          row.origin()
              + ": is text, and the model comes without a tokenizer; name one, or give ids");
    }
    int[] prompt = encode(row.prompt(), row.origin());
    int[] chosen = completion(prompt, row.prompt(), row.chosen(), row.origin());
    int[] rejected = completion(prompt, row.prompt(), row.rejected(), row.origin());
    int[] shown = join(tokenizer.idsBefore(), prompt);
    if (shown.length == 0) {
      throw new IllegalArgumentException(row.origin() + ": prompt has no token");
    }
    return sequence(shown, chosen, rejected, row.origin());
  }

  private int[] completion(int[] prompt, String before, String completion, Origin origin) {
    int[] whole = encode(before + completion, origin);
    boolean together =
        whole.length > prompt.length && Arrays.mismatch(prompt, whole) == prompt.length;
    int[] ids =
        together
            ? Arrays.copyOfRange(whole, prompt.length, whole.length)
            : encode(completion, origin);
    int[] after = tokenizer.idsAfter();
    int[] end = tokenizer.endOfTextId().stream().toArray();
    int[] ended = join(ids, after);
    boolean there = end.length > 0 && ended.length > 0 && ended[ended.length - 1] == end[0];
    return there ? ended : join(ended, end);
  }

  private int[] encode(String text, Origin origin) {
    try {
      return tokenizer.encode(text, SpecialTokens.TEXT);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(origin + ": " + e.getMessage(), e);
    }
  }

  private TokenSequence sequence(int[] prompt, int[] chosen, int[] rejected, Origin origin) {
    int longest = prompt.length + Math.max(chosen.length, rejected.length);
    if (longest > maxLength) {
      throw new IllegalArgumentException(
          "%s: prompt and %s have %d tokens, the length is %d; cut the row, or give a greater length"
              .formatted(
                  origin,
                  chosen.length >= rejected.length ? "chosen" : "rejected",
                  longest,
                  maxLength));
    }
    return PreferenceTokens.of(prompt, chosen, rejected).sequence();
  }

  @Override
  public int vocabularySize() {
    return vocabularySize;
  }

  @Override
  public int maxLength() {
    return maxLength;
  }

  @Override
  public Collator collator() {
    return new PreferenceCollator(
        tokenizer == null ? 0 : tokenizer.paddingId().orElse(tokenizer.endOfTextId().orElse(0)));
  }

  /** Labels hold the bits of numbers. */
  @Override
  public SequenceEncoding encoding() {
    return new SequenceEncoding(this, Integer.MAX_VALUE);
  }
}

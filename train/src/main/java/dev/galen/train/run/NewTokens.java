package dev.galen.train.run;

import java.util.LinkedHashSet;
import java.util.List;

/**
 * Tokens that a run gives its model: the tokenizer finds them in texts, and the model's embedding
 * and head get rows for them that begin as the mean of the others.
 *
 * @param tokens as texts spell them, without doubles; none for no change
 * @param multiple the vocabulary becomes a multiple of it where it grows, 1 for just enough
 */
public record NewTokens(List<String> tokens, int multiple) {
  /** No new token. */
  public static final NewTokens NONE = new NewTokens(List.of(), 1);

  /** Refuses blank ones, and a multiple below 1. */
  public NewTokens {
    tokens = List.copyOf(new LinkedHashSet<>(tokens));
    for (String token : tokens) {
      if (token.isBlank()) {
        throw new IllegalArgumentException(
            "new-tokens holds \"%s\", must be tokens with a character that is no space"
                .formatted(token));
      }
    }
    if (multiple < 1) {
      throw new IllegalArgumentException(
          "vocabulary-multiple is " + multiple + ", must be at least 1");
    }
    if (multiple > 1 && tokens.isEmpty()) {
      throw new IllegalArgumentException(
          "vocabulary-multiple is %d, must be left out without new-tokens".formatted(multiple));
    }
  }

  /** Whether nothing is new. */
  public boolean areNone() {
    return tokens.isEmpty();
  }
}

package dev.galen.examples.clinical.trust;

import dev.galen.tokenizer.Tokenizer;
import java.util.List;
import java.util.OptionalInt;

/**
 * What a token is compared with: the vector that stands in its place where it is taken out.
 *
 * @param name for the reader, such as {@code the vector of [MASK]}
 * @param id of the token whose vector it is; -1 for a vector of zeros
 */
public record Baseline(String name, int id) {
  /** A vector of zeros, as the paper on integrated gradients suggests. */
  public static final Baseline ZERO = new Baseline("a vector of zeros", -1);

  private static final List<String> ROLES =
      List.of("mask_token", "pad_token", "unk_token", "eos_token");

  /** The mask's vector, else the padding's, the unknown token's, the end's, else zeros. */
  public static Baseline of(Tokenizer tokenizer) {
    for (String role : ROLES) {
      String token = tokenizer.specialTokens().get(role);
      OptionalInt id = token == null ? OptionalInt.empty() : tokenizer.id(token);
      if (id.isPresent()) {
        return new Baseline("the vector of " + token, id.getAsInt());
      }
    }
    return tokenizer.endOfTextId().isPresent()
        ? new Baseline("the vector of the end of text", tokenizer.endOfTextId().getAsInt())
        : ZERO;
  }

  /**
   * The baseline of a name.
   *
   * @param name {@code zero}, or a token of the vocabulary
   */
  public static Baseline named(String name, Tokenizer tokenizer) {
    if (name.equals("zero")) {
      return ZERO;
    }
    int id =
        tokenizer
            .id(name)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "baseline is \"%s\", must be zero or a token of the vocabulary, such as %s"
                            .formatted(
                                name,
                                tokenizer.specialTokens().values().stream()
                                    .findFirst()
                                    .orElse("[MASK]"))));
    return new Baseline("the vector of " + name, id);
  }
}

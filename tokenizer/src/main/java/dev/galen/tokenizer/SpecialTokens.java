package dev.galen.tokenizer;

/**
 * What {@link Tokenizer#encode(String, SpecialTokens)} does when a text spells out a special token
 * such as {@code <|endoftext|>}. Text that comes from outside must not be able to smuggle control
 * tokens into a model, so the default refuses.
 */
public enum SpecialTokens {
  /** Throw {@link IllegalArgumentException} that names the token, its index and the way out. */
  REFUSE,
  /** Encode its characters as any other text. */
  TEXT,
  /** Turn it into its id. */
  PARSE
}

package dev.galen.tokenizer.stage;

/** The last stage, on the way back: the bytes that a token stands for. Thread-safe. */
@FunctionalInterface
public interface Decoder {

  /** The bytes of a token as the vocabulary spells it. */
  byte[] bytes(String token);
}

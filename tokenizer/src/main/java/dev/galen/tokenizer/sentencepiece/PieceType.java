package dev.galen.tokenizer.sentencepiece;

/** What a piece of a SentencePiece model is for, in the order of their numbers in files. */
public enum PieceType {
  NORMAL,
  UNKNOWN,
  CONTROL,
  USER_DEFINED,
  UNUSED,
  BYTE;

  private static final PieceType[] ALL = values();

  /** The type of a number in a file, which counts from 1; null if it is none. */
  static PieceType of(long number) {
    return number >= 1 && number <= ALL.length ? ALL[(int) number - 1] : null;
  }

  /** Whether a text may spell such a piece. */
  boolean isInText() {
    return this == NORMAL || this == USER_DEFINED || this == UNUSED;
  }
}

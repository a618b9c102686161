package dev.galen.examples.clinical.document;

/** Values of fields in messages. */
public final class FieldValue {
  private static final int LONGEST_WORD = 20;

  private FieldValue() {}

  /** A value that a message may show: one short word, or else its length alone. */
  public static String shown(String value) {
    boolean word =
        value.length() <= LONGEST_WORD && value.chars().noneMatch(Character::isWhitespace);
    return word ? value : "a text of %,d characters".formatted(value.length());
  }
}

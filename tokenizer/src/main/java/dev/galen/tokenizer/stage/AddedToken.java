package dev.galen.tokenizer.stage;

/**
 * A token that is cut out of the text before it is split into words.
 *
 * @param id its id
 * @param content how the text spells it
 * @param special whether it is a control token, for which a caller says what to do; the others are
 *     always turned into their id
 * @param stripsLeft whether it swallows the whitespace before it
 * @param stripsRight whether it swallows the whitespace after it
 * @param singleWord whether it is found only where no letter, digit or underscore touches it
 * @param normalized whether it is looked for in the normalized text, after all tokens that are not
 */
public record AddedToken(
    int id,
    String content,
    boolean special,
    boolean stripsLeft,
    boolean stripsRight,
    boolean singleWord,
    boolean normalized) {

  /** The id of a token that is named where its id is not told. */
  public static final int UNKNOWN_ID = -1;

  /** A control token that strips nothing. */
  public static AddedToken special(int id, String content) {
    return new AddedToken(id, content, true, false, false, false, false);
  }

  /** This token with its id, once that is known. */
  public AddedToken withId(int id) {
    return new AddedToken(id, content, special, stripsLeft, stripsRight, singleWord, normalized);
  }

  /** This token's id with what another file says of it; special if either says so. */
  public AddedToken as(AddedToken other) {
    return (special ? other.asSpecial() : other).withId(id);
  }

  /** This token as a control token. */
  public AddedToken asSpecial() {
    return new AddedToken(id, content, true, stripsLeft, stripsRight, singleWord, normalized);
  }
}

package dev.galen.tokenizer.stage;

/**
 * A token with its place.
 *
 * @param id its id
 * @param token how the vocabulary spells it; of an added token, what the text spells
 * @param start the first character it stands for, counted in code points; 0 if it is put around
 * @param end the character behind the last one; 0 if it is put around
 * @param typeId the segment that it is part of
 * @param text which of the texts it comes from, 0 or 1; -1 if it is put around them
 */
public record Piece(int id, String token, int start, int end, int typeId, int text) {

  /** A token that is put around texts. */
  public static Piece special(int id, String token, int typeId) {
    return new Piece(id, token, 0, 0, typeId, -1);
  }

  /** This token elsewhere. */
  public Piece at(int start, int end) {
    return new Piece(id, token, start, end, typeId, text);
  }

  /** This token as part of another segment. */
  public Piece withTypeId(int typeId) {
    return new Piece(id, token, start, end, typeId, text);
  }
}

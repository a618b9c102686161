package dev.galen.tokenizer.bpe;

import dev.galen.tokenizer.stage.IntList;
import dev.galen.tokenizer.stage.Vocabulary;
import dev.galen.tokenizer.text.ByteLevel;
import dev.galen.tokenizer.text.Quote;
import java.io.IOException;
import java.util.function.Supplier;

/** The merges of a model in order of rank, collected and checked one by one. */
public final class Merges {

  private final Vocabulary vocabulary;
  private final boolean spellsBytes;

  /** How many characters of a right token are no part of what the two make. */
  private final int prefix;

  private final IntList left = new IntList(1 << 10);
  private final IntList right = new IntList(1 << 10);
  private final IntList made = new IntList(1 << 10);

  /** Those of a byte-level model. */
  public Merges(Vocabulary vocabulary) {
    this(vocabulary, true, 0);
  }

  private Merges(Vocabulary vocabulary, boolean spellsBytes, int prefix) {
    this.vocabulary = vocabulary;
    this.spellsBytes = spellsBytes;
    this.prefix = prefix;
  }

  /**
   * Those of a model over characters.
   *
   * @param prefix what tokens are spelled with that do not begin a word
   */
  public static Merges ofCharacters(Vocabulary vocabulary, String prefix) {
    return new Merges(vocabulary, false, prefix.length());
  }

  /**
   * Appends a merge.
   *
   * @param place tells where it stands, for the message: file and line
   * @throws IOException if one of the two or what they make is not in the vocabulary
   */
  public void add(String leftToken, String rightToken, Supplier<String> place) throws IOException {
    add(
        require(leftToken, place),
        require(rightToken, place),
        require(leftToken + rightToken.substring(Math.min(prefix, rightToken.length())), place));
  }

  /** Appends the merge of two ids of the vocabulary that makes a third one. */
  public void add(int leftId, int rightId, int madeId) {
    left.add(leftId);
    right.add(rightId);
    made.add(madeId);
  }

  private int require(String token, Supplier<String> place) throws IOException {
    int id = vocabulary.id(token);
    if (id < 0) {
      throw new IOException(
          "%s: \"%s\" is not in the vocabulary".formatted(place.get(), Quote.of(token)));
    }
    if (spellsBytes && !ByteLevel.isSpelling(token)) {
      throw new IOException(
          "%s: \"%s\" is not a byte-level token".formatted(place.get(), Quote.of(token)));
    }
    return id;
  }

  /** Reads {@code "left right"} and appends it. */
  public void addLine(String line, Supplier<String> place) throws IOException {
    int space = line.indexOf(' ');
    if (space <= 0 || space == line.length() - 1 || line.indexOf(' ', space + 1) >= 0) {
      throw new IOException(
          "%s: expected two tokens separated by one space, got \"%s\""
              .formatted(place.get(), Quote.of(line)));
    }
    add(line.substring(0, space), line.substring(space + 1), place);
  }

  public int size() {
    return left.size();
  }

  /** The left token of a rank. */
  public String left(int rank) {
    return vocabulary.tokenOrNull(left.get(rank));
  }

  /** The right token of a rank. */
  public String right(int rank) {
    return vocabulary.tokenOrNull(right.get(rank));
  }

  /** The merge of a rank as {@code merges.txt} writes it. */
  public String line(int rank) {
    return left(rank) + ' ' + right(rank);
  }

  /** Whether a line can tell the merge of a rank: neither token has a space. */
  public boolean isLine(int rank) {
    return spellsBytes || (left(rank).indexOf(' ') < 0 && right(rank).indexOf(' ') < 0);
  }

  MergeTable table() {
    return new MergeTable(left.toArray(), right.toArray(), made.toArray());
  }
}

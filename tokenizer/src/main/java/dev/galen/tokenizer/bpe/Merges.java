package dev.galen.tokenizer.bpe;

import dev.galen.tokenizer.stage.IntList;
import dev.galen.tokenizer.stage.Vocabulary;
import dev.galen.tokenizer.text.Quote;
import java.io.IOException;
import java.util.function.Supplier;

/** The merges of a model in order of rank, collected and checked one by one. */
public final class Merges {

  private final Vocabulary vocabulary;
  private final IntList left = new IntList(1 << 10);
  private final IntList right = new IntList(1 << 10);
  private final IntList made = new IntList(1 << 10);

  public Merges(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
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
        require(leftToken + rightToken, place));
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
    if (!ByteLevel.isSpelling(token)) {
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

  /** The merge of a rank as {@code merges.txt} writes it. */
  public String line(int rank) {
    return vocabulary.tokenOrNull(left.get(rank)) + ' ' + vocabulary.tokenOrNull(right.get(rank));
  }

  MergeTable table() {
    return new MergeTable(left.toArray(), right.toArray(), made.toArray());
  }
}

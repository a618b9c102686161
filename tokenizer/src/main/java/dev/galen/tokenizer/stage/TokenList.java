package dev.galen.tokenizer.stage;

/** Tokens as a model appends them: ids and, where offsets are wanted, where each ends. */
public final class TokenList {

  private final IntList ids;

  /** The byte behind each token, or null. */
  private final IntList ends;

  private TokenList(IntList ids, IntList ends) {
    this.ids = ids;
    this.ends = ends;
  }

  /**
   * An empty list of ids alone.
   *
   * @param capacity how many tokens to make room for
   */
  public static TokenList ofIds(int capacity) {
    return new TokenList(new IntList(capacity), null);
  }

  /** An empty list that keeps ends as well. */
  public static TokenList withEnds(int capacity) {
    return new TokenList(new IntList(capacity), new IntList(capacity));
  }

  public IntList ids() {
    return ids;
  }

  public boolean hasEnds() {
    return ends != null;
  }

  /** The byte behind each token; null unless {@link #hasEnds}. */
  public IntList ends() {
    return ends;
  }
}

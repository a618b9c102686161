package dev.galen.tokenizer.stage;

/** Tokens as a model appends them: ids and, where offsets are wanted, the bytes of each. */
public final class TokenList {

  private final IntList ids;

  /** The first byte of each token and the byte behind its last one, in turn; or null. */
  private final IntList places;

  private TokenList(IntList ids, IntList places) {
    this.ids = ids;
    this.places = places;
  }

  /**
   * An empty list of ids alone.
   *
   * @param capacity how many tokens to make room for
   */
  public static TokenList ofIds(int capacity) {
    return new TokenList(new IntList(capacity), null);
  }

  /** An empty list that keeps places as well. */
  public static TokenList withPlaces(int capacity) {
    return new TokenList(new IntList(capacity), new IntList(2 * capacity));
  }

  public IntList ids() {
    return ids;
  }

  public boolean hasPlaces() {
    return places != null;
  }

  /** Appends a token of the bytes {@code [start, end)}. */
  public void add(int id, int start, int end) {
    ids.add(id);
    if (places != null) {
      addPlace(start, end);
    }
  }

  /** Appends the place of a token whose id is there already. */
  public void addPlace(int start, int end) {
    places.add(start);
    places.add(end);
  }

  /** Lets the last token end elsewhere. */
  public void extendLast(int end) {
    if (places != null) {
      places.set(places.size() - 1, end);
    }
  }

  /** The first byte of a token; there are places. */
  public int start(int i) {
    return places.get(2 * i);
  }

  /** The byte behind a token; there are places. */
  public int end(int i) {
    return places.get(2 * i + 1);
  }
}

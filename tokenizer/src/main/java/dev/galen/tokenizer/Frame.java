package dev.galen.tokenizer;

/**
 * The ids that stand around every text of a tokenizer.
 *
 * @param before in front of it
 * @param after behind it
 */
record Frame(int[] before, int[] after) {

  static final Frame NONE = new Frame(new int[0], new int[0]);

  boolean isEmpty() {
    return before.length == 0 && after.length == 0;
  }
}

package dev.galen.tokenizer.jinja;

/**
 * What a template may use up. A template comes with a model's files and is not trusted: loops, long
 * texts and recursion end in an error instead of a process that hangs.
 */
final class Budget {
  /**
   * Deepest nesting of calls, statements, expressions and values; it stays below a thread's stack.
   */
  static final int DEEPEST = 600;

  /** About a second of work, or 160 million characters. */
  private static final long STEPS = 20_000_000;

  /** What an element of a list costs, in characters. */
  private static final int ELEMENT = 8;

  private static final int CHARS_PER_STEP = 8;

  private long left = STEPS;
  private int depth;

  /** Takes one step. */
  void step() {
    if (--left < 0) {
      throw exhausted();
    }
  }

  /** Pays for work on so many characters or elements, before it is done. */
  void spend(long size) {
    left -= size / CHARS_PER_STEP + 1;
    if (left < 0) {
      throw exhausted();
    }
  }

  /** Pays for {@code count} copies of something. */
  void spend(long size, long count) {
    long high = Math.multiplyHigh(size, count);
    spend(high == 0 && size * count >= 0 ? size * count : Long.MAX_VALUE);
  }

  /** Pays for a list of so many elements. */
  void spendElements(long count) {
    spend(count, ELEMENT);
  }

  void enter() {
    if (++depth > DEEPEST) {
      throw new JinjaException("nests deeper than " + DEEPEST + " levels");
    }
  }

  void leave() {
    depth--;
  }

  private static JinjaException exhausted() {
    return new JinjaException("does more than " + STEPS + " steps: the template seems not to end");
  }
}

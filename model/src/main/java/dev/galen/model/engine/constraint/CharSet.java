package dev.galen.model.engine.constraint;

import java.util.ArrayList;
import java.util.List;

/**
 * Code points as ranges in ascending order that do not touch; without surrogates, which are none.
 *
 * @param ranges low and high of each
 */
record CharSet(List<int[]> ranges) {
  private static final int LAST = 0x10ffff;

  /** Every character. */
  static final CharSet ALL = of(0, LAST);

  static final CharSet DIGITS = of('0', '9');
  static final CharSet WORD = of('0', '9').or(of('A', 'Z')).or(of('_', '_')).or(of('a', 'z'));

  /** ECMAScript's white space and ends of lines. */
  static final CharSet SPACE =
      of('\t', '\r')
          .or(of(' ', ' '))
          .or(of(0xa0, 0xa0))
          .or(of(0x1680, 0x1680))
          .or(of(0x2000, 0x200a))
          .or(of(0x2028, 0x2029))
          .or(of(0x202f, 0x202f))
          .or(of(0x205f, 0x205f))
          .or(of(0x3000, 0x3000))
          .or(of(0xfeff, 0xfeff));

  /** What a dot stands for. */
  static final CharSet NO_LINE_END = of('\n', '\n').or(of('\r', '\r')).or(of(0x2028, 0x2029)).not();

  static CharSet of(int low, int high) {
    List<int[]> ranges = new ArrayList<>();
    add(ranges, low, Math.min(high, 0xd7ff));
    add(ranges, Math.max(low, 0xe000), high);
    return new CharSet(ranges);
  }

  private static void add(List<int[]> ranges, int low, int high) {
    if (low <= high) {
      ranges.add(new int[] {low, high});
    }
  }

  CharSet or(CharSet other) {
    List<int[]> all = new ArrayList<>(ranges);
    all.addAll(other.ranges);
    all.sort((a, b) -> Integer.compare(a[0], b[0]));
    List<int[]> joined = new ArrayList<>();
    for (int[] range : all) {
      if (!joined.isEmpty() && range[0] <= joined.getLast()[1] + 1) {
        joined.getLast()[1] = Math.max(joined.getLast()[1], range[1]);
      } else {
        joined.add(range.clone());
      }
    }
    return new CharSet(joined);
  }

  CharSet not() {
    var rest = new CharSet(List.of());
    int from = 0;
    for (int[] range : ranges) {
      rest = rest.or(of(from, range[0] - 1));
      from = range[1] + 1;
    }
    return rest.or(of(from, LAST));
  }

  boolean contains(int codePoint) {
    for (int[] range : ranges) {
      if (codePoint >= range[0] && codePoint <= range[1]) {
        return true;
      }
    }
    return false;
  }

  boolean isEmpty() {
    return ranges.isEmpty();
  }
}

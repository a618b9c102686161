package dev.galen.model.engine.constraint;

import dev.galen.model.engine.constraint.Grammar.Rule;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Numbers of up to fifteen digits before the point and as many behind it, so that every parser
 * reads them as they are. A number without bounds may have an exponent of two digits.
 */
final class NumberParts {
  private static final int DIGITS = 15;
  private static final BigDecimal LARGEST = BigDecimal.TEN.pow(DIGITS).subtract(BigDecimal.ONE);

  /** Bounds of a number. */
  record Bounds(BigDecimal low, boolean lowIncluded, BigDecimal high, boolean highIncluded) {
    static final Bounds NONE = new Bounds(null, true, null, true);

    boolean contains(BigDecimal value) {
      int fromLow = low == null ? 1 : value.compareTo(low);
      int toHigh = high == null ? 1 : high.compareTo(value);
      return (fromLow > 0 || fromLow == 0 && lowIncluded)
          && (toHigh > 0 || toHigh == 0 && highIncluded);
    }

    /** What both allow. */
    Bounds and(Bounds other) {
      int lows = compare(low, other.low, -1);
      int highs = compare(high, other.high, 1);
      return new Bounds(
          lows >= 0 ? low : other.low,
          lows == 0 ? lowIncluded && other.lowIncluded : lows > 0 ? lowIncluded : other.lowIncluded,
          highs <= 0 ? high : other.high,
          highs == 0
              ? highIncluded && other.highIncluded
              : highs < 0 ? highIncluded : other.highIncluded);
    }

    private static int compare(BigDecimal a, BigDecimal b, int missing) {
      if (a == null || b == null) {
        return a == b ? 0 : a == null ? missing : -missing;
      }
      return a.compareTo(b);
    }

    private boolean isNone() {
      return low == null && high == null;
    }

    /** The same of numbers below zero, without their sign. */
    private Bounds negated() {
      return new Bounds(
          high == null ? null : high.negate(),
          highIncluded,
          low == null ? null : low.negate(),
          lowIncluded);
    }
  }

  private final Grammar grammar;

  NumberParts(Grammar grammar) {
    this.grammar = grammar;
  }

  /** Any number. */
  Rule any() {
    Rule rule = grammar.rule();
    int sign = grammar.node();
    grammar.skip(rule.start(), sign);
    grammar.bytes(rule.start(), '-', '-', sign);
    int whole = grammar.node();
    grammar.bytes(sign, '0', '0', whole);
    int digits = grammar.node();
    grammar.bytes(sign, '1', '9', digits);
    digits(digits, DIGITS - 1, whole);
    int fraction = grammar.node();
    grammar.skip(whole, fraction);
    int first = grammar.node();
    grammar.bytes(grammar.literal(whole, "."), '0', '9', first);
    digits(first, DIGITS - 1, fraction);
    grammar.skip(fraction, rule.end());
    int exponent = grammar.node();
    grammar.bytes(fraction, 'e', 'e', exponent);
    grammar.bytes(fraction, 'E', 'E', exponent);
    int signed = grammar.node();
    grammar.skip(exponent, signed);
    grammar.bytes(exponent, '+', '+', signed);
    grammar.bytes(exponent, '-', '-', signed);
    int last = grammar.node();
    grammar.bytes(signed, '0', '9', last);
    digits(last, 1, rule.end());
    return rule;
  }

  /** None to {@code most} digits. */
  private void digits(int from, int most, int to) {
    int at = from;
    for (int i = 0; i < most; i++) {
      grammar.skip(at, to);
      int next = grammar.node();
      grammar.bytes(at, '0', '9', next);
      at = next;
    }
    grammar.skip(at, to);
  }

  /** Numbers within bounds. */
  Rule within(Bounds bounds, boolean integer) {
    if (bounds.isNone() && !integer) {
      return any();
    }
    Rule rule = grammar.rule();
    addPositive(rule.start(), bounds, integer, rule.end());
    Bounds below = bounds.negated();
    if (integer) {
      below = below.and(new Bounds(BigDecimal.ONE, true, null, true));
    }
    addPositive(grammar.literal(rule.start(), "-"), below, integer, rule.end());
    return rule;
  }

  /** Numbers without a sign. */
  private void addPositive(int from, Bounds bounds, boolean integer, int to) {
    Bounds clipped =
        bounds.and(new Bounds(BigDecimal.ZERO, true, LARGEST.add(BigDecimal.ONE), false));
    if (integer) {
      BigDecimal low = clipped.low.setScale(0, RoundingMode.CEILING);
      BigDecimal high = clipped.high.setScale(0, RoundingMode.FLOOR);
      low = !clipped.lowIncluded && low.compareTo(clipped.low) == 0 ? low.add(BigDecimal.ONE) : low;
      high =
          !clipped.highIncluded && high.compareTo(clipped.high) == 0
              ? high.subtract(BigDecimal.ONE)
              : high;
      clipped = new Bounds(low, true, high, true);
    }
    if (clipped.low.compareTo(clipped.high) <= 0) {
      new Range(clipped, integer, to).add(from);
    }
  }

  /** Digits that are compared with those of both bounds as they come. */
  private final class Range {
    private final Bounds bounds;
    private final boolean integer;
    private final int to;
    private final String low;
    private final String high;
    private final String lowRest;
    private final String highRest;
    private final int[][] fractions = new int[DIGITS + 1][4];

    private Range(Bounds bounds, boolean integer, int to) {
      this.bounds = bounds;
      this.integer = integer;
      this.to = to;
      this.low = whole(bounds.low);
      this.high = whole(bounds.high);
      this.lowRest = rest(bounds.low);
      this.highRest = rest(bounds.high);
    }

    private static String whole(BigDecimal value) {
      return value.toBigInteger().toString();
    }

    private static String rest(BigDecimal value) {
      String text = value.stripTrailingZeros().toPlainString();
      int point = text.indexOf('.');
      return point < 0 ? "" : text.substring(point + 1);
    }

    private void add(int from) {
      for (int length = low.length(); length <= Math.min(DIGITS, high.length()); length++) {
        addWhole(from, length, 0, length == low.length(), length == high.length());
      }
    }

    /** The digits of a whole part from a place on; both bounds are tight at most one path long. */
    private void addWhole(int from, int length, int at, boolean tightLow, boolean tightHigh) {
      if (at == length) {
        addPoint(from, tightLow, tightHigh);
        return;
      }
      int first = at == 0 && length > 1 ? 1 : 0;
      int least = tightLow ? Math.max(first, low.charAt(at) - '0') : first;
      int most = tightHigh ? high.charAt(at) - '0' : 9;
      int middle = -1;
      for (int digit = least; digit <= most; digit++) {
        boolean nextLow = tightLow && digit == low.charAt(at) - '0';
        boolean nextHigh = tightHigh && digit == high.charAt(at) - '0';
        if (nextLow || nextHigh) {
          int next = grammar.node();
          grammar.bytes(from, '0' + digit, '0' + digit, next);
          addWhole(next, length, at + 1, nextLow, nextHigh);
        } else {
          if (middle < 0) {
            middle = grammar.node();
            addWhole(middle, length, at + 1, false, false);
          }
          grammar.bytes(from, '0' + digit, '0' + digit, middle);
        }
      }
    }

    private void addPoint(int from, boolean tightLow, boolean tightHigh) {
      if (isInside(0, tightLow, tightHigh)) {
        grammar.skip(from, to);
      }
      if (!integer) {
        addFraction(grammar.literal(from, "."), 0, tightLow, tightHigh);
      }
    }

    /** Whether a number may end before a place of its fraction. */
    private boolean isInside(int at, boolean tightLow, boolean tightHigh) {
      boolean aboveLow = !tightLow || at >= lowRest.length() && bounds.lowIncluded;
      boolean belowHigh = !tightHigh || at < highRest.length() || bounds.highIncluded;
      return aboveLow && belowHigh;
    }

    private void addFraction(int from, int at, boolean tightLow, boolean tightHigh) {
      if (at == DIGITS) {
        return;
      }
      int least = tightLow ? digit(lowRest, at) : 0;
      int most = tightHigh ? digit(highRest, at) : 9;
      for (int digit = least; digit <= most; digit++) {
        boolean nextLow = tightLow && digit == digit(lowRest, at);
        boolean nextHigh = tightHigh && digit == digit(highRest, at);
        grammar.bytes(from, '0' + digit, '0' + digit, fraction(at + 1, nextLow, nextHigh));
      }
    }

    private int fraction(int at, boolean tightLow, boolean tightHigh) {
      int kind = (tightLow ? 1 : 0) + (tightHigh ? 2 : 0);
      if (fractions[at][kind] == 0) {
        int node = grammar.node();
        fractions[at][kind] = node;
        if (isInside(at, tightLow, tightHigh)) {
          grammar.skip(node, to);
        }
        addFraction(node, at, tightLow, tightHigh);
      }
      return fractions[at][kind];
    }

    private static int digit(String digits, int at) {
      return at < digits.length() ? digits.charAt(at) - '0' : 0;
    }
  }
}

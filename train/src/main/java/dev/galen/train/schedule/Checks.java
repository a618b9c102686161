package dev.galen.train.schedule;

/** What the numbers of schedules must be. */
final class Checks {
  private Checks() {}

  static void require(boolean holds, String name, Object value, String wanted) {
    if (!holds) {
      throw new IllegalArgumentException(name + " is " + value + ", must be " + wanted);
    }
  }

  static void requirePositive(String name, double value) {
    require(value > 0 && value < Double.POSITIVE_INFINITY, name, value, "a number above 0");
  }

  static void requireNotNegative(String name, double value) {
    require(value >= 0 && value < Double.POSITIVE_INFINITY, name, value, "a number from 0 on");
  }

  static void requireShare(String name, double value) {
    require(value >= 0 && value <= 1, name, value, "from 0 to 1");
  }

  /** Null where a number has its default, so that it is not told. */
  static <T> T unless(T usual, T value) {
    return usual.equals(value) ? null : value;
  }
}

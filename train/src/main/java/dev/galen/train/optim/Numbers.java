package dev.galen.train.optim;

/** What the numbers of optimizers must be. */
final class Numbers {
  private Numbers() {}

  static void require(boolean holds, String name, Object value, String wanted) {
    if (!holds) {
      throw new IllegalArgumentException(name + " is " + value + ", must be " + wanted);
    }
  }

  static void requireBeta(String name, double beta) {
    require(beta >= 0 && beta < 1, name, beta, "in [0, 1)");
  }

  static void requireNotNegative(String name, double value) {
    require(value >= 0 && value < Double.POSITIVE_INFINITY, name, value, "a number from 0 on");
  }

  static void requirePositive(String name, double value) {
    require(value > 0 && value < Double.POSITIVE_INFINITY, name, value, "a number above 0");
  }
}

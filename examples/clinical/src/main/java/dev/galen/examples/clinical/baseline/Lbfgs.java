package dev.galen.examples.clinical.baseline;

import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * Finds the least value of a smooth function of many numbers: limited-memory BFGS (Liu and Nocedal,
 * "On the limited memory BFGS method for large scale optimization", 1989) with the two-loop
 * recursion over the last ten steps and a line search for Wolfe's conditions by bisection.
 */
final class Lbfgs {
  private static final int MEMORY = 10;
  private static final double SUFFICIENT = 1e-4;
  private static final double CURVATURE = 0.9;
  private static final int LINE_STEPS = 40;

  /** A function with its gradient. */
  interface Objective {
    /**
     * The value at a point.
     *
     * @param gradient overwritten by the gradient there
     */
    double at(double[] point, double[] gradient);
  }

  /** A step and what it changed in the gradient. */
  @SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
  private record Pair(double[] step, double[] change, double product) {}

  private Lbfgs() {}

  /**
   * Moves {@code point} to the least value near it.
   *
   * @param tolerance the largest absolute entry of a gradient that counts as zero
   * @param steps the most steps
   */
  static void minimise(Objective objective, double[] point, double tolerance, int steps) {
    int n = point.length;
    var gradient = new double[n];
    double value = objective.at(point, gradient);
    var pairs = new ArrayDeque<Pair>();
    var next = new double[n];
    var nextGradient = new double[n];
    for (int step = 0; step < steps && largest(gradient) > tolerance; step++) {
      double[] direction = direction(gradient, pairs);
      double slope = dot(direction, gradient);
      double length = pairs.isEmpty() ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
      double low = 0;
      double high = Double.POSITIVE_INFINITY;
      double nextValue = value;
      for (int i = 0; i < LINE_STEPS; i++) {
        for (int j = 0; j < n; j++) {
          next[j] = point[j] + length * direction[j];
        }
        nextValue = objective.at(next, nextGradient);
        if (!(nextValue <= value + SUFFICIENT * length * slope)) {
          high = length;
        } else if (dot(direction, nextGradient) < CURVATURE * slope) {
          low = length;
        } else {
          break;
        }
        length = Double.isInfinite(high) ? 2 * low : (low + high) / 2;
      }
      if (!(nextValue < value)) {
        return; // As far as the rounding of doubles lets it see.
      }
      remember(pairs, point, next, gradient, nextGradient);
      System.arraycopy(next, 0, point, 0, n);
      System.arraycopy(nextGradient, 0, gradient, 0, n);
      value = nextValue;
    }
  }

  private static void remember(
      ArrayDeque<Pair> pairs, double[] from, double[] to, double[] before, double[] after) {
    var moved = new double[from.length];
    var changed = new double[from.length];
    for (int j = 0; j < from.length; j++) {
      moved[j] = to[j] - from[j];
      changed[j] = after[j] - before[j];
    }
    double product = dot(moved, changed);
    if (product > 0) {
      pairs.addLast(new Pair(moved, changed, product));
    }
    if (pairs.size() > MEMORY) {
      pairs.removeFirst();
    }
  }

  /** Minus the inverse Hessian, as the pairs tell it, times the gradient. */
  private static double[] direction(double[] gradient, ArrayDeque<Pair> pairs) {
    double[] q = gradient.clone();
    var weights = new double[pairs.size()];
    int at = pairs.size();
    for (Iterator<Pair> back = pairs.descendingIterator(); back.hasNext(); ) {
      Pair pair = back.next();
      weights[--at] = dot(pair.step(), q) / pair.product();
      add(q, -weights[at], pair.change());
    }
    double scale = -1;
    if (!pairs.isEmpty()) {
      Pair last = pairs.getLast();
      scale = -last.product() / dot(last.change(), last.change());
    }
    for (int j = 0; j < q.length; j++) {
      q[j] *= scale;
    }
    for (Pair pair : pairs) {
      double weight = dot(pair.change(), q) / pair.product();
      add(q, -weights[at++] - weight, pair.step());
    }
    return q;
  }

  private static void add(double[] to, double factor, double[] other) {
    for (int j = 0; j < to.length; j++) {
      to[j] += factor * other[j];
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += a[j] * b[j];
    }
    return sum;
  }

  private static double largest(double[] values) {
    double largest = 0;
    for (double value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}

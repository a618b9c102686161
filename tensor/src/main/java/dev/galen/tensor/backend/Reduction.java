package dev.galen.tensor.backend;

/** Ways to make one element of many. */
public enum Reduction {
  /** The sum; 0 of none. */
  SUM,
  /** The sum divided by the number of elements. */
  MEAN,
  /** The largest; NaN if any is. */
  MAX
}

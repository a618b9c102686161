package dev.galen.tensor.backend;

/** Functions of two elements. */
public enum Binary {
  /** a + b. */
  ADD,
  /** a - b. */
  SUB,
  /** a b. */
  MUL,
  /** a / b. */
  DIV,
  /** The larger; NaN if either is. */
  MAX,
  /** The smaller; NaN if either is. */
  MIN,
  /** 1 where a = b, else 0. */
  EQUAL,
  /** 1 where a &lt; b, else 0. */
  LESS
}

package dev.galen.tensor.backend.reference;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Span;

/** Checks at the door of every kernel; the loops behind it check nothing. */
final class Require {
  private Require() {}

  /** {@code span} holds at least {@code rows * cols} elements. */
  static void length(String name, Span span, long rows, long cols) {
    if (rows < 0 || cols < 0) {
      throw new IllegalArgumentException(
          "%s cannot have the shape [%d, %d]".formatted(name, rows, cols));
    }
    length(name, span, rows * cols);
  }

  /** {@code span} holds at least {@code needed} elements. */
  static void length(String name, Span span, long needed) {
    if (needed < 0) {
      throw new IllegalArgumentException(name + " cannot hold " + needed + " elements");
    }
    if (span.length() < needed) {
      throw new IllegalArgumentException(
          "%s holds %d elements, but the kernel needs %d".formatted(name, span.length(), needed));
    }
  }

  /** {@code span} is as long as {@code other}. */
  static void sameLength(String name, Span span, String otherName, Span other) {
    if (span.length() != other.length()) {
      throw new IllegalArgumentException(
          "%s holds %d elements, but %s holds %d"
              .formatted(name, span.length(), otherName, other.length()));
    }
  }

  /** {@code span} has elements of type {@code dtype}. */
  static void dtype(String name, Span span, DType dtype) {
    if (span.dtype() != dtype) {
      throw new IllegalArgumentException(name + " must be " + dtype + ", not " + span.dtype());
    }
  }

  /** {@code p} is a probability below 1. */
  static void dropout(double p) {
    if (!(p >= 0 && p < 1)) {
      throw new IllegalArgumentException("dropout probability " + p + " is not in [0, 1)");
    }
  }
}

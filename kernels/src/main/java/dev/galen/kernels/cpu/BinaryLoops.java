package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.F;
import static dev.galen.kernels.cpu.Lanes.L;
import static dev.galen.kernels.cpu.Lanes.load;
import static dev.galen.kernels.cpu.Lanes.store;

import dev.galen.tensor.backend.Binary;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * One loop per {@link Binary}; streams are y, a and b. See {@link Elementwise} for why each has its
 * own.
 */
final class BinaryLoops {
  private BinaryLoops() {}

  static Elementwise.Loop of(Binary f) {
    return switch (f) {
      case ADD -> BinaryLoops::add;
      case SUB -> BinaryLoops::sub;
      case MUL -> BinaryLoops::mul;
      case DIV -> BinaryLoops::div;
      case MAX -> BinaryLoops::max;
      case MIN -> BinaryLoops::min;
      case EQUAL -> BinaryLoops::equal;
      case LESS -> BinaryLoops::less;
    };
  }

  private static void add(Slices slices, int n) {
    MemorySegment y = slices.slice(0, n);
    MemorySegment a = slices.slice(1, n);
    MemorySegment b = slices.slice(2, n);
    for (int i = 0; i < n; i += L) {
      store(load(a, i).add(load(b, i)), y, i);
    }
  }

  private static void sub(Slices slices, int n) {
    MemorySegment y = slices.slice(0, n);
    MemorySegment a = slices.slice(1, n);
    MemorySegment b = slices.slice(2, n);
    for (int i = 0; i < n; i += L) {
      store(load(a, i).sub(load(b, i)), y, i);
    }
  }

  private static void mul(Slices slices, int n) {
    MemorySegment y = slices.slice(0, n);
    MemorySegment a = slices.slice(1, n);
    MemorySegment b = slices.slice(2, n);
    for (int i = 0; i < n; i += L) {
      store(load(a, i).mul(load(b, i)), y, i);
    }
  }

  private static void div(Slices slices, int n) {
    MemorySegment y = slices.slice(0, n);
    MemorySegment a = slices.slice(1, n);
    MemorySegment b = slices.slice(2, n);
    for (int i = 0; i < n; i += L) {
      store(load(a, i).div(load(b, i)), y, i);
    }
  }

  private static void max(Slices slices, int n) {
    MemorySegment y = slices.slice(0, n);
    MemorySegment a = slices.slice(1, n);
    MemorySegment b = slices.slice(2, n);
    for (int i = 0; i < n; i += L) {
      store(load(a, i).max(load(b, i)), y, i);
    }
  }

  private static void min(Slices slices, int n) {
    MemorySegment y = slices.slice(0, n);
    MemorySegment a = slices.slice(1, n);
    MemorySegment b = slices.slice(2, n);
    for (int i = 0; i < n; i += L) {
      store(load(a, i).min(load(b, i)), y, i);
    }
  }

  private static void equal(Slices slices, int n) {
    MemorySegment y = slices.slice(0, n);
    MemorySegment a = slices.slice(1, n);
    MemorySegment b = slices.slice(2, n);
    var zero = FloatVector.zero(F);
    for (int i = 0; i < n; i += L) {
      store(zero.blend(1f, load(a, i).compare(VectorOperators.EQ, load(b, i))), y, i);
    }
  }

  private static void less(Slices slices, int n) {
    MemorySegment y = slices.slice(0, n);
    MemorySegment a = slices.slice(1, n);
    MemorySegment b = slices.slice(2, n);
    var zero = FloatVector.zero(F);
    for (int i = 0; i < n; i += L) {
      store(zero.blend(1f, load(a, i).compare(VectorOperators.LT, load(b, i))), y, i);
    }
  }
}

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
 * One loop per {@link Binary}; streams are y, a and b. See {@link Streams} for why each has its
 * own.
 */
final class BinaryLoops {
  private BinaryLoops() {}

  static Streams.Loop of(Binary f) {
    return switch (f) {
      case ADD -> (s, n) -> add(s[0], s[1], s[2], n);
      case SUB -> (s, n) -> sub(s[0], s[1], s[2], n);
      case MUL -> (s, n) -> mul(s[0], s[1], s[2], n);
      case DIV -> (s, n) -> div(s[0], s[1], s[2], n);
      case MAX -> (s, n) -> max(s[0], s[1], s[2], n);
      case MIN -> (s, n) -> min(s[0], s[1], s[2], n);
      case EQUAL -> (s, n) -> equal(s[0], s[1], s[2], n);
      case LESS -> (s, n) -> less(s[0], s[1], s[2], n);
    };
  }

  private static void add(MemorySegment y, MemorySegment a, MemorySegment b, int n) {
    for (int i = 0; i < n; i += L) {
      store(load(a, i).add(load(b, i)), y, i);
    }
  }

  private static void sub(MemorySegment y, MemorySegment a, MemorySegment b, int n) {
    for (int i = 0; i < n; i += L) {
      store(load(a, i).sub(load(b, i)), y, i);
    }
  }

  private static void mul(MemorySegment y, MemorySegment a, MemorySegment b, int n) {
    for (int i = 0; i < n; i += L) {
      store(load(a, i).mul(load(b, i)), y, i);
    }
  }

  private static void div(MemorySegment y, MemorySegment a, MemorySegment b, int n) {
    for (int i = 0; i < n; i += L) {
      store(load(a, i).div(load(b, i)), y, i);
    }
  }

  private static void max(MemorySegment y, MemorySegment a, MemorySegment b, int n) {
    for (int i = 0; i < n; i += L) {
      store(load(a, i).max(load(b, i)), y, i);
    }
  }

  private static void min(MemorySegment y, MemorySegment a, MemorySegment b, int n) {
    for (int i = 0; i < n; i += L) {
      store(load(a, i).min(load(b, i)), y, i);
    }
  }

  private static void equal(MemorySegment y, MemorySegment a, MemorySegment b, int n) {
    var zero = FloatVector.zero(F);
    for (int i = 0; i < n; i += L) {
      store(zero.blend(1f, load(a, i).compare(VectorOperators.EQ, load(b, i))), y, i);
    }
  }

  private static void less(MemorySegment y, MemorySegment a, MemorySegment b, int n) {
    var zero = FloatVector.zero(F);
    for (int i = 0; i < n; i += L) {
      store(zero.blend(1f, load(a, i).compare(VectorOperators.LT, load(b, i))), y, i);
    }
  }
}

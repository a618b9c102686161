package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.L;
import static dev.galen.kernels.cpu.Lanes.load;
import static dev.galen.kernels.cpu.Lanes.store;

import dev.galen.tensor.backend.Binary;
import dev.galen.tensor.backend.Unary;
import java.lang.foreign.MemorySegment;

/**
 * {@code f(gate) up} and its gradients in one pass over memory: piece by piece, what f and its
 * derivative give stays in scratch that the cache holds, so that each f needs no loops but its own.
 * SILU and GELU, which models have, get theirs from one exponential.
 *
 * @param stride elements between rows of gate and up
 */
record GatedLoops(Unary f, int rows, int cols, int stride) {
  /** Two pieces of scratch and those of the operands fit the second level of a cache. */
  private static final int PIECE = 1 << 12;

  private static final Elementwise.Loop MUL = BinaryLoops.of(Binary.MUL);

  /** What happens to {@code count} elements from {@code gate} of the gates, {@code y} of others. */
  private interface Body {
    void run(long gate, long y, int count, Scratch scratch);
  }

  /** Elements that operands of gates must hold. */
  long extent() {
    if (rows < 0 || cols < 0 || stride < cols) {
      return -1;
    }
    return rows == 0 ? 0 : (rows - 1L) * stride + cols;
  }

  void forward(WorkerPool pool, MemorySegment gate, MemorySegment up, MemorySegment y) {
    Elementwise.Loop fused =
        switch (f) {
          case SILU -> GatedLoops::silu;
          case GELU_TANH -> GatedLoops::gelu;
          default -> null;
        };
    Elementwise.Loop apply = UnaryLoops.of(f);
    pieces(
        pool,
        (at, to, count, scratch) -> {
          Slices slices = scratch.slices();
          MemorySegment value = gate;
          long from = at;
          if (fused == null) {
            value = scratch.memory(0, PIECE);
            from = 0;
            slices.set(0, value, 0);
            slices.set(1, gate, at);
            Elementwise.piece(apply, count, 1, 2, scratch);
          }
          slices.set(0, y, to);
          slices.set(1, value, from);
          slices.set(2, up, at);
          Elementwise.piece(fused == null ? MUL : fused, count, 1, 3, scratch);
        });
  }

  /** {@code y} may be null. */
  void backward(
      WorkerPool pool,
      MemorySegment gate,
      MemorySegment up,
      MemorySegment dY,
      MemorySegment dGate,
      MemorySegment dUp,
      MemorySegment y) {
    Elementwise.Loop fused =
        switch (f) {
          case SILU -> GatedLoops::siluSlopes;
          case GELU_TANH -> GatedLoops::geluSlopes;
          default -> null;
        };
    Elementwise.Loop apply = UnaryLoops.of(f);
    Elementwise.Loop derivative = UnaryBackwardLoops.of(f);
    Elementwise.Loop last = y == null ? GatedLoops::gradients : GatedLoops::gradientsAndProduct;
    pieces(
        pool,
        (at, to, count, scratch) -> {
          MemorySegment value = scratch.memory(0, PIECE);
          MemorySegment slope = scratch.memory(1, PIECE);
          Slices slices = scratch.slices();
          if (fused == null) {
            slices.set(0, value, 0);
            slices.set(1, gate, at);
            Elementwise.piece(apply, count, 1, 2, scratch);
            slices.set(0, slope, 0);
            slices.set(1, dY, to);
            slices.set(2, up, at);
            Elementwise.piece(MUL, count, 1, 3, scratch);
            slices.set(1, slope, 0);
            slices.set(2, gate, at);
            slices.set(3, value, 0);
            Elementwise.piece(derivative, count, 1, 4, scratch);
          } else {
            slices.set(0, value, 0);
            slices.set(1, slope, 0);
            slices.set(2, gate, at);
            slices.set(3, up, at);
            slices.set(4, dY, to);
            Elementwise.piece(fused, count, 2, 5, scratch);
          }
          slices.set(0, dGate, at);
          slices.set(1, dUp, at);
          int next = 2;
          if (y != null) {
            slices.set(next++, y, to);
          }
          slices.set(next++, slope, 0);
          slices.set(next++, value, 0);
          slices.set(next++, dY, to);
          if (y != null) {
            slices.set(next++, up, at);
          }
          Elementwise.piece(last, count, y == null ? 2 : 3, next, scratch);
        });
  }

  private void pieces(WorkerPool pool, Body body) {
    if (stride == cols) {
      long length = (long) rows * cols;
      pool.run(
          Math.toIntExact((length + PIECE - 1) / PIECE),
          (index, scratch) -> {
            long from = (long) index * PIECE;
            body.run(from, from, (int) Math.min(PIECE, length - from), scratch);
          });
      return;
    }
    pool.rows(
        rows,
        VectorReduce.block(cols),
        (first, end, scratch) -> {
          for (int row = first; row < end; row++) {
            for (int from = 0; from < cols; from += PIECE) {
              body.run(
                  (long) row * stride + from,
                  (long) row * cols + from,
                  Math.min(PIECE, cols - from),
                  scratch);
            }
          }
        });
  }

  private static void silu(Slices slices, int n) {
    MemorySegment y = slices.slice(0, n);
    MemorySegment gate = slices.slice(1, n);
    MemorySegment up = slices.slice(2, n);
    for (int i = 0; i < n; i += L) {
      var x = load(gate, i);
      store(x.mul(VectorMath.sigmoid(x)).mul(load(up, i)), y, i);
    }
  }

  private static void gelu(Slices slices, int n) {
    MemorySegment y = slices.slice(0, n);
    MemorySegment gate = slices.slice(1, n);
    MemorySegment up = slices.slice(2, n);
    for (int i = 0; i < n; i += L) {
      var x = load(gate, i);
      store(x.mul(VectorMath.geluSigmoid(x)).mul(load(up, i)), y, i);
    }
  }

  private static void siluSlopes(Slices slices, int n) {
    MemorySegment value = slices.slice(0, n);
    MemorySegment slope = slices.slice(1, n);
    MemorySegment gate = slices.slice(2, n);
    MemorySegment up = slices.slice(3, n);
    MemorySegment dY = slices.slice(4, n);
    for (int i = 0; i < n; i += L) {
      var x = load(gate, i);
      var s = VectorMath.sigmoid(x);
      store(x.mul(s), value, i);
      store(load(dY, i).mul(load(up, i)).mul(VectorMath.siluSlope(x, s)), slope, i);
    }
  }

  private static void geluSlopes(Slices slices, int n) {
    MemorySegment value = slices.slice(0, n);
    MemorySegment slope = slices.slice(1, n);
    MemorySegment gate = slices.slice(2, n);
    MemorySegment up = slices.slice(3, n);
    MemorySegment dY = slices.slice(4, n);
    for (int i = 0; i < n; i += L) {
      var x = load(gate, i);
      var s = VectorMath.geluSigmoid(x);
      store(x.mul(s), value, i);
      store(load(dY, i).mul(load(up, i)).mul(VectorMath.geluSlope(x, s)), slope, i);
    }
  }

  private static void gradients(Slices slices, int n) {
    MemorySegment dGate = slices.slice(0, n);
    MemorySegment dUp = slices.slice(1, n);
    MemorySegment slope = slices.slice(2, n);
    MemorySegment value = slices.slice(3, n);
    MemorySegment dY = slices.slice(4, n);
    for (int i = 0; i < n; i += L) {
      var product = load(dY, i).mul(load(value, i));
      store(load(slope, i), dGate, i);
      store(product, dUp, i);
    }
  }

  private static void gradientsAndProduct(Slices slices, int n) {
    MemorySegment dGate = slices.slice(0, n);
    MemorySegment dUp = slices.slice(1, n);
    MemorySegment y = slices.slice(2, n);
    MemorySegment slope = slices.slice(3, n);
    MemorySegment value = slices.slice(4, n);
    MemorySegment dY = slices.slice(5, n);
    MemorySegment up = slices.slice(6, n);
    for (int i = 0; i < n; i += L) {
      var v = load(value, i);
      var product = load(dY, i).mul(v);
      var h = v.mul(load(up, i));
      store(load(slope, i), dGate, i);
      store(product, dUp, i);
      store(h, y, i);
    }
  }
}

package dev.galen.kernels.cpu;

import static dev.galen.kernels.cpu.Lanes.F;
import static dev.galen.kernels.cpu.Lanes.L;
import static dev.galen.kernels.cpu.Lanes.load;
import static dev.galen.kernels.cpu.Lanes.store;

import dev.galen.tensor.Layout;
import dev.galen.tensor.backend.Binary;
import dev.galen.tensor.backend.PointwiseKernels;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.Unary;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;

/**
 * Element by element, on {@link Elementwise}. A strided operand of a binary function is brought
 * into a row of scratch memory first, piece by piece, so that the arithmetic is always contiguous;
 * a contiguous operand and a repeated row are read where they lie.
 */
final class VectorPointwise implements PointwiseKernels {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
  private static final int PIECE = 1 << 12;

  private final WorkerPool pool;
  private final PointwiseKernels reference;

  VectorPointwise(WorkerPool pool, PointwiseKernels reference) {
    this.pool = pool;
    this.reference = reference;
  }

  @Override
  public void unary(Unary f, Span x, Span y) {
    if (!F32.all(x, y)) {
      reference.unary(f, x, y);
      return;
    }
    long length = y.length();
    var xs = F32.same("x", x, "y", length);
    Elementwise.run(pool, length, UnaryLoops.of(f), 1, F32.memory("y", y, length), xs);
    F32.keep(x, y);
  }

  @Override
  public void unaryBackward(Unary f, Span x, Span y, Span dY, Span dX) {
    if (!F32.all(x, y, dY, dX)) {
      reference.unaryBackward(f, x, y, dY, dX);
      return;
    }
    long length = dX.length();
    Elementwise.run(
        pool,
        length,
        UnaryBackwardLoops.of(f),
        1,
        F32.memory("dX", dX, length),
        F32.same("dY", dY, "dX", length),
        F32.same("x", x, "dX", length),
        F32.same("y", y, "dX", length));
    F32.keep(x, y, dY, dX);
  }

  @Override
  public void binary(Binary f, Span a, Layout aLayout, Span b, Layout bLayout, Span y) {
    if (!F32.all(a, b, y)) {
      reference.binary(f, a, aLayout, b, bLayout, y);
      return;
    }
    if (!aLayout.shape().equals(bLayout.shape())) {
      throw new IllegalArgumentException(
          "%s of shapes %s and %s: expand both to the shape of y first"
              .formatted(f, aLayout.shape(), bLayout.shape()));
    }
    var as = F32.memory("a", a, aLayout.extent());
    var bs = F32.memory("b", b, bLayout.extent());
    var ys = F32.memory("y", y, aLayout.shape().size());
    Elementwise.Loop loop = BinaryLoops.of(f);
    StridedLoop strided = StridedLoop.of(aLayout, bLayout);
    strided.pieces(
        pool,
        PIECE,
        (row, from, count, scratch) -> {
          scratch.slices().set(0, ys, row * strided.inner() + from);
          operand(as, strided, 0, row, from, count, scratch);
          operand(bs, strided, 1, row, from, count, scratch);
          Elementwise.piece(loop, count, 1, 3, scratch);
        });
    F32.keep(a, b, y);
  }

  /** Sets the slices to a piece of a row, where it lies if it is contiguous, else to a copy. */
  private static void operand(
      MemorySegment x,
      StridedLoop strided,
      int layout,
      long row,
      long from,
      int count,
      Scratch scratch) {
    long stride = strided.innerStride(layout);
    long start = strided.start(layout, row) + from * stride;
    if (stride == 1 || count == 1) {
      scratch.slices().set(1 + layout, x, start);
      return;
    }
    MemorySegment piece = scratch.memory(layout, PIECE);
    for (int i = 0; i < count; i++) {
      piece.setAtIndex(FLOAT, i, x.getAtIndex(FLOAT, start + i * stride));
    }
    scratch.slices().set(1 + layout, piece, 0);
  }

  @Override
  public void affine(Span x, double scale, double shift, Span y) {
    if (!F32.all(x, y)) {
      reference.affine(x, scale, shift, y);
      return;
    }
    long length = y.length();
    var xs = F32.same("x", x, "y", length);
    var ys = F32.memory("y", y, length);
    Elementwise.run(
        pool, length, (slices, n) -> affine(slices, (float) scale, (float) shift, n), 1, ys, xs);
    F32.keep(x, y);
  }

  private static void affine(Slices slices, float scale, float shift, int n) {
    MemorySegment y = slices.slice(0, n);
    MemorySegment x = slices.slice(1, n);
    var factor = FloatVector.broadcast(F, scale);
    var addend = FloatVector.broadcast(F, shift);
    for (int i = 0; i < n; i += L) {
      store(load(x, i).fma(factor, addend), y, i);
    }
  }

  @Override
  public void axpy(double alpha, Span x, Span y) {
    if (!F32.all(x, y)) {
      reference.axpy(alpha, x, y);
      return;
    }
    long length = y.length();
    var xs = F32.same("x", x, "y", length);
    var ys = F32.memory("y", y, length);
    Elementwise.run(pool, length, (slices, n) -> axpy(slices, (float) alpha, n), 1, ys, xs);
    F32.keep(x, y);
  }

  private static void axpy(Slices slices, float alpha, int n) {
    MemorySegment y = slices.slice(0, n);
    MemorySegment x = slices.slice(1, n);
    var factor = FloatVector.broadcast(F, alpha);
    for (int i = 0; i < n; i += L) {
      store(load(x, i).fma(factor, load(y, i)), y, i);
    }
  }

  @Override
  public void gated(Unary f, Span gate, Span up, Span y, int rows, int cols, int stride) {
    if (!F32.all(gate, up, y)) {
      reference.gated(f, gate, up, y, rows, cols, stride);
      return;
    }
    var loops = new GatedLoops(f, rows, cols, stride);
    loops.forward(
        pool,
        F32.memory("gate", gate, loops.extent()),
        F32.memory("up", up, loops.extent()),
        F32.memory("y", y, F32.area(rows, cols)));
    F32.keep(gate, up, y);
  }

  @Override
  public void gatedBackward(
      Unary f,
      Span gate,
      Span up,
      Span dY,
      Span dGate,
      Span dUp,
      Span y,
      int rows,
      int cols,
      int stride) {
    if (!F32.all(gate, up, dY, dGate, dUp, y)) {
      reference.gatedBackward(f, gate, up, dY, dGate, dUp, y, rows, cols, stride);
      return;
    }
    var loops = new GatedLoops(f, rows, cols, stride);
    loops.backward(
        pool,
        F32.memory("gate", gate, loops.extent()),
        F32.memory("up", up, loops.extent()),
        F32.memory("dY", dY, F32.area(rows, cols)),
        F32.memory("dGate", dGate, loops.extent()),
        F32.memory("dUp", dUp, loops.extent()),
        y == null ? null : F32.memory("y", y, F32.area(rows, cols)));
    F32.keep(gate, up, dY, dGate, dUp, y);
  }

  @Override
  public void rotary(
      Span x,
      Span cos,
      Span sin,
      Span y,
      int rows,
      int tableRows,
      int heads,
      int turned,
      int half,
      boolean back) {
    if (!F32.all(x, cos, sin, y)) {
      reference.rotary(x, cos, sin, y, rows, tableRows, heads, turned, half, back);
      return;
    }
    long size = F32.area(rows, Math.multiplyExact(2 * heads, half));
    new RotaryLoops(
            F32.memory("x", x, size),
            F32.memory("cos", cos, F32.area(tableRows, half)),
            F32.memory("sin", sin, F32.area(tableRows, half)),
            F32.memory("y", y, size),
            tableRows,
            heads,
            turned,
            half,
            back)
        .run(pool, rows);
    F32.keep(x, cos, sin, y);
  }
}

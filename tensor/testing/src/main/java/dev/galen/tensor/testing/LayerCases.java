package dev.galen.tensor.testing;

import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.ops.CrossEntropyOp;
import dev.galen.tensor.ops.EmbeddingOp;
import dev.galen.tensor.ops.GatedOp;
import dev.galen.tensor.ops.LayerNormOp;
import dev.galen.tensor.ops.RmsNormOp;
import dev.galen.tensor.ops.RotaryOp;
import dev.galen.tensor.ops.RouteOp;
import dev.galen.tensor.ops.SampleOp;
import dev.galen.tensor.ops.ScatterRowsOp;
import dev.galen.tensor.random.Philox;
import java.lang.foreign.MemorySegment;

/** Normalisations, embeddings, gates, experts' rows, loss and sampling. */
final class LayerCases extends OpCases {
  LayerCases(int rows, int cols) {
    super(rows, cols);
  }

  @Override
  void addAll() {
    add(
        "LayerNorm",
        "rows",
        Math.max(rows, cols),
        in -> LayerNormOp.apply(in.get(0), in.get(1), in.get(2), 1e-5),
        matrix(-2, 2),
        row(0.5, 1.5),
        row(-1, 1));
    add(
        "LayerNorm",
        "of a residual sum",
        Math.max(rows, cols),
        in -> {
          // A row of one element has no variance: with 1e-5 its gradient, 0, would be a rounding of
          // the products times 300.
          var both = LayerNormOp.residual(in.get(0), in.get(1), in.get(2), in.get(3), 0.1);
          return both.sum().mul(both.output());
        },
        matrix(-1, 1),
        matrix(-1, 1),
        row(0.5, 1.5),
        row(-1, 1));
    add(
        "RmsNorm",
        "rows",
        Math.max(rows, cols),
        in -> RmsNormOp.apply(in.get(0), in.get(1), 1e-5),
        matrix(-2, 2),
        row(0.5, 1.5));
    add(
        "Embedding",
        "repeated ids",
        rows,
        in -> EmbeddingOp.apply(in.get(0), ids(in.get(0), 2 * rows + 1, rows)),
        matrix(-1, 1));
    rotary("all heads", 4, false);
    rotary("three of four heads, angles by sequence", 3, true);
    add(
        "Gated",
        "silu",
        1,
        in -> GatedOp.apply(in.get(0), in.get(1), Unary.SILU),
        matrix(-3, 3),
        matrix(-1, 1));
    add(
        "Gated",
        "gelu, side by side",
        1,
        in -> GatedOp.packed(in.get(0), Unary.GELU_TANH),
        new OpCase.Input(Shape.of(rows, 2 * cols), -2, 2));
    int experts = Math.max(1, cols); // there is no routing to none
    add(
        "Route",
        "two experts",
        2,
        in -> {
          var routing = RouteOp.apply(in.get(0), Math.min(2, experts));
          // Experts have no gradient: what they multiply shows each of them.
          Tensor numbers = routing.experts().to(routing.weights().dtype());
          return routing.weights().mul(numbers.add(1).mul(1.0 / experts));
        },
        new OpCase.Input(Shape.of(rows, experts), -3, 3));
    add(
        "ScatterRows",
        "repeated ids",
        Math.max(4, cols),
        in -> {
          Tensor ids = ids(in.get(0), rows, (rows + 1) / 2);
          return ScatterRowsOp.apply(in.get(0), ids, in.get(1), rows);
        },
        matrix(-1, 1),
        new OpCase.Input(Shape.of(rows), 0.1, 1));
    add(
        "CrossEntropy",
        "some labels ignored",
        cols,
        in -> CrossEntropyOp.apply(in.get(0), labels(in.get(0)), 3),
        matrix(-3, 3));
    // Indices have no gradient, but their loss has one, which shows each of them.
    add(
        "Sample",
        "loss of what is drawn",
        cols,
        in -> {
          Tensor drawn = SampleOp.apply(in.get(0), 0.8, 40, 0.9, new Philox(13));
          return CrossEntropyOp.apply(in.get(0), drawn, rows);
        },
        matrix(-3, 3));
  }

  private void rotary(String variant, int turned, boolean bySequence) {
    int heads = 4;
    int half = Math.max(1, cols / (2 * heads));
    int batch = 2;
    Shape angles = bySequence ? Shape.of(batch, rows, half) : Shape.of(rows, half);
    add(
        "Rotary",
        variant,
        2,
        in -> {
          Tensor cos = angles(in.get(0), angles, 0);
          Tensor sin = angles(in.get(0), angles, Math.PI / 2);
          return turned == heads
              ? RotaryOp.apply(in.get(0), cos, sin)
              : RotaryOp.apply(in.get(0), cos, sin, turned);
        },
        unit(Shape.of(batch, rows, heads * 2 * half)));
  }

  /** Cosines of as many angles, or with a shift of pi/2 their sines. */
  private static Tensor angles(Tensor like, Shape shape, double shift) {
    var values = new float[Math.toIntExact(shape.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.cos(0.37 * i - shift);
    }
    var bytes = MemorySegment.ofArray(values);
    return Tensors.upload(like.backend(), DType.F32, bytes, shape.toArray());
  }

  private static Tensor ids(Tensor like, int count, int rows) {
    var ids = new int[count];
    for (int i = 0; i < count; i++) {
      ids[i] = (i * 7) % rows;
    }
    return Tensors.of(like.backend(), ids, count);
  }

  private Tensor labels(Tensor like) {
    var labels = new int[rows];
    for (int i = 0; i < rows; i++) {
      labels[i] = i % 3 == 1 ? CrossEntropyOp.IGNORE_INDEX : (i * 5) % cols;
    }
    return Tensors.of(like.backend(), labels, rows);
  }
}

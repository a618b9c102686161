package dev.galen.tensor.testing;

import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.ops.CrossEntropyOp;
import dev.galen.tensor.ops.EmbeddingOp;
import dev.galen.tensor.ops.LayerNormOp;
import dev.galen.tensor.ops.RmsNormOp;
import dev.galen.tensor.ops.SampleOp;
import dev.galen.tensor.random.Philox;

/** Normalisations, embedding, loss and sampling. */
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

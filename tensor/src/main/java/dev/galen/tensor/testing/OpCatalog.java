package dev.galen.tensor.testing;

import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Binary;
import dev.galen.tensor.backend.Reduction;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.ops.AffineOp;
import dev.galen.tensor.ops.AttentionOp;
import dev.galen.tensor.ops.BinaryOp;
import dev.galen.tensor.ops.CastOp;
import dev.galen.tensor.ops.ConcatOp;
import dev.galen.tensor.ops.CopyOp;
import dev.galen.tensor.ops.CrossEntropyOp;
import dev.galen.tensor.ops.DropoutOp;
import dev.galen.tensor.ops.EmbeddingOp;
import dev.galen.tensor.ops.FeedForwardOp;
import dev.galen.tensor.ops.LayerNormOp;
import dev.galen.tensor.ops.LinearOp;
import dev.galen.tensor.ops.ReduceOp;
import dev.galen.tensor.ops.RmsNormOp;
import dev.galen.tensor.ops.SampleOp;
import dev.galen.tensor.random.Philox;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Every differentiable operation with calls that exercise it. Gradient checks, backend parity and
 * benchmarks all walk this list, so that an operation entered here is tested everywhere, and one
 * left out fails the catalogue's own test.
 */
public final class OpCatalog {
  private final int rows;
  private final int cols;
  private final List<OpCase> cases = new ArrayList<>();

  private OpCatalog(int rows, int cols) {
    this.rows = rows;
    this.cols = cols;
  }

  /** All cases at a size: most operands are {@code [rows, cols]}. Both at least 1. */
  public static List<OpCase> cases(int rows, int cols) {
    var catalog = new OpCatalog(rows, cols);
    catalog.pointwise();
    catalog.reductions();
    catalog.views();
    catalog.products();
    catalog.feedForward();
    catalog.layers();
    catalog.attention();
    return List.copyOf(catalog.cases);
  }

  private void pointwise() {
    for (Unary f : Unary.values()) {
      boolean positive = f == Unary.LOG || f == Unary.SQRT || f == Unary.RECIPROCAL;
      // |x| and max(x, 0) have a kink at 0, where differences and derivatives disagree.
      boolean kink = f == Unary.ABS || f == Unary.RELU;
      add("Unary", lower(f), 1, in -> in.get(0).map(f), matrix(positive || kink ? 0.5 : -2, 2));
    }
    add("Unary", "relu below zero", 1, in -> in.get(0).relu(), matrix(-2, -0.5));
    for (Binary f : Binary.values()) {
      if (f == Binary.EQUAL || f == Binary.LESS) {
        continue; // no gradient
      }
      Function<List<Tensor>, Tensor> run = in -> BinaryOp.apply(f, in.get(0), in.get(1));
      // Ranges that do not meet keep max and min off their kink.
      add("Binary", lower(f), 1, run, matrix(-1, 1), matrix(1.5, 2.5));
      add("Binary", lower(f) + " of a row", rows, run, matrix(-1, 1), row(1.5, 2.5));
      add("Binary", lower(f) + " of a column", cols, run, matrix(-1, 1), column(1.5, 2.5));
    }
    add("Affine", "3x - 0.5", 1, in -> AffineOp.apply(in.get(0), 3, -0.5), matrix(-1, 1));
    add("Dropout", "p 0.3", 1, in -> DropoutOp.apply(in.get(0), 0.3, new Philox(7)), matrix(-1, 1));
    add(
        "Cast",
        "to F64 and back",
        1,
        in -> CastOp.apply(CastOp.apply(in.get(0), DType.F64), in.get(0).dtype()),
        matrix(-1, 1));
  }

  private void reductions() {
    long all = (long) rows * cols;
    add("Reduce", "sum of all", all, in -> in.get(0).sum(), matrix(-1, 1));
    add("Reduce", "mean of all", all, in -> in.get(0).mean(), matrix(-1, 1));
    add("Reduce", "sum of columns", rows, in -> in.get(0).sum(0), matrix(-1, 1));
    add("Reduce", "mean of rows", cols, in -> in.get(0).mean(-1), matrix(-1, 1));
    add(
        "Reduce",
        "max of rows",
        1,
        in -> ReduceOp.apply(Reduction.MAX, in.get(0), 1),
        matrix(-1, 1));
    add(
        "Reduce",
        "sum in the middle",
        3,
        in -> in.get(0).sum(1),
        new OpCase.Input(Shape.of(rows, 3, cols), -1, 1));
    add("Softmax", "rows", cols, in -> in.get(0).softmax(), matrix(-3, 3));
    add("LogSoftmax", "rows", cols, in -> in.get(0).logSoftmax(), matrix(-3, 3));
  }

  private void views() {
    add("Copy", "of a transpose", 1, in -> CopyOp.apply(in.get(0).transpose(0, 1)), matrix(-1, 1));
    add("Reshape", "flat", 1, in -> in.get(0).reshape(-1), matrix(-1, 1));
    add("Permute", "swap", 1, in -> in.get(0).transpose(0, 1).mul(2), matrix(-1, 1));
    add("Expand", "a row", rows, in -> in.get(0).expand(Shape.of(rows, cols)).mul(2), row(-1, 1));
    add(
        "Slice",
        "overlapping halves",
        2,
        in -> {
          Tensor x = in.get(0);
          int half = (cols + 1) / 2;
          return x.slice(1, 0, half).mul(x.slice(1, cols - half, cols));
        },
        matrix(-1, 1));
    add(
        "Concat",
        "along rows and columns",
        1,
        in ->
            ConcatOp.apply(
                1,
                ConcatOp.apply(0, in.get(0), in.get(1)),
                ConcatOp.apply(0, in.get(1), in.get(0))),
        matrix(-1, 1),
        matrix(-1, 1));
  }

  private void products() {
    int k = Math.min(cols, 64);
    for (boolean ta : new boolean[] {false, true}) {
      for (boolean tb : new boolean[] {false, true}) {
        Shape a = ta ? Shape.of(k, rows) : Shape.of(rows, k);
        Shape b = tb ? Shape.of(cols, k) : Shape.of(k, cols);
        String variant = (ta ? "T" : "N") + (tb ? "T" : "N");
        long longest = Math.max(k, Math.max(rows, cols));
        add(
            "Matmul",
            variant,
            longest,
            in -> in.get(0).matmul(in.get(1), ta, tb),
            unit(a),
            unit(b));
        Shape batched = Shape.of(3, a.dim(0), a.dim(1));
        add(
            "Matmul",
            "batched " + variant,
            3 * longest,
            in -> in.get(0).matmul(in.get(1), ta, tb),
            unit(batched),
            unit(b));
      }
    }
    for (boolean outputFirst : new boolean[] {false, true}) {
      Shape weight = outputFirst ? Shape.of(k, cols) : Shape.of(cols, k);
      add(
          "Linear",
          outputFirst ? "[out, in]" : "[in, out]",
          Math.max(rows, cols),
          in -> LinearOp.apply(in.get(0), in.get(1), in.get(2), outputFirst),
          unit(Shape.of(rows, cols)),
          unit(weight),
          unit(Shape.of(k)));
    }
  }

  /** Widths inside that an epilogue of cuBLASLt takes, and one that none takes. */
  private void feedForward() {
    feedForward("[in, out]", Unary.GELU_TANH, 24, true, false);
    feedForward("[out, in]", Unary.GELU_TANH, 16, true, true);
    feedForward("odd width", Unary.GELU_TANH, 21, true, false);
    feedForward("by its output's derivative", Unary.TANH, 16, true, false);
    feedForward("without biases", Unary.GELU_TANH, 24, false, true);
  }

  private void feedForward(
      String variant, Unary f, int inner, boolean hasBiases, boolean outputFirst) {
    int out = Math.min(cols, 64);
    // Matrices of variance 1/in keep what is between the layers about as large as the input.
    var inputs = new ArrayList<OpCase.Input>();
    inputs.add(matrix(-1, 1));
    inputs.add(weight(cols, inner, outputFirst));
    inputs.add(weight(inner, out, outputFirst));
    if (hasBiases) {
      inputs.add(unit(Shape.of(inner)));
      inputs.add(unit(Shape.of(out)));
    }
    add(
        "FeedForward",
        variant,
        Math.max(rows, Math.max(cols, Math.max(inner, out))),
        in ->
            FeedForwardOp.apply(
                in.get(0),
                in.get(1),
                hasBiases ? in.get(3) : null,
                f,
                in.get(2),
                hasBiases ? in.get(4) : null,
                outputFirst),
        inputs.toArray(OpCase.Input[]::new));
  }

  private static OpCase.Input weight(int in, int out, boolean outputFirst) {
    double bound = Math.sqrt(3.0 / Math.max(1, in));
    return new OpCase.Input(outputFirst ? Shape.of(out, in) : Shape.of(in, out), -bound, bound);
  }

  private void layers() {
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

  private void attention() {
    int time = Math.min(rows, 70);
    int heads = 2;
    int size = Math.min(cols, 24);
    int channels = heads * size;
    var input = new OpCase.Input(Shape.of(2, time, 3 * channels), -1, 1);
    var causal = AttentionOp.Options.causal(size);
    long longest = Math.max(time, size);
    add("Attention", "causal", longest, in -> AttentionOp.packed(in.get(0), heads, causal), input);
    add(
        "Attention",
        "causal with dropout",
        longest,
        in ->
            AttentionOp.packed(
                in.get(0),
                heads,
                new AttentionOp.Options(causal.scale(), true, null, 0.2, new Philox(11))),
        input);
    add(
        "Attention",
        "causal, window of 3",
        longest,
        in -> AttentionOp.packed(in.get(0), heads, causal.withWindow(3)),
        input);
    int grouped = 2 * heads;
    add(
        "Attention",
        "causal, pairs of heads share keys",
        longest,
        in -> AttentionOp.packed(in.get(0), grouped, causal.withKeyHeads(heads)),
        new OpCase.Input(Shape.of(2, time, (grouped + 2 * heads) * size), -1, 1));
    var queries = new OpCase.Input(Shape.of(2, time, channels), -1, 1);
    var keys = new OpCase.Input(Shape.of(2, time + 3, channels), -1, 1);
    for (boolean isCausal : new boolean[] {false, true}) {
      add(
          "Attention",
          isCausal ? "causal, longer keys, masked" : "full, longer keys, masked",
          longest,
          in -> {
            var options =
                new AttentionOp.Options(
                    causal.scale(), isCausal, mask(in.get(0), time + 3), 0, null);
            return AttentionOp.apply(in.get(0), in.get(1), in.get(2), heads, options);
          },
          queries,
          keys,
          keys);
    }
    add(
        "Attention",
        "full, window of 3, pairs of heads share longer keys, masked",
        longest,
        in -> {
          var options =
              new AttentionOp.Options(causal.scale(), false, mask(in.get(0), time + 3), 0, null)
                  .withKeyHeads(heads)
                  .withWindow(3);
          return AttentionOp.apply(in.get(0), in.get(1), in.get(2), grouped, options);
        },
        new OpCase.Input(Shape.of(2, time, grouped * size), -1, 1),
        keys,
        keys);
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

  private static Tensor mask(Tensor like, int length) {
    var mask = new byte[2 * length];
    for (int i = 0; i < mask.length; i++) {
      mask[i] = (byte) (i % 5 == 2 ? 0 : 1);
    }
    return Tensors.of(like.backend(), mask, 2, length);
  }

  private OpCase.Input matrix(double low, double high) {
    return new OpCase.Input(Shape.of(rows, cols), low, high);
  }

  private OpCase.Input row(double low, double high) {
    return new OpCase.Input(Shape.of(cols), low, high);
  }

  private OpCase.Input column(double low, double high) {
    return new OpCase.Input(Shape.of(rows, 1), low, high);
  }

  private static OpCase.Input unit(Shape shape) {
    return new OpCase.Input(shape, -1, 1);
  }

  private void add(
      String op,
      String variant,
      long reduction,
      Function<List<Tensor>, Tensor> run,
      OpCase.Input... inputs) {
    cases.add(new OpCase(op, variant, List.of(inputs), reduction, run));
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}

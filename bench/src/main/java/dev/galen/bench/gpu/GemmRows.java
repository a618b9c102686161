package dev.galen.bench.gpu;

import static dev.galen.bench.gpu.Torch.Mode.EAGER;
import static dev.galen.tensor.DType.BF16;
import static dev.galen.tensor.DType.F32;

import dev.galen.bench.book.Contender;
import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.MatmulShape;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.testing.Tolerance;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Products: the large square that stands for the GPU's peak, and those of a GPT-2's training step,
 * with weights as they lie in its files, {@code [in, out]}. In BF16 and, forward, in TF32.
 */
final class GemmRows {
  /** Elements of the product that are held against sums in double precision. */
  private static final int CHECKED = 32;

  private final Backend gpu;
  private final Sizes sizes;
  private final Torch torch;

  GemmRows(Backend gpu, Sizes sizes, Torch torch) {
    this.gpu = gpu;
    this.sizes = sizes;
    this.torch = torch;
  }

  /** {@code gemm/square-bf16} or {@code gemm/square-tf32}. */
  GpuRow square(DType dtype) {
    int n = sizes.square();
    return row("square", MatmulShape.single(n, n, n, false, false), dtype);
  }

  /**
   * A linear layer's three products are {@code name}, {@code name-dinput}, {@code name-dweight}.
   */
  List<GpuRow> rows() {
    int c = sizes.model().channels();
    int inner = sizes.model().innerChannels();
    var rows = new ArrayList<GpuRow>();
    layer(rows, "qkv", c, 3 * c);
    layer(rows, "attention-out", c, c);
    layer(rows, "mlp-in", c, inner);
    layer(rows, "mlp-out", inner, c);
    head(rows, c, sizes.model().vocabularySize());
    return rows;
  }

  private void layer(List<GpuRow> rows, String name, int in, int out) {
    int tokens = sizes.tokens();
    MatmulShape forward = MatmulShape.single(tokens, out, in, false, false);
    rows.add(row(name, forward, BF16));
    rows.add(row(name, forward, F32));
    rows.add(row(name + "-dinput", MatmulShape.single(tokens, in, out, false, true), BF16));
    rows.add(row(name + "-dweight", MatmulShape.single(in, out, tokens, true, false), BF16));
  }

  /** The head is the token embedding, {@code [V, C]}. */
  private void head(List<GpuRow> rows, int c, int classes) {
    int tokens = sizes.tokens();
    MatmulShape forward = MatmulShape.single(tokens, classes, c, false, true);
    rows.add(row("head", forward, BF16));
    rows.add(row("head", forward, F32));
    rows.add(row("head-dinput", MatmulShape.single(tokens, c, classes, false, false), BF16));
    rows.add(row("head-dweight", MatmulShape.single(classes, c, tokens, true, false), BF16));
  }

  private GpuRow row(String name, MatmulShape s, DType dtype) {
    return GpuRow.arithmetic(
        "gemm/" + name + (dtype == BF16 ? "-bf16" : "-tf32"),
        2.0 * s.m() * s.n() * s.k(),
        dtype == BF16 ? Roof.BF16 : Roof.TF32,
        torch.beside(
            source(s.withTf32(dtype == F32), dtype),
            Torch.request("matmul", dtype)
                .put("m", s.m())
                .put("n", s.n())
                .put("k", s.k())
                .put("ta", s.transposeA())
                .put("tb", s.transposeB()),
            EAGER));
  }

  private Contender.Source source(MatmulShape s, DType dtype) {
    var product =
        new KernelCase(
            (b, x) -> b.matmul().matmul(s, x[0], x[1], null, x[2], false),
            Operand.of(dtype, (long) s.m() * s.k()),
            Operand.of(dtype, (long) s.k() * s.n()),
            Operand.of(dtype, (long) s.m() * s.n()));
    return () -> {
      Span[] spans = product.allocate(gpu);
      try {
        product.call().on(gpu, spans);
        verify(s, dtype, spans);
      } catch (IllegalStateException e) {
        KernelCase.free(spans);
        throw e;
      }
      return new KernelWork(gpu, product.call(), spans);
    };
  }

  /** Elements at random places. TF32 has one bit less than F16 has, and its sums are F32's. */
  private void verify(MatmulShape s, DType dtype, Span[] x) {
    Tolerance tolerance = Tolerance.of(dtype == F32 ? DType.F16 : dtype, s.k());
    var random = new SplittableRandom(7);
    for (int n = 0; n < CHECKED; n++) {
      int i = random.nextInt(s.m());
      int j = random.nextInt(s.n());
      float[] a =
          s.transposeA()
              ? Operand.read(gpu, x[0], i, s.m(), s.k())
              : Operand.read(gpu, x[0], (long) i * s.k(), 1, s.k());
      float[] b =
          s.transposeB()
              ? Operand.read(gpu, x[1], (long) j * s.k(), 1, s.k())
              : Operand.read(gpu, x[1], j, s.n(), s.k());
      double sum = 0;
      for (int k = 0; k < s.k(); k++) {
        sum += (double) a[k] * b[k];
      }
      float c = Operand.read(gpu, x[2], (long) i * s.n() + j, 1, 1)[0];
      KernelCase.requireNear("row %d, column %d".formatted(i, j), sum, c, tolerance);
    }
  }
}

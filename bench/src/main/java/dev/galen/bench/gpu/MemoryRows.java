package dev.galen.bench.gpu;

import static dev.galen.bench.gpu.Torch.Mode.COMPILE;
import static dev.galen.bench.gpu.Torch.Mode.EAGER;
import static dev.galen.tensor.DType.BF16;
import static dev.galen.tensor.DType.F32;

import dev.galen.bench.book.Contender;
import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Layout;
import dev.galen.tensor.Shape;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.UpdateRule;
import dev.galen.tensor.testing.Tolerance;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Kernels that memory bounds: the copy that the others are held against, LayerNorm, cross-entropy
 * and AdamW. Bytes are the least that must travel, each operand once.
 */
final class MemoryRows {
  /** Rows, or parameters, on which a kernel is held against the CPU's before it is timed. */
  private static final int PIECE = 48;

  private static final int IGNORED = -100;
  private static final double EPSILON = 1e-5;

  private final Backend gpu;
  private final Sizes sizes;
  private final Torch torch;

  MemoryRows(Backend gpu, Sizes sizes, Torch torch) {
    this.gpu = gpu;
    this.sizes = sizes;
    this.torch = torch;
  }

  /** {@code copy/f32}: a read and a write for each element. */
  GpuRow copy() {
    int n = sizes.copyFloats();
    return GpuRow.memory(
        "copy/f32",
        8.0 * n,
        torch.beside(
            source(
                rows -> {
                  var shape = Layout.contiguous(Shape.of(rows));
                  return new KernelCase(
                      (b, s) -> b.copy().copy(s[0], shape, s[1], shape),
                      Operand.of(F32, rows),
                      Operand.of(F32, rows));
                },
                n,
                Tolerance.EXACT),
            Torch.request("copy", F32).put("n", n),
            EAGER));
  }

  /** {@code norm/...}: forward, and the gradients of input, weight and bias. */
  List<GpuRow> norms() {
    var rows = new ArrayList<GpuRow>();
    for (DType dtype : new DType[] {BF16, F32}) {
      rows.add(
          norm("forward", dtype, 2, "layer_norm", size -> forward(dtype, size), EAGER, COMPILE));
      rows.add(
          norm("backward", dtype, 3, "layer_norm_backward", size -> backward(dtype, size), EAGER));
    }
    return rows;
  }

  private GpuRow norm(
      String name,
      DType dtype,
      int passes,
      String work,
      IntFunction<KernelCase> kernel,
      Torch.Mode... modes) {
    int rows = sizes.normRows();
    return GpuRow.memory(
        "norm/" + name + "-" + suffix(dtype),
        (double) passes * rows * channels() * dtype.byteSize(),
        torch.beside(
            source(kernel, rows, Tolerance.of(dtype, dtype == F32 ? channels() : 1)),
            Torch.request(work, dtype).put("rows", rows).put("channels", channels()),
            modes));
  }

  private int channels() {
    return sizes.model().channels();
  }

  private KernelCase forward(DType dtype, int rows) {
    int c = channels();
    return new KernelCase(
        (b, s) -> b.norm().layerNorm(s[0], s[1], s[2], s[3], s[4], s[5], rows, c, EPSILON),
        Operand.of(dtype, (long) rows * c),
        Operand.of(dtype, c),
        Operand.of(dtype, c),
        Operand.of(dtype, (long) rows * c),
        Operand.of(dtype.statistics(), rows),
        Operand.of(dtype.statistics(), rows));
  }

  private KernelCase backward(DType dtype, int rows) {
    int c = channels();
    return new KernelCase(
        (b, s) ->
            b.norm().layerNormBackward(s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7], rows, c),
        Operand.of(dtype, (long) rows * c),
        Operand.of(dtype, (long) rows * c),
        Operand.of(dtype, c),
        Operand.of(dtype.statistics(), rows),
        Operand.positive(dtype.statistics(), rows),
        Operand.of(dtype, (long) rows * c),
        Operand.of(dtype, c),
        Operand.of(dtype, c));
  }

  /** {@code loss/...}: logits are read for the loss, and again for the gradients written. */
  GpuRow loss() {
    int rows = sizes.tokens();
    int classes = sizes.model().vocabularySize();
    return GpuRow.memory(
        "loss/cross-entropy-bf16",
        3.0 * rows * classes * BF16.byteSize(),
        torch.beside(
            source(size -> crossEntropy(size, classes), rows, Tolerance.rounded(BF16, classes)),
            Torch.request("cross_entropy", BF16).put("rows", rows).put("classes", classes),
            EAGER,
            COMPILE));
  }

  /** Gradients are scaled to a size of about 1, where a tolerance tells right from wrong. */
  private static KernelCase crossEntropy(int rows, int classes) {
    DType statistics = BF16.statistics();
    return new KernelCase(
        (b, s) -> {
          b.loss().crossEntropy(s[0], s[1], s[2], s[3], rows, classes, IGNORED);
          b.loss()
              .crossEntropyBackward(s[0], s[1], s[3], s[4], classes, s[5], rows, classes, IGNORED);
        },
        Operand.of(BF16, (long) rows * classes),
        Operand.ids(rows, classes),
        Operand.of(statistics, rows),
        Operand.of(statistics, rows),
        Operand.of(statistics, 1),
        Operand.of(BF16, (long) rows * classes));
  }

  /** {@code adamw/...}: four arrays are read and three written. */
  GpuRow adamW() {
    int n = (int) sizes.model().parameterCount();
    return GpuRow.memory(
        "adamw/f32",
        7.0 * 4 * n,
        torch.beside(
            source(MemoryRows::adamW, n, Tolerance.of(F32, 1)),
            Torch.request("adamw", F32).put("n", n),
            EAGER));
  }

  private static KernelCase adamW(int n) {
    var step = new UpdateRule.AdamW(1e-4, 0.9, 0.999, 1e-8, 0.01, 2, 1);
    return new KernelCase(
        (b, s) -> b.optimizer().update(step, s[0], s[1], List.of(s[2], s[3])),
        Operand.of(F32, n),
        Operand.of(F32, n),
        Operand.of(F32, n),
        Operand.positive(F32, n));
  }

  /** Verified on a piece of the rows, then made ready at full size. */
  private Contender.Source source(IntFunction<KernelCase> ofRows, int rows, Tolerance tolerance) {
    return () -> {
      ofRows.apply(Math.min(rows, PIECE)).verify(gpu, Device.CPU.backend(), tolerance);
      KernelCase whole = ofRows.apply(rows);
      return new KernelWork(gpu, whole.call(), whole.allocate(gpu));
    };
  }

  static String suffix(DType dtype) {
    return dtype == BF16 ? "bf16" : "f32";
  }
}

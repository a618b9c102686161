package dev.galen.tensor;

import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.WeightFormat;
import dev.galen.tensor.memory.MemoryScope;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A weight matrix {@code [out, in]} in a packed format, for inference: it has no gradient, and what
 * it was rounded from is gone. One that stands beside an adapter that learns passes gradients on to
 * its input. Lives outside of every scope.
 */
public final class PackedWeight {
  /** Elements that are packed at a time. */
  private static final int CHUNK = 1 << 21;

  private final WeightFormat format;
  private final int out;
  private final int in;
  private final Tensor data;
  private boolean passesGradients;

  private PackedWeight(WeightFormat format, int out, int in, Tensor data) {
    this.format = format;
    this.out = out;
    this.in = in;
    this.data = data;
  }

  /**
   * Rounds {@code weight}, which stays as it is.
   *
   * @param weight F32 {@code [out, in]} if {@code outputFirst}, else {@code [in, out]}
   */
  public static PackedWeight of(Tensor weight, boolean outputFirst, WeightFormat format) {
    if (weight.dtype() != DType.F32 || weight.shape().rank() != 2 || !format.isPacked()) {
      throw new IllegalArgumentException(
          "cannot pack %s as %s; it takes an F32 matrix and BF16 or INT8"
              .formatted(weight.describe(), format));
    }
    int out = weight.dim(outputFirst ? 0 : 1);
    int in = weight.dim(outputFirst ? 1 : 0);
    Tensor data = allocate(weight.backend(), format, out, in, weight.describe());
    try (var scope = MemoryScope.open("packing");
        var off = Autograd.noGrad()) {
      Span source = weight.contiguous().contiguousSpan();
      weight.backend().weights().pack(format, source, outputFirst, data.span(), out, in);
    }
    return new PackedWeight(format, out, in, data);
  }

  /**
   * Rounds a matrix {@code [out, in]} some rows at a time, so that it is never held as a whole
   * before it is packed; gives the bytes that {@link #of} gives.
   *
   * @param rows makes rows {@code from} to {@code to - 1}, F32 {@code [to - from, in]}, which are
   *     freed when they are packed
   */
  public static PackedWeight ofRows(
      Backend backend, WeightFormat format, int out, int in, Rows rows) {
    Tensor data = allocate(backend, format, out, in, "F32[%d, %d]".formatted(out, in));
    int step = Math.max(1, CHUNK / Math.max(1, in) / WeightFormat.ROWS) * WeightFormat.ROWS;
    for (int from = 0; from < out; from += step) {
      int to = Math.min(out, from + step);
      try (var scope = MemoryScope.open("packing rows");
          var off = Autograd.noGrad()) {
        boolean whole = to - from == out;
        Tensor part = whole ? data : Tensors.empty(backend, DType.U8, bytes(format, to - from, in));
        Span source = rows.of(from, to).contiguous().contiguousSpan();
        backend.weights().pack(format, source, true, part.span(), to - from, in);
        if (whole) {
          break;
        }
        // Lines of a matrix stand before its scales.
        int lines = Math.toIntExact(format.scalesFrom(to - from, in));
        int line = Math.toIntExact(format.index(from, 0, in));
        copy(part, 0, lines, data, line * WeightFormat.LINE);
        if (part.dim(0) > lines) {
          int scales = Math.toIntExact(format.scalesFrom(out, in));
          copy(part, lines, part.dim(0), data, scales + line * Float.BYTES);
        }
      }
    }
    return new PackedWeight(format, out, in, data);
  }

  private static Shape bytes(WeightFormat format, int out, int in) {
    return Shape.of(Math.toIntExact(format.byteSize(out, in)));
  }

  private static void copy(Tensor from, int start, int end, Tensor to, int at) {
    Tensors.copy(from.slice(0, start, end), to.slice(0, at, at + end - start));
  }

  private static Tensor allocate(
      Backend backend, WeightFormat format, int out, int in, String what) {
    long bytes = format.byteSize(out, in);
    if (bytes > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "%s packed as %s has %,d bytes, more than 2 GiB; keep it in F32"
              .formatted(what, format, bytes));
    }
    return MemoryScope.outside(() -> Tensors.empty(backend, DType.U8, Shape.of((int) bytes)));
  }

  /** Rows of a matrix. */
  @FunctionalInterface
  public interface Rows {
    /** Rows {@code from} to {@code to - 1}, F32 {@code [to - from, in]}. */
    Tensor of(int from, int to);
  }

  /**
   * {@code x W^T + b}.
   *
   * @param x F32 {@code [..., in]}
   * @param bias F32 {@code [out]} or null
   * @return {@code [..., out]}
   * @throws IllegalStateException if a gradient would have to pass, unless {@link #passGradients}
   */
  public Tensor linear(Tensor x, Tensor bias) {
    if (!passesGradients && Autograd.tracks(x, bias)) {
      throw new IllegalStateException(
          "weights packed as %s pass no gradient on; use Autograd.noGrad(), or load with F32 weights"
              .formatted(format));
    }
    if (x.dtype() != DType.F32
        || x.shape().rank() < 1
        || x.dim(-1) != in
        || (bias != null && !(bias.dtype() == DType.F32 && bias.shape().equals(Shape.of(out))))) {
      throw new IllegalArgumentException(
          "linear of input %s with %s and bias %s"
              .formatted(x.describe(), this, bias == null ? "none" : bias.describe()));
    }
    requireHere(x);
    Tensor y = Tensors.empty(x.backend(), DType.F32, x.shape().withDim(-1, out));
    x.backend()
        .weights()
        .linear(
            format,
            x.contiguous().contiguousSpan(),
            data.span(),
            bias == null ? null : bias.contiguous().contiguousSpan(),
            y.span(),
            x.shape().rows(),
            out,
            in);
    return Autograd.record(
        "packedLinear",
        y,
        (dY, gradients) -> backward(x, bias, dY.contiguous(), gradients),
        x,
        bias);
  }

  /**
   * {@code dX = dY W}, {@code db = sum_rows dY}, with some rows of W unpacked at a time. What is
   * made meanwhile is freed.
   */
  private void backward(Tensor x, Tensor bias, Tensor dY, Gradients gradients) {
    int rows = dY.shape().rows();
    Tensor dY_No = dY.reshape(rows, out);
    if (gradients.needs(x)) {
      Tensor dX = Tensors.emptyLike(x);
      try (var scope = MemoryScope.open("packed backward")) {
        Tensor sum = null;
        int step = Math.max(1, CHUNK / Math.max(1, in));
        for (int from = 0; from < out; from += step) {
          int to = Math.min(out, from + step);
          Tensor part = dY_No.slice(1, from, to).contiguous().matmul(rows(from, to));
          sum = sum == null ? part : sum.add(part);
        }
        Tensors.copy(sum.reshape(dX.shape().toArray()), dX);
      }
      gradients.add(x, dX);
    }
    if (bias != null && gradients.needs(bias)) {
      gradients.add(bias, dY_No.sum(0));
    }
  }

  /** F32 {@code [to - from, in]}. */
  private Tensor rows(int from, int to) {
    return rows(Tensors.of(data.backend(), IntStream.range(from, to).toArray(), to - from));
  }

  /** Lets gradients through to what it multiplies, for adapters beside it that learn. */
  public void passGradients() {
    passesGradients = true;
  }

  /** Whether gradients reach what it multiplies. */
  public boolean passesGradients() {
    return passesGradients;
  }

  /**
   * Rows by index, as an embedding needs them.
   *
   * @param ids I32 of any shape, each in {@code 0..out-1}
   * @return F32 {@code [..., in]}
   */
  public Tensor rows(Tensor ids) {
    if (ids.dtype() != DType.I32) {
      throw new IllegalArgumentException(
          "rows of %s by %s; ids are I32".formatted(this, ids.describe()));
    }
    requireHere(ids);
    int[] dims = Arrays.copyOf(ids.shape().toArray(), ids.shape().rank() + 1);
    dims[dims.length - 1] = in;
    Tensor y = Tensors.empty(ids.backend(), DType.F32, Shape.of(dims));
    int rows = Math.toIntExact(ids.shape().size());
    ids.backend()
        .weights()
        .gather(format, data.span(), ids.contiguous().contiguousSpan(), y.span(), rows, out, in);
    return y;
  }

  private void requireHere(Tensor x) {
    if (x.backend() != data.backend()) {
      throw new IllegalArgumentException(
          "packed weights on %s and a tensor on %s; move one with to(Device)"
              .formatted(data.backend().name(), x.backend().name()));
    }
  }

  /** How it is stored. */
  public WeightFormat format() {
    return format;
  }

  /** The number of its rows. */
  public int out() {
    return out;
  }

  /** Where it lies. */
  public Backend backend() {
    return data.backend();
  }

  /** The number of weights. */
  public long size() {
    return (long) out * in;
  }

  /** The memory it takes, in bytes. */
  public long byteSize() {
    return format.byteSize(out, in);
  }

  @Override
  public String toString() {
    return "%s weights [out %d, in %d]".formatted(format, out, in);
  }
}

package dev.galen.tensor;

import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Buffer;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.host.HostBuffer;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.random.Philox;
import java.lang.foreign.MemorySegment;

/** Makes tensors. Each belongs to the innermost open {@link MemoryScope}. */
public final class Tensors {
  private Tensors() {}

  /** Undefined contents. */
  public static Tensor empty(Backend backend, DType dtype, Shape shape) {
    Buffer buffer = backend.allocate(shape.size() * dtype.byteSize());
    MemoryScope.adopt(buffer);
    return new Tensor(new Span(buffer, dtype, 0, shape.size()), Layout.contiguous(shape));
  }

  /** Undefined contents, contiguous, with {@code tensor}'s backend, type and shape. */
  public static Tensor emptyLike(Tensor tensor) {
    return empty(tensor.backend(), tensor.dtype(), tensor.shape());
  }

  /** Every element {@code value}. */
  public static Tensor full(Backend backend, DType dtype, Shape shape, double value) {
    Tensor tensor = empty(backend, dtype, shape);
    backend.copy().fill(tensor.span(), value);
    return tensor;
  }

  /** Every element {@code value}. */
  public static Tensor full(Device device, DType dtype, Shape shape, double value) {
    return full(device.backend(), dtype, shape, value);
  }

  /** Every element 0. */
  public static Tensor zeros(Device device, DType dtype, Shape shape) {
    return full(device, dtype, shape, 0);
  }

  /** F32 values in row-major order. */
  public static Tensor of(Device device, float[] values, int... dims) {
    return upload(device.backend(), DType.F32, MemorySegment.ofArray(values), dims);
  }

  /** F64 values in row-major order. */
  public static Tensor of(Device device, double[] values, int... dims) {
    return upload(device.backend(), DType.F64, MemorySegment.ofArray(values), dims);
  }

  /** I32 values in row-major order: token ids, labels. */
  public static Tensor of(Device device, int[] values, int... dims) {
    return of(device.backend(), values, dims);
  }

  /** I32 values in row-major order: token ids, labels. */
  public static Tensor of(Backend backend, int[] values, int... dims) {
    return upload(backend, DType.I32, MemorySegment.ofArray(values), dims);
  }

  /** U8 values in row-major order: masks. */
  public static Tensor of(Backend backend, byte[] values, int... dims) {
    return upload(backend, DType.U8, MemorySegment.ofArray(values), dims);
  }

  /** Elements in row-major order from host memory. */
  public static Tensor upload(Backend backend, DType dtype, MemorySegment values, int... dims) {
    Shape shape = Shape.of(dims);
    if (shape.size() * dtype.byteSize() != values.byteSize()) {
      throw new IllegalArgumentException(
          "%s do not fill shape %s, which has %d"
              .formatted(elements(values, dtype), shape, shape.size()));
    }
    Tensor tensor = empty(backend, dtype, shape);
    backend.upload(values, tensor.span());
    return tensor;
  }

  /** For a message: how many elements of a type {@code values} has room for. */
  private static String elements(MemorySegment values, DType dtype) {
    long bytes = values.byteSize();
    return bytes % dtype.byteSize() == 0
        ? "%d elements of %s".formatted(bytes / dtype.byteSize(), dtype)
        : "%d bytes, which are no whole number of %s,".formatted(bytes, dtype);
  }

  /**
   * Elements where they lie in host memory, without a copy if the backend can compute there; else
   * copied. The memory must outlive the tensor and is never written through it by Galen, except by
   * a trainer, which moves parameters to memory of its own first.
   */
  public static Tensor map(Backend backend, DType dtype, MemorySegment values, int... dims) {
    Buffer buffer = backend.wrap(values, dtype);
    if (buffer == null) {
      return upload(backend, dtype, values, dims);
    }
    return new Tensor(Span.of(buffer, dtype), Layout.contiguous(Shape.of(dims)));
  }

  /**
   * Gives a contiguous leaf new elements, in row-major order from host memory. They are written
   * where it lies, unless that is memory that only reads, such as a mapped file: there it stays if
   * it has these elements already, and else moves to memory of its own.
   */
  public static void assign(Tensor leaf, MemorySegment values) {
    Span span = leaf.contiguousSpan();
    if (span.byteSize() != values.byteSize()) {
      throw new IllegalArgumentException(
          "%s do not fill %s".formatted(elements(values, leaf.dtype()), leaf.describe()));
    }
    if (span.buffer() instanceof HostBuffer && HostBuffer.segment(span).isReadOnly()) {
      if (HostBuffer.segment(span).mismatch(values) >= 0) {
        leaf.rehome(
            MemoryScope.outside(
                    () -> upload(leaf.backend(), leaf.dtype(), values, leaf.shape().toArray()))
                .span());
      }
      return;
    }
    leaf.backend().upload(values, span);
  }

  /**
   * Exchanges the memory of two contiguous leaves of one shape and type, and so their elements,
   * without copying any. Gradients stay with their tensors.
   */
  public static void swap(Tensor a, Tensor b) {
    if (!a.shape().equals(b.shape()) || a.dtype() != b.dtype()) {
      throw new IllegalArgumentException(
          "%s and %s cannot change places".formatted(a.describe(), b.describe()));
    }
    Span home = a.contiguousSpan();
    a.rehome(b.contiguousSpan());
    b.rehome(home);
  }

  /** Sets every element of a contiguous {@code tensor}, without a gradient. */
  public static void fill(Tensor tensor, double value) {
    tensor.backend().copy().fill(tensor.contiguousSpan(), value);
  }

  /**
   * Writes {@code from}'s elements over {@code to}'s, converted to its type, without a gradient.
   *
   * @throws IllegalArgumentException if their shapes differ
   */
  public static void copy(Tensor from, Tensor to) {
    if (!from.shape().equals(to.shape())) {
      throw new IllegalArgumentException(
          "%s cannot be copied over %s".formatted(from.describe(), to.describe()));
    }
    to.backend().copy().copy(from.span(), from.layout(), to.span(), to.layout());
  }

  /**
   * Writes a scalar over one element of a contiguous tensor, converted to its type, without a
   * gradient.
   *
   * @param index in row-major order
   * @throws IllegalArgumentException if {@code scalar} has more than one element
   */
  public static void put(Tensor scalar, Tensor to, long index) {
    if (scalar.shape().size() != 1) {
      throw new IllegalArgumentException(
          "%s is no single element, to be put into %s".formatted(scalar.describe(), to.describe()));
    }
    Span element = to.contiguousSpan().slice(index, 1);
    to.backend().copy().copy(scalar.span(), scalar.layout(), element, scalar.layout());
  }

  /** Normal numbers, drawn from {@code random}. */
  public static Tensor normal(
      Device device, DType dtype, Shape shape, double mean, double deviation, Philox random) {
    return normal(device.backend(), dtype, shape, mean, deviation, random);
  }

  /** The same on a device's backend. */
  public static Tensor normal(
      Backend backend, DType dtype, Shape shape, double mean, double deviation, Philox random) {
    Tensor tensor = empty(backend, dtype, shape);
    long offset = random.reserve(shape.size());
    tensor.backend().random().normal(tensor.span(), mean, deviation, random.seed(), offset);
    return tensor;
  }

  /** Uniform numbers in [low, high), drawn from {@code random}. */
  public static Tensor uniform(
      Device device, DType dtype, Shape shape, double low, double high, Philox random) {
    return uniform(device.backend(), dtype, shape, low, high, random);
  }

  /** The same on a device's backend. */
  public static Tensor uniform(
      Backend backend, DType dtype, Shape shape, double low, double high, Philox random) {
    Tensor tensor = empty(backend, dtype, shape);
    long offset = random.reserve(shape.size());
    tensor.backend().random().uniform(tensor.span(), low, high, random.seed(), offset);
    return tensor;
  }
}

package dev.galen.kernels.cuda;

import static dev.galen.kernels.KernelParity.normal;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.galen.tensor.DType;
import dev.galen.tensor.Layout;
import dev.galen.tensor.Shape;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.reference.ReferenceBackend;
import dev.galen.tensor.testing.Tolerance;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies, conversions and fills against the reference, to the bit. */
@Tag("software-gpu")
@Tag("gpu")
class CudaCopyTest {
  private static final double[] NUMBERS = {
    0,
    -0.0,
    1,
    -1,
    0.1,
    2.5,
    -2.5,
    3.5,
    127,
    200,
    255.9,
    256,
    300,
    -7.9,
    65_504,
    65_520,
    1e5,
    1.00048828125,
    1.00390625,
    1.01171875,
    1 + 0x1p-11 + 0x1p-40,
    1e-7,
    6e-8,
    2147483647.0,
    -2147483648.0,
    3e9,
    -3e9,
    9e18,
    -1e19,
    1e30,
    1e300,
    5e-324,
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.NaN
  };

  @Test
  void layouts() {
    Layout wide = Layout.contiguous(Shape.of(6, 50, 40));
    copy(wide, wide);
    copy(wide.permute(1, 0, 2), Layout.contiguous(Shape.of(50, 6, 40)));
    copy(wide.permute(2, 0, 1), Layout.contiguous(Shape.of(40, 6, 50)));
    copy(wide.permute(0, 2, 1), Layout.contiguous(Shape.of(6, 40, 50)));
    copy(wide.permute(2, 1, 0), Layout.contiguous(Shape.of(40, 50, 6)));
    copy(Layout.contiguous(Shape.of(40)).expand(Shape.of(6, 50, 40)), wide);
    copy(Layout.contiguous(Shape.of()), Layout.contiguous(Shape.of()));
    copy(Layout.contiguous(Shape.of(0, 3)), Layout.contiguous(Shape.of(0, 3)));
    copy(Layout.strided(Shape.of(30, 20), 64, 1), Layout.strided(Shape.of(30, 20), 1, 32));
    Layout eight = Layout.contiguous(Shape.of(2, 3, 2, 3, 2, 3, 2, 3));
    copy(
        eight.permute(7, 6, 5, 4, 3, 2, 1, 0), Layout.contiguous(Shape.of(3, 2, 3, 2, 3, 2, 3, 2)));
  }

  private static void copy(Layout from, Layout to) {
    var target = new float[Math.toIntExact(to.extent())];
    CudaParity.check(
        "copy " + from + " to " + to,
        _ -> Tolerance.EXACT,
        (backend, s) -> backend.copy().copy(s[0], from, s[1], to),
        normal((int) from.extent(), 1),
        target);
    CudaParity.check(
        DType.F32,
        "copy of bytes",
        Tolerance.EXACT,
        (backend, s) -> backend.copy().copy(s[0], from, s[1], to),
        new byte[(int) from.extent()],
        new byte[target.length]);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 13, 207, 768, 4098})
  void fills(int size) {
    CudaParity.check(
        "fill",
        _ -> Tolerance.EXACT,
        (backend, s) -> backend.copy().fill(s[0], 0.1),
        new float[size]);
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void conversionsFromEveryType(DType from) {
    for (DType to : DType.values()) {
      for (int size : new int[] {1, 13, 207, 768, 4098}) {
        Layout row = Layout.contiguous(Shape.of(size));
        convert(from, row, to, row);
      }
      Layout turned = Layout.contiguous(Shape.of(37, 21)).permute(1, 0);
      convert(from, turned, to, Layout.contiguous(Shape.of(21, 37)));
    }
  }

  private static void convert(DType from, Layout fromLayout, DType to, Layout toLayout) {
    assertArrayEquals(
        converted(new ReferenceBackend(), from, fromLayout, to, toLayout),
        converted(CudaParity.gpu(), from, fromLayout, to, toLayout),
        "%s to %s, %s".formatted(from, to, fromLayout));
  }

  /** The awkward numbers as {@code from}, by the reference, converted on {@code backend}. */
  private static double[] converted(
      Backend backend, DType from, Layout fromLayout, DType to, Layout toLayout) {
    int length = Math.toIntExact(fromLayout.extent());
    var numbers = new double[length];
    for (int i = 0; i < length; i++) {
      numbers[i] = NUMBERS[i % NUMBERS.length];
    }
    var reference = new ReferenceBackend();
    Layout row = Layout.contiguous(Shape.of(length));
    Span source = moved(reference, doubles(reference, numbers), row, from, row, length);
    var bytes = MemorySegment.ofArray(new byte[length * from.byteSize()]);
    reference.download(source, bytes);
    var there = new Span(backend.allocate(bytes.byteSize()), from, 0, length);
    backend.upload(bytes, there);
    Span target = moved(backend, there, fromLayout, to, toLayout, length);
    var result = MemorySegment.ofArray(new byte[length * to.byteSize()]);
    backend.download(target, result);
    var back = new Span(reference.allocate(result.byteSize()), to, 0, length);
    reference.upload(result, back);
    Span read = moved(reference, back, row, DType.F64, row, length);
    var values = new double[length];
    reference.download(read, MemorySegment.ofArray(values));
    return values;
  }

  private static Span doubles(Backend backend, double[] numbers) {
    var span = new Span(backend.allocate(8L * numbers.length), DType.F64, 0, numbers.length);
    backend.upload(MemorySegment.ofArray(numbers), span);
    return span;
  }

  private static Span moved(
      Backend backend, Span from, Layout fromLayout, DType to, Layout toLayout, int length) {
    var target = new Span(backend.allocate((long) length * to.byteSize()), to, 0, length);
    backend.copy().copy(from, fromLayout, target, toLayout);
    return target;
  }
}

package dev.galen.tensor.backend.reference;

import static dev.galen.tensor.backend.reference.Spans.assertValues;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.DType;
import dev.galen.tensor.Layout;
import dev.galen.tensor.Shape;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.host.HostBuffer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReferenceCopyTest {
  private final ReferenceCopy copy = new ReferenceCopy();

  private static Layout contiguous(int... dims) {
    return Layout.contiguous(Shape.of(dims));
  }

  @ParameterizedTest
  @EnumSource
  void castsToAndFromEveryType(DType dtype) {
    Span source = Spans.f64(0, 1, 2.75, 100);
    Span middle = Spans.filled(dtype, 4, 0);
    Span target = Spans.fresh(4);
    copy.copy(source, contiguous(4), middle, contiguous(4));
    copy.copy(middle, contiguous(4), target, contiguous(4));
    if (dtype == DType.BOOL) {
      assertValues(target, 0, 1, 1, 1);
    } else {
      assertValues(target, 0, 1, dtype.isFloating() ? 2.75 : 2, 100);
    }
  }

  @Test
  void transposes() {
    Span target = Spans.fresh(6);
    copy.copy(
        Spans.f64(1, 2, 3, 4, 5, 6), contiguous(2, 3).permute(1, 0), target, contiguous(3, 2));
    assertValues(target, 1, 4, 2, 5, 3, 6);
  }

  @Test
  void broadcasts() {
    Span target = Spans.fresh(12);
    Layout row = contiguous(3, 1).expand(Shape.of(2, 3, 2));
    copy.copy(Spans.f64(1, 2, 3), row, target, contiguous(2, 3, 2));
    assertValues(target, 1, 1, 2, 2, 3, 3, 1, 1, 2, 2, 3, 3);
  }

  @Test
  void leavesGapsOfTheTargetAlone() {
    Span target = Spans.filled(DType.F32, 7, -1);
    copy.copy(
        Spans.f64(1, 2, 3, 4), contiguous(2, 2), target, Layout.strided(Shape.of(2, 2), 4, 1));
    assertValues(target, 1, 2, -1, -1, 3, 4, -1);
  }

  @Test
  void copiesScalarsAndNothing() {
    Span target = Spans.filled(DType.F32, 1, 0);
    copy.copy(Spans.f64(5), contiguous(), target, contiguous());
    assertValues(target, 5);
    copy.copy(Spans.f64(7), contiguous(2, 0), target, contiguous(2, 0));
    assertValues(target, 5);
  }

  @Test
  void integersAreExact() {
    long big = (1L << 53) + 1;
    Span source = Spans.filled(DType.I64, 1, 0);
    Span target = Spans.filled(DType.I64, 1, 0);
    HostBuffer.segment(source).set(ValueLayout.JAVA_LONG, 0, big);
    copy.copy(source, contiguous(1), target, contiguous(1));
    assertEquals(big, HostBuffer.segment(target).get(ValueLayout.JAVA_LONG, 0));
    Span low = Spans.i32(0);
    copy.copy(source, contiguous(1), low, contiguous(1));
    assertValues(low, 1);
  }

  @Test
  void keepsTheBitsOfNaN() {
    Span source = Spans.filled(DType.F32, 1, 0);
    Span target = Spans.filled(DType.F32, 1, 0);
    HostBuffer.segment(source).set(ValueLayout.JAVA_INT, 0, 0x7fa12345);
    copy.copy(source, contiguous(1), target, contiguous(1));
    assertEquals(0x7fa12345, HostBuffer.segment(target).get(ValueLayout.JAVA_INT, 0));
  }

  @Test
  void refusesWhatDoesNotFit() {
    var shapes =
        assertThrows(
            IllegalArgumentException.class,
            () -> copy.copy(Spans.fresh(6), contiguous(2, 3), Spans.fresh(6), contiguous(3, 2)));
    assertEquals("cannot copy shape [2, 3] to shape [3, 2]", shapes.getMessage());
    var length =
        assertThrows(
            IllegalArgumentException.class,
            () -> copy.copy(Spans.fresh(5), contiguous(6), Spans.fresh(6), contiguous(6)));
    assertEquals("source holds 5 elements, but the kernel needs 6", length.getMessage());
  }

  @Test
  void uploadsAndDownloads() {
    Span span = Spans.filled(DType.F32, 3, 0);
    Spans.BACKEND.upload(MemorySegment.ofArray(new float[] {1, 2, 3}), span);
    var back = new float[2];
    Spans.BACKEND.download(span.slice(1, 2), MemorySegment.ofArray(back));
    assertEquals(2, back[0]);
    assertEquals(3, back[1]);
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> Spans.BACKEND.download(span, MemorySegment.ofArray(back)));
    assertTrue(error.getMessage().contains("8 bytes"), error.getMessage());
    assertTrue(error.getMessage().contains("3 F32"), error.getMessage());
  }
}

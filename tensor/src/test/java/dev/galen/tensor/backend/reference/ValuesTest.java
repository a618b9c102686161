package dev.galen.tensor.backend.reference;

import static dev.galen.tensor.backend.reference.Spans.assertValues;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.host.HostBuffer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ValuesTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  private static short bits(DType dtype, double value) {
    Span span = Spans.of(dtype, value);
    return HostBuffer.segment(span).get(ValueLayout.JAVA_SHORT, 0);
  }

  @Test
  void roundsToBFloat16() {
    assertEquals((short) 0x3f80, bits(DType.BF16, 1));
    // The spacing above 1 is 2^-7: a tie goes to the even neighbour, below or above.
    assertEquals((short) 0x3f80, bits(DType.BF16, 1 + 0x1p-8));
    assertEquals((short) 0x3f82, bits(DType.BF16, 1 + 0x3p-8));
    assertEquals((short) 0x3f81, bits(DType.BF16, 1 + 0x1p-8 + 0x1p-20));
    assertEquals((short) 0x8000, bits(DType.BF16, -0.0));
    assertEquals((short) 0x0000, bits(DType.BF16, Double.MIN_VALUE));
    assertEquals((short) 0x0001, bits(DType.BF16, 0x1p-133));
    assertEquals((short) 0x7f7f, bits(DType.BF16, 0x1.fep127));
    assertEquals((short) 0x7f80, bits(DType.BF16, 0x1.ffp127));
    assertEquals((short) 0x7f80, bits(DType.BF16, 1e300));
    assertEquals((short) 0xff80, bits(DType.BF16, -INFINITY));
    assertValues(Spans.of(DType.BF16, Double.NaN), Double.NaN);
  }

  @Test
  void roundsToHalf() {
    assertEquals((short) 0x3c00, bits(DType.F16, 1));
    assertEquals((short) 0x3c00, bits(DType.F16, 1 + 0x1p-11));
    assertEquals((short) 0x3c02, bits(DType.F16, 1 + 0x3p-11));
    assertEquals((short) 0x0001, bits(DType.F16, 0x1p-24));
    assertEquals((short) 0x0000, bits(DType.F16, 0x1p-25));
    assertEquals((short) 0x7bff, bits(DType.F16, 65519));
    assertEquals((short) 0x7c00, bits(DType.F16, 65520));
    assertValues(Spans.of(DType.F16, Double.NaN), Double.NaN);
  }

  @Test
  void roundsDoublesOnce() {
    // By way of F32 these would become ties, and ties go to even: down, and wrong.
    assertEquals((short) 0x3f81, bits(DType.BF16, 1 + 0x1p-8 + 0x1p-40));
    assertEquals((short) 0x3c01, bits(DType.F16, 1 + 0x1p-11 + 0x1p-40));
    assertEquals((short) 0x3f81, bits(DType.BF16, 1 + 0x3p-8 - 0x1p-40));
    assertEquals((short) 0xbf81, bits(DType.BF16, -(1 + 0x1p-8 + 0x1p-40)));
  }

  @Test
  void narrowTypesSurviveARoundTrip() {
    for (var dtype : new DType[] {DType.F16, DType.BF16}) {
      Span span = Spans.filled(dtype, 1 << 16, 0);
      MemorySegment segment = HostBuffer.segment(span);
      for (int i = 0; i < 1 << 16; i++) {
        segment.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) i);
      }
      double[] values = Values.read(span);
      Values.write(values, span);
      for (int i = 0; i < 1 << 16; i++) {
        if (!Double.isNaN(values[i])) {
          assertEquals((short) i, segment.getAtIndex(ValueLayout.JAVA_SHORT, i), dtype.name());
        }
      }
    }
  }

  @Test
  void roundsToTheNearestOfAllBFloat16() {
    var random = new SplittableRandom(1);
    for (int i = 0; i < 100_000; i++) {
      double value = Math.scalb(random.nextDouble(-1, 1), random.nextInt(-30, 30));
      short bits = bits(DType.BF16, value);
      double error = Math.abs(DType.fromBFloat16(bits) - value);
      double up = Math.abs(DType.fromBFloat16((short) (bits + 1)) - value);
      double down = Math.abs(DType.fromBFloat16((short) (bits - 1)) - value);
      assertEquals(error, Math.min(error, Math.min(up, down)), "BF16 of " + value);
    }
  }

  @Test
  void integersTruncateAndSaturate() {
    assertValues(Spans.i32(2.9, -2.9, 1e12, Double.NaN), 2, -2, Integer.MAX_VALUE, 0);
    assertValues(Spans.of(DType.I64, 2.9, -0x1p40), 2, -0x1p40);
    assertValues(Spans.of(DType.U8, 0, 255, 200.7), 0, 255, 200);
    assertValues(Spans.of(DType.BOOL, 0, 0.25, -3, Double.NaN), 0, 1, 1, 1);
  }

  @Test
  void readsWrappedMemoryInPlace() {
    byte[] bytes = new byte[16];
    MemorySegment segment = MemorySegment.ofArray(bytes);
    Span span = Span.of(Spans.BACKEND.wrap(segment, DType.F64), DType.F64);
    segment.set(ValueLayout.JAVA_DOUBLE_UNALIGNED, 8, 1.25);
    assertValues(span, 0, 1.25);
    assertNull(Spans.BACKEND.wrap(segment.asSlice(4, 8), DType.F64));
  }
}

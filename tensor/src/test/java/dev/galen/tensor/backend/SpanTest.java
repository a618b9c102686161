package dev.galen.tensor.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import org.junit.jupiter.api.Test;

class SpanTest {
  @Test
  void bytesAreSeenAsAnotherTypeOfTheSameSize() {
    Tensor words = Tensors.of(Device.REFERENCE, new int[] {7, 7, 7, 7}, 4);
    Span last = words.span().slice(2, 2).as(DType.F32);
    assertEquals(new Span(words.span().buffer(), DType.F32, 2, 2), last);
    words.backend().copy().fill(last, -1.5);
    int bits = Float.floatToRawIntBits(-1.5f);
    assertArrayEquals(new int[] {7, 7, bits, bits}, words.toInts());
  }

  @Test
  void anotherSizeIsRefused() {
    Span words = Tensors.of(Device.REFERENCE, new int[] {7}, 1).span();
    var error = assertThrows(IllegalArgumentException.class, () -> words.as(DType.F16));
    assertEquals(
        "elements of I32, 4 bytes each, cannot be seen as F16, 2 bytes each", error.getMessage());
  }
}

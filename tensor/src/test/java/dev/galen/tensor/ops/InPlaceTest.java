package dev.galen.tensor.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.galen.tensor.Device;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Binary;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.Unary;
import dev.galen.tensor.memory.MemoryScope;
import org.junit.jupiter.api.Test;

class InPlaceTest {
  private final InPlace with = new InPlace(Device.REFERENCE.backend());

  private static Tensor of(float... values) {
    return Tensors.of(Device.REFERENCE, values, values.length);
  }

  private static float[] values(Span span) {
    return new Tensor(span, of(0, 0, 0).layout()).toFloats();
  }

  @Test
  void eachIsItsFormula() {
    Tensor x = of(-4, 0, 1);
    Tensor y = of(1, 2, 3);
    with.scale(2, y.span());
    assertArrayEquals(new float[] {2, 4, 6}, y.toFloats());
    with.scale(0.5, 1, y.span());
    assertArrayEquals(new float[] {2, 3, 4}, y.toFloats());
    with.add(0.5, x.span(), y.span());
    assertArrayEquals(new float[] {0, 3, 4.5f}, y.toFloats());
    with.average(0.75, y.span(), x.span());
    assertArrayEquals(new float[] {-1, 2.25f, 3.625f}, y.toFloats());
    with.combine(Binary.MAX, x.span(), y.span(), y.span());
    assertArrayEquals(new float[] {-1, 2.25f, 3.625f}, y.toFloats());
    with.combine(Binary.MIN, 2, y.span());
    assertArrayEquals(new float[] {-1, 2, 2}, y.toFloats());
    assertArrayEquals(new float[] {-4, 0, 1}, x.toFloats());
  }

  @Test
  void newVectorsLeaveTheirOperandsAlone() {
    Tensor x = of(-4, 0, 1);
    try (var scope = MemoryScope.open("new vectors")) {
      assertArrayEquals(new float[] {-12, 0, 3}, values(with.scaled(3, x.span())));
      assertArrayEquals(new float[] {16, 0, 1}, values(with.map(Unary.SQUARE, x.span())));
      assertArrayEquals(new float[] {-0.5f, 0, 0.5f}, values(with.signs(0.5, x.span())));
    }
    assertArrayEquals(new float[] {-4, 0, 1}, x.toFloats());
  }
}

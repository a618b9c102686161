package dev.galen.bench.gpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.testing.Tolerance;
import org.junit.jupiter.api.Test;

class KernelCaseTest {
  private static final Backend CPU = Device.CPU.backend();
  private static final Backend REFERENCE = Device.REFERENCE.backend();

  private static KernelCase scaled(double factorOnCpu) {
    return new KernelCase(
        (b, s) -> b.pointwise().affine(s[0], b == CPU ? factorOnCpu : 2, 1, s[1]),
        Operand.of(DType.F32, 207),
        Operand.of(DType.F32, 207));
  }

  @Test
  void whatIsRightIsAccepted() {
    scaled(2).verify(CPU, REFERENCE, Tolerance.of(DType.F32, 1));
  }

  @Test
  void whatIsWrongIsNamed() {
    var error =
        assertThrows(
            IllegalStateException.class,
            () -> scaled(2.01).verify(CPU, REFERENCE, Tolerance.of(DType.F32, 1)));
    assertTrue(error.getMessage().startsWith("operand 1 at 0: "), error.getMessage());
  }

  @Test
  void operandsAreTheSameOnEveryBackendAndNotZero() {
    for (DType dtype : new DType[] {DType.F32, DType.BF16}) {
      Operand operand = Operand.positive(dtype, 50);
      Span here = operand.allocate(CPU, 3);
      Span there = operand.allocate(REFERENCE, 3);
      float[] values = Operand.read(CPU, here, 0, 1, 50);
      float[] expected = Operand.read(REFERENCE, there, 0, 1, 50);
      double sum = 0;
      for (int i = 0; i < values.length; i++) {
        assertEquals(expected[i], values[i]);
        assertTrue(values[i] >= 0 && values[i] <= 1);
        sum += values[i];
      }
      assertEquals(25, sum, 10);
      KernelCase.free(here, there);
    }
  }

  @Test
  void stridesReachAColumn() {
    Span matrix = Operand.of(DType.F32, 12).allocate(CPU, 1);
    float[] all = Operand.read(CPU, matrix, 0, 1, 12);
    float[] column = Operand.read(CPU, matrix, 3, 4, 3);
    for (int i = 0; i < 3; i++) {
      assertEquals(all[4 * i + 3], column[i]);
    }
    KernelCase.free(matrix);
  }
}

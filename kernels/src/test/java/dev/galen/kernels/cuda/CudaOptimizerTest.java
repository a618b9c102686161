package dev.galen.kernels.cuda;

import static dev.galen.kernels.KernelParity.normal;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.kernels.KernelParity.Rounded;
import dev.galen.kernels.StateCases;
import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.UpdateRule;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Updates against the reference. */
@Tag("software-gpu")
@Tag("gpu")
class CudaOptimizerTest {
  private static final UpdateRule STEP = new UpdateRule.AdamW(0.01, 0.9, 0.999, 1e-8, 0.1, 3, 0.5);

  private static final UpdateRule SGD = new UpdateRule.Sgd(0.01, 0.9, 0.1, 0.5);

  /** F32 master parameters with gradients of any type. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 13, 207, 768, 4098, 50257})
  void adamWOfMasterParameters(int length) {
    RowsParity.check(
        "adamW",
        1,
        (backend, s) -> backend.optimizer().update(STEP, s[0], s[1], List.of(s[2], s[3])),
        new Rounded(DType.F32, normal(length, 1)),
        normal(length, 2),
        new Rounded(DType.F32, normal(length, 3)),
        new Rounded(DType.F32, squares(length)));
  }

  /** Parameters of the gradient's own type. */
  @ParameterizedTest
  @ValueSource(ints = {1, 13, 207, 4098})
  void adamW(int length) {
    RowsParity.check(
        "adamW",
        1,
        (backend, s) -> backend.optimizer().update(STEP, s[0], s[1], List.of(s[2], s[3])),
        normal(length, 1),
        normal(length, 2),
        new Rounded(DType.F32, normal(length, 3)),
        new Rounded(DType.F32, squares(length)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 13, 207, 4098, 50257})
  void sgdOfMasterParameters(int length) {
    RowsParity.check(
        "sgd",
        1,
        (backend, s) -> backend.optimizer().update(SGD, s[0], s[1], List.of(s[2])),
        new Rounded(DType.F32, normal(length, 1)),
        normal(length, 2),
        new Rounded(DType.F32, normal(length, 3)));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 13, 207, 4098})
  void sgd(int length) {
    RowsParity.check(
        "sgd",
        1,
        (backend, s) -> backend.optimizer().update(SGD, s[0], s[1], List.of(s[2])),
        normal(length, 1),
        normal(length, 2),
        new Rounded(DType.F32, normal(length, 3)));
  }

  /** Whose rounding has the bits of the reference's. */
  @Test
  void statesInFewerBits() {
    for (int length : StateCases.LENGTHS) {
      StateCases.check(CudaParity.gpu(), length);
    }
  }

  private static float[] squares(int length) {
    float[] values = normal(length, 4);
    for (int i = 0; i < length; i++) {
      values[i] *= values[i];
    }
    return values;
  }

  @Test
  void whatCannotBeUpdatedIsSaid() {
    Backend gpu = CudaParity.gpu();
    Span four = new Span(gpu.allocate(16), DType.F32, 0, 4);
    Span three = four.slice(0, 3);
    Span half = new Span(gpu.allocate(8), DType.F16, 0, 4);
    assertEquals(
        "gradient holds 3 elements, but parameter holds 4",
        assertThrows(
                IllegalArgumentException.class,
                () -> gpu.optimizer().update(STEP, four, three, List.of(four, four)))
            .getMessage());
    assertEquals(
        "moment2 must be F32, not F16",
        assertThrows(
                IllegalArgumentException.class,
                () -> gpu.optimizer().update(STEP, four, four, List.of(four, half)))
            .getMessage());
    assertEquals(
        "a gradient of F32 cannot update a parameter of F16",
        assertThrows(
                IllegalArgumentException.class,
                () -> gpu.optimizer().update(STEP, half, four, List.of(four, four)))
            .getMessage());
  }
}

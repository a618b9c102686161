package dev.galen.tensor.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.tensor.DType;
import dev.galen.tensor.Device;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.random.Philox;
import org.junit.jupiter.api.Test;

class RotaryOpTest {
  private static final int BATCH = 2;
  private static final int TIME = 3;
  private static final int HEADS = 4;
  private static final int HALF = 2;

  private static Tensor random(long seed, int... dims) {
    return Tensors.normal(Device.REFERENCE, DType.F64, Shape.of(dims), 0, 1, new Philox(seed));
  }

  private static final Tensor X = random(1, BATCH, TIME, HEADS * 2 * HALF);
  private static final Tensor COS = random(2, TIME, HALF);
  private static final Tensor SIN = random(3, TIME, HALF);

  /** {@code x cos + rotate_half(x) sin}, as HuggingFace's LLaMA has it, with tables [T, D]. */
  private static Tensor composite(Tensor x) {
    Tensor heads = x.reshape(BATCH, TIME, HEADS, 2 * HALF);
    Tensor first = heads.slice(3, 0, HALF);
    Tensor second = heads.slice(3, HALF, 2 * HALF);
    Tensor turned = ConcatOp.apply(3, second.neg(), first);
    Tensor cos = ConcatOp.apply(1, COS, COS).reshape(TIME, 1, 2 * HALF);
    Tensor sin = ConcatOp.apply(1, SIN, SIN).reshape(TIME, 1, 2 * HALF);
    return heads.mul(cos).add(turned.mul(sin)).reshape(BATCH, TIME, HEADS * 2 * HALF);
  }

  @Test
  void turnsThePairsOfBothHalves() {
    double[] expected = composite(X).toDoubles();
    assertArrayEquals(expected, RotaryOp.apply(X, COS, SIN).toDoubles(), 1e-12);
    // Sequences with angles of their own, here the same.
    Tensor cos = ConcatOp.apply(0, COS, COS).reshape(BATCH, TIME, HALF);
    Tensor sin = ConcatOp.apply(0, SIN, SIN).reshape(BATCH, TIME, HALF);
    assertArrayEquals(expected, RotaryOp.apply(X, cos, sin).toDoubles(), 1e-12);
    // One of its own: the second sequence with the first's places turned round.
    Tensor reversed = ConcatOp.apply(0, COS, COS.slice(0, 2, 3), COS.slice(0, 0, 2));
    Tensor own = RotaryOp.apply(X, reversed.reshape(BATCH, TIME, HALF), sin);
    assertArrayEquals(
        composite(X).slice(0, 0, 1).toDoubles(), own.slice(0, 0, 1).toDoubles(), 1e-12);
  }

  @Test
  void leavesHeadsThatAreNotToBeTurned() {
    int kept = HEADS * 2 * HALF - 2 * HALF;
    Tensor y = RotaryOp.apply(X, COS, SIN, HEADS - 1);
    assertArrayEquals(
        composite(X).slice(2, 0, kept).toDoubles(), y.slice(2, 0, kept).toDoubles(), 1e-12);
    int end = HEADS * 2 * HALF;
    assertArrayEquals(X.slice(2, kept, end).toDoubles(), y.slice(2, kept, end).toDoubles());
    assertArrayEquals(X.toDoubles(), RotaryOp.apply(X, COS, SIN, 0).toDoubles());
  }

  @Test
  void anglesOfAnotherLengthAreRefused() {
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> RotaryOp.apply(X, COS.slice(0, 0, 2), SIN.slice(0, 0, 2)));
    assertEquals(
        "rotary of 4 heads of [2, 3, 16] by cosines [2, 2] and sines [2, 2]", error.getMessage());
    var heads =
        assertThrows(
            IllegalArgumentException.class, () -> RotaryOp.apply(X, random(2, TIME, 3), SIN));
    assertEquals(
        "rotary needs [B, T, H D] and angles [T, D/2] or [B, T, D/2], got [2, 3, 16] and [3, 3]",
        heads.getMessage());
  }
}

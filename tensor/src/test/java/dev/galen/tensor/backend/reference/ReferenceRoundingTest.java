package dev.galen.tensor.backend.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.RoundedState;
import dev.galen.tensor.random.Philox;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Stochastic rounding: what is kept lies beside the value, and is the value in the mean. */
class ReferenceRoundingTest {
  private static final Backend BACKEND = new ReferenceBackend();
  private static final int TIMES = 4000;

  /** Levels n/255: 8 bits whose distances are equal. */
  private static RoundedState eightBits(int length) {
    var levels = new float[RoundedState.LEVELS];
    for (int i = 0; i < levels.length; i++) {
      levels[i] = i / 255f;
    }
    int blocks = Math.ceilDiv(length, RoundedState.BLOCK);
    return new RoundedState(
        Tensors.full(BACKEND, DType.U8, Shape.of(length), 0).span(),
        Tensors.upload(BACKEND, DType.F32, MemorySegment.ofArray(new float[blocks]), blocks).span(),
        Tensors.upload(BACKEND, DType.F32, MemorySegment.ofArray(levels), levels.length).span());
  }

  private static RoundedState bfloat16(int length) {
    return new RoundedState(
        Tensors.full(BACKEND, DType.BF16, Shape.of(length), 0).span(), null, null);
  }

  private static float[] kept(RoundedState state, float[] values, long counter) {
    Tensor x = Tensors.upload(BACKEND, DType.F32, MemorySegment.ofArray(values), values.length);
    state.write(BACKEND, x.span(), 7, counter);
    Tensor y =
        Tensors.upload(
            BACKEND, DType.F32, MemorySegment.ofArray(new float[values.length]), values.length);
    state.read(BACKEND, y.span());
    return y.toFloats();
  }

  @Test
  void bfloat16IsTheValueInTheMean() {
    float value = 1 + 3f / 1024; // between 1 and 1 + 1/128, three eighths of the way
    double sum = 0;
    for (int i = 0; i < TIMES; i++) {
      float kept = kept(bfloat16(1), new float[] {value}, i)[0];
      assertTrue(kept == 1 || kept == 1 + 1f / 128, "kept " + kept);
      sum += kept;
    }
    // Five deviations of the mean of so many.
    assertEquals(value, sum / TIMES, 5.0 / 128 * Math.sqrt(0.375 * 0.625 / TIMES));
  }

  @Test
  void eightBitsAreTheValueInTheMean() {
    double sum = 0;
    for (int i = 0; i < TIMES; i++) {
      float kept = kept(eightBits(2), new float[] {0.7f / 255 * 3 + 30f / 255, 3}, i)[0];
      sum += kept;
    }
    double value = 0.7f / 255 * 3 + 30f / 255;
    assertEquals(value, sum / TIMES, 5.0 * 3 / 255 * Math.sqrt(0.25 / TIMES));
  }

  @Test
  void whatCanBeKeptStays() {
    float[] exact = {0, 0.5f, -1.75f, 3e-20f};
    float[] wanted = new float[4];
    for (int i = 0; i < exact.length; i++) {
      wanted[i] = DType.fromBFloat16(DType.toBFloat16(exact[i]));
    }
    assertArrayEquals(wanted, kept(bfloat16(4), wanted, 3));
    float[] levels = {0, 51, 204, 255};
    assertArrayEquals(levels, kept(eightBits(4), levels, 3), 1e-4f);
  }

  @Test
  void onlyZeroBecomesZero() {
    for (int counter = 0; counter < 50; counter++) {
      float[] kept = kept(eightBits(3), new float[] {0, 1e-9f, 1}, counter);
      assertEquals(0, kept[0]);
      assertEquals(1 / 255f, kept[1]);
      assertEquals(1, kept[2]);
    }
  }

  @Test
  void eachBlockHasItsScale() {
    var values = new float[RoundedState.BLOCK + 3];
    Arrays.fill(values, 0, RoundedState.BLOCK, 1000);
    values[RoundedState.BLOCK] = 1e-3f;
    assertArrayEquals(values, kept(eightBits(values.length), values, 0));
    assertArrayEquals(new float[300], kept(eightBits(300), new float[300], 0));
  }

  @Test
  void theBitsArePhiloxs() {
    float value = Float.intBitsToFloat(0x3f800000 | 0x8000);
    var values = new float[16];
    Arrays.fill(values, value);
    float[] kept = kept(bfloat16(16), values, 40);
    for (int i = 0; i < 16; i++) {
      int word = Philox.word(7, 40 + i / 8, i / 2 % 4);
      boolean up = (i % 2 == 0 ? word & 0xffff : word >>> 16) >= 0x8000;
      assertEquals(up ? 1 + 1f / 128 : 1, kept[i], "element " + i);
    }
  }

  @Test
  void whatDoesNotFitIsSaid() {
    Tensor four = Tensors.upload(BACKEND, DType.F32, MemorySegment.ofArray(new float[4]), 4);
    assertEquals(
        "codes are F32, must be BF16 or U8",
        assertThrows(
                IllegalArgumentException.class, () -> new RoundedState(four.span(), null, null))
            .getMessage());
    RoundedState state = eightBits(300);
    assertEquals(
        "scales are 4 of F32, must be 2 of F32",
        assertThrows(
                IllegalArgumentException.class,
                () -> new RoundedState(state.codes(), four.span(), state.levels()))
            .getMessage());
    assertEquals(
        "values are 4 of F32, must be 300 of F32",
        assertThrows(IllegalArgumentException.class, () -> state.write(BACKEND, four.span(), 1, 0))
            .getMessage());
  }
}

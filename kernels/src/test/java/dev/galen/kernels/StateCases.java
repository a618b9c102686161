package dev.galen.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.RoundedState;
import dev.galen.tensor.backend.reference.ReferenceBackend;
import java.lang.foreign.MemorySegment;
import java.util.Random;

/** An optimizer's state in fewer bits: a backend has the bits of the reference. */
public final class StateCases {
  /** Lengths with and without a rest of eight, of a block and of a task. */
  public static final int[] LENGTHS = {1, 7, 8, 255, 256, 257, 300, 2047, 16_384, 16_391, 40_000};

  private static final Backend REFERENCE = new ReferenceBackend();
  private static final long SEED = 0x123456789abcdefL;

  private StateCases() {}

  /** Both formats of {@code length} values on both, several blocks of zeros among them. */
  public static void check(Backend backend, int length) {
    float[] values = values(length, true);
    for (boolean signed : new boolean[] {true, false}) {
      float[] mine = signed ? values : values(length, false);
      State wanted = State.of(REFERENCE, mine, DType.U8, signed);
      State got = State.of(backend, mine, DType.U8, signed);
      assertArrayEquals(wanted.codes(), got.codes(), "codes of " + length);
      assertArrayEquals(wanted.scales(), got.scales(), "scales of " + length);
      assertArrayEquals(wanted.values(), got.values(), "values of " + length);
    }
    State wanted = State.of(REFERENCE, values, DType.BF16, true);
    State got = State.of(backend, values, DType.BF16, true);
    assertArrayEquals(wanted.values(), got.values(), "BF16 of " + length);
    for (int i = 0; i < length; i++) {
      assertEquals(values[i], got.values()[i], Math.abs(values[i]) / 128, "BF16 " + i);
    }
  }

  private record State(int[] codes, float[] scales, float[] values) {
    static State of(Backend backend, float[] values, DType type, boolean signed) {
      int length = values.length;
      Tensor codes = Tensors.full(backend, type, Shape.of(length), 0);
      RoundedState state;
      Tensor scales = null;
      if (type == DType.U8) {
        int blocks = Math.ceilDiv(length, RoundedState.BLOCK);
        scales =
            Tensors.upload(backend, DType.F32, MemorySegment.ofArray(new float[blocks]), blocks);
        float[] levels = levels(signed);
        state =
            new RoundedState(
                codes.span(),
                scales.span(),
                Tensors.upload(
                        backend, DType.F32, MemorySegment.ofArray(levels), RoundedState.LEVELS)
                    .span());
      } else {
        state = new RoundedState(codes.span(), null, null);
      }
      state.write(
          backend,
          Tensors.upload(backend, DType.F32, MemorySegment.ofArray(values), length).span(),
          SEED,
          3L << 32);
      Tensor read =
          Tensors.upload(backend, DType.F32, MemorySegment.ofArray(new float[length]), length);
      state.read(backend, read.span());
      return new State(
          type == DType.U8 ? codes.to(DType.I32).toInts() : null,
          scales == null ? null : scales.toFloats(),
          read.toFloats());
    }
  }

  /** Uneven distances, 0 and 1 among them; without a sign they begin at 0. */
  private static float[] levels(boolean signed) {
    var levels = new float[RoundedState.LEVELS];
    for (int i = 0; i < levels.length; i++) {
      float x = signed ? (i - 127) / 128f : i / 255f;
      levels[i] = x * x * x;
    }
    levels[RoundedState.LEVELS - 1] = 1;
    return levels;
  }

  private static float[] values(int length, boolean signed) {
    var random = new Random(length);
    var values = new float[length];
    for (int i = 0; i < length; i++) {
      double size = Math.pow(10, -12 * random.nextDouble()) * random.nextGaussian();
      boolean zero = i / RoundedState.BLOCK % 4 == 2 || random.nextInt(20) == 0;
      values[i] = zero ? 0 : (float) (signed ? size : Math.abs(size));
    }
    return values;
  }
}

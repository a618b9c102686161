package dev.galen.model.generate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.Device;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.SampleOp;
import dev.galen.tensor.random.Philox;
import dev.galen.tensor.testing.ExactDraw;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@link SampleOp} draws what the host's processors and sampler draw. */
class DeviceSamplingTest {
  private static final float OUT = Float.NEGATIVE_INFINITY;
  private static final int ROWS = 5;

  private static final List<GenerationConfig> SETTINGS =
      List.of(
          GenerationConfig.builder().sample().build(),
          GenerationConfig.builder().temperature(0.7).topK(50).build(),
          GenerationConfig.builder().temperature(1.4).topP(0.9).build(),
          GenerationConfig.builder().temperature(0.8).topK(40).topP(0.95).build(),
          GenerationConfig.builder().topK(13).topP(0.3).build(),
          GenerationConfig.builder().topK(1).build(),
          GenerationConfig.builder().topK(4000).topP(0.7).build(),
          GenerationConfig.builder().topP(1e-7).build());

  List<Device> devices() {
    return List.of(Device.CPU);
  }

  @ParameterizedTest
  @CsvSource({"1, 20", "13, 40", "207, 20", "4098, 4", "50257, 1"})
  void drawsWhatTheHostDraws(int classes, int seeds) {
    for (Device device : devices()) {
      int draws = 0;
      int uncertain = 0;
      for (GenerationConfig settings : SETTINGS) {
        for (int seed = 0; seed < seeds; seed++) {
          float[][] logits = logits(classes, seed);
          long counter = (1L << 32) - 2;
          int[] host = onHost(logits, settings, new Philox(seed, counter));
          int[] drawn = onDevice(device, logits, settings, new Philox(seed, counter));
          for (int row = 0; row < ROWS; row++) {
            float uniform = new Philox(seed, counter + row).nextUniform();
            BitSet accepted =
                ExactDraw.of(
                        logits[row],
                        settings.temperature(),
                        settings.topK(),
                        settings.topP(),
                        uniform)
                    .accepted();
            draws++;
            uncertain += accepted.cardinality() > 1 ? 1 : 0;
            // Where rounding cannot lead to another, one is accepted and both must be it.
            assertTrue(accepted.get(host[row]) && accepted.get(drawn[row]), "row " + row);
          }
        }
      }
      assertTrue(10 * uncertain <= draws, uncertain + " of " + draws);
    }
  }

  /**
   * Equal classes some of which hold 1 - p to the last bit of F32: as many stay as on the host,
   * which compares sums in F32.
   */
  @ParameterizedTest
  @CsvSource({"5, 0.8", "10, 0.3", "10, 0.8", "10, 0.9", "20, 0.65", "20, 0.9"})
  void sumsThatEqualTheRestAreLeftOut(int classes, double p) {
    var settings = GenerationConfig.builder().topP(p).build();
    float[][] logits = new float[300][classes];
    int[] host = onHost(logits, settings, new Philox(1));
    for (Device device : devices()) {
      assertArrayEquals(host, onDevice(device, logits, settings, new Philox(1)));
    }
    assertArrayEquals(host, onDevice(Device.REFERENCE, logits, settings, new Philox(1)));
  }

  /** F64 sums are the host's but for their order, so that no draw differs. */
  @ParameterizedTest
  @CsvSource({"1, 5", "13, 40", "207, 20", "4098, 4", "50257, 1"})
  void theReferenceDrawsExactlyWhatTheHostDraws(int classes, int seeds) {
    for (GenerationConfig settings : SETTINGS) {
      for (int seed = 0; seed < seeds; seed++) {
        float[][] logits = logits(classes, seed);
        assertArrayEquals(
            onHost(logits, settings, new Philox(seed)),
            onDevice(Device.REFERENCE, logits, settings, new Philox(seed)),
            settings.toString());
      }
    }
  }

  /** Flat, steep, full of ties, half excluded, all equal. */
  private static float[][] logits(int classes, long seed) {
    var random = new Random(seed);
    var logits = new float[ROWS][classes];
    for (int j = 0; j < classes; j++) {
      float normal = (float) random.nextGaussian();
      logits[0][j] = normal;
      logits[1][j] = 4 * normal - 30;
      logits[2][j] = Math.round(3 * normal) / 2f;
      logits[3][j] = random.nextBoolean() && j > 0 ? OUT : 2 * normal;
      logits[4][j] = 3.5f;
    }
    return logits;
  }

  private static int[] onHost(float[][] logits, GenerationConfig settings, Philox random) {
    LogitsProcessor processor = settings.processor();
    Sampler sampler = Sampler.from(random);
    return Arrays.stream(logits)
        .mapToInt(row -> sampler.pick(processor.apply(row, new int[0])))
        .toArray();
  }

  private static int[] onDevice(
      Device device, float[][] logits, GenerationConfig settings, Philox random) {
    int classes = logits[0].length;
    var all = new float[logits.length * classes];
    for (int row = 0; row < logits.length; row++) {
      System.arraycopy(logits[row], 0, all, row * classes, classes);
    }
    long before = random.offset();
    try (var scope = MemoryScope.open("test")) {
      Tensor x = Tensors.of(device, all, logits.length, 1, classes);
      Tensor index =
          SampleOp.apply(x, settings.temperature(), settings.topK(), settings.topP(), random);
      assertEquals(Shape.of(logits.length, 1), index.shape());
      assertEquals(before + logits.length, random.offset(), "a counter for each row");
      return index.toInts();
    }
  }

  @Test
  void damagedLogitsAreMarked() {
    for (Device device : devices()) {
      float[][] damaged = {
        {1, Float.NaN, 2}, {1, 2, Float.POSITIVE_INFINITY}, {3, 2, 1}, {OUT, OUT, OUT}
      };
      for (GenerationConfig settings : SETTINGS) {
        int[] drawn = onDevice(device, damaged, settings, new Philox(1));
        for (int row : new int[] {0, 1}) {
          assertEquals(SampleOp.NONE, drawn[row]);
          LogitsProcessor processor = settings.processor();
          float[] processed = processor.apply(damaged[row], new int[0]);
          assertThrows(
              IllegalArgumentException.class, () -> Sampler.from(new Philox(1)).pick(processed));
        }
        assertTrue(drawn[2] >= 0);
        assertEquals(SampleOp.NONE, drawn[3]);
      }
    }
  }
}

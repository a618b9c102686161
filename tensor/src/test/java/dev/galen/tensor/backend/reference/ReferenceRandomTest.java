package dev.galen.tensor.backend.reference;

import static dev.galen.tensor.backend.reference.Spans.assertValues;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.DType;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.random.Philox;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReferenceRandomTest {
  private static final long SEED = 0x1234_5678_9abc_def0L;
  private static final long OFFSET = 1L << 33;

  private final ReferenceRandom random = new ReferenceRandom();

  private static float word(int element) {
    return Philox.uniform(Philox.word(SEED, OFFSET + element / 4, element % 4));
  }

  @Test
  void uniformNumbersFollowTheCounter() {
    Span y = Spans.filled(DType.F32, 70_003, 0);
    random.uniform(y, -1, 3, SEED, OFFSET);
    double[] values = Values.read(y);
    for (int i : new int[] {0, 1, 2, 3, 4, 9, 65_535, 65_536, 70_002}) {
      assertEquals(-1f + 4f * word(i), values[i], "element " + i);
    }
    assertEquals(1, Arrays.stream(values).average().orElseThrow(), 0.02);
    assertTrue(Arrays.stream(values).allMatch(v -> v >= -1 && v < 3));
  }

  @Test
  void uniformNumbersStayBelowTheirBound() {
    // F32 has no number between the two bounds: every u above a half would round up to the upper.
    Span y = Spans.filled(DType.F32, 10_000, 0);
    random.uniform(y, 0x1p24, 0x1p24 + 2, SEED, 0);
    assertTrue(Arrays.stream(Values.read(y)).allMatch(v -> v >= 0x1p24 && v < 0x1p24 + 2));
    var error =
        assertThrows(IllegalArgumentException.class, () -> random.uniform(y, 2, 2, SEED, 0));
    assertEquals("no numbers in [2.0, 2.0)", error.getMessage());
  }

  @Test
  void normalNumbersComeInPairs() {
    Span y = Spans.fresh(100_001);
    random.normal(y, 5, 2, SEED, OFFSET);
    double[] values = Values.read(y);
    for (int i : new int[] {0, 1, 2, 3, 6, 65_537, 100_000}) {
      int pair = i / 2 * 2;
      int u = Philox.word(SEED, OFFSET + pair / 4, pair % 4);
      int v = Philox.word(SEED, OFFSET + pair / 4, pair % 4 + 1);
      assertEquals(5 + 2 * Philox.normal(u, v, i % 2), values[i], "element " + i);
    }
    double mean = Arrays.stream(values).average().orElseThrow();
    double variance = Arrays.stream(values).map(v -> v * v).average().orElseThrow() - mean * mean;
    // Four standard errors of 100,001 draws.
    assertEquals(5, mean, 0.026);
    assertEquals(4, variance, 0.072);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1, 0.5, 0.9})
  void dropoutKeepsWhereTheNumberReachesP(double p) {
    double[] x = Spans.random(70_001, 5);
    Span source = Spans.of(DType.F32, x);
    Span y = Spans.filled(DType.F32, x.length, Double.NaN);
    random.dropout(source, y, p, SEED, OFFSET);
    double[] values = Values.read(y);
    int kept = 0;
    for (int i = 0; i < x.length; i++) {
      boolean keeps = word(i) >= (float) p;
      kept += keeps ? 1 : 0;
      assertEquals(keeps ? (float) x[i] * (float) (1 / (1 - p)) : 0, values[i], "element " + i);
    }
    assertEquals(1 - p, kept / (double) x.length, 4 * Math.sqrt(p * (1 - p) / x.length));
    random.dropout(source, source, p, SEED, OFFSET);
    assertArrayEquals(values, Values.read(source));
  }

  @Test
  void aNumberEqualToPIsKept() {
    Span y = Spans.fresh(6);
    random.dropout(Spans.f64(1, 1, 1, 1, 1, 1), y, word(5), SEED, OFFSET);
    assertEquals((float) (1 / (1 - (double) word(5))), Values.read(y)[5]);
  }

  @Test
  void dropoutRefusesImpossibleProbabilities() {
    Span x = Spans.f64(1);
    for (double p : new double[] {-0.1, 1, Double.NaN}) {
      var error =
          assertThrows(IllegalArgumentException.class, () -> random.dropout(x, x, p, SEED, 0));
      assertEquals("dropout probability " + p + " is not in [0, 1)", error.getMessage());
    }
    assertValues(x, 1);
  }

  private static final int ALL = Integer.MAX_VALUE;

  /** Draws from 1,000 rows of these probabilities over 0.9 and gives each row's number. */
  private int[] draw(int topK, double topP, float[] uniform, double... probabilities) {
    int rows = uniform.length;
    int cols = probabilities.length;
    var scores = new double[rows * cols];
    for (int i = 0; i < scores.length; i++) {
      scores[i] = 0.5 * Math.log(0.9 * probabilities[i % cols]);
    }
    for (int row = 0; row < rows; row++) {
      uniform[row] = Philox.uniform(Philox.word(SEED, OFFSET + row, 0));
    }
    Span index = Spans.filled(DType.I32, rows, -7);
    random.sample(Spans.of(DType.F64, scores), index, rows, cols, 0.5, topK, topP, SEED, OFFSET);
    return Values.readInts(index, rows);
  }

  private void assertDraws(int topK, double topP, double[] probabilities, double... ends) {
    var uniform = new float[1000];
    int[] drawn = draw(topK, topP, uniform, probabilities);
    for (int row = 0; row < drawn.length; row++) {
      int wanted = 0;
      while (uniform[row] >= ends[wanted]) {
        wanted++;
      }
      assertEquals(wanted, drawn[row], "for " + uniform[row]);
    }
  }

  /** {@code ends} are the sums of probabilities up to each index. */
  @Test
  void drawsInvertTheSumOfProbabilities() {
    double[] p = {0.125, 0.5, 0, 0.125, 0.25};
    assertDraws(ALL, 1, p, 0.125, 0.625, 0.625, 0.75, 1);
    assertDraws(5, 1, p, 0.125, 0.625, 0.625, 0.75, 1);
    assertDraws(2, 1, p, 0, 2 / 3.0, 0, 0, 1);
    assertDraws(3, 1, p, 0.125, 0.625, 0.625, 0.75, 1); // 0.125 twice
    assertDraws(1, 1, p, 0, 1, 1, 1, 1);
  }

  @Test
  void topPKeepsTheFewestThatHoldIt() {
    double[] p = {0.125, 0.5, 0, 0.125, 0.25};
    assertDraws(ALL, 0.49, p, 0, 1, 1, 1, 1);
    assertDraws(ALL, 0.51, p, 0, 2 / 3.0, 0, 0, 1);
    // Of the two with 0.125 the first stays.
    assertDraws(ALL, 0.8, p, 1 / 7.0, 5 / 7.0, 0, 0, 1);
    assertDraws(ALL, 0.9, p, 0.125, 0.625, 0.625, 0.75, 1);
    assertDraws(ALL, 1e-9, p, 0, 1, 1, 1, 1);
    // Of what top-k left, 0.5 is two thirds.
    assertDraws(2, 0.6, p, 0, 1, 1, 1, 1);
    assertDraws(2, 0.7, p, 0, 2 / 3.0, 0, 0, 1);
    assertDraws(ALL, 0.4, new double[] {0.25, 0.25, 0.25, 0.25}, 0.5, 1, 1, 1);
  }

  @Test
  void drawsRefuseWhatMakesNoSense() {
    Span x = Spans.f64(1, 2);
    Span index = Spans.i32(0);
    record Wrong(double temperature, int topK, double topP, String message) {}
    for (var wrong :
        new Wrong[] {
          new Wrong(0, 1, 1, "temperature is 0.0, must be a positive number;"),
          new Wrong(Double.NaN, 1, 1, "temperature is NaN, must be a positive number;"),
          new Wrong(1, 0, 1, "top-k is 0, must be at least 1"),
          new Wrong(1, 1, 0, "top-p is 0.0, must be in (0, 1]"),
          new Wrong(1, 1, 1.5, "top-p is 1.5, must be in (0, 1]"),
        }) {
      var error =
          assertThrows(
              IllegalArgumentException.class,
              () ->
                  random.sample(
                      x, index, 1, 2, wrong.temperature(), wrong.topK(), wrong.topP(), 0, 0));
      assertTrue(error.getMessage().startsWith(wrong.message()), error.getMessage());
    }
    assertThrows(
        IllegalArgumentException.class, () -> random.sample(x, index, 1, 0, 1, 1, 1, 0, 0));
    assertValues(index, 0);
  }
}

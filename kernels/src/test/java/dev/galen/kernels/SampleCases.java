package dev.galen.kernels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.tensor.DType;
import dev.galen.tensor.Layout;
import dev.galen.tensor.Shape;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.random.Philox;
import dev.galen.tensor.testing.ExactDraw;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Draws of several backends from the same rows: equal to the bit, and what F64 says. */
public final class SampleCases {
  private static final int ALL = Integer.MAX_VALUE;
  private static final float OUT = Float.NEGATIVE_INFINITY;

  /** Below 2^32, so that the rows of one call pass it. */
  private static final long OFFSET = (1L << 32) - 3;

  /** Kinds of rows. */
  private static final int KINDS = 6;

  /**
   * How scores become a distribution.
   *
   * @param temperature divides them
   * @param topK how many stay
   * @param topP the probability that stays
   */
  public record Settings(double temperature, int topK, double topP) {}

  /** None, each by itself, all together, all but everything cut, almost nothing cut. */
  public static final List<Settings> SETTINGS =
      List.of(
          new Settings(1, ALL, 1),
          new Settings(0.7, 50, 1),
          new Settings(1.3, ALL, 0.9),
          new Settings(0.8, 40, 0.95),
          new Settings(1, 1, 1),
          new Settings(1, ALL, 1e-9),
          new Settings(3, 5000, 0.3),
          new Settings(1, ALL, 0.5));

  private SampleCases() {}

  /** How many draws were checked, and of how many rounding may decide. */
  public static final class Count {
    private int draws;
    private int uncertain;

    /** Fails unless nearly all draws had one right answer. */
    public void requireMostCertain() {
      assertTrue(draws > 0 && 10 * uncertain <= draws, uncertain + " of " + draws);
    }

    @Override
    public String toString() {
      return "%d draws, rounding may decide %d".formatted(draws, uncertain);
    }
  }

  /** Draws from rows of {@code cols} scores by {@code seed}, and counts. */
  public static void check(
      Count count, DType dtype, int cols, Settings settings, long seed, Backend... backends) {
    Backend first = backends[0];
    float[] rounded = floats(first, scores(cols, seed), dtype);
    int[] drawn = draw(first, dtype, rounded, KINDS, settings, seed);
    for (Backend other : backends) {
      assertArrayEquals(
          drawn,
          draw(other, dtype, rounded, KINDS, settings, seed),
          () -> "%s and %s, %s over %d %s".formatted(first, other, settings, cols, dtype));
    }
    for (int row = 0; row < KINDS; row++) {
      ExactDraw exact =
          ExactDraw.of(
              Arrays.copyOfRange(rounded, row * cols, (row + 1) * cols),
              settings.temperature(),
              settings.topK(),
              settings.topP(),
              Philox.uniform(Philox.word(seed, OFFSET + row, 0)));
      int index = drawn[row];
      String what =
          "row %d of %d %s, %s: drew %d, not %d"
              .formatted(row, cols, dtype, settings, index, exact.index());
      assertTrue(index >= 0 ? exact.accepted().get(index) : exact.index() == -1, what);
      count.draws++;
      count.uncertain += exact.accepted().cardinality() > 1 ? 1 : 0;
    }
  }

  /** Flat, steep, full of ties, all equal, half excluded, zeros of both signs. */
  public static float[] scores(int cols, long seed) {
    var random = new Random(seed);
    var scores = new float[KINDS * cols];
    for (int j = 0; j < cols; j++) {
      float normal = (float) random.nextGaussian();
      scores[j] = normal;
      scores[cols + j] = 10 + 4 * normal;
      scores[2 * cols + j] = Math.round(2 * normal) / 2f;
      scores[3 * cols + j] = -7.25f;
      scores[4 * cols + j] = random.nextBoolean() && j > 0 ? OUT : normal;
      scores[5 * cols + j] = random.nextBoolean() ? -0f : 0f;
    }
    return scores;
  }

  /**
   * NaN, infinity, one only by the division, and nothing but excluded classes: -1, and no other.
   */
  public static void checkRowsWithout(Backend backend, DType dtype) {
    for (int cols : new int[] {1, 40, 5000}) {
      var scores = new float[7 * cols];
      for (int row : new int[] {0, 1, 2}) {
        float bad = new float[] {Float.NaN, Float.POSITIVE_INFINITY, 3e4f}[row];
        scores[row * cols + (row == 0 ? 0 : row == 1 ? cols - 1 : cols / 2)] = bad;
      }
      Arrays.fill(scores, 3 * cols, 4 * cols, OUT);
      Arrays.fill(scores, 4 * cols, 5 * cols - 1, OUT);
      scores[5 * cols] = Float.NaN;
      Arrays.fill(scores, 5 * cols + 1, 6 * cols, OUT);
      for (int topK : new int[] {1, 7, ALL}) {
        for (double topP : new double[] {0.5, 1}) {
          // 3e4 is in the range of F16 and out of F32's after the division by 1e-35.
          int[] drawn = draw(backend, dtype, scores, 7, new Settings(1e-35, topK, topP), 5);
          String what = topK + " of " + cols + " " + dtype;
          for (int row : new int[] {0, 1, 2, 3, 5}) {
            assertEquals(-1, drawn[row], what + ", row " + row);
          }
          assertEquals(cols - 1, drawn[4], what);
          assertTrue(drawn[6] >= 0 && drawn[6] < cols, what);
        }
      }
    }
  }

  /**
   * Pearson's statistic of {@code draws} draws, a row each, stays below the quantile that one seed
   * in 10,000 exceeds.
   */
  public static void checkFrequencies(Backend backend, int draws) {
    float[] scores = {0, 1, -2, 0.5f, OUT, -1.5f, 2, -1, -1, OUT, 0.25f, -1.5f};
    int cols = scores.length;
    var rows = new float[draws * cols];
    for (int row = 0; row < draws; row++) {
      System.arraycopy(scores, 0, rows, row * cols, cols);
    }
    // Six are kept, and the seventh, which equals the sixth.
    var counts = new int[cols];
    for (int id : draw(backend, DType.F32, rows, draws, new Settings(0.5, 6, 1), 17)) {
      counts[id]++;
    }
    double total = 0;
    for (float score : scores) {
      total += score >= -1 ? Math.exp(score / 0.5) : 0;
    }
    double statistic = 0;
    int possible = 0;
    for (int j = 0; j < cols; j++) {
      double expected = scores[j] >= -1 ? draws * Math.exp(scores[j] / 0.5) / total : 0;
      if (expected == 0) {
        assertEquals(0, counts[j], "draws of the excluded " + j);
      } else {
        statistic += Math.pow(counts[j] - expected, 2) / expected;
        possible++;
      }
    }
    // Wilson and Hilferty's approximation of chi-square's quantile, 1931.
    double variance = 2.0 / (9 * (possible - 1));
    double limit = (possible - 1) * Math.pow(1 - variance + 3.719 * Math.sqrt(variance), 3);
    assertTrue(statistic < limit, "chi-square is " + statistic + ", limit " + limit);
  }

  /** The indices that {@code backend} draws from {@code rows} rows. */
  public static int[] draw(
      Backend backend, DType dtype, float[] scores, int rows, Settings settings, long seed) {
    Span x = upload(backend, scores, dtype);
    var guarded = new int[rows + 2];
    Arrays.fill(guarded, -7);
    Span all = upload(backend, DType.I32, MemorySegment.ofArray(guarded));
    backend
        .random()
        .sample(
            x,
            all.slice(1, rows),
            rows,
            scores.length / rows,
            settings.temperature(),
            settings.topK(),
            settings.topP(),
            seed,
            OFFSET);
    backend.download(all, MemorySegment.ofArray(guarded));
    x.buffer().free("test");
    all.buffer().free("test");
    assertTrue(guarded[0] == -7 && guarded[rows + 1] == -7, "wrote beside its span");
    return Arrays.copyOfRange(guarded, 1, rows + 1);
  }

  /** {@code values} as they are after rounding to {@code dtype}. */
  private static float[] floats(Backend backend, float[] values, DType dtype) {
    Span short_ = upload(backend, values, dtype);
    Span wide = upload(backend, DType.F32, MemorySegment.ofArray(new float[values.length]));
    Layout layout = Layout.contiguous(Shape.of(values.length));
    backend.copy().copy(short_, layout, wide, layout);
    var result = new float[values.length];
    backend.download(wide, MemorySegment.ofArray(result));
    short_.buffer().free("test");
    wide.buffer().free("test");
    return result;
  }

  private static Span upload(Backend backend, float[] values, DType dtype) {
    Span given = upload(backend, DType.F32, MemorySegment.ofArray(values));
    if (dtype == DType.F32) {
      return given;
    }
    var buffer = backend.allocate((long) values.length * dtype.byteSize());
    var rounded = new Span(buffer, dtype, 0, values.length);
    Layout layout = Layout.contiguous(Shape.of(values.length));
    backend.copy().copy(given, layout, rounded, layout);
    given.buffer().free("test");
    return rounded;
  }

  private static Span upload(Backend backend, DType dtype, MemorySegment values) {
    var buffer = backend.allocate(values.byteSize());
    var span = new Span(buffer, dtype, 0, values.byteSize() / dtype.byteSize());
    backend.upload(values, span);
    return span;
  }
}

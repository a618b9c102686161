package dev.galen.examples.clinical.trust;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/** The formulas, on functions whose attributions are known. */
class AttributionTest {
  /** F(x) = sum of g(w_k x_k). */
  private record Sums(double[] w, int tokens, boolean square) implements EmbeddingFunction {
    @Override
    public int channels() {
      return w.length / tokens;
    }

    @Override
    public int batch() {
      return 7;
    }

    @Override
    public double[] values(float[][] points) {
      return Arrays.stream(points).mapToDouble(this::value).toArray();
    }

    private double value(float[] x) {
      double sum = 0;
      for (int k = 0; k < x.length; k++) {
        double y = w[k] * x[k];
        sum += square ? y * y * y : y;
      }
      return sum;
    }

    @Override
    public Slopes slopes(float[][] points) {
      assertTrue(points.length <= batch());
      var gradients = new float[points.length][w.length];
      for (int i = 0; i < points.length; i++) {
        for (int k = 0; k < w.length; k++) {
          double y = w[k] * points[i][k];
          gradients[i][k] = (float) (square ? 3 * y * y * w[k] : w[k]);
        }
      }
      return new Slopes(values(points), gradients);
    }
  }

  private static final float[] X = {1, -2, 3, 0.5f, 4, -1};
  private static final float[] BASE = {0, 1, 0, 0.5f, -1, 2};
  private static final double[] W = {2, 0.5, -1, 3, 0.25, -4};

  @Test
  void linearFunctionsHaveWeightTimesDistance() {
    Attribution exact = IntegratedGradients.of(new Sums(W, 3, false), X, BASE);
    // By hand: token by token 2*1 + 0.5*-3, -1*3 + 3*0, 0.25*5 + -4*-3.
    assertArrayEquals(new double[] {0.5, -3, 13.25}, exact.weights(), 1e-6);
    assertTrue(exact.isComplete());
    assertEquals(0, exact.gap(), 1e-6);
    assertEquals(2 + IntegratedGradients.FIRST_STEPS, exact.evaluations());
  }

  @Test
  void separableFunctionsHaveTheirPartsDifferences() {
    Attribution cubes = IntegratedGradients.of(new Sums(W, 6, true), X, BASE);
    for (int k = 0; k < 6; k++) {
      double part = Math.pow(W[k] * X[k], 3) - Math.pow(W[k] * BASE[k], 3);
      // The midpoint rule's error of a cube is h² / 4 times its leading coefficient.
      assertEquals(part, cubes.weights()[k], 0.01 * Math.max(1, Math.abs(part)));
    }
    assertTrue(cubes.isComplete());
  }

  /** A step function has no slope: nothing can make its attributions complete. */
  @Test
  void saysWhereTheSumIsNotComplete() {
    var step =
        new EmbeddingFunction() {
          @Override
          public int tokens() {
            return 1;
          }

          @Override
          public int channels() {
            return 1;
          }

          @Override
          public int batch() {
            return 64;
          }

          @Override
          public double[] values(float[][] points) {
            return Arrays.stream(points).mapToDouble(p -> p[0] > 0.3 ? 1 : 0).toArray();
          }

          @Override
          public Slopes slopes(float[][] points) {
            return new Slopes(values(points), new float[points.length][1]);
          }
        };
    Attribution attribution = IntegratedGradients.of(step, new float[] {1}, new float[] {0});
    assertFalse(attribution.isComplete());
    assertEquals(1, attribution.gap());
    assertEquals(2 + 16 + 48 + 144 + 432 + 432 + 1296 + 3888, attribution.evaluations());
  }

  /** x / sqrt(x² + 1e-12) rises from 0 to 1 within a millionth of the way. */
  @Test
  void growingStepsFindWhatHappensNearTheBaseline() {
    var norm =
        new EmbeddingFunction() {
          @Override
          public int tokens() {
            return 1;
          }

          @Override
          public int channels() {
            return 1;
          }

          @Override
          public int batch() {
            return 64;
          }

          @Override
          public double[] values(float[][] points) {
            return Arrays.stream(points)
                .mapToDouble(p -> p[0] / Math.sqrt(p[0] * p[0] + 1e-12))
                .toArray();
          }

          @Override
          public Slopes slopes(float[][] points) {
            var gradients = new float[points.length][1];
            for (int i = 0; i < points.length; i++) {
              double x = points[i][0];
              gradients[i][0] = (float) (1e-12 / Math.pow(x * x + 1e-12, 1.5));
            }
            return new Slopes(values(points), gradients);
          }
        };
    var attribution = IntegratedGradients.of(norm, new float[] {1}, new float[] {0});
    assertTrue(attribution.isComplete());
    assertEquals(1, attribution.weights()[0], 0.01);
    assertEquals(2 + 16 + 48 + 144 + 432 + 432, attribution.evaluations());
  }

  private record Function(int players, ToDoubleFunction<boolean[]> value) implements Shapley.Game {
    @Override
    public double[] values(List<boolean[]> coalitions) {
      assertTrue(coalitions.size() <= batch());
      return coalitions.stream().mapToDouble(value).toArray();
    }

    @Override
    public int batch() {
      return 10;
    }
  }

  /** A game of random values, the same for the same coalition. */
  private static Function random(int players) {
    var random = new SplittableRandom(5);
    var values = new double[1 << players];
    Arrays.setAll(values, i -> random.nextDouble(-1, 1));
    return new Function(
        players,
        coalition -> {
          int set = 0;
          for (int i = 0; i < players; i++) {
            set |= coalition[i] ? 1 << i : 0;
          }
          return values[set];
        });
  }

  /** The mean over every order: the definition. */
  private static double[] byOrders(int players, Function game) {
    var sums = new double[players];
    var orders = new ArrayList<int[]>();
    permute(new int[players], 0, new boolean[players], orders);
    for (int[] order : orders) {
      var coalition = new boolean[players];
      double before = game.value().applyAsDouble(coalition);
      for (int player : order) {
        coalition[player] = true;
        double after = game.value().applyAsDouble(coalition);
        sums[player] += after - before;
        before = after;
      }
    }
    return Arrays.stream(sums).map(sum -> sum / orders.size()).toArray();
  }

  private static void permute(int[] order, int at, boolean[] used, List<int[]> into) {
    if (at == order.length) {
      into.add(order.clone());
      return;
    }
    for (int i = 0; i < order.length; i++) {
      if (!used[i]) {
        used[i] = true;
        order[at] = i;
        permute(order, at + 1, used, into);
        used[i] = false;
      }
    }
  }

  @Test
  void exactValuesAreTheMeanOverAllOrders() {
    Function game = random(6);
    Attribution exact = Shapley.exact(6, game);
    assertArrayEquals(byOrders(6, game), exact.weights(), 1e-12);
    assertEquals(64, exact.evaluations());
  }

  @Test
  void exactValuesAreEfficientUpToTwelvePlayers() {
    Attribution exact = Shapley.exact(12, random(12));
    assertEquals(exact.difference(), Arrays.stream(exact.weights()).sum(), 1e-10);
    assertEquals(4096, exact.evaluations());
    assertTrue(exact.isComplete());
  }

  @Test
  void aPlayerThatAddsNothingHasZeroAndEqualOnesTheSame() {
    // A glove game: two left gloves and a right one make a pair; the fourth player has none.
    var gloves =
        new Function(4, coalition -> (coalition[0] || coalition[1]) && coalition[2] ? 1 : 0);
    double[] weights = Shapley.exact(4, gloves).weights();
    assertArrayEquals(new double[] {1 / 6.0, 1 / 6.0, 2 / 3.0, 0}, weights, 1e-12);
  }

  @Test
  void sampledValuesLieWithinTheirErrors() {
    Function game = random(10);
    double[] exact = Shapley.exact(10, game).weights();
    Attribution sampled = Shapley.sampled(10, game, 2000, 3);
    int far = 0;
    for (int i = 0; i < 10; i++) {
      double error = sampled.errors()[i];
      assertTrue(error > 0.001 && error < 0.05, error + "");
      double stray = Math.abs(sampled.weights()[i] - exact[i]) / error;
      assertTrue(stray < 4, "player " + i + ": " + stray + " standard errors");
      far += stray > 2 ? 1 : 0;
    }
    assertTrue(far <= 2, far + " of 10 beyond two standard errors");
    assertTrue(sampled.isComplete());
    assertArrayEquals(
        sampled.weights(), Shapley.sampled(10, game, 2000, 3).weights(), "the same seed");
  }

  @Test
  void errorsShrinkWithTheRootOfTheOrders() {
    Function game = random(8);
    double few = Arrays.stream(Shapley.sampled(8, game, 200, 1).errors()).sum();
    double many = Arrays.stream(Shapley.sampled(8, game, 3200, 1).errors()).sum();
    assertEquals(4, few / many, 0.6);
  }

  @Test
  void refusesWhatItCannotDo() {
    Function game = random(3);
    assertThrows(IllegalArgumentException.class, () -> Shapley.exact(13, game));
    assertThrows(IllegalArgumentException.class, () -> Shapley.sampled(3, game, 1, 0));
    var sums = new Sums(W, 3, false);
    assertThrows(
        IllegalArgumentException.class, () -> IntegratedGradients.of(sums, X, new float[5]));
  }
}

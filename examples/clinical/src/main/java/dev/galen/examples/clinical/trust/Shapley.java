package dev.galen.examples.clinical.trust;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Shapley values (Shapley: "A value for n-person games", 1953): what a player adds to a coalition,
 * as the mean over all orders in which the players may come. For n players and the value v of a
 * coalition,
 *
 * <pre>{@code phi_i = sum over S without i of |S|! (n - |S| - 1)! / n! (v(S + i) - v(S))}</pre>
 *
 * <p>Up to {@link #MOST_EXACT} players all 2^n coalitions are computed. Beyond, orders are drawn at
 * random (Castro, Gómez, Tejada: "Polynomial calculation of the Shapley value based on sampling",
 * 2009), and each value has its standard error, the deviation over the orders by the root of their
 * number. Values sum up to v(all) - v(none) in either case.
 */
public final class Shapley {
  /** Players up to which values are exact. */
  public static final int MOST_EXACT = 12;

  /** Orders that are drawn unless a caller says otherwise. */
  public static final int ORDERS = 100;

  /** Rounding of F32 logits that a sum of so many differences may show. */
  private static final double TOLERANCE = 1e-3;

  private Shapley() {}

  /** What coalitions are worth. */
  public interface Game {
    /**
     * The values of up to {@link #batch} coalitions.
     *
     * @param coalitions of each, which players are in it
     */
    double[] values(List<boolean[]> coalitions);

    /** How many coalitions are computed at a time. */
    int batch();
  }

  /**
   * Values of all players: exact up to {@link #MOST_EXACT} of them, else sampled.
   *
   * @param players their number
   * @param orders how many are drawn where they are sampled, at least 2
   * @param seed of the draws
   */
  public static Attribution of(int players, Game game, int orders, long seed) {
    return players <= MOST_EXACT ? exact(players, game) : sampled(players, game, orders, seed);
  }

  /** Exact values of up to {@link #MOST_EXACT} players. */
  public static Attribution exact(int players, Game game) {
    if (players < 0 || players > MOST_EXACT) {
      throw new IllegalArgumentException(
          "exact Shapley values are for up to %d players, got %d".formatted(MOST_EXACT, players));
    }
    int all = 1 << players;
    var coalitions = new ArrayList<boolean[]>();
    for (int set = 0; set < all; set++) {
      var coalition = new boolean[players];
      for (int i = 0; i < players; i++) {
        coalition[i] = (set >> i & 1) == 1;
      }
      coalitions.add(coalition);
    }
    double[] values = values(game, coalitions);
    var weights = new double[players];
    for (int set = 0; set < all; set++) {
      double share = share(Integer.bitCount(set), players);
      for (int i = 0; i < players; i++) {
        if ((set >> i & 1) == 0) {
          weights[i] += share * (values[set | 1 << i] - values[set]);
        }
      }
    }
    return new Attribution(weights, null, values[all - 1], values[0], all, TOLERANCE);
  }

  /** {@code |S|! (n - |S| - 1)! / n!}. */
  private static double share(int size, int players) {
    double share = 1.0 / players;
    for (int k = 1; k <= size; k++) {
      share *= (double) k / (players - k);
    }
    return share;
  }

  /** Sampled values, with their standard errors. */
  public static Attribution sampled(int players, Game game, int orders, long seed) {
    if (players < 1 || orders < 2) {
      throw new IllegalArgumentException(
          "sampling needs a player and two orders, got %d and %d".formatted(players, orders));
    }
    var random = new SplittableRandom(seed);
    var coalitions = new ArrayList<boolean[]>(List.of(new boolean[players]));
    var full = new boolean[players];
    Arrays.fill(full, true);
    coalitions.add(full);
    var drawn = new int[orders][];
    for (int o = 0; o < orders; o++) {
      drawn[o] = order(players, random);
      var coalition = new boolean[players];
      for (int i = 0; i < players - 1; i++) {
        coalition[drawn[o][i]] = true;
        coalitions.add(coalition.clone());
      }
    }
    double[] values = values(game, coalitions);
    var sums = new double[players];
    var squares = new double[players];
    int at = 2;
    for (int[] order : drawn) {
      double before = values[0];
      for (int i = 0; i < players; i++) {
        double after = i == players - 1 ? values[1] : values[at++];
        sums[order[i]] += after - before;
        squares[order[i]] += (after - before) * (after - before);
        before = after;
      }
    }
    var weights = new double[players];
    var errors = new double[players];
    for (int i = 0; i < players; i++) {
      weights[i] = sums[i] / orders;
      double variance = Math.max(0, squares[i] - orders * weights[i] * weights[i]) / (orders - 1);
      errors[i] = Math.sqrt(variance / orders);
    }
    return new Attribution(weights, errors, values[1], values[0], values.length, TOLERANCE);
  }

  private static int[] order(int players, SplittableRandom random) {
    var order = new int[players];
    Arrays.setAll(order, i -> i);
    for (int i = players - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int kept = order[i];
      order[i] = order[other];
      order[other] = kept;
    }
    return order;
  }

  private static double[] values(Game game, List<boolean[]> coalitions) {
    var values = new double[coalitions.size()];
    for (int from = 0; from < values.length; from += game.batch()) {
      int to = Math.min(from + game.batch(), values.length);
      double[] some = game.values(coalitions.subList(from, to));
      System.arraycopy(some, 0, values, from, some.length);
    }
    return values;
  }
}

package dev.galen.examples.search;

import dev.galen.examples.search.space.FloatRange;
import dev.galen.examples.search.space.IntRange;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Functions to search, as {@code regret/regrets.py} of the test resources has them.
 *
 * @param function without noise
 * @param trials how many are made
 * @param least its least value
 * @param noise deviation of what is added to the value that the sampler sees
 */
record RegretFunctions(Objective function, int trials, double least, double noise) {
  static final Map<String, RegretFunctions> ALL = all();

  private static final double[] ALPHA = {1.0, 1.2, 3.0, 3.2};
  private static final double[][] A = {
    {10, 3, 17, 3.5, 1.7, 8},
    {0.05, 10, 17, 0.1, 8, 14},
    {3, 3.5, 1.7, 10, 17, 8},
    {17, 8, 0.05, 10, 0.1, 14}
  };
  private static final double[][] P = {
    {1312, 1696, 5569, 124, 8283, 5886},
    {2329, 4135, 8307, 3736, 1004, 9991},
    {2348, 1451, 3522, 2883, 3047, 6650},
    {4047, 8828, 8732, 5743, 1091, 381}
  };

  private static Map<String, RegretFunctions> all() {
    var all = new LinkedHashMap<String, RegretFunctions>();
    all.put("sphere", new RegretFunctions(RegretFunctions::sphere, 100, 0, 0));
    all.put("rosenbrock", new RegretFunctions(RegretFunctions::rosenbrock, 100, 0, 0));
    all.put("branin", new RegretFunctions(RegretFunctions::branin, 80, 0.39788735772973816, 0));
    all.put(
        "hartmann6", new RegretFunctions(RegretFunctions::hartmann6, 100, -3.322368011415515, 0));
    all.put("ackley", new RegretFunctions(RegretFunctions::ackley, 100, 0, 0));
    all.put("rastrigin", new RegretFunctions(RegretFunctions::rastrigin, 100, 0, 0));
    all.put(
        "styblinski",
        new RegretFunctions(RegretFunctions::styblinski, 100, -4 * 39.16616570377142, 0));
    all.put("rate", new RegretFunctions(RegretFunctions::rate, 60, 0, 0));
    all.put("mixed", new RegretFunctions(RegretFunctions::mixed, 100, 0, 0));
    all.put("integers", new RegretFunctions(RegretFunctions::integers, 80, 0, 0));
    all.put("stepped", new RegretFunctions(RegretFunctions::stepped, 80, 0, 0));
    all.put("conditional", new RegretFunctions(RegretFunctions::conditional, 80, 0, 0));
    all.put("noisy", new RegretFunctions(RegretFunctions::noisy, 60, 0, 0.5));
    return all;
  }

  /** The value without noise at the best trial's point, less the least there is. */
  double regret(Study.Builder builder, long seed) {
    RandomGenerator random = new SplittableRandom(1000 + seed);
    var clean = new double[trials];
    try (Study study = builder.open()) {
      study.optimize(
          trial -> {
            clean[trial.number()] = function.value(trial);
            return clean[trial.number()] + (noise > 0 ? noise * random.nextGaussian() : 0);
          },
          trials);
      return clean[study.best().orElseThrow().number()] - least;
    }
  }

  private static double[] floats(Trial trial, int n, double low, double high) {
    var x = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = trial.suggestFloat("x" + i, low, high);
    }
    return x;
  }

  private static double square(double x) {
    return x * x;
  }

  private static double sphere(Trial trial) {
    double sum = 0;
    for (double x : floats(trial, 4, -5, 5)) {
      sum += square(x - 1.3);
    }
    return sum;
  }

  private static double rosenbrock(Trial trial) {
    double[] x = floats(trial, 2, -2.048, 2.048);
    return 100 * square(x[1] - x[0] * x[0]) + square(1 - x[0]);
  }

  private static double branin(Trial trial) {
    double x = trial.suggestFloat("x", -5, 10);
    double y = trial.suggestFloat("y", 0, 15);
    double b = 5.1 / (4 * Math.PI * Math.PI);
    double c = 5 / Math.PI;
    return square(y - b * x * x + c * x - 6) + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
  }

  private static double hartmann6(Trial trial) {
    double[] x = floats(trial, 6, 0, 1);
    double sum = 0;
    for (int i = 0; i < 4; i++) {
      double inner = 0;
      for (int j = 0; j < 6; j++) {
        inner += A[i][j] * square(x[j] - 1e-4 * P[i][j]);
      }
      sum -= ALPHA[i] * Math.exp(-inner);
    }
    return sum;
  }

  private static double ackley(Trial trial) {
    double squares = 0;
    double waves = 0;
    for (double x : floats(trial, 3, -15, 30)) {
      squares += x * x / 3;
      waves += Math.cos(2 * Math.PI * x) / 3;
    }
    return -20 * Math.exp(-0.2 * Math.sqrt(squares)) - Math.exp(waves) + 20 + Math.E;
  }

  private static double rastrigin(Trial trial) {
    double sum = 0;
    for (double x : floats(trial, 2, -4, 6)) {
      sum += x * x - 10 * Math.cos(2 * Math.PI * x) + 10;
    }
    return sum;
  }

  private static double styblinski(Trial trial) {
    double sum = 0;
    for (double x : floats(trial, 4, -5, 5)) {
      sum += (square(x * x) - 16 * x * x + 5 * x) / 2;
    }
    return sum;
  }

  private static double rate(Trial trial) {
    double rate = Math.log10(trial.suggestFloat("rate", FloatRange.log(1e-6, 1)));
    double decay = Math.log10(trial.suggestFloat("decay", FloatRange.log(1e-6, 0.1)));
    double slow = square(rate + 3.2) + 0.3 * square(decay + 2.7 - 0.4 * (rate + 3.2));
    return slow + (rate > -1 ? 5 : 0);
  }

  private static double mixed(Trial trial) {
    String optimizer = trial.suggestCategorical("optimizer", "sgd", "adam", "lion");
    String activation = trial.suggestCategorical("activation", "relu", "gelu", "silu", "tanh");
    double rate = Math.log10(trial.suggestFloat("rate", FloatRange.log(1e-5, 1)));
    double dropout = trial.suggestFloat("dropout", 0, 0.6);
    double wanted = Map.of("sgd", -1.2, "adam", -3.1, "lion", -3.9).get(optimizer);
    double offset = Map.of("sgd", 0.4, "adam", 0.0, "lion", 0.1).get(optimizer);
    offset += Map.of("relu", 0.2, "gelu", 0.0, "silu", 0.05, "tanh", 0.5).get(activation);
    return offset + 0.5 * square(rate - wanted) + 4 * square(dropout - 0.13);
  }

  private static double integers(Trial trial) {
    double width = Math.log(trial.suggestInt("width", IntRange.log(16, 1024))) / Math.log(2);
    int layers = trial.suggestInt("layers", 1, 24);
    long batch = trial.suggestInt("batch", new IntRange(8, 128, false, 8));
    return square(width - 7.6)
        + 0.05 * square(layers - 9)
        + 0.001 * square(batch - 40)
        + 0.02 * Math.abs(layers - 9) * Math.abs(width - 7.6);
  }

  private static double stepped(Trial trial) {
    double sum = 0;
    for (int i = 0; i < 3; i++) {
      double x = trial.suggestFloat("x" + i, FloatRange.stepped(-4, 6, 0.25));
      sum += square(x - 1.75) * (1 + i);
    }
    return sum;
  }

  private static double conditional(Trial trial) {
    if (trial.suggestCategorical("kind", "line", "plane").equals("line")) {
      return 0.3 + square(trial.suggestFloat("x", -5, 5) - 2);
    }
    double y = trial.suggestFloat("y", -5, 5);
    double z = trial.suggestFloat("z", FloatRange.log(1e-3, 10));
    return square(y + 1) + square(Math.log10(z));
  }

  private static double noisy(Trial trial) {
    double sum = 0;
    for (double x : floats(trial, 2, -5, 5)) {
      sum += square(x - 0.7);
    }
    return sum;
  }
}

package dev.galen.train.optim;

import dev.galen.tensor.Tensor;
import dev.galen.train.values.NamedValues;
import java.util.List;
import java.util.Map;

/**
 * Adafactor (Shazeer and Stern 2018, arXiv 1804.04235) by PyTorch's rule, with decay on matrices
 * only. With the mean squares V of {@link FactoredSquares}, of weight {@code t^beta2Decay} for the
 * new ones: {@code u = g / sqrt(max(V, eps1^2)); p -= lr wd p; p -= max(eps2, rms(p)) min(lr,
 * 1/sqrt(t)) u / max(1, rms(u)/d)}. It keeps a number for each row and column.
 */
public final class Adafactor extends FactoredOptimizer {
  /** Squares of F32 below it are none. */
  private static final double LEAST_SQUARE = Float.MIN_NORMAL;

  private final Settings settings;

  /**
   * The constants of the rule.
   *
   * @param beta2Decay exponent of the weight of new squares, below 0
   * @param epsilon1 least mean of squares; PyTorch's default is the machine epsilon of F32
   * @param epsilon2 least root mean square of a parameter
   * @param limit d, the root mean square of an update at most
   * @param weightDecay per update and unit of learning rate
   */
  public record Settings(
      double beta2Decay, double epsilon1, double epsilon2, double limit, double weightDecay)
      implements OptimizerSpec {
    /** PyTorch's. */
    public static final Settings DEFAULTS = new Settings(-0.8, Math.ulp(1f), 1e-3, 1, 0);

    /** Refuses what makes no rule. */
    public Settings {
      Numbers.require(beta2Decay <= 0, "beta2_decay", beta2Decay, "a number up to 0");
      Numbers.requireNotNegative("eps1", epsilon1);
      Numbers.requireNotNegative("eps2", epsilon2);
      Numbers.require(limit >= 1, "d", limit, "at least 1");
      WeightDecay.require(weightDecay);
    }

    @Override
    public String name() {
      return "Adafactor";
    }

    @Override
    public Adafactor create(Map<String, Tensor> parameters) {
      return new Adafactor(parameters, this);
    }

    @Override
    public int stateBytes() {
      return 1; // of a matrix of 8 rows and 8 columns, the smallest of any use
    }

    @Override
    public Map<String, String> settings() {
      return NamedValues.text(
          "beta2_decay",
          beta2Decay,
          "eps1",
          epsilon1,
          "eps2",
          epsilon2,
          "d",
          limit,
          WeightDecay.SETTING,
          weightDecay);
    }

    static Settings of(NamedValues values) {
      return new Settings(
          values.number("beta2_decay", DEFAULTS.beta2Decay),
          values.number("eps1", DEFAULTS.epsilon1),
          values.number("eps2", DEFAULTS.epsilon2),
          values.number("d", DEFAULTS.limit),
          values.number(WeightDecay.SETTING, DEFAULTS.weightDecay));
    }
  }

  private Adafactor(Map<String, Tensor> parameters, Settings settings) {
    super(parameters, List.of());
    this.settings = settings;
  }

  @Override
  void update(
      Piece one, Tensor parameter, Tensor gradient, FactoredSquares memory, double learningRate) {
    double step = one.step();
    double rate =
        Math.max(settings.epsilon2(), FactoredSquares.rms(parameter))
            * Math.min(learningRate, 1 / Math.sqrt(step));
    memory.average(1 - Math.pow(step, settings.beta2Decay()), gradient.mul(gradient));
    Tensor squares = memory.estimate(settings.epsilon1());
    double least = Math.max(settings.epsilon1() * settings.epsilon1(), LEAST_SQUARE);
    Tensor update = gradient.div(squares.maximum(FactoredSquares.scalar(squares, least)).sqrt());
    double shrink = Math.max(1, FactoredSquares.rms(update) / settings.limit());
    double decay = learningRate * one.decay(settings.weightDecay());
    move(parameter, decay, -rate / shrink, update);
  }
}

package dev.galen.train.optim;

import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.ops.InPlace;
import dev.galen.train.values.NamedValues;
import java.util.List;
import java.util.Map;

/**
 * Adafactor (Shazeer and Stern 2018, arXiv 1804.04235) by the rule of transformers, with decay on
 * matrices only. With the mean V of {@code g^2 + eps1} of {@link FactoredSquares}, of weight {@code
 * t^decayRate} for the new ones: {@code u = g / sqrt(V); u = a u / max(1, rms(u)/clipThreshold); m
 * = b1 m + (1-b1) u; p -= a wd p; p -= m}, where the rate a is the learning rate, or {@code
 * min(1e-2, 1/sqrt(t))} of a relative step, times {@code max(eps2, rms(p))} where it is scaled.
 */
public final class HfAdafactor extends FactoredOptimizer {
  private static final double RELATIVE = 1e-2;
  private static final double RELATIVE_WARMUP = 1e-6;

  private final Settings settings;

  /**
   * The constants of the rule.
   *
   * @param epsilon1 added to squared gradients
   * @param epsilon2 least root mean square of a parameter that scales its rate
   * @param clipThreshold the root mean square of an update at most
   * @param decayRate exponent of the weight of new squares, below 0
   * @param beta1 decay of the mean of updates; null for none
   * @param weightDecay per update and unit of learning rate
   * @param scaleParameter whether the rate is scaled by a parameter's root mean square
   * @param relativeStep whether the rate follows from the step, and the learning rate is not used
   * @param warmupInit whether a relative step rises from 1e-6
   */
  public record Settings(
      double epsilon1,
      double epsilon2,
      double clipThreshold,
      double decayRate,
      Double beta1,
      double weightDecay,
      boolean scaleParameter,
      boolean relativeStep,
      boolean warmupInit)
      implements OptimizerSpec {
    /** What transformers' Trainer takes: the learning rate as it is. */
    public static final Settings DEFAULTS =
        new Settings(1e-30, 1e-3, 1, -0.8, null, 0, false, false, false);

    /** Refuses what makes no rule. */
    public Settings {
      Numbers.requireNotNegative("eps1", epsilon1);
      Numbers.requireNotNegative("eps2", epsilon2);
      Numbers.requirePositive("clip_threshold", clipThreshold);
      Numbers.require(decayRate <= 0, "decay_rate", decayRate, "a number up to 0");
      Numbers.requireBeta("beta1", beta1 == null ? 0 : beta1);
      WeightDecay.require(weightDecay);
      Numbers.require(
          !warmupInit || relativeStep, "warmup_init", warmupInit, "false without relative_step");
    }

    @Override
    public String name() {
      return "HfAdafactor";
    }

    @Override
    public HfAdafactor create(Map<String, Tensor> parameters) {
      return new HfAdafactor(parameters, this);
    }

    @Override
    public int stateBytes() {
      return beta1 == null ? 1 : 1 + Float.BYTES;
    }

    @Override
    public Map<String, String> settings() {
      return NamedValues.text(
          "eps1",
          epsilon1,
          "eps2",
          epsilon2,
          "clip_threshold",
          clipThreshold,
          "decay_rate",
          decayRate,
          "beta1",
          beta1 == null ? "none" : beta1,
          WeightDecay.SETTING,
          weightDecay,
          "scale_parameter",
          scaleParameter,
          "relative_step",
          relativeStep,
          "warmup_init",
          warmupInit);
    }

    static Settings of(NamedValues values) {
      return new Settings(
          values.number("eps1", DEFAULTS.epsilon1),
          values.number("eps2", DEFAULTS.epsilon2),
          values.number("clip_threshold", DEFAULTS.clipThreshold),
          values.number("decay_rate", DEFAULTS.decayRate),
          values.isNone("beta1") ? null : values.number("beta1"),
          values.number(WeightDecay.SETTING, DEFAULTS.weightDecay),
          values.flag("scale_parameter", DEFAULTS.scaleParameter),
          values.flag("relative_step", DEFAULTS.relativeStep),
          values.flag("warmup_init", DEFAULTS.warmupInit));
    }
  }

  private HfAdafactor(Map<String, Tensor> parameters, Settings settings) {
    super(parameters, settings.beta1() == null ? List.of() : List.of("mean"));
    this.settings = settings;
  }

  @Override
  void update(
      Piece one, Tensor parameter, Tensor gradient, FactoredSquares memory, double learningRate) {
    double rate = rate(one, parameter, learningRate);
    double kept = 1 - Math.pow(one.step(), settings.decayRate());
    memory.average(kept, gradient.mul(gradient).add(settings.epsilon1()));
    Tensor update = gradient.div(memory.estimate(0).sqrt());
    double shrink = Math.max(1, FactoredSquares.rms(update) / settings.clipThreshold());
    double factor = -rate / shrink;
    if (settings.beta1() != null) {
      Span mean = one.states().getFirst();
      var with = new InPlace(parameter.backend());
      with.scale(settings.beta1(), mean);
      with.add((1 - settings.beta1()) * -factor, update.contiguousSpan(), mean);
      update = shaped(mean, parameter.shape());
      factor = -1;
    }
    move(parameter, rate * one.decay(settings.weightDecay()), factor, update);
  }

  private double rate(Piece one, Tensor parameter, double learningRate) {
    double rate = learningRate;
    if (settings.relativeStep()) {
      double most = settings.warmupInit() ? RELATIVE_WARMUP * one.step() : RELATIVE;
      rate = Math.min(most, 1 / Math.sqrt(one.step())) * one.group().rate();
    }
    return settings.scaleParameter()
        ? rate * Math.max(settings.epsilon2(), FactoredSquares.rms(parameter))
        : rate;
  }
}

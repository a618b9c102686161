package dev.galen.train.optim;

import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import dev.galen.train.values.NamedValues;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lion (Chen et al. 2023, arXiv 2302.06675), with decay on matrices only: {@code p -= lr (sign(b1 m
 * + (1-b1) g) + wd p); m = b2 m + (1-b2) g}; the sign of 0 is 0. Its rate is three to ten times
 * smaller than AdamW's.
 */
public final class Lion extends BlockOptimizer {
  private final Settings settings;

  /**
   * The constants of the rule.
   *
   * @param beta1 weight of the mean in the update, 0.9 in the paper
   * @param beta2 decay of the mean, 0.99 in the paper
   * @param weightDecay per update and unit of learning rate
   */
  public record Settings(double beta1, double beta2, double weightDecay) implements OptimizerSpec {
    /** Refuses what makes no rule: betas outside [0, 1), a decay below 0. */
    public Settings {
      Numbers.requireBeta("beta1", beta1);
      Numbers.requireBeta("beta2", beta2);
      WeightDecay.require(weightDecay);
    }

    @Override
    public String name() {
      return "Lion";
    }

    @Override
    public Lion create(Map<String, Tensor> parameters) {
      return new Lion(parameters, this, StateStorage.F32);
    }

    @Override
    public Lion create(Map<String, Tensor> parameters, StateStorage storage) {
      return new Lion(parameters, this, storage);
    }

    @Override
    public double stateBytes(StateFormat format) {
      return format.bytes(1);
    }

    @Override
    public int stateBytes() {
      return Float.BYTES;
    }

    @Override
    public Map<String, String> settings() {
      return NamedValues.text("beta1", beta1, "beta2", beta2, WeightDecay.SETTING, weightDecay);
    }

    static Settings of(NamedValues values) {
      return new Settings(
          values.number("beta1", 0.9),
          values.number("beta2", 0.99),
          values.number(WeightDecay.SETTING, 0));
    }
  }

  private Lion(Map<String, Tensor> parameters, Settings settings, StateStorage storage) {
    super(parameters, List.of("mean"), Set.of(), storage);
    this.settings = settings;
  }

  @Override
  protected int vectorsOfUpdate() {
    return 2;
  }

  @Override
  protected void update(Backend backend, Piece piece, double learningRate, double gradientScale) {
    double decay = piece.decay(settings.weightDecay());
    Elements.of(
        backend,
        piece,
        part -> {
          Span mean = part.states().getFirst();
          Span mixed = part.with().scaled(settings.beta1(), mean);
          part.with().add((1 - settings.beta1()) * gradientScale, part.gradients(), mixed);
          Span change = part.with().signs(-learningRate, mixed);
          part.with().scale(1 - learningRate * decay, part.values());
          part.with().add(1, change, part.values());
          part.with().scale(settings.beta2(), mean);
          part.with().add((1 - settings.beta2()) * gradientScale, part.gradients(), mean);
        });
  }
}

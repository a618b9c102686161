package dev.galen.train.optim;

import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.UpdateRule;
import dev.galen.train.values.NamedValues;
import java.util.Collection;
import java.util.Map;

/**
 * AdamW by PyTorch's rule (Loshchilov and Hutter 2017, arXiv 1711.05101), with decay on matrices
 * only: tensors of two or more dimensions. {@link BlockOptimizer} says what becomes of frozen
 * parameters.
 */
public final class AdamW extends BlockOptimizer {
  private final Settings settings;

  /**
   * The constants of the rule.
   *
   * @param beta1 decay of the first moment
   * @param beta2 decay of the second moment
   * @param epsilon added to the root of the second moment
   * @param weightDecay per update and unit of learning rate
   * @param amsgrad whether the second moment never falls (Reddi et al. 2018, arXiv 1904.09237)
   */
  public record Settings(
      double beta1, double beta2, double epsilon, double weightDecay, boolean amsgrad)
      implements OptimizerSpec {
    /** Refuses what makes no rule: betas outside [0, 1), an epsilon or decay below 0. */
    public Settings {
      Numbers.requireBeta("beta1", beta1);
      Numbers.requireBeta("beta2", beta2);
      Numbers.requireNotNegative("epsilon", epsilon);
      WeightDecay.require(weightDecay);
    }

    /** The rule as it was first. */
    public Settings(double beta1, double beta2, double epsilon, double weightDecay) {
      this(beta1, beta2, epsilon, weightDecay, false);
    }

    /** PyTorch's and HuggingFace's betas and epsilon. */
    public static Settings decay(double weightDecay) {
      return new Settings(0.9, 0.999, 1e-8, weightDecay);
    }

    @Override
    public String name() {
      return "AdamW";
    }

    @Override
    public AdamW create(Map<String, Tensor> parameters) {
      return new AdamW(parameters, this, StateStorage.F32);
    }

    @Override
    public AdamW create(Map<String, Tensor> parameters, StateStorage storage) {
      stateBytes(storage.format()); // refuses what it cannot keep
      return new AdamW(parameters, this, storage);
    }

    @Override
    public double stateBytes(StateFormat format) {
      return Amsgrad.stateBytes(amsgrad, format);
    }

    @Override
    public int stateBytes() {
      return Amsgrad.states(amsgrad).size() * Float.BYTES;
    }

    @Override
    public Map<String, String> settings() {
      return NamedValues.text(
          "beta1",
          beta1,
          "beta2",
          beta2,
          "epsilon",
          epsilon,
          WeightDecay.SETTING,
          weightDecay,
          "amsgrad",
          amsgrad);
    }
  }

  /**
   * An optimizer of those of {@code parameters} that are not frozen, which it moves into one block.
   *
   * @throws IllegalArgumentException if every one is frozen, or there is none
   */
  public AdamW(Collection<Tensor> parameters, Settings settings) {
    this(numbered(parameters), settings, StateStorage.F32);
  }

  private AdamW(Map<String, Tensor> parameters, Settings settings, StateStorage storage) {
    super(parameters, Amsgrad.states(settings.amsgrad()), Amsgrad.NEVER_NEGATIVE, storage);
    this.settings = settings;
  }

  @Override
  protected int vectorsOfUpdate() {
    return settings.amsgrad() ? 3 : 0;
  }

  @Override
  protected void update(Backend backend, Piece piece, double learningRate, double gradientScale) {
    double decay = piece.decay(settings.weightDecay());
    var rule =
        new UpdateRule.AdamW(
            learningRate,
            settings.beta1(),
            settings.beta2(),
            settings.epsilon(),
            decay,
            piece.step(),
            gradientScale);
    if (settings.amsgrad()) {
      Elements.of(
          backend,
          piece,
          part -> Amsgrad.update(part, rule, part.with().scaled(gradientScale, part.gradients())));
    } else {
      rule.update(backend, piece.values(), piece.gradients(), piece.states());
    }
  }
}

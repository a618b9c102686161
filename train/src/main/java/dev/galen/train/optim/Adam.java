package dev.galen.train.optim;

import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.UpdateRule;
import dev.galen.train.values.NamedValues;
import java.util.Map;

/**
 * Adam (Kingma and Ba 2014, arXiv 1412.6980) by PyTorch's rule: {@link AdamW}'s, but that decay
 * times the parameter is added to its gradient, {@code g += wd p}, on matrices only.
 */
public final class Adam extends BlockOptimizer {
  private final Settings settings;

  /**
   * The constants of the rule.
   *
   * @param beta1 decay of the first moment
   * @param beta2 decay of the second moment
   * @param epsilon added to the root of the second moment
   * @param weightDecay factor on the parameter that is added to its gradient
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

    @Override
    public String name() {
      return "Adam";
    }

    @Override
    public Adam create(Map<String, Tensor> parameters) {
      return new Adam(parameters, this, StateStorage.F32);
    }

    @Override
    public Adam create(Map<String, Tensor> parameters, StateStorage storage) {
      stateBytes(storage.format()); // refuses what it cannot keep
      return new Adam(parameters, this, storage);
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
      return new AdamW.Settings(beta1, beta2, epsilon, weightDecay, amsgrad).settings();
    }

    static Settings of(NamedValues values) {
      return new Settings(
          values.number("beta1", 0.9),
          values.number("beta2", 0.999),
          values.number("epsilon", values.number("eps", 1e-8)),
          values.number(WeightDecay.SETTING, 0),
          values.flag("amsgrad", false));
    }
  }

  private Adam(Map<String, Tensor> parameters, Settings settings, StateStorage storage) {
    super(parameters, Amsgrad.states(settings.amsgrad()), Amsgrad.NEVER_NEGATIVE, storage);
    this.settings = settings;
  }

  @Override
  protected int vectorsOfUpdate() {
    return settings.amsgrad() ? 3 : 1;
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
            0,
            piece.step(),
            1);
    Elements.of(
        backend,
        piece,
        part -> {
          Span gradient = part.decayedGradients(gradientScale, decay);
          if (settings.amsgrad()) {
            Amsgrad.update(part, rule, gradient);
          } else {
            rule.update(backend, part.values(), gradient, part.states());
          }
        });
  }
}

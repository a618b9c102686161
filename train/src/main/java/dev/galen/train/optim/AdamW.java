package dev.galen.train.optim;

import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.UpdateRule;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * AdamW by PyTorch's rule (Loshchilov and Hutter 2017, arXiv 1711.05101), with decay on matrices
 * only: tensors of two or more dimensions. {@link BlockOptimizer} says what becomes of frozen
 * parameters; the count of updates, which both moments are corrected by, goes on for those that are
 * frozen for a while.
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
   */
  public record Settings(double beta1, double beta2, double epsilon, double weightDecay)
      implements OptimizerSpec {
    /** Refuses a decay that is no number from 0 on. */
    public Settings {
      WeightDecay.require(weightDecay);
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
      return new AdamW(parameters, this);
    }

    @Override
    public int stateBytes() {
      return UpdateRule.AdamW.STATES.size() * Float.BYTES;
    }

    @Override
    public Map<String, String> settings() {
      var settings = new LinkedHashMap<String, String>();
      settings.put("beta1", Double.toString(beta1));
      settings.put("beta2", Double.toString(beta2));
      settings.put("epsilon", Double.toString(epsilon));
      settings.put(WeightDecay.SETTING, Double.toString(weightDecay));
      return settings;
    }
  }

  /**
   * An optimizer of those of {@code parameters} that are not frozen, which it moves into one block.
   *
   * @throws IllegalArgumentException if every one is frozen, or there is none
   */
  public AdamW(Collection<Tensor> parameters, Settings settings) {
    this(numbered(parameters), settings);
  }

  /** The same of named parameters, such as a model's; what is refused is refused by name. */
  public AdamW(Map<String, Tensor> parameters, Settings settings) {
    super(parameters, UpdateRule.AdamW.STATES);
    this.settings = settings;
  }

  @Override
  protected void update(Backend backend, Piece piece, double learningRate, double gradientScale) {
    var rule =
        new UpdateRule.AdamW(
            learningRate,
            settings.beta1(),
            settings.beta2(),
            settings.epsilon(),
            piece.matrices() ? settings.weightDecay() : 0,
            steps(),
            gradientScale);
    rule.update(backend, piece.values(), piece.gradients(), piece.states());
  }
}

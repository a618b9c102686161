package dev.galen.train.optim;

import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.UpdateRule;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Stochastic gradient descent with momentum by PyTorch's rule (Sutskever et al. 2013), with decay
 * on matrices only. Half of {@link AdamW}'s state, and a learning rate that is larger by far.
 */
public final class Sgd extends BlockOptimizer {
  private final Settings settings;

  /**
   * The constants of the rule.
   *
   * @param momentum decay of the running sum of gradients, in [0, 1); 0.9 is usual
   * @param weightDecay factor on the parameter that is added to its gradient
   */
  public record Settings(double momentum, double weightDecay) implements OptimizerSpec {
    /** Refuses what makes a run diverge. */
    public Settings {
      if (!(momentum >= 0 && momentum < 1)) {
        throw new IllegalArgumentException("momentum is " + momentum + ", must be in [0, 1)");
      }
      WeightDecay.require(weightDecay);
    }

    @Override
    public String name() {
      return "SGD";
    }

    @Override
    public Sgd create(Map<String, Tensor> parameters) {
      return new Sgd(parameters, this);
    }

    @Override
    public int stateBytes() {
      return UpdateRule.Sgd.STATES.size() * Float.BYTES;
    }

    @Override
    public Map<String, String> settings() {
      var settings = new LinkedHashMap<String, String>();
      settings.put("momentum", Double.toString(momentum));
      settings.put(WeightDecay.SETTING, Double.toString(weightDecay));
      return settings;
    }
  }

  /**
   * An optimizer of those of {@code parameters} that are not frozen, which it moves into one block.
   *
   * @throws IllegalArgumentException if every one is frozen, or there is none
   */
  public Sgd(Collection<Tensor> parameters, Settings settings) {
    this(numbered(parameters), settings);
  }

  /** The same of named parameters, such as a model's; what is refused is refused by name. */
  public Sgd(Map<String, Tensor> parameters, Settings settings) {
    super(parameters, UpdateRule.Sgd.STATES);
    this.settings = settings;
  }

  @Override
  protected void update(Backend backend, Piece piece, double learningRate, double gradientScale) {
    var rule =
        new UpdateRule.Sgd(
            learningRate,
            settings.momentum(),
            piece.matrices() ? settings.weightDecay() : 0,
            gradientScale);
    rule.update(backend, piece.values(), piece.gradients(), piece.states());
  }
}

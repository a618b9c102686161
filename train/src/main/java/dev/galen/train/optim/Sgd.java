package dev.galen.train.optim;

import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.UpdateRule;
import dev.galen.train.values.NamedValues;
import java.util.Collection;
import java.util.Map;
import java.util.Set;

/**
 * Stochastic gradient descent with momentum by PyTorch's rule (Sutskever et al. 2013), with decay
 * on matrices only: {@code g += wd p; b = mu b + (1 - dampening) g; p -= lr b}, or by Nesterov
 * {@code p -= lr (g + mu b)}; the first update has no dampening. Half of {@link AdamW}'s state, and
 * a learning rate that is larger by far.
 */
public final class Sgd extends BlockOptimizer {
  private final Settings settings;

  /**
   * The constants of the rule.
   *
   * @param momentum decay of the running sum of gradients, in [0, 1); 0.9 is usual
   * @param weightDecay factor on the parameter that is added to its gradient
   * @param dampening of what is added to the running sum, in [0, 1)
   * @param nesterov whether the update looks ahead; needs momentum, and no dampening
   */
  public record Settings(double momentum, double weightDecay, double dampening, boolean nesterov)
      implements OptimizerSpec {
    /** Refuses what makes a run diverge. */
    public Settings {
      if (!(momentum >= 0 && momentum < 1)) {
        throw new IllegalArgumentException("momentum is " + momentum + ", must be in [0, 1)");
      }
      WeightDecay.require(weightDecay);
      Numbers.require(dampening >= 0 && dampening < 1, "dampening", dampening, "in [0, 1)");
      Numbers.require(
          !nesterov || momentum > 0 && dampening == 0,
          "nesterov",
          nesterov,
          "false without momentum, and with dampening");
    }

    /** Without dampening, the update not looking ahead. */
    public Settings(double momentum, double weightDecay) {
      this(momentum, weightDecay, 0, false);
    }

    @Override
    public String name() {
      return "SGD";
    }

    @Override
    public Sgd create(Map<String, Tensor> parameters) {
      return new Sgd(parameters, this, StateStorage.F32);
    }

    @Override
    public Sgd create(Map<String, Tensor> parameters, StateStorage storage) {
      return new Sgd(parameters, this, storage);
    }

    @Override
    public double stateBytes(StateFormat format) {
      return format.bytes(UpdateRule.Sgd.STATES.size());
    }

    @Override
    public int stateBytes() {
      return UpdateRule.Sgd.STATES.size() * Float.BYTES;
    }

    @Override
    public Map<String, String> settings() {
      return NamedValues.text(
          "momentum",
          momentum,
          WeightDecay.SETTING,
          weightDecay,
          "dampening",
          dampening,
          "nesterov",
          nesterov);
    }
  }

  /**
   * An optimizer of those of {@code parameters} that are not frozen, which it moves into one block.
   *
   * @throws IllegalArgumentException if every one is frozen, or there is none
   */
  public Sgd(Collection<Tensor> parameters, Settings settings) {
    this(numbered(parameters), settings, StateStorage.F32);
  }

  private Sgd(Map<String, Tensor> parameters, Settings settings, StateStorage storage) {
    super(parameters, UpdateRule.Sgd.STATES, Set.of(), storage);
    this.settings = settings;
  }

  @Override
  protected int vectorsOfUpdate() {
    return settings.nesterov() ? 1 : 0;
  }

  @Override
  protected void update(Backend backend, Piece piece, double learningRate, double gradientScale) {
    double decay = piece.decay(settings.weightDecay());
    if (settings.nesterov()) {
      Elements.of(backend, piece, part -> lookAhead(part, learningRate, gradientScale, decay));
      return;
    }
    double added = piece.step() == 1 ? 1 : 1 - settings.dampening();
    var rule =
        new UpdateRule.Sgd(learningRate, settings.momentum(), added * decay, added * gradientScale);
    rule.update(backend, piece.values(), piece.gradients(), piece.states());
  }

  private void lookAhead(Elements part, double learningRate, double gradientScale, double decay) {
    Span sum = part.states().getFirst();
    Span gradient = part.decayedGradients(gradientScale, decay);
    part.with().scale(settings.momentum(), sum);
    part.with().add(1, gradient, sum);
    part.with().add(settings.momentum(), sum, gradient);
    part.with().add(-learningRate, gradient, part.values());
  }
}

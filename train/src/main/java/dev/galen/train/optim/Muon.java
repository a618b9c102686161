package dev.galen.train.optim;

import dev.galen.tensor.Autograd;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.backend.Span;
import dev.galen.tensor.backend.UpdateRule;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.InPlace;
import dev.galen.train.values.NamedValues;
import java.util.List;
import java.util.Map;

/**
 * Muon (Jordan et al. 2024, kellerjordan.github.io/posts/muon) by PyTorch's rule for the matrices
 * inside of blocks, {@link AdamW} for all else: {@code m = mu m + (1-mu) g; u = (1-mu) g + mu m; p
 * -= lr wd p; p -= lr s NS(u)}, NS by {@link NewtonSchulz} and s by the matrix's shape. A weight of
 * GPT-2 lies [in, out], so that its shape is the transpose of other models'.
 */
public final class Muon extends BlockOptimizer {
  private final Settings settings;
  private final NewtonSchulz orthogonal;
  private final List<Boolean> inside;

  /** How the rate of a matrix {@code [R, C]} follows from its shape. */
  public enum Scale {
    /** {@code sqrt(max(1, R / C))}. */
    ORIGINAL("original"),
    /** {@code 0.2 sqrt(max(R, C))}: updates as large as AdamW's (Liu et al. 2025, 2502.16982). */
    MATCH_RMS_ADAMW("match_rms_adamw");

    private static final List<String> WORDS = List.of("original", "match_rms_adamw");
    private final String word;

    Scale(String word) {
      this.word = word;
    }

    private double of(double rows, double cols) {
      return this == ORIGINAL
          ? Math.sqrt(Math.max(1, rows / cols))
          : 0.2 * Math.sqrt(Math.max(rows, cols));
    }
  }

  /**
   * The constants of the rule.
   *
   * @param momentum mu, decay of the mean of gradients
   * @param nesterov whether the update looks ahead; else it is the mean
   * @param weightDecay of the matrices, per update and unit of learning rate
   * @param steps of Newton and Schulz
   * @param epsilon least norm of an update
   * @param scale of the rate
   * @param bfloat16 whether Newton and Schulz's matrices are rounded to BF16, as PyTorch's are
   * @param restRate the rate of AdamW for the rest, as a factor on the learning rate
   * @param rest AdamW's numbers for the rest
   */
  public record Settings(
      double momentum,
      boolean nesterov,
      double weightDecay,
      int steps,
      double epsilon,
      Scale scale,
      boolean bfloat16,
      double restRate,
      AdamW.Settings rest)
      implements OptimizerSpec {
    /** PyTorch's; the rest has the same rate. */
    public static final Settings DEFAULTS =
        new Settings(0.95, true, 0.1, 5, 1e-7, Scale.ORIGINAL, true, 1, AdamW.Settings.decay(0));

    /** Refuses what makes no rule. */
    public Settings {
      Numbers.requireBeta("momentum", momentum);
      WeightDecay.require(weightDecay);
      Numbers.require(steps >= 0 && steps < 100, "ns_steps", steps, "from 0 to 99");
      Numbers.requirePositive("epsilon", epsilon);
      Numbers.requireNotNegative("adamw_rate", restRate);
      Numbers.require(!rest.amsgrad(), "amsgrad of Muon's AdamW", true, "false");
    }

    @Override
    public String name() {
      return "Muon";
    }

    @Override
    public Muon create(Map<String, Tensor> parameters) {
      return new Muon(parameters, this);
    }

    @Override
    public int stateBytes() {
      return UpdateRule.AdamW.STATES.size() * Float.BYTES;
    }

    @Override
    public Map<String, String> settings() {
      return NamedValues.text(
          "momentum",
          momentum,
          "nesterov",
          nesterov,
          WeightDecay.SETTING,
          weightDecay,
          "ns_steps",
          steps,
          "epsilon",
          epsilon,
          "adjust_lr_fn",
          scale.word,
          "bfloat16",
          bfloat16,
          "adamw_rate",
          restRate,
          "adamw_beta1",
          rest.beta1(),
          "adamw_beta2",
          rest.beta2(),
          "adamw_epsilon",
          rest.epsilon(),
          "adamw_weight_decay",
          rest.weightDecay());
    }

    static Settings of(NamedValues values) {
      AdamW.Settings usual = DEFAULTS.rest;
      return new Settings(
          values.number("momentum", DEFAULTS.momentum),
          values.flag("nesterov", DEFAULTS.nesterov),
          values.number(WeightDecay.SETTING, DEFAULTS.weightDecay),
          Math.toIntExact(values.whole("ns_steps", DEFAULTS.steps)),
          values.number("epsilon", values.number("eps", DEFAULTS.epsilon)),
          values.word("adjust_lr_fn", Scale.ORIGINAL.word, Scale.WORDS).equals("original")
              ? Scale.ORIGINAL
              : Scale.MATCH_RMS_ADAMW,
          values.flag("bfloat16", DEFAULTS.bfloat16),
          values.number("adamw_rate", DEFAULTS.restRate),
          new AdamW.Settings(
              values.number("adamw_beta1", usual.beta1()),
              values.number("adamw_beta2", usual.beta2()),
              values.number("adamw_epsilon", usual.epsilon()),
              values.number("adamw_weight_decay", usual.weightDecay())));
    }
  }

  private Muon(Map<String, Tensor> parameters, Settings settings) {
    super(parameters, UpdateRule.AdamW.STATES);
    this.settings = settings;
    this.orthogonal =
        new NewtonSchulz(
            3.4445, -4.775, 2.0315, settings.steps(), settings.epsilon(), settings.bfloat16());
    this.inside = names().stream().map(LayerNames::isInside).toList();
  }

  /** Of a matrix inside of a block: the mean's look ahead, and what makes it orthogonal. */
  @Override
  protected long bytesOfUpdate(Tensor parameter) {
    int index = parameters().indexOf(parameter);
    if (!inside.get(index) || parameter.shape().rank() != 2) {
      return 0;
    }
    long ahead = settings.nesterov() ? 3 * parameter.shape().size() * Float.BYTES : 0;
    return ahead + orthogonal.bytes(parameter.shape());
  }

  @Override
  protected void update(Backend backend, Piece piece, double learningRate, double gradientScale) {
    for (Piece one : each(piece)) {
      if (inside.get(one.first()) && parameters().get(one.first()).shape().rank() == 2) {
        matrix(one, learningRate, gradientScale);
      } else {
        AdamW.Settings rest = settings.rest();
        new UpdateRule.AdamW(
                learningRate * settings.restRate(),
                rest.beta1(),
                rest.beta2(),
                rest.epsilon(),
                one.decay(rest.weightDecay()),
                one.step(),
                gradientScale)
            .update(backend, one.values(), one.gradients(), one.states());
      }
    }
  }

  private void matrix(Piece one, double learningRate, double gradientScale) {
    Tensor like = parameters().get(one.first());
    double mu = settings.momentum();
    try (var off = Autograd.noGrad();
        var scope = MemoryScope.open("update of " + names().get(one.first()))) {
      Span mean = one.states().getFirst();
      var with = new InPlace(like.backend());
      with.scale(mu, mean);
      with.add((1 - mu) * gradientScale, one.gradients(), mean);
      Tensor update = FactoredOptimizer.shaped(mean, like.shape());
      if (settings.nesterov()) {
        Tensor gradient = FactoredOptimizer.shaped(one.gradients(), like.shape());
        update = gradient.mul((1 - mu) * gradientScale).add(update.mul(mu));
      }
      double rate = learningRate * settings.scale().of(like.dim(0), like.dim(1));
      FactoredOptimizer.move(
          FactoredOptimizer.shaped(one.values(), like.shape()),
          learningRate * one.decay(settings.weightDecay()),
          -rate,
          orthogonal.of(update));
    }
  }
}

package dev.galen.model.mixtral;

import dev.galen.model.Inputs;
import dev.galen.model.TrunkCausalLm;
import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.MixtureOfExperts;
import dev.galen.model.nn.ShiftedLabels;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.DType;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.random.Philox;

/** Mixtral with a language model's head: HuggingFace's {@code MixtralForCausalLM}. */
public final class MixtralCausalLm extends TrunkCausalLm<MixtralConfig, Mixtral> {
  /** A model whose dropout draws from {@code random}. */
  public MixtralCausalLm(MixtralConfig config, Weights weights, Philox random) {
    super(
        "model",
        new Mixtral(config, weights.in("model"), random),
        config.tiedHead(),
        Initializer.normal(config.initializerRange()),
        weights);
  }

  /**
   * Cross-entropy as of every language model, and where the config wants it ({@code
   * output_router_logits}) {@link MixtureOfExperts#imbalance} of the tokens without padding, times
   * {@code router_aux_loss_coef}. That part is a mean, and weighs as much as the batch has of the
   * labels of the whole step, so that accumulated micro-batches weigh as one batch does.
   */
  @Override
  public Tensor loss(Inputs inputs, double divisor) {
    Mixtral.Routed pass = trunk().routed(inputs);
    Tensor labels_BT = ShiftedLabels.of(inputs.labels());
    Tensor loss = crossEntropy(head(pass.hidden()), labels_BT, divisor);
    if (!config().routerLoss()) {
      return loss;
    }
    Tensor uneven =
        MixtureOfExperts.imbalance(pass.routerLogits(), config().chosen(), inputs.attentionMask());
    Tensor share = counted(labels_BT).mul(config().routerLossFactor() / divisor);
    return loss.add(uneven.mul(share));
  }

  /** How many labels count: a scalar, F32. */
  private static Tensor counted(Tensor labels_BT) {
    Tensor labels = labels_BT.to(DType.F32);
    Tensor none = Tensors.full(labels.backend(), DType.F32, labels.shape(), -1);
    return none.lessThan(labels).sum();
  }
}

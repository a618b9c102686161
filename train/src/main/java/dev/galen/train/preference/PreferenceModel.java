package dev.galen.train.preference;

import dev.galen.model.CausalLm;
import dev.galen.model.Inputs;
import dev.galen.model.Model;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.DType;
import dev.galen.tensor.Shape;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tensor.ops.CrossEntropyOp;
import dev.galen.tensor.random.Philox;
import dev.galen.train.data.Batch;
import dev.galen.train.data.Collator;
import dev.galen.train.data.PreferenceTokens;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.data.TokenSequences;
import java.lang.foreign.MemorySegment;
import java.util.AbstractList;
import java.util.List;
import java.util.SequencedMap;

/**
 * A language model as one that learns preferences: the same parameters under the same names, with a
 * {@link PreferenceLoss} over batches of a {@link dev.galen.train.data.PreferenceCollator}. The
 * reference is the model as it was when {@link #referenced} asked it; no second one is kept.
 *
 * <p>Dropout stays off, as TRL's {@code disable_dropout} has it by default: noise would stand
 * between the policy and its reference.
 */
public final class PreferenceModel extends Model {
  private final CausalLm policy;
  private final PreferenceObjective objective;

  /** A view of {@code policy}. */
  public PreferenceModel(CausalLm policy, PreferenceObjective objective) {
    this.policy = child("", policy); // without a name, so that every path is the policy's own
    this.objective = objective;
  }

  /** The same with one loss. */
  public PreferenceModel(CausalLm policy, PreferenceLoss loss) {
    this(policy, PreferenceObjective.of(loss));
  }

  /** What it learns by. */
  public PreferenceObjective objective() {
    return objective;
  }

  /**
   * {@inheritDoc}
   *
   * <p>The mean over the pairs times their number, over {@code divisor}. Its gradient is that of
   * {@code Σ g ln p} over completions, where g is the derivative of the loss by a completion's ln
   * p.
   *
   * @param inputs 2B rows, with labels I32 {@code [2B, T + 2]}
   */
  @Override
  public Tensor loss(Inputs inputs, double divisor) {
    policy.eval(); // and stays so: a backward pass that computes blocks again has no dropout either
    return loss(policy.logits(inputs), inputs, divisor);
  }

  private Tensor loss(Tensor logits_BTV, Inputs inputs, double divisor) {
    var said = Said.of(logits_BTV, inputs, objective.textWeight() != 0);
    PreferenceLoss.Gradient gradient = objective.of(said.pairs());
    double factor = said.pairs().size() / divisor;
    double textFactor = said.textTokens() == 0 ? 0 : objective.textWeight() / said.textTokens();
    Tensor value =
        Tensors.full(
            logits_BTV.backend(),
            DType.F32,
            Shape.of(),
            factor * (gradient.loss() + textFactor * said.textLoss()));
    if (!Autograd.tracks(logits_BTV)) {
      return value;
    }
    float[] slopes = said.slopes(gradient, factor, textFactor);
    // The same logits, whose gradient is multiplied by the slope of their token.
    Tensor slopes_BT1 =
        Tensors.upload(
            logits_BTV.backend(),
            DType.F32,
            MemorySegment.ofArray(slopes),
            inputs.batch(),
            inputs.time(),
            1);
    Tensor x = logits_BTV.to(DType.F32);
    Tensor fixed = x.detach();
    Tensor sum = CrossEntropyOp.apply(fixed.add(x.sub(fixed).mul(slopes_BT1)), said.labels_BT(), 1);
    return sum.sub(sum.detach()).add(value);
  }

  /** What policy and reference say of a batch's pairs, in its order. */
  public List<PreferencePair> pairs(Batch batch) {
    policy.eval();
    try (var off = Autograd.noGrad();
        var scope = MemoryScope.open("preference pairs")) {
      Inputs inputs = batch.inputs(backend());
      return Said.of(policy.logits(inputs), inputs, false).pairs();
    }
  }

  /**
   * The same pairs with what the model as it is now says of both completions: it is the reference,
   * so ask before the first update.
   *
   * @param sequences of {@link PreferenceTokens}
   * @param batchSize pairs at a time
   * @param collator makes their batches
   */
  public TokenSequences referenced(TokenSequences sequences, int batchSize, Collator collator) {
    var chosen = new double[sequences.size()];
    var rejected = new double[sequences.size()];
    for (int from = 0; from < chosen.length; from += batchSize) {
      int to = Math.min(from + batchSize, chosen.length);
      List<PreferencePair> pairs = pairs(collator.collate(sequences.subList(from, to)));
      for (int i = 0; i < pairs.size(); i++) {
        chosen[from + i] = pairs.get(i).policyChosen();
        rejected[from + i] = pairs.get(i).policyRejected();
      }
    }
    return TokenSequences.of(
        new AbstractList<TokenSequence>() {
          @Override
          public TokenSequence get(int index) {
            return PreferenceTokens.of(sequences.get(index))
                .withReference(chosen[index], rejected[index])
                .sequence();
          }

          @Override
          public int size() {
            return chosen.length;
          }
        });
  }

  @Override
  public int contextLength() {
    return policy.contextLength();
  }

  @Override
  public int vocabularySize() {
    return policy.vocabularySize();
  }

  @Override
  public Philox random() {
    return policy.random();
  }

  /** The policy's, and the loss. */
  @Override
  public SequencedMap<String, String> settings() {
    SequencedMap<String, String> settings = policy.settings();
    settings.put("preference-loss", objective.line());
    return settings;
  }

  @Override
  public void setRecompute(boolean recompute) {
    policy.setRecompute(recompute);
  }

  /** The host reads what both models say before it knows the gradient. */
  @Override
  public boolean isCapturable() {
    return false;
  }

  @Override
  public String vocabularyHead() {
    return policy.vocabularyHead();
  }
}

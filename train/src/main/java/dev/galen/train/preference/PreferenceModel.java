package dev.galen.train.preference;

import dev.galen.model.CausalLm;
import dev.galen.model.Inputs;
import dev.galen.model.Model;
import dev.galen.model.nn.ShiftedLabels;
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
import dev.galen.train.preference.PreferenceLoss.Kind;
import java.lang.foreign.MemorySegment;
import java.util.AbstractList;
import java.util.ArrayList;
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
  private final PreferenceLoss loss;

  /**
   * A view of {@code policy}.
   *
   * @throws IllegalArgumentException for a loss that is not of pairs alone
   */
  public PreferenceModel(CausalLm policy, PreferenceLoss loss) {
    if (loss.kind() == Kind.SFT || loss.kind() == Kind.ORPO) {
      throw new IllegalArgumentException(
          "the preference loss %s needs the likelihood of texts beside it; take another"
              .formatted(loss.kind()));
    }
    this.policy = child("", policy); // without a name, so that every path is the policy's own
    this.loss = loss;
  }

  /** The loss over pairs. */
  public PreferenceLoss loss() {
    return loss;
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
    Tensor labels_BT = shifted(inputs);
    List<PreferencePair> pairs = pairs(logits_BTV, labels_BT, inputs);
    PreferenceLoss.Gradient gradient = loss.of(pairs);
    double factor = pairs.size() / divisor;
    Tensor value =
        Tensors.full(logits_BTV.backend(), DType.F32, Shape.of(), factor * gradient.loss());
    if (!Autograd.tracks(logits_BTV)) {
      return value;
    }
    int rows = inputs.batch();
    var slopes = new float[rows];
    for (int i = 0; i < pairs.size(); i++) {
      slopes[i] = (float) (-factor * gradient.byChosen()[i]);
      slopes[pairs.size() + i] = (float) (-factor * gradient.byRejected()[i]);
    }
    // The same logits, whose gradient is multiplied by the slope of their row.
    Tensor slopes_B11 =
        Tensors.upload(logits_BTV.backend(), DType.F32, MemorySegment.ofArray(slopes), rows, 1, 1);
    Tensor x = logits_BTV.to(DType.F32);
    Tensor fixed = x.detach();
    Tensor sum = CrossEntropyOp.apply(fixed.add(x.sub(fixed).mul(slopes_B11)), labels_BT, 1);
    return sum.sub(sum.detach()).add(value);
  }

  /** The labels of tokens, I32 {@code [2B, T]}, beside the logits that predict them. */
  private static Tensor shifted(Inputs inputs) {
    return ShiftedLabels.of(inputs.labels().slice(1, 0, inputs.time()).contiguous());
  }

  /**
   * What policy and reference say.
   *
   * @param labels_BT I32 {@code [2B, T]}, shifted
   */
  private static List<PreferencePair> pairs(Tensor logits_BTV, Tensor labels_BT, Inputs inputs) {
    double[] losses = CrossEntropyOp.perRow(logits_BTV, labels_BT).toDoubles();
    int[] shifted = labels_BT.toInts();
    int[] labels = inputs.labels().toInts();
    int rows = inputs.batch();
    int time = inputs.time();
    var logs = new double[rows];
    var references = new double[rows];
    var lengths = new int[rows];
    for (int row = 0; row < rows; row++) {
      for (int t = row * time; t < (row + 1) * time; t++) {
        if (shifted[t] != CrossEntropyOp.IGNORE_INDEX) {
          logs[row] -= losses[t];
          lengths[row]++;
        }
      }
      references[row] = PreferenceTokens.number(labels, row * (time + 2) + time);
    }
    int count = rows / 2;
    var pairs = new ArrayList<PreferencePair>();
    for (int i = 0; i < count; i++) {
      pairs.add(
          new PreferencePair(
              logs[i],
              logs[count + i],
              references[i],
              references[count + i],
              lengths[i],
              lengths[count + i]));
    }
    return pairs;
  }

  /** What policy and reference say of a batch's pairs, in its order. */
  public List<PreferencePair> pairs(Batch batch) {
    policy.eval();
    try (var off = Autograd.noGrad();
        var scope = MemoryScope.open("preference pairs")) {
      Inputs inputs = batch.inputs(backend());
      return pairs(policy.logits(inputs), shifted(inputs), inputs);
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
    settings.put(
        "preference-loss",
        "%s, beta %s, label smoothing %s"
            .formatted(loss.kind().word(), loss.beta(), loss.labelSmoothing()));
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

package dev.galen.train.preference;

import dev.galen.model.Inputs;
import dev.galen.model.nn.ShiftedLabels;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.ops.CrossEntropyOp;
import dev.galen.train.data.PreferenceTokens;
import java.util.ArrayList;
import java.util.List;

/**
 * What a policy says of the 2B rows of a batch of pairs: first all better texts, then all worse
 * ones.
 *
 * @param labels_BT I32 {@code [2B, T]} beside the logits that predict them: of completions, and
 *     where wanted of the better texts' prompts, too
 * @param ofCompletion which of these are a completion's
 * @param pairs ln p of the completions, and what the reference says of them
 * @param textLoss {@code -Σ ln p} of the better texts, in nats; 0 unless wanted
 * @param textTokens how many tokens that are
 */
@SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
record Said(
    Tensor labels_BT,
    boolean[] ofCompletion,
    List<PreferencePair> pairs,
    double textLoss,
    long textTokens) {
  /**
   * Reads it from logits.
   *
   * @param logits_BTV {@code [2B, T, V]}
   * @param inputs with the labels of {@link dev.galen.train.data.PreferenceCollator}
   * @param texts whether the better texts' prompts count, too
   */
  static Said of(Tensor logits_BTV, Inputs inputs, boolean texts) {
    int rows = inputs.batch();
    int time = inputs.time();
    int[] given = inputs.labels().toInts(); // [2B, T + 2]
    Tensor labels_BT = shifted(inputs);
    int[] completions = labels_BT.toInts();
    int[] counted = completions;
    if (texts) {
      counted = withPrompts(completions, inputs);
      labels_BT = Tensors.of(labels_BT.backend(), counted, rows, time);
    }
    double[] losses = CrossEntropyOp.perRow(logits_BTV, labels_BT).toDoubles();
    var ofCompletion = new boolean[completions.length];
    var logs = new double[rows];
    var lengths = new int[rows];
    double textLoss = 0;
    long textTokens = 0;
    for (int i = 0; i < completions.length; i++) {
      int row = i / time;
      ofCompletion[i] = completions[i] != CrossEntropyOp.IGNORE_INDEX;
      if (ofCompletion[i]) {
        logs[row] -= losses[i];
        lengths[row]++;
      }
      if (texts && row < rows / 2 && counted[i] != CrossEntropyOp.IGNORE_INDEX) {
        textLoss += losses[i];
        textTokens++;
      }
    }
    var references = new double[rows];
    for (int row = 0; row < rows; row++) {
      references[row] = PreferenceTokens.number(given, row * (time + 2) + time);
    }
    return new Said(
        labels_BT, ofCompletion, pairs(logs, references, lengths), textLoss, textTokens);
  }

  /** The labels of completions, I32 {@code [2B, T]}, beside the logits that predict them. */
  private static Tensor shifted(Inputs inputs) {
    return ShiftedLabels.of(inputs.labels().slice(1, 0, inputs.time()).contiguous());
  }

  /** The same with every token of the better texts but its first. */
  private static int[] withPrompts(int[] completions, Inputs inputs) {
    int time = inputs.time();
    int[] ids = inputs.ids().toInts();
    int[] labels = completions.clone();
    for (int row = 0; row < inputs.batch() / 2; row++) {
      for (int i = row * time; completions[i] == CrossEntropyOp.IGNORE_INDEX; i++) {
        labels[i] = ids[i + 1]; // a completion is behind it
      }
    }
    return labels;
  }

  private static List<PreferencePair> pairs(double[] logs, double[] references, int[] lengths) {
    int count = logs.length / 2;
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

  /**
   * The derivative of the loss by each token's {@code -ln p}, {@code [2B, T]}; anything where no
   * label counts.
   *
   * @param factor of the whole
   * @param textFactor of {@link #textLoss}
   */
  float[] slopes(PreferenceLoss.Gradient gradient, double factor, double textFactor) {
    int count = pairs.size();
    int time = ofCompletion.length / (2 * count);
    var slopes = new float[ofCompletion.length];
    for (int i = 0; i < slopes.length; i++) {
      int row = i / time;
      double byLog = row < count ? gradient.byChosen()[row] : gradient.byRejected()[row - count];
      double own = ofCompletion[i] ? -byLog : 0;
      slopes[i] = (float) (factor * (own + (row < count ? textFactor : 0)));
    }
    return slopes;
  }
}

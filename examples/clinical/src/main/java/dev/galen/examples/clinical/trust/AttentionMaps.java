package dev.galen.examples.clinical.trust;

import dev.galen.examples.clinical.report.Block;
import dev.galen.examples.clinical.report.Figure;
import dev.galen.examples.clinical.report.Paragraph;
import dev.galen.examples.clinical.report.Section;
import dev.galen.examples.clinical.report.Table;
import dev.galen.model.CausalLm;
import dev.galen.model.Inputs;
import dev.galen.model.Model;
import dev.galen.model.SequenceClassifier;
import dev.galen.model.inside.Insights;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.memory.MemoryScope;
import dev.galen.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;

/**
 * What each head of each layer attends to in a text.
 *
 * @param tokens what the places are
 * @param weights {@code [layers][heads][T][T]}, row by row what a token looks at; a row sums up to
 *     1
 */
@SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
public record AttentionMaps(List<String> tokens, float[][][][] weights) {
  /** Copies the list. */
  public AttentionMaps {
    tokens = List.copyOf(tokens);
  }

  /** The maps of a classifier or causal language model. */
  public static AttentionMaps of(Model model, Tokenizer tokenizer, String text) {
    EncodedText encoded = EncodedText.of(text, tokenizer, model);
    int time = encoded.size();
    var layers = new ArrayList<float[][][]>();
    try (var off = Autograd.noGrad();
        var scope = MemoryScope.open("attention maps");
        var inside = Insights.withAttentions(model)) {
      Inputs inputs =
          Inputs.padded(Tensors.of(model.backend(), encoded.ids(), 1, time), new int[] {time});
      switch (model) {
        case SequenceClassifier classifier -> classifier.logits(inputs);
        case CausalLm causal -> causal.logits(inputs);
        default ->
            throw new IllegalArgumentException(
                "a %s has no maps here; give a classifier or a causal language model"
                    .formatted(model.getClass().getSimpleName()));
      }
      inside.attentions().forEach(all -> layers.add(heads(all, time)));
    }
    var tokens = new ArrayList<String>();
    for (int t = 0; t < time; t++) {
      tokens.add(encoded.token(t, tokenizer));
    }
    return new AttentionMaps(tokens, layers.toArray(float[][][][]::new));
  }

  private static float[][][] heads(Tensor weights_1HTT, int time) {
    float[] all = weights_1HTT.toFloats();
    var heads = new float[weights_1HTT.dim(1)][time][time];
    for (int h = 0; h < heads.length; h++) {
      for (int t = 0; t < time; t++) {
        System.arraycopy(all, (h * time + t) * time, heads[h][t], 0, time);
      }
    }
    return heads;
  }

  /** The mean over a layer's heads, {@code [T][T]}. */
  public float[][] mean(int layer) {
    float[][][] heads = weights[layer];
    var mean = new float[tokens.size()][tokens.size()];
    for (float[][] head : heads) {
      for (int i = 0; i < mean.length; i++) {
        for (int j = 0; j < mean.length; j++) {
          mean[i][j] += head[i][j] / heads.length;
        }
      }
    }
    return mean;
  }

  /** A picture of each layer, and what each head does in numbers. */
  public Section section() {
    var blocks = new ArrayList<Block>();
    blocks.add(
        new Paragraph(
            "A row is a token that looks, a column one that is looked at; weights below 0.05 are"
                + " left white. Attention shows where a head looks, not why the model decides as it"
                + " does."));
    for (int layer = 0; layer < weights.length; layer++) {
      blocks.add(
          new Figure(
              "Layer %d: the mean of its %d heads, then each head."
                  .formatted(layer + 1, weights[layer].length),
              AttentionPicture.svg(layer + 1, tokens, mean(layer), weights[layer]),
              heads(layer)));
    }
    return new Section("Attention", blocks);
  }

  private Table heads(int layer) {
    var table =
        Table.of(
            "Heads of layer " + (layer + 1),
            "head",
            "entropy (nats)",
            "mean distance (tokens)",
            "on the first token",
            "on itself",
            "on the token before");
    for (int h = 0; h < weights[layer].length; h++) {
      double entropy = 0;
      double distance = 0;
      double first = 0;
      double self = 0;
      double before = 0;
      float[][] rows = weights[layer][h];
      for (int i = 0; i < rows.length; i++) {
        for (int j = 0; j < rows.length; j++) {
          double w = rows[i][j];
          entropy -= w > 0 ? w * Math.log(w) : 0;
          distance += w * Math.abs(i - j);
        }
        first += rows[i][0];
        self += rows[i][i];
        before += i > 0 ? rows[i][i - 1] : 0;
      }
      int n = rows.length;
      table.row(h + 1, entropy / n, distance / n, first / n, self / n, before / n);
    }
    return table.build();
  }
}

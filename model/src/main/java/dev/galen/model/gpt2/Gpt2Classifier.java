package dev.galen.model.gpt2;

import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.Layer;
import dev.galen.model.nn.Linear;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.ops.CrossEntropyOp;
import dev.galen.tensor.ops.EmbeddingOp;
import dev.galen.tensor.random.Philox;

/**
 * GPT-2 that classifies a text by the hidden state of its last real token: HuggingFace's {@code
 * GPT2ForSequenceClassification}.
 */
public final class Gpt2Classifier extends Layer {
  private final Gpt2Config config;
  private final Gpt2 transformer;
  private final Linear score;

  /** A classifier over {@code config.labels()}, whose dropout draws from {@code random}. */
  public Gpt2Classifier(Gpt2Config config, Weights weights, Philox random) {
    this.config = config;
    transformer = child("transformer", new Gpt2(config, weights.in("transformer"), random));
    score =
        child(
            "score",
            new Linear(
                config.channels(),
                config.labels().count(),
                false,
                Initializer.normal(config.initializerRange()),
                weights.in("score")));
  }

  /**
   * Scores of the classes.
   *
   * @param ids_BT I32 {@code [B, T]}, padded on the right
   * @param lengths the number of real tokens of each row, 1 to T
   * @return {@code [B, classes]}
   */
  public Tensor logits(Tensor ids_BT, int[] lengths) {
    int batch = ids_BT.dim(0);
    int time = ids_BT.dim(1);
    if (lengths.length != batch) {
      throw new IllegalArgumentException(lengths.length + " lengths for a batch of " + batch);
    }
    var last = new int[batch];
    for (int b = 0; b < batch; b++) {
      if (lengths[b] < 1 || lengths[b] > time) {
        throw new IllegalArgumentException(
            "row %d has %d real tokens of %d".formatted(b, lengths[b], time));
      }
      last[b] = b * time + lengths[b] - 1;
    }
    Tensor x_BTC = transformer.forward(ids_BT, null);
    Tensor rows = x_BTC.reshape(batch * time, config.channels());
    Tensor last_BC = EmbeddingOp.apply(rows, Tensors.of(ids_BT.backend(), last, batch));
    return score.forward(last_BC);
  }

  /**
   * The mean cross-entropy of the right classes.
   *
   * @param classes I32 {@code [B]}
   */
  public Tensor loss(Tensor ids_BT, int[] lengths, Tensor classes) {
    return CrossEntropyOp.apply(logits(ids_BT, lengths), classes, lengths.length);
  }

  /** The model's shape. */
  public Gpt2Config config() {
    return config;
  }

  /** What dropout draws from. */
  public Philox random() {
    return transformer.random();
  }
}

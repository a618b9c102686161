package toy;

import dev.galen.model.nn.Embedding;
import dev.galen.model.nn.Initializer;
import dev.galen.model.nn.Layer;
import dev.galen.model.nn.Linear;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.Tensor;

/** Looks at one token at a time: an embedding and a hidden layer. */
final class ToyTrunk extends Layer {
  static final Initializer NORMAL = Initializer.normal(0.2);

  private final Embedding embedding;
  private final Linear hidden;

  ToyTrunk(ToyConfig config, Weights weights) {
    int channels = config.channels();
    embedding =
        child(
            "embed",
            new Embedding(config.vocabularySize(), channels, NORMAL, weights.in("embed")));
    hidden = child("hidden", new Linear(channels, channels, true, NORMAL, weights.in("hidden")));
  }

  /** I32 {@code [B, T]} to {@code [B, T, C]}. */
  Tensor forward(Tensor ids_BT) {
    Tensor x_BTC = hidden(embedding.forward(ids_BT));
    return hidden(x_BTC.add(hidden.forward(x_BTC).relu()));
  }
}

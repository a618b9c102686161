package toy;

import dev.galen.model.ClassNames;
import dev.galen.model.Inputs;
import dev.galen.model.SequenceClassifier;
import dev.galen.model.nn.Linear;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.ops.EmbeddingOp;
import dev.galen.tensor.random.Philox;

/** A toy that names a text's class by its last token. */
public final class ToyClassifier extends SequenceClassifier {
  private final ToyConfig config;
  private final Philox random;
  private final ToyTrunk trunk;
  private final Linear score;

  ToyClassifier(ToyConfig config, Weights weights, Philox random) {
    this.config = config;
    this.random = random;
    trunk = child("trunk", new ToyTrunk(config, weights.in("trunk")));
    score =
        child(
            "score",
            new Linear(
                config.channels(),
                config.classes().count(),
                false,
                ToyTrunk.NORMAL,
                weights.in("score")));
  }

  ToyConfig config() {
    return config;
  }

  @Override
  public Tensor logits(Inputs inputs) {
    Tensor x_BTC = trunk.forward(inputs.ids());
    Tensor rows = x_BTC.reshape(inputs.batch() * inputs.time(), config.channels());
    return score.forward(EmbeddingOp.apply(rows, inputs.requireLastTokens()));
  }

  @Override
  public ClassNames classes() {
    return config.classes();
  }

  @Override
  public int contextLength() {
    return config.contextLength();
  }

  @Override
  public int vocabularySize() {
    return config.vocabularySize();
  }

  @Override
  public Philox random() {
    return random;
  }

  @Override
  public void setRecompute(boolean recompute) {
    // There is little to compute again.
  }
}

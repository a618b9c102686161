package toy;

import dev.galen.model.CausalLm;
import dev.galen.model.Inputs;
import dev.galen.model.nn.KvCache;
import dev.galen.model.nn.Linear;
import dev.galen.model.nn.Weights;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.random.Philox;

/** A toy that predicts the next token. */
public final class ToyCausalLm extends CausalLm {
  private final ToyConfig config;
  private final Philox random;
  private final ToyTrunk trunk;
  private final Linear head;

  ToyCausalLm(ToyConfig config, Weights weights, Philox random) {
    this.config = config;
    this.random = random;
    trunk = child("trunk", new ToyTrunk(config, weights.in("trunk")));
    head =
        child(
            "head",
            new Linear(
                config.channels(),
                config.vocabularySize(),
                false,
                ToyTrunk.NORMAL,
                weights.in("head")));
  }

  ToyConfig config() {
    return config;
  }

  @Override
  public Tensor logits(Inputs inputs) {
    return head.forward(trunk.forward(inputs.ids()));
  }

  @Override
  public Tensor next(Tensor ids_BT, KvCache cache) {
    int time = ids_BT.dim(1);
    cache.advance(time);
    Tensor x_BTC = trunk.forward(ids_BT); // of all: who looks inside wants each token's states
    Tensor last_B1C = x_BTC.slice(1, time - 1, time).contiguous();
    return head.forward(last_B1C).reshape(ids_BT.dim(0), config.vocabularySize());
  }

  @Override
  public KvCache newCache(int batch, int capacity) {
    return new KvCache(backend(), 0, batch, capacity, config.channels());
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

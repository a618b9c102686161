package dev.galen.train;

import dev.galen.model.CausalLm;
import dev.galen.model.Inputs;
import dev.galen.model.nn.KvCache;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.random.Philox;
import java.util.Set;

/** A model that counts the calls that compute its loss in training: a replay makes none. */
final class CountedModel extends CausalLm {
  int calls;
  private final CausalLm model;

  CountedModel(CausalLm model) {
    this.model = child("model", model);
  }

  @Override
  public Tensor loss(Inputs inputs, double divisor) {
    calls += isTraining() ? 1 : 0;
    return model.loss(inputs, divisor);
  }

  @Override
  public Tensor logits(Inputs inputs) {
    return model.logits(inputs);
  }

  @Override
  public Tensor next(Tensor ids_BT, KvCache cache) {
    return model.next(ids_BT, cache);
  }

  @Override
  public KvCache newCache(int batch, int capacity) {
    return model.newCache(batch, capacity);
  }

  @Override
  public int contextLength() {
    return model.contextLength();
  }

  @Override
  public int vocabularySize() {
    return model.vocabularySize();
  }

  @Override
  public Set<Integer> endOfTextIds() {
    return model.endOfTextIds();
  }

  @Override
  public Philox random() {
    return model.random();
  }

  @Override
  public void setRecompute(boolean recompute) {
    model.setRecompute(recompute);
  }
}

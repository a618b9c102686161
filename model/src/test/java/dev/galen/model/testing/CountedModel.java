package dev.galen.model.testing;

import dev.galen.model.CausalLm;
import dev.galen.model.Inputs;
import dev.galen.model.nn.KvCache;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.random.Philox;
import java.util.Set;

/** A model that counts what it computes: a replay of captured kernels is nothing. */
public final class CountedModel extends CausalLm {
  private final CausalLm model;
  private int losses;
  private int steps;

  public CountedModel(CausalLm model) {
    this.model = child("model", model);
  }

  /** Counts from nothing again. */
  public void reset() {
    losses = 0;
    steps = 0;
  }

  /** Losses in training. */
  public int losses() {
    return losses;
  }

  /** Steps through a cache. */
  public int steps() {
    return steps;
  }

  @Override
  public Tensor loss(Inputs inputs, double divisor) {
    losses += isTraining() ? 1 : 0;
    return model.loss(inputs, divisor);
  }

  @Override
  public Tensor logits(Inputs inputs) {
    return model.logits(inputs);
  }

  @Override
  public Tensor next(Tensor ids_BT, KvCache cache) {
    steps++;
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

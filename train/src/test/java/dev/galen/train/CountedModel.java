package dev.galen.train;

import dev.galen.model.LanguageModel;
import dev.galen.model.generate.KvCache;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.random.Philox;
import java.util.Set;

/** A model that counts the calls that compute its loss in training: a replay makes none. */
final class CountedModel extends LanguageModel {
  int calls;
  private final LanguageModel model;

  CountedModel(LanguageModel model) {
    this.model = child("model", model);
  }

  @Override
  public Tensor loss(Tensor ids_BT, Tensor labels_BT, double divisor) {
    calls += isTraining() ? 1 : 0;
    return model.loss(ids_BT, labels_BT, divisor);
  }

  @Override
  public Tensor logits(Tensor ids_BT) {
    return model.logits(ids_BT);
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

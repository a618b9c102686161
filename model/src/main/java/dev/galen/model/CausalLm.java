package dev.galen.model;

import dev.galen.model.nn.KvCache;
import dev.galen.model.nn.ShiftedLabels;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.ops.EmbeddingOp;
import java.util.Set;

/** A model that predicts the next token: HuggingFace's {@code AutoModelForCausalLM}. */
public abstract class CausalLm extends Model implements Generative {
  private Set<Integer> endOfTextIds = Set.of();

  /**
   * Logits of every next token.
   *
   * @return {@code [B, T, V]}; those at padding mean nothing
   */
  public abstract Tensor logits(Inputs inputs);

  /** The same of ids that fill the batch, I32 {@code [B, T]}. */
  public final Tensor logits(Tensor ids_BT) {
    return logits(Inputs.of(ids_BT));
  }

  /**
   * Logits of the token after the last one; extends {@code cache} by the T given positions.
   *
   * @param ids_BT I32 {@code [B, T]}: what follows the cached positions
   * @return {@code [B, V]}
   */
  @Override
  public abstract Tensor next(Tensor ids_BT, KvCache cache);

  /**
   * The same of rows that are padded on the right: logits of the token after each row's last one.
   * Extends {@code cache} by each row's own tokens.
   *
   * <p>An architecture that computes the head of given positions says so by {@link #lastOf}; unless
   * it does, the last tokens are a step of their own.
   *
   * @param ids_BT I32 {@code [B, T]}
   * @param lengths how many of the T each row has, at least 1
   * @return {@code [B, V]}
   */
  public Tensor next(Tensor ids_BT, int[] lengths, KvCache cache) {
    int time = ids_BT.dim(1);
    if (areAll(lengths, time)) {
      return next(ids_BT, cache);
    }
    int[] before = cache.places(1);
    next(ids_BT.slice(1, 0, time - 1), cache);
    cache.crop(sums(before, lengths, -1));
    int[] ids = ids_BT.toInts();
    var last = new int[lengths.length];
    for (int row = 0; row < last.length; row++) {
      last[row] = ids[row * time + lengths[row] - 1];
    }
    return next(Tensors.of(ids_BT.backend(), last, last.length, 1), cache);
  }

  /**
   * Each row's last hidden state, of rows that are padded on the right; {@code cache} forgets the
   * padding.
   *
   * @param x_BTC {@code [B, T, C]}, of positions that the cache has been extended by
   * @param lengths how many of the T each row has
   * @return {@code [B, 1, C]}
   */
  protected static Tensor lastOf(Tensor x_BTC, int[] lengths, KvCache cache) {
    int batch = x_BTC.dim(0);
    int time = x_BTC.dim(1);
    int channels = x_BTC.dim(2);
    if (areAll(lengths, time)) {
      return x_BTC.slice(1, time - 1, time);
    }
    var last = new int[batch];
    for (int row = 0; row < batch; row++) {
      last[row] = row * time + lengths[row] - 1;
    }
    cache.crop(sums(cache.places(1), lengths, -time));
    Tensor rows = x_BTC.reshape(batch * time, channels);
    Tensor last_B = Tensors.of(x_BTC.backend(), last, batch);
    return EmbeddingOp.apply(rows, last_B).reshape(batch, 1, channels);
  }

  private static boolean areAll(int[] lengths, int time) {
    for (int length : lengths) {
      if (length != time) {
        return false;
      }
    }
    return true;
  }

  private static int[] sums(int[] places, int[] lengths, int more) {
    var sums = new int[places.length];
    for (int row = 0; row < sums.length; row++) {
      sums[row] = places[row] + lengths[row] + more;
    }
    return sums;
  }

  /**
   * Cross-entropy of each label given the tokens before it. Labels {@code [B, T]} are aligned with
   * the ids as HuggingFace has them: the logits at t are held against the label at t + 1.
   */
  @Override
  public Tensor loss(Inputs inputs, double divisor) {
    return crossEntropy(logits(inputs), ShiftedLabels.of(inputs.labels()), divisor);
  }

  /** The same of ids and labels that fill the batch, both I32 {@code [B, T]}. */
  public final Tensor loss(Tensor ids_BT, Tensor labels_BT, double divisor) {
    return loss(Inputs.of(ids_BT, labels_BT), divisor);
  }

  /** An empty cache for up to {@code capacity} positions of {@code batch} sequences. */
  public abstract KvCache newCache(int batch, int capacity);

  @Override
  public Set<Integer> endOfTextIds() {
    return endOfTextIds;
  }

  @Override
  public void setEndOfTextIds(Set<Integer> ids) {
    endOfTextIds = Set.copyOf(ids);
  }

  @Override
  public String vocabularyHead() {
    return "lm_head";
  }
}

package dev.galen.model;

import dev.galen.model.nn.KvCache;
import dev.galen.model.nn.ShiftedLabels;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.ops.CrossEntropyOp;
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
   * Cross-entropy of each label given the tokens before it. Labels {@code [B, T]} are aligned with
   * the ids as HuggingFace has them: the logits at t are held against the label at t + 1.
   */
  @Override
  public Tensor loss(Inputs inputs, double divisor) {
    return CrossEntropyOp.apply(logits(inputs), ShiftedLabels.of(inputs.labels()), divisor);
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
}

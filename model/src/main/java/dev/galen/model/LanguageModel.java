package dev.galen.model;

import dev.galen.model.generate.KvCache;
import dev.galen.model.nn.Layer;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.random.Philox;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.Set;

/** A model that predicts the next token. Shapes: B batch, T time, C channels, V vocabulary. */
public abstract class LanguageModel extends Layer {
  /**
   * Scores of every next token.
   *
   * @param ids_BT I32 {@code [B, T]}
   * @return {@code [B, T, V]}
   */
  public abstract Tensor logits(Tensor ids_BT);

  /**
   * Scores of the token after the last one; extends {@code cache} by the T given positions.
   *
   * @param ids_BT I32 {@code [B, T]}: what follows the cached positions
   * @return {@code [B, V]}
   */
  public abstract Tensor next(Tensor ids_BT, KvCache cache);

  /**
   * Cross-entropy of each label given the tokens before it, summed and divided by {@code divisor}.
   *
   * @param ids_BT I32 {@code [B, T]}
   * @param labels_BT I32 {@code [B, T]}, aligned with the ids as HuggingFace has them: the score at
   *     t is held against the label at t + 1; -100 does not count
   * @param divisor the number of labels that count, in this batch or in the whole step
   * @return a scalar
   */
  public abstract Tensor loss(Tensor ids_BT, Tensor labels_BT, double divisor);

  /** An empty cache for up to {@code capacity} positions of {@code batch} sequences. */
  public abstract KvCache newCache(int batch, int capacity);

  /** The largest number of positions. */
  public abstract int contextLength();

  /** The number of scores per position. */
  public abstract int vocabularySize();

  /** The ids that end a text, each of them. */
  public abstract Set<Integer> endOfTextIds();

  /** What dropout draws from. */
  public abstract Philox random();

  /**
   * What its outputs follow from besides the values and shapes of its parameters, by the names that
   * HuggingFace's config has: {@code n_head}, say. A run resumes only with the same ones; names
   * that end in {@code _pdrop} are those of dropout. Empty unless a model says otherwise.
   */
  public SequencedMap<String, String> settings() {
    return new LinkedHashMap<>();
  }

  /**
   * Gradient checkpointing, which trades time for memory: see {@link
   * dev.galen.tensor.ops.Recompute}. Off at first; losses and gradients keep their bits.
   */
  public abstract void setRecompute(boolean recompute);

  /** Where it computes. */
  public final Backend backend() {
    return firstParameter().backend();
  }
}

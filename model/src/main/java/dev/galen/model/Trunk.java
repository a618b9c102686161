package dev.galen.model;

import dev.galen.model.nn.Embedding;
import dev.galen.model.nn.KvCache;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.random.Philox;
import java.util.SequencedMap;

/**
 * The layers of a causal architecture without an output, from ids to hidden states: what {@link
 * TrunkCausalLm} and {@link LastTokenClassifier} put their heads on, and by itself HuggingFace's
 * {@code AutoModel}. Shapes: B batch, T time, C channels of the hidden states.
 *
 * @param <C> its shape
 */
public abstract class Trunk<C extends ModelConfig> extends Encoder {
  private final C config;
  private final Philox random;
  private boolean recompute;

  /** A trunk whose dropout draws from {@code random}. */
  protected Trunk(C config, Philox random) {
    this.config = config;
    this.random = random;
  }

  /**
   * The hidden states after the last normalisation.
   *
   * @return {@code [B, T, C]}; those at padding mean nothing
   */
  public abstract Tensor forward(Inputs inputs);

  /**
   * The same of ids that fill the batch.
   *
   * @param ids_BT I32 {@code [B, T]}
   * @param cache keys and values of the positions before, extended by this call; null without
   * @return {@code [B, T, C]}
   */
  public abstract Tensor forward(Tensor ids_BT, KvCache cache);

  @Override
  public final Tensor hiddenStates(Inputs inputs) {
    return forward(inputs);
  }

  /** An empty cache for up to {@code capacity} positions of {@code batch} sequences. */
  public abstract KvCache newCache(int batch, int capacity);

  /** The token embedding, of as many channels as the hidden states have. */
  public abstract Embedding tokenEmbedding();

  /** The model's shape. */
  public final C config() {
    return config;
  }

  @Override
  public final int contextLength() {
    return config.contextLength();
  }

  @Override
  public final int maxLength() {
    return config.maxLength();
  }

  @Override
  public final int vocabularySize() {
    return config.vocabularySize();
  }

  @Override
  public final Philox random() {
    return random;
  }

  @Override
  public final SequencedMap<String, String> settings() {
    return config.settings();
  }

  @Override
  public final void setRecompute(boolean recompute) {
    this.recompute = recompute;
  }

  /** Whether blocks are computed again in the backward pass, which there is none of for a cache. */
  protected final boolean recomputes(KvCache cache) {
    return recompute && cache == null;
  }

  /** Throws unless the model takes texts of so many positions. */
  protected final void requireRoom(int positions) {
    if (positions > config.maxLength()) {
      throw new IllegalArgumentException(
          "%d tokens exceed the model's context of %d".formatted(positions, config.maxLength()));
    }
  }
}

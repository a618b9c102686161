package dev.galen.model;

import dev.galen.model.nn.KvCache;
import dev.galen.tensor.Tensor;
import java.util.Set;

/**
 * A model that writes one text for another: HuggingFace's {@code AutoModelForSeq2SeqLM}. Generation
 * runs the encoder once, in {@link #newCache}, and then {@link #next} for each token, from {@link
 * #decoderStartId} on:
 *
 * <pre>{@code
 * try (var off = Autograd.noGrad(); KvCache cache = model.newCache(inputs, 20)) {
 *   Tensor logits_BV = model.next(startIds_B1, cache);
 * }
 * }</pre>
 */
public abstract class Seq2SeqLm extends Model implements Generative {
  private Set<Integer> endOfTextIds = Set.of();

  /**
   * What the decoder attends to.
   *
   * @return the encoder's hidden states {@code [B, T, C]}
   */
  public abstract Tensor encode(Inputs inputs);

  /**
   * Logits of the decoder's tokens, which is given {@code inputs.decoderIds()} or, without them,
   * the labels moved one to the right.
   *
   * @return {@code [B, S, V]}
   */
  public abstract Tensor logits(Inputs inputs);

  /**
   * Runs the encoder, once, and makes a cache of the decoder that has read nothing yet. It holds
   * the keys and values that each layer of the decoder makes of the encoder's states, beside the
   * positions written; both follow {@link KvCache#select}. Works under {@link
   * dev.galen.tensor.Autograd#noGrad} alone.
   *
   * @param inputs ids {@code [B, T]}, with a mask where rows are padded, on either side
   * @param capacity the number of positions of the decoder, its start id counted
   * @return a cache for B sequences; close it when done
   */
  public abstract KvCache newCache(Inputs inputs, int capacity);

  /**
   * Logits of the token after the last one; extends {@code cache} by the S given positions.
   *
   * @param ids_BS I32 {@code [B, S]}: what follows the cached positions; first {@link
   *     #decoderStartId}
   * @param cache of {@link #newCache}
   * @return {@code [B, V]}
   */
  @Override
  public abstract Tensor next(Tensor ids_BS, KvCache cache);

  /** What the decoder is given first: {@code decoder_start_token_id} of HuggingFace's configs. */
  public abstract int decoderStartId();

  /** Cross-entropy of the decoder's tokens; labels are {@code [B, S]}, not shifted. */
  @Override
  public Tensor loss(Inputs inputs, double divisor) {
    return crossEntropy(logits(inputs), inputs.labels(), divisor);
  }

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

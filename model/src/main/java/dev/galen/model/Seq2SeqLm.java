package dev.galen.model;

import dev.galen.tensor.Tensor;
import dev.galen.tensor.ops.CrossEntropyOp;

/** A model that writes one text for another: HuggingFace's {@code AutoModelForSeq2SeqLM}. */
public abstract class Seq2SeqLm extends Model {
  /**
   * What the decoder attends to.
   *
   * @return the encoder's hidden states {@code [B, T, C]}
   */
  public abstract Tensor encode(Inputs inputs);

  /**
   * Logits of the decoder's tokens.
   *
   * @return {@code [B, S, V]}
   */
  public abstract Tensor logits(Inputs inputs);

  /** Cross-entropy of the decoder's tokens; labels are {@code [B, S]}, not shifted. */
  @Override
  public Tensor loss(Inputs inputs, double divisor) {
    return CrossEntropyOp.apply(logits(inputs), inputs.labels(), divisor);
  }
}

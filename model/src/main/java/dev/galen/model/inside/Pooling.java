package dev.galen.model.inside;

/** How the vectors of a text's tokens become one. */
public enum Pooling {
  /** Their mean. */
  MEAN,
  /** The first token's, which BERT trains for this. */
  CLS,
  /** The last token's, which alone has seen all others in a causal model. */
  LAST
}

package dev.galen.examples.clinical.pubmedqa;

/**
 * The size of the small BERT.
 *
 * @param vocabulary tokens of its WordPiece tokenizer
 * @param length the most tokens of a pair
 * @param channels C
 * @param layers L
 * @param heads H, dividing C
 * @param dropout everywhere
 * @param deviation of initialised weights
 */
public record EncoderShape(
    int vocabulary,
    int length,
    int channels,
    int layers,
    int heads,
    double dropout,
    double deviation) {
  /** What learns from texts before it learns from records. */
  public static final EncoderShape PRETRAINED = new EncoderShape(4000, 256, 128, 2, 2, 0.1, 0.02);

  /** What begins with random weights, and has the records alone. */
  public static final EncoderShape RANDOM = new EncoderShape(4000, 256, 64, 1, 2, 0.1, 0.02);
}

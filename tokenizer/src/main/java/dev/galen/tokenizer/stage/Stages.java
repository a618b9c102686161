package dev.galen.tokenizer.stage;

/**
 * The five stages of a tokenizer, as {@code tokenizer.json} has them.
 *
 * @param normalizer rewrites the text
 * @param preTokenizer cuts it into words
 * @param model turns a word into tokens
 * @param postProcessor puts special tokens around the text
 * @param decoder turns tokens into bytes
 */
public record Stages(
    Normalizer normalizer,
    PreTokenizer preTokenizer,
    TokenModel model,
    PostProcessor postProcessor,
    Decoder decoder) {

  /** These stages with another post-processor. */
  public Stages with(PostProcessor postProcessor) {
    return new Stages(normalizer, preTokenizer, model, postProcessor, decoder);
  }
}

package dev.galen.tokenizer.post;

import dev.galen.tokenizer.stage.Piece;
import dev.galen.tokenizer.stage.PostProcessor;
import java.util.List;

/**
 * A template all of whose tokens are in segment 0, and so is what overflows, as HuggingFace's
 * {@code RobertaProcessing} has it.
 *
 * @param template names no other segment
 */
public record OneSegment(Template template) implements PostProcessor {

  @Override
  public List<List<Piece>> process(List<List<Piece>> texts, boolean addSpecialTokens) {
    return template.process(texts, addSpecialTokens);
  }

  /** Where nothing is put around texts, the library leaves what overflows as it is. */
  @Override
  public int overflowTypeId(int typeId, boolean addSpecialTokens) {
    return addSpecialTokens ? 0 : typeId;
  }

  @Override
  public int[] before() {
    return template.before();
  }

  @Override
  public int[] after() {
    return template.after();
  }
}

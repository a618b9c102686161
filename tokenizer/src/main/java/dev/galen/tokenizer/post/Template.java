package dev.galen.tokenizer.post;

import dev.galen.tokenizer.stage.Piece;
import dev.galen.tokenizer.stage.PostProcessor;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts special tokens around one text or two, as HuggingFace's {@code TemplateProcessing}.
 *
 * @param single what there is of a single text, which stands in it once
 * @param pair what there is of two; empty if nothing is said, and then two are refused
 */
public record Template(List<Part> single, List<Part> pair) implements PostProcessor {

  /** A part of what comes out. */
  public sealed interface Part {}

  /**
   * A special token.
   *
   * @param id its id
   * @param token its spelling
   * @param typeId its segment
   */
  public record Special(int id, String token, int typeId) implements Part {}

  /**
   * A text.
   *
   * @param index 0 for the first, 1 for the second
   * @param typeId its segment
   */
  public record TextPart(int index, int typeId) implements Part {}

  @Override
  public List<List<Piece>> process(List<List<Piece>> texts, boolean addSpecialTokens) {
    var pieces = new ArrayList<Piece>();
    if (texts.size() > 1 && pair.isEmpty()) {
      throw new IllegalArgumentException(
          "the tokenizer's post_processor has an empty template for two texts");
    }
    for (var part : texts.size() == 1 ? single : pair) {
      switch (part) {
        case TextPart(int index, int typeId) ->
            texts.get(index).forEach(piece -> pieces.add(piece.withTypeId(typeId)));
        case Special(int id, String token, int typeId) -> {
          if (addSpecialTokens) {
            pieces.add(Piece.special(id, token, typeId));
          }
        }
      }
    }
    return List.of(pieces);
  }

  @Override
  public int[] before() {
    return ids(single.subList(0, textAt()));
  }

  @Override
  public int[] after() {
    return ids(single.subList(textAt() + 1, single.size()));
  }

  private int textAt() {
    int at = 0;
    while (single.get(at) instanceof Special) {
      at++;
    }
    return at;
  }

  private static int[] ids(List<Part> parts) {
    return parts.stream().mapToInt(part -> ((Special) part).id()).toArray();
  }
}

package dev.galen.tokenizer.post;

import dev.galen.tokenizer.stage.Piece;
import dev.galen.tokenizer.stage.PostProcessor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Post-processors one behind the other, at most one of which adds tokens.
 *
 * @param links the processors in their order
 */
public record Chain(List<PostProcessor> links) implements PostProcessor {

  @Override
  public List<List<Piece>> process(List<List<Piece>> texts, boolean addSpecialTokens) {
    for (var link : links) {
      texts = link.process(texts, addSpecialTokens);
    }
    return texts;
  }

  @Override
  public int overflowTypeId(int typeId, boolean addSpecialTokens) {
    int set = typeId;
    for (var link : links) {
      set = link.overflowTypeId(set, addSpecialTokens);
    }
    return set;
  }

  @Override
  public int[] before() {
    return links.stream().flatMapToInt(link -> IntStream.of(link.before())).toArray();
  }

  @Override
  public int[] after() {
    return links.stream().flatMapToInt(link -> IntStream.of(link.after())).toArray();
  }
}

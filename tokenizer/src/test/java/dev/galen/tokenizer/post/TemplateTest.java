package dev.galen.tokenizer.post;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.tokenizer.post.Template.Special;
import dev.galen.tokenizer.post.Template.TextPart;
import dev.galen.tokenizer.stage.Piece;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Special tokens around one text and two. */
class TemplateTest {
  private static final Template SINGLE_ALONE =
      new Template(
          List.of(new Special(7, "[CLS]", 0), new TextPart(0, 0), new Special(8, "[SEP]", 0)),
          List.of());
  private static final List<Piece> TEXT = List.of(new Piece(1, "a", 0, 1, 0, 0));

  private static int[] ids(List<List<Piece>> processed) {
    return processed.stream().flatMap(List::stream).mapToInt(Piece::id).toArray();
  }

  @Test
  void aTemplateForOneTextRefusesTwo() {
    assertArrayEquals(new int[] {7, 1, 8}, ids(SINGLE_ALONE.process(List.of(TEXT), true)));
    assertArrayEquals(new int[] {1}, ids(SINGLE_ALONE.process(List.of(TEXT), false)));
    var e =
        assertThrows(
            IllegalArgumentException.class, () -> SINGLE_ALONE.process(List.of(TEXT, TEXT), true));
    assertEquals(
        "the tokenizer's post_processor has an empty template for two texts", e.getMessage());
  }

  @Test
  void aTemplateTellsWhatStandsAroundAText() {
    assertArrayEquals(new int[] {7}, SINGLE_ALONE.before());
    assertArrayEquals(new int[] {8}, SINGLE_ALONE.after());
  }
}

package dev.galen.examples.clinical.document;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.train.data.Origin;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EditsTest {
  private static final String TEXT = "Mr. May has  pain";

  private static Edits edits() {
    return new Edits(TEXT).replace(4, 7, "[NAME]").replace(11, 13, " ").replace(17, 17, ".");
  }

  @Test
  void changesAreMade() {
    assertEquals("Mr. [NAME] has pain.", edits().result());
  }

  @Test
  void annotationsMoveAlong() {
    var document =
        new Document(
            "1",
            TEXT,
            Map.of(),
            List.of(
                new Annotation(4, 7, "NAME"),
                new Annotation(5, 6, "inside"),
                new Annotation(13, 17, "symptom"),
                new Annotation(0, 17, "all")),
            Origin.MEMORY);
    Document changed = edits().applyTo(document);
    assertEquals(
        List.of("[NAME]", "[NAME]", "pain", "Mr. [NAME] has pain"),
        changed.annotations().stream().map(a -> a.in(changed.text())).toList());
  }

  @Test
  void placesOfTheNewTextAreThoseOfTheOld() {
    Edits edits = edits();
    String text = edits.result();
    int name = text.indexOf("[NAME]");
    assertEquals(4, edits.oldStart(name));
    assertEquals(4, edits.oldStart(name + 3));
    assertEquals(7, edits.oldEnd(name + 3));
    assertEquals(7, edits.oldEnd(name + 6));
    int pain = text.indexOf("pain");
    assertEquals("pain", TEXT.substring(edits.oldStart(pain), edits.oldEnd(pain + 4)));
  }

  @Test
  void whatIsDeletedTakesItsAnnotationsWithIt() {
    var document =
        new Document(
            "1",
            "a b",
            Map.of(),
            List.of(new Annotation(1, 2, "gone"), new Annotation(3, 3, "empty before")),
            Origin.MEMORY);
    Document changed = new Edits("a b").delete(1, 2).applyTo(document);
    assertEquals(List.of(new Annotation(2, 2, "empty before")), changed.annotations());
  }

  @Test
  void changesGoFromLeftToRight() {
    assertThrows(IllegalArgumentException.class, () -> edits().replace(3, 4, ""));
  }
}

package dev.galen.examples.clinical.structure.tag;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.document.Annotation;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FindingTagsTest {
  @Test
  void findingsStandInTags() {
    assertEquals(
        "No <finding>fever</finding>, BP < 90.",
        FindingTags.tag("No fever, BP < 90.", List.of(new Annotation(3, 8, "finding"))));
  }

  @Test
  void everyTextComesBack() {
    String[] pieces = {
      "<finding>",
      "</finding>",
      "<",
      ">",
      "/",
      "\\",
      "finding",
      "<\\finding>",
      "<\\\\/finding>",
      "fever ",
      "\uD83D\uDE00",
      "&lt;",
      "\n",
      "find",
      "ing>",
      "<fin"
    };
    var random = new Random(5);
    int escaped = 0;
    for (int i = 0; i < 20_000; i++) {
      var text = new StringBuilder();
      for (int j = random.nextInt(9); j >= 0; j--) {
        text.append(pieces[random.nextInt(pieces.length)]);
      }
      List<Annotation> places = new ArrayList<>();
      for (int j = random.nextInt(4); j > 0; j--) {
        int start = random.nextInt(text.length());
        places.add(
            new Annotation(start, start + random.nextInt(text.length() - start + 1), "finding"));
      }
      String tagged = FindingTags.tag(text.toString(), places);
      escaped += tagged.contains("<\\") ? 1 : 0;
      assertEquals(text.toString(), FindingTags.strip(tagged), tagged);
    }
    assertTrue(escaped > 1000);
  }
}

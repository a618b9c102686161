package dev.galen.examples.clinical.deid;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.document.Annotation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeldOutNotesTest {
  private static final Pattern MARKED = Pattern.compile("\\{([A-Z_]+)\\|([^}]*)}");

  @ParameterizedTest
  @ValueSource(strings = {"held-out.txt", "held-out-2.txt"})
  void notesByAnotherHandAreFoundAndTheirTrapsStay(String file) throws IOException {
    var wrong = new StringBuilder();
    DeidScore score = score(file, wrong);
    String said = score.table() + wrong;
    assertTrue(score.structuredRecall() >= 0.99, said);
    assertTrue(score.tokenRecall() >= 0.98, said);
    assertTrue(score.precision() >= 0.85, said);
    assertTrue(score.trapsRemoved() <= 0.05, said);
  }

  /** Nothing was mended on this set: it tells how far the rules carry. */
  @Test
  void unseenNotesAreFoundForTheMostPart() throws IOException {
    var wrong = new StringBuilder();
    DeidScore score = score("held-out-3.txt", wrong);
    String said = score.table() + wrong;
    assertTrue(score.f2() >= 0.9 && score.precision() >= 0.9, said);
    assertTrue(score.structuredRecall() >= 0.99, said);
    assertTrue(score.trapsRemoved() <= 0.05, said);
  }

  private static DeidScore score(String file, StringBuilder wrong) throws IOException {
    var score = new DeidScore();
    for (String line : lines(file)) {
      var text = new StringBuilder();
      List<Annotation> truth = new ArrayList<>();
      Matcher mark = MARKED.matcher(line);
      int at = 0;
      while (mark.find()) {
        text.append(line, at, mark.start());
        int start = text.length();
        text.append(mark.group(2));
        truth.add(new Annotation(start, text.length(), mark.group(1)));
        at = mark.end();
      }
      text.append(line.substring(at));
      List<Annotation> found = Deidentifier.annotations(text.toString());
      score.add(text.toString(), truth, found);
      tell(text.toString(), truth, found, wrong);
    }
    return score;
  }

  private static List<String> lines(String file) throws IOException {
    try (var in = HeldOutNotesTest.class.getResourceAsStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    }
  }

  private static void tell(
      String text, List<Annotation> truth, List<Annotation> found, StringBuilder out) {
    for (Annotation one : truth) {
      boolean trap = one.category().equals(DeidCorpus.TRAP);
      if (trap == found.stream().anyMatch(one::overlaps)) {
        out.append(one.category()).append(": ").append(one.in(text)).append('\n');
      } else if (!trap
          && found.stream().noneMatch(f -> f.start() <= one.start() && one.end() <= f.end())) {
        out.append("in part ")
            .append(one.category())
            .append(": ")
            .append(one.in(text))
            .append('\n');
      }
    }
    for (Annotation one : found) {
      if (truth.stream().noneMatch(one::overlaps)) {
        out.append("none: ").append(one.in(text)).append('\n');
      }
    }
  }
}

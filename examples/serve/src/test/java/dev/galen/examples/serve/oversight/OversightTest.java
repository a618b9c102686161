package dev.galen.examples.serve.oversight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OversightTest {
  @TempDir Path folder;

  @Test
  void uncertainClassesAndUnsupportedTextsAreMarked() {
    var hold = new Oversight(0.8, true, true);
    assertFalse(hold.ofClass(0.8).needsReview());
    assertTrue(hold.ofClass(0.79).held());
    assertTrue(hold.ofClass(0.79).lowConfidence());
    assertTrue(hold.ofClass(Double.NaN).needsReview());
    String input = "Metformin 500 mg twice a day. HbA1c 7.1 %.";
    assertFalse(hold.ofText(input, "Takes metformin 500 mg twice a day.").needsReview());
    Oversight.Mark mark = hold.ofText(input, "Takes metformin 850 mg and warfarin.");
    assertTrue(mark.held());
    assertEquals(
        List.of("850 mg", "warfarin"), mark.unsupported().stream().map(u -> u.text()).toList());

    var markOnly = new Oversight(0, false, false);
    assertFalse(markOnly.ofClass(0).needsReview());
    assertFalse(markOnly.ofText(input, "850 mg of warfarin").needsReview());
    assertFalse(new Oversight(0.5, true, false).ofClass(0.1).held());
    assertThrows(IllegalArgumentException.class, () -> new Oversight(1.1, true, true));
    assertThrows(IllegalArgumentException.class, () -> new Oversight(Double.NaN, true, true));
  }

  private static String text(Random random, String[] words, int length) {
    var text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(words[random.nextInt(words.length)]).append(' ');
    }
    return text.toString();
  }

  private static final String[] WARD =
      "pain chest left right lung heart clear stable no acute change seen the of with".split(" ");
  private static final String[] OTHER =
      "femur fracture cast swelling knee joint bone graft screw".split(" ");

  private static TrainingProfile profile(Random random) {
    var texts = new ArrayList<String>();
    var labels = new ArrayList<String>();
    for (int i = 0; i < 400; i++) {
      texts.add(text(random, WARD, 20 + random.nextInt(30)) + (i == 7 ? "Ostergaard" : ""));
      labels.add(i % 4 == 0 ? "ill" : "well");
    }
    return TrainingProfile.of(texts, labels);
  }

  @Test
  void inputsLikeTheTrainingDataAreNoDrift() throws IOException {
    var random = new Random(1);
    Path file = folder.resolve("profile.json");
    profile(random).write(file);
    assertFalse(Files.readString(file).toLowerCase().contains("ostergaard"));
    var monitor = new DriftMonitor(TrainingProfile.read(file), 500);
    for (int i = 0; i < 99; i++) {
      monitor.saw(text(random, WARD, 20 + random.nextInt(30)), i % 4 == 0 ? "ill" : "well");
    }
    assertTrue(Double.isNaN(monitor.figures().get("length")));
    for (int i = 0; i < 900; i++) {
      monitor.saw(text(random, WARD, 20 + random.nextInt(30)), i % 4 == 0 ? "ill" : "well");
    }
    var figures = monitor.figures();
    assertEquals(500.0, figures.get("inputs"));
    assertTrue(figures.get("length") < 0.1, figures.toString());
    assertTrue(figures.get("vocabulary") < 0.1, figures.toString());
    assertTrue(figures.get("classes") < 0.1, figures.toString());
    assertEquals(0.0, figures.get("drift"));
    assertTrue(figures.get("unknown_words") < 0.01, figures.toString());
  }

  @Test
  void eachKindOfDriftIsSeenAndGoesAgain() {
    var random = new Random(2);
    TrainingProfile profile = profile(random);
    var monitor = new DriftMonitor(profile, 200);
    for (int i = 0; i < 200; i++) {
      monitor.saw(text(random, WARD, 5), i % 4 == 0 ? "ill" : "well");
    }
    assertTrue(monitor.figures().get("length") > DriftMonitor.BOUND);
    assertTrue(monitor.figures().get("classes") < 0.1);
    for (int i = 0; i < 200; i++) {
      monitor.saw(text(random, OTHER, 20 + random.nextInt(30)), i % 4 == 0 ? "ill" : "well");
    }
    assertTrue(monitor.figures().get("vocabulary") > DriftMonitor.BOUND);
    assertTrue(monitor.figures().get("length") < 0.1, monitor.figures().toString());
    assertEquals(1.0, monitor.figures().get("unknown_words"), 1e-9);
    for (int i = 0; i < 200; i++) {
      monitor.saw(text(random, WARD, 20 + random.nextInt(30)), i % 4 == 0 ? "well" : "other");
    }
    assertTrue(monitor.figures().get("classes") > DriftMonitor.BOUND);
    assertEquals(1.0, monitor.figures().get("drift"));
    for (int i = 0; i < 200; i++) {
      monitor.saw(text(random, WARD, 20 + random.nextInt(30)), i % 4 == 0 ? "ill" : "well");
    }
    assertEquals(0.0, monitor.figures().get("drift"), monitor.figures().toString());
  }

  @Test
  void stabilityIndexIsTheFormula() {
    // (q - p) ln(q / p) with half a count added to each bin: p = .5 .5, q = .25 .75 of 100.
    double p = 50.5 / 101;
    double q = 25.5 / 101;
    double expected = (q - p) * Math.log(q / p) + (1 - q - p) * Math.log((1 - q) / p);
    assertEquals(expected, Histogram.psi(new long[] {50, 50}, new long[] {25, 75}), 1e-12);
    assertEquals(0, Histogram.psi(new long[] {3, 4}, new long[] {3, 4}), 1e-12);
  }

  @Test
  void wrongProfilesAreToldInOneLine() throws IOException {
    assertThrows(IllegalArgumentException.class, () -> TrainingProfile.of(List.of("a"), List.of()));
    Path file = folder.resolve("p.json");
    for (String text : List.of("{", "{}", "{\"vocabulary\": \"\"}")) {
      Files.writeString(file, text);
      var problem = assertThrows(IOException.class, () -> TrainingProfile.read(file));
      assertTrue(problem.getMessage().startsWith(file + ": "), problem.getMessage());
    }
    var profile = profile(new Random(3));
    assertThrows(IllegalArgumentException.class, () -> new DriftMonitor(profile, 10));
  }
}

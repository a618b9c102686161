package dev.galen.examples.search.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.search.Study;
import dev.galen.examples.search.TrialPruned;
import dev.galen.examples.search.space.FloatRange;
import dev.galen.examples.search.trial.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyReportTest {
  @TempDir Path folder;

  private static History history(int trials) {
    try (Study study = Study.create().seed(3).open()) {
      study.optimize(
          trial -> {
            String kind = trial.suggestCategorical("kind", "a", "b & <c>");
            double rate =
                kind.equals("a") ? trial.suggestFloat("rate", FloatRange.log(1e-4, 1)) : 0.5;
            trial.report(1, rate);
            if (trial.number() == 1) {
              throw new TrialPruned();
            }
            if (trial.number() == 2) {
              throw new IllegalStateException("it broke");
            }
            trial.figure("accuracy", 0.5);
            return rate + trial.suggestInt("whole", 1, 3);
          },
          trials);
      return study.history();
    }
  }

  @Test
  void theTableHasTheBestFirst() {
    List<String> table = new StudyReport(history(6), "loss").table();
    assertEquals(7, table.size());
    assertTrue(table.getFirst().matches(" *trial +state +loss +kind .*seconds"), table.toString());
    List<String> states = table.stream().skip(1).map(line -> line.split(" +")[2]).toList();
    assertEquals(
        List.of("complete", "complete", "complete", "complete", "pruned", "failed"), states);
    List<Double> losses =
        table.subList(1, 5).stream().map(line -> Double.valueOf(line.split(" +")[3])).toList();
    assertEquals(losses.stream().sorted().toList(), losses);
    assertEquals(1, table.stream().map(String::length).distinct().count(), table.toString());
  }

  @Test
  void linesHaveWhatIsKnown() {
    History history = history(4);
    String complete = StudyReport.json(history.trial(0)).toString();
    assertTrue(complete.startsWith("{\"trial\":0,\"state\":\"complete\",\"value\":"), complete);
    assertTrue(complete.contains("\"figures\":{\"accuracy\":0.5}"), complete);
    assertTrue(complete.contains("\"reports\":{\"1\":"), complete);
    String pruned = StudyReport.json(history.trial(1)).toString();
    assertFalse(pruned.contains("value"), pruned);
    String failed = StudyReport.json(history.trial(2)).toString();
    assertTrue(failed.contains("\"error\":\"it broke\""), failed);
  }

  @Test
  void picturesAreWholeEvenOfAStudyWithoutTrials() throws IOException {
    for (int trials : new int[] {0, 1, 3, 8}) {
      Path out = folder.resolve("study" + trials);
      new StudyReport(history(trials), "loss").write(out);
      assertEquals(trials, Files.readAllLines(out.resolve("trials.jsonl")).size());
      for (String name : List.of("history.svg", "parameters.svg")) {
        if (trials > 0 || name.startsWith("history")) {
          String svg = Files.readString(out.resolve(name));
          assertTrue(svg.startsWith("<svg ") && svg.endsWith("</svg>\n"), svg);
          assertFalse(svg.contains("NaN") || svg.contains("<c>"), svg);
        }
      }
    }
  }
}

package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.train.metrics.Perplexity;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person sees of a run whose clock is set by hand. */
class ProgressTest {
  private static final String[] PLAIN = {"\r", ""};

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private long nanos;

  private Progress progress(boolean terminal, int columns, long every) {
    var out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    return new Progress(out, terminal, PLAIN, columns, every, () -> nanos);
  }

  private void update(Progress progress, long step, long total, double loss) {
    update(progress, step, total, loss, false);
  }

  private void update(Progress progress, long step, long total, double loss, boolean skipped) {
    nanos += 1_000_000_000;
    progress.onStep(new StepReport(step, total, step / 10.0, loss, 1e-3, 1, 1024, skipped, 500, 1));
  }

  private List<String> lines() {
    return bytes.toString(StandardCharsets.UTF_8).lines().toList();
  }

  @Test
  void lossAndAverageAreCalledWhatTheyAre() {
    Progress progress = progress(false, 80, 1);
    update(progress, 1, 3, 10);
    update(progress, 2, 3, 8);
    update(progress, 3, 3, 6);
    assertEquals(
        List.of(
            "1/3  loss 10.0000  moving average 10.0000  500 tokens/s  epoch 0.10  2s left",
            // (0.9 * 10 + 8) / 1.9, then (0.81 * 10 + 0.9 * 8 + 6) / 2.71
            "2/3  loss 8.0000  moving average 8.9474  500 tokens/s  epoch 0.20  1s left",
            "3/3  loss 6.0000  moving average 7.8598  500 tokens/s  epoch 0.30  3s in all"),
        lines());
  }

  @Test
  void evaluationsAreShownAndCountInTheTimeButNotInTheSpeed() {
    Progress progress = progress(false, 80, 2);
    nanos += 900_000_000_000L; // measured before the first update: no part of what follows
    progress.onEvaluation(0, new Perplexity(Math.log(100), 50));
    for (int step = 1; step <= 4; step++) {
      update(progress, step, 8, 5);
      if (step == 2) {
        nanos += 4_000_000_000L;
        progress.onEvaluation(2, new Perplexity(100, 50));
      }
    }
    assertEquals(
        List.of(
            "  validation before the first update: loss 4.6052, perplexity 100.000",
            "2/8  loss 5.0000  moving average 5.0000  500 tokens/s  epoch 0.20  6s left",
            "  validation after update 2: loss 100.0000, perplexity 2.688e+43",
            "4/8  loss 5.0000  moving average 5.0000  500 tokens/s  epoch 0.40  8s left"),
        lines());
  }

  @Test
  void linesComeTwentyTimesUnlessTold() {
    Progress progress = progress(false, 80, 0);
    for (int step = 1; step <= 205; step++) {
      update(progress, step, 205, 5);
    }
    assertEquals(21, lines().size());
    assertTrue(lines().getLast().startsWith("205/205"), lines().getLast());
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 100, 80, 60, 40, 20, 5, 1})
  void theMovingLineFitsItsTerminal(int columns) {
    Progress progress = progress(true, columns, 1);
    for (int step = 1; step <= 100; step++) {
      update(progress, step * 1000L, 100_000, 1234.5);
    }
    String all = bytes.toString(StandardCharsets.UTF_8);
    assertTrue(all.endsWith(System.lineSeparator()), "the last update ends the line");
    String[] drawn = all.strip().split("\r");
    assertEquals(100, drawn.length);
    for (String line : drawn) {
      boolean fits = line.length() < Math.max(columns, 18); // the least is the update's number
      assertTrue(fits, columns + ": " + line);
    }
    String last = drawn[drawn.length - 1];
    assertTrue(last.contains("100000/100000"), last);
    assertEquals(columns >= 40, last.contains("in all"), last);
    assertEquals(columns >= 60, last.contains("loss 1234.5000"), last);
    assertEquals(columns >= 80, last.contains("moving average"), last);
    assertEquals(columns >= 200, last.contains("epoch"), last);
  }

  @Test
  void whatIsPrintedInBetweenHasALineOfItsOwn() {
    Progress progress = progress(true, 80, 1);
    update(progress, 1, 9, Double.NaN, true);
    update(progress, 2, 9, 3);
    progress.onEvaluation(2, new Perplexity(1, 9));
    update(progress, 3, 9, Double.NaN, true);
    progress.close();
    progress.close();
    List<String> lines = lines();
    assertEquals("  update 1 skipped: its gradients overflow at loss scale 1024", lines.get(0));
    assertTrue(lines.contains("  validation after update 2: loss 1.0000, perplexity 2.718"));
    assertTrue(lines.contains("  update 3 skipped: its gradients overflow at loss scale 1024"));
    assertFalse(bytes.toString(StandardCharsets.UTF_8).contains("NaN"));
  }

  @Test
  void fastUpdatesAreNotAllDrawn() {
    Progress progress = progress(true, 80, 1);
    for (int step = 1; step <= 1000; step++) {
      nanos += 1_000_000;
      progress.onStep(new StepReport(step, 1000, 0, 5, 1e-3, 1, 1, false, 9, 1e-3));
    }
    long drawings = bytes.toString(StandardCharsets.UTF_8).chars().filter(c -> c == '\r').count();
    assertEquals(21, drawings); // each 50 ms of a second, and the last
  }

  @Test
  void timesAreReadByPeople() {
    assertEquals("0s", Progress.time(0.4));
    assertEquals("1m00s", Progress.time(59.7));
    assertEquals("3m20s", Progress.time(200));
    assertEquals("2h05m", Progress.time(7500));
  }
}

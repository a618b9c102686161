package dev.galen.examples.clinical.clean;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.pipeline.DocumentRun;
import dev.galen.examples.clinical.pipeline.JsonLinesSource;
import dev.galen.examples.clinical.pipeline.RunCounts;
import dev.galen.examples.clinical.pipeline.RunProgress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CleanStepTest {
  @TempDir private Path folder;

  private DocumentRun run(Cleaning cleaning, List<String> fields, String... lines)
      throws IOException {
    Path input = folder.resolve("in.jsonl");
    Files.write(input, List.of(lines));
    var step = new CleanStep(cleaning, fields, null);
    return new DocumentRun(
        new JsonLinesSource(List.of(input)), step, "", 1, RunProgress.NONE, step);
  }

  private static String[] rows(int count, int emptied) {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String answer = i < emptied ? "<br>" : "&lt;5";
      rows.add("{\"text\":\"BP&nbsp;140/90\",\"fields\":{\"answer\":\"" + answer + "\"}}");
    }
    return rows.toArray(String[]::new);
  }

  @Test
  void textAndFieldsAreCleaned() throws IOException {
    Path out = folder.resolve("out.jsonl");
    RunCounts counts = run(Cleaning.SAFE, List.of("answer"), rows(100, 1)).run(out);
    assertEquals(new RunCounts(100, 99, 1), counts);
    assertTrue(
        Files.readAllLines(out)
            .getFirst()
            .contains("\"text\":\"BP 140/90\",\"fields\":{\"answer\":\"<5\"}"));
    assertTrue(
        Files.readString(folder.resolve("out.jsonl.rejects.jsonl"))
            .contains("the field answer is empty after cleaning"));
  }

  @Test
  void moreThanOneInAHundredEmptiedFailsTheRunAndNamesTheField() throws IOException {
    Path out = folder.resolve("out.jsonl");
    DocumentRun run = run(Cleaning.SAFE, List.of("answer"), rows(100, 2));
    String message = assertThrows(IOException.class, () -> run.run(out)).getMessage();
    assertTrue(message.startsWith("the field answer is empty after cleaning in 2 of 100"), message);
    try (var files = Files.list(folder)) {
      assertEquals(
          List.of("in.jsonl", "out.jsonl.rejects.jsonl"),
          files.map(file -> file.getFileName().toString()).sorted().toList());
    }
    assertThrows(
        IOException.class,
        () ->
            run(Cleaning.SAFE, List.of("answer"), rows(100, 2)).stream(
                new ByteArrayOutputStream(), new ByteArrayOutputStream()));
  }

  @Test
  void theModeThatEmptiesTheTextNamesIt() throws IOException {
    DocumentRun run = run(Cleaning.STOPWORDS, List.of(), "{\"text\":\"no, not so\"}");
    String message =
        assertThrows(IOException.class, () -> run.run(folder.resolve("out"))).getMessage();
    assertTrue(message.contains("the field text"), message);
    assertFalse(message.contains("not so"), message);
  }

  @Test
  void aFieldThatNoRecordHasIsRefused() throws IOException {
    DocumentRun run = run(Cleaning.SAFE, List.of("anwser"), rows(3, 0));
    String message =
        assertThrows(IOException.class, () -> run.run(folder.resolve("out"))).getMessage();
    assertEquals("--field is anwser; none of the records has such a field", message);
  }

  @Test
  void aTextThatWasEmptyStays() throws IOException {
    Path out = folder.resolve("out");
    assertEquals(
        new RunCounts(1, 1, 0), run(Cleaning.SAFE, List.of(), "{\"text\":\" \"}").run(out));
  }
}

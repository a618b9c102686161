package dev.galen.examples.clinical.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.galen.examples.clinical.pipeline.JsonLinesSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TaskDocumentsTest {
  @TempDir Path folder;

  private TaskDocuments read(String... lines) throws IOException {
    Path file = Files.write(folder.resolve("a.jsonl"), List.of(lines));
    return TaskDocuments.read(
        new JsonLinesSource(List.of(file)), "a.jsonl", folder.resolve("rejects.jsonl"), "label");
  }

  @Test
  void whatCannotBeUsedIsToldWithoutItsText() throws IOException {
    TaskDocuments documents =
        read(
            "{\"id\": \"1\", \"text\": \"Rash.\", \"fields\": {\"label\": \"ALLERGY\"}}",
            "{\"id\": \"2\", \"text\": \"Secret.\", \"fields\": {}}",
            "{\"id\": \"3\", \"text\": \" \", \"fields\": {\"label\": \"PLAN\"}}",
            "{\"id\": \"4\", \"text\": \"Secret.\", \"fields\": {\"label\": \" \"}}",
            "{\"id\": \"5\", \"text\": \"Secret");
    assertEquals(List.of("Rash."), documents.texts());
    assertEquals(List.of("ALLERGY"), documents.field("label"));
    assertEquals(4, documents.rejected());
    String rejects = Files.readString(folder.resolve("rejects.jsonl"));
    assertFalse(rejects.contains("Secret"), rejects);
    List<String> lines = rejects.lines().toList();
    assertEquals(4, lines.size());
    assertEquals(
        "{\"file\":\"%s\",\"line\":2,\"problem\":\"the field label is missing; expected words\"}"
            .formatted(folder.resolve("a.jsonl")),
        lines.getFirst());
  }

  @Test
  void nothingUsableIsOneLine() throws IOException {
    var fault = assertThrows(IOException.class, () -> read("{\"text\": \"a\"}"));
    assertEquals(
        "a.jsonl: no record can be used, all were rejected; see " + folder.resolve("rejects.jsonl"),
        fault.getMessage());
    assertEquals(
        "a.jsonl: no record can be used: there are none",
        assertThrows(IOException.class, this::read).getMessage());
    String line = "{\"id\": \"1\", \"text\": \"%s\", \"fields\": {\"label\": \"b\"}}";
    assertNotEquals(read(line.formatted("a")).digest(), read(line.formatted("b")).digest());
    assertFalse(Files.exists(folder.resolve("rejects.jsonl")));
  }
}

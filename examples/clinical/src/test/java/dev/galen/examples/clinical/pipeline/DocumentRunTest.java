package dev.galen.examples.clinical.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.clinical.document.RejectedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentRunTest {
  private static final int RECORDS = 5_000;

  @TempDir private Path folder;
  private Path input;

  /** Refuses each text that ends in 7. */
  private static final DocumentStep STEP =
      (document, out) -> {
        if (document.text().endsWith("7")) {
          throw new RejectedException("ends in 7");
        }
        out.accept(document);
      };

  @BeforeEach
  void write() throws IOException {
    input = folder.resolve("in.jsonl");
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < RECORDS; i++) {
      lines.add(i % 1000 == 500 ? "{broken" : "{\"text\": \"note " + i + "\"}");
    }
    Files.write(input, lines);
  }

  private RunCounts run(Path out, DocumentStep step, int threads) throws IOException {
    return new DocumentRun(
            new JsonLinesSource(List.of(input)), step, "test", threads, RunProgress.NONE)
        .run(out);
  }

  @Test
  void theOutputIsInOrderAndTheRejectsAreNamed() throws IOException {
    Path out = folder.resolve("out.jsonl");
    RunCounts counts = run(out, STEP, 2);
    assertEquals(new RunCounts(RECORDS, RECORDS - 505, 505), counts);
    List<String> lines = Files.readAllLines(out);
    assertEquals(
        "{\"id\":\"" + input + ":1\",\"text\":\"note 0\",\"file\":\"" + input + "\",\"line\":1}",
        lines.getFirst());
    List<String> rejects = Files.readAllLines(folder.resolve("out.jsonl.rejects.jsonl"));
    assertEquals(505, rejects.size());
    assertEquals(
        "{\"file\":\"" + input + "\",\"line\":8,\"problem\":\"ends in 7\"}", rejects.getFirst());
    try (var files = Files.list(folder)) {
      assertEquals(3, files.count());
    }
  }

  @Test
  void threadsDoNotShow() throws IOException {
    run(folder.resolve("one"), STEP, 1);
    run(folder.resolve("three"), STEP, 3);
    assertArrayEquals(
        Files.readAllBytes(folder.resolve("one")), Files.readAllBytes(folder.resolve("three")));
  }

  @Test
  void aRunGoesOnWhereItWas() throws IOException {
    Path whole = folder.resolve("whole");
    run(whole, STEP, 2);
    Path out = folder.resolve("out");
    Path kept = folder.resolve("kept");
    // What a kill leaves: the files of a run that went wrong behind its last state.
    var seen = new AtomicInteger();
    assertThrows(
        IllegalStateException.class,
        () ->
            run(
                out,
                (document, sink) -> {
                  if (seen.incrementAndGet() > 3_000) {
                    throw new IllegalStateException("killed");
                  }
                  if (seen.get() == 1_500) {
                    pause(2_100); // so that a state is written
                  }
                  STEP.apply(document, sink);
                },
                1));
    assertTrue(Files.exists(folder.resolve("out.state")));
    assertFalse(Files.exists(out));
    Files.copy(folder.resolve("out.state"), kept);
    var again = new AtomicInteger();
    run(
        out,
        (document, sink) -> {
          again.incrementAndGet();
          STEP.apply(document, sink);
        },
        2);
    assertTrue(again.get() < RECORDS - 1_000, () -> again + " documents done again");
    assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(out));
    assertArrayEquals(
        Files.readAllBytes(folder.resolve("whole.rejects.jsonl")),
        Files.readAllBytes(folder.resolve("out.rejects.jsonl")));
    assertFalse(Files.exists(folder.resolve("out.state")));
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void bytesThatAreNoTextAreRejected() throws IOException {
    Files.write(
        input, new byte[] {'{', '"', 't', 'e', 'x', 't', '"', ':', '"', (byte) 0xC3, '"', '}'});
    RunCounts counts = run(folder.resolve("out"), STEP, 1);
    assertEquals(new RunCounts(1, 0, 1), counts);
    assertEquals(
        "{\"file\":\"" + input + "\",\"line\":1,\"problem\":\"not valid UTF-8\"}\n",
        Files.readString(folder.resolve("out.rejects.jsonl"), StandardCharsets.UTF_8));
  }
}

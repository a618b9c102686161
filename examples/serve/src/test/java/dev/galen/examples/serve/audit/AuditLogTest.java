package dev.galen.examples.serve.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AuditLogTest {
  @TempDir Path folder;

  private static AuditEntry entry(int i) {
    return new AuditEntry(
        Instant.parse("2026-12-01T00:00:00Z").plusSeconds(i),
        "key" + i,
        "POST /summarize",
        "m@1",
        "r" + i,
        "",
        "200");
  }

  private Path log(int entries) throws IOException {
    Path file = folder.resolve("audit.log");
    try (var log = AuditLog.open(file)) {
      for (int i = 0; i < entries; i++) {
        log.append(entry(i));
      }
    }
    return file;
  }

  @Test
  void everyChangeOfAByteIsFound() throws IOException {
    Path file = log(4);
    byte[] good = Files.readAllBytes(file);
    var head = AuditCheck.check(file, Optional.empty()).head();
    assertTrue(AuditCheck.check(file, Optional.of(head)).ok());
    for (int i = 0; i < good.length; i++) {
      byte[] bad = good.clone();
      bad[i] ^= 1;
      Files.write(file, bad);
      assertFalse(AuditCheck.check(file, Optional.of(head)).ok(), "byte " + i);
    }
  }

  @Test
  void removingAddingAndMovingLinesIsFound() throws IOException {
    Path file = log(6);
    List<String> good = Files.readAllLines(file);
    for (int i = 0; i < good.size(); i++) {
      var lines = new ArrayList<>(good);
      lines.remove(i);
      boolean last = i == good.size() - 1;
      assertEquals(last, check(file, lines).ok(), "without line " + i);
      if (!last) {
        lines = new ArrayList<>(good);
        Collections.swap(lines, i, i + 1);
        assertFalse(check(file, lines).ok(), "swapped " + i);
      }
      lines = new ArrayList<>(good);
      lines.add(i, good.get(i));
      assertFalse(check(file, lines).ok(), "doubled " + i);
    }
    String problem = check(file, good.subList(1, 6)).problem();
    assertTrue(problem.startsWith(file + ":1: "), problem);
  }

  private static AuditCheck.Result check(Path file, List<String> lines) throws IOException {
    Files.write(file, lines);
    return AuditCheck.check(file, Optional.empty());
  }

  @Test
  void aCutEndAndANewChainAreFoundByAHeadKeptElsewhere() throws IOException {
    Path file = log(5);
    Head kept = Head.of(AuditCheck.check(file, Optional.empty()).head().toString());
    List<String> lines = Files.readAllLines(file);
    Files.write(file, lines.subList(0, 3));
    assertTrue(AuditCheck.check(file, Optional.empty()).ok());
    String cut = AuditCheck.check(file, Optional.of(kept)).problem();
    assertTrue(cut.contains("cut off"), cut);

    Files.delete(file);
    try (var log = AuditLog.open(file)) {
      for (int i = 0; i < 7; i++) {
        log.append(entry(100 + i));
      }
    }
    assertTrue(AuditCheck.check(file, Optional.empty()).ok());
    String anew = AuditCheck.check(file, Optional.of(kept)).problem();
    assertTrue(anew.contains("written anew"), anew);
  }

  @Test
  void aTornLineIsSetAsideAndTheChainGoesOn() throws IOException {
    Path file = log(3);
    byte[] good = Files.readAllBytes(file);
    int third = new String(good, StandardCharsets.UTF_8).lastIndexOf('\n', good.length - 2) + 1;
    for (int cut = third + 1; cut < good.length; cut += 7) {
      Files.write(file, Arrays.copyOf(good, cut));
      assertEquals(cut - third, AuditCheck.check(file, Optional.empty()).tornBytes());
      try (var log = AuditLog.open(file)) {
        assertEquals(2, log.head().entries());
        log.append(entry(9));
      }
      var checked = AuditCheck.check(file, Optional.empty());
      assertTrue(checked.ok(), checked.problem());
      assertEquals(3, checked.head().entries());
    }
    assertTrue(Files.size(folder.resolve("audit.log.torn")) > 0);
  }

  @Test
  void aBrokenChainAndASecondWriterAreRefused() throws IOException {
    Path file = log(3);
    try (var log = AuditLog.open(file)) {
      log.append(entry(4));
      var twice = assertThrows(IOException.class, () -> AuditLog.open(file));
      assertTrue(twice.getMessage().contains("another server"), twice.getMessage());
    }
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    lines.set(1, lines.get(1).replace("key1", "key7"));
    Files.write(file, lines);
    var broken = assertThrows(IOException.class, () -> AuditLog.open(file));
    assertTrue(broken.getMessage().startsWith(file + ":2: was changed"), broken.getMessage());
  }

  @Test
  void manyThreadsWriteOneChain() throws Exception {
    Path file = folder.resolve("audit.log");
    try (var log = AuditLog.open(file)) {
      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < 50; i++) {
          int n = i;
          threads.submit(
              () -> {
                Thread.currentThread().interrupt(); // as a server that stops does
                log.append(entry(n));
                return null;
              });
        }
      }
      assertEquals(50, log.head().entries());
    }
    assertTrue(AuditCheck.check(file, Optional.empty()).ok());
  }

  @Test
  void textsCannotBreakALine() throws IOException {
    Path file = folder.resolve("audit.log");
    try (var log = AuditLog.open(file)) {
      log.append(
          new AuditEntry(Instant.now(), "a\n\"}", "GET /\u2028", "m\\", "\"hash\":\"", "", "200"));
      log.append(entry(1));
    }
    assertTrue(AuditCheck.check(file, Optional.empty()).ok());
    assertEquals(2, Files.readAllLines(file).size());
  }

  @Test
  void inputsAreHashedUnderAKey() throws IOException {
    Path path = folder.resolve("audit.key");
    AuditKey key = AuditKey.open(path);
    assertEquals(key.hash("Doe"), AuditKey.open(path).hash("Doe"));
    assertNotEquals(key.hash("Doe"), AuditKey.open(folder.resolve("other.key")).hash("Doe"));
    assertEquals("", key.hash(""));
    assertEquals(64, key.hash("Doe").length());
    Files.writeString(path, "x", StandardOpenOption.TRUNCATE_EXISTING);
    assertThrows(IOException.class, () -> AuditKey.open(path));
    assertThrows(IllegalArgumentException.class, () -> Head.of("3:x"));
  }
}

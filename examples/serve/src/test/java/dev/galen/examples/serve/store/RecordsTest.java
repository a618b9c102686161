package dev.galen.examples.serve.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import dev.galen.examples.serve.store.StoredRecord.Content;
import dev.galen.examples.serve.store.StoredRecord.Kind;
import dev.galen.examples.serve.store.StoredRecord.State;
import dev.galen.examples.serve.store.StoredRecord.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordsTest {
  private static final String NAME = "Wilhelmina Ostergaard-Quist";

  @TempDir Path folder;

  private Records open() throws IOException {
    Files.createDirectories(folder.resolve("keys"));
    return Records.open(
        folder.resolve("store.db").toString(), new KeysetFile(folder.resolve("keys/store.keys")));
  }

  private static Content content(String patient, Verdict verdict) {
    return new Content(
        Kind.FEEDBACK,
        "k1",
        "m@1",
        "summarize",
        verdict,
        patient,
        "Report of " + NAME + ", born 1931.",
        NAME + " is well.",
        verdict == Verdict.CORRECTED ? NAME + " is ill." : null,
        "said by " + NAME);
  }

  @Test
  void whatIsKeptComesBack() throws IOException {
    String id;
    try (Records records = open()) {
      id = records.add(content("MRN 17", Verdict.CORRECTED));
    }
    try (Records records = open()) {
      StoredRecord found = records.find(id).orElseThrow();
      assertEquals(content(null, Verdict.CORRECTED), found.what());
      assertEquals(State.WAITING, found.state());
      assertNull(found.reviewer());
      assertFalse(found.toString().contains(NAME));
      assertTrue(records.find("0").isEmpty());
    }
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(
            Files.getPosixFilePermissions(folder.resolve("keys/store.keys"))));
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("store.db"))));
  }

  @Test
  void noFileHasAWordOfAText() throws IOException {
    try (Records records = open()) {
      for (int i = 0; i < 50; i++) {
        records.add(content("MRN-778812", Verdict.CORRECTED));
      }
      String id = records.list(State.WAITING, null, 1).getFirst().id();
      records.review(id, "k2", Verdict.CORRECTED, "It is " + NAME, State.ACCEPTED);
      requireAbsent(); // with the write-ahead log beside it
    }
    requireAbsent();
  }

  private void requireAbsent() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
        for (String word : List.of("Wilhelmina", "Ostergaard", "Quist", "1931", "MRN", "778812")) {
          assertFalse(bytes.contains(word), file + " has " + word);
        }
      }
    }
  }

  @Test
  void aTextMovedToAnotherPlaceDoesNotOpen() throws Exception {
    String first;
    String second;
    try (Records records = open()) {
      first = records.add(content(null, Verdict.RIGHT));
      second = records.add(content(null, Verdict.RIGHT));
    }
    String url = "jdbc:sqlite:" + folder.resolve("store.db");
    try (var connection = DriverManager.getConnection(url);
        var statement = connection.createStatement()) {
      statement.execute("UPDATE galen_record SET answer = input WHERE id = '" + first + "'");
      statement.execute(
          "UPDATE galen_record SET input = (SELECT input FROM galen_record WHERE id = '"
              + first
              + "') WHERE id = '"
              + second
              + "'");
    }
    try (Records records = open()) {
      for (String id : List.of(first, second)) {
        var moved = assertThrows(IllegalStateException.class, () -> records.find(id));
        assertTrue(moved.getMessage().contains(id), moved.getMessage());
      }
    }
  }

  @Test
  void aReviewIsMadeOnce() throws IOException {
    try (Records records = open()) {
      String id = records.add(content(null, Verdict.WRONG));
      assertTrue(records.review(id, "k2", Verdict.CORRECTED, "So.", State.ACCEPTED));
      assertFalse(records.review(id, "k3", Verdict.RIGHT, null, State.REJECTED));
      assertFalse(records.review("0", "k3", Verdict.RIGHT, null, State.REJECTED));
      StoredRecord found = records.find(id).orElseThrow();
      assertEquals("So.", found.what().correction());
      assertEquals("k2", found.reviewer());
      assertEquals(1, records.count(State.ACCEPTED));
      assertEquals(0, records.count(State.WAITING));
      assertThrows(
          IllegalArgumentException.class,
          () -> records.review(id, "k2", Verdict.CORRECTED, null, State.ACCEPTED));
    }
  }

  @Test
  void pagesGoThroughAll() throws IOException {
    try (Records records = open()) {
      for (int i = 0; i < 25; i++) {
        records.add(content(null, Verdict.RIGHT));
      }
      String last = null;
      int seen = 0;
      while (true) {
        List<StoredRecord> page = records.list(State.WAITING, last, 10);
        if (page.isEmpty()) {
          break;
        }
        seen += page.size();
        last = page.getLast().id();
      }
      assertEquals(25, seen);
      assertThrows(IllegalArgumentException.class, () -> records.list(State.WAITING, null, 0));
    }
  }

  @Test
  void aPatientAndOldRecordsAreErased() throws Exception {
    try (Records records = open()) {
      records.add(content("MRN 17", Verdict.RIGHT));
      records.add(content(" MRN 17 ", Verdict.RIGHT));
      records.add(content("MRN 18", Verdict.RIGHT));
      assertEquals(2, records.erase("MRN 17"));
      assertEquals(0, records.erase("MRN 17"));
      assertEquals(1, records.count(State.WAITING));
      assertThrows(IllegalArgumentException.class, () -> records.erase(" "));
      assertEquals(0, records.expire(Duration.ofHours(1)));
      Thread.sleep(5);
      assertEquals(1, records.expire(Duration.ofMillis(1)));
    }
  }

  @Test
  void rotationReencryptsEverything() throws IOException {
    Path keys = folder.resolve("keys/store.keys");
    String before;
    String id;
    try (Records records = open()) {
      before = Files.readString(keys);
      for (int i = 0; i < 230; i++) {
        records.add(content("MRN 17", Verdict.CORRECTED));
      }
      id = records.add(content("MRN 17", Verdict.RIGHT));
      assertEquals(231, records.rotate());
      assertEquals(content(null, Verdict.RIGHT), records.find(id).orElseThrow().what());
    }
    String after = Files.readString(keys);
    try (Records records = open()) {
      assertEquals(content(null, Verdict.RIGHT), records.find(id).orElseThrow().what());
      assertEquals(231, records.erase("MRN 17"));
    }
    Files.writeString(keys, before);
    var old = assertThrows(IllegalArgumentException.class, this::open);
    assertTrue(old.getMessage().startsWith(keys + ": "), old.getMessage());
    Files.writeString(keys, after);
    open().close();
  }

  @Test
  void keysMayBeEncryptedByAService() throws Exception {
    AeadConfig.register();
    Aead master =
        KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM, RegistryConfiguration.get())
            .getPrimitive(RegistryConfiguration.get(), Aead.class);
    Path keys = folder.resolve("wrapped.keys");
    String where = folder.resolve("store.db").toString();
    String id;
    try (Records records = Records.open(where, new KeysetFile(keys, master))) {
      id = records.add(content(null, Verdict.RIGHT));
    }
    assertFalse(Files.readString(keys).contains("references"));
    try (Records records = Records.open(where, new KeysetFile(keys, master))) {
      assertTrue(records.find(id).isPresent());
    }
    var none = assertThrows(IOException.class, () -> Records.open(where, new KeysetFile(keys)));
    assertTrue(none.getMessage().contains("key management"), none.getMessage());
  }

  @Test
  void aFullDiskIsOneErrorAndWritesNothing() throws IOException {
    try (Records records = open()) {
      records.add(content(null, Verdict.RIGHT));
      records.limitPages(20);
      var text = "x".repeat(500_000);
      var full =
          assertThrows(
              StoreException.class,
              () ->
                  records.add(
                      new Content(
                          Kind.HELD, "k", "m", "t", Verdict.NONE, null, text, text, null, null)));
      assertTrue(full.getMessage().contains("the disk is full"), full.getMessage());
      assertEquals(1, full.getMessage().lines().count());
      assertEquals(1, records.count(State.WAITING));
      records.limitPages(100_000);
      records.add(content(null, Verdict.RIGHT));
      assertEquals(2, records.count(State.WAITING));
    }
  }

  @Test
  void wrongPlacesAreToldWithoutPasswords() {
    var file = new KeysetFile(folder.resolve("k"));
    var kind =
        assertThrows(
            IllegalArgumentException.class,
            () -> Records.open("jdbc:mysql://h/x?password=geheim", file));
    assertFalse(kind.getMessage().contains("geheim"));
    var none =
        assertThrows(
            StoreException.class,
            () -> Records.open(folder.resolve("none/store.db").toString(), file));
    assertTrue(none.getMessage().contains("no such file or folder"), none.getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> new Content(Kind.HELD, "k", "m", "t", Verdict.CORRECTED, null, "i", "a", null, null));
  }
}

package dev.galen.examples.search.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A study in a file. */
class SqliteStoreTest extends StoreCases {
  @TempDir Path folder;

  @Override
  String url() {
    return "jdbc:sqlite:" + folder.resolve("new").resolve("study.db");
  }

  private static String refusal(String url) {
    try (var store = new JdbcStore(url, "s")) {
      var thrown =
          assertThrows(UncheckedIOException.class, () -> store.open(new LinkedHashMap<>()));
      return thrown.getCause().getMessage();
    }
  }

  @Test
  void whatIsNoDatabaseIsNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("notes.txt"), "no database\n".repeat(100));
    String message = refusal("jdbc:sqlite:" + file);
    assertTrue(message.startsWith(file + ": "), message);
    assertTrue(message.contains("not a database"), message);
    assertEquals(1, message.lines().count());
  }

  @Test
  void aDriverThatIsMissingIsNamed() {
    String message = refusal("jdbc:nothing:there");
    assertTrue(message.startsWith("jdbc:nothing:there: no JDBC driver"), message);
    var thrown = assertThrows(IllegalArgumentException.class, () -> new JdbcStore("study.db", "s"));
    assertTrue(thrown.getMessage().startsWith("the storage is 'study.db', must be a JDBC URL"));
  }

  @Test
  void secretsOfAUrlAreNotTold() {
    try (var store = new JdbcStore("jdbc:postgresql://u:secret@host/db?password=secret", "s")) {
      assertEquals("jdbc:postgresql://host/db", store.place());
    }
  }
}

package dev.galen.examples.serve.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.galen.examples.search.testing.PostgresServer;
import dev.galen.examples.serve.store.StoredRecord.Content;
import dev.galen.examples.serve.store.StoredRecord.Kind;
import dev.galen.examples.serve.store.StoredRecord.State;
import dev.galen.examples.serve.store.StoredRecord.Verdict;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same SQL on a PostgreSQL server of this test's own, where its programs are installed. */
class PostgresRecordsTest {
  @TempDir Path folder;
  @TempDir Path place; // becomes the server's user's

  @Test
  void theSameStoreInPostgres() throws Exception {
    Optional<Path> programs = PostgresServer.programs();
    assumeTrue(programs.isPresent(), "skipped: no PostgreSQL server (initdb) is installed here");
    assumeTrue(PostgresServer.canStart(), "skipped: PostgreSQL refuses root, and no user postgres");
    var keys = new KeysetFile(folder.resolve("keys"));
    try (var server = new PostgresServer(programs.get(), place)) {
      String url = server.url("postgres");
      var what =
          new Content(
              Kind.HELD, "k", "m", "t", Verdict.NONE, "MRN 17", "input", "answer", null, "note");
      try (Records records = Records.open(url, keys)) {
        String first = records.add(what);
        String second = records.add(what);
        assertTrue(records.review(first, "r", Verdict.CORRECTED, "so", State.ACCEPTED));
        assertFalse(records.review(first, "r", Verdict.RIGHT, null, State.REJECTED));
        assertEquals("so", records.find(first).orElseThrow().what().correction());
        List<StoredRecord> waiting = records.list(State.WAITING, null, 10);
        assertEquals(List.of(second), waiting.stream().map(StoredRecord::id).toList());
        assertTrue(records.list(State.WAITING, second, 10).isEmpty());
        assertEquals(2, records.rotate());
      }
      try (Records records = Records.open(url, keys)) {
        assertEquals("input", records.list(State.WAITING, null, 1).getFirst().what().input());
        assertEquals(2, records.erase("MRN 17"));
        assertEquals(0, records.count(State.WAITING));
      }
      String none = server.url("none") + "&password=geheim";
      var refused = assertThrows(StoreException.class, () -> Records.open(none, keys));
      assertFalse(refused.getMessage().contains("geheim"), refused.getMessage());
      assertEquals(1, refused.getMessage().lines().count());
    }
  }
}

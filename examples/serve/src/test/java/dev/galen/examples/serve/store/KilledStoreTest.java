package dev.galen.examples.serve.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.galen.examples.serve.audit.AuditCheck;
import dev.galen.examples.serve.audit.AuditEntry;
import dev.galen.examples.serve.audit.AuditLog;
import dev.galen.examples.serve.store.StoredRecord.Content;
import dev.galen.examples.serve.store.StoredRecord.Kind;
import dev.galen.examples.serve.store.StoredRecord.Verdict;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that writes both logs is killed as by {@code kill -9}. */
class KilledStoreTest {
  @TempDir Path folder;

  /** Writes until it is killed, and tells each id once it was promised to be kept. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    var keys = new KeysetFile(folder.resolve("keys"));
    try (Records records = Records.open(folder.resolve("store.db").toString(), keys);
        AuditLog log = AuditLog.open(folder.resolve("audit.log"))) {
      for (int i = 0; ; i++) {
        String text = "text " + "x".repeat(i % 7000);
        var what = new Content(Kind.HELD, "k", "m", "t", Verdict.NONE, "p", text, text, null, null);
        String id = records.add(what);
        log.append(new AuditEntry(Instant.now(), "k", "POST /x", "m", id, "", "200"));
        System.out.println(id);
      }
    }
  }

  @Test
  void whatWasPromisedIsThereAndNothingIsTorn() throws Exception {
    var promised = new ArrayList<String>();
    for (int round = 0; round < 3; round++) {
      promised.addAll(writeAndKill(20 + 17 * round));
      String url = "jdbc:sqlite:" + folder.resolve("store.db");
      try (var connection = DriverManager.getConnection(url);
          var statement = connection.createStatement();
          var checked = statement.executeQuery("PRAGMA integrity_check")) {
        checked.next();
        assertEquals("ok", checked.getString(1));
      }
      var keys = new KeysetFile(folder.resolve("keys"));
      try (Records records = Records.open(folder.resolve("store.db").toString(), keys)) {
        for (String id : promised) {
          assertTrue(records.find(id).isPresent(), id);
        }
      }
      AuditLog.open(folder.resolve("audit.log")).close();
      var chain = AuditCheck.check(folder.resolve("audit.log"), Optional.empty());
      assertTrue(chain.ok(), chain.problem());
      assertTrue(chain.head().entries() >= promised.size());
    }
  }

  /** All that this JVM has on its module path and its class path, with the tests. */
  private static String classPath() throws Exception {
    var own = KilledStoreTest.class.getResource("KilledStoreTest.class").toURI();
    Path tests = Path.of(own).resolve("../../../../../../..").normalize();
    return String.join(
        File.pathSeparator,
        tests.toString(),
        tests.resolveSibling("classes").toString(),
        System.getProperty("jdk.module.path", ""),
        System.getProperty("java.class.path"));
  }

  private List<String> writeAndKill(int lines) throws Exception {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx200m",
                "-Djava.io.tmpdir=" + folder,
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath(),
                KilledStoreTest.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    var promised = new ArrayList<String>();
    try (var out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      while (promised.size() < lines) {
        String line = out.readLine();
        assertTrue(line != null, "the writer ended");
        promised.add(line);
      }
      process.destroyForcibly();
    }
    assertTrue(process.waitFor(30, TimeUnit.SECONDS));
    return promised;
  }
}

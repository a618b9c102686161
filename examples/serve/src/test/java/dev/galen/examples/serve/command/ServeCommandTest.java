package dev.galen.examples.serve.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.galen.examples.serve.access.KeyFile;
import dev.galen.examples.serve.access.Keys;
import dev.galen.examples.serve.access.Role;
import dev.galen.examples.serve.audit.AuditEntry;
import dev.galen.examples.serve.audit.AuditLog;
import dev.galen.examples.serve.oversight.TrainingProfile;
import dev.galen.examples.serve.store.KeysetFile;
import dev.galen.examples.serve.store.Records;
import dev.galen.examples.serve.store.StoredRecord.Content;
import dev.galen.examples.serve.store.StoredRecord.Kind;
import dev.galen.examples.serve.store.StoredRecord.State;
import dev.galen.examples.serve.store.StoredRecord.Verdict;
import dev.galen.train.data.Example;
import dev.galen.train.format.DataFiles;
import dev.galen.train.format.RowSchemas;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ServeCommandTest {
  @TempDir Path folder;

  private record Ran(int code, String out, String err) {}

  private static Ran run(String input, Object... words) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    PrintStream oldOut = System.out;
    PrintStream oldErr = System.err;
    InputStream oldIn = System.in;
    try {
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
      System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
      String[] arguments = List.of(words).stream().map(Object::toString).toArray(String[]::new);
      int code = new CommandLine(new ServeCommand()).execute(arguments);
      return new Ran(
          code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(oldOut);
      System.setErr(oldErr);
      System.setIn(oldIn);
    }
  }

  @Test
  void keysAreMadeListedAndRevoked() throws Exception {
    Path file = folder.resolve("keys.json");
    Ran added = run("", "keys", "add", "--name", "Ward 7", "--role", "reviewer", "--file", file);
    assertEquals(0, added.code(), added.err());
    String secret = added.out().strip();
    var owner = new Keys(new KeyFile(file), message -> {}).bySecret(secret).orElseThrow();
    assertEquals(Role.REVIEWER, owner.role());
    Ran listed = run("", "keys", "list", "--file", file);
    assertTrue(listed.out().startsWith(owner.id() + "  reviewer"), listed.out());
    assertFalse(listed.out().contains(secret));
    assertEquals(0, run("", "keys", "revoke", owner.id(), "--file", file).code());
    assertFalse(new KeyFile(file).read().getFirst().active());
    Ran wrong = run("", "keys", "add", "--name", "x", "--role", "boss", "--file", file);
    assertTrue(wrong.err().contains("reader, reviewer, admin"), wrong.err());
  }

  @Test
  void anAuditLogIsVerified() throws Exception {
    Path file = folder.resolve("audit.log");
    String head;
    try (AuditLog log = AuditLog.open(file)) {
      for (int i = 0; i < 3; i++) {
        log.append(new AuditEntry(Instant.now(), "k", "POST /x", "m", "r" + i, "", "200"));
      }
      head = log.head().toString();
    }
    Ran good = run("", "audit", "verify", file, "--head", head);
    assertEquals(0, good.code(), good.err());
    assertTrue(good.out().contains("head " + head), good.out());
    List<String> lines = Files.readAllLines(file);
    Files.write(file, lines.subList(0, 2));
    assertEquals(0, run("", "audit", "verify", file).code());
    assertEquals(1, run("", "audit", "verify", file, "--head", head).code());
    Files.write(file, List.of(lines.get(1), lines.get(0)));
    Ran bad = run("", "audit", "verify", file);
    assertEquals(1, bad.code());
    assertTrue(bad.err().startsWith("galen: " + file + ":1: "), bad.err());
  }

  @Test
  void aStoreIsExportedErasedAndRotated() throws Exception {
    Path store = folder.resolve("store.db");
    Path keys = folder.resolve("keys");
    Object[] where = {"--store", store, "--keyset", keys};
    try (Records records = Records.open(store.toString(), new KeysetFile(keys))) {
      add(records, "diagnose", Verdict.CORRECTED, State.ACCEPTED);
      add(records, "diagnose", Verdict.RIGHT, State.ACCEPTED);
      add(records, "summarize", Verdict.RIGHT, State.ACCEPTED);
      add(records, "summarize", Verdict.WRONG, State.ACCEPTED);
      add(records, "summarize", Verdict.RIGHT, State.REJECTED);
    }
    assertEquals(0, run("", words("rotate", where)).code());
    Path out = folder.resolve("rows.jsonl");
    Ran exported = run("", words("export", where, "--out", out));
    assertTrue(exported.out().startsWith("3 rows; 1 "), exported.out() + exported.err());
    List<String> rows = Files.readAllLines(out);
    var first = new ObjectMapper().readTree(rows.getFirst());
    assertEquals("a fever", first.path("text").textValue());
    assertEquals("flu", first.path("label").textValue());
    assertEquals("k9", first.path("provenance").path("reviewer").textValue());
    assertEquals("m@1", first.path("provenance").path("model").textValue());
    Files.write(out, rows.subList(0, 2));
    assertEquals(2, examples(out, RowSchemas.classification()));
    Files.write(out, rows.subList(2, 3));
    assertEquals(1, examples(out, RowSchemas.standard()));

    assertEquals("5 records erased\n", run(" MRN 17\n", words("erase", where)).out());
    assertEquals("0 records erased\n", run("", words("expire", where, "--days", 1)).out());
  }

  private static int examples(Path file, RowSchemas schemas) throws IOException {
    var examples = new ArrayList<Example>();
    DataFiles.read(file, schemas, examples::add);
    return examples.size();
  }

  private static Object[] words(String verb, Object[] where, Object... more) {
    var words = new ArrayList<Object>(List.of("store", verb));
    words.addAll(List.of(where));
    words.addAll(List.of(more));
    return words.toArray();
  }

  private static void add(Records records, String task, Verdict verdict, State state) {
    String correction = verdict == Verdict.CORRECTED ? "flu" : null;
    String id =
        records.add(
            new Content(
                Kind.FEEDBACK,
                "k1",
                "m@1",
                task,
                verdict,
                "MRN 17",
                "a fever",
                "cold",
                correction,
                null));
    records.review(id, "k9", verdict, correction, state);
  }

  @Test
  void rowsAreProfiled() throws Exception {
    var rows = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      rows.append("{\"text\": \"clear lungs number %d\", \"label\": \"%s\"}\n".formatted(i, i % 2));
    }
    Path data = folder.resolve("train.jsonl");
    Path out = folder.resolve("profile.json");
    Files.writeString(data, rows);
    Ran ran = run("", "profile", "--data", data, "--out", out);
    assertEquals(0, ran.code(), ran.err());
    assertEquals("20 texts, 3 words that 3 or more of them have, 2 classes\n", ran.out());
    assertEquals(Map.of("0", 10L, "1", 10L), TrainingProfile.read(out).classes());
  }
}

package dev.galen.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.galen.model.Model;
import dev.galen.model.Seq2SeqLm;
import dev.galen.model.SequenceClassifier;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Device;
import dev.galen.tensor.memory.MemoryScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Galen saves of each case of {@link HfTinyTest}, Galen and transformers load. */
class HfTinySavedTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  @Test
  void galenLoadsWhatItSaved() throws IOException {
    for (HfCase expected : HfTinyTest.cases()) {
      Path saved = save(expected, true);
      try (var scope = MemoryScope.open(expected.name())) {
        double[] before = expected.logits(expected.load(Device.CPU)).toDoubles();
        var copy = new HfCase(expected.name(), saved, expected.expected());
        assertArrayEquals(before, copy.logits(copy.load(Device.CPU)).toDoubles(), expected.name());
      }
    }
  }

  /** With the fields of the directory they came from, and from nowhere. */
  @Test
  void transformersLoadsWhatGalenSaved() throws IOException, InterruptedException {
    Path python = python();
    Map<String, double[]> logits = new LinkedHashMap<>();
    List<String> command = new ArrayList<>(List.of(python.toString(), script().toString()));
    for (HfCase expected : HfTinyTest.cases()) {
      for (boolean keeps : new boolean[] {true, false}) {
        Path saved = save(expected, keeps);
        Files.writeString(saved.resolve("expected.json"), expected.expected().toString());
        command.add(saved.toString());
        try (var scope = MemoryScope.open(expected.name())) {
          logits.put(saved.toString(), expected.logits(expected.load(Device.CPU)).toDoubles());
        }
      }
    }
    Path out = folder.resolve("transformers.jsonl");
    Path err = folder.resolve("transformers.err");
    var builder = new ProcessBuilder(command).redirectOutput(out.toFile());
    builder.environment().put("OMP_NUM_THREADS", "1");
    int code = builder.redirectError(err.toFile()).start().waitFor();
    assertEquals(0, code, Files.readString(err));
    for (String line : Files.readAllLines(out)) {
      JsonNode loaded = JSON.readTree(line);
      String directory = loaded.get("directory").asText();
      assertEquals("{}", loaded.get("wrong").toString(), directory);
      assertNear(directory, logits.remove(directory), loaded.get("logits"));
    }
    assertEquals(Map.of(), logits);
  }

  /** Where there is a token; at padding logits mean nothing. */
  private static void assertNear(String directory, double[] got, JsonNode wanted)
      throws IOException {
    HfCase expected = HfCase.read(Path.of(directory));
    double[] want = HfCase.numbers(wanted);
    int time = expected.role() == SequenceClassifier.class ? 1 : wanted.get(0).size();
    int size = want.length / wanted.size() / time;
    for (int i = 0; i < want.length; i++) {
      int at = i / size;
      if (time == 1
          || expected.role() == Seq2SeqLm.class // whose time is the decoder's
          || expected.hasTokenAt(at / time, at % time)) {
        assertEquals(want[i], got[i], 1e-4, directory + ", logit " + i);
      }
    }
  }

  private Path save(HfCase expected, boolean keeps) throws IOException {
    Path target = folder.resolve(expected.name() + (keeps ? "" : "-anew"));
    Pretrained<? extends Model> loaded =
        Pretrained.load(expected.directory(), Device.CPU, expected.role());
    if (keeps) {
      Pretrained.save(loaded.model(), null, loaded.directory(), target);
    } else {
      Pretrained.save(loaded.model(), null, target);
    }
    return target;
  }

  private static Path script() {
    return HfTinyTest.own("load.py");
  }

  /** A python with transformers beside the repository, or the one that a property names. */
  static Path python() {
    String given = System.getProperty("galen.test.python");
    Path found = given == null ? null : Path.of(given);
    for (Path up = Path.of("").toAbsolutePath(); found == null && up != null; up = up.getParent()) {
      Path candidate = up.resolve("py/v/bin/python");
      found = Files.isExecutable(candidate) ? candidate : null;
    }
    assumeTrue(
        found != null,
        "skipped: no python with transformers beside the repository (or galen.test.python)");
    return found;
  }
}

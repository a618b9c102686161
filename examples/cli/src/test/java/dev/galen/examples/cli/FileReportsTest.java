package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.examples.fuzz.Children;
import dev.galen.examples.fuzz.SmallHub;
import dev.galen.model.testing.TinyModels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reported and found faults of files: how they lie, how they come, and what becomes of them. */
class FileReportsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;

  private Report report(String name) throws IOException {
    return Report.copy(name, folder.resolve("model"));
  }

  @Test
  void aHeaderWhoseMetadataAreNullIsRead() throws IOException {
    assertEquals("[10,20,30,239,289,284,284,289,289,289,239]", report("metadata-null").greedy());
  }

  /** What safetensors and transformers take, or step over, in a file from elsewhere. */
  @Test
  void tensorsOfNoUseAreSteppedOver() throws IOException {
    Report report = report("metadata-null");
    editHeader(
        report,
        header -> {
          int end = dataBytes(header);
          header.remove("__metadata__");
          header.set("extra.scale", tensor("F8_E8M0", end, end + 2, 2));
          header.set("extra.none", tensor("F32", end + 2, end + 2, 0, 3));
        },
        2);
    assertEquals("[10,20,30,239,289,284,284,289,289,289,239]", report.greedy());
  }

  @Test
  void aWeightOfATypeOfNoUseIsNamed() throws IOException {
    Report report = report("metadata-null");
    editHeader(
        report,
        header -> {
          ObjectNode norm = (ObjectNode) header.get("transformer.ln_f.weight");
          norm.put("dtype", "F8_E4M3");
          ArrayNode shape = (ArrayNode) norm.get("shape");
          shape.set(0, JSON.getNodeFactory().numberNode(4 * shape.get(0).intValue()));
        },
        0);
    String line = report.continued("--greedy").refusal();
    assertTrue(line.contains(report.directory().toString()), line);
    assertTrue(line.contains("transformer.ln_f.weight is of type F8_E4M3"), line);
  }

  private static ObjectNode tensor(String dtype, int begin, int end, int... shape) {
    ObjectNode tensor = JSON.createObjectNode().put("dtype", dtype);
    for (int dim : shape) {
      tensor.withArray("shape").add(dim);
    }
    tensor.withArray("data_offsets").add(begin).add(end);
    return tensor;
  }

  private static int dataBytes(ObjectNode header) {
    int end = 0;
    for (JsonNode tensor : header) {
      end = Math.max(end, tensor.path("data_offsets").path(1).asInt());
    }
    return end;
  }

  /** Changes the header of a model's weights, and adds {@code more} bytes of data. */
  private static void editHeader(Report report, Consumer<ObjectNode> edit, int more)
      throws IOException {
    Path file = report.directory().resolve("model.safetensors");
    ByteBuffer old = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    byte[] text = new byte[Math.toIntExact(old.getLong())];
    old.get(text);
    ObjectNode header = (ObjectNode) JSON.readTree(text);
    edit.accept(header);
    byte[] edited = header.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer changed =
        ByteBuffer.allocate(Long.BYTES + edited.length + old.remaining() + more)
            .order(ByteOrder.LITTLE_ENDIAN);
    Files.write(file, changed.putLong(edited.length).put(edited).put(old).array());
  }

  /** By a process of its own, since the hub's address comes by environment. */
  @Test
  void aDownloadBringsTheAddedTokens() throws Exception {
    Report report = report("download-forgets-added-tokens");
    Files.writeString(folder.resolve("model/pytorch_model.bin"), "other weights");
    try (var hub = new SmallHub(folder.resolve("model"))) {
      Children.End end = download(hub);
      assertEquals(0, end.code(), end.err());
      Path snapshot = Path.of(end.out().strip());
      assertTrue(
          end.err().contains("left out, as Galen does not read them: pytorch_model.bin"),
          end.err());
      Run run =
          Run.galen(
              "generate",
              "--model",
              snapshot.toString(),
              "--prompt",
              "HbA1c 5 mg/dl",
              "--greedy",
              "--max-new-tokens",
              "1",
              "--json");
      String ids = run.object().get("ids").toString();
      assertTrue(ids.startsWith("[300,221,21,221,301,"), ids);
      assertEquals(
          report.said("HbA1c 5 mg/dl", "--greedy", "--max-new-tokens", "1").out(), run.out());
    }
  }

  @Test
  void aHubWhoseEtagIsNoHashIsSaidToBe() throws Exception {
    report("metadata-null");
    try (var hub = new SmallHub(folder.resolve("model"))) {
      byte[] damaged = Files.readAllBytes(folder.resolve("model/model.safetensors"));
      damaged[damaged.length - 1] ^= 1;
      hub.put("model.safetensors", damaged);
      hub.setEtag("model.safetensors", "abc");
      Children.End end = download(hub);
      assertEquals(0, end.code(), end.err());
      var lines = end.err().lines().filter(line -> line.startsWith("galen: ")).toList();
      assertEquals(1, lines.size(), end.err());
      assertTrue(
          lines
              .getFirst()
              .startsWith("galen: model.safetensors: the hub gave no hash of it (ETag abc)"),
          end.err());
    }
  }

  private Children.End download(SmallHub hub) throws Exception {
    return Children.run(
        folder,
        SmallHub.variables(hub.endpoint(), folder.resolve("cache")),
        Galen.class,
        List.of("download", SmallHub.ID));
  }

  /** As {@code cp} over the file does it. */
  @Test
  void aModelCutShortUnderARunIsNamed() throws Exception {
    Path model = TinyModels.write(folder.resolve("model")).resolve("model.safetensors");
    Path data = Files.writeString(folder.resolve("data.txt"), TinyModels.TEXT.repeat(400));
    Path err = folder.resolve("err");
    Process process =
        Children.start(
            Map.of(),
            Galen.class,
            List.of(
                "evaluate",
                "--model",
                folder.resolve("model").toString(),
                "--data",
                data.toString()),
            folder.resolve("out"),
            err);
    while (process.isAlive() && !isMapped(process, model)) {
      Thread.sleep(5);
    }
    Thread.sleep(500); // by now it computes, or is about to, and both end in a line
    try (var channel = FileChannel.open(model, StandardOpenOption.WRITE)) {
      channel.truncate(4096);
    }
    assertTrue(process.waitFor(60, TimeUnit.SECONDS));
    var lines =
        Files.readString(err, StandardCharsets.UTF_8)
            .lines()
            .filter(line -> !line.startsWith("WARNING"))
            .toList();
    assertEquals(2, process.exitValue(), lines.toString());
    assertTrue(lines.getLast().startsWith("galen: " + model), lines.toString());
    assertEquals(1, lines.stream().filter(line -> line.startsWith("galen: ")).count());
  }

  private static boolean isMapped(Process process, Path file) throws IOException {
    Path maps = Path.of("/proc", Long.toString(process.pid()), "maps");
    return !Files.exists(maps) || Files.readString(maps).contains(file.toString());
  }
}

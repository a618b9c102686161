package dev.galen.model.hub;

import static dev.galen.model.hub.FakeHub.COMMIT;
import static dev.galen.model.hub.FakeHub.ID;
import static dev.galen.model.hub.HubDownloadTest.FAST_RETRIES;
import static dev.galen.model.hub.HubDownloadTest.assertMessage;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files of a repository are brought, and which are named as left out. */
class HubChoiceTest {
  private static final Set<String> ALWAYS =
      Set.of("config.json", "vocab.json", "merges.txt", "README.md", "model.safetensors");

  @TempDir Path cache;
  private final List<String> leftOut = new ArrayList<>();
  private FakeHub hub;

  @BeforeEach
  void start() throws IOException {
    hub = new FakeHub();
  }

  @AfterEach
  void stop() {
    hub.close();
  }

  /** None of these stood on the fixed list that was brought before. */
  @Test
  void bringsWhateverATokenizerOrAModelMayNeed() throws IOException {
    var more =
        Set.of(
            "added_tokens.json",
            "chat_template.jinja",
            "chat_template.json",
            "additional_chat_templates/rag.jinja",
            "tokenizer.model",
            "sentencepiece.bpe.model",
            "preprocessor_config.json",
            "a file with spaces.json",
            "LICENSE",
            "unheard_of.txt");
    more.forEach(file -> hub.put(file, "{}"));
    var expected = new TreeSet<>(ALWAYS);
    expected.addAll(more);
    assertEquals(expected, files(download()));
    assertEquals(List.of(".gitattributes"), leftOut);
  }

  @Test
  void leavesTheWeightsOfOtherFrameworksOut() throws IOException {
    var others =
        Set.of(
            "pytorch_model.bin",
            "pytorch_model.bin.index.json",
            "tf_model.h5",
            "flax_model.msgpack",
            "rust_model.ot",
            "model.onnx",
            "onnx/config.json",
            "onnx/decoder_model.onnx_data",
            "64.tflite",
            "model-q4_0.gguf",
            "MODEL.GGUF",
            "model.fp16.safetensors",
            "consolidated.safetensors",
            "training_args.bin",
            "checkpoint-500/optimizer.pt");
    others.forEach(file -> hub.put(file, "other"));
    assertEquals(ALWAYS, files(download()));
    var expected = new TreeSet<>(others);
    expected.add(".gitattributes");
    assertEquals(List.copyOf(expected), leftOut);
    assertEquals(0, hub.requests.stream().filter(r -> r.path().contains("onnx")).count());
  }

  @Test
  void bringsTheShardsOfTheIndexAndNoOthers() throws IOException {
    hub.shard();
    hub.put("model-00001-of-00009.safetensors", "of an older save");
    var snapshot = download();
    assertTrue(Files.isRegularFile(snapshot.resolve("model-00002-of-00002.safetensors")));
    assertEquals(List.of(".gitattributes", "model-00001-of-00009.safetensors"), leftOut);
  }

  @Test
  void bringsShardsInAFolder() throws IOException {
    hub.files.remove("model.safetensors");
    hub.files.put("weights/one.safetensors", FakeHub.bytes(1000, 4));
    hub.put(
        "model.safetensors.index.json",
        "{\"metadata\": {\"x\": NaN}, \"weight_map\": {\"w\": \"weights/one.safetensors\"}}");
    var snapshot = download();
    assertArrayEquals(
        hub.files.get("weights/one.safetensors"),
        Files.readAllBytes(snapshot.resolve("weights/one.safetensors")));
  }

  @Test
  void theSingleFileWinsOverAnIndex() throws IOException {
    hub.shard();
    hub.files.put("model.safetensors", FakeHub.bytes(1000, 5));
    assertEquals(ALWAYS, files(download()));
    assertTrue(leftOut.contains("model.safetensors.index.json"), leftOut.toString());
  }

  @Test
  void refusesAnIndexThatIsNoJsonInOneLine() {
    hub.shard();
    hub.put("model.safetensors.index.json", "{\"weight_map\":\n{\n");
    assertMessage(
        assertThrows(IOException.class, this::download),
        "model.safetensors.index.json",
        "not valid JSON");
  }

  @Test
  void asksAMirrorThatCannotListForTheUsualFiles() throws IOException {
    hub.lists = false;
    hub.put("added_tokens.json", "{}");
    hub.put("unheard_of.txt", "not asked for");
    var expected = new TreeSet<>(ALWAYS);
    expected.add("added_tokens.json");
    var snapshot = download();
    assertEquals(expected, files(snapshot));
    assertEquals(
        COMMIT, Files.readString(cache.resolve("models--galen-org--tiny-model/refs/main")));
  }

  @Test
  void bringsShardsFromAMirrorThatCannotList() throws IOException {
    hub.lists = false;
    hub.shard();
    var snapshot = download();
    assertTrue(Files.isRegularFile(snapshot.resolve("model-00001-of-00002.safetensors")));
  }

  @Test
  void aMirrorThatDoesNotSayTheCommitIsNone() {
    hub.lists = false;
    hub.reply("HEAD hub config.json", FakeHub.status(200));
    assertMessage(assertThrows(IOException.class, this::download), "spelling", "HF_ENDPOINT");
    assertFalse(HubCache.at(cache).knows(ID));
  }

  private Path download() throws IOException {
    return HubDownload.download(
        ID,
        hub.environment(cache),
        new DownloadProgress() {
          @Override
          public void leftOut(List<String> files) {
            leftOut.addAll(files);
          }
        },
        FAST_RETRIES);
  }

  private static Set<String> files(Path snapshot) throws IOException {
    try (var tree = Files.walk(snapshot)) {
      return tree.filter(Files::isRegularFile)
          .map(file -> snapshot.relativize(file).toString())
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }
}

package dev.galen.model.hf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.CausalLm;
import dev.galen.model.ClassNames;
import dev.galen.model.gpt2.Gpt2Classifier;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.model.pretrained.Variants;
import dev.galen.tensor.Device;
import dev.galen.tokenizer.BpeTrainer;
import dev.galen.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A saved model has what the one had that it came from, and nothing of another; kills included. */
class DirectorySaveTest {
  @TempDir Path dir;
  private final JsonNode expected = Variants.expected();
  private final ObjectNode base = expected.at("/variants/0/config").deepCopy();

  private Path model(String name, JsonNode config) throws IOException {
    return Variants.write(dir.resolve(name), config, Variants.tensors(config, dir, false));
  }

  private static Pretrained<CausalLm> load(Path directory) throws IOException {
    return Pretrained.load(directory, Device.CPU);
  }

  private double[] logits(Path directory) throws IOException {
    return Variants.lastLogits(load(directory).model(), expected.get("ids"));
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static Set<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return Set.copyOf(
          files
              .filter(Files::isRegularFile)
              .map(file -> folder.relativize(file).toString())
              .toList());
    }
  }

  private Path save(Path source, Path out) throws IOException {
    var loaded = load(source);
    Pretrained.save(loaded.model(), null, loaded.directory(), out);
    return out;
  }

  @Test
  void fieldsOfTheConfigLiveOn() throws IOException {
    base.put("my_field", "kept").put("n_ctx", 5).put("hidden_size", 8);
    base.remove("n_embd");
    base.putObject("task_specific_params").put("deep", true);
    base.putObject("id2label").put("1", "one").put("2", "two");
    ObjectNode saved =
        LenientJson.readObject(save(model("a", base), dir.resolve("b")).resolve("config.json"));
    assertEquals("kept", saved.get("my_field").asText());
    assertEquals(base.get("task_specific_params"), saved.get("task_specific_params"));
    assertEquals(base.get("id2label"), saved.get("id2label"));
    assertEquals(8, saved.get("n_embd").intValue());
    assertFalse(saved.has("hidden_size"), "which would win over n_embd");
    assertEquals("float32", saved.get("dtype").asText());
    assertFalse(saved.has("torch_dtype"), "not asked for");
  }

  @Test
  void filesLiveOnAndForeignWeightsDoNot() throws IOException {
    Path source = model("a", base);
    List<String> kept =
        List.of(
            "LICENSE",
            "README.md",
            "USE_POLICY.txt",
            "modeling_mine.py",
            "chat_template.jinja",
            "additional_chat_templates/rag.jinja",
            "code/helper.py");
    List<String> dropped =
        List.of(
            "qa.jsonl",
            "notes.txt",
            "pytorch_model.bin",
            "pytorch_model.bin.index.json",
            "tf_model.h5",
            "model.gguf",
            "flax_model.msgpack",
            "adapter_model.safetensors",
            "model-fp16.safetensors",
            "onnx/model.onnx",
            "onnx/config.json",
            "checkpoint-7/state.json",
            ".git/HEAD",
            ".gitattributes",
            "training_args.bin",
            "log.jsonl",
            "merges.txt");
    for (String name : kept) {
      write(source.resolve(name), name);
    }
    for (String name : dropped) {
      write(source.resolve(name), name);
    }
    Path out = save(source, source.resolve("out"));
    var want = new TreeSet<>(kept);
    want.addAll(List.of("config.json", "model.safetensors"));
    assertEquals(want, new TreeSet<>(names(out)));
    for (String name : kept) {
      assertEquals(name, Files.readString(out.resolve(name)));
    }
    assertArrayEquals(logits(source), logits(out));
  }

  @Test
  void anotherRunsTokenizerAndTemplatesGo() throws IOException {
    Path out = model("out", base);
    for (String name :
        List.of(
            "tokenizer.json",
            "vocab.json",
            "added_tokens.json",
            "special_tokens_map.json",
            "generation_config.json",
            "chat_template.jinja",
            "additional_chat_templates/old.jinja",
            "model.safetensors.index.json",
            "model-00001-of-00002.safetensors")) {
      write(out.resolve(name), "{}");
    }
    write(out.resolve("log.jsonl"), "a run's");
    write(out.resolve("README.md"), "mine");
    Path source = model("a", base);
    write(source.resolve("README.md"), "the old model's");
    save(source, out);
    assertEquals(Set.of("config.json", "model.safetensors", "log.jsonl", "README.md"), names(out));
    assertEquals("mine", Files.readString(out.resolve("README.md")));
  }

  @Test
  void savedWithoutATokenizerOneThatStandsThereStays() throws IOException {
    base.put("vocab_size", 300);
    Path place = model("a", base);
    tokenizer().save(place);
    write(place.resolve("generation_config.json"), "{\"eos_token_id\": [3, 4]}");
    Set<String> before = names(place);
    Pretrained.save(load(place).model(), null, place);
    assertEquals(before, names(place));
  }

  private static Tokenizer tokenizer() {
    return BpeTrainer.builder()
        .vocabularySize(290)
        .specialTokens("<|endoftext|>")
        .build()
        .train(Stream.of("some text"));
  }

  @Test
  void endsAreTheTokenizersAndWhatEndedTextsBefore() throws IOException {
    base.put("vocab_size", 300).put("eos_token_id", 7).putNull("pad_token_id");
    Tokenizer words = tokenizer();
    int end = words.endOfTextId().orElseThrow();
    Path source = model("a", base);
    var loaded = load(source);
    Pretrained.save(loaded.model(), words, loaded.directory(), dir.resolve("b"));
    assertTrue(names(dir.resolve("b")).containsAll(Set.of("tokenizer.json", "vocab.json")));
    assertEquals(end, config(dir.resolve("b"), "config.json").get("eos_token_id").intValue());
    assertEquals(
        "[%d,7]".formatted(end),
        config(dir.resolve("b"), "generation_config.json").get("eos_token_id").toString());
    assertEquals(Set.of(end, 7), load(dir.resolve("b")).model().endOfTextIds());

    base.putArray("eos_token_id").add(7).add(8);
    write(source.resolve("config.json"), base.toString());
    write(source.resolve("generation_config.json"), "{\"top_k\": 5, \"eos_token_id\": 9}");
    loaded = load(source);
    Pretrained.save(loaded.model(), words, loaded.directory(), dir.resolve("c"));
    assertEquals(
        "[%d,7,8]".formatted(end),
        config(dir.resolve("c"), "config.json").get("eos_token_id").toString());
    JsonNode generation = config(dir.resolve("c"), "generation_config.json");
    assertEquals("[%d,9]".formatted(end), generation.get("eos_token_id").toString());
    assertEquals(5, generation.get("top_k").intValue());
  }

  private static JsonNode config(Path directory, String name) throws IOException {
    return LenientJson.readObject(directory.resolve(name));
  }

  @Test
  void aClassifierKeepsItsFieldsAndHasItsLabels() throws IOException {
    base.put("my_field", 1).put("num_labels", 9);
    var made =
        Pretrained.loadWithNewHead(
            model("a", base),
            Device.CPU,
            Gpt2Classifier.class,
            config -> config.withClasses(new ClassNames(List.of("x", "y"))));
    Pretrained.save(made.model(), null, made.directory(), dir.resolve("b"));
    JsonNode saved = config(dir.resolve("b"), "config.json");
    assertEquals(1, saved.get("my_field").intValue());
    assertEquals("{\"0\":\"x\",\"1\":\"y\"}", saved.get("id2label").toString());
    assertFalse(saved.has("num_labels"));
    assertEquals("single_label_classification", saved.get("problem_type").asText());
    assertEquals(
        List.of("x", "y"),
        Pretrained.load(dir.resolve("b"), Device.CPU, Gpt2Classifier.class)
            .model()
            .config()
            .classes()
            .names());
  }

  @Test
  void aSaveThatFailsLeavesTheOldModel() throws IOException {
    Path out = model("out", base);
    double[] before = logits(out);
    Set<String> names = names(out);
    var full = new IOException("No space left on device");
    assertEquals(
        full,
        assertThrows(
            IOException.class,
            () ->
                DirectorySave.write(
                    out,
                    Set.of(),
                    draft -> {
                      Files.writeString(draft.resolve("config.json"), "{\"n_layer\": 77}");
                      throw full;
                    })));
    assertEquals(names, names(out));
    assertArrayEquals(before, logits(out));
  }

  /** The old model until the folder has its name, the new one from then on, wherever it stops. */
  @Test
  void aKillAnywhereLeavesOneModel() throws IOException {
    ObjectNode other = base.deepCopy().put("n_layer", 1).put("n_head", 4);
    Path fresh = model("new", other);
    double[] after = logits(fresh);
    double[] before = logits(model("old", base));
    List<String> moved = List.of("model.safetensors", "config.json");
    for (int killed = -1; killed <= moved.size(); killed++) {
      Path out = model("out" + killed, base);
      write(out.resolve("chat_template.jinja"), "old");
      Path draft = out.resolve(killed < 0 ? ".saving.tmp" : ".saved.tmp");
      Files.createDirectories(draft);
      for (String name : moved) {
        Files.copy(fresh.resolve(name), draft.resolve(name));
      }
      Files.writeString(draft.resolve(".files"), String.join("\n", moved));
      for (String name : moved.subList(0, Math.max(0, killed))) {
        Files.move(draft.resolve(name), out.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
      assertArrayEquals(killed < 0 ? before : after, logits(out), "after " + killed + " moves");
      if (killed >= 0) {
        assertEquals(Set.copyOf(moved), names(out));
      }
      assertArrayEquals(after, logits(save(fresh, out)), "and the next save works");
    }
  }
}

package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.model.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a tokenizer's post-processor puts around a text reaches the model by every command. */
class PostProcessorTest {
  private static final String END = "<|endoftext|>";

  @TempDir Path folder;
  private String plain;
  private String begun;
  private String ended;

  @BeforeEach
  void write() throws IOException {
    plain = TinyModels.write(folder.resolve("plain")).toString();
    begun = framed("begun", true);
    ended = framed("ended", false);
  }

  /** A copy of the model whose tokenizer has an end of text before or behind every text. */
  private String framed(String name, boolean before) throws IOException {
    Path to = Files.createDirectory(folder.resolve(name));
    try (var files = Files.list(Path.of(plain))) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
    var json = new ObjectMapper();
    Path file = to.resolve("tokenizer.json");
    var root = (ObjectNode) json.readTree(Files.readString(file));
    var processor = root.putObject("post_processor").put("type", "TemplateProcessing");
    ArrayNode single = processor.putArray("single");
    if (before) {
      single.addObject().putObject("SpecialToken").put("id", END).put("type_id", 0);
    }
    single.addObject().putObject("Sequence").put("id", "A").put("type_id", 0);
    if (!before) {
      single.addObject().putObject("SpecialToken").put("id", END).put("type_id", 0);
    }
    processor.putArray("pair");
    var special = processor.putObject("special_tokens").putObject(END).put("id", END);
    special.putArray("ids").add(0);
    special.putArray("tokens").add(END);
    Files.writeString(file, root.toString());
    return to.toString();
  }

  private static JsonNode generate(String model) {
    return Run.galen(
            "generate",
            "--model",
            model,
            "--prompt",
            "The heart",
            "--greedy",
            "--max-new-tokens",
            "1",
            "--json")
        .object();
  }

  @Test
  void generationContinuesWhatTransformersWould() {
    String ids = Run.fed("The heart\n", "tokenize", "--tokenizer", plain).good().out().strip();
    String list = ids.replace(' ', ',');
    assertTrue(generate(plain).get("ids").toString().startsWith("[" + list + ","));
    assertTrue(generate(begun).get("ids").toString().startsWith("[0," + list + ","));
    assertTrue(generate(ended).get("ids").toString().startsWith("[" + list + ",0,"));
    assertTrue(generate(begun).get("text").textValue().startsWith("The heart"));
    assertEquals(
        "0 " + ids, Run.fed("The heart\n", "tokenize", "--tokenizer", begun).good().out().strip());
  }

  @Test
  void textsAndAnswersAreMeasuredWithIt() throws IOException {
    Path text = Files.writeString(folder.resolve("text.txt"), "The heart pumps blood.");
    long tokens = tokens(plain, text);
    assertEquals(tokens + 1, tokens(begun, text), "the first word is predicted, too");
    assertEquals(tokens + 1, tokens(ended, text));
    Path rows =
        Files.writeString(
            folder.resolve("rows.jsonl"), "{\"prompt\": \"The\", \"completion\": \" heart\"}");
    assertEquals(tokens(plain, rows), tokens(begun, rows), "prompts are not scored");
    assertEquals(tokens(plain, rows), tokens(ended, rows), "a text ends once");
  }

  private static long tokens(String model, Path data) {
    return Run.galen("evaluate", "--model", model, "--data", data.toString(), "--json")
        .object()
        .get("tokens")
        .longValue();
  }

  @Test
  void aFineTuneKeepsIt() throws IOException {
    Path data = Questions.write(folder.resolve("qa.jsonl"), 12);
    Path out = folder.resolve("out");
    Run.galen(
            "finetune",
            "--model",
            begun,
            "--data",
            data.toString(),
            "--steps",
            "1",
            "--out",
            out.toString())
        .good();
    assertTrue(generate(out.toString()).get("ids").toString().startsWith("[0,"));
  }
}

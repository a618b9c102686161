package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.model.testing.TinyModels;
import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.TokenizerFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code galen train} and {@code evaluate} on conversations, by the model's chat template. */
class ChatTrainingTest {
  private static final String TEMPLATE =
      "{% for m in messages %}{{ m.role[0] }}:{{ m.content }}{{ eos_token }}{% endfor %}"
          + "{% if add_generation_prompt %}a:{% endif %}";

  @TempDir Path folder;

  private Path model;
  private Path chats;

  @BeforeEach
  void writeModelAndRows() throws IOException {
    model = TinyModels.write(folder.resolve("model"));
    Files.writeString(model.resolve("chat_template.jinja"), TEMPLATE);
    chats =
        Files.writeString(
            folder.resolve("chats.jsonl"),
            """
            {"messages": [{"role": "user", "content": "Ill?"}, {"role": "assistant", "content": "Yes."}, {"role": "user", "content": "Hot?"}, {"role": "assistant", "content": "No."}]}
            {"prompt": [{"role": "user", "content": "Cough?"}], "completion": [{"role": "assistant", "content": "No."}]}
            """);
  }

  private static Run run(String line, Object... values) {
    return Run.galen(line.formatted(values).split(" "));
  }

  private List<Double> losses(Path data, String out) {
    String train =
        "train --model %s --data %s --out %s --steps 4 --batch 2 --length 32 --no-shuffle --json";
    return run(train, model, data, folder.resolve(out)).json().stream()
        .filter(line -> line.has("step") && line.has("loss"))
        .map(line -> line.get("loss").doubleValue())
        .toList();
  }

  /** The rows as ids with labels, piece by piece: those of the assistant are learned. */
  private Path tokens() throws IOException {
    String end = "<|endoftext|>";
    return Files.writeString(
        folder.resolve("tokens.jsonl"),
        row("u:Ill?" + end + "a:", "Yes." + end, "u:Hot?" + end + "a:", "No." + end)
            + row("u:Cough?" + end + "a:", "No." + end));
  }

  private String row(String... pieces) throws IOException {
    var tokenizer = TokenizerFiles.load(model);
    var ids = new int[0];
    var labels = new int[0];
    for (int i = 0; i < pieces.length; i++) {
      int[] piece = tokenizer.encode(pieces[i], SpecialTokens.PARSE);
      int from = ids.length;
      ids = Arrays.copyOf(ids, from + piece.length);
      labels = Arrays.copyOf(labels, ids.length);
      System.arraycopy(piece, 0, ids, from, piece.length);
      for (int t = 0; t < piece.length; t++) {
        labels[from + t] = i % 2 == 1 ? piece[t] : -100;
      }
    }
    return "{\"input_ids\": %s, \"labels\": %s}%n"
        .formatted(Arrays.toString(ids), Arrays.toString(labels));
  }

  @Test
  void answersAreLearnedAsLabelledTokensAre() throws IOException {
    List<Double> learned = losses(chats, "out");
    assertEquals(4, learned.size());
    assertEquals(losses(tokens(), "same"), learned);
    // The template goes along, and the result is measured by it.
    Path out = folder.resolve("out");
    assertEquals(TEMPLATE, Files.readString(out.resolve("chat_template.jinja")));
    String evaluate = "evaluate --model %s --data %s --json";
    JsonNode measured = run(evaluate, out, chats).json().getLast();
    assertEquals(run(evaluate, out, tokens()).json().getLast(), measured);
    assertTrue(measured.get("tokens").intValue() > 0);
  }

  @Test
  void aTokenizersOwnTemplateIsTaken() throws IOException {
    Path words = TinyModels.write(folder.resolve("words"));
    Files.move(model.resolve("chat_template.jinja"), words.resolve("chat_template.jinja"));
    String evaluate = "evaluate --model %s --tokenizer %s --data %s --json";
    JsonNode measured = run(evaluate, model, words, chats).json().getLast();
    assertEquals(
        run("evaluate --model %s --data %s --json", model, tokens()).json().getLast(), measured);
  }

  @Test
  void whatCannotBeRenderedIsOneLine() throws IOException {
    String train = "train --model %s --data %s --out %s --steps 1";
    Path out = folder.resolve("out");
    Path template = model.resolve("chat_template.jinja");
    Files.writeString(template, "{% for m in messages %}{{ loop.revindex }}{% endfor %}");
    String message = run(train, model, chats, out).refusal();
    assertTrue(message.contains(chats + ":1: " + template + ": writes the first 1 of 4"), message);
    assertEquals(message, run("evaluate --model %s --data %s", model, chats).refusal());
    Files.writeString(template, "{% for");
    message = run(train, model, chats, out).refusal();
    assertTrue(message.contains(chats + ":1: " + template + ", line 1: "), message);
    Files.delete(template);
    message = run(train, model, chats, out).refusal();
    assertTrue(message.contains(chats + ":1: is a conversation, and " + model), message);
    assertTrue(message.contains("has no chat template"), message);
    assertEquals(message, run("evaluate --model %s --data %s", model, chats).refusal());
  }
}

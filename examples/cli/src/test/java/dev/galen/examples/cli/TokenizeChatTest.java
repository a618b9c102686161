package dev.galen.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.model.testing.TinyModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code galen tokenize --chat}. */
class TokenizeChatTest {
  @TempDir static Path folder;
  private static String model;

  @BeforeAll
  static void writeModel() throws IOException {
    Path directory = TinyModels.write(folder.resolve("model"));
    model = directory.toString();
    Files.writeString(
        directory.resolve("chat_template.jinja"),
        """
        {% for m in messages %}
        {% if m.role not in ['user', 'assistant'] %}{{ raise_exception('no ' + m.role) }}{% endif %}
        {{ m.role }}: {{ m.content }}{{ eos_token }}
        {% endfor %}
        {% if add_generation_prompt %}assistant:{% endif %}{{ extra }}
        """);
    Files.createDirectory(directory.resolve("additional_chat_templates"));
    Files.writeString(
        directory.resolve("additional_chat_templates/tool_use.jinja"), "{{ tools | tojson }}");
  }

  private static List<JsonNode> lines(Run run) {
    return run.out().lines().map(Run::parse).toList();
  }

  @Test
  void eachConversationBecomesTextAndIds() {
    String input =
        """
        {"messages": [{"role": "user", "content": "Fever?"}], "add_generation_prompt": true}
        {"messages": [{"role": "user", "content": "é"}], "variables": {"extra": 5, "eos_token": "!"}}
        {"messages": [{"role": "user", "content": "x"}], "tools": [{"name": "f", "arguments": {}}]}
        {"messages": [{"role": "user", "content": "x"}, {"role": "assistant", "content": "y"}], "continue_final_message": true}
        """;
    List<JsonNode> answers =
        lines(Run.fed(input, "tokenize", "--tokenizer", model, "--chat").good());
    assertEquals("user: Fever?<|endoftext|>\nassistant:", answers.get(0).get("text").textValue());
    assertEquals("user: é!\n5", answers.get(1).get("text").textValue());
    assertEquals("[{\"name\": \"f\", \"arguments\": {}}]", answers.get(2).get("text").textValue());
    assertEquals("user: x<|endoftext|>\nassistant: y", answers.get(3).get("text").textValue());
    for (JsonNode answer : answers) {
      String ids = answer.get("ids").toString().replaceAll("[\\[\\],]", " ");
      JsonNode back = Run.fed(ids, "tokenize", "--tokenizer", model, "--decode", "--json").object();
      assertEquals(answer.get("text"), back.get("text"));
    }
    // A special token that the template writes is one token.
    String end =
        Run.fed("<|endoftext|>", "tokenize", "--tokenizer", model, "--special", "parse").out();
    assertTrue(answers.get(0).get("ids").toString().contains("," + end.strip() + ","));
  }

  @Test
  void aBadLineDoesNotEndTheOthers() {
    String good = "{\"messages\": [{\"role\": \"user\", \"content\": \"x\"}]}\n";
    String input =
        good
            + "{\"messages\": [{\"role\": \"narrator\", \"content\": \"x\"}]}\n"
            + "{\"messages\": [\n"
            + "{\"messages\": [{\"role\": \"user\", \"content\": \"x\"}], \"tool\": []}\n"
            + "{\"messages\": [{\"role\": \"user\", \"content\": \"\\ud800\"}]}\n"
            + "{\"messages\": []}\n"
            + good;
    Run run = Run.fed(input, "tokenize", "--tokenizer", model, "--chat");
    List<JsonNode> answers = lines(run);
    assertEquals(7, answers.size());
    assertEquals("user: x<|endoftext|>\n", answers.get(0).get("text").textValue());
    assertEquals("{\"error\":\"no narrator\"}", answers.get(1).toString());
    assertTrue(answers.get(2).get("error").textValue().startsWith("line 3: not valid JSON: "));
    assertTrue(answers.get(3).get("error").textValue().startsWith("line 4: unknown field 'tool'"));
    assertTrue(answers.get(4).get("error").textValue().startsWith("line 5: "));
    assertTrue(answers.get(5).get("error").textValue().startsWith("line 6: the conversation"));
    assertEquals(answers.get(0), answers.get(6));
    assertEquals("galen: 4 of 7 lines are no conversation; their errors say why", run.refusal());
  }

  @Test
  void whatATemplateRefusesIsAnAnswer() {
    String input = "{\"messages\": [{\"role\": \"narrator\", \"content\": \"x\"}]}";
    Run run = Run.fed(input, "tokenize", "--tokenizer", model, "--chat").good();
    assertEquals("{\"error\":\"no narrator\"}", run.out().strip());
  }

  @Test
  void aTemplateCanBeGivenByFileOrName() throws IOException {
    String input = "{\"messages\": [{\"role\": \"user\", \"content\": \"x\"}], \"tools\": []}\n";
    String[] chat = {"tokenize", "--tokenizer", model, "--chat", "--chat-template", null};
    Path file = Files.writeString(folder.resolve("own.jinja"), "own {{ messages | length }}\n\n");
    chat[5] = file.toString();
    assertEquals("own 1\n", lines(Run.fed(input, chat).good()).getFirst().get("text").textValue());
    chat[5] = "tool_use";
    assertEquals("[]", lines(Run.fed(input, chat).good()).getFirst().get("text").textValue());
    chat[5] = "nowhere";
    assertTrue(Run.fed(input, chat).refusal().contains("--chat-template nowhere: no such file"));
    Files.writeString(file, "\n{{ 1 ");
    chat[5] = file.toString();
    assertTrue(Run.fed(input, chat).refusal().contains(file + ", line 2: expected '}}'"));
  }

  @Test
  void optionsThatDoNotGoTogetherAreRefused() throws IOException {
    String[] way = {"tokenize", "--tokenizer", model, "--chat", "--decode"};
    assertTrue(Run.galen(way).refusal().contains("--chat goes with neither"));
    way = new String[] {"tokenize", "--tokenizer", model, "--chat-template", "x"};
    assertTrue(Run.galen(way).refusal().contains("--chat-template needs --chat"));
    Path bare = TinyModels.write(folder.resolve("bare/model"));
    way = new String[] {"tokenize", "--tokenizer", bare.toString(), "--chat"};
    assertTrue(Run.galen(way).refusal().contains("has no chat template"));
  }
}

package dev.galen.tokenizer.chat;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.tokenizer.Fixture;
import dev.galen.tokenizer.SharedData;
import dev.galen.tokenizer.hf.Json;
import dev.galen.tokenizer.jinja.JinjaException;
import dev.galen.tokenizer.jinja.JinjaTemplate;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/**
 * Every text is transformers' to the byte, and every error that of Jinja and Python; see {@code
 * chat/make.py} of the resources.
 */
class TransformersChatTest {
  private static final String FOLDER = "chat/";

  private static JsonNode fixture() throws IOException {
    return Json.MAPPER.readTree(Fixture.read(FOLDER, "cases.json"));
  }

  @Test
  void snippetsGiveJinjasTextOrError() throws IOException {
    var root = fixture();
    Map<String, ?> values = map(root.get("values"));
    List<Executable> checks = new ArrayList<>();
    for (var snippet : root.get("snippets")) {
      String template = snippet.get("template").textValue();
      checks.add(
          () -> {
            if (snippet.has("text")) {
              var result = JinjaTemplate.parse(template).render(values, Clock.systemDefaultZone());
              assertEquals(snippet.get("text").textValue(), result.text(), template);
              return;
            }
            var e =
                assertThrows(
                    JinjaException.class,
                    () -> JinjaTemplate.parse(template).render(values, Clock.systemDefaultZone()),
                    template);
            if (snippet.has("error")) {
              assertEquals(snippet.get("error").textValue(), e.getMessage(), template);
            }
          });
    }
    assertAll(checks);
  }

  @Test
  void templatesOfFamiliesGiveTransformersTextOrError() throws IOException {
    var root = fixture();
    List<Executable> checks = new ArrayList<>();
    for (var node : root.get("cases")) {
      String name = node.get("template").textValue();
      var template = ChatTemplate.of(Fixture.read(FOLDER + "templates/", name + ".jinja"));
      JsonNode setting = root.get("settings").get(node.get("setting").intValue());
      var input =
          input(
              root.get("conversations").get(node.get("conversation").textValue()),
              setting,
              root.get("tokens"));
      checks.add(() -> assertCase(node, template, input));
    }
    assertAll(checks);
  }

  @Test
  void theLastMessageIsContinuedAsTransformersDoes() throws IOException {
    var root = fixture();
    List<Executable> checks = new ArrayList<>();
    for (var node : root.get("continued")) {
      String name = node.get("template").textValue();
      var template = ChatTemplate.of(Fixture.read(FOLDER + "templates/", name + ".jinja"));
      var input =
          ChatInput.of(list(root.get("conversations").get(node.get("conversation").textValue())))
              .withVariables(map(root.get("tokens")))
              .withContinued("content");
      checks.add(
          () -> {
            if (node.has("refused")) {
              assertThrows(
                  ChatTemplateException.class, () -> template.render(input), node.toString());
            } else {
              assertEquals(node.get("text").textValue(), template.render(input).text());
            }
          });
    }
    assertAll(checks);
  }

  @Test
  void publicModelsTemplatesGiveTransformersTextOrError() throws IOException {
    var root =
        Json.MAPPER.readTree(Files.readString(SharedData.require("chat-templates/cases.json")));
    List<Executable> checks = new ArrayList<>();
    for (var node : root.get("cases")) {
      var template =
          ChatTemplate.of(root.get("templates").get(node.get("template").textValue()).textValue());
      var input =
          ChatInput.of(list(root.get("conversations").get(node.get("conversation").textValue())))
              .withVariables(map(root.get("variables")))
              .withTools(node.get("tools").booleanValue() ? list(root.get("tools")) : null)
              .withGenerationPrompt(node.get("add_generation_prompt").booleanValue());
      checks.add(() -> assertCase(node, template, input));
    }
    assertAll(checks);
  }

  private static void assertCase(JsonNode node, ChatTemplate template, ChatInput input) {
    if (node.has("error")) {
      var e =
          assertThrows(ChatTemplateException.class, () -> template.render(input), node.toString());
      assertEquals(node.get("error").textValue(), e.reason(), node.toString());
      return;
    }
    RenderedChat rendered = template.render(input);
    assertEquals(node.get("text").textValue(), rendered.text(), node.toString());
    if (node.has("assistant")) {
      List<String> said = new ArrayList<>();
      rendered
          .assistant()
          .forEach(span -> said.add(rendered.text().substring(span.start(), span.end())));
      assertEquals(list(node.get("assistant")), said);
    }
  }

  private static ChatInput input(JsonNode messages, JsonNode setting, JsonNode tokens) {
    Map<String, Object> variables = map(setting);
    var tools = (List<?>) variables.remove("tools");
    var documents = (List<?>) variables.remove("documents");
    boolean prompt = Boolean.TRUE.equals(variables.remove("add_generation_prompt"));
    return ChatInput.of(list(messages))
        .withVariables(map(tokens))
        .withVariables(variables)
        .withTools(tools)
        .withDocuments(documents)
        .withGenerationPrompt(prompt);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(JsonNode node) {
    return Json.MAPPER.convertValue(node, Map.class);
  }

  private static List<?> list(JsonNode node) {
    return Json.MAPPER.convertValue(node, List.class);
  }
}

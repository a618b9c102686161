package dev.galen.examples.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.tokenizer.chat.ChatInput;
import dev.galen.tokenizer.chat.ChatTemplate;
import dev.galen.tokenizer.chat.ChatTemplateException;
import dev.galen.tokenizer.chat.ChatTemplates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Conversations in JSON, rendered and encoded.
 *
 * @param templates the model's
 * @param given the template for every conversation; null to pick one for each
 */
record ChatRequests(Tokenizer tokenizer, ChatTemplates templates, ChatTemplate given) {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final Set<String> FIELDS =
      Set.of(
          "messages",
          "tools",
          "documents",
          "add_generation_prompt",
          "continue_final_message",
          "variables");

  /**
   * Reads the templates.
   *
   * @param template a name of the model's templates, a file, or null
   */
  static ChatRequests of(Tokenizer tokenizer, Path directory, String template) throws IOException {
    boolean isFile = template != null && Files.isRegularFile(Path.of(template));
    ChatTemplates templates = isFile ? null : ChatTemplates.load(directory);
    if (template == null) {
      templates.pick(false); // says so if there is none, before any line
      return new ChatRequests(tokenizer, templates, null);
    }
    if (!isFile && !templates.names().contains(template)) {
      throw new IllegalArgumentException(
          "--chat-template %s: no such file, and %s has no template of this name"
              .formatted(template, directory));
    }
    ChatTemplate given = isFile ? ChatTemplates.read(Path.of(template)) : templates.get(template);
    return new ChatRequests(tokenizer, templates, given);
  }

  /**
   * An answer.
   *
   * @param json the text and the ids, or an error
   * @param isBad whether the line is no conversation; what a template refuses is an answer
   */
  record Answer(ObjectNode json, boolean isBad) {}

  /** The text and the ids of a conversation, or what is wrong with it. */
  Answer answer(String line, String place) {
    try {
      Map<?, ?> request = read(line);
      ChatInput input = input(request).withVariables(variables(request));
      ChatTemplate template = given != null ? given : templates.pick(input.tools() != null);
      String text = template.render(input).text();
      int[] ids = tokenizer.encode(text, SpecialTokens.PARSE);
      ObjectNode answer = CommonOptions.object().put("text", text);
      ArrayNode array = answer.putArray("ids");
      for (int id : ids) {
        array.add(id);
      }
      return new Answer(answer, false);
    } catch (ChatTemplateException e) {
      return new Answer(CommonOptions.object().put("error", e.reason()), false);
    } catch (IllegalArgumentException e) {
      String reason = place + ": " + e.getMessage();
      return new Answer(CommonOptions.object().put("error", reason), true);
    }
  }

  private static Map<?, ?> read(String line) {
    Object request;
    try {
      request = JSON.readValue(line, Object.class);
    } catch (JsonProcessingException e) {
      String problem = e.getOriginalMessage().replaceFirst("(?s) \\(start marker.*|\\R.*", "");
      throw new IllegalArgumentException("not valid JSON: " + problem, e);
    }
    if (!(request instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException("expected a JSON object");
    }
    for (Object field : map.keySet()) {
      if (!FIELDS.contains(field)) {
        throw new IllegalArgumentException(
            "unknown field '%s'; what a template reads beside messages and tools belongs into"
                    .formatted(field)
                + " variables");
      }
    }
    return map;
  }

  private static ChatInput input(Map<?, ?> request) {
    List<?> messages = list(request, "messages");
    if (messages == null) {
      throw new IllegalArgumentException("has no messages");
    }
    Object continued = request.get("continue_final_message");
    if (continued instanceof Boolean all) {
      continued = all ? "content" : null;
    } else if (continued != null && !(continued instanceof String)) {
      throw new IllegalArgumentException("continue_final_message is no true, false or field");
    }
    Object prompt = request.get("add_generation_prompt");
    if (prompt != null && !(prompt instanceof Boolean)) {
      throw new IllegalArgumentException("add_generation_prompt is neither true nor false");
    }
    return ChatInput.of(messages)
        .withTools(list(request, "tools"))
        .withDocuments(list(request, "documents"))
        .withGenerationPrompt(Boolean.TRUE.equals(prompt))
        .withContinued((String) continued);
  }

  private static List<?> list(Map<?, ?> request, String field) {
    Object value = request.get(field);
    if (value != null && !(value instanceof List)) {
      throw new IllegalArgumentException(field + " is no list");
    }
    return (List<?>) value;
  }

  /** Those of the line win over the tokenizer's special tokens. */
  private Map<String, Object> variables(Map<?, ?> request) {
    Map<String, Object> variables = new LinkedHashMap<>(tokenizer.specialTokens());
    if (request.get("variables") instanceof Map<?, ?> more) {
      more.forEach((name, value) -> variables.put((String) name, value));
    } else if (request.get("variables") != null) {
      throw new IllegalArgumentException("variables is no object");
    }
    return variables;
  }
}

package dev.galen.train.format;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.train.data.ChatExample;
import dev.galen.train.data.Example;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Conversations in the form of HuggingFace's and TRL's data sets: {@code messages}, or a {@code
 * prompt} and a {@code completion} that are lists of messages. Beside them {@code tools}, a list or
 * its JSON as text, and {@code chat_template_kwargs} for the template.
 */
final class ChatSchema implements RowSchema {
  private static final String MESSAGES = "messages";
  private static final String PROMPT = "prompt";
  private static final String COMPLETION = "completion";
  private static final String TOOLS = "tools";
  private static final String VARIABLES = "chat_template_kwargs";

  /** What other data sets put beside a conversation that belongs into it. */
  private static final List<String> OUTSIDE = List.of("system", "history");

  @Override
  public String name() {
    return "messages (or prompt and completion as lists of messages)";
  }

  @Override
  public Set<String> fields() {
    return Set.of(
        MESSAGES, PROMPT, COMPLETION, TOOLS, VARIABLES, "label", OUTSIDE.get(0), OUTSIDE.get(1));
  }

  @Override
  public Set<String> objectFields() {
    return Set.of(VARIABLES);
  }

  @Override
  public boolean matches(RowFields row) {
    return row.value(MESSAGES) != null
        || (row.has(PROMPT)
            && row.has(COMPLETION)
            && (isList(row, PROMPT) || isList(row, COMPLETION)));
  }

  private static boolean isList(RowFields row, String field) {
    JsonNode value = row.value(field);
    return value != null && value.isArray();
  }

  /** The others mean nothing without a conversation, or are other schemas' to miss. */
  @Override
  public boolean misses(String field, RowFields row) {
    return field.equals(MESSAGES);
  }

  @Override
  public Example read(RowFields row) throws IOException {
    List<String> outside = row.given(OUTSIDE);
    if (!outside.isEmpty()) {
      throw row.error(
          "%s stands beside the conversation, which would leave it out; put it into the messages"
              .formatted(String.join(" and ", outside)));
    }
    PromptSchema.requireWanted(row);
    List<Map<String, ?>> messages = new ArrayList<>();
    int prompt = 0;
    if (row.value(MESSAGES) != null) {
      addMessages(row, MESSAGES, messages);
      requireSaid(row, messages);
    } else {
      addMessages(row, PROMPT, messages);
      prompt = messages.size();
      addMessages(row, COMPLETION, messages);
    }
    return new ChatExample(messages, prompt, tools(row), variables(row), row.origin());
  }

  /** A prompt beside messages, as UltraChat has one, must be one of them. */
  private static void requireSaid(RowFields row, List<Map<String, ?>> messages) throws IOException {
    for (String field : row.given(List.of(PROMPT, COMPLETION))) {
      String text = row.value(field).textValue();
      if (text == null || messages.stream().noneMatch(m -> text.equals(m.get("content")))) {
        throw row.error(
            "%s is none of the messages, and beside them would be left out; take it out of the row"
                .formatted(field));
      }
    }
  }

  private static void addMessages(RowFields row, String field, List<Map<String, ?>> into)
      throws IOException {
    List<RowFields> messages = row.objects(field);
    if (messages.isEmpty()) {
      throw row.error("the field " + field + " is empty; expected a message or more");
    }
    for (int i = 0; i < messages.size(); i++) {
      RowFields message = messages.get(i);
      requireMessage(message, "message %d of %s".formatted(i + 1, field));
      into.add(message.plain());
    }
  }

  private static void requireMessage(RowFields message, String place) throws IOException {
    JsonNode role = message.value("role");
    if (role == null || !role.isTextual() || role.textValue().isBlank()) {
      throw message.error(
          "%s: role is %s; expected a string such as system, user, assistant or tool"
              .formatted(place, !message.has("role") ? "missing" : described(role)));
    }
    JsonNode content = message.value("content");
    if (content == null) {
      return; // as beside tool_calls
    }
    if (content.isArray()) {
      for (JsonNode part : content) {
        String type = part.path("type").asText("none");
        if (!type.equals("text")) {
          throw message.error(
              "%s: content has a part of the type %s; expected text alone".formatted(place, type));
        }
      }
    } else if (!content.isTextual()) {
      throw message.error(
          "%s: content is %s; expected a string or a list of texts"
              .formatted(place, RowFields.describe(content)));
    }
  }

  private static String described(JsonNode role) {
    return role == null ? "null" : role.isTextual() ? "blank" : RowFields.describe(role);
  }

  /** A list, or its JSON as text, as tables have it. */
  private static List<?> tools(RowFields row) throws IOException {
    JsonNode tools = row.value(TOOLS);
    if (tools != null && tools.isTextual()) {
      try {
        tools = tools.textValue().isBlank() ? null : JsonRows.tree(tools.textValue());
      } catch (JsonProcessingException e) {
        throw row.error("tools: " + JsonRows.problem(e));
      }
    }
    if (tools == null || tools.isNull()) {
      return null;
    }
    if (!(JsonRows.plain(tools) instanceof List<?> list)) {
      throw row.error(
          "the field tools is %s; expected a list of objects".formatted(RowFields.describe(tools)));
    }
    for (JsonNode tool : tools) {
      if (!tool.isObject()) {
        throw row.error(
            "an entry of tools is %s; expected an object".formatted(RowFields.describe(tool)));
      }
    }
    return list;
  }

  private static Map<String, ?> variables(RowFields row) throws IOException {
    JsonNode variables = row.value(VARIABLES);
    if (variables == null) {
      return Map.of();
    }
    if (!variables.isObject()) {
      throw row.error(
          "the field %s is %s; expected an object"
              .formatted(VARIABLES, RowFields.describe(variables)));
    }
    return JsonRows.plainFields(variables);
  }
}

package dev.galen.tokenizer.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.galen.tokenizer.hf.Json;
import dev.galen.tokenizer.hf.TokenizerDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The chat templates of a model's directory, by name. Mostly there is one, {@code default}; some
 * models have another, {@code tool_use}, for conversations with tools.
 */
public final class ChatTemplates {
  /** The name of the template that is used where none is asked for. */
  public static final String DEFAULT = "default";

  private static final String TOOL_USE = "tool_use";
  private static final String FILE = "chat_template.jinja";
  private static final String FOLDER = "additional_chat_templates";
  private static final String FIELD = "chat_template";

  private final Path directory;
  private final Map<String, ChatTemplate> byName;

  private ChatTemplates(Path directory, Map<String, ChatTemplate> byName) {
    this.directory = directory;
    this.byName = Collections.unmodifiableMap(byName);
  }

  /**
   * Reads {@code chat_template.jinja} and {@code additional_chat_templates/*.jinja}, or if there
   * are none {@code chat_template} of {@code tokenizer_config.json}: a template, or a list of them
   * with names. A directory without any gives none.
   *
   * @throws IOException if a file cannot be read
   * @throws ChatTemplateException if a template is malformed
   */
  public static ChatTemplates load(Path directory) throws IOException {
    Map<String, ChatTemplate> found = new TreeMap<>();
    if (Files.exists(directory.resolve(FILE))) {
      found.put(DEFAULT, read(directory.resolve(FILE)));
    }
    if (Files.isDirectory(directory.resolve(FOLDER))) {
      try (var files = Files.newDirectoryStream(directory.resolve(FOLDER), "*.jinja")) {
        for (Path file : files) {
          String name = file.getFileName().toString();
          found.put(name.substring(0, name.length() - ".jinja".length()), read(file));
        }
      }
    }
    if (found.isEmpty()) {
      addConfigured(directory, found);
    }
    return new ChatTemplates(directory, found);
  }

  /**
   * Reads a file that holds one template.
   *
   * @throws IOException if it cannot be read
   * @throws ChatTemplateException if the template is malformed
   */
  public static ChatTemplate read(Path file) throws IOException {
    return ChatTemplate.of(Json.readText(file), file.toString());
  }

  private static void addConfigured(Path directory, Map<String, ChatTemplate> found)
      throws IOException {
    String place = directory.resolve("tokenizer_config.json") + ": " + FIELD;
    JsonNode field = TokenizerDirectory.config(directory).path(FIELD);
    if (field.isTextual()) {
      found.put(DEFAULT, ChatTemplate.of(field.textValue(), place));
    } else if (field.isArray()) {
      for (JsonNode named : field) {
        JsonNode name = named.path("name");
        JsonNode template = named.path("template");
        if (!name.isTextual() || !template.isTextual()) {
          throw new IOException(place + ": expected objects of a name and a template");
        }
        String of = place + " '" + name.textValue() + "'";
        found.put(name.textValue(), ChatTemplate.of(template.textValue(), of));
      }
    } else if (!field.isMissingNode() && !field.isNull()) {
      throw new IOException(place + ": expected a template or a list of them");
    }
  }

  /** The names of the templates. */
  public Set<String> names() {
    return byName.keySet();
  }

  /**
   * The template that transformers would take: the only one, or {@code tool_use} for a conversation
   * with tools if there is one, or {@code default}.
   *
   * @throws IllegalArgumentException if there is none
   */
  public ChatTemplate pick(boolean withTools) {
    String name = withTools && byName.containsKey(TOOL_USE) ? TOOL_USE : DEFAULT;
    if (byName.isEmpty()) {
      throw new IllegalArgumentException(
          directory + ": has no chat template; name a file with one");
    }
    return get(name);
  }

  /**
   * A template by its name.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  public ChatTemplate get(String name) {
    ChatTemplate template = byName.get(name);
    if (template == null) {
      throw new IllegalArgumentException(
          "%s: has no chat template '%s'; it has: %s"
              .formatted(directory, name, String.join(", ", byName.keySet())));
    }
    return template;
  }
}

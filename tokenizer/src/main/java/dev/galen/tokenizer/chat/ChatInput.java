package dev.galen.tokenizer.chat;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a template renders. All values are strings, numbers, booleans, null, and lists and maps of
 * them, as a JSON reader gives them.
 *
 * @param messages the conversation, mostly maps of {@code role} and {@code content}
 * @param tools what the model may call, each a map in the form of JSON schema; null for none
 * @param documents what the model may read, each a map; null for none
 * @param addGenerationPrompt whether the text ends with what begins an answer of the assistant
 * @param continueField a text of the last message, mostly {@code content}, behind which the text
 *     ends, so that the model continues it; null for none
 * @param variables what else the template reads, among it special tokens such as {@code bos_token}
 */
public record ChatInput(
    List<?> messages,
    List<?> tools,
    List<?> documents,
    boolean addGenerationPrompt,
    String continueField,
    Map<String, ?> variables) {

  /** Checks what belongs together. */
  public ChatInput {
    if (messages.isEmpty()) {
      throw new IllegalArgumentException("the conversation has no message; give it one or more");
    }
    if (addGenerationPrompt && continueField != null) {
      throw new IllegalArgumentException(
          "the last message cannot be continued behind a prompt for a new one: ask for one of them");
    }
    requireMaps(tools, "tools");
    requireMaps(documents, "documents");
    for (String name : List.of("messages", "tools", "documents", "add_generation_prompt")) {
      if (variables.containsKey(name)) {
        throw new IllegalArgumentException(
            "'%s' is among the variables; it is given on its own".formatted(name));
      }
    }
    variables = Collections.unmodifiableMap(new LinkedHashMap<String, Object>(variables));
  }

  private static void requireMaps(List<?> items, String what) {
    if (items != null && !items.stream().allMatch(Map.class::isInstance)) {
      throw new IllegalArgumentException(what + " must be objects, one for each");
    }
  }

  /** A conversation without anything else. */
  public static ChatInput of(List<?> messages) {
    return new ChatInput(messages, null, null, false, null, Map.of());
  }

  /** This with tools. */
  public ChatInput withTools(List<?> newTools) {
    return new ChatInput(
        messages, newTools, documents, addGenerationPrompt, continueField, variables);
  }

  /** This with documents. */
  public ChatInput withDocuments(List<?> newDocuments) {
    return new ChatInput(
        messages, tools, newDocuments, addGenerationPrompt, continueField, variables);
  }

  /** This with the beginning of an answer, or without. */
  public ChatInput withGenerationPrompt(boolean add) {
    return new ChatInput(messages, tools, documents, add, continueField, variables);
  }

  /** This with a text of the last message to continue, mostly {@code content}; null for none. */
  public ChatInput withContinued(String field) {
    return new ChatInput(messages, tools, documents, addGenerationPrompt, field, variables);
  }

  /** This with more variables, which win over those of the same name. */
  public ChatInput withVariables(Map<String, ?> more) {
    Map<String, Object> all = new LinkedHashMap<>(variables);
    all.putAll(more);
    return new ChatInput(messages, tools, documents, addGenerationPrompt, continueField, all);
  }
}

package dev.galen.train.data;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A conversation, which the model's chat template turns into text; what the assistant says in it is
 * learned. Values of maps are what a JSON reader gives: strings, numbers, booleans, null, lists and
 * maps.
 *
 * @param messages the turns, each a map of {@code role} and {@code content}, and whatever else the
 *     template reads, such as {@code tool_calls}
 * @param promptMessages how many of them, at the front, are a prompt of which nothing is learned; 0
 *     where every turn of the assistant is
 * @param tools what the assistant may call, each a map in the form of JSON schema; null for none
 * @param variables what else the template reads, by name
 * @param origin where the record comes from
 */
public record ChatExample(
    List<? extends Map<String, ?>> messages,
    int promptMessages,
    List<?> tools,
    Map<String, ?> variables,
    Origin origin)
    implements Example {

  private static final String CONTENT = "content";

  /** Checks that the assistant says something behind the prompt. */
  public ChatExample {
    Objects.requireNonNull(origin, "origin");
    Objects.requireNonNull(variables, "variables");
    if (promptMessages < 0 || promptMessages > messages.size()) {
      throw new IllegalArgumentException(
          "a prompt of %d of %d messages".formatted(promptMessages, messages.size()));
    }
    messages = List.copyOf(messages);
    if (firstTurn(messages, promptMessages) == messages.size()) {
      throw new IllegalArgumentException(
          "no message%s has the role assistant, whose turns alone are learned"
              .formatted(promptMessages == 0 ? "" : " of the completion"));
    }
  }

  /** A conversation that was made in the program, all of whose answers are learned. */
  public ChatExample(List<? extends Map<String, ?>> messages) {
    this(messages, 0, null, Map.of(), Origin.MEMORY);
  }

  private static int firstTurn(List<? extends Map<String, ?>> messages, int from) {
    int at = from;
    while (at < messages.size() && !"assistant".equals(messages.get(at).get("role"))) {
      at++;
    }
    return at;
  }

  /** What is said before the assistant's first turn that is learned. */
  @Override
  public String key() {
    return said(asked());
  }

  /** The messages before the assistant's first turn that is learned; may be none. */
  public List<? extends Map<String, ?>> asked() {
    return messages.subList(0, firstTurn(messages, promptMessages));
  }

  /** What is said, each message on a line of its own: the template is not known here. */
  @Override
  public String text() {
    return said(messages);
  }

  private static String said(List<? extends Map<String, ?>> messages) {
    var said = new StringBuilder();
    for (Map<String, ?> message : messages) {
      if (message.get(CONTENT) != null) {
        said.append(said.isEmpty() ? "" : "\n").append(message.get(CONTENT));
      }
    }
    return said.toString();
  }
}

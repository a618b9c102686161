package dev.galen.tokenizer.chat;

import dev.galen.tokenizer.chat.RenderedChat.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Where the assistant speaks in a conversation. A template may mark it by {@code generation}
 * blocks. Where it does not, a turn is what stands between two beginnings of the text: the messages
 * before it with the generation prompt, and the messages up to it without.
 *
 * @param whole the text of all messages
 */
record AssistantTurns(ChatTemplate template, ChatInput input, RenderedChat whole) {
  /** What transformers looks for to tell whether a template marks anything. */
  private static final Pattern MARKS = Pattern.compile("\\{%-?\\s*generation\\s*-?%}");

  private static final String ASSISTANT = "assistant";

  /** The turns of the messages from {@code first} on. */
  List<Span> from(int first) {
    return MARKS.matcher(template.source()).find() ? marked(first) : between(first);
  }

  private List<Span> marked(int first) {
    if (first == 0) {
      return whole.assistant();
    }
    int begin = beginning(first, true);
    List<Span> spans = new ArrayList<>();
    for (Span span : whole.assistant()) {
      if (span.end() > begin) {
        spans.add(new Span(Math.max(span.start(), begin), span.end()));
      }
    }
    return spans;
  }

  private List<Span> between(int first) {
    List<?> messages = input.messages();
    List<Span> spans = new ArrayList<>();
    for (int i = first; i < messages.size(); i++) {
      if (messages.get(i) instanceof Map<?, ?> message && ASSISTANT.equals(message.get("role"))) {
        if (i == 0) {
          throw template.refusal(
              "the first message is the assistant's, and without {% generation %} in the template"
                  + " its turns are found behind what they answer; begin with another role");
        }
        int start = beginning(i, true);
        int end = i + 1 < messages.size() ? beginning(i + 1, false) : whole.text().length();
        if (start > end) {
          throw unlike(i + 1, false);
        }
        spans.add(new Span(start, end));
      }
    }
    return spans;
  }

  /** How long the text of the first messages is, which the text of all must begin with. */
  private int beginning(int messages, boolean generationPrompt) {
    ChatInput some =
        new ChatInput(
            input.messages().subList(0, messages),
            input.tools(),
            input.documents(),
            generationPrompt,
            null,
            input.variables());
    String text = template.render(some).text();
    if (!whole.text().startsWith(text)) {
      throw unlike(messages, generationPrompt);
    }
    return text.length();
  }

  private ChatTemplateException unlike(int messages, boolean generationPrompt) {
    return template.refusal(
        ("writes the first %d of %d messages%s otherwise when they stand alone, so that the turns of"
                + " the assistant cannot be found; mark them by {%% generation %%} and"
                + " {%% endgeneration %%} in the template")
            .formatted(
                messages,
                input.messages().size(),
                generationPrompt ? " and the generation prompt" : ""));
  }
}

package dev.galen.tokenizer.chat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A conversation whose last message is to be continued. A mark is put behind that message's text,
 * and the rendered text ends where the mark is found again.
 *
 * @param messages the conversation with the mark
 * @param last the text in front of the mark
 * @param template for messages
 */
record ContinuedChat(List<?> messages, String last, ChatTemplate template) {
  private static final String MARK = "CONTINUE_FINAL_MESSAGE_TAG";
  private static final String SPACED_MARK = MARK + " ";

  static ContinuedChat of(ChatInput input, ChatTemplate template) {
    String field = input.continueField();
    if (!(input.messages().getLast() instanceof Map<?, ?> message) || message.get(field) == null) {
      throw template.refusal("the last message has no '%s' to continue".formatted(field));
    }
    if (!template.source().contains(field)) {
      throw template.refusal("does not read '%s', so it cannot be continued".formatted(field));
    }
    List<Object> messages = new ArrayList<>(input.messages());
    Map<Object, Object> marked = new LinkedHashMap<>(message);
    messages.set(messages.size() - 1, marked);
    String last;
    if (message.get(field) instanceof List<?> blocks) {
      int at = lastText(blocks);
      if (at < 0) {
        throw template.refusal("the last message has no text to continue");
      }
      List<Object> newBlocks = new ArrayList<>(blocks);
      Map<Object, Object> block = new LinkedHashMap<>((Map<?, ?>) blocks.get(at));
      last = (String) block.get("text");
      block.put("text", last + SPACED_MARK);
      newBlocks.set(at, block);
      marked.put(field, newBlocks);
    } else if (message.get(field) instanceof String text) {
      last = text;
      marked.put(field, text + SPACED_MARK);
    } else {
      throw template.refusal("the last message's '%s' is no text to continue".formatted(field));
    }
    return new ContinuedChat(messages, last, template);
  }

  private static int lastText(List<?> blocks) {
    for (int i = blocks.size() - 1; i >= 0; i--) {
      if (blocks.get(i) instanceof Map<?, ?> block && block.get("text") instanceof String) {
        return i;
      }
    }
    return -1;
  }

  /** The rendered text up to the mark; without the space before it if the template trimmed. */
  String cut(String rendered) {
    int at = rendered.lastIndexOf(MARK);
    if (at < 0 || !rendered.contains(last.strip())) {
      throw template.refusal(
          "leaves out text of the last message, so that the message cannot be continued");
    }
    String text = rendered.substring(0, at);
    return rendered.startsWith(SPACED_MARK, at) ? text : text.stripTrailing();
  }
}

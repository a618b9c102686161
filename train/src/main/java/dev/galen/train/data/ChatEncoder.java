package dev.galen.train.data;

import static dev.galen.train.data.TokenSequence.IGNORE_INDEX;

import dev.galen.tokenizer.Encoding;
import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.tokenizer.chat.ChatInput;
import dev.galen.tokenizer.chat.ChatTemplate;
import dev.galen.tokenizer.chat.ChatTemplates;
import dev.galen.tokenizer.chat.RenderedChat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Conversations as sequences, by the chat template that belongs to a tokenizer. The template writes
 * the special tokens, so nothing is put around its text, and what it writes is parsed.
 */
final class ChatEncoder {
  private final Tokenizer tokenizer;
  private final Path directory;
  private ChatTemplates templates;

  /**
   * Reads nothing yet: a run without conversations has no use for a template.
   *
   * @param directory where the templates lie
   */
  ChatEncoder(Tokenizer tokenizer, Path directory) {
    this.tokenizer = tokenizer;
    this.directory = directory;
  }

  /**
   * The labels are the ids of the tokens that have a character of the assistant's turns, as in
   * transformers' {@code return_assistant_tokens_mask}. What is too long loses its end, as in TRL.
   */
  TokenSequence encode(ChatExample example, int maxLength) {
    try {
      return encoded(example, maxLength);
    } catch (IllegalArgumentException | UnsupportedOperationException e) {
      throw new IllegalArgumentException(example.origin() + ": " + e.getMessage(), e);
    }
  }

  /** What the model is shown for the first turn that is learned; no ids if nothing is before it. */
  int[] prompt(ChatExample example) {
    if (example.asked().isEmpty()) {
      return new int[0];
    }
    ChatInput input = input(example, example.asked()).withGenerationPrompt(true);
    return tokenizer.encode(template(example).render(input).text(), SpecialTokens.PARSE);
  }

  private ChatTemplate template(ChatExample example) {
    return templates().pick(example.tools() != null);
  }

  private ChatInput input(ChatExample example, List<?> messages) {
    Map<String, Object> variables = new HashMap<>(tokenizer.specialTokens());
    variables.putAll(example.variables());
    return ChatInput.of(messages).withTools(example.tools()).withVariables(variables);
  }

  private TokenSequence encoded(ChatExample example, int maxLength) {
    ChatInput input = input(example, example.messages());
    RenderedChat chat = template(example).renderTurns(input, example.promptMessages());
    Encoding tokens = tokenizer.encode(chat.text(), SpecialTokens.PARSE, false);
    boolean[] said = chat.assistantMask(tokens);
    var labels = new int[said.length];
    boolean none = true;
    for (int i = 0; i < said.length; i++) {
      labels[i] = said[i] ? tokens.ids()[i] : IGNORE_INDEX;
      none &= !said[i];
    }
    if (none) {
      throw new IllegalArgumentException(
          "the chat template of %s writes nothing that the assistant says; check its generation"
                  .formatted(directory)
              + " blocks");
    }
    int kept = Math.min(said.length, maxLength);
    return new TokenSequence(
        Arrays.copyOf(tokens.ids(), kept), Arrays.copyOf(labels, kept), said.length - kept);
  }

  private synchronized ChatTemplates templates() {
    if (templates == null) {
      try {
        templates = ChatTemplates.load(directory);
      } catch (IOException e) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
    }
    if (templates.names().isEmpty()) {
      throw new IllegalArgumentException(
          ("is a conversation, and %s has no chat template; put chat_template.jinja there, or give"
                  + " prompt and completion as text")
              .formatted(directory));
    }
    return templates;
  }
}

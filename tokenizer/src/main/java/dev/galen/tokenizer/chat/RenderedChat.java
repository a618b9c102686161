package dev.galen.tokenizer.chat;

import dev.galen.tokenizer.Encoding;
import java.util.List;

/**
 * A conversation as a model reads it.
 *
 * @param text the text
 * @param assistant what the assistant says in it: the template's {@code generation} blocks, none
 *     where it has no such blocks, unless {@link ChatTemplate#renderTurns} found it otherwise
 */
public record RenderedChat(String text, List<Span> assistant) {

  /**
   * A piece of the text, as indexes of Java's strings.
   *
   * @param start the first character
   * @param end the one behind the last
   */
  public record Span(int start, int end) {}

  /** A conversation whose list of spans cannot be changed. */
  public RenderedChat {
    assistant = List.copyOf(assistant);
  }

  /**
   * Which tokens the assistant says, as transformers' {@code return_assistant_tokens_mask}: those
   * that have a character within its spans.
   *
   * @param encoding the tokens of {@link #text}
   * @return a flag for each token
   */
  public boolean[] assistantMask(Encoding encoding) {
    var mask = new boolean[encoding.size()];
    for (Span span : assistant) {
      for (int i = 0; i < mask.length; i++) {
        boolean inText = encoding.texts()[i] >= 0;
        mask[i] |= inText && encoding.starts()[i] < span.end() && encoding.ends()[i] > span.start();
      }
    }
    return mask;
  }
}

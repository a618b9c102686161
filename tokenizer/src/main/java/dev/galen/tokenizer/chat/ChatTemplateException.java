package dev.galen.tokenizer.chat;

/** A template that cannot be read, or that refuses a conversation. */
public final class ChatTemplateException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final String reason;
  private final int line;

  /**
   * A refusal.
   *
   * @param place the template, for the message
   * @param line of the template, 0 if the reason is elsewhere
   * @param reason what is wrong
   */
  ChatTemplateException(String place, int line, String reason, Throwable cause) {
    super(place + (line > 0 ? ", line " + line : "") + ": " + reason, cause);
    this.reason = reason;
    this.line = line;
  }

  /**
   * What is wrong, without the place: where a template calls {@code raise_exception}, exactly its
   * text, and else what Python would say of the same template.
   */
  public String reason() {
    return reason;
  }

  /** The line of the template where the statement begins, counted from 1; 0 if there is none. */
  public int line() {
    return line;
  }
}

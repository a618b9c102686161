package dev.galen.tokenizer.jinja;

/** A template that cannot be read, or that stopped while it was rendered. */
public final class JinjaException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int line;

  /** An error whose line is not known yet; see {@link #at}. */
  JinjaException(String message) {
    this(message, 0);
  }

  JinjaException(String message, int line) {
    super(message);
    this.line = line;
  }

  /** The same error with a line, unless it has one. */
  JinjaException at(int statementLine) {
    if (line > 0) {
      return this;
    }
    var placed = new JinjaException(getMessage(), statementLine);
    placed.setStackTrace(getStackTrace());
    return placed;
  }

  /** The line of the template where the statement begins, counted from 1; 0 if there is none. */
  public int line() {
    return line;
  }
}

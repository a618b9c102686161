package dev.galen.tokenizer.jinja;

/**
 * A piece of a template.
 *
 * @param value the text of DATA, NAME, STRING and OPERATOR, the number of INTEGER and FLOAT
 * @param line where it begins, counted from 1
 */
record Token(Kind kind, Object value, int line) {

  enum Kind {
    DATA,
    VARIABLE_BEGIN,
    VARIABLE_END,
    BLOCK_BEGIN,
    BLOCK_END,
    NAME,
    STRING,
    INTEGER,
    FLOAT,
    OPERATOR,
    END
  }

  boolean is(Kind kind, String text) {
    return this.kind == kind && value.equals(text);
  }

  boolean isName(String text) {
    return is(Kind.NAME, text);
  }

  boolean isOperator(String text) {
    return is(Kind.OPERATOR, text);
  }

  /** What it is, for messages. */
  String shown() {
    return switch (kind) {
      case DATA -> "text";
      case VARIABLE_BEGIN -> "'{{'";
      case VARIABLE_END -> "'}}'";
      case BLOCK_BEGIN -> "'{%'";
      case BLOCK_END -> "'%}'";
      case END -> "the end of the template";
      case STRING -> "a string";
      default -> "'" + value + "'";
    };
  }
}

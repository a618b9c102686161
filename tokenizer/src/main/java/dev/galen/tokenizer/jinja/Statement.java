package dev.galen.tokenizer.jinja;

import java.util.List;

/** What is done: text is written, a name set, a part chosen or repeated. */
sealed interface Statement {

  /** The line where it begins, counted from 1. */
  int line();

  record Text(int line, String text) implements Statement {}

  record Output(int line, List<Expression> values) implements Statement {}

  /** The first body whose test holds; a last body without a test is the else. */
  record If(int line, List<Expression> tests, List<List<Statement>> bodies) implements Statement {}

  /**
   * A loop.
   *
   * @param test which items it takes, or null
   * @param otherwise what is done if it takes none
   */
  record For(
      int line,
      Target target,
      Expression items,
      Expression test,
      boolean recursive,
      List<Statement> body,
      List<Statement> otherwise)
      implements Statement {}

  record Assign(int line, Target target, Expression value) implements Statement {}

  /** Sets a name to what the body writes, behind a filter that may be null. */
  record AssignBlock(int line, Target target, Expression.Filter filter, List<Statement> body)
      implements Statement {}

  record Macro(int line, String name, Signature signature, List<Statement> body)
      implements Statement {}

  /** A call whose {@code caller()} is the body. */
  record CallBlock(int line, Expression.Call call, Signature signature, List<Statement> body)
      implements Statement {}

  record FilterBlock(int line, Expression.Filter filter, List<Statement> body)
      implements Statement {}

  record With(int line, List<Target> targets, List<Expression> values, List<Statement> body)
      implements Statement {}

  /** A named block: its body sees the names of the whole template only. */
  record Block(int line, List<Statement> body) implements Statement {}

  /** What the assistant has said. */
  record Generation(int line, List<Statement> body) implements Statement {}

  record Break(int line) implements Statement {}

  record Continue(int line) implements Statement {}

  /** What a value is assigned to. */
  sealed interface Target {
    record ToName(String name) implements Target {}

    record ToTuple(List<Target> targets) implements Target {}

    /** {@code namespace.attribute}. */
    record ToAttribute(String namespace, String attribute) implements Target {}
  }

  /**
   * The parameters of a macro.
   *
   * @param defaults those of the last parameters
   * @param usesRest whether the body reads {@code varargs}, so that more may be passed
   * @param usesNamedRest whether the body reads {@code kwargs}
   * @param usesCaller whether the body reads {@code caller}
   */
  record Signature(
      List<String> names,
      List<Expression> defaults,
      boolean usesRest,
      boolean usesNamedRest,
      boolean usesCaller) {}
}

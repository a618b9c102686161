package dev.galen.tokenizer.jinja;

import dev.galen.tokenizer.jinja.Token.Kind;
import java.util.List;

/** The tokens of a template, one after the other. */
final class TokenReader {
  /** Deepest nesting of a template's text. */
  private static final int DEEPEST = 200;

  private final List<Token> tokens;
  private int at;
  private int depth;

  TokenReader(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token current() {
    return tokens.get(at);
  }

  /** The token behind the current one. */
  Token following() {
    return tokens.get(Math.min(at + 1, tokens.size() - 1));
  }

  /** The current token, which is left behind. */
  Token next() {
    Token token = current();
    at = Math.min(at + 1, tokens.size() - 1);
    return token;
  }

  /** Where the reader stands, to come back to. */
  int position() {
    return at;
  }

  /** The tokens since a position. */
  List<Token> since(int position) {
    return tokens.subList(position, at);
  }

  boolean skipName(String name) {
    boolean there = current().isName(name);
    if (there) {
      next();
    }
    return there;
  }

  boolean skipOperator(String operator) {
    boolean there = current().isOperator(operator);
    if (there) {
      next();
    }
    return there;
  }

  void expectOperator(String operator) {
    if (!skipOperator(operator)) {
      throw unexpected("'" + operator + "'");
    }
  }

  void expectName(String name) {
    if (!skipName(name)) {
      throw unexpected("'" + name + "'");
    }
  }

  void expect(Kind kind) {
    if (current().kind() != kind) {
      throw unexpected(new Token(kind, "", 0).shown());
    }
    next();
  }

  String anyName() {
    if (current().kind() != Kind.NAME) {
      throw unexpected("a name");
    }
    return (String) next().value();
  }

  void enter() {
    if (++depth > DEEPEST) {
      throw error("nests deeper than " + DEEPEST + " levels");
    }
  }

  void leave() {
    depth--;
  }

  JinjaException unexpected(String wanted) {
    return error("expected " + wanted + ", got " + current().shown());
  }

  JinjaException error(String message) {
    return new JinjaException(message, current().line());
  }
}

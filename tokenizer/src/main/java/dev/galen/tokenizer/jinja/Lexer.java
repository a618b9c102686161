package dev.galen.tokenizer.jinja;

import dev.galen.tokenizer.jinja.Token.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Cuts a template into tokens, with transformers' settings: a newline behind a block is dropped
 * ({@code trim_blocks}), spaces in front of one that stands first in its line as well ({@code
 * lstrip_blocks}), and the template's last newline.
 */
final class Lexer {
  private static final Pattern FLOAT =
      Pattern.compile(
          "(?<!\\.)([0-9]+_)*[0-9]+((\\.([0-9]+_)*[0-9]+)?[eE][+-]?([0-9]+_)*[0-9]+"
              + "|\\.([0-9]+_)*[0-9]+)");
  private static final Pattern INTEGER =
      Pattern.compile("(?i)0b(_?[01])+|0o(_?[0-7])+|0x(_?[0-9a-f])+|[1-9](_?[0-9])*|0(_?0)*");
  private static final Set<String> LONG_OPERATORS = Set.of("//", "**", "==", "!=", ">=", "<=");
  private static final String OPERATORS = "+-*/%~[](){}<>=.:|,;";

  private static final int LONGEST_NUMBER = 1000;

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;

  /** How far lines are counted. */
  private int counted;

  /** Whether what was read last ended in a newline. */
  private boolean lineStarts = true;

  private Lexer(String source) {
    this.source = source;
  }

  static List<Token> read(String template) {
    var unix = PythonText.unixNewlines(template);
    var lexer = new Lexer(unix.endsWith("\n") ? unix.substring(0, unix.length() - 1) : unix);
    lexer.readAll();
    return lexer.tokens;
  }

  private void readAll() {
    int open = nextTag(at);
    while (open >= 0) {
      readTag(open);
      open = nextTag(at);
    }
    addData(source.substring(at), source.length());
    add(Kind.END, "");
  }

  private int nextTag(int from) {
    for (int i = source.indexOf('{', from); i >= 0; i = source.indexOf('{', i + 1)) {
      if (i + 1 < source.length() && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  private void readTag(int open) {
    char kind = source.charAt(open + 1);
    char sign = charAt(open + 2);
    boolean signed = sign == '-' || sign == '+';
    addData(beforeTag(source.substring(at, open), sign, kind != '{'), open);
    at = open + (signed ? 3 : 2);
    switch (kind) {
      case '{' -> readExpression(Kind.VARIABLE_BEGIN, Kind.VARIABLE_END, "}}");
      case '#' -> skipComment();
      default -> {
        if (!readRaw()) {
          readExpression(Kind.BLOCK_BEGIN, Kind.BLOCK_END, "%}");
        }
      }
    }
  }

  /** The text in front of a tag, without the spaces that the tag takes away. */
  private String beforeTag(String text, char sign, boolean block) {
    if (sign == '-') {
      return PythonText.stripEnd(text);
    }
    int lineStart = text.lastIndexOf('\n') + 1;
    boolean first = lineStart > 0 || lineStarts;
    boolean blank = PythonText.stripEnd(text).length() <= lineStart;
    return block && sign != '+' && first && blank ? text.substring(0, lineStart) : text;
  }

  private void skipComment() {
    int end = source.indexOf("#}", at);
    if (end < 0) {
      throw error("a comment is not closed by '#}'");
    }
    char sign = end > at ? source.charAt(end - 1) : ' ';
    leaveTag(end + 2, sign, true);
  }

  /** Reads {% raw %} up to {% endraw %}, if this is one. */
  private boolean readRaw() {
    int body = wordInTag(at, "raw");
    if (body < 0 || charAt(body) == '+') {
      return false;
    }
    leaveTag(body + (charAt(body) == '-' ? 3 : 2), charAt(body), false);
    for (int open = source.indexOf("{%", at); open >= 0; open = source.indexOf("{%", open + 1)) {
      char sign = charAt(open + 2);
      int end = wordInTag(open + (sign == '-' || sign == '+' ? 3 : 2), "endraw");
      if (end >= 0) {
        addData(beforeTag(source.substring(at, open), sign, true), open);
        char close = charAt(end);
        leaveTag(end + (close == '%' ? 2 : 3), close, true);
        return true;
      }
    }
    throw error("{% raw %} is not closed by {% endraw %}");
  }

  /** Where the close of a tag begins that has only this word, its sign included; else -1. */
  private int wordInTag(int from, String word) {
    int start = skipSpace(from);
    if (!source.startsWith(word, start)) {
      return -1;
    }
    int close = skipSpace(start + word.length());
    boolean signed = charAt(close) == '-' || charAt(close) == '+';
    return source.startsWith("%}", signed ? close + 1 : close) ? close : -1;
  }

  /** Goes on behind a tag's end. */
  private void leaveTag(int end, char sign, boolean trims) {
    int next = end;
    if (sign == '-') {
      next = skipSpace(end);
    } else if (trims && sign != '+' && charAt(end) == '\n') {
      next = end + 1;
    }
    at = next;
    lineStarts = source.charAt(next - 1) == '\n';
  }

  private void readExpression(Kind begin, Kind end, String close) {
    add(begin, "");
    Deque<Character> brackets = new ArrayDeque<>();
    while (at < source.length()) {
      if (brackets.isEmpty()) {
        char sign = charAt(at);
        boolean signed = sign == '-' || (sign == '+' && end == Kind.BLOCK_END);
        int closeAt = signed ? at + 1 : at;
        if (source.startsWith(close, closeAt)) {
          add(end, "");
          leaveTag(closeAt + 2, signed ? sign : ' ', end == Kind.BLOCK_END);
          return;
        }
      }
      if (PythonText.isSpace(charAt(at))) {
        at = skipSpace(at);
      } else {
        readToken(brackets);
      }
    }
  }

  private void readToken(Deque<Character> brackets) {
    char c = charAt(at);
    if (c >= '0' && c <= '9') {
      readNumber();
    } else if (c == '"' || c == '\'') {
      readString(c);
    } else if (Character.isUnicodeIdentifierStart(source.codePointAt(at)) || c == '_') {
      int end = at;
      while (end < source.length() && isNamePart(source.codePointAt(end))) {
        end += Character.charCount(source.codePointAt(end));
      }
      add(Kind.NAME, source.substring(at, end));
      at = end;
    } else {
      readOperator(c, brackets);
    }
  }

  private static boolean isNamePart(int codePoint) {
    return Character.isUnicodeIdentifierPart(codePoint)
        && !Character.isIdentifierIgnorable(codePoint);
  }

  private void readNumber() {
    int last = at;
    while (Character.isLetterOrDigit(charAt(last)) || charAt(last) == '_') {
      last++;
    }
    if (last - at > LONGEST_NUMBER) {
      throw error("a number has more than " + LONGEST_NUMBER + " characters");
    }
    var number = FLOAT.matcher(source).region(at, source.length()).useTransparentBounds(true);
    boolean real = number.lookingAt();
    if (!real) {
      number.usePattern(INTEGER).lookingAt();
    }
    String digits = number.group().replace("_", "");
    add(
        real ? Kind.FLOAT : Kind.INTEGER,
        real ? (Object) Double.valueOf(digits) : Arithmetic.parseLiteral(digits));
    at = number.end();
  }

  private void readString(char quote) {
    int end = at + 1;
    while (end < source.length() && source.charAt(end) != quote) {
      end += source.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= source.length()) {
      throw error("a string is not closed by " + quote);
    }
    try {
      add(Kind.STRING, StringEscapes.unescape(source.substring(at + 1, end)));
    } catch (JinjaException e) {
      throw error(e.getMessage());
    }
    at = end + 1;
  }

  private void readOperator(char c, Deque<Character> brackets) {
    String two = source.substring(at, Math.min(at + 2, source.length()));
    if (LONG_OPERATORS.contains(two)) {
      add(Kind.OPERATOR, two);
      at += 2;
      return;
    }
    if (OPERATORS.indexOf(c) < 0) {
      throw error("unexpected character '" + Character.toString(source.codePointAt(at)) + "'");
    }
    switch (c) {
      case '(' -> brackets.push(')');
      case '[' -> brackets.push(']');
      case '{' -> brackets.push('}');
      case ')', ']', '}' -> {
        if (brackets.isEmpty() || brackets.pop() != c) {
          throw error("unexpected '" + c + "'");
        }
      }
      default -> {}
    }
    add(Kind.OPERATOR, String.valueOf(c));
    at++;
  }

  private int skipSpace(int from) {
    int end = from;
    while (end < source.length() && PythonText.isSpace(source.charAt(end))) {
      end++;
    }
    return end;
  }

  private char charAt(int index) {
    return index < source.length() ? source.charAt(index) : '\0';
  }

  private void addData(String text, int end) {
    if (!text.isEmpty()) {
      add(Kind.DATA, text);
    }
    at = end;
  }

  private void add(Kind kind, Object value) {
    tokens.add(new Token(kind, value, lineNow()));
  }

  private int lineNow() {
    for (; counted < at; counted++) {
      if (source.charAt(counted) == '\n') {
        line++;
      }
    }
    return line;
  }

  private JinjaException error(String message) {
    return new JinjaException(message, lineNow());
  }
}

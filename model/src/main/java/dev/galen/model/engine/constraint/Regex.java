package dev.galen.model.engine.constraint;

import java.util.ArrayList;
import java.util.List;

/**
 * A regular expression of ECMAScript as a tree, as far as a finite automaton knows it: no
 * look-around, no references back, no word borders. Anchors stand at the ends of an alternative;
 * without them a text may have anything in front and behind.
 */
sealed interface Regex {
  /** One character of some. */
  record Chars(CharSet set) implements Regex {}

  /** One after the other. */
  record Sequence(List<Regex> parts) implements Regex {}

  /** Any of them. */
  record Choice(List<Regex> parts) implements Regex {}

  /**
   * Several times.
   *
   * @param most -1 for any number
   */
  record Repeat(Regex part, int least, int most) implements Regex {}

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is malformed or has what is not supported; the message
   *     says what
   */
  static Regex parse(String text) {
    return new Parser(text).parse();
  }

  /** Reads one from left to right. */
  final class Parser {
    private static final int MOST_REPEATS = 1000;
    private static final Regex ANYTHING = new Repeat(new Chars(CharSet.ALL), 0, -1);

    private final int[] text;
    private int at;
    private int depth;

    private Parser(String text) {
      this.text = text.codePoints().toArray();
    }

    private Regex parse() {
      List<Regex> parts = new ArrayList<>();
      do {
        boolean fromStart = take('^');
        Regex body = sequence();
        boolean toEnd = take('$');
        if (at < text.length && text[at] != '|') {
          throw refusal(text[at] == ')' ? "a ) without its (" : "$ before the end");
        }
        List<Regex> whole = new ArrayList<>();
        if (!fromStart) {
          whole.add(ANYTHING);
        }
        whole.add(body);
        if (!toEnd) {
          whole.add(ANYTHING);
        }
        parts.add(new Sequence(whole));
      } while (take('|'));
      return new Choice(parts);
    }

    private Regex choice() {
      List<Regex> parts = new ArrayList<>();
      do {
        parts.add(sequence());
      } while (take('|'));
      return new Choice(parts);
    }

    private Regex sequence() {
      List<Regex> parts = new ArrayList<>();
      while (at < text.length && text[at] != '|' && text[at] != ')' && text[at] != '$') {
        parts.add(repeated(atom()));
      }
      return new Sequence(parts);
    }

    private Regex atom() {
      int c = text[at++];
      return switch (c) {
        case '(' -> group();
        case '[' -> new Chars(charClass());
        case '.' -> new Chars(CharSet.NO_LINE_END);
        case '\\' -> new Chars(escape(false));
        case '^' -> throw refusal("^ behind the beginning");
        case '*', '+', '?', '{' -> throw refusal("nothing to repeat");
        default -> new Chars(CharSet.of(c, c));
      };
    }

    private Regex group() {
      if (++depth > 100) {
        throw refusal("groups deeper than 100");
      }
      if (take('?') && !take(':')) {
        throw refusal("(?" + (at < text.length ? Character.toString(text[at]) : ""));
      }
      Regex body = choice();
      if (at < text.length && text[at] == '$') {
        throw refusal("$ inside of a group");
      }
      if (!take(')')) {
        throw refusal("a ( without its )");
      }
      depth--;
      return body;
    }

    private Regex repeated(Regex part) {
      Regex all = part;
      int least;
      int most;
      if (take('*')) {
        least = 0;
        most = -1;
      } else if (take('+')) {
        least = 1;
        most = -1;
      } else if (take('?')) {
        least = 0;
        most = 1;
      } else if (take('{')) {
        least = number();
        most = take(',') ? (at < text.length && text[at] == '}' ? -1 : number()) : least;
        if (!take('}') || most >= 0 && most < least) {
          throw refusal("a malformed { }");
        }
      } else {
        return all;
      }
      take('?'); // which of several matches is found first changes nothing
      if (at < text.length && "*+?{".indexOf(text[at]) >= 0) {
        throw refusal("nothing to repeat");
      }
      return new Repeat(all, least, most);
    }

    private int number() {
      int from = at;
      int value = 0;
      while (at < text.length && text[at] >= '0' && text[at] <= '9') {
        value = value * 10 + text[at++] - '0';
        if (value > MOST_REPEATS) {
          throw refusal("a repetition of more than " + MOST_REPEATS);
        }
      }
      if (from == at) {
        throw refusal("a malformed { }");
      }
      return value;
    }

    private CharSet charClass() {
      boolean negated = take('^');
      var set = new CharSet(List.of());
      while (at < text.length && text[at] != ']') {
        CharSet low = classAtom();
        if (at + 1 < text.length && text[at] == '-' && text[at + 1] != ']') {
          at++;
          CharSet high = classAtom();
          int from = single(low);
          int to = single(high);
          if (to < from) {
            throw refusal("a range that runs backwards");
          }
          low = CharSet.of(from, to);
        }
        set = set.or(low);
      }
      if (!take(']')) {
        throw refusal("a [ without its ]");
      }
      return negated ? set.not() : set;
    }

    private int single(CharSet set) {
      if (set.ranges().size() != 1 || set.ranges().getFirst()[0] != set.ranges().getFirst()[1]) {
        throw refusal("a range of classes");
      }
      return set.ranges().getFirst()[0];
    }

    private CharSet classAtom() {
      int c = text[at++];
      return c == '\\' ? escape(true) : CharSet.of(c, c);
    }

    private CharSet escape(boolean inClass) {
      if (at == text.length) {
        throw refusal("a \\ at the end");
      }
      int c = text[at++];
      return switch (c) {
        case 'd' -> CharSet.DIGITS;
        case 'D' -> CharSet.DIGITS.not();
        case 'w' -> CharSet.WORD;
        case 'W' -> CharSet.WORD.not();
        case 's' -> CharSet.SPACE;
        case 'S' -> CharSet.SPACE.not();
        case 't' -> CharSet.of('\t', '\t');
        case 'n' -> CharSet.of('\n', '\n');
        case 'r' -> CharSet.of('\r', '\r');
        case 'f' -> CharSet.of('\f', '\f');
        case 'v' -> CharSet.of(0x0b, 0x0b);
        case '0' -> CharSet.of(0, 0);
        case 'x' -> hex(2);
        case 'u' -> take('{') ? braced() : hex(4);
        case 'b' -> {
          if (!inClass) {
            throw refusal("\\b");
          }
          yield CharSet.of('\b', '\b');
        }
        default -> {
          if (Character.isLetterOrDigit(c)) {
            throw refusal("\\" + Character.toString(c));
          }
          yield CharSet.of(c, c);
        }
      };
    }

    private CharSet braced() {
      int from = at;
      while (at < text.length && text[at] != '}') {
        at++;
      }
      CharSet set = hex(from, at);
      at++;
      return set;
    }

    private CharSet hex(int digits) {
      int from = at;
      at += digits;
      return hex(from, at);
    }

    private CharSet hex(int from, int to) {
      if (to > text.length || to == from || to - from > 6) {
        throw refusal("a malformed \\x or \\u");
      }
      int value = 0;
      for (int i = from; i < to; i++) {
        int digit = Character.digit(text[i], 16);
        if (digit < 0) {
          throw refusal("a malformed \\x or \\u");
        }
        value = value * 16 + digit;
      }
      if (CharSet.of(value, value).isEmpty() || value > Character.MAX_CODE_POINT) {
        throw refusal("a \\u that is no character");
      }
      return CharSet.of(value, value);
    }

    private boolean take(int c) {
      boolean there = at < text.length && text[at] == c;
      at += there ? 1 : 0;
      return there;
    }

    private IllegalArgumentException refusal(String what) {
      return new IllegalArgumentException(
          "pattern \"%s\" has %s, which is not supported"
              .formatted(new String(text, 0, text.length), what));
    }
  }
}

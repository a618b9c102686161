package dev.galen.model.engine.constraint;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.galen.model.engine.constraint.Grammar.Rule;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** JSON's own rules in a grammar: white space, strings, any value, objects and arrays. */
final class JsonParts {
  /** A line's indentation is no longer than this. */
  private static final int MOST_INDENTATION = 16;

  /** One member of an object. */
  record Member(String name, Rule value, boolean required) {}

  private final Grammar grammar;
  private final int longest;
  private final Rule space;
  private final Rule character;
  private final Rule string;
  private final Rule any;
  private final Rule freeObject;
  private final Rule freeArray;

  /**
   * The rules.
   *
   * @param longest the bytes of the longest token
   */
  JsonParts(Grammar grammar, int longest) {
    this.grammar = grammar;
    this.longest = longest;
    this.any = grammar.rule();
    this.freeObject = grammar.rule(true);
    this.freeArray = grammar.rule(true);
    this.space = space();
    this.character = character();
    this.string = string();
    addMembers(freeObject, List.of(), any);
    addItems(freeArray, List.of(), any, 0, -1);
    grammar.call(any.start(), string, any.end());
    grammar.call(any.start(), new NumberParts(grammar).any(), any.end());
    literal(any, "true");
    literal(any, "false");
    literal(any, "null");
    grammar.call(any.start(), freeObject, any.end());
    grammar.call(any.start(), freeArray, any.end());
  }

  /** Any value. */
  Rule any() {
    return any;
  }

  /** Any object, whatever is in it. */
  Rule anyObject() {
    Rule rule = grammar.rule();
    addMembers(rule, List.of(), any);
    return rule;
  }

  /** Any string. */
  Rule anyString() {
    return string;
  }

  /** One text, among others, of a rule. */
  void literal(Rule rule, String text) {
    grammar.skip(grammar.literal(rule.start(), text), rule.end());
  }

  /** Nothing, one space, or a new line with its indentation. */
  private Rule space() {
    Rule rule = grammar.rule();
    grammar.skip(rule.start(), rule.end());
    grammar.bytes(rule.start(), ' ', ' ', rule.end());
    int at = grammar.literal(rule.start(), "\n");
    for (int i = 0; i < MOST_INDENTATION; i++) {
      grammar.skip(at, rule.end());
      at = grammar.literal(at, " ");
    }
    grammar.skip(at, rule.end());
    return rule;
  }

  /** One character of a string, spelled in any way. */
  private Rule character() {
    Rule rule = grammar.rule();
    addCharacter(rule.start(), rule.end());
    return rule;
  }

  private void addCharacter(int from, int to) {
    for (int[] range : plain(0, Character.MAX_CODE_POINT)) {
      grammar.codePoints(from, range[0], range[1], to);
    }
    int escape = grammar.literal(from, "\\");
    for (char c : "\"\\/bfnrt".toCharArray()) {
      grammar.bytes(escape, c, c, to);
    }
    int number = grammar.literal(escape, "u");
    int afterOther = grammar.node();
    int afterD = grammar.node();
    hex(number, 0, 0xc, afterOther);
    hex(number, 0xe, 0xf, afterOther);
    hex(number, 0xd, 0xd, afterD);
    int low2 = grammar.node();
    hex(afterOther, 0, 0xf, low2);
    hex(afterD, 0, 7, low2);
    int low1 = grammar.node();
    hex(low2, 0, 0xf, low1);
    hex(low1, 0, 0xf, to);
    // A pair of surrogates is one character; one alone is none.
    int high2 = grammar.node();
    hex(afterD, 8, 0xb, high2);
    int high1 = grammar.node();
    hex(high2, 0, 0xf, high1);
    int pair = grammar.node();
    hex(high1, 0, 0xf, pair);
    int second = grammar.literal(pair, "\\u");
    int secondD = grammar.node();
    hex(second, 0xd, 0xd, secondD);
    int second2 = grammar.node();
    hex(secondD, 0xc, 0xf, second2);
    hex(second2, 0, 0xf, low1);
  }

  private void hex(int from, int low, int high, int to) {
    for (int digit = low; digit <= high; digit++) {
      int c = Character.forDigit(digit, 16);
      grammar.bytes(from, c, c, to);
      if (digit > 9) {
        grammar.bytes(from, Character.toUpperCase(c), Character.toUpperCase(c), to);
      }
    }
  }

  /** The part of a range that a string may have as it is. */
  private static List<int[]> plain(int low, int high) {
    List<int[]> ranges = new ArrayList<>();
    for (int[] range : new int[][] {{0x20, 0x21}, {0x23, 0x5b}, {0x5d, Character.MAX_CODE_POINT}}) {
      int from = Math.max(low, range[0]);
      int to = Math.min(high, range[1]);
      if (from <= to) {
        ranges.add(new int[] {from, to});
      }
    }
    return ranges;
  }

  private Rule string() {
    Rule rule = grammar.rule();
    int inside = grammar.literal(rule.start(), "\"");
    addCharacter(inside, inside);
    grammar.bytes(inside, '"', '"', rule.end());
    return rule;
  }

  /**
   * Strings of a length.
   *
   * @param most -1 for no limit
   */
  Rule string(int least, int most) {
    Rule rule = grammar.rule();
    int at = grammar.literal(rule.start(), "\"");
    int last = most < 0 ? least : most;
    int far = -1;
    for (int i = 0; i <= last; i++) {
      if (i >= least) {
        grammar.bytes(at, '"', '"', rule.end());
        // Where no token reaches the last character, every place is as good as the next.
        far = far < 0 ? at : far;
        if (i + longest < last) {
          grammar.setAlike(at, far);
        }
      }
      if (i < last) {
        int next = grammar.node();
        grammar.call(at, character, next);
        at = next;
      }
    }
    if (most < 0) {
      grammar.call(at, character, at);
    }
    return rule;
  }

  /** Strings that a pattern allows, each character spelled in one way. */
  Rule string(CharAutomaton pattern) {
    Rule rule = grammar.rule();
    int open = grammar.literal(rule.start(), "\"");
    var nodes = new int[pattern.moves().size()];
    for (int i = 0; i < nodes.length; i++) {
      nodes[i] = i == 0 ? open : grammar.node();
    }
    for (int i = 0; i < nodes.length; i++) {
      for (CharAutomaton.Move move : pattern.moves().get(i)) {
        for (int[] range : plain(move.low(), move.high())) {
          grammar.codePoints(nodes[i], range[0], range[1], nodes[move.target()]);
        }
        for (int c = move.low(); c <= Math.min(move.high(), '\\'); c++) {
          if (c < ' ' || c == '"' || c == '\\') {
            grammar.skip(grammar.literal(nodes[i], escaped(c)), nodes[move.target()]);
          }
        }
      }
      if (pattern.accepting().get(i)) {
        grammar.bytes(nodes[i], '"', '"', rule.end());
      }
    }
    return rule;
  }

  private static String escaped(int character) {
    return new String(JsonStringEncoder.getInstance().quoteAsString(Character.toString(character)));
  }

  /** A string as JSON spells it. */
  static String quoted(String text) {
    return '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }

  /**
   * Objects: the members in their order, those that are not required left out or not, then others.
   *
   * @param others the value of members by any other name; null where there are none
   */
  Rule object(List<Member> members, Rule others) {
    Rule rule = grammar.rule();
    addMembers(rule, members, others);
    return rule;
  }

  private void addMembers(Rule rule, List<Member> members, Rule others) {
    int open = grammar.literal(rule.start(), "{");
    int none = grammar.node();
    grammar.call(open, space, none);
    int some = grammar.node();
    for (Member member : members) {
      int afterNone = grammar.node();
      int afterSome = grammar.node();
      String key = quoted(member.name()) + ":";
      value(grammar.literal(none, key), member.value(), afterSome);
      value(grammar.literal(comma(some), key), member.value(), afterSome);
      if (!member.required()) {
        grammar.skip(none, afterNone);
        grammar.skip(some, afterSome);
      }
      none = afterNone;
      some = afterSome;
    }
    if (others != null) {
      Rule key = key(members.stream().map(Member::name).toList());
      int again = grammar.node();
      grammar.skip(some, again);
      for (int from : new int[] {none, comma(again)}) {
        int colon = grammar.node();
        grammar.call(from, key, colon);
        value(grammar.literal(colon, ":"), others, again);
      }
      some = again;
    }
    int close = grammar.node();
    grammar.call(some, space, close);
    grammar.skip(none, close);
    grammar.bytes(close, '}', '}', rule.end());
  }

  private int comma(int from) {
    int behind = grammar.node();
    grammar.call(grammar.literal(from, ","), space, behind);
    return behind;
  }

  private void value(int from, Rule value, int to) {
    int behind = grammar.node();
    grammar.call(from, space, behind);
    grammar.call(behind, value, to);
  }

  /** Any key but some: its characters are spelled in one way, so that none is one of those. */
  private Rule key(Collection<String> excluded) {
    if (excluded.isEmpty()) {
      return string;
    }
    Rule rule = grammar.rule();
    int open = grammar.literal(rule.start(), "\"");
    int free = grammar.node();
    addOthers(free, new TreeSet<>(), free);
    grammar.bytes(free, '"', '"', rule.end());
    addKey(open, List.copyOf(excluded), 0, free, rule.end());
    return rule;
  }

  private void addKey(int node, List<String> names, int at, int free, int end) {
    Map<Integer, List<String>> byNext = new LinkedHashMap<>();
    boolean excluded = false;
    for (String name : names) {
      if (at == name.length()) {
        excluded = true;
      } else {
        byNext.computeIfAbsent(name.codePointAt(at), c -> new ArrayList<>()).add(name);
      }
    }
    if (!excluded) {
      grammar.bytes(node, '"', '"', end);
    }
    addOthers(node, new TreeSet<>(byNext.keySet()), free);
    byNext.forEach(
        (c, rest) -> {
          // A name with a character that must be escaped cannot be spelled here at all.
          if (!plain(c, c).isEmpty()) {
            int next = grammar.node();
            grammar.codePoints(node, c, c, next);
            addKey(next, rest, at + Character.charCount(c), free, end);
          }
        });
  }

  private void addOthers(int from, TreeSet<Integer> but, int to) {
    int low = 0;
    for (int c : but) {
      addPlain(from, low, c - 1, to);
      low = c + 1;
    }
    addPlain(from, low, Character.MAX_CODE_POINT, to);
  }

  private void addPlain(int from, int low, int high, int to) {
    for (int[] range : plain(low, high)) {
      grammar.codePoints(from, range[0], range[1], to);
    }
  }

  /**
   * Arrays.
   *
   * @param first what the first items are
   * @param others what the others are; null where there are none
   * @param most -1 for no limit
   */
  Rule array(List<Rule> first, Rule others, int least, int most) {
    Rule rule = grammar.rule();
    addItems(rule, first, others, least, most);
    return rule;
  }

  private void addItems(Rule rule, List<Rule> first, Rule others, int least, int most) {
    int at = grammar.node();
    grammar.call(grammar.literal(rule.start(), "["), space, at);
    int close = grammar.node();
    grammar.bytes(close, ']', ']', rule.end());
    int limit = most < 0 ? Math.max(least, first.size()) : most;
    int count = others == null ? Math.min(limit, first.size()) : limit;
    for (int i = 0; i <= count; i++) {
      if (i >= least && i > 0) {
        grammar.call(at, space, close);
      } else if (least <= 0) {
        grammar.skip(at, close); // white space came behind the bracket
      }
      if (i < count) {
        int next = grammar.node();
        Rule item = i < first.size() ? first.get(i) : others;
        grammar.call(i == 0 ? at : comma(at), item, next);
        at = next;
      }
    }
    if (most < 0 && others != null) {
      int again = count == 0 ? grammar.node() : at;
      if (count == 0) {
        grammar.call(at, others, again);
        grammar.call(again, space, close);
      }
      grammar.call(comma(again), others, again);
    }
  }
}

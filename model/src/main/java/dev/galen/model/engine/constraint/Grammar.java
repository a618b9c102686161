package dev.galen.model.engine.constraint;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * A nondeterministic automaton over bytes whose rules call each other, as in a recursive transition
 * network. Nodes are numbers; a rule leads from its start to its one end.
 */
final class Grammar {
  /** More nodes than this are refused: a schema that needs them asks for too much by a number. */
  private static final int MOST_NODES = 2_000_000;

  /** One byte of {@code low} to {@code high} leads to {@code target}. */
  record Edge(int low, int high, int target) {}

  /** All of a rule leads to {@code target}. */
  record Call(Rule rule, int target) {}

  /**
   * A rule.
   *
   * @param optional whether its callers have another way, so that it may be left out where values
   *     nest too deep
   */
  record Rule(int start, int end, boolean optional) {}

  private static final class Node {
    private final List<Edge> edges = new ArrayList<>(1);
    private final List<Integer> empty = new ArrayList<>(0);
    private final List<Call> calls = new ArrayList<>(0);
    private boolean end;
    private int alike = -1;
  }

  private final List<Node> nodes = new ArrayList<>();

  int size() {
    return nodes.size();
  }

  int node() {
    if (nodes.size() == MOST_NODES) {
      throw new IllegalArgumentException(
          "the schema is too large: it takes more than %,d states".formatted(MOST_NODES));
    }
    nodes.add(new Node());
    return nodes.size() - 1;
  }

  Rule rule() {
    return rule(false);
  }

  Rule rule(boolean optional) {
    var rule = new Rule(node(), node(), optional);
    nodes.get(rule.end()).end = true;
    return rule;
  }

  List<Edge> edges(int node) {
    return nodes.get(node).edges;
  }

  List<Integer> empty(int node) {
    return nodes.get(node).empty;
  }

  List<Call> calls(int node) {
    return nodes.get(node).calls;
  }

  /**
   * Says that within the longest token, everything is the same from {@code node} on as from another
   * one, so that both allow the same tokens.
   */
  void setAlike(int node, int other) {
    nodes.get(node).alike = other;
  }

  /** The node that stands for those that are alike; itself where none are. */
  int alike(int node) {
    return nodes.get(node).alike < 0 ? node : nodes.get(node).alike;
  }

  boolean isEnd(int node) {
    return nodes.get(node).end;
  }

  void bytes(int from, int low, int high, int to) {
    nodes.get(from).edges.add(new Edge(low, high, to));
  }

  void skip(int from, int to) {
    nodes.get(from).empty.add(to);
  }

  void call(int from, Rule rule, int to) {
    nodes.get(from).calls.add(new Call(rule, to));
  }

  /** Spells a text from {@code from} on; where it ends. */
  int literal(int from, String text) {
    int at = from;
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      int next = node();
      bytes(at, b & 0xff, b & 0xff, next);
      at = next;
    }
    return at;
  }

  /** One code point of {@code low} to {@code high}, surrogates left out, as UTF-8. */
  void codePoints(int from, int low, int high, int to) {
    utf8(from, low, Math.min(high, 0x7f), 0, 0, to);
    utf8(from, Math.max(low, 0x80), Math.min(high, 0x7ff), 1, 0xc0, to);
    utf8(from, Math.max(low, 0x800), Math.min(high, 0xd7ff), 2, 0xe0, to);
    utf8(from, Math.max(low, 0xe000), Math.min(high, 0xffff), 2, 0xe0, to);
    utf8(from, Math.max(low, 0x10000), Math.min(high, 0x10ffff), 3, 0xf0, to);
  }

  /** Numbers of one length in bytes: cut so that all but the first byte take whole ranges. */
  private void utf8(int from, int low, int high, int more, int lead, int to) {
    if (low > high) {
      return;
    }
    if (more == 0) {
      bytes(from, lead | low, lead | high, to);
      return;
    }
    int mask = (1 << (6 * more)) - 1;
    int first = low >> (6 * more);
    int last = high >> (6 * more);
    if (first == last) {
      int next = node();
      bytes(from, lead | first, lead | first, next);
      utf8(next, low & mask, high & mask, more - 1, 0x80, to);
      return;
    }
    if ((low & mask) != 0) {
      utf8(from, low, low | mask, more, lead, to);
      first++;
    }
    if ((high & mask) != mask) {
      utf8(from, high & ~mask, high, more, lead, to);
      last--;
    }
    if (first <= last) {
      int next = node();
      bytes(from, lead | first, lead | last, next);
      utf8(next, 0, mask, more - 1, 0x80, to);
    }
  }

  /** For each byte its class: bytes of a class lead to the same places everywhere. */
  int[] byteClasses() {
    var cuts = new TreeSet<Integer>();
    for (Node node : nodes) {
      for (Edge edge : node.edges) {
        cuts.add(edge.low());
        cuts.add(edge.high() + 1);
      }
    }
    var classes = new int[256];
    for (int b = 0; b < 256; b++) {
      classes[b] = b == 0 ? 0 : classes[b - 1] + (cuts.contains(b) ? 1 : 0);
    }
    return classes;
  }
}

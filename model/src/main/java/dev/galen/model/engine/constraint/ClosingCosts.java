package dev.galen.model.engine.constraint;

import dev.galen.model.engine.constraint.Grammar.Call;
import dev.galen.model.engine.constraint.Grammar.Edge;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * How many tokens suffice from each node to the end of its rule. From a node of cost c there is
 * always a token that leads to one of cost c - 1 or less; fewer tokens may do where one of them
 * covers the border of two rules.
 */
final class ClosingCosts {
  /** No number of tokens suffices. */
  static final int NEVER = 1 << 28;

  private final Grammar grammar;
  private final TokenBytes tokens;
  private final int[] costs;

  private ClosingCosts(Grammar grammar, TokenBytes tokens) {
    this.grammar = grammar;
    this.tokens = tokens;
    this.costs = new int[grammar.size()];
  }

  /** The costs of a finished grammar by its nodes. */
  static int[] of(Grammar grammar, TokenBytes tokens) {
    var all = new ClosingCosts(grammar, tokens);
    all.compute();
    return all.costs;
  }

  private void compute() {
    var reached = new int[grammar.size()][];
    for (int node = 0; node < reached.length; node++) {
      reached[node] = reached(node);
    }
    Arrays.fill(costs, NEVER);
    // Nodes are made in the order of the text, so that going backwards most are done in one pass.
    for (boolean changed = true; changed; ) {
      changed = false;
      for (int node = costs.length - 1; node >= 0; node--) {
        int cost = cost(node, reached[node]);
        changed |= cost < costs[node];
        costs[node] = cost;
      }
    }
  }

  private int cost(int node, int[] reached) {
    int least = grammar.isEnd(node) ? 0 : NEVER;
    for (int next : grammar.empty(node)) {
      least = Math.min(least, costs[next]);
    }
    for (int next : reached) {
      least = Math.min(least, costs[next] + 1);
    }
    for (Call call : grammar.calls(node)) {
      if (!call.rule().optional()) {
        least = Math.min(least, costs[call.rule().start()] + costs[call.target()]);
      }
    }
    return Math.min(least, NEVER);
  }

  /** Where one token leads within the rule. */
  private int[] reached(int node) {
    if (grammar.edges(node).isEmpty()) {
      return new int[0];
    }
    var found = new TreeSet<Integer>();
    walk(node, 0, tokens.nodes(), found);
    return found.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Follows the trie's nodes side by side of {@code first} up to {@code behind}. */
  private void walk(int node, int first, int behind, TreeSet<Integer> found) {
    for (int at = first; at < behind; at = tokens.end(at)) {
      int label = tokens.label(at);
      for (Edge edge : grammar.edges(node)) {
        if (label < edge.low() || label > edge.high()) {
          continue;
        }
        if (tokens.token(at) >= 0) {
          found.add(edge.target());
        }
        // Long tokens matter where the text is given, and to spell a character; elsewhere one
        // character after the other will do.
        if (edge.low() == edge.high() || label >= 0x80) {
          for (int next : withEmpty(edge.target())) {
            walk(next, at + 1, tokens.end(at), found);
          }
        }
      }
    }
  }

  private List<Integer> withEmpty(int node) {
    List<Integer> all = new ArrayList<>(List.of(node));
    for (int i = 0; i < all.size(); i++) {
      for (int next : grammar.empty(all.get(i))) {
        if (!all.contains(next)) {
          all.add(next);
        }
      }
    }
    return all;
  }
}

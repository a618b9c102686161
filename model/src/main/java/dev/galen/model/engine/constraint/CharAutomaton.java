package dev.galen.model.engine.constraint;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * A deterministic automaton over characters: what strings a pattern allows. State 0 is the first.
 *
 * @param moves of each state
 * @param accepting whether a string may end in a state
 */
record CharAutomaton(List<List<Move>> moves, BitSet accepting) {
  private static final int MOST_STATES = 20_000;

  /** A character of {@code low} to {@code high} leads to {@code target}. */
  record Move(int low, int high, int target) {}

  /**
   * Strings that match a pattern of {@link Regex}.
   *
   * @throws IllegalArgumentException if it is not supported or takes too many states
   */
  static CharAutomaton of(String pattern) {
    var draft = new Draft();
    int end = draft.node();
    int start = draft.add(Regex.parse(pattern), end);
    return draft.determine(start, end);
  }

  /**
   * Strings of a length in characters.
   *
   * @param most -1 for no limit
   */
  static CharAutomaton length(int least, int most) {
    List<List<Move>> moves = new ArrayList<>();
    var accepting = new BitSet();
    int last = most < 0 ? least : most;
    for (int i = 0; i <= last; i++) {
      int next = i < last ? i + 1 : most < 0 ? i : -1;
      moves.add(next < 0 ? List.of() : List.of(new Move(0, Character.MAX_CODE_POINT, next)));
      accepting.set(i, i >= least);
    }
    return new CharAutomaton(moves, accepting);
  }

  /** Strings that both allow. */
  CharAutomaton and(CharAutomaton other) {
    Map<Long, Integer> numbers = new HashMap<>();
    List<long[]> pairs = new ArrayList<>();
    List<List<Move>> both = new ArrayList<>();
    var ends = new BitSet();
    numbers.put(0L, 0);
    pairs.add(new long[] {0, 0});
    for (int i = 0; i < pairs.size(); i++) {
      int mine = (int) pairs.get(i)[0];
      int theirs = (int) pairs.get(i)[1];
      ends.set(i, accepting.get(mine) && other.accepting.get(theirs));
      List<Move> joined = new ArrayList<>();
      for (Move a : moves.get(mine)) {
        for (Move b : other.moves.get(theirs)) {
          int low = Math.max(a.low, b.low);
          int high = Math.min(a.high, b.high);
          if (low <= high) {
            long key = (long) a.target << 32 | b.target;
            Integer number = numbers.get(key);
            if (number == null) {
              number = pairs.size();
              requireRoom(number);
              numbers.put(key, number);
              pairs.add(new long[] {a.target, b.target});
            }
            joined.add(new Move(low, high, number));
          }
        }
      }
      both.add(joined);
    }
    return new CharAutomaton(both, ends);
  }

  /** Whether it allows a string. */
  boolean accepts(String text) {
    int state = 0;
    for (int c : text.codePoints().toArray()) {
      int next = -1;
      for (Move move : moves.get(state)) {
        if (c >= move.low && c <= move.high) {
          next = move.target;
        }
      }
      if (next < 0) {
        return false;
      }
      state = next;
    }
    return accepting.get(state);
  }

  private static void requireRoom(int states) {
    if (states >= MOST_STATES) {
      throw new IllegalArgumentException(
          "the patterns and lengths of a string take more than %,d states".formatted(MOST_STATES));
    }
  }

  /** A nondeterministic automaton, and how it becomes a deterministic one. */
  private static final class Draft {
    private final List<List<Integer>> empty = new ArrayList<>();
    private final List<CharSet> sets = new ArrayList<>();
    private final List<Integer> targets = new ArrayList<>();

    private int node() {
      requireRoom(empty.size() / 4);
      empty.add(new ArrayList<>());
      sets.add(null);
      targets.add(-1);
      return empty.size() - 1;
    }

    /** The node from which {@code regex} leads to {@code to}. */
    private int add(Regex regex, int to) {
      return switch (regex) {
        case Regex.Chars(CharSet set) -> {
          int from = node();
          sets.set(from, set);
          targets.set(from, to);
          yield from;
        }
        case Regex.Sequence(List<Regex> parts) -> {
          int from = to;
          for (Regex part : parts.reversed()) {
            from = add(part, from);
          }
          yield from;
        }
        case Regex.Choice(List<Regex> parts) -> {
          int from = node();
          for (Regex part : parts) {
            empty.get(from).add(add(part, to));
          }
          yield from;
        }
        case Regex.Repeat(Regex part, int least, int most) -> {
          int from = to;
          if (most < 0) {
            from = node();
            empty.get(from).add(to);
            empty.get(from).add(add(part, from));
          }
          for (int i = least; i < most; i++) {
            int optional = node();
            empty.get(optional).add(to);
            empty.get(optional).add(add(part, from));
            from = optional;
          }
          for (int i = 0; i < least; i++) {
            from = add(part, from);
          }
          yield from;
        }
      };
    }

    private CharAutomaton determine(int start, int end) {
      Map<BitSet, Integer> numbers = new HashMap<>();
      List<BitSet> found = new ArrayList<>();
      List<List<Move>> moves = new ArrayList<>();
      var accepting = new BitSet();
      var first = new BitSet();
      close(start, first);
      numbers.put(first, 0);
      found.add(first);
      for (int i = 0; i < found.size(); i++) {
        BitSet state = found.get(i);
        accepting.set(i, state.get(end));
        List<Move> out = new ArrayList<>();
        for (int[] range : pieces(state)) {
          var next = new BitSet();
          state.stream()
              .filter(node -> sets.get(node) != null && sets.get(node).contains(range[0]))
              .forEach(node -> close(targets.get(node), next));
          if (!next.isEmpty()) {
            Integer number = numbers.get(next);
            if (number == null) {
              number = found.size();
              requireRoom(number);
              numbers.put(next, number);
              found.add(next);
            }
            out.add(new Move(range[0], range[1], number));
          }
        }
        moves.add(out);
      }
      return new CharAutomaton(moves, accepting);
    }

    /** Ranges of characters that a state cannot tell apart. */
    private List<int[]> pieces(BitSet state) {
      var cuts = new TreeSet<Integer>();
      state.stream()
          .filter(node -> sets.get(node) != null)
          .forEach(
              node -> {
                for (int[] range : sets.get(node).ranges()) {
                  cuts.add(range[0]);
                  cuts.add(range[1] + 1);
                }
              });
      List<int[]> pieces = new ArrayList<>();
      Integer from = null;
      for (int cut : cuts) {
        if (from != null) {
          pieces.add(new int[] {from, cut - 1});
        }
        from = cut;
      }
      return pieces;
    }

    private void close(int node, BitSet into) {
      if (into.get(node)) {
        return;
      }
      into.set(node);
      for (int next : empty.get(node)) {
        close(next, into);
      }
    }
  }
}

package dev.galen.model.engine.constraint;

import dev.galen.model.engine.constraint.Grammar.Call;
import dev.galen.model.engine.constraint.Grammar.Edge;
import dev.galen.model.engine.constraint.Grammar.Rule;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A grammar made deterministic as it is walked: a state is the set of all places where a text may
 * stand, each with the rules that are open there. States, what they lead to and the tokens that
 * they allow are kept, for a text is mostly in few of them. Thread-safe.
 */
final class Automaton {
  /** A parser's own stack ends somewhere; where values may be anything they nest no deeper. */
  private static final int MOST_FRAMES = 100;

  /** What is kept: some 40 MB, then all is forgotten. */
  private static final int MOST_STATES = 50_000;

  private static final int MOST_MASKS = 2_000;

  /** Rules that are open: where the innermost returns to, and those around it. */
  private static final class Frame {
    private final int target;
    private final Frame outer;
    private final int depth;

    /** The tokens to close all of them once the innermost has ended. */
    private final int cost;

    /** The frame that stands for those in which the same tokens are allowed. */
    private final Frame alike;

    private Frame(int target, Frame outer, int cost, Frame alike) {
      this.alike = alike == null ? this : alike;
      this.target = target;
      this.outer = outer;
      this.depth = outer == null ? 1 : outer.depth + 1;
      this.cost = cost;
    }
  }

  /** A place of a text. Frames are the same object where they are equal. */
  private record Place(int node, Frame frame) {}

  /** Stands among a state's places where its text may end. */
  private static final Place COMPLETE = new Place(-1, null);

  /** A state of a text. */
  static final class State {
    private final Set<Place> places;
    private final State[] next;
    private final int cost;
    private final boolean complete;
    private Mask mask;

    private State(Set<Place> places, int classes, int cost, boolean complete) {
      this.places = places;
      this.next = new State[classes];
      this.cost = cost;
      this.complete = complete;
    }

    /** The tokens that suffice to complete the text. */
    int cost() {
      return cost;
    }

    /** Whether the text may end here. */
    boolean isComplete() {
      return complete;
    }

    /** Whether nothing can follow. */
    boolean isOver() {
      return places.isEmpty();
    }
  }

  /** Tokens that a state allows, and the highest cost of what they lead to. */
  private record Mask(BitSet ids, int dearest) {}

  private final Grammar grammar;
  private final TokenBytes tokens;
  private final BitSet endings;
  private final int[] costs;
  private final int[] classes;
  private final int classCount;
  private final State dead;
  private final State start;
  private final Map<Place, Frame> frames = new HashMap<>();
  private final Map<Set<Place>, State> states = new HashMap<>();
  private final Map<Set<Place>, Mask> masks = new HashMap<>();

  Automaton(Grammar grammar, Rule root, TokenBytes tokens, BitSet endings) {
    this.endings = endings;
    this.grammar = grammar;
    this.tokens = tokens;
    this.costs = ClosingCosts.of(grammar, tokens);
    this.classes = grammar.byteClasses();
    this.classCount = classes[255] + 1;
    this.dead = new State(Set.of(), 0, ClosingCosts.NEVER, false);
    var opening = new Opening();
    opening.add(root.start(), null);
    this.start = opening.state();
  }

  TokenBytes tokens() {
    return tokens;
  }

  BitSet endings() {
    return endings;
  }

  State start() {
    return start;
  }

  /** The state after a token; null if it does not fit or stands for nothing. */
  synchronized State after(State state, int id) {
    byte[] bytes = tokens.bytes(id);
    if (bytes.length == 0) {
      return null;
    }
    State at = state;
    for (byte b : bytes) {
      at = step(at, b & 0xff);
      if (at == dead) {
        return null;
      }
    }
    return at.cost < ClosingCosts.NEVER ? at : null;
  }

  /**
   * The tokens after which {@code left} more suffice to complete the text, and those that end it
   * where it is complete; not to be changed.
   */
  synchronized BitSet allowed(State state, int left) {
    if (state.mask == null) {
      state.mask = masks.get(alike(state));
    }
    if (state.mask != null && state.mask.dearest <= left) {
      return state.mask.ids;
    }
    var mask = walk(state, left);
    if (mask.dearest <= left) {
      if (masks.size() >= MOST_MASKS || states.size() >= MOST_STATES) {
        forget();
      }
      state.mask = mask;
      masks.put(alike(state), mask);
    }
    return mask.ids;
  }

  /** The places of a state, those that allow the same tokens as one. */
  private Set<Place> alike(State state) {
    Set<Place> places = new HashSet<>();
    for (Place place : state.places) {
      Frame frame = place.frame == null ? null : place.frame.alike;
      places.add(new Place(grammar.alike(place.node), frame));
    }
    if (state.complete) {
      places.add(COMPLETE);
    }
    return places;
  }

  private void forget() {
    for (State state : states.values()) {
      state.mask = null;
    }
    masks.clear();
    if (states.size() >= MOST_STATES) {
      for (State state : states.values()) {
        Arrays.fill(state.next, null);
      }
      states.clear();
      frames.clear();
    }
  }

  private Mask walk(State state, int left) {
    var bits = new long[(tokens.vocabularySize() + 63) / 64];
    var path = new State[tokens.depth() + 1];
    path[0] = state;
    int dearest = 0;
    int nodes = tokens.nodes();
    for (int node = 0; node < nodes; ) {
      int depth = tokens.depth(node);
      State at = step(path[depth], tokens.label(node));
      if (at == dead) {
        node = tokens.end(node);
        continue;
      }
      path[depth + 1] = at;
      int id = tokens.token(node);
      if (id >= 0 && at.cost < ClosingCosts.NEVER) {
        dearest = Math.max(dearest, at.cost);
        if (at.cost <= left) {
          for (; id >= 0; id = tokens.sameAs(id)) {
            bits[id >> 6] |= 1L << id;
          }
        }
      }
      node++;
    }
    var ids = BitSet.valueOf(bits);
    if (state.complete) {
      ids.or(endings);
    }
    return new Mask(ids, dearest);
  }

  private State step(State state, int label) {
    if (state.next.length == 0) {
      return dead;
    }
    State next = state.next[classes[label]];
    if (next == null) {
      var opening = new Opening();
      for (Place place : state.places) {
        for (Edge edge : grammar.edges(place.node)) {
          if (label >= edge.low() && label <= edge.high()) {
            opening.add(edge.target(), place.frame);
          }
        }
      }
      next = opening.state();
      state.next[classes[label]] = next;
    }
    return next;
  }

  private Frame frame(int target, Frame outer) {
    var key = new Place(target, outer);
    Frame known = frames.get(key);
    if (known == null) {
      int likeTarget = grammar.alike(target);
      Frame likeOuter = outer == null ? null : outer.alike;
      boolean isItself = likeTarget == target && likeOuter == outer;
      known =
          new Frame(
              target, outer, cost(target, outer), isItself ? null : frame(likeTarget, likeOuter));
      frames.put(key, known);
    }
    return known;
  }

  private int cost(int node, Frame frame) {
    return Math.min(ClosingCosts.NEVER, costs[node] + (frame == null ? 0 : frame.cost));
  }

  /** Collects the places that are reached without a byte. */
  private final class Opening {
    private final Set<Place> seen = new HashSet<>();
    private final Set<Place> places = new HashSet<>();
    private int least = ClosingCosts.NEVER;
    private boolean complete;

    private void add(int node, Frame frame) {
      if (!seen.add(new Place(node, frame))) {
        return;
      }
      least = Math.min(least, cost(node, frame));
      if (grammar.isEnd(node)) {
        if (frame == null) {
          complete = true;
        } else {
          add(frame.target, frame.outer);
        }
      }
      for (int next : grammar.empty(node)) {
        add(next, frame);
      }
      for (Call call : grammar.calls(node)) {
        if (!call.rule().optional() || frame == null || frame.depth < MOST_FRAMES) {
          add(call.rule().start(), frame(call.target(), frame));
        }
      }
      if (!grammar.edges(node).isEmpty()) {
        places.add(new Place(node, frame));
      }
    }

    private State state() {
      if (places.isEmpty() && !complete) {
        return dead;
      }
      // A set of places decides whether a text is complete, but for the end, which has no edges.
      if (complete) {
        places.add(COMPLETE);
      }
      State known = states.get(places);
      if (known == null) {
        var open = new HashSet<>(places);
        open.remove(COMPLETE);
        known = new State(open, open.isEmpty() ? 0 : classCount, least, complete);
        states.put(places, known);
      }
      return known;
    }
  }
}

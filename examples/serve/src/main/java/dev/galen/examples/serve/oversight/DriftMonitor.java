package dev.galen.examples.serve.oversight;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Compares the latest inputs with a {@link TrainingProfile}. It keeps three numbers of each input
 * and no text. Thread-safe.
 */
public final class DriftMonitor {
  /** A stability index from here on is drift, by custom. */
  public static final double BOUND = 0.25;

  private static final int FEWEST = 100;

  private final TrainingProfile profile;
  private final int window;
  private final List<String> classes;
  private final Histogram lengths;
  private final Histogram unknown;
  private final long[] predicted;
  private final ArrayDeque<Seen> latest = new ArrayDeque<>();
  private double unknownSum;
  private long classified;

  private record Seen(int length, double unknown, int label) {}

  /**
   * A monitor of the latest inputs.
   *
   * @param window how many, at least 100: an index of fewer says little
   */
  public DriftMonitor(TrainingProfile profile, int window) {
    if (window < FEWEST) {
      throw new IllegalArgumentException(
          "the drift window is %d inputs, must be at least %d".formatted(window, FEWEST));
    }
    this.profile = profile;
    this.window = window;
    this.classes = List.copyOf(profile.classes().keySet());
    this.lengths = Histogram.empty(profile.lengths().edges());
    this.unknown = Histogram.empty(profile.unknown().edges());
    this.predicted = new long[classes.size() + 1];
  }

  /**
   * Counts an input.
   *
   * @param label the class that the model chose, or null if it chose none
   */
  public void saw(String input, String label) {
    List<Long> words = Words.of(input);
    double share = profile.unknownShare(words);
    int index =
        label == null ? -1 : classes.indexOf(label) < 0 ? classes.size() : classes.indexOf(label);
    synchronized (this) {
      count(new Seen(words.size(), share, index), 1);
      latest.add(new Seen(words.size(), share, index));
      if (latest.size() > window) {
        count(latest.remove(), -1);
      }
    }
  }

  private void count(Seen seen, int times) {
    lengths.add(seen.length(), times);
    unknown.add(seen.unknown(), times);
    unknownSum += times * seen.unknown();
    if (seen.label() >= 0) {
      predicted[seen.label()] += times;
      classified += times;
    }
  }

  /**
   * The figures for {@code /metrics}, by name.
   *
   * @return {@code inputs} in the window; {@code length}, {@code vocabulary} and {@code classes}:
   *     the population stability index of each, NaN below {@value #FEWEST} inputs; {@code
   *     unknown_words}, the mean share of words that training lacked; {@code drift}: 1 if an index
   *     is {@value #BOUND} or more, else 0
   */
  public synchronized Map<String, Double> figures() {
    var figures = new TreeMap<String, Double>();
    int inputs = latest.size();
    double length = inputs < FEWEST ? Double.NaN : profile.lengths().psi(lengths);
    double vocabulary = inputs < FEWEST ? Double.NaN : profile.unknown().psi(unknown);
    double balance = classified < FEWEST || classes.isEmpty() ? Double.NaN : balance();
    figures.put("inputs", (double) inputs);
    figures.put("length", length);
    figures.put("vocabulary", vocabulary);
    figures.put("classes", balance);
    figures.put("unknown_words", inputs == 0 ? Double.NaN : Math.max(0, unknownSum / inputs));
    boolean drift = length >= BOUND || vocabulary >= BOUND || balance >= BOUND;
    figures.put("drift", drift ? 1.0 : 0.0);
    return figures;
  }

  // The last place is for classes that training lacked.
  private double balance() {
    long[] expected = new long[predicted.length];
    for (int i = 0; i < classes.size(); i++) {
      expected[i] = profile.classes().get(classes.get(i));
    }
    return Histogram.psi(expected, predicted);
  }
}

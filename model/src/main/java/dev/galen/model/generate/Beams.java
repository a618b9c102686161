package dev.galen.model.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * The running and the finished texts of one prompt in a {@link BeamSearch}. Of the best extensions
 * of the running ones, K times one more than there are ids that end a text and at least 2K, the
 * best K that end are finished, and the best K that do not run on.
 */
final class Beams {
  private final int prompt;
  private final int start;
  private final int limit;
  private final Set<Integer> ends;
  private final GenerationConfig config;
  private final LogitsProcessor processor;
  private final List<Finished> finished = new ArrayList<>();
  private List<Beam> running;

  /** How many extensions a step looks at. */
  private final int kept;

  Beams(Draft text, GenerationConfig config, Set<Integer> ends) {
    this.prompt = text.prompt();
    this.start = text.start();
    this.limit = text.limit();
    this.ends = ends;
    this.config = config;
    this.processor = config.processor(text.text(ends));
    this.running = List.of(new Beam(text.ids(), 0, new double[0]));
    this.kept = Math.max(2, 1 + ends.size()) * config.beams();
  }

  /** A running text: its ids, the continuation's log-probability, and that of each token. */
  private record Beam(int[] ids, double score, double[] parts) {}

  /** A text that ended, with its score per length. */
  private record Finished(Beam text, double score) {}

  /** The extension of running text {@code row} by token {@code id}, which adds {@code part}. */
  record Extension(int row, int id, double score, double part) {
    /** Best first; of equals the one of the better beam, then the lower id. */
    static final Comparator<Extension> BEST_FIRST =
        Comparator.comparingDouble(Extension::score)
            .reversed()
            .thenComparingInt(Extension::row)
            .thenComparingInt(Extension::id);
  }

  /** The number of running texts. */
  int rows() {
    return running.size();
  }

  /**
   * Extends the running texts by a token.
   *
   * @param logProbabilities of the next token of each, {@code [rows][V]}
   * @return those that run on, as extensions of those before; none when the search is over
   */
  List<Extension> advance(List<float[]> logProbabilities) {
    List<Extension> best = best(logProbabilities);
    Logits.requireChoice((float) best.getFirst().score());
    int newTokens = running.getFirst().ids().length + 1 - start;
    double length = Math.pow(newTokens, config.lengthPenalty());
    List<Extension> survivors = new ArrayList<>();
    List<Beam> next = new ArrayList<>();
    for (int rank = 0; rank < best.size(); rank++) {
      Extension extension = best.get(rank);
      Beam longer = extended(extension);
      if (!isLast(longer.ids())) {
        if (survivors.size() < config.beams()) {
          survivors.add(extension);
          next.add(longer);
        }
      } else if (rank < config.beams()) {
        finished.add(new Finished(longer, extension.score() / length));
      }
    }
    keepBest();
    running = next;
    boolean goesOn = !survivors.isEmpty() && canImprove(survivors.getFirst().score(), length);
    return goesOn ? survivors : List.of();
  }

  /** The best extensions, best first: enough for K that do not end, each end having its turn. */
  private List<Extension> best(List<float[]> logProbabilities) {
    var best = new PriorityQueue<>(kept, Extension.BEST_FIRST.reversed());
    for (int row = 0; row < running.size(); row++) {
      Beam beam = running.get(row);
      float[] scores = processor.apply(logProbabilities.get(row), beam.ids());
      for (int id = 0; id < scores.length; id++) {
        double score = beam.score() + scores[id];
        // Rows and ids come in ascending order: of equals the earlier stays.
        if (best.size() < kept) {
          best.add(new Extension(row, id, score, scores[id]));
        } else if (score > best.element().score()) {
          best.remove();
          best.add(new Extension(row, id, score, scores[id]));
        }
      }
    }
    return best.stream().sorted(Extension.BEST_FIRST).toList();
  }

  private boolean isLast(int[] ids) {
    if (ids.length == limit || ends.contains(ids[ids.length - 1])) {
      return true;
    }
    for (StoppingRule rule : config.stops()) {
      if (rule.stops(ids)) {
        return true;
      }
    }
    return false;
  }

  private void keepBest() {
    finished.sort(Comparator.comparingDouble(Finished::score).reversed());
    if (finished.size() > config.beams()) {
      finished.subList(config.beams(), finished.size()).clear();
    }
  }

  private boolean canImprove(double bestRunning, double length) {
    if (finished.size() < config.beams()) {
      return true;
    }
    double best = length;
    if (config.earlyStopping() == EarlyStopping.IMPOSSIBLE && config.lengthPenalty() > 0) {
      best = Math.pow(limit - start, config.lengthPenalty());
    }
    return config.earlyStopping() != EarlyStopping.AT_ONCE
        && bestRunning / best > finished.getLast().score();
  }

  private Beam extended(Extension extension) {
    Beam beam = running.get(extension.row());
    int[] ids = Arrays.copyOf(beam.ids(), beam.ids().length + 1);
    ids[ids.length - 1] = extension.id();
    double[] parts = beam.parts();
    if (config.scores()) {
      parts = Arrays.copyOf(parts, parts.length + 1);
      parts[parts.length - 1] = extension.part();
    }
    return new Beam(ids, extension.score(), parts);
  }

  /** The best texts, best first: as many as are asked for. */
  List<Continuation> found() {
    List<Continuation> found = new ArrayList<>();
    for (Finished one : finished.subList(0, Math.min(config.sequences(), finished.size()))) {
      Beam text = one.text();
      var score = OptionalDouble.of(one.score());
      found.add(new Continuation(prompt, text.ids(), start, text.parts(), score));
    }
    return found;
  }
}

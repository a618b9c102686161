package dev.galen.model.generate;

import dev.galen.model.CausalLm;
import dev.galen.model.nn.KvCache;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.memory.MemoryScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.Predicate;

/**
 * Beam search with the rules of HuggingFace's {@code num_beams} (no sampling). Each step scores
 * every one-token extension of the K running texts by its log-probability and looks at the best of
 * them, K times one more than there are ids that end a text, at least 2K. Of the best K those that
 * end are finished, with score {@code logProbability / newTokens^lengthPenalty}, and the K best
 * finished ones are kept; the best K extensions that do not end run on. The search stops when K are
 * finished and {@link EarlyStopping} says so of the best running text and the worst of them, or at
 * the length limit.
 */
final class BeamSearch {
  private final CausalLm model;
  private final Backend backend;
  private final LogitsProcessor processor;
  private final int beams;
  private final double lengthPenalty;
  private final EarlyStopping earlyStopping;
  private final int[] promptIds;
  private final int limit;
  private final Set<Integer> ends;

  /** How many extensions a step looks at. */
  private final int kept;

  BeamSearch(CausalLm model, GenerationConfig config, TokenRule.Text text) {
    this.model = model;
    this.backend = model.backend();
    this.processor = config.processor(text);
    this.beams = config.beams();
    this.lengthPenalty = config.lengthPenalty();
    this.earlyStopping = config.earlyStopping();
    this.promptIds = text.prompt();
    this.limit = text.limit();
    this.ends = text.ends();
    this.kept = Math.max(2, 1 + ends.size()) * beams;
  }

  /** A running text: prompt and continuation, and the continuation's log-probability. */
  private record Beam(int[] ids, double score) {}

  /** A text that ended, with its score per length. */
  private record Finished(int[] ids, double score) {}

  /** The extension of running text {@code row} by token {@code id}. */
  private record Extension(int row, int id, double score) {
    /** Best first; of equals the one of the better beam, then the lower id. */
    static final Comparator<Extension> BEST_FIRST =
        Comparator.comparingDouble(Extension::score)
            .reversed()
            .thenComparingInt(Extension::row)
            .thenComparingInt(Extension::id);
  }

  /** The best text. */
  int[] run(IntConsumer onToken) {
    List<Beam> running = List.of(new Beam(promptIds, 0));
    var finished = new ArrayList<Finished>();
    int[] unseen = promptIds;
    // One row for the prompt; select makes the beams' rows from it.
    try (KvCache cache = model.newCache(1, limit)) {
      for (int newTokens = 1; ; newTokens++) {
        boolean full = promptIds.length + newTokens == limit;
        Predicate<Extension> isLast = extension -> full || ends.contains(extension.id());
        List<Extension> best = extend(running, next(unseen, running.size(), cache));
        double length = Math.pow(newTokens, lengthPenalty);
        for (Extension extension : best.stream().limit(beams).filter(isLast).toList()) {
          finished.add(new Finished(extended(running, extension), extension.score() / length));
        }
        keepBest(finished);
        List<Extension> survivors = best.stream().filter(isLast.negate()).limit(beams).toList();
        if (survivors.isEmpty() || !canImprove(survivors.getFirst().score(), length, finished)) {
          break;
        }
        cache.select(survivors.stream().mapToInt(Extension::row).toArray());
        unseen = survivors.stream().mapToInt(Extension::id).toArray();
        running = advance(running, survivors);
      }
    }
    int[] ids = finished.getFirst().ids();
    Arrays.stream(ids, promptIds.length, ids.length).forEach(onToken);
    return ids;
  }

  /**
   * Log-probabilities of the next token of each running text.
   *
   * @param unseen what the cache lacks, {@code [rows, T]} in row-major order
   * @return {@code [rows][V]}
   */
  private float[][] next(int[] unseen, int rows, KvCache cache) {
    try (var scope = MemoryScope.open("beam step")) {
      var ids_BT = Tensors.of(backend, unseen, rows, unseen.length / rows);
      float[] flat = model.next(ids_BT, cache).logSoftmax().toFloats();
      int vocabulary = flat.length / rows;
      var logProbabilities = new float[rows][];
      for (int row = 0; row < rows; row++) {
        logProbabilities[row] = Arrays.copyOfRange(flat, row * vocabulary, (row + 1) * vocabulary);
        Logits.requireNumbers(logProbabilities[row]);
      }
      return logProbabilities;
    }
  }

  /**
   * The best extensions, best first: enough for {@code beams} that do not end, each end having its
   * turn.
   */
  private List<Extension> extend(List<Beam> running, float[][] logProbabilities) {
    var best = new PriorityQueue<>(kept, Extension.BEST_FIRST.reversed());
    for (int row = 0; row < running.size(); row++) {
      Beam beam = running.get(row);
      float[] scores = processor.apply(logProbabilities[row], beam.ids());
      for (int id = 0; id < scores.length; id++) {
        double score = beam.score() + scores[id];
        // Rows and ids come in ascending order: of equals the earlier stays.
        if (best.size() < kept) {
          best.add(new Extension(row, id, score));
        } else if (score > best.element().score()) {
          best.remove();
          best.add(new Extension(row, id, score));
        }
      }
    }
    return best.stream().sorted(Extension.BEST_FIRST).toList();
  }

  private void keepBest(List<Finished> finished) {
    finished.sort(Comparator.comparingDouble(Finished::score).reversed());
    if (finished.size() > beams) {
      finished.subList(beams, finished.size()).clear();
    }
  }

  private boolean canImprove(double bestRunning, double length, List<Finished> finished) {
    if (finished.size() < beams) {
      return true;
    }
    double best = length;
    if (earlyStopping == EarlyStopping.IMPOSSIBLE && lengthPenalty > 0) {
      best = Math.pow(limit - promptIds.length, lengthPenalty);
    }
    return earlyStopping != EarlyStopping.AT_ONCE
        && bestRunning / best > finished.getLast().score();
  }

  private static List<Beam> advance(List<Beam> running, List<Extension> survivors) {
    return survivors.stream()
        .map(extension -> new Beam(extended(running, extension), extension.score()))
        .toList();
  }

  private static int[] extended(List<Beam> running, Extension extension) {
    int[] ids = running.get(extension.row()).ids();
    int[] longer = Arrays.copyOf(ids, ids.length + 1);
    longer[ids.length] = extension.id();
    return longer;
  }
}

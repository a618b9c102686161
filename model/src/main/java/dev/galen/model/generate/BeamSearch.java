package dev.galen.model.generate;

import dev.galen.model.nn.KvCache;
import dev.galen.tensor.Tensor;
import dev.galen.tensor.Tensors;
import dev.galen.tensor.backend.Backend;
import dev.galen.tensor.memory.MemoryScope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Beam search with the rules of HuggingFace's {@code num_beams} (no sampling), for several prompts
 * side by side. Each step scores every one-token extension of a prompt's K running texts by its
 * log-probability ({@link Beams}). A finished text's score is {@code logProbability /
 * newTokens^lengthPenalty}, and the K best finished ones are kept. A search stops when K are
 * finished and {@link EarlyStopping} says so of the best running text and the worst of them, or at
 * the length limit.
 */
final class BeamSearch {
  private final TextModel model;
  private final GenerationConfig config;
  private final Set<Integer> ends;

  BeamSearch(TextModel model, GenerationConfig config, Set<Integer> ends) {
    this.model = model;
    this.config = config;
    this.ends = ends;
  }

  /** The best texts of each of {@code texts}, none of which is done. */
  List<Beams> run(List<Draft> texts) {
    List<Beams> searches = new ArrayList<>();
    for (Draft text : texts) {
      searches.add(new Beams(text, config, ends));
    }
    var prompts = new Prompts(texts);
    List<Beams> going = searches;
    // One row for each prompt; select makes the beams' rows from it.
    try (KvCache cache = model.newCache(prompts.sources(), prompts.capacity())) {
      List<float[]> next = next(prompts.ids(), prompts.lengths(), cache);
      while (true) {
        List<Beams> left = new ArrayList<>();
        List<Integer> rows = new ArrayList<>();
        List<Integer> ids = new ArrayList<>();
        int from = 0;
        for (Beams search : going) {
          int to = from + search.rows();
          List<Beams.Extension> survivors = search.advance(next.subList(from, to));
          for (Beams.Extension extension : survivors) {
            rows.add(from + extension.row());
            ids.add(extension.id());
          }
          if (!survivors.isEmpty()) {
            left.add(search);
          }
          from = to;
        }
        if (left.isEmpty()) {
          return searches;
        }
        going = left;
        cache.select(ints(rows));
        cache.reserve(1);
        next = next(ints(ids), null, cache);
      }
    }
  }

  /**
   * Log-probabilities of the next token of each running text.
   *
   * @param ids what the cache lacks, {@code [rows, T]} in row-major order
   * @param lengths how many of the T each row has; null for all
   * @return {@code [rows][V]}
   */
  private List<float[]> next(int[] ids, int[] lengths, KvCache cache) {
    try (var scope = MemoryScope.open("beam step")) {
      Backend backend = model.network().backend();
      int rows = cache.batch();
      Tensor ids_BT = Tensors.of(backend, ids, rows, ids.length / rows);
      Tensor logits_BV =
          lengths == null ? model.next(ids_BT, cache) : model.next(ids_BT, lengths, cache);
      float[] flat = logits_BV.logSoftmax().toFloats();
      int vocabulary = flat.length / rows;
      List<float[]> logProbabilities = new ArrayList<>(rows);
      for (int row = 0; row < rows; row++) {
        float[] own = Arrays.copyOfRange(flat, row * vocabulary, (row + 1) * vocabulary);
        Logits.requireNumbers(own);
        logProbabilities.add(own);
      }
      return logProbabilities;
    }
  }

  private static int[] ints(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }
}

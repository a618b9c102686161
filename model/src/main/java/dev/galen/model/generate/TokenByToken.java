package dev.galen.model.generate;

import dev.galen.model.nn.KvCache;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Makes texts side by side, a token of each a step. One that is done stays as a row of the batch
 * that sees nothing, until half of them are: a batch of another size costs a copy of the cache, and
 * on a GPU a capture.
 */
final class TokenByToken {
  private final TextModel model;
  private final GenerationConfig config;
  private final Set<Integer> ends;
  private final TextListener listener;

  TokenByToken(TextModel model, GenerationConfig config, Set<Integer> ends, TextListener listener) {
    this.model = model;
    this.config = config;
    this.ends = ends;
    this.listener = listener;
  }

  /**
   * Goes on with each text until it is done.
   *
   * @param texts all of a call, by which the listener counts
   */
  void run(List<Draft> texts) {
    List<Draft> rows = going(texts);
    if (rows.isEmpty()) {
      return;
    }
    var prompts = new Prompts(rows);
    try (KvCache cache = model.newCache(prompts.sources(), prompts.capacity());
        Choice choice = Choice.of(model, cache, config, ends, rows)) {
      int[] picked = choice.next(prompts.ids(), prompts.lengths(), rows);
      while (true) {
        add(texts, rows, picked);
        List<Draft> going = going(rows);
        if (going.isEmpty()) {
          return;
        }
        if (2 * going.size() <= rows.size()) {
          cache.select(places(rows));
          rows = going;
        } else if (going.size() < rows.size()) {
          forgetDone(rows, cache);
        }
        cache.reserve(1);
        picked = choice.next(lastIds(rows), ones(rows.size()), rows);
      }
    }
  }

  private void add(List<Draft> texts, List<Draft> rows, int[] picked) {
    int text = -1;
    for (int row = 0; row < picked.length; row++) {
      Draft draft = rows.get(row);
      if (draft.isDone()) {
        continue;
      }
      // Rows are in the order of the texts, some of which are gone.
      do {
        text++;
      } while (texts.get(text) != draft);
      draft.add(picked[row]);
      listener.onToken(text, picked[row]);
      if (ends.contains(picked[row]) || stops(draft)) {
        draft.end();
      }
    }
  }

  private boolean stops(Draft draft) {
    for (StoppingRule rule : config.stops()) {
      if (rule.stops(draft.ids())) {
        return true;
      }
    }
    return false;
  }

  private static List<Draft> going(List<Draft> texts) {
    var going = new ArrayList<Draft>(texts.size());
    for (Draft text : texts) {
      if (!text.isDone()) {
        going.add(text);
      }
    }
    return going;
  }

  /** The rows that are not done. */
  private static int[] places(List<Draft> rows) {
    var places = new int[rows.size()];
    int count = 0;
    for (int row = 0; row < places.length; row++) {
      if (!rows.get(row).isDone()) {
        places[count++] = row;
      }
    }
    return Arrays.copyOf(places, count);
  }

  /** What is computed for a text that is done costs least behind nothing, and needs no room. */
  private static void forgetDone(List<Draft> rows, KvCache cache) {
    var lengths = new int[rows.size()];
    for (int row = 0; row < lengths.length; row++) {
      lengths[row] = rows.get(row).isDone() ? 0 : cache.length(row);
    }
    cache.crop(lengths);
  }

  private static int[] lastIds(List<Draft> rows) {
    var ids = new int[rows.size()];
    for (int row = 0; row < ids.length; row++) {
      ids[row] = rows.get(row).last();
    }
    return ids;
  }

  private static int[] ones(int count) {
    var ones = new int[count];
    Arrays.fill(ones, 1);
    return ones;
  }
}

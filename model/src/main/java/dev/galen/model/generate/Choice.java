package dev.galen.model.generate;

import dev.galen.model.nn.KvCache;
import dev.galen.tensor.random.Philox;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How the next tokens of texts that are made side by side are found. */
interface Choice extends AutoCloseable {
  /**
   * The next token of each text; of one that is done it means nothing.
   *
   * @param ids what the cache lacks, {@code [B, T]} in row-major order
   * @param lengths how many of the T each row has
   * @param rows the texts, as the cache has them
   */
  int[] next(int[] ids, int[] lengths, List<Draft> rows);

  @Override
  void close();

  /** Where the logits lie, unless what becomes of them depends on the text. */
  static Choice of(
      TextModel model,
      KvCache cache,
      GenerationConfig config,
      Set<Integer> ends,
      List<Draft> texts) {
    if (!config.isPlain()) {
      return new OnHost(model, cache, config, ends, texts);
    }
    return new OnDevice(
        config.sample()
            ? DecodeStep.sampling(model, cache, config)
            : DecodeStep.greedy(model, cache));
  }

  /** Picks from logits that come to the host, because what they become depends on the text. */
  final class OnHost implements Choice {
    private final Map<Draft, LogitsProcessor> processors = new IdentityHashMap<>();
    private final Sampler sampler;
    private final boolean scores;
    private final DecodeStep<float[]> step;

    OnHost(
        TextModel model,
        KvCache cache,
        GenerationConfig config,
        Set<Integer> ends,
        List<Draft> texts) {
      for (Draft text : texts) {
        processors.put(text, config.processor(text.text(ends)));
      }
      sampler = config.sample() ? Sampler.from(new Philox(config.seed())) : Sampler.greedy();
      scores = config.scores();
      step = DecodeStep.logits(model, cache);
    }

    @Override
    public int[] next(int[] ids, int[] lengths, List<Draft> rows) {
      float[] logits_BV = step.next(ids, lengths);
      int vocabulary = logits_BV.length / rows.size();
      var picked = new int[rows.size()];
      for (int row = 0; row < picked.length; row++) {
        Draft text = rows.get(row);
        if (!text.isDone()) {
          int from = row * vocabulary;
          float[] logits =
              rows.size() == 1 ? logits_BV : Arrays.copyOfRange(logits_BV, from, from + vocabulary);
          picked[row] = pick(processors.get(text).apply(logits, text.ids()), text);
        }
      }
      return picked;
    }

    private int pick(float[] logits, Draft text) {
      int id = sampler.pick(logits);
      if (scores) {
        text.addLogProbability(Logits.logProbability(logits, id));
      }
      return id;
    }

    @Override
    public void close() {
      step.close();
    }
  }

  /** Has the tokens picked where the logits are. */
  record OnDevice(DecodeStep<int[]> step) implements Choice {
    @Override
    public int[] next(int[] ids, int[] lengths, List<Draft> rows) {
      return step.next(ids, lengths);
    }

    @Override
    public void close() {
      step.close();
    }
  }
}

package dev.galen.model.generate;

import dev.galen.model.CausalLm;
import dev.galen.model.nn.KvCache;
import dev.galen.tensor.Autograd;
import dev.galen.tensor.random.Philox;
import java.util.Arrays;
import java.util.Set;
import java.util.function.IntConsumer;

/**
 * Continues texts with a language model: the prompt in one forward pass, then a token each through
 * the {@link KvCache}, by a {@link DecodeStep}. Nothing is recorded for gradients, dropout is off
 * and the model is left in the mode it was in. Memory stays flat: what a token needs is freed
 * before the next one.
 *
 * <p>As thread-safe as its model, which is not.
 */
public final class Generator {
  /** Each beam has a cache of its own; far more than any search was ever run with. */
  private static final int MOST_BEAMS = 1 << 16;

  private final CausalLm model;

  /** A generator of {@code model}'s texts. */
  public Generator(CausalLm model) {
    this.model = model;
  }

  /** {@link #generate(int[], GenerationConfig, IntConsumer)} without looking on. */
  public int[] generate(int[] promptIds, GenerationConfig config) {
    return generate(promptIds, config, id -> {});
  }

  /**
   * Continues {@code promptIds} until the text ends, {@code maxNewTokens} are added, or prompt and
   * continuation fill the model's context, whichever comes first: a prompt as long as the context
   * comes back as it is.
   *
   * @param promptIds at least one token
   * @param onToken gets each new token once it is certain: one by one, or with beam search the
   *     whole best continuation at the end; may throw to stop
   * @return prompt and continuation; an end-of-text token that ended it is the last
   * @throws IllegalArgumentException if the prompt is empty, longer than the context, or has an id
   *     that the model does not know
   */
  public int[] generate(int[] promptIds, GenerationConfig config, IntConsumer onToken) {
    requirePrompt(promptIds);
    requireBeams(config.beams());
    Set<Integer> ends = endOfTextIds(config);
    int limit = limit(promptIds.length, config);
    if (promptIds.length == limit) {
      return promptIds.clone();
    }
    try (var eval = new EvalMode(model);
        var off = Autograd.noGrad()) {
      return config.beams() > 1
          ? new BeamSearch(model, config, new TokenRule.Text(promptIds, limit, ends)).run(onToken)
          : oneByOne(promptIds, config, ends, limit, onToken);
    }
  }

  private int[] oneByOne(
      int[] promptIds, GenerationConfig config, Set<Integer> ends, int limit, IntConsumer onToken) {
    int[] ids = Arrays.copyOf(promptIds, limit);
    int length = promptIds.length;
    try (KvCache cache = model.newCache(1, limit);
        Choice choice = choice(config, cache, new TokenRule.Text(promptIds, limit, ends))) {
      while (length < limit) {
        int id = choice.next(Arrays.copyOfRange(ids, cache.length(), length), ids, length);
        ids[length++] = id;
        onToken.accept(id);
        if (ends.contains(id)) {
          break;
        }
      }
    }
    return Arrays.copyOf(ids, length);
  }

  /** How the next token of a text is found. */
  private interface Choice extends AutoCloseable {
    /**
     * The token after {@code ids[0 .. length-1]}.
     *
     * @param unseen those of them that the cache lacks
     */
    int next(int[] unseen, int[] ids, int length);

    @Override
    void close();
  }

  private int limit(int promptLength, GenerationConfig config) {
    long most = Math.min(config.maxLength(), (long) promptLength + config.maxNewTokens());
    if (promptLength >= config.maxLength()) {
      throw new IllegalArgumentException(
          "the prompt has %d tokens, max_length allows %d in all; ask for new tokens by their number"
              .formatted(promptLength, config.maxLength()));
    }
    return (int) Math.min(model.contextLength(), most);
  }

  private Choice choice(GenerationConfig config, KvCache cache, TokenRule.Text text) {
    if (!config.isPlain()) {
      return new HostChoice(config, text, DecodeStep.logits(model, cache));
    }
    return new DeviceChoice(
        config.sample()
            ? DecodeStep.sampling(model, cache, config)
            : DecodeStep.greedy(model, cache));
  }

  /** Picks from logits that come to the host, because what they become depends on the text. */
  private static final class HostChoice implements Choice {
    private final LogitsProcessor processor;
    private final Sampler sampler;
    private final DecodeStep<float[]> step;

    HostChoice(GenerationConfig config, TokenRule.Text text, DecodeStep<float[]> step) {
      processor = config.processor(text);
      sampler = config.sample() ? Sampler.from(new Philox(config.seed())) : Sampler.greedy();
      this.step = step;
    }

    @Override
    public int next(int[] unseen, int[] ids, int length) {
      return sampler.pick(processor.apply(step.next(unseen), Arrays.copyOf(ids, length)));
    }

    @Override
    public void close() {
      step.close();
    }
  }

  /** Has the token picked where the logits are. */
  private record DeviceChoice(DecodeStep<int[]> step) implements Choice {
    @Override
    public int next(int[] unseen, int[] ids, int length) {
      return step.next(unseen)[0];
    }

    @Override
    public void close() {
      step.close();
    }
  }

  private void requirePrompt(int[] promptIds) {
    if (promptIds.length == 0) {
      throw new IllegalArgumentException(
          "the prompt is empty; generation needs at least one token");
    }
    if (promptIds.length > model.contextLength()) {
      throw new IllegalArgumentException(
          "the prompt has %d tokens, the model's context holds %d; shorten the prompt"
              .formatted(promptIds.length, model.contextLength()));
    }
    for (int i = 0; i < promptIds.length; i++) {
      if (promptIds[i] < 0 || promptIds[i] >= model.vocabularySize()) {
        throw new IllegalArgumentException(
            "token %d of the prompt has id %d, the model knows 0 to %d"
                .formatted(i, promptIds[i], model.vocabularySize() - 1));
      }
    }
  }

  private static void requireBeams(int beams) {
    if (beams > MOST_BEAMS) {
      throw new IllegalArgumentException(
          "num_beams is %,d, must be at most %,d".formatted(beams, MOST_BEAMS));
    }
  }

  private Set<Integer> endOfTextIds(GenerationConfig config) {
    Set<Integer> ends = config.endOfTextIds().orElse(model.endOfTextIds());
    for (int end : config.endOfTextIds().orElse(Set.of())) {
      if (end >= model.vocabularySize()) {
        throw new IllegalArgumentException(
            "an end-of-text id is %d, the model knows 0 to %d"
                .formatted(end, model.vocabularySize() - 1));
      }
    }
    return ends;
  }
}

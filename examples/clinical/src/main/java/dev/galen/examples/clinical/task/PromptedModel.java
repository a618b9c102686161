package dev.galen.examples.clinical.task;

import dev.galen.model.CausalLm;
import dev.galen.model.generate.GenerationConfig;
import dev.galen.model.generate.Generator;
import dev.galen.model.pretrained.Pretrained;
import dev.galen.tensor.Device;
import dev.galen.tokenizer.SpecialTokens;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.Evaluator;
import dev.galen.train.data.TokenSequence;
import dev.galen.train.metrics.Perplexity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A trained language model that continues prompts, and says how likely a continuation is. A prompt
 * that is too long loses its front.
 */
final class PromptedModel {
  /**
   * How likely a continuation is.
   *
   * @param sum ln p of all its tokens together, in nats
   * @param tokens how many these are
   */
  record Likelihood(double sum, int tokens) {
    /** ln p of a token in the mean. */
    double mean() {
      return sum / tokens;
    }
  }

  private final CausalLm model;
  private final Tokenizer tokenizer;
  private final int length;

  private PromptedModel(CausalLm model, Tokenizer tokenizer, int length) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.length = length;
  }

  /**
   * Loads one.
   *
   * @param most tokens of prompt and continuation together; the model's context where that is less
   */
  static PromptedModel load(Path folder, int most, Device device) throws IOException {
    Pretrained<CausalLm> loaded = Pretrained.load(folder, device);
    loaded.model().eval();
    return new PromptedModel(
        loaded.model(), loaded.requireTokenizer(), Math.min(most, loaded.model().contextLength()));
  }

  /**
   * Tokens that nineteen of twenty texts have room in, at most half of the model's context.
   *
   * @param texts at least one
   */
  int room(List<String> texts) {
    int[] lengths =
        texts.stream()
            .mapToInt(text -> tokenizer.encode(text, SpecialTokens.TEXT).length)
            .sorted()
            .toArray();
    return Math.clamp(lengths[(int) (0.95 * (lengths.length - 1))], 1, length / 2);
  }

  /**
   * What the model says behind a prompt, the likeliest token each time.
   *
   * @param tokens of it at most, less than the model's context
   */
  String complete(String prompt, int tokens) {
    int[] ids = kept(prompt, Math.min(tokens, length / 2));
    int[] all = new Generator(model).generate(ids, GenerationConfig.greedy(tokens));
    int end = tokenizer.endOfTextId().orElse(-1);
    int known = tokenizer.vocabularySize(); // an embedding may have rows to spare
    int[] said =
        Arrays.stream(all)
            .skip(ids.length)
            .filter(id -> id != end && id < known && !model.endOfTextIds().contains(id))
            .toArray();
    return tokenizer.decode(said).strip();
  }

  /**
   * How likely the continuation is behind the prompt.
   *
   * @throws IllegalArgumentException if it has no token
   */
  Likelihood likelihood(String prompt, String continuation) {
    int[] said = tokenizer.encode(continuation, SpecialTokens.TEXT);
    if (said.length == 0) {
      throw new IllegalArgumentException("a continuation has no tokens");
    }
    said = Arrays.copyOf(said, Math.min(said.length, length - 1));
    int[] shown = kept(prompt, said.length);
    int[] ids = Arrays.copyOf(shown, shown.length + said.length);
    System.arraycopy(said, 0, ids, shown.length, said.length);
    int[] labels = ids.clone();
    Arrays.fill(labels, 0, shown.length, TokenSequence.IGNORE_INDEX);
    Perplexity measured = Evaluator.evaluate(model, List.of(new TokenSequence(ids, labels)), 1, 0);
    return new Likelihood(-measured.loss() * measured.tokens(), said.length);
  }

  /** The end of a prompt that leaves so many tokens free, at least one token. */
  private int[] kept(String prompt, int free) {
    int[] before = tokenizer.idsBefore();
    int[] ids = tokenizer.encode(prompt, SpecialTokens.TEXT);
    int room = Math.max(1, length - free - before.length);
    int from = Math.max(0, ids.length - room);
    int[] kept = Arrays.copyOf(before, before.length + ids.length - from);
    System.arraycopy(ids, from, kept, before.length, ids.length - from);
    return kept;
  }
}

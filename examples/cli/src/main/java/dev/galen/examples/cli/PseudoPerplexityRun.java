package dev.galen.examples.cli;

import dev.galen.model.MaskedLm;
import dev.galen.tokenizer.Tokenizer;
import dev.galen.train.PseudoPerplexity;
import dev.galen.train.data.Example;
import dev.galen.train.data.Examples;
import dev.galen.train.data.TextExample;
import dev.galen.train.data.TokenExample;
import dev.galen.train.metrics.Perplexity;
import java.io.IOException;

/** {@code galen evaluate --pseudo-perplexity}: texts as a masked language model guesses them. */
final class PseudoPerplexityRun {
  private PseudoPerplexityRun() {}

  /** Of all tokens of all texts, each text on its own. */
  static Perplexity of(ModelOptions options, Examples examples, int batch) throws IOException {
    var loaded = options.load(MaskedLm.class);
    Tokenizer tokenizer =
        options
            .tokenizer(loaded)
            .orElseThrow(
                () ->
                    new IOException(
                        options.name()
                            + ": has no tokenizer, which knows the mask token; give one with"
                            + " --tokenizer DIR"));
    var all = new Perplexity.Accumulator();
    examples.forEach(
        example -> {
          Perplexity text = of(loaded.model(), tokenizer, example, batch);
          all.addMean(text.loss(), text.tokens());
        });
    return all.result();
  }

  private static Perplexity of(MaskedLm model, Tokenizer tokenizer, Example example, int batch) {
    try {
      return switch (example) {
        case TextExample text -> PseudoPerplexity.of(model, tokenizer, text.text(), batch);
        case TokenExample ids -> PseudoPerplexity.of(model, tokenizer, ids.inputIds(), batch);
        default ->
            throw new IllegalArgumentException(
                "is a %s; expected text or input_ids"
                    .formatted(example.getClass().getSimpleName()));
      };
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(example.origin() + ": " + e.getMessage(), e);
    }
  }
}

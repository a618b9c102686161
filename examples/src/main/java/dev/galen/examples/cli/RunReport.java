package dev.galen.examples.cli;

import dev.galen.tensor.backend.Backend;
import dev.galen.train.AnswerScores;
import dev.galen.train.TrainingConfig;
import dev.galen.train.metrics.Perplexity;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What a reader needs to trust a run, and to repeat it.
 *
 * @param command how to repeat it
 * @param model where the model came from
 * @param parameters their number
 * @param data where the data came from
 * @param sequences training sequences
 * @param shortened of those, how many had to be cut to the length
 * @param length the longest sequence
 * @param dropout of the residual stream
 * @param config hyperparameters
 * @param before validation before training, or null without validation data
 * @param after the same afterwards
 * @param scores of generated answers, or null without questions
 * @param samples prompts with their continuations
 * @param tokensPerSecond mean training speed
 * @param time of the whole run
 * @param backend what computed
 */
record RunReport(
    String command,
    String model,
    long parameters,
    String data,
    int sequences,
    long shortened,
    int length,
    double dropout,
    TrainingConfig config,
    Perplexity before,
    Perplexity after,
    AnswerScores scores,
    List<Sample> samples,
    double tokensPerSecond,
    Duration time,
    Backend backend) {
  /**
   * A prompt and what the model made of it.
   *
   * @param prompt given
   * @param continuation generated greedily
   */
  record Sample(String prompt, String continuation) {}

  String markdown() {
    var text = new StringBuilder("# Training report\n\n");
    text.append("Repeat it with\n\n```\n").append(command).append("\n```\n\n");
    text.append("| what | value |\n|---|---|\n");
    row(text, "model", model);
    row(text, "parameters", String.format(Locale.ROOT, "%,d", parameters));
    row(text, "data", data);
    row(
        text,
        "sequences",
        "%d of at most %d tokens, %d of them shortened".formatted(sequences, length, shortened));
    row(text, "seed", config.seed() + (config.shuffle() ? "" : ", order kept"));
    row(text, "updates", config.steps() > 0 ? config.steps() + "" : config.epochs() + " epochs");
    row(
        text,
        "batch",
        "%d sequences x %d accumulated".formatted(config.batchSize(), config.accumulate()));
    row(
        text,
        "learning rate",
        "%s, %s, warm-up %d"
            .formatted(
                config.learningRate(),
                config.schedule().name().toLowerCase(Locale.ROOT),
                config.warmup()));
    row(
        text,
        "AdamW",
        "betas 0.9, 0.999; epsilon 1e-8; decay %s on matrices; clip %s"
            .formatted(config.weightDecay(), config.clip()));
    row(text, "precision", config.precision() + "");
    row(text, "dropout", dropout + "");
    if (after != null) {
      row(text, "validation before", figures(before));
      row(text, "validation after", figures(after));
    }
    if (scores != null) {
      row(text, "answers", Figures.of(scores));
    }
    row(text, "training speed", String.format(Locale.ROOT, "%,.0f tokens/s", tokensPerSecond));
    row(text, "time", Figures.time(time.toMillis() / 1e3));
    row(
        text,
        "machine",
        "JDK %s, backend %s, %d processors, %s"
            .formatted(
                Runtime.version(),
                backend.name(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.arch")));
    text.append("\n![loss](loss.svg)\n");
    for (Sample sample : samples) {
      text.append("\n## Prompt\n\n```\n").append(sample.prompt()).append("\n```\n\n");
      text.append("continues\n\n```\n").append(sample.continuation().strip()).append("\n```\n");
    }
    return text.toString();
  }

  private static String figures(Perplexity perplexity) {
    return String.format(
        Locale.ROOT,
        "loss %.4f, perplexity %.3f over %,d tokens",
        perplexity.loss(),
        perplexity.perplexity(),
        perplexity.tokens());
  }

  private static void row(StringBuilder text, String what, String value) {
    text.append("| ").append(what).append(" | ").append(value.replace("|", "\\|")).append(" |\n");
  }
}
